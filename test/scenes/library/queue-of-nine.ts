import { way } from '../plane.ts';
import type { Act, Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { oldBank } from './lobbies/old-bank.ts';
import { peopleIn, walk } from './people.ts';

const { customer } = peopleIn(oldBank);

const queues = (servedForSeconds: number): Act[] => [
  { act: 'queue', zone: 'cash', servedForSeconds },
  walk(...way(2.7, -3.6, 2.8, 0.4, 0.6, 2.6)),
];

const scene: Scene = {
  ...oldBank.plan,
  name: 'queue-of-nine',
  tests:
    'Nine stand in a line that turns twice: they join, move up, hide one another and are served in order; one gives up.',
  seed: 15,
  seconds: 70,
  camera: oldBank.cameras.overLine,
  light: { level: 1 },
  thresholds: { ...minuteThresholds, queue: { waitSeconds: 30, length: 5 } },
  people: [
    customer('c1', 0.5, [walk([1.4, 0.6]), ...queues(17)], { seed: 21, fromOtherwise: true }),
    customer('c2', 2, [walk([1.4, 0.6]), ...queues(5)], { seed: 22, fromOtherwise: true }),
    customer('c3', 4, [walk([1.4, 0.6]), ...queues(6)], { seed: 23, fromOtherwise: true }),
    customer('c4', 6, [walk([1.2, 0.6]), ...queues(4)], {
      seed: 24,
      fromOtherwise: true,
      looks: { aid: 'stick' },
      speed: 0.8,
    }),
    customer('c5', 9.5, [walk([0.4, 0.8]), ...queues(5)], { seed: 25, fromOtherwise: true }),
    customer('c6', 11, [walk([0.4, 0.8]), ...queues(5)], { seed: 26, fromOtherwise: true }),
    customer('c7', 13, [walk([0, 1.2]), ...queues(5)], { seed: 27, fromOtherwise: true }),
    customer('c8', 14.8, [walk([-0.4, 2]), ...queues(5)], {
      seed: 28,
      fromOtherwise: true,
      looks: { pushes: { kind: 'pram', colour: '#35506e' } },
      speed: 1,
    }),
    customer('c9', 16.5, [walk([0.2, 2.4]), ...queues(5)], { seed: 29, fromOtherwise: true }),
    // Stands at the end for a while, sees that it hardly moves, and leaves.
    customer(
      'c10',
      20,
      [walk([-0.8, 1.6], [-0.8, 0.2]), { act: 'stand', seconds: 9, face: [0, -5] }, walk([-1, 1.6])],
      {
        seed: 30,
        fromOtherwise: true,
        speed: 1.4,
      },
    ),
    customer('c11', 41, [walk([-0.5, 2]), ...queues(5)], { seed: 31, fromOtherwise: true }),
  ],
};

export default scene;
