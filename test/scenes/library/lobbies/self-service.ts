import { way } from '../../plane.ts';
import type { Door } from '../../scene.ts';
import { entranceAt, type Lobby, waysThrough } from './lobby.ts';

/**
 * A room of machines, open round the clock and without staff.
 *
 *   far left ●─ cash ─ cash ─ cash ─┐
 *          print                    │
 *          print                  door
 *     └● near left ── shelf ────────┘
 */
const door: Door = { id: 'night-door', kind: 'sliding', at: [6, 3.3], wall: 'right', widthMetres: 1.7 };

export const selfService = {
  plan: {
    room: [0, 0, 6, 5],
    wallHeight: 2.9,
    entrance: entranceAt(door),
    zones: [
      {
        id: 'cash',
        kind: 'service',
        name: { zh: '取款机', en: 'Cash' },
        polygon: way(1.1, 0.05, 5.2, 0.05, 5.2, 1.5, 1.1, 1.5),
      },
      {
        id: 'statements',
        kind: 'service',
        name: { zh: '对账单', en: 'Printers' },
        polygon: way(0.05, 1.8, 1.45, 1.8, 1.45, 4.2, 0.05, 4.2),
      },
    ],
    queues: [],
    doors: [door],
    furniture: [
      { kind: 'machine', at: [1.8, 0], turn: 90 },
      { kind: 'machine', at: [3.1, 0], turn: 90 },
      { kind: 'machine', at: [4.4, 0], turn: 90 },
      { kind: 'machine', at: [0, 2.4], turn: 0 },
      { kind: 'machine', at: [0, 3.6], turn: 0 },
      { kind: 'sign', at: [3.1, 0], wall: 'far', text: 'CASH', heightMetres: 2.45, widthMetres: 2.4 },
      { kind: 'leaflets', at: [3.3, 4.75], turn: -90 },
      { kind: 'plant', at: [5.6, 0.5], heightMetres: 1.4 },
      { kind: 'mat', at: [5.4, 3.3], size: [1, 1.5] },
    ],
  },
  cameras: {
    /** Hung too low, as one over a shelf is: whoever is near hides whoever is far. */
    lowNearLeft: {
      id: 'shelf',
      at: [0.2, 4.8],
      heightMetres: 2.4,
      lookAt: [3.3, 1.9],
      verticalDegrees: 62,
      widthPx: 640,
      heightPx: 360,
      fps: 5,
    },
    farLeft: {
      id: 'room',
      at: [0.25, 0.25],
      heightMetres: 2.7,
      lookAt: [3.1, 2.7],
      verticalDegrees: 66,
      widthPx: 640,
      heightPx: 360,
      fps: 6,
    },
  },
  ways: waysThrough(door),
} satisfies Lobby;
