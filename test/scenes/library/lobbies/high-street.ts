import { way } from '../../plane.ts';
import type { Door } from '../../scene.ts';
import { entranceAt, type Lobby, waysThrough } from './lobby.ts';

/**
 * A small hall with one cash queue, as there is one in every high street.
 *
 *     ┌─machines── leaflets ──┤ counter ├─ staff ┐
 *     │                          queue           │
 *   door                           │             │
 *     │        standee   seats     ┘             ● near right
 */
const door: Door = { id: 'main-door', kind: 'sliding', at: [-4, 1.3], wall: 'left', widthMetres: 2 };
const staffDoor: Door = { id: 'staff-door', kind: 'hinged', at: [3.35, -3.5], wall: 'far', widthMetres: 0.9 };

const lens = { widthPx: 768, heightPx: 432, fps: 5 };

export const highStreet = {
  plan: {
    room: [-4, -3.5, 4, 3.5],
    wallHeight: 3.3,
    entrance: entranceAt(door),
    zones: [
      {
        id: 'cash',
        kind: 'queue',
        name: { zh: '现金区', en: 'Cash' },
        polygon: way(0.4, -2.75, 1.6, -2.75, 1.6, 1.8, 0.4, 1.8),
      },
      { id: 'machines', kind: 'service', polygon: way(-3.95, -3.2, -2.4, -3.2, -2.4, -0.7, -3.95, -0.7) },
      { id: 'staff-door', kind: 'staff', polygon: way(2.7, -3.5, 4, -3.5, 4, -2.1, 2.7, -2.1) },
      { id: 'poster', kind: 'ignore', polygon: way(-2.7, 2.75, -1.7, 2.75, -1.7, 3.45, -2.7, 3.45) },
    ],
    queues: [
      {
        zone: 'cash',
        places: way(1, -2.3, 1, -1.2, 1, -0.35, 1, 0.5, 1, 1.35),
        window: [1, -3.5],
      },
    ],
    doors: [door, staffDoor],
    furniture: [
      { kind: 'counter', from: -0.4, to: 2.4, windows: 2 },
      { kind: 'sign', at: [1, -3.5], wall: 'far', text: 'CASH', heightMetres: 2.75, widthMetres: 2.2 },
      { kind: 'machine', at: [-4, -2.6], turn: 0 },
      { kind: 'machine', at: [-4, -1.4], turn: 0 },
      { kind: 'rail', posts: way(0.4, -1.5, 0.4, -0.7, 0.4, 0.1) },
      { kind: 'rail', posts: way(1.6, -1.5, 1.6, -0.7, 1.6, 0.1) },
      { kind: 'leaflets', at: [-1.7, -3.25], turn: 90 },
      { kind: 'plant', at: [-3.7, -0.1], heightMetres: 1.2 },
      { kind: 'plant', at: [-3.6, 3.1], heightMetres: 1.5 },
      { kind: 'seats', at: [-0.3, 3.1], turn: -90, count: 3 },
      { kind: 'standee', at: [-2.2, 3.1], turn: -70 },
      { kind: 'mat', at: [-3.3, 1.3], size: [1.1, 1.8] },
    ],
  },
  cameras: {
    nearRight: {
      id: 'hall',
      at: [3.75, 3.2],
      heightMetres: 2.9,
      lookAt: [-0.8, -0.7],
      verticalDegrees: 53,
      ...lens,
    },
    /** Looks the street in the eye. */
    oppositeDoor: {
      id: 'counter',
      at: [3.8, 0.4],
      heightMetres: 2.7,
      lookAt: [-1.4, -0.1],
      verticalDegrees: 56,
      ...lens,
      widthPx: 800,
      heightPx: 450,
    },
    /** Beside the machines, the door on the right and the counter on the left: all of it, and wide for that. */
    farLeft: {
      id: 'machines',
      at: [-2.6, -3.35],
      heightMetres: 3,
      lookAt: [-0.4, -0.05],
      verticalDegrees: 70,
      ...lens,
    },
  },
  ways: waysThrough(door, staffDoor),
} satisfies Lobby;
