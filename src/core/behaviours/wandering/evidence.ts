import type { AreaZone, EntranceZone } from '../../floor/zones.ts';
import { type PlanePoint, segmentsCross, signedDistance } from '../../geometry/polygon.ts';
import type { Metres, Seconds } from '../../units.ts';
import { type HeadLook, speedOf, type Visit } from '../../visits/visit.ts';
import type { PathInWords } from './path.ts';

/** What their own path and clocks say of somebody in the open hall. */
export interface OwnEvidence {
  /** Time in the hall since they came, or since their last errand. */
  readonly forSeconds: Seconds;
  /** Time since they first stopped: the way in is not looking about. */
  readonly aboutSeconds: Seconds;
  readonly path: PathInWords;
  readonly isInZone: boolean;
  readonly isWithStaff: boolean;
  /** Has stood in one place for long, and not moved since. */
  readonly isSettled: boolean;
}

/** What was seen of somebody in the open hall, in figures. */
export interface Evidence extends OwnEvidence {
  /** Zones they went up to and left again without having used them, in order of first coming there. */
  readonly cameUpTo: readonly string[];
  /** Looks to another side; 0 where nobody looked at their head. */
  readonly looks: number;
  /** Somebody they came in with has an errand, waits for them, or has been told of. */
  readonly isWithCompanion: boolean;
  readonly isLeaving: boolean;
}

/** Why somebody in the hall is not told of; the first that holds. */
export const whyNots = [
  'too-short',
  'in-zone',
  'with-staff',
  'leaving',
  'with-companion',
  'settled',
  'pacing',
  'knows-the-way',
] as const;
export type WhyNot = (typeof whyNots)[number];

/** So much of the time in the hall may be the way from the door to the first stop. */
const wayInSeconds: Seconds = 4;
/** Who has stood this long in one place reads, waits or telephones there; they don't look for anything. */
export const settledSeconds: Seconds = 8;
/** Who was at one place for this part of the time waits there, though they take a step now and then. */
const settledShare = 0.6;
/** Who keeps this near the middle of where they have been walks up and down, on the phone or to pass the time. */
const pacingMetres: Metres = 0.8;

/**
 * What counts, how much, and how much at most. Stops at different places are what being lost is made of: who
 * knows the way makes one or two. The rest supports them, and is not enough without.
 */
const most = { pauses: 4, retreats: 2, looks: 4, support: 0.5 } as const;
/** Going up to a place and away again, beyond the stop it was. */
const retreatWorth = 0.5;
/** Half of what a head seems to do is the detector's, so looks never tip the scale alone. */
const lookWorth = 0.125;
const turnWorth = 0.25;
/** A way this many times longer than it needs to be is a detour, and twice that is walking about. */
const detour = 1.5;
const detourMetres: Metres = 3;
/** Three stops and a turn between them; or two stops with a retreat from each, and a turn. */
export const enough = 3.25;

/** How much speaks for being lost: 0 to 6, `enough` being enough. */
export function scoreOf({ path, cameUpTo, looks }: Evidence): number {
  const ratio = path.metres / Math.max(0.5, path.apartMetres);
  const about = path.metres < detourMetres || ratio < detour ? 0 : ratio < 2 * detour ? 0.25 : 0.5;
  return (
    Math.min(most.pauses, path.pauses) +
    retreatWorth * Math.min(most.retreats, cameUpTo.length) +
    lookWorth * Math.min(most.looks, looks) +
    Math.min(most.support, turnWorth * path.turns + about)
  );
}

/**
 * Why somebody is not told of whatever else is seen of them, or nothing if that may be asked.
 *
 * @param afterSeconds the branch's threshold
 */
export function whyNotYet(evidence: OwnEvidence, afterSeconds: Seconds): WhyNot | undefined {
  if (evidence.isSettled) return 'settled';
  if (evidence.forSeconds < afterSeconds || evidence.aboutSeconds < afterSeconds - wayInSeconds)
    return 'too-short';
  if (evidence.isInZone) return 'in-zone';
  return evidence.isWithStaff ? 'with-staff' : undefined;
}

/**
 * Why somebody is not told of, or nothing if they are lost.
 *
 * @param afterSeconds the branch's threshold
 */
export function whyNot(evidence: Evidence, afterSeconds: Seconds): WhyNot | undefined {
  const notYet = whyNotYet(evidence, afterSeconds);
  if (notYet !== undefined) return notYet;
  const { path } = evidence;
  if (evidence.isLeaving) return 'leaving';
  if (evidence.isWithCompanion) return 'with-companion';
  if (path.standsFor >= settledSeconds || path.longestAtOnePlace >= settledShare * path.seconds)
    return 'settled';
  if (
    evidence.cameUpTo.length === 0 &&
    (path.spreadMetres < pacingMetres || (path.returns >= Math.max(2, path.pauses) && path.pauses <= 3))
  )
    return 'pacing';
  return scoreOf(evidence) < enough ? 'knows-the-way' : undefined;
}

/** Who comes nearer to where one is served than this has come up to it: an arm's length and a step. */
const upToMetres: Metres = 0.6;
/** Who has gone back by this much has left. */
const retreatMetres: Metres = 0.8;

/** Zones somebody stopped at and went away from. */
export function retreats(visit: Visit, path: PathInWords, places: readonly AreaZone[]): readonly string[] {
  return places
    .flatMap((zone) => {
      const metres = (point: PlanePoint) => signedDistance(zone.polygon, point) / visit.unit;
      const stop = path.stops.find((one) => {
        const apart = metres(one);
        return (
          apart < upToMetres &&
          visit.path.some((point) => point.at > one.until && metres(point) >= apart + retreatMetres)
        );
      });
      return stop === undefined ? [] : [{ zone: zone.id, at: stop.from }];
    })
    .sort((a, b) => a.at - b.at)
    .map(({ zone }) => zone);
}

const leavingMetresPerSecond = 0.5;
/** Who is further from the door than they go in this time may still turn to something else. */
const leavingWithin: Seconds = 4;

/** On the way to a door, and near enough that it is plain. */
export function isLeaving(visit: Visit, doors: readonly EntranceZone[]): boolean {
  if (speedOf(visit) < leavingMetresPerSecond) return false;
  const soon = {
    x: visit.at.x + visit.velocity.x * leavingWithin,
    y: visit.at.y + visit.velocity.y * leavingWithin,
  };
  return doors.some(({ door }) => segmentsCross(visit.at, soon, door.from, door.to));
}

/** Less sure, a head is not looked at. */
const headScore = 0.3;
/** A head that has turned by this much has looked to another side: twice what a figure is usually off by. */
const lookRadians = 0.9;

/**
 * How often somebody has looked to another side: the turning points of their head, of the middle one of each
 * three figures, within one camera (two give one head two figures). The most any camera saw.
 */
export function looksAbout(heads: readonly HeadLook[], since: Seconds): number {
  const seen = heads.filter((one) => one.at >= since && one.score >= headScore);
  const cameras = [...new Set(seen.map(({ camera }) => camera))];
  return Math.max(0, ...cameras.map((camera) => swings(seen.filter((one) => one.camera === camera))));
}

/** Turning points of the middle of each three figures; a turn of less than `lookRadians` is noise. */
function swings(heads: readonly HeadLook[]): number {
  const yaws = middles(unrolled(heads.map(({ yaw }) => yaw)));
  let [lowest, highest] = [yaws[0] ?? 0, yaws[0] ?? 0];
  let way: 'left' | 'right' | undefined;
  let count = 0;
  for (const yaw of yaws) {
    lowest = Math.min(lowest, yaw);
    highest = Math.max(highest, yaw);
    if (way !== 'right' && yaw - lowest >= lookRadians) {
      way = 'right';
      count += 1;
      highest = yaw;
    } else if (way !== 'left' && highest - yaw >= lookRadians) {
      way = 'left';
      count += 1;
      lowest = yaw;
    }
  }
  return count;
}

/** The same angles without the leap from π to -π. */
function unrolled(angles: readonly number[]): readonly number[] {
  let last = angles[0] ?? 0;
  return angles.map((angle) => {
    last += Math.atan2(Math.sin(angle - last), Math.cos(angle - last));
    return last;
  });
}

const middles = (all: readonly number[]): readonly number[] =>
  all.slice(2).map((_, i) => all.slice(i, i + 3).sort((a, b) => a - b)[1]!);
