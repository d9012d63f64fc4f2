import type { EntranceZone, PlaneName } from '../floor/zones.ts';
import { placeAtDoor } from '../geometry/entrance.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import type { Metres, Seconds } from '../units.ts';
import { metresFrom, speedOf, type Visit } from './visit.ts';

/** Whom somebody walked beside when they were lost from sight, and where that says they are now. */
export interface Beside {
  readonly visit: string;
  /** The step from the other to them, in plane units. */
  readonly step: PlanePoint;
  /** Where they are taken to be. */
  readonly at: PlanePoint;
}

/** One camera's look, as far as it matters to those it did not see. */
export interface Look {
  readonly camera: string;
  readonly plane: PlaneName;
  /** False when there was no frame: then nobody's absence means anything. */
  readonly looked: boolean;
}

/** People who walk together are at most this far apart, … */
const besideMetres: Metres = 1.3;
/** … both walk, … */
const walkingMetresPerSecond = 0.35;
/** … and go the same way: their velocities differ by no more than this, m/s. */
const sameWayMetresPerSecond = 0.6;
/** It is asked of the last steps before somebody was lost. Longer: a chance neighbour is taken for company. */
const lostForSeconds: Seconds = 0.7;

/**
 * Takes somebody who vanished beside another to walk on with them: of two who walk close together a
 * detector often sees one.
 *
 *     v1  ●──●──●──●──●──●      seen
 *     v2  ○──○──○┄┄·┄┄·┄┄·      one step beside v1, wherever v1 goes
 *
 * Where the place they were lost at would be metres behind by the time they are seen again, this one is not.
 *
 * @param visits after this look's sightings are on them
 * @returns the same visits in the same order, those in company with `beside`, those seen without
 */
export function walkBeside(visits: readonly Visit[], at: Seconds, look: Look): readonly Visit[] {
  if (visits.every((one) => one.seenAt === at && one.beside === undefined)) return visits;
  const walking = visits.filter(
    (one) => one.seenAt === at && one.plane === look.plane && speedOf(one) >= walkingMetresPerSecond,
  );
  const seen = new Map(visits.filter((one) => one.seenAt === at).map((one) => [one.id, one]));
  return visits.map((visit) => {
    if (visit.seenAt === at) return withoutBeside(visit);
    if (!look.looked || visit.seenBy !== look.camera || visit.phase === 'left') return visit;
    const { beside } = visit;
    if (beside !== undefined) {
      const other = seen.get(beside.visit);
      return other === undefined
        ? visit
        : { ...visit, beside: { ...beside, at: sum(other.at, beside.step) } };
    }
    const gap = at - visit.seenAt;
    if (gap > lostForSeconds || speedOf(visit) < walkingMetresPerSecond) return visit;
    const here = { x: visit.at.x + visit.velocity.x * gap, y: visit.at.y + visit.velocity.y * gap };
    const other = nearest(walking, here, visit);
    if (other === undefined) return visit;
    const step = { x: here.x - other.at.x, y: here.y - other.at.y };
    return { ...visit, beside: { visit: other.id, step, at: here } };
  });
}

function nearest(walking: readonly Visit[], here: PlanePoint, visit: Visit): Visit | undefined {
  let best: Visit | undefined;
  let least = besideMetres;
  for (const one of walking) {
    const apart = Math.hypot(one.velocity.x - visit.velocity.x, one.velocity.y - visit.velocity.y);
    const metres = metresFrom(one, here);
    if (one.id === visit.id || apart > sameWayMetresPerSecond * visit.unit || metres >= least) continue;
    least = metres;
    best = one;
  }
  return best;
}

export function withoutBeside(visit: Visit): Visit {
  return visit.beside === undefined ? visit : { ...visit, beside: undefined };
}

const sum = (a: PlanePoint, b: PlanePoint): PlanePoint => ({ x: a.x + b.x, y: a.y + b.y });

/** Somebody who went out by a door without being seen to. */
export interface UnseenLeave {
  readonly visit: Visit;
  readonly door: string;
}

/** Whoever walked out beside another is not deeper inside than this when the other is out. */
const trailMetres: Metres = 1.5;

/**
 * Finds those who left in the company of somebody who was seen to leave.
 *
 * @param left whom this look saw leave, with the door
 * @param wasInside whether somebody was ever inside a door
 */
export function leaveBeside(
  visits: readonly Visit[],
  at: Seconds,
  left: readonly { readonly visit: string; readonly zone: string }[],
  doors: readonly EntranceZone[],
  wasInside: (visit: Visit, door: EntranceZone) => boolean,
): readonly UnseenLeave[] {
  if (left.length === 0) return [];
  return visits.flatMap((visit) => {
    const { beside } = visit;
    if (beside === undefined || visit.phase !== 'inside' || visit.seenAt === at) return [];
    const other = left.find((one) => one.visit === beside.visit);
    const door = other && doors.find((one) => one.id === other.zone);
    if (door === undefined || !wasInside(visit, door)) return [];
    if (placeAtDoor(door.door, beside.at).depth > trailMetres * visit.unit) return [];
    return [
      {
        visit: { ...withoutBeside(visit), phase: 'left', leftAt: at, door: door.id, at: beside.at },
        door: door.id,
      },
    ];
  });
}

/** Who comes out of a door is first seen no farther outside than this, … */
const firstSeenOutsideMetres: Metres = 1.5;
const besidePostMetres: Metres = 1;
/** … and walks away from it by this much, …  */
const walksOutMetres: Metres = 0.25;
const outForSeconds = { atLeast: 0.3, atMost: 3 } as const;
/** … no longer than this after they were lost inside, no deeper than this. */
const hiddenForSeconds: Seconds = 4;
const lostInsideMetres: Metres = 2.5;
/** How far they may have gone meanwhile: a step, and a brisk walk. */
const strideMetres: Metres = 0.8;
const briskMetresPerSecond = 1.6;

/**
 * Knows again, outside a door, who was lost from sight inside it: nobody is first seen outside a door, walking
 * away from it, who did not come out of it.
 *
 *     inside   ●──●──●┄┄┄┄┐ lost
 *     ═════════════ door ═┆═══════
 *     outside             └┄●──●──▶   first seen here, walking away
 *
 * Whoever was not lost near the door lately was in the street: nothing is made of them.
 *
 * @returns pairs of a lost visit and the one that shows them now, each in one pair at most
 */
export function comeOut(
  visits: readonly Visit[],
  at: Seconds,
  plane: PlaneName,
  doors: readonly EntranceZone[],
  wasInside: (visit: Visit, door: EntranceZone) => boolean,
): readonly { readonly lost: Visit; readonly out: Visit; readonly door: EntranceZone }[] {
  const pairs: { lost: Visit; out: Visit; door: EntranceZone }[] = [];
  for (const out of visits) {
    if (out.phase !== 'outside' || out.arrivedAt !== undefined || out.seenAt !== at || out.plane !== plane)
      continue;
    const door = doors.find((one) => one.id === out.door);
    const seenFor = at - out.bornAt;
    if (door === undefined || seenFor < outForSeconds.atLeast || seenFor > outForSeconds.atMost) continue;
    const first = placeAtDoor(door.door, out.bornWhere);
    if (first.depth < -firstSeenOutsideMetres * out.unit || first.beside > besidePostMetres * out.unit)
      continue;
    if (first.depth - placeAtDoor(door.door, out.at).depth < walksOutMetres * out.unit) continue;
    let lost: Visit | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const one of visits) {
      const gap = out.bornAt - one.seenAt;
      if (one.phase !== 'inside' || one.plane !== plane || gap <= 0 || gap > hiddenForSeconds) continue;
      if (pairs.some((pair) => pair.lost.id === one.id) || !wasInside(one, door)) continue;
      if (placeAtDoor(door.door, one.at).depth > lostInsideMetres * one.unit) continue;
      const metres = metresFrom(one, out.bornWhere);
      const cost = metres + 0.3 * gap;
      if (metres > strideMetres + briskMetresPerSecond * gap || cost >= least) continue;
      least = cost;
      lost = one;
    }
    if (lost !== undefined) pairs.push({ lost, out, door });
  }
  return pairs;
}
