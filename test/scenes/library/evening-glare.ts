import { way } from '../plane.ts';
import type { Scene } from '../scene.ts';
import { highStreet } from './lobbies/high-street.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer, couple } = peopleIn(highStreet);
const fromWindow = walk(...way(0, -2.2, -0.6, -1, -1.5, 0.4));

const scene: Scene = {
  ...highStreet.plan,
  name: 'evening-glare',
  tests: 'The low sun stands in the door across from the camera: who comes in is a dark shape before it.',
  seed: 18,
  seconds: 58,
  camera: { ...highStreet.cameras.oppositeDoor, noise: 4 },
  light: { level: 0.75, tint: 'evening', glare: 3 },
  thresholds: minuteThresholds,
  people: [
    customer(
      'c1',
      0.5,
      [walk([0.3, 2.1]), { act: 'queue', zone: 'cash', servedForSeconds: 13 }, fromWindow],
      {
        seed: 61,
      },
    ),
    ...couple(
      ['c2', 'c3'],
      6,
      [walk([-2.2, 0.2]), { act: 'use', at: [-3.1, -1.4], face: [-4, -1.4], seconds: 12 }, walk([-2.3, 0.4])],
      { seed: 62, fromOtherwise: true },
    ),
    customer('c4', 14, [walk([0.3, 2.1]), { act: 'queue', zone: 'cash', servedForSeconds: 7 }, fromWindow], {
      seed: 63,
    }),
    customer(
      'c5',
      24,
      [
        {
          act: 'wander',
          stops: [
            { to: [-1.8, 1.2], seconds: 3.5, face: [1, -3.5] },
            { to: [-1.2, -0.2], seconds: 3.5, face: [-1.7, -3.3] },
            { to: [-1.9, -2.3], seconds: 4, face: [-1.7, -3.3] },
            { to: [-1, -0.8], seconds: 3, face: [1, 0] },
          ],
        },
        walk([-1.8, 0.4]),
      ],
      { seed: 64, speed: 1.2 },
    ),
  ],
};

export default scene;
