import { way } from '../../plane.ts';
import type { Door } from '../../scene.ts';
import { entranceAt, type Lobby, waysThrough } from './lobby.ts';

/**
 * A long narrow hall with the bright street at one end and the camera at the other.
 *
 *     ┌──────────────── staff ──┤   counter   ├────┐
 *   door                            queue ▸        ●
 *     └──── machines ───────────── seats ──────────┘
 */
const door: Door = { id: 'glass-front', kind: 'sliding', at: [0, 2.3], wall: 'left', widthMetres: 3 };
const staffDoor: Door = { id: 'staff-door', kind: 'hinged', at: [6.3, 0], wall: 'far', widthMetres: 1 };

export const glassFront = {
  plan: {
    room: [0, 0, 14, 4.6],
    wallHeight: 3.4,
    entrance: entranceAt(door),
    zones: [
      {
        id: 'cash',
        kind: 'queue',
        name: { zh: '现金区', en: 'Cash' },
        polygon: way(8.1, 0.75, 11.9, 0.75, 11.9, 1.9, 8.1, 1.9),
      },
      { id: 'machines', kind: 'service', polygon: way(2.6, 3.1, 5.6, 3.1, 5.6, 4.55, 2.6, 4.55) },
      { id: 'staff-door', kind: 'staff', polygon: way(5.5, 0, 7.1, 0, 7.1, 1.3, 5.5, 1.3) },
    ],
    queues: [{ zone: 'cash', places: way(8.6, 1.2, 9.7, 1.35, 10.6, 1.35, 11.4, 1.35), window: [8.6, 0] }],
    doors: [door, staffDoor],
    furniture: [
      { kind: 'counter', from: 7.7, to: 11.3, windows: 3 },
      { kind: 'machine', at: [3.4, 4.6], turn: -90 },
      { kind: 'machine', at: [4.8, 4.6], turn: -90 },
      {
        kind: 'sign',
        at: [4.1, 4.6],
        wall: 'near',
        text: 'SELF-SERVICE',
        heightMetres: 2.5,
        widthMetres: 2.4,
      },
      { kind: 'seats', at: [9.4, 4.2], turn: -90, count: 4 },
      { kind: 'leaflets', at: [2.6, 0.3], turn: 90 },
      { kind: 'plant', at: [0.6, 0.4], heightMetres: 1.6 },
      { kind: 'plant', at: [0.6, 4.2], heightMetres: 1.6 },
      { kind: 'plant', at: [7.2, 4.2], heightMetres: 1.2 },
      { kind: 'mat', at: [0.9, 2.3], size: [1.3, 2.6] },
    ],
  },
  cameras: {
    /** Down the length of the hall: at the door people are a tenth of the picture, against the light. */
    farEnd: {
      id: 'end',
      at: [13.8, 3],
      heightMetres: 3,
      lookAt: [7.2, 2.1],
      verticalDegrees: 52,
      widthPx: 960,
      heightPx: 540,
      fps: 6,
    },
  },
  ways: waysThrough(door, staffDoor),
} satisfies Lobby;
