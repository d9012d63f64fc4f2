import type { Act, Scene } from '../scene.ts';
import { glassFront } from './lobbies/glass-front.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer, couple } = peopleIn(glassFront);

/** The seats from left to right. */
const seat = (n: 0 | 1 | 2 | 3, seconds: number): Act => {
  const x = 8.47 + 0.62 * n;
  return { act: 'sit', at: [x, 4.2], face: [x, 0], seconds };
};
const cash = (servedForSeconds: number): Act[] => [
  { act: 'queue', zone: 'cash', servedForSeconds },
  walk([7.6, 1.8], [6.4, 2.4]),
];

const scene: Scene = {
  ...glassFront.plan,
  name: 'seated-and-waiting',
  tests:
    'Some sit down before they queue, one only to rest: who sits is neither lost nor in line, and stays the same person.',
  seed: 21,
  seconds: 66,
  camera: glassFront.cameras.farEnd,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer('c1', 0, [walk([7.4, 2.8]), seat(0, 12), ...cash(9)], {
      seed: 91,
      looks: { hair: { style: 'short', colour: '#c9c6c0' }, aid: 'stick' },
      speed: 1,
    }),
    customer('c2', 2, [walk([7.6, 2.9]), seat(2, 34), walk([7.6, 3])], { seed: 92, speed: 1.35 }),
    customer('c3', 5, [walk([7.4, 2.4]), ...cash(14)], { seed: 93, fromOtherwise: true, speed: 1.4 }),
    ...couple(
      ['c4', 'c5'],
      12,
      [walk([4.6, 2.6]), { act: 'use', at: [4.8, 3.7], face: [4.8, 4.6], seconds: 12 }],
      {
        seed: 94,
        fromOtherwise: true,
      },
    ),
    customer('c6', 20, [walk([7.6, 2.9]), seat(3, 9), walk([11.4, 2.8]), ...cash(5)], {
      seed: 95,
      speed: 1.3,
    }),
  ],
};

export default scene;
