import { way } from '../../plane.ts';
import type { Door } from '../../scene.ts';
import { entranceAt, type Lobby, waysThrough } from './lobby.ts';

/**
 * A long room between the street and the machines. Of its two cameras each sees one end, and neither the middle.
 *
 *     ┌─────── leaflets ──● door camera ─ cash ─ cash ─┐
 *   door      ◂                                  ▸  counter
 *     └───────────────── hall camera ●──────── queue ──┘
 */
const door: Door = { id: 'street-door', kind: 'sliding', at: [0, 2.6], wall: 'left', widthMetres: 1.8 };

const lens = { heightMetres: 2.95, widthPx: 704, heightPx: 396 };

export const longPassage = {
  plan: {
    room: [0, 0, 14.2, 5],
    wallHeight: 3.4,
    entrance: entranceAt(door),
    zones: [
      {
        id: 'cash',
        kind: 'queue',
        name: { zh: '现金区', en: 'Cash' },
        polygon: way(10.9, 3.1, 13.5, 3.1, 13.5, 4.3, 10.9, 4.3),
      },
      { id: 'machines', kind: 'service', polygon: way(11.1, 0.05, 13.8, 0.05, 13.8, 1.5, 11.1, 1.5) },
    ],
    queues: [{ zone: 'cash', places: way(13, 3.7, 12.1, 3.7, 11.3, 3.7), window: [14.2, 3.7] }],
    doors: [door],
    furniture: [
      { kind: 'counter', wall: 'right', from: 2.6, to: 4.8, windows: 2 },
      { kind: 'sign', at: [14.2, 3.7], wall: 'right', text: 'CASH', heightMetres: 2.6, widthMetres: 2 },
      { kind: 'machine', at: [11.8, 0], turn: 90 },
      { kind: 'machine', at: [13.1, 0], turn: 90 },
      { kind: 'leaflets', at: [3.4, 0.25], turn: 90 },
      { kind: 'plant', at: [0.6, 0.6], heightMetres: 1.3 },
      { kind: 'plant', at: [2.9, 4.6], heightMetres: 1.4 },
      { kind: 'plant', at: [9.6, 0.4], heightMetres: 1.2 },
      { kind: 'mat', at: [0.7, 2.6], size: [1.1, 1.6] },
    ],
  },
  cameras: {
    door: {
      id: 'door',
      at: [6.3, 0.25],
      lookAt: [1.2, 2.7],
      verticalDegrees: 48,
      fps: 5,
      ...lens,
    },
    hall: {
      id: 'hall',
      at: [8.9, 4.75],
      lookAt: [12.4, 2.1],
      verticalDegrees: 54,
      fps: 4,
      lateSeconds: 0.12,
      ...lens,
    },
  },
  ways: waysThrough(door),
} satisfies Lobby;
