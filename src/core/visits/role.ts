import type { AreaZone, EntranceZone, Zone } from '../floor/zones.ts';
import { inwardSpeed, placeAtDoor } from '../geometry/entrance.ts';
import { contains, type PlanePoint, signedDistance } from '../geometry/polygon.ts';
import type { Metres, Seconds } from '../units.ts';
import { isSeen, metresFrom, type Role, speedOf, type Visit } from './visit.ts';

/**
 * What speaks for staff (positive) and for a customer (negative), as log-odds: 1 is 2.7 to 1, 3 is 20 to 1.
 * Plain numbers about where somebody was and how they moved; at most one of these a visit.
 *
 * What is not known is `undefined` and not left out, so that all are of one shape: copies of objects of many shapes
 * take the slow way.
 */
export interface RoleBelief {
  /** When it was last brought up to date. */
  readonly at: Seconds;
  /** Where they came from, and what they did that stays true. -3 to 3. */
  readonly origin: number;
  /** What they did lately: it fades. -3 to 5. */
  readonly lately: number;
  /** Where and when they last came into sight: at first, or somewhere else after they were lost. */
  readonly appearedAt: Seconds;
  readonly appearedWhere: PlanePoint;
  /** The arrival that has been counted. */
  readonly cameInAt?: Seconds | undefined;
  /** Their first steps have been judged. */
  readonly hasStepped?: true | undefined;
  /** Since when they have stood; where they stood before that walk, and since when they have been there. */
  readonly restSince?: Seconds | undefined;
  readonly restedWhere?: PlanePoint | undefined;
  readonly restedSince?: Seconds | undefined;
  /** Whom they walked up to, the last `mostApproached` of them. */
  readonly approached?: readonly string[] | undefined;
  /** Whom they may have been taken for when the two were too close to be told apart. */
  readonly tie?: { readonly visit: string; readonly at: Seconds } | undefined;
  /** When they were last seen as they went out of sight in a staff zone: counted once. */
  readonly wentBehindAt?: Seconds | undefined;
  /** A watch on duty said it was where they are: until then. */
  readonly beaconUntil?: Seconds | undefined;
}

/** Past this, somebody is taken for staff or for a customer: 2.7 to 1. */
const sure = 1;
const mostOrigin = 3;
const [leastLately, mostLately] = [-3, 5];
/** What was done lately counts half after a minute: a customer who strayed behind the counter heals, and so does staff who stood in a line. */
const fadeSeconds = 90;

/** First seen in a staff zone, or just beside it: nobody comes through a wall. */
const besideStaffMetres = 0.3;
/** By the customers' entrance come customers, and in the morning staff: 7 to 1. */
const byEntrance = -2;
/** Standing where only staff do, a second; walking through it counts less: people cut corners. */
const staffStanding = 1.8;
const staffWalking = 0.8;
/** Being there also stays true: whoever works behind the counter for half a minute is staff when they come out. */
const staffStays = 0.15;
/** A place in a line or at a machine, a second: staff stand there too, beside those they help. */
const queueStanding = -0.12;
const mostQueue = -1.5;
/**
 * Staff don't queue: who stands at one place in a line waits, wherever they came from. Of staff it counts
 * from when they have been at that place for longer than a word takes, as who helps goes from one to
 * another: who stays at one place is held for staff for a minute and a half, and for a customer after two
 * and a half.
 */
const queueStays = -0.02;
const wordSeconds: Seconds = 20;
const serviceStanding = -0.06;
const mostService = -1;
/** Walking out by the customers' entrance, a second. */
const walkingOut = -2;
const mostWalkingOut = -2;
/** Walking up to somebody who stands: staff do it all day, customers to whom they know. Half of it stays true. */
const walkingUp = 1;
/** The same to somebody who has just come in. */
const walkingUpToNewcomer = 1.5;
const newcomerSeconds: Seconds = 20;
/** Who came in within this time of each other may be together: walking up to them says nothing. */
const togetherSeconds: Seconds = 8;
const mostApproached = 6;
/** Who still walks about after this long is hardly a customer; a second of walking. Who stands may be a poster. */
const longAfterSeconds: Seconds = 1500;
const longStaying = 0.02;
const beaconSays = 2.5;
/** A watch's word is about now. */
const beaconSeconds: Seconds = 60;
const beaconStays = 0.5;
/** A customer and staff closer than they can be told apart may have changed places, one time in six. */
const afterTie = 1.4;
const tieSeconds: Seconds = 20;
const crossingMetres: Metres = 0.7;
const hiddenMetres: Metres = 1;
const hiddenSeconds: Seconds = 3;

const standing = 0.45;
/** Standing this long is having stopped. */
const stopSeconds: Seconds = 1;
const approachFromMetres: Metres = 1.5;
const approachToMetres: Metres = 1.3;

/** The first steps say where somebody came from once they have gone this far, and not later than this. */
const firstStepsMetres: Metres = 0.7;
const firstStepsSeconds: Seconds = 3;
/** How far back along their first steps a staff zone may lie: detectors miss people for two seconds of walking. */
const cameFromMetres: Metres = 2.5;
/** Out of sight for so long in a staff zone they had walked into: they went through, which is where staff go. */
const behindSeconds: Seconds = 2;
const wentBehind = 2;
/** Lost for so long and found so far off: it may be another. */
const lostSeconds: Seconds = 1;
const lostMetres: Metres = 1;

/**
 * Believes who is staff, from where people come from, where they spend time and how they move.
 *
 * Belief is a sum of log-odds with bounds, half of which fades, so that nothing is believed for ever: a
 * customer who strays behind the counter, staff who come to work by the customers' door, two who changed
 * places in a crowd, all heal by what they do next.
 *
 *     staff     ──────────────╮ 1                ╭────
 *     unknown   ───────────── ╰ 0 ──── 0 ╮ ──────╯
 *     customer  ─────────────────────────╰ -1 ────────
 *
 * A role is said past ±1 (2.7 to 1) and unsaid when it is no longer the likelier one.
 *
 * @param before each visit's state at the last call, where it was there
 * @param at not earlier than in the previous call
 * @returns the visits in their order, with belief and role brought up to date
 */
export function believeRoles(
  visits: readonly Visit[],
  before: readonly Visit[],
  at: Seconds,
  zones: readonly Zone[],
): readonly Visit[] {
  const then = new Map(before.map((visit) => [visit.id, visit]));
  const telling = new Map<string, number>();
  const believed = visits.map((visit): Visit => {
    const was = then.get(visit.id);
    const belief = visit.belief ?? firstBelief(visit, visits, at, zones);
    if (visit.phase === 'left') return visit.belief === undefined ? { ...visit, belief } : visit;
    const [next, tells] = believe(visit, was, belief, visits, at, zones);
    if (tells !== 0) telling.set(visit.id, tells);
    return { ...visit, belief: next };
  });
  const shared = shareEvidence(believed, telling, at);
  return tieThoseTooClose(shared, at).map((visit) => {
    const role = roleOf(visit, at);
    return role === visit.role ? visit : { ...visit, role };
  });
}

/** Log-odds that somebody is staff; 0 before anything is known. */
export function staffLogOdds(visit: Visit, at: Seconds): number {
  const { belief } = visit;
  if (belief === undefined) return 0;
  const beacon = belief.beaconUntil !== undefined && at < belief.beaconUntil ? beaconSays : 0;
  return belief.origin + belief.lately + beacon;
}

/**
 * A watch on duty says which place it is at. If exactly one person is there, that is who wears it.
 *
 * @returns the visits, one of them believed to be staff for a minute more; all as they were where it is
 *          not plain who is meant
 */
export function hearBeacon(
  visits: readonly Visit[],
  place: string,
  at: Seconds,
  zones: readonly Zone[],
): readonly Visit[] {
  const zone = zones.find((one): one is AreaZone => one.id === place && one.kind !== 'entrance');
  if (zone === undefined) return visits;
  const there = visits.filter(
    (visit) =>
      visit.phase === 'inside' &&
      visit.plane === zone.plane &&
      isSeen(visit, at) &&
      contains(zone.polygon, visit.at),
  );
  const [wearer] = there;
  if (wearer?.belief === undefined || there.length > 1) return visits;
  const { origin } = wearer.belief;
  const belief: RoleBelief = {
    ...wearer.belief,
    // Once a minute is enough: a watch that repeats itself says nothing new.
    origin:
      wearer.belief.beaconUntil === undefined || at >= wearer.belief.beaconUntil
        ? Math.min(mostOrigin, origin + beaconStays)
        : origin,
    beaconUntil: at + beaconSeconds,
  };
  const told = { ...wearer, belief };
  return visits.map((visit) => (visit.id === wearer.id ? { ...told, role: roleOf(told, at) } : visit));
}

function roleOf(visit: Visit, at: Seconds): Role {
  const odds = staffLogOdds(visit, at);
  if (odds >= sure) return 'staff';
  if (odds <= -sure) return 'customer';
  const isStill = (visit.role === 'staff' && odds >= 0) || (visit.role === 'customer' && odds <= 0);
  return isStill ? visit.role : 'unknown';
}

function isArea(zone: Zone, kind: AreaZone['kind'], visit: Visit): zone is AreaZone {
  return zone.kind === kind && zone.plane === visit.plane;
}

/**
 * Who is first seen in the open hall may come from the staff door, may be staff or a customer who was lost
 * nearby, or was there before: the nearest of these is the likeliest.
 */
function firstBelief(
  visit: Visit,
  visits: readonly Visit[],
  at: Seconds,
  zones: readonly Zone[],
): RoleBelief {
  const none: RoleBelief = {
    at,
    origin: 0,
    lately: 0,
    appearedAt: at,
    appearedWhere: visit.at,
    cameInAt: undefined,
    hasStepped: undefined,
    restSince: undefined,
    restedWhere: undefined,
    restedSince: undefined,
    approached: undefined,
    tie: undefined,
    wentBehindAt: undefined,
    beaconUntil: undefined,
  };
  const metres = Math.min(
    ...zones.map((zone) =>
      isArea(zone, 'staff', visit) ? signedDistance(zone.polygon, visit.at) / visit.unit : Infinity,
    ),
  );
  if (metres < besideStaffMetres) return { ...none, origin: mostOrigin };
  if (visit.phase !== 'inside') return none;
  let [staff, customers] = [0.15 + 0.5 * Math.exp(-metres / 2.5), 0.3];
  for (const other of visits) {
    if (other.id === visit.id || other.plane !== visit.plane || at - other.seenAt < 0.3) continue;
    if (other.phase === 'left') continue;
    const weight = Math.exp(-(metresFrom(other, visit.at) ** 2) / 8);
    const odds = staffLogOdds(other, at);
    const share = 1 / (1 + Math.exp(-odds));
    staff += weight * share;
    customers += weight * (1 - share);
  }
  return { ...none, origin: clamp(Math.log(staff / customers), -0.7, 0.8) };
}

/** One visit's belief after a look, and how much of what was seen only one of the two does. */
function believe(
  visit: Visit,
  was: Visit | undefined,
  before: RoleBelief,
  visits: readonly Visit[],
  at: Seconds,
  zones: readonly Zone[],
): [RoleBelief, number] {
  const elapsed = at - before.at;
  const faded = { ...before, at, lately: before.lately * Math.exp(-elapsed / fadeSeconds) };
  if (visit.seenAt !== at) return [goBehind(visit, faded, at, zones), 0];
  let belief: RoleBelief = was === undefined ? faded : appear(visit, was, faded, at, zones);
  // A visit that was lost and found somewhere else begins again: what it did in between is not known.
  const dt = Math.min(1, was === undefined ? 0 : at - was.seenAt);
  let [origin, lately, tells] = [0, 0, 0];

  if (visit.arrivedAt !== undefined && visit.arrivedAt !== belief.cameInAt) {
    // Staff who step out and in again are staff: only who was not known for one came as a customer.
    if (belief.origin < sure) origin += byEntrance;
    belief = { ...belief, cameInAt: visit.arrivedAt };
  }
  const steps = firstSteps(visit, belief, at);
  if (steps !== undefined) {
    belief = { ...belief, hasStepped: true };
    if (visit.phase === 'inside' && steps !== 'none' && leadFromStaff(visit, belief, steps, zones))
      origin += 2;
  }

  const speed = speedOf(visit);
  const rests = speed < standing;
  for (const zone of zones) {
    if (zone.plane !== visit.plane) continue;
    if (zone.kind === 'entrance') {
      if (isWalkingOut(visit, zone)) {
        const added = upTo(mostWalkingOut - belief.lately - lately, walkingOut * dt);
        lately += added;
        tells += added;
      }
      continue;
    }
    if (zone.kind !== 'staff' && zone.kind !== 'queue' && zone.kind !== 'service') continue;
    if (visit.phase !== 'inside' || !contains(zone.polygon, visit.at)) continue;
    if (zone.kind === 'staff') {
      const added = upTo(mostLately - belief.lately - lately, (rests ? staffStanding : staffWalking) * dt);
      lately += added;
      tells += added;
      origin += staffStays * dt;
    } else if (rests && zone.kind === 'queue') {
      const isWaiting =
        visit.role !== 'staff' || at - (belief.restedSince ?? belief.appearedAt) >= wordSeconds;
      if (!isWaiting) continue;
      lately += upTo(mostQueue - belief.lately - lately, queueStanding * dt);
      if (belief.origin > byEntrance) origin += queueStays * dt;
    } else if (rests) lately += upTo(mostService - belief.lately - lately, serviceStanding * dt);
  }
  const since = visit.arrivedAt ?? visit.bornAt;
  if (!rests && at - since > longAfterSeconds) origin += longStaying * dt;

  const [moved, up] = walk(visit, belief, visits, at, zones);
  belief = moved;
  origin += up / 2;
  lately += upTo(mostLately - belief.lately - lately, up / 2);
  return [
    {
      ...belief,
      origin: clamp(belief.origin + origin, -mostOrigin, mostOrigin),
      lately: clamp(belief.lately + lately, leastLately, mostLately),
    },
    tells,
  ];
}

/** Whoever walks into a staff zone from the hall and is seen no more has gone where only staff go. */
function goBehind(visit: Visit, belief: RoleBelief, at: Seconds, zones: readonly Zone[]): RoleBelief {
  if (visit.phase !== 'inside' || visit.unwatchedSeconds !== undefined) return belief;
  if (at - visit.seenAt < behindSeconds || belief.wentBehindAt === visit.seenAt) return belief;
  const behind = zones.filter((zone): zone is AreaZone => isArea(zone, 'staff', visit));
  const isBehind = (point: PlanePoint) => behind.some((zone) => contains(zone.polygon, point));
  if (!isBehind(visit.at) || visit.path.every(isBehind)) return belief;
  const origin = clamp(belief.origin + wentBehind, -mostOrigin, mostOrigin);
  return { ...belief, origin, wentBehindAt: visit.seenAt };
}

/** Whoever was lost and is found elsewhere may be another; where they are found is where they came from. */
function appear(
  visit: Visit,
  was: Visit,
  belief: RoleBelief,
  at: Seconds,
  zones: readonly Zone[],
): RoleBelief {
  const gap = at - was.seenAt;
  const metres = metresFrom(visit, was.at);
  if (gap < lostSeconds || metres < lostMetres) return belief;
  // The farther off, the less it is the same person: half of the belief is left at four metres.
  const keep = Math.exp(-(metres - lostMetres) / 4);
  const inStaff = zones.some(
    (zone) =>
      isArea(zone, 'staff', visit) && signedDistance(zone.polygon, visit.at) < besideStaffMetres * visit.unit,
  );
  return {
    ...belief,
    hasStepped: undefined,
    restSince: undefined,
    restedWhere: undefined,
    restedSince: undefined,
    origin: clamp(belief.origin * keep + (inStaff ? mostOrigin : 0), -mostOrigin, mostOrigin),
    lately: belief.lately * keep,
    appearedAt: at,
    appearedWhere: visit.at,
  };
}

/**
 * The direction of the first steps since somebody came into sight, of length 1.
 * @returns `none` if they took none in time, undefined while that is open or once it is known
 */
function firstSteps(visit: Visit, belief: RoleBelief, at: Seconds): PlanePoint | 'none' | undefined {
  if (belief.hasStepped) return undefined;
  if (at - belief.appearedAt > firstStepsSeconds) return 'none';
  const from = belief.appearedWhere;
  const [x, y] = [visit.at.x - from.x, visit.at.y - from.y];
  const gone = Math.hypot(x, y);
  return gone / visit.unit < firstStepsMetres ? undefined : { x: x / gone, y: y / gone };
}

/**
 * Whether somebody who was first seen in the open hall came from a staff zone: their first steps lead
 * straight away from it. Nobody comes through a wall, so what lies behind them is where they came from.
 *
 *     staff zone ▒▒▒▒ ◀┄┄┄┄┄ first seen ●────▶ after a few steps
 */
function leadFromStaff(visit: Visit, belief: RoleBelief, steps: PlanePoint, zones: readonly Zone[]): boolean {
  const { appearedWhere: from } = belief;
  const places = Array.from({ length: cameFromMetres / 0.25 + 1 }, (_, n): PlanePoint => {
    const back = n * 0.25 * visit.unit;
    return { x: from.x - steps.x * back, y: from.y - steps.y * back };
  });
  return zones.some(
    (zone) => isArea(zone, 'staff', visit) && places.some((place) => contains(zone.polygon, place)),
  );
}

function isWalkingOut(visit: Visit, zone: EntranceZone): boolean {
  const { depth, beside } = placeAtDoor(zone.door, visit.at);
  if (depth < 0 || depth > 2 * visit.unit || beside > 0.5 * visit.unit) return false;
  return inwardSpeed(zone.door, visit.velocity) < -0.5 * visit.unit;
}

/** Follows walks and stops; a walk that ends in front of somebody who stands is walking up to them. */
function walk(
  visit: Visit,
  belief: RoleBelief,
  visits: readonly Visit[],
  at: Seconds,
  zones: readonly Zone[],
): [RoleBelief, number] {
  if (speedOf(visit) >= standing) {
    if (belief.restSince === undefined) return [belief, 0];
    return [{ ...belief, restSince: undefined }, 0];
  }
  if (belief.restSince === undefined) return [{ ...belief, restSince: at }, 0];
  if (at - belief.restSince < stopSeconds) return [belief, 0];
  const from = belief.restedWhere ?? belief.appearedWhere;
  const gone = metresFrom(visit, from);
  if (gone < 0.5) return [belief, 0];
  const rested: RoleBelief = { ...belief, restedWhere: visit.at, restedSince: at };
  const isPlace = zones.some(
    (zone) =>
      (isArea(zone, 'queue', visit) || isArea(zone, 'service', visit)) && contains(zone.polygon, visit.at),
  );
  // Whoever joins a line walks up to its last one, and moves up with it. Staff go along it, to and fro.
  if (gone < approachFromMetres || (isPlace && visit.role !== 'staff') || visit.phase !== 'inside')
    return [rested, 0];
  const [x, y] = [visit.at.x - from.x, visit.at.y - from.y];
  const known = belief.approached ?? [];
  const asked = isPlace ? known.slice(-1) : known;
  const met = visits.find((other) => {
    if (other.id === visit.id || other.plane !== visit.plane || other.phase !== 'inside') return false;
    if (asked.includes(other.id) || other.role === 'staff' || !isSeen(other, at)) return false;
    const metres = metresFrom(other, visit.at);
    if (metres > approachToMetres || speedOf(other) >= standing) return false;
    const together =
      visit.arrivedAt !== undefined &&
      other.arrivedAt !== undefined &&
      Math.abs(visit.arrivedAt - other.arrivedAt) < togetherSeconds;
    const ahead = (other.at.x - visit.at.x) * x + (other.at.y - visit.at.y) * y;
    return !together && (isPlace || ahead > 0.4 * metres * visit.unit * Math.hypot(x, y));
  });
  if (met === undefined) return [rested, 0];
  const isNew =
    met.arrivedAt !== undefined &&
    at - met.arrivedAt < newcomerSeconds &&
    at - (visit.arrivedAt ?? Number.NEGATIVE_INFINITY) > newcomerSeconds;
  const approached = [...known.filter((id) => id !== met.id), met.id].slice(-mostApproached);
  if (isPlace && known.length === 0) return [{ ...rested, approached }, 0];
  return [{ ...rested, approached }, isNew ? walkingUpToNewcomer : walkingUp];
}

/** One of two who may have changed places is staff and one is not: what tells for the one tells against the other. */
function shareEvidence(
  visits: readonly Visit[],
  telling: ReadonlyMap<string, number>,
  at: Seconds,
): readonly Visit[] {
  if (telling.size === 0) return visits;
  return visits.map((visit) => {
    const { belief } = visit;
    if (belief?.tie === undefined || at - belief.tie.at > tieSeconds) return visit;
    const other = telling.get(belief.tie.visit);
    if (other === undefined) return visit;
    return { ...visit, belief: { ...belief, lately: clamp(belief.lately - other, leastLately, mostLately) } };
  });
}

/** Staff and a customer closer than they can be told apart: from now on either may be the other. */
function tieThoseTooClose(visits: readonly Visit[], at: Seconds): readonly Visit[] {
  const ties = new Map<string, string>();
  const isLive = (visit: Visit) => visit.phase === 'inside' && at - visit.seenAt < hiddenSeconds;
  const [staff, others] = [[] as Visit[], [] as Visit[]];
  for (const visit of visits) {
    if (!isLive(visit)) continue;
    const odds = staffLogOdds(visit, at);
    if (odds >= sure / 2) staff.push(visit);
    else if (odds <= -sure / 2) others.push(visit);
  }
  for (const one of staff) {
    for (const other of others) {
      if (one.plane === other.plane && areTooClose(one, other, at)) {
        ties.set(one.id, other.id);
        ties.set(other.id, one.id);
      }
    }
  }
  if (ties.size === 0) return visits;
  return visits.map((visit) => {
    const tied = ties.get(visit.id);
    const { belief } = visit;
    if (tied === undefined || belief === undefined) return visit;
    const odds = Math.abs(belief.origin + belief.lately);
    const keep = Math.min(1, afterTie / odds);
    const { origin, lately } = belief;
    return {
      ...visit,
      belief: { ...belief, origin: origin * keep, lately: lately * keep, tie: { visit: tied, at } },
    };
  });
}

function areTooClose(a: Visit, b: Visit, at: Seconds): boolean {
  const metres = metresFrom(a, b.at);
  const [aSeen, bSeen] = [at - a.seenAt < 0.3, at - b.seenAt < 0.3];
  if (aSeen && bSeen) {
    const between = Math.hypot(a.velocity.x - b.velocity.x, a.velocity.y - b.velocity.y) / a.unit;
    return metres < crossingMetres && between > 0.4;
  }
  return aSeen !== bSeen && metres < hiddenMetres;
}

/** How much of an amount is added where only so much is left to a bound; none once it is passed. */
function upTo(left: number, amount: number): number {
  return amount > 0 ? clamp(left, 0, amount) : clamp(left, amount, 0);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
