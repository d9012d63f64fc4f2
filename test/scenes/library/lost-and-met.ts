import { way } from '../plane.ts';
import type { Scene } from '../scene.ts';
import { highStreet } from './lobbies/high-street.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer, staff } = peopleIn(highStreet);

const scene: Scene = {
  ...highStreet.plan,
  name: 'lost-and-met',
  tests: 'Somebody looks around, and staff go up to them; somebody else, who knows their way, is left alone.',
  seed: 13,
  seconds: 54,
  camera: highStreet.cameras.nearRight,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    staff(
      's1',
      4,
      [
        walk(...way(3.3, -1, 3.1, 0.6)),
        { act: 'until', at: 21.5, face: [0, 0] },
        walk(...way(2.9, 2, 0.4, 2.4)),
        { act: 'meet', customer: 'c1', seconds: 5 },
        walk(...way(0.6, 2.3, 2.9, 1.9, 3.2, 0)),
        { act: 'until', at: 42, face: [0, 0] },
        walk([3.3, -1.6]),
      ],
      { seed: 1 },
    ),
    customer(
      'c1',
      1,
      [
        {
          act: 'wander',
          stops: [
            { to: [-1.6, 1.4], seconds: 3, face: [1, -3.5] },
            { to: [-0.6, 0.2], seconds: 3.5, face: [-4, -2] },
            { to: [-1.5, -1.1], seconds: 3, face: [-1.7, -3.3] },
            { to: [-1.9, -2.3], seconds: 7, face: [-1.7, -3.3] },
          ],
        },
        { act: 'use', at: [-3.1, -1.4], face: [-4, -1.4], seconds: 9 },
        walk([-2.4, 0.4]),
      ],
      { seed: 2, speed: 1.1 },
    ),
    customer(
      'c2',
      14,
      [
        walk(...way(0.4, 2.2)),
        { act: 'queue', zone: 'cash', servedForSeconds: 12 },
        walk(...way(0, -2.2, -0.5, -1, -1.4, 0.5)),
      ],
      { seed: 3, fromOtherwise: true },
    ),
  ],
};

export default scene;
