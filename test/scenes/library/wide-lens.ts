import { way } from '../plane.ts';
import type { Act, Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { oldBank } from './lobbies/old-bank.ts';
import { peopleIn, walk } from './people.ts';

const { customer, couple, staff } = peopleIn(oldBank);

const cash = (servedForSeconds: number): Act[] => [
  walk([1.4, 0.8]),
  { act: 'queue', zone: 'cash', servedForSeconds },
  walk(...way(2.7, -3.6, 2.8, 0.4, 0.4, 2.4)),
];

const scene: Scene = {
  ...oldBank.plan,
  name: 'wide-lens',
  tests:
    'The camera hangs above the door with a wide lens: who comes in is a head and shoulders, who queues is small.',
  seed: 22,
  seconds: 61,
  camera: oldBank.cameras.abovePortal,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    staff(
      's1',
      20,
      [
        walk(...way(-4.9, -1.8, -2.4, 1.4)),
        { act: 'until', at: 30, face: [0, 5] },
        { act: 'meet', customer: 'c6', seconds: 4 },
        walk(...way(-3.4, -0.4, -5.2, -2.4)),
      ],
      { seed: 10 },
    ),
    customer('c1', 0.5, cash(11), { seed: 101 }),
    customer('c2', 3, cash(6), { seed: 102, fromOtherwise: true, speed: 1.4 }),
    ...couple(
      ['c3', 'c5'],
      5.5,
      [walk([4.4, 0.8]), { act: 'use', at: [6.1, -1.5], face: [7, -1.5], seconds: 14 }],
      {
        seed: 103,
      },
    ),
    customer(
      'c4',
      8,
      [
        {
          act: 'wander',
          stops: [
            { to: [1.6, 2.9], seconds: 3, face: [0, -5] },
            { to: [2.9, 1.6], seconds: 3.5, face: [7, -2] },
            { to: [5.2, 3.2], seconds: 4, face: [5.2, 4.5] },
            { to: [2.8, 0.8], seconds: 3.5, face: [0, -5] },
          ],
        },
        walk([0.6, 2.6]),
      ],
      { seed: 104, looks: { hat: { kind: 'brimmed', colour: '#8b6a4a' } } },
    ),
    customer('c6', 26, cash(5), { seed: 106, looks: { carries: { kind: 'suitcase', colour: '#7c2f35' } } }),
  ],
};

export default scene;
