import { way } from '../../plane.ts';
import type { Door } from '../../scene.ts';
import { entranceAt, type Lobby, waysThrough } from './lobby.ts';

/**
 * A wide entrance and room for a crowd; the counter is on the left wall, the machines beside the door.
 *
 *     ┌ staff ──┬──── door ────┬── machines ──┐
 *     ├                                       │
 *     │ counter ◂ queue ─────────             │
 *     ├                       ○               │
 *     └● near left ── seats ───── near right ●┘
 */
const door: Door = { id: 'market-door', kind: 'sliding', at: [-1.6, -6], wall: 'far', widthMetres: 4.4 };
const staffDoor: Door = { id: 'staff-door', kind: 'hinged', at: [-8, -3.6], wall: 'left', widthMetres: 1 };

export const marketHall = {
  plan: {
    room: [-8, -6, 8, 6],
    wallHeight: 5,
    entrance: entranceAt(door),
    zones: [
      {
        id: 'cash',
        kind: 'queue',
        name: { zh: '现金区', en: 'Cash' },
        polygon: way(-7.25, 0.5, 0.9, 0.5, 0.9, 1.7, -7.25, 1.7),
      },
      { id: 'machines', kind: 'service', polygon: way(2.2, -5.95, 7.2, -5.95, 7.2, -4.3, 2.2, -4.3) },
      { id: 'staff-door', kind: 'staff', polygon: way(-8, -4.5, -6.4, -4.5, -6.4, -2.7, -8, -2.7) },
    ],
    queues: [
      {
        zone: 'cash',
        places: way(
          -6.75,
          1.1,
          -5.65,
          1.1,
          -4.8,
          1.1,
          -3.95,
          1.1,
          -3.1,
          1.1,
          -2.25,
          1.1,
          -1.4,
          1.1,
          -0.55,
          1.1,
          0.3,
          1.1,
        ),
        window: [-8, 1.1],
      },
    ],
    doors: [door, staffDoor],
    furniture: [
      { kind: 'counter', wall: 'left', from: -1.3, to: 3.5, windows: 3 },
      { kind: 'sign', at: [-8, 1.1], wall: 'left', text: 'CASH', heightMetres: 2.9, widthMetres: 2.6 },
      { kind: 'rail', posts: way(-5.8, 0.45, -4.9, 0.45, -4, 0.45, -3.1, 0.45) },
      { kind: 'rail', posts: way(-5.8, 1.75, -4.9, 1.75, -4, 1.75, -3.1, 1.75) },
      { kind: 'machine', at: [3.1, -6], turn: 90 },
      { kind: 'machine', at: [4.5, -6], turn: 90 },
      { kind: 'machine', at: [5.9, -6], turn: 90 },
      {
        kind: 'sign',
        at: [4.5, -6],
        wall: 'far',
        text: 'SELF-SERVICE',
        heightMetres: 2.6,
        widthMetres: 3,
      },
      { kind: 'pillar', at: [1, 4.6], radiusMetres: 0.3 },
      { kind: 'seats', at: [-2.6, 5.3], turn: -90, count: 5 },
      { kind: 'leaflets', at: [-4.9, -5.65], turn: 90 },
      { kind: 'plant', at: [-7.5, 5.4], heightMetres: 1.6 },
      { kind: 'plant', at: [1.2, -5.6], heightMetres: 1.4 },
      { kind: 'plant', at: [7.5, -1.5], heightMetres: 1.4 },
      { kind: 'mat', at: [-1.6, -5.2], size: [4, 1.3] },
    ],
  },
  cameras: {
    nearRight: {
      id: 'hall',
      at: [7.7, 5.7],
      heightMetres: 3.9,
      lookAt: [-1, -1.4],
      verticalDegrees: 48,
      widthPx: 960,
      heightPx: 540,
      fps: 5,
    },
    /** Steep, with a wide lens: whoever is near is seen from above, and straight lines bend. */
    steepNearLeft: {
      id: 'corner',
      at: [-7.6, 5.7],
      heightMetres: 4.2,
      lookAt: [-2.2, -0.6],
      verticalDegrees: 68,
      distortion: -0.03,
      widthPx: 960,
      heightPx: 540,
      fps: 5,
    },
  },
  ways: waysThrough(door, staffDoor),
} satisfies Lobby;
