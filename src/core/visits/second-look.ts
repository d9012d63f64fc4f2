import { floorPlane } from '../floor/zones.ts';
import type { Metres, Seconds } from '../units.ts';
import { mostHeadLooks, type PathPoint, type Visit } from './visit.ts';

/** Two have met who were this near to each other, … */
const metMetres: Metres = 1;
/** … no longer ago than this, and not so lately that nobody can tell where their ways lead. */
const metWithinSeconds: Seconds = 3;
const afterSeconds: Seconds = 1;
/** Nobody gets farther from the other than this meanwhile. */
const apartAtMostMetres: Metres = 6;
/** Whoever is still where they were then has not changed places. */
const movedMetres: Metres = 0.3;
/** How finely the moment of the meeting is looked for. */
const everySeconds: Seconds = 0.2;
/** How much of a way before and after the meeting is read; of one who was out of sight, up to so long ago. */
const waySeconds: Seconds = 1.6;
const oldestSeconds: Seconds = 5;

/**
 * Exchanging is wrong until shown otherwise: the exchanged ways must be likelier by this much, log-odds. Twice and
 * half of it give the same errors over all lobbies. Less: children who run about are exchanged. More: fewer are.
 */
const exchangeOdds = 1;

/**
 * A second look at those who met. Whose box is whose is decided look by look, and where two cross or one steps in
 * front of the other it is easily wrong; a second later it is plain from where both ways lead.
 *
 *     as followed        exchanged
 *     a ──╲ ╱── a        a ──╲ ╱── b        who walks goes on, who stands stays:
 *          ╳                  ╳             the right one is likelier, and the
 *     b ──╱ ╲── b        b ──╱ ╲── a        visits take each other's place
 *
 * What was seen since the meeting changes hands: tracks, place, speed, path, heads. All that belongs to the person
 * stays with their visit: when they arrived, what phase and role they have, whatever was told of them.
 *
 * Only on the floor, where directions are true: in a picture all ways towards the camera are short. Only of visits
 * that one camera shows; where several do, they tell by themselves (`withoutSwaps`). Nothing is remembered for it but
 * paths: at most 5 s of them are read, of a pair as often as one of the two gets a new point.
 *
 * @param visits after this look's sightings are on them
 * @returns the same visits in the same order
 */
export function lookAgain(visits: readonly Visit[], at: Seconds, everyPoint: Seconds): Visit[] {
  const next = [...visits];
  const moved = visits.flatMap((visit, index) => {
    if (!mayBeExchanged(visit, at)) return [];
    const places = lately(visit, at);
    return hasMoved(visit, places) ? [{ index, places, isNew: hasNews(visit, at) }] : [];
  });
  const exchanged = new Set<number>();
  for (const [order, one] of moved.entries()) {
    for (let k = order + 1; k < moved.length && !exchanged.has(one.index); k += 1) {
      const other = moved[k]!;
      if ((!one.isNew && !other.isNew) || exchanged.has(other.index)) continue;
      const [a, b] = [next[one.index]!, next[other.index]!];
      if (a.seenBy !== b.seenBy || squared(a.at, b.at) > (apartAtMostMetres * a.unit) ** 2) continue;
      const metAt = meeting(one.places, other.places, metMetres * a.unit, at);
      if (metAt === undefined || oddsOfExchange(a, b, metAt, at) < exchangeOdds) continue;
      next[one.index] = withPlaceOf(a, b, metAt, everyPoint);
      next[other.index] = withPlaceOf(b, a, metAt, everyPoint);
      exchanged.add(one.index).add(other.index);
    }
  }
  return next;
}

function mayBeExchanged(visit: Visit, at: Seconds): boolean {
  const { phase, plane, seenAt, sightings } = visit;
  return phase === 'inside' && plane === floorPlane && seenAt === at && sightings.length === 1;
}

const hasNews = (visit: Visit, at: Seconds): boolean => visit.path.at(-1)?.at === at;

interface Point {
  readonly x: number;
  readonly y: number;
}

const squared = (a: Point, b: Point): number => (a.x - b.x) ** 2 + (a.y - b.y) ** 2;

const hasMoved = ({ at, unit }: Visit, places: readonly Point[]): boolean =>
  places.some((place) => squared(place, at) > (movedMetres * unit) ** 2);

/**
 * Where somebody was from `afterSeconds` ago back to `metWithinSeconds` ago, or to where their path begins: straight
 * between the points of it, also while they were out of sight.
 */
function lately({ path }: Visit, at: Seconds): readonly Point[] {
  const steps = Math.round((metWithinSeconds - afterSeconds) / everySeconds);
  const places: Point[] = [];
  let index = path.length - 1;
  for (let step = 0; step <= steps; step += 1) {
    const then = thenOf(step, at);
    while (index >= 0 && path[index]!.at > then) index -= 1;
    const before = path[index];
    if (before === undefined) break;
    const after = path[index + 1];
    const share = after === undefined ? 0 : (then - before.at) / (after.at - before.at);
    const towards = after ?? before;
    places.push({
      x: before.x + share * (towards.x - before.x),
      y: before.y + share * (towards.y - before.y),
    });
  }
  return places;
}

const thenOf = (step: number, at: Seconds): Seconds => at - afterSeconds - step * everySeconds;

/** When two were nearest to each other; undefined if they did not meet. */
function meeting(a: readonly Point[], b: readonly Point[], within: number, at: Seconds): Seconds | undefined {
  let metAt: Seconds | undefined;
  let least = within ** 2;
  for (let step = 0; step < a.length && step < b.length; step += 1) {
    const apart = squared(a[step]!, b[step]!);
    if (apart >= least) continue;
    least = apart;
    metAt = thenOf(step, at);
  }
  return metAt;
}

/** Log-odds that two changed places when they met; 0 where too little of their ways is known. */
function oddsOfExchange(a: Visit, b: Visit, metAt: Seconds, at: Seconds): number {
  const [a0, b0] = [wayBefore(a, metAt), wayBefore(b, metAt)];
  const [a1, b1] = [wayAfter(a, metAt, at), wayAfter(b, metAt, at)];
  if (a0 === undefined || a1 === undefined || b0 === undefined || b1 === undefined) return 0;
  const { unit } = a;
  return (
    likelihood(a0, b1, unit) + likelihood(b0, a1, unit) - likelihood(a0, a1, unit) - likelihood(b0, b1, unit)
  );
}

function wayBefore({ path }: Visit, metAt: Seconds): Way | undefined {
  const points = path.filter((point) => point.at <= metAt && point.at > metAt - waySeconds);
  if (points.length >= 2) return wayThrough(points, metAt);
  const older = path.filter((point) => point.at <= metAt && point.at > metAt - oldestSeconds);
  return wayThrough(older.slice(-3), metAt);
}

function wayAfter(visit: Visit, metAt: Seconds, at: Seconds): Way | undefined {
  const path = hasNews(visit, at) ? visit.path : [...visit.path, { at, ...visit.at }];
  return wayThrough(
    path.filter((point) => point.at >= metAt && point.at <= metAt + metWithinSeconds),
    metAt,
  );
}

/** Somebody's way before or after a meeting: where it leads to or comes from, how fast, and when it was seen. */
interface Way {
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
  readonly from: Seconds;
  readonly to: Seconds;
}

/** Seconds squared of standing that count with the points: two of them close together say little of speed. */
const standing = 0.05;
/** Nobody is taken to have gone straight on for longer than this while out of sight. */
const straightOnSeconds: Seconds = 0.8;

/** The straight way nearest to the points (least squares), read at `metAt`. */
function wayThrough(points: readonly PathPoint[], metAt: Seconds): Way | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  const mean = (of: (point: PathPoint) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [middle, x, y] = [mean((point) => point.at), mean((point) => point.x), mean((point) => point.y)];
  let [squares, alongX, alongY] = [standing, 0, 0];
  for (const point of points) {
    const seconds = point.at - middle;
    squares += seconds ** 2;
    alongX += seconds * (point.x - x);
    alongY += seconds * (point.y - y);
  }
  const [vx, vy] = [alongX / squares, alongY / squares];
  const then = Math.max(first.at - straightOnSeconds, Math.min(metAt, last.at + straightOnSeconds));
  return { x: x + vx * (then - middle), y: y + vy * (then - middle), vx, vy, from: first.at, to: last.at };
}

/** By how much place and speed differ where two pieces of one way meet; more for each second between them. */
const placeSpread: Metres = 0.3;
const placeSpreadASecond: Metres = 0.15;
const speedSpread = 0.5;
const speedSpreadASecond = 0.1;

/**
 * How likely one person went both ways, as a logarithm, up to a constant. Long-tailed: people do turn round, and
 * no single oddity decides.
 */
function likelihood(before: Way, after: Way, unit: number): number {
  const gap = Math.max(0, after.from - before.to);
  const places = placeSpread + placeSpreadASecond * gap;
  const speeds = speedSpread + speedSpreadASecond * gap;
  const metres = Math.sqrt(squared(before, after)) / unit;
  const metresPerSecond = Math.hypot(after.vx - before.vx, after.vy - before.vy) / unit;
  return tail(metres / places) + tail(metresPerSecond / speeds) - Math.log(places * speeds);
}

const tail = (deviations: number): number => -Math.log1p(deviations ** 2 / 4);

/** A visit that was where another was taken to be since they met. */
function withPlaceOf(visit: Visit, other: Visit, metAt: Seconds, everyPoint: Seconds): Visit {
  const { sightings, at, velocity, unit, seenAt, seenBy } = other;
  const path = visit.path.filter((point) => point.at < metAt);
  const last = path.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  const own = (visit.heads ?? []).filter((look) => look.at < metAt);
  const theirs = (other.heads ?? []).filter((look) => look.at >= metAt);
  const heads = [...own, ...theirs].slice(-mostHeadLooks);
  return {
    ...visit,
    sightings,
    at,
    velocity,
    unit,
    seenAt,
    seenBy,
    path: [
      ...path,
      ...other.path.filter((point) => point.at >= metAt && point.at - last >= everyPoint - 1e-6),
    ].slice(-Math.max(visit.path.length, other.path.length)),
    heads: heads.length === 0 ? undefined : heads,
  };
}
