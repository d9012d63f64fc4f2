import type { PlanePoint } from '../../geometry/polygon.ts';
import type { Metres, Seconds } from '../../units.ts';
import type { PathPoint } from '../../visits/visit.ts';

/** A place somebody stood at for a while. */
export interface Stop extends PlanePoint {
  readonly from: Seconds;
  readonly until: Seconds;
}

/** A path in a receptionist's words. Lengths in metres whatever the plane. */
export interface PathInWords {
  /** Since when it is one person's way: after the last leap. */
  readonly since: Seconds;
  readonly seconds: Seconds;
  /** Walked, standing and swaying left out. */
  readonly metres: Metres;
  /** As the crow flies, from where the path begins to where it ends. */
  readonly apartMetres: Metres;
  /** Every stop, oldest first; the last may be still going on. */
  readonly stops: readonly Stop[];
  /** Places stopped at: two stops at one place are one. */
  readonly pauses: number;
  /** How often they came back to a place after having stopped at another. */
  readonly returns: number;
  readonly turns: number;
  /** How long they have been within a step of where they are now. */
  readonly standsFor: Seconds;
  /** The longest they have been within a step of one place, all stops there taken together. */
  readonly longestAtOnePlace: Seconds;
  /** Radius of gyration: how far they keep from the middle of where they have been. */
  readonly spreadMetres: Metres;
}

/** The grid a path is put on, so that it reads the same at 2 frames a second and at 25. */
const gridSeconds: Seconds = 0.5;
/** Each grid point is the mean of the path this far each way; feet in the picture jitter faster. */
const smoothSeconds: Seconds = 0.5;
/** Faster is no walking: the track has leapt to another person, or was joined across a gap. Runners reach 3 m/s. */
const leapMetresPerSecond = 3.5;
/** What a position may be off by, on top: a leap of less cannot be told from an unlucky box. */
const leapMetres: Metres = 0.4;
/** Out of sight for longer, nobody knows whether they stood or walked. */
const gapSeconds: Seconds = 2.5;
/** Unseen, they are taken to walk at this pace, and to have stopped if so much time is left over. */
const unseenPace = 0.8;
const unseenSeconds: Seconds = 2;
/** Longer, and they may have done anything. */
const mostUnseenSeconds: Seconds = 12;
/** Within this of the middle of a stop one stands, however one sways. */
const swayMetres: Metres = 0.4;
/** Shorter is hesitating for a step, or letting somebody pass. */
const stopSeconds: Seconds = 1.5;
/** Who gets on faster than this walks, however slowly: the old and the frail walk at 0.4 m/s. */
const creepMetresPerSecond = 0.3;
/** Two stops nearer than this are one place: people shift their weight, and boxes shift theirs. */
const apartMetres: Metres = 0.8;
/** A turn is a change of heading by this much between two stretches of `stretchMetres`. */
const turnDegrees = 50;
const stretchMetres: Metres = 0.6;

/**
 * Puts a path into a receptionist's words: how far, how often they stopped, how often they turned.
 *
 * The path is cut at its last leap, put on a grid of half a second and smoothed, so that neither a
 * swapped track nor a swaying box nor the frame rate adds a metre. Stops are what the field calls stay
 * points (Li et al., "Mining user similarity based on location history", 2008).
 *
 * @param path oldest first, plane units
 * @param unit plane units in a metre
 */
export function describePath(path: readonly PathPoint[], unit: number): PathInWords {
  // Of whoever is busy, or has settled, there is but this moment.
  if (path.length === 1) return { ...nothing, since: path[0]!.at };
  const pieces = piecesOf(sinceLastLeap(path, unit)).map(smoothed);
  const points = pieces.length === 1 ? pieces[0]! : pieces.flat();
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return nothing;
  const stops = withUnseen(
    pieces,
    pieces.map((piece) => stopsIn(piece, unit)),
    unit,
  );
  const places = placesOf(stops, unit);
  const { metres, turns } = stretches(points, unit);
  return {
    since: first.at,
    seconds: last.at - first.at,
    metres,
    apartMetres: between(first, last, unit),
    stops,
    pauses: places.length,
    returns: places.reduce((sum, { comings }) => sum + comings - 1, 0),
    turns,
    standsFor: last.at - (points.findLast((point) => !areWithin(point, last, apartMetres, unit)) ?? first).at,
    longestAtOnePlace: Math.max(0, ...places.map(({ seconds }) => seconds)),
    spreadMetres: spread(points, unit),
  };
}

const nothing: PathInWords = {
  since: 0,
  seconds: 0,
  metres: 0,
  apartMetres: 0,
  stops: [],
  pauses: 0,
  returns: 0,
  turns: 0,
  standsFor: 0,
  longestAtOnePlace: 0,
  spreadMetres: 0,
};

const between = (a: PlanePoint, b: PlanePoint, unit: number): Metres =>
  Math.hypot(a.x - b.x, a.y - b.y) / unit;

/** Whether two points are no further apart: without the root that `between` draws, for each point of a path. */
function areWithin(a: PlanePoint, b: PlanePoint, metres: Metres, unit: number): boolean {
  return squared(a, b) <= (metres * unit) ** 2;
}

const squared = (a: PlanePoint, b: PlanePoint): number => (a.x - b.x) ** 2 + (a.y - b.y) ** 2;

function sinceLastLeap(path: readonly PathPoint[], unit: number): readonly PathPoint[] {
  for (let i = path.length - 1; i > 0; i--) {
    const [from, to] = [path[i - 1]!, path[i]!];
    const most = leapMetres + leapMetresPerSecond * (to.at - from.at);
    if (!areWithin(from, to, most, unit)) return path.slice(i);
  }
  return path;
}

/** Cut where they were out of sight: what they did there is not known. */
function piecesOf(path: readonly PathPoint[]): readonly (readonly PathPoint[])[] {
  const pieces: PathPoint[][] = [];
  for (const point of path) {
    const piece = pieces.at(-1);
    if (piece !== undefined && point.at - piece.at(-1)!.at <= gapSeconds) piece.push(point);
    else pieces.push([point]);
  }
  return pieces;
}

/** Where around a grid point the path is read, as parts of `smoothSeconds`. */
const around = [-1, -0.5, 0, 0.5, 1] as const;

/** On the grid, counted back from the newest point so that the newest is always on it. */
function smoothed(piece: readonly PathPoint[]): readonly PathPoint[] {
  const [first, last] = [piece[0]!, piece.at(-1)!];
  const count = Math.floor((last.at - first.at) / gridSeconds + 1e-9);
  const points: PathPoint[] = [];
  let index = 0;
  for (let n = 0; n <= count; n++) {
    const middle = last.at - (count - n) * gridSeconds;
    let x = 0;
    let y = 0;
    let read = 0;
    for (const part of around) {
      const when = middle + part * smoothSeconds;
      if (when < first.at || when > last.at) continue;
      while (index > 0 && piece[index]!.at > when) index -= 1;
      while (index < piece.length - 2 && piece[index + 1]!.at <= when) index += 1;
      const a = piece[index]!;
      const b = piece[Math.min(index + 1, piece.length - 1)]!;
      const share = b.at > a.at ? Math.min(1, Math.max(0, (when - a.at) / (b.at - a.at))) : 0;
      x += a.x + (b.x - a.x) * share;
      y += a.y + (b.y - a.y) * share;
      read += 1;
    }
    points.push({ at: middle, x: x / read, y: y / read });
  }
  return points;
}

/** Stay points: as long as they keep near the middle of where they stand, they stand. */
function stopsIn(piece: readonly PathPoint[], unit: number): readonly Stop[] {
  const stops: Stop[] = [];
  for (let i = 0; i < piece.length; ) {
    let { x, y } = piece[i]!;
    let next = i + 1;
    for (; next < piece.length && areWithin(piece[next]!, { x, y }, swayMetres, unit); next++) {
      const share = 1 / (next - i + 1);
      x += (piece[next]!.x - x) * share;
      y += (piece[next]!.y - y) * share;
    }
    const [from, until] = [piece[i]!.at, piece[next - 1]!.at];
    const creeps = between(piece[i]!, piece[next - 1]!, unit) > creepMetresPerSecond * (until - from);
    if (until - from < stopSeconds - 1e-9 || creeps) {
      i += 1;
      continue;
    }
    stops.push({ from, until, x, y });
    i = next;
  }
  return stops;
}

/**
 * Who was out of sight for longer than the way takes has stopped on it. Where, nobody saw: the middle is as
 * good as any. If they were standing when they were lost or found, it is that stop that was longer.
 *
 *     seen  ────●   6 s for 1.5 m   ────●      a stop between
 *     seen  ───■■   6 s for 1.5 m   ────●      the same stop, longer
 */
function withUnseen(
  pieces: readonly (readonly PathPoint[])[],
  stops: readonly (readonly Stop[])[],
  unit: number,
): readonly Stop[] {
  // Of most there is nothing that was not seen.
  if (pieces.length === 1) return stops[0]!;
  return pieces.flatMap((piece, i) => {
    const [first, before, last] = [piece[0]!, pieces[i - 1], stops[i - 1]?.at(-1)];
    const own = stops[i]!;
    const from = before?.at(-1);
    if (from === undefined) return own;
    const spare = first.at - from.at - between(from, first, unit) / unseenPace;
    if (spare < unseenSeconds || first.at - from.at > mostUnseenSeconds) return own;
    if (last?.until === from.at || own[0]?.from === first.at) return own;
    const middle = (from.at + first.at) / 2;
    const stop = {
      from: middle - spare / 2,
      until: middle + spare / 2,
      x: (from.x + first.x) / 2,
      y: (from.y + first.y) / 2,
    };
    return [stop, ...own];
  });
}

interface Place extends PlanePoint {
  readonly seconds: Seconds;
  /** How often they came there, staying on not counted. */
  readonly comings: number;
}

/** Stops at one place taken together, in order of first coming there. */
function placesOf(stops: readonly Stop[], unit: number): readonly Place[] {
  const places: Place[] = [];
  let here = -1;
  for (const stop of stops) {
    const seconds = stop.until - stop.from;
    const known = places.findIndex((place) => between(place, stop, unit) < apartMetres);
    if (known < 0) {
      here = places.push({ x: stop.x, y: stop.y, seconds, comings: 1 }) - 1;
      continue;
    }
    const place = places[known]!;
    const comings = place.comings + (known === here ? 0 : 1);
    places[known] = { ...place, seconds: place.seconds + seconds, comings };
    here = known;
  }
  return places;
}

/** Whoever sways never gets a stretch away from where they stand, so it adds no more than the last step. */
function stretches(points: readonly PathPoint[], unit: number): { metres: Metres; turns: number } {
  let metres = 0;
  let turns = 0;
  let corner = points[0]!;
  let heading: number | undefined;
  for (const point of points) {
    if (areWithin(corner, point, stretchMetres, unit)) continue;
    metres += between(corner, point, unit);
    const next = (Math.atan2(point.y - corner.y, point.x - corner.x) * 180) / Math.PI;
    if (heading !== undefined && Math.abs(((next - heading + 540) % 360) - 180) >= turnDegrees) turns += 1;
    heading = next;
    corner = point;
  }
  return { metres: metres + between(corner, points.at(-1)!, unit), turns };
}

function spread(points: readonly PathPoint[], unit: number): Metres {
  const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
  const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
  const middle = { x, y };
  return Math.sqrt(points.reduce((sum, point) => sum + squared(point, middle), 0) / points.length) / unit;
}
