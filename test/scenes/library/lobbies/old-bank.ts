import { way } from '../../plane.ts';
import type { Door } from '../../scene.ts';
import { entranceAt, type Lobby, waysThrough } from './lobby.ts';

/**
 * A hall with pillars, four windows behind one long counter, and a queue that turns twice between belts.
 *
 *     ┌ staff ┤         counter          ├ machines ┐
 *     │          ║ ▴ ║ ▾ ║ window ║                 │
 *     │   ○      ║ ▴ ║ ▾ ║   ▴    ║        ○        │
 *     │            │   └─────┘                      │
 *     │   ○                                ○        │
 *     ● near left ──── door (●) ───── seats ────────┘
 */
const door: Door = { id: 'portal', kind: 'sliding', at: [0, 5], wall: 'near', widthMetres: 2.6 };
const staffDoor: Door = { id: 'staff-door', kind: 'hinged', at: [-5.4, -5], wall: 'far', widthMetres: 1 };

export const oldBank = {
  plan: {
    room: [-7, -5, 7, 5],
    wallHeight: 4.8,
    entrance: entranceAt(door),
    zones: [
      {
        id: 'cash',
        kind: 'queue',
        name: { zh: '现金区', en: 'Cash' },
        polygon: way(
          -1.4,
          -3.1,
          0.95,
          -3.1,
          0.95,
          -4.2,
          2.2,
          -4.2,
          2.2,
          -0.3,
          -0.2,
          -0.3,
          -0.2,
          0.6,
          -1.4,
          0.6,
        ),
      },
      { id: 'machines', kind: 'service', polygon: way(5.3, -3.7, 6.95, -3.7, 6.95, -0.7, 5.3, -0.7) },
      { id: 'staff-door', kind: 'staff', polygon: way(-6.5, -5, -4.4, -5, -4.4, -3.4, -6.5, -3.4) },
    ],
    queues: [
      {
        zone: 'cash',
        // Down to the window last: the end of the line is nearest to the door.
        places: way(
          ...[1.6, -3.75, 1.6, -2.6, 1.6, -1.7, 1.6, -0.8],
          ...[0.4, -0.8, 0.4, -1.7, 0.4, -2.6],
          ...[-0.8, -2.6, -0.8, -1.7, -0.8, -0.8, -0.8, 0.1],
        ),
        window: [1.6, -5],
      },
    ],
    doors: [door, staffDoor],
    furniture: [
      { kind: 'counter', from: -4, to: 4.4, windows: 4 },
      { kind: 'sign', at: [0.2, -5], wall: 'far', text: 'CASH', heightMetres: 3, widthMetres: 3 },
      { kind: 'rail', posts: way(-1.4, -3.1, -1.4, -2.2, -1.4, -1.3, -1.4, -0.4) },
      { kind: 'rail', posts: way(-0.2, -2, -0.2, -1.2, -0.2, -0.4) },
      { kind: 'rail', posts: way(1, -3.1, 1, -2.2, 1, -1.4) },
      { kind: 'rail', posts: way(2.2, -2.9, 2.2, -2, 2.2, -1.1, 2.2, -0.3) },
      { kind: 'pillar', at: [-4, -1], radiusMetres: 0.35 },
      { kind: 'pillar', at: [4, -1], radiusMetres: 0.35 },
      { kind: 'pillar', at: [-4, 2.4], radiusMetres: 0.35 },
      { kind: 'pillar', at: [4, 2.4], radiusMetres: 0.35 },
      { kind: 'machine', at: [7, -2.9], turn: 180 },
      { kind: 'machine', at: [7, -1.5], turn: 180 },
      { kind: 'seats', at: [5.2, 4.5], turn: -90, count: 4 },
      { kind: 'leaflets', at: [-6.65, 0.6], turn: 0 },
      { kind: 'plant', at: [-1.9, 4.6], heightMetres: 1.5 },
      { kind: 'plant', at: [1.9, 4.6], heightMetres: 1.5 },
      { kind: 'plant', at: [-6.4, 3.2], heightMetres: 1.3 },
      { kind: 'mat', at: [0, 4.2], size: [2.4, 1.3] },
    ],
  },
  cameras: {
    /** From the gallery, steeply down; a pillar stands in the middle of the picture. */
    gallery: {
      id: 'gallery',
      at: [-6.6, 4.6],
      heightMetres: 4.2,
      lookAt: [-0.3, -0.2],
      verticalDegrees: 56,
      widthPx: 960,
      heightPx: 540,
      fps: 5,
    },
    /** Further along the gallery, where no pillar stands before the line. */
    overLine: {
      id: 'line',
      at: [-6.7, 3.3],
      heightMetres: 4.2,
      lookAt: [-0.4, 0.4],
      verticalDegrees: 54,
      widthPx: 960,
      heightPx: 540,
      fps: 5,
    },
    /** Over the counter, the portal across the hall: backs of nobody, faces of all. */
    overCounter: {
      id: 'counter',
      at: [4.7, -4.25],
      heightMetres: 3.3,
      lookAt: [-0.3, 0.5],
      verticalDegrees: 58,
      widthPx: 800,
      heightPx: 450,
      fps: 5,
    },
    /** Above the portal, looking in: who comes in does so right below it, head first. */
    abovePortal: {
      id: 'portal',
      at: [0.2, 4.9],
      heightMetres: 3.6,
      lookAt: [0.2, 1.5],
      verticalDegrees: 80,
      distortion: -0.03,
      widthPx: 960,
      heightPx: 540,
      fps: 5,
    },
  },
  ways: waysThrough(door, staffDoor),
} satisfies Lobby;
