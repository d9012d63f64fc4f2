import type { Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { marketHall } from './lobbies/market-hall.ts';
import { peopleIn, walk } from './people.ts';

const { customer } = peopleIn(marketHall);

const scene: Scene = {
  ...marketHall.plan,
  name: 'from-place-to-place',
  tests:
    'Somebody goes up to the machines, to the queue and to the leaflets, and each time away again: that is being lost.',
  seed: 63,
  seconds: 52,
  camera: marketHall.cameras.nearRight,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer(
      'c1',
      0.5,
      [
        {
          act: 'wander',
          stops: [
            { to: [2.6, -3.9], seconds: 3, face: [4, -6] },
            { to: [0.8, -2.4], seconds: 2, face: [-8, 1] },
            { to: [0.6, -0.1], seconds: 3, face: [-2, 1.1] },
            { to: [-0.4, -2.2], seconds: 2, face: [-4.9, -5.7] },
            { to: [-3.6, -4.4], seconds: 3, face: [-4.9, -5.7] },
            { to: [-1.6, -2.4], seconds: 2.5, face: [4, -6] },
            { to: [1.7, -3.6], seconds: 3, face: [4, -6] },
          ],
        },
        walk([-1.2, -3.4]),
      ],
      { seed: 631, speed: 1.2 },
    ),
    customer(
      'c2',
      9,
      [{ act: 'use', at: [5.9, -4.9], face: [5.9, -6], seconds: 14 }, walk([2, -3.2], [-0.6, -3.2])],
      { seed: 632, fromOtherwise: true },
    ),
  ],
};

export default scene;
