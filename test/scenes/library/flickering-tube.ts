import { way } from '../plane.ts';
import type { Act, Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { marketHall } from './lobbies/market-hall.ts';
import { peopleIn, walk } from './people.ts';

const { customer, couple, staff } = peopleIn(marketHall);

const cash = (servedForSeconds: number): Act[] => [
  walk([-1, 2.4]),
  { act: 'queue', zone: 'cash', servedForSeconds },
  walk(...way(-6.5, 0.1, -4, -0.6, -2.4, -3)),
];
const machine = (x: number, seconds: number): Act[] => [
  walk([x - 0.6, -4]),
  { act: 'use', at: [x, -5.1], face: [x, -6], seconds },
  walk([0.6, -3.8]),
];

const scene: Scene = {
  ...marketHall.plan,
  name: 'flickering-tube',
  tests:
    'A tube goes on and off by fits and starts over a hall seen steeply: the light moves, the people do not.',
  seed: 19,
  seconds: 56,
  camera: { ...marketHall.cameras.steepNearLeft, noise: 1.5 },
  light: { level: 0.9, flicker: { share: 0.4, from: 8, to: 44 } },
  thresholds: minuteThresholds,
  people: [
    staff(
      's1',
      10,
      [walk([-5, -2.4]), { act: 'meet', customer: 'c3', seconds: 4 }, walk(...way(-4.8, -2.4))],
      {
        seed: 8,
      },
    ),
    customer('c1', 0.5, cash(12), { seed: 71 }),
    customer('c2', 3, cash(6), { seed: 72, fromOtherwise: true }),
    customer(
      'c3',
      6,
      [walk([-3.4, -2.4]), { act: 'stand', seconds: 9, face: [-8, 1] }, ...cash(6).slice(1)],
      {
        seed: 73,
      },
    ),
    ...couple(['c4', 'c5'], 16, machine(4.5, 12), { seed: 74, speed: 1.05 }),
    customer('c6', 25, machine(3.1, 9), { seed: 75, fromOtherwise: true, speed: 1.55 }),
  ],
};

export default scene;
