/**
 * What stands in people's way: walls but for their doors, and furniture. Who walks keeps out of it, and goes
 * around it where the straight way is barred.
 */
import { distance } from './plane.ts';
import type { Furniture, Point, Scene, Wall } from './scene.ts';

/** A turned rectangle with round edges; a circle has no half lengths, a rope none across. */
interface Solid {
  centre: Point;
  cos: number;
  sin: number;
  half: readonly [along: number, across: number];
  round: number;
}

export interface Ground {
  solids: readonly Solid[];
  /** Places at the corners of what is in the way, from which the next corner may be seen. */
  corners: readonly Point[];
  /** Which corners see each other, by index. */
  sights: readonly (readonly number[])[];
  /** How far it is from each corner to a goal, by goal. Filled as goals come. */
  routes: Map<string, readonly number[]>;
}

/** From the middle of a body to its side; half the 0.4 m that shoulders take. */
const BODY_METRES = 0.2;
/** So much further off a way around something leads. */
const CLEAR_METRES = 0.06;

const towards = (degrees: number): Pick<Solid, 'cos' | 'sin'> => ({
  cos: Math.cos((degrees * Math.PI) / 180),
  sin: Math.sin((degrees * Math.PI) / 180),
});

const circle = (centre: Point, round: number): Solid => ({ centre, ...towards(0), half: [0, 0], round });

function rope(a: Point, b: Point, round: number): Solid {
  const along = distance(a, b) || 1;
  return {
    centre: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
    cos: (b[0] - a[0]) / along,
    sin: (b[1] - a[1]) / along,
    half: [distance(a, b) / 2, 0],
    round,
  };
}

/** From `back` to `front` in the direction of `turn`, so many metres wide. */
function block(at: Point, turn: number, back: number, front: number, width: number): Solid {
  const way = towards(turn);
  const middle = (back + front) / 2;
  return {
    centre: [at[0] + middle * way.cos, at[1] + middle * way.sin],
    ...way,
    half: [(front - back) / 2, width / 2],
    round: 0,
  };
}

type Stands<F extends Furniture> = (piece: F, scene: Scene) => Solid[];

/** How much of the floor each kind of furniture takes, as `page/furniture.ts` builds it. */
const stands: { [K in Furniture['kind']]: Stands<Extract<Furniture, { kind: K }>> } = {
  counter({ from, to, wall = 'far' }, scene) {
    const middle = (from + to) / 2;
    const { at, turn } = wallOf(wall, scene);
    const on: Point = wall === 'far' || wall === 'near' ? [middle, at[1]] : [at[0], middle];
    return [block(on, turn, 0, 0.72, Math.abs(to - from))];
  },
  machine: ({ at, turn }) => [block(at, turn, 0, 0.6, 0.84)],
  rail: ({ posts, passable }) =>
    passable ? [] : posts.slice(1).map((post, n) => rope(posts[n]!, post, 0.03)),
  plant: ({ at }) => [circle(at, 0.25)],
  leaflets: ({ at, turn }) => [block(at, turn, -0.14, 0.26, 0.9)],
  seats: ({ at, turn, count }) => [block(at, turn, -0.3, 0.28, count * 0.62)],
  sign: () => [],
  mat: () => [],
  pillar: ({ at, radiusMetres }) => [circle(at, radiusMetres)],
  desk: ({ at, turn }) => [block(at, turn, -0.38, 0.38, 1.5)],
  standee: ({ at }) => [circle(at, 0.22)],
};

function wallOf(wall: Wall, { room: [left, far, right, near] }: Scene): { at: Point; turn: number } {
  if (wall === 'left') return { at: [left, (far + near) / 2], turn: 0 };
  if (wall === 'far') return { at: [(left + right) / 2, far], turn: 90 };
  if (wall === 'right') return { at: [right, (far + near) / 2], turn: 180 };
  return { at: [(left + right) / 2, near], turn: -90 };
}

/** The pieces of wall between the doors. */
function walls(scene: Scene): Solid[] {
  const [left, far, right, near] = scene.room;
  return (['left', 'far', 'right', 'near'] as const).flatMap((wall) => {
    const upright = wall === 'left' || wall === 'right';
    const [from, to] = upright ? [far, near] : [left, right];
    const across = { left, far, right, near }[wall];
    const place = (along: number): Point => (upright ? [across, along] : [along, across]);
    const openings = scene.doors
      .filter((door) => door.wall === wall)
      .map((door) => {
        const middle = door.at[upright ? 1 : 0];
        return [middle - door.widthMetres / 2, middle + door.widthMetres / 2] as const;
      })
      .sort((a, b) => a[0] - b[0]);
    const starts = [from, ...openings.map(([, end]) => end)];
    const ends = [...openings.map(([start]) => start), to];
    return starts.flatMap((start, n) => (ends[n]! > start ? [rope(place(start), place(ends[n]!), 0)] : []));
  });
}

/** What is in the way in this lobby, and from which corners of it one sees which. */
export function groundOf(scene: Scene): Ground {
  const solids = [
    ...walls(scene),
    ...scene.furniture.flatMap((piece) => (stands[piece.kind] as Stands<Furniture>)(piece, scene)),
  ];
  const corners = solids
    .flatMap(cornersOf)
    .filter((corner) => solids.every((solid) => !isCloser(local(solid, corner), solid)));
  const sights = corners.map((a) => corners.flatMap((b, n) => (a !== b && isOpen(a, b, solids) ? [n] : [])));
  return { solids, corners, sights, routes: new Map() };
}

/**
 * Where to walk now to come from `at` to `goal`, and how far it is in all: straight on if nothing is in the
 * way, else to a corner on the shortest way around. What one stands in already, or what the goal lies in, is
 * not in the way. Where no way leads, straight on.
 */
export function wayTo(ground: Ground, at: Point, goal: Point): { next: Point; metres: number } {
  const straight = { next: goal, metres: distance(at, goal) };
  if (isOpen(at, goal, ground.solids)) return straight;
  const left = leftFrom(ground, goal);
  let best = straight;
  let shortest = Number.POSITIVE_INFINITY;
  for (const [n, corner] of ground.corners.entries()) {
    const metres = distance(at, corner) + left[n]!;
    // A corner one stands at already says nothing about where to go.
    if (metres >= shortest || distance(at, corner) < 0.03 || !isOpen(at, corner, ground.solids)) continue;
    shortest = metres;
    best = { next: corner, metres };
  }
  return best;
}

/** Dijkstra's way, from the goal to all corners at once. */
function leftFrom(ground: Ground, goal: Point): readonly number[] {
  const key = `${goal[0].toFixed(2)} ${goal[1].toFixed(2)}`;
  const known = ground.routes.get(key);
  if (known) return known;
  const { corners, sights, solids } = ground;
  const left = corners.map((corner) =>
    isOpen(corner, goal, solids) ? distance(corner, goal) : Number.POSITIVE_INFINITY,
  );
  const open = new Set(corners.keys());
  while (open.size) {
    let nearest = -1;
    for (const n of open) if (nearest < 0 || left[n]! < left[nearest]!) nearest = n;
    open.delete(nearest);
    for (const n of sights[nearest]!)
      left[n] = Math.min(left[n]!, left[nearest]! + distance(corners[nearest]!, corners[n]!));
  }
  // A moving goal has a new key at each step; so many are enough for those that stand.
  if (ground.routes.size > 400) ground.routes.clear();
  ground.routes.set(key, left);
  return left;
}

/** `to`, pushed out of what it would be in. Who is in it already may stay, or come out, but go no deeper. */
export function keptOut(ground: Ground, from: Point, to: Point): Point {
  let at = to;
  for (const solid of ground.solids) {
    const { gap, away } = gapTo(solid, at);
    if (gap >= BODY_METRES) continue;
    const missing = Math.min(BODY_METRES, gapTo(solid, from).gap) - gap;
    if (missing > 0) at = [at[0] + missing * away[0], at[1] + missing * away[1]];
  }
  return at;
}

/** The nearest place to `point` where somebody fits. */
export const fitting = (ground: Ground, point: Point): Point => {
  let at = point;
  for (const solid of ground.solids) {
    const { gap, away } = gapTo(solid, at);
    if (gap < BODY_METRES)
      at = [at[0] + (BODY_METRES - gap) * away[0], at[1] + (BODY_METRES - gap) * away[1]];
  }
  return at;
};

/** Metres from somebody's middle to the next wall or piece of furniture; negative within it. */
export const roomAround = (ground: Ground, at: Point): number =>
  Math.min(...ground.solids.map((solid) => gapTo(solid, at).gap));

function local({ centre, cos, sin }: Solid, [x, y]: Point): Point {
  const dx = x - centre[0];
  const dy = y - centre[1];
  return [dx * cos + dy * sin, dy * cos - dx * sin];
}

const turnedBack = ({ cos, sin }: Solid, [x, y]: Point): Point => [x * cos - y * sin, x * sin + y * cos];

function gapTo(solid: Solid, point: Point): { gap: number; away: Point } {
  const [x, y] = local(solid, point);
  const over: Point = [Math.abs(x) - solid.half[0], Math.abs(y) - solid.half[1]];
  const [signX, signY] = [x < 0 ? -1 : 1, y < 0 ? -1 : 1];
  if (over[0] <= 0 && over[1] <= 0) {
    const away: Point = over[0] > over[1] ? [signX, 0] : [0, signY];
    return { gap: Math.max(over[0], over[1]) - solid.round, away: turnedBack(solid, away) };
  }
  const [ox, oy] = [Math.max(0, over[0]), Math.max(0, over[1])];
  const off = Math.hypot(ox, oy);
  return {
    gap: off - solid.round,
    away: turnedBack(solid, [(signX * ox) / off, (signY * oy) / off]),
  };
}

/** Whether a point lies within the rectangle, grown by so much. */
const isCloser = ([x, y]: Point, { half, round }: Solid, by = BODY_METRES): boolean =>
  Math.abs(x) < half[0] + round + by && Math.abs(y) < half[1] + round + by;

function cornersOf(solid: Solid): Point[] {
  const off = solid.round + BODY_METRES + CLEAR_METRES;
  const [along, across] = [solid.half[0] + off, solid.half[1] + off];
  const around: Point[] = [
    [along, across],
    [along, -across],
    [-along, across],
    [-along, -across],
  ];
  return around.map((corner) => {
    const [x, y] = turnedBack(solid, corner);
    return [solid.centre[0] + x, solid.centre[1] + y];
  });
}

/**
 * True if a body fits along the straight way. Where one end is nearer to something than a body fits, the way
 * must still not cut the thing itself; what holds one of the ends is not in the way.
 */
const isOpen = (a: Point, b: Point, solids: readonly Solid[]): boolean =>
  solids.every((solid) => {
    const from = local(solid, a);
    const to = local(solid, b);
    if (isCloser(from, solid, 0) || isCloser(to, solid, 0)) return true;
    return !cuts(from, to, solid, isCloser(from, solid) || isCloser(to, solid) ? 0 : BODY_METRES);
  });

/** Whether the way cuts the rectangle, grown by so much, slab by slab. */
function cuts(from: Point, to: Point, { half, round }: Solid, by: number): boolean {
  let enters = 0;
  let leaves = 1;
  for (const axis of [0, 1] as const) {
    const reach = half[axis] + round + by;
    const step = to[axis] - from[axis];
    if (Math.abs(step) < 1e-9) {
      if (Math.abs(from[axis]) > reach) return false;
      continue;
    }
    const [p, q] = [(-reach - from[axis]) / step, (reach - from[axis]) / step];
    enters = Math.max(enters, Math.min(p, q));
    leaves = Math.min(leaves, Math.max(p, q));
  }
  return enters <= leaves;
}
