import type { Zone } from '../../../src/core/floor/zones.ts';
import type { FloorPoint, Metres } from '../../../src/core/units.ts';

/**
 * The hall in which the simulated days are spent, in metres; the stories' own camera looks at it from below.
 *
 *     y  5 │            ▒ staff ▒      ░ machines ░
 *          │   seats
 *        0 ┤ door          hall
 *          │                    ┌ cash ──────────┐
 *       -4 │                    └──────── windows┘
 *          └─┬───────────┬───────────┬──────────── x
 *           -5           0           5
 */
const area = (
  id: string,
  kind: 'queue' | 'service' | 'staff',
  [left, right]: readonly [Metres, Metres],
  [low, high]: readonly [Metres, Metres],
): Zone => ({
  id,
  kind,
  plane: 'floor',
  polygon: [
    { x: left, y: low },
    { x: right, y: low },
    { x: right, y: high },
    { x: left, y: high },
  ],
});

export const hallZones: readonly Zone[] = [
  {
    id: 'main-door',
    kind: 'entrance',
    plane: 'floor',
    door: { from: { x: -5, y: -1.2 }, to: { x: -5, y: 1.2 }, inside: { x: -4, y: 0 } },
  },
  area('cash', 'queue', [0, 6.2], [-3.9, -0.5]),
  { ...area('machines', 'service', [3, 6.2], [3.2, 5]), places: 4 } as Zone,
  area('staff-door', 'staff', [-1, 1], [4.2, 5.4]),
];

/** Where the line stands, first to last: three rows between belts, then along the hall. */
export const linePlaces: readonly FloorPoint[] = [
  ...Array.from({ length: 5 }, (_, i) => ({ x: 4 - 0.8 * i, y: -2.2 })),
  ...Array.from({ length: 5 }, (_, i) => ({ x: 0.8 + 0.8 * i, y: -1.1 })),
  ...Array.from({ length: 5 }, (_, i) => ({ x: 4 - 0.8 * i, y: -3.3 })),
];
export const windows: readonly FloorPoint[] = [
  { x: 5.5, y: -3.2 },
  { x: 5.5, y: -2 },
  { x: 5.5, y: -0.9 },
];
export const machines: readonly FloorPoint[] = [3.5, 4.3, 5.1, 5.9].map((x) => ({ x, y: 4.3 }));
export const seats: readonly FloorPoint[] = Array.from({ length: 8 }, (_, i) => ({
  x: -4.4 + 0.75 * (i % 4),
  y: 2.7 + 0.9 * Math.floor(i / 4),
}));

/** From out of sight in the street to two steps inside. */
export const street: FloorPoint = { x: -7.6, y: 0 };
export const insideDoor: FloorPoint = { x: -3.6, y: 0 };
/** Behind the staff door. */
export const backRoom: FloorPoint = { x: 0, y: 4.9 };
/** Where who is on the floor stands when nothing is to be done. */
export const posts: readonly FloorPoint[] = [
  { x: -1.2, y: 1.2 },
  { x: 1.6, y: 1.8 },
];

/** Where a wearer goes who is asked to a place. */
export const places: Readonly<Record<string, FloorPoint>> = {
  'main-door': insideDoor,
  hall: { x: -0.5, y: 1 },
  cash: { x: 1.6, y: -0.4 },
  machines: { x: 4.4, y: 3.4 },
  'staff-door': backRoom,
};
