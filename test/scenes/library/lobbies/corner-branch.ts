import { way } from '../../plane.ts';
import type { Door } from '../../scene.ts';
import { entranceAt, type Lobby, waysThrough } from './lobby.ts';

/**
 * Two queues: one for cash, one for the desk where advice is given.
 *
 *   far left ●─ staff ─────────┤   counter   ├─ far right ●
 *     │  desk ◂ advice queue        cash                  │
 *     │                             queue         machines│
 *     │                               │                   │
 *     └────────── door ──────────────── seats ────────────┘
 */
const door: Door = { id: 'corner-door', kind: 'sliding', at: [2.6, 8], wall: 'near', widthMetres: 2.2 };
const staffDoor: Door = { id: 'staff-door', kind: 'hinged', at: [3.3, 0], wall: 'far', widthMetres: 1 };

export const cornerBranch = {
  plan: {
    room: [0, 0, 10, 8],
    wallHeight: 3.6,
    entrance: entranceAt(door),
    zones: [
      {
        id: 'cash',
        kind: 'queue',
        name: { zh: '现金区', en: 'Cash' },
        polygon: way(6.4, 0.75, 7.6, 0.75, 7.6, 5.3, 6.4, 5.3),
      },
      {
        id: 'advice',
        kind: 'queue',
        name: { zh: '咨询台', en: 'Advice' },
        polygon: way(2.6, 2.7, 5.5, 2.7, 5.5, 3.9, 2.6, 3.9),
      },
      { id: 'desk', kind: 'desk', polygon: way(0.2, 2.1, 2.3, 2.1, 2.3, 4.5, 0.2, 4.5) },
      { id: 'machines', kind: 'service', polygon: way(8.5, 3.2, 9.95, 3.2, 9.95, 5.7, 8.5, 5.7) },
      { id: 'staff-door', kind: 'staff', polygon: way(2.5, 0, 4.1, 0, 4.1, 1.4, 2.5, 1.4) },
    ],
    queues: [
      { zone: 'cash', places: way(7, 1.2, 7, 2.35, 7, 3.2, 7, 4.05, 7, 4.9), window: [7, 0] },
      { zone: 'advice', places: way(3, 3.3, 3.95, 3.3, 4.8, 3.3), window: [1.1, 3.3] },
    ],
    doors: [door, staffDoor],
    furniture: [
      { kind: 'counter', from: 5.2, to: 8.8, windows: 3 },
      { kind: 'sign', at: [7, 0], wall: 'far', text: 'CASH', heightMetres: 2.8, widthMetres: 2.4 },
      { kind: 'sign', at: [0, 3.3], wall: 'left', text: 'ADVICE', heightMetres: 2.6, widthMetres: 2 },
      { kind: 'rail', posts: way(6.35, 2, 6.35, 2.9, 6.35, 3.8) },
      { kind: 'rail', posts: way(7.65, 2, 7.65, 2.9, 7.65, 3.8) },
      { kind: 'desk', at: [1.1, 3.3], turn: 0 },
      { kind: 'machine', at: [10, 3.9], turn: 180 },
      { kind: 'machine', at: [10, 5.1], turn: 180 },
      { kind: 'seats', at: [6.6, 7.5], turn: -90, count: 4 },
      { kind: 'leaflets', at: [0.35, 5.9], turn: 0 },
      { kind: 'plant', at: [0.5, 7.5], heightMetres: 1.5 },
      { kind: 'plant', at: [4.7, 0.5], heightMetres: 1.2 },
      { kind: 'plant', at: [9.5, 7.4], heightMetres: 1.6 },
      { kind: 'mat', at: [2.6, 7.3], size: [2, 1.1] },
    ],
  },
  cameras: {
    farLeft: {
      id: 'desk',
      at: [0.3, 0.3],
      heightMetres: 3.1,
      lookAt: [4.7, 4.8],
      verticalDegrees: 60,
      widthPx: 960,
      heightPx: 540,
      fps: 5,
    },
    /** The door across the hall, the two queues on either hand. */
    farRight: {
      id: 'counter',
      at: [9.7, 0.6],
      heightMetres: 3.2,
      lookAt: [4.3, 4.3],
      verticalDegrees: 52,
      widthPx: 800,
      heightPx: 450,
      fps: 6,
    },
    /** From the ceiling over the middle, at the door and whoever comes in. */
    overDoor: {
      id: 'door',
      at: [3.4, 2.6],
      heightMetres: 3.3,
      lookAt: [2.8, 7],
      verticalDegrees: 46,
      widthPx: 800,
      heightPx: 450,
      fps: 5,
    },
    /** From beside the door over the hall; the door itself is out of its sight. */
    besideDoor: {
      id: 'hall',
      at: [0.4, 7.6],
      heightMetres: 3.2,
      lookAt: [5.2, 3.4],
      verticalDegrees: 50,
      widthPx: 800,
      heightPx: 450,
      fps: 4,
      lateSeconds: 0.08,
    },
  },
  ways: waysThrough(door, staffDoor),
} satisfies Lobby;
