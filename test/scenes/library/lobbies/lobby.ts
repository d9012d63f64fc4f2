import { way } from '../../plane.ts';
import type { CameraPose, Door, Entrance, Point, Scene, Wall } from '../../scene.ts';

/** A lobby without people: the same walls, zones and furniture for every scene that plays in it. */
export interface Lobby {
  /** What a scene spreads into itself. */
  plan: Pick<Scene, 'room' | 'wallHeight' | 'entrance' | 'zones' | 'queues' | 'doors' | 'furniture'>;
  /** Where a camera hangs, by a name that says where. */
  cameras: Record<string, CameraPose>;
  ways: Ways;
}

/** The ways in and out. Each begins or ends where no camera of the lobby can see. */
export interface Ways {
  comeIn: Point[];
  /** From the other end of the street. */
  comeInOtherwise: Point[];
  goOut: Point[];
  /** Towards the end of the street that `comeIn` comes from. */
  goOutOtherwise: Point[];
  /** From the room behind the staff door to two steps inside; absent in a lobby without staff. */
  staffIn?: Point[];
  staffOut?: Point[];
}

/** Thresholds for a minute: the defaults would let it pass in silence. */
export const minuteThresholds: Scene['thresholds'] = {
  wandering: { afterSeconds: 12 },
  queue: { waitSeconds: 25, length: 4 },
  contact: { withinMetres: 1.6, forSeconds: 2, targetSeconds: 15 },
  prompts: { mostInTenMinutes: 60 },
};

/** For each wall the direction into the room, and along it to the right of somebody who comes in. */
const AXES: Record<Wall, { inward: Point; right: Point }> = {
  left: { inward: [1, 0], right: [0, 1] },
  far: { inward: [0, 1], right: [-1, 0] },
  right: { inward: [-1, 0], right: [0, -1] },
  near: { inward: [0, -1], right: [1, 0] },
};

/** Points given from the middle of a door: so far to the right of who comes in, and so far into the room. */
const fromDoor =
  ({ at, wall }: Door) =>
  (...rightInward: number[]): Point[] => {
    const { inward, right } = AXES[wall];
    return way(...rightInward).map(([r, i]) => [
      hundredth(at[0] + r * right[0] + i * inward[0]),
      hundredth(at[1] + r * right[1] + i * inward[1]),
    ]);
  };

const hundredth = (value: number): number => Math.round(value * 100) / 100;

/** How far inside the door the line lies that people cross: all who mean to come in do, who looks in does not. */
const LINE_METRES = 0.4;

/** The entrance zone of a street door, as an installer draws it: a hand wider than the door. */
export function entranceAt(door: Door): Entrance {
  const half = door.widthMetres / 2 + 0.2;
  const [from, to, inside] = fromDoor(door)(-half, LINE_METRES, half, LINE_METRES, 0, 1.8);
  return { id: door.id, line: [from!, to!], inside: inside! };
}

/**
 * The ways through a street door, close along the outside of the wall, which hides them from a camera
 * anywhere in the hall. People keep to the right.
 *
 *      street ─┐                   ┌─ goOut
 *   ═══════════╪═══┐  door  ┌══════╪═══════
 *              └──────▶  ◀─────────┘
 */
export function waysThrough(door: Door, staffDoor?: Door): Ways {
  const point = fromDoor(door);
  const end = door.widthMetres / 2 + 3;
  const edge = door.widthMetres / 2 - 0.25;
  const lane = door.widthMetres / 5;
  const out = [-lane, 1.2, -lane, -0.1];
  return {
    comeIn: point(end, -0.5, edge, -0.75, lane, 0, lane, 1.3),
    comeInOtherwise: point(-end, -0.5, -edge, -0.75, lane * 0.6, 0, lane, 1.3),
    goOut: point(...out, -edge, -0.9, 1 - end, -1, -end, -0.5),
    goOutOtherwise: point(...out, edge, -0.9, end - 1, -1, end, -0.5),
    ...(staffDoor && staffWays(staffDoor)),
  };
}

/** Round the corner of the corridor behind the door, where neither the open leaf nor the camera shows them. */
function staffWays(door: Door): Pick<Ways, 'staffIn' | 'staffOut'> {
  const point = fromDoor(door);
  return {
    staffIn: point(1.6, -1.3, 0.1, -1.2, 0, 0.1, 0, 0.9),
    staffOut: point(0, 0.8, 0, -0.1, 0.1, -1.2, 1.6, -1.3),
  };
}
