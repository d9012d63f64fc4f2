import { way } from '../plane.ts';
import type { Act, Point, Scene } from '../scene.ts';
import { cornerBranch } from './lobbies/corner-branch.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer } = peopleIn(cornerBranch);

const upAndDown = (...turns: readonly (readonly [Point, number])[]): Act[] =>
  turns.flatMap(([to, seconds]) => [walk(to), { act: 'stand', seconds, face: [9, 8] }]);

const scene: Scene = {
  ...cornerBranch.plan,
  name: 'phone-and-form',
  tests:
    'Somebody walks up and down on the phone, another fills in a form at the desk: neither is lost; a third is.',
  seed: 61,
  seconds: 58,
  camera: cornerBranch.cameras.farLeft,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer(
      'c1',
      0.5,
      [
        ...upAndDown(
          [[5.4, 6.2], 2.5],
          [[7.3, 6.3], 1],
          [[5.5, 6.1], 0.5],
          [[7.2, 6.2], 3],
          [[5.3, 6.3], 0.4],
          [[7.4, 6.2], 1.5],
          [[5.4, 6.1], 2],
        ),
        walk([3.6, 6.4]),
      ],
      { seed: 611, speed: 0.95 },
    ),
    customer(
      'c2',
      7,
      [
        walk(...way(3, 5.2)),
        { act: 'use', at: [1.9, 4.1], face: [1.1, 3.3], seconds: 19 },
        { act: 'stand', seconds: 2, face: [7, 0] },
        walk(...way(3, 5.4)),
      ],
      { seed: 612, fromOtherwise: true },
    ),
    customer(
      'c3',
      18,
      [
        {
          act: 'wander',
          stops: [
            { to: [3.4, 5.4], seconds: 3, face: [7, 0] },
            { to: [4.7, 4.7], seconds: 3.5, face: [1.1, 3.3] },
            { to: [5.5, 5.5], seconds: 3, face: [10, 4.5] },
            { to: [4, 6], seconds: 3.5, face: [7, 0] },
            { to: [5, 4.5], seconds: 3, face: [10, 4.5] },
          ],
        },
        walk([3.4, 6.2]),
      ],
      { seed: 613, speed: 1.15 },
    ),
  ],
};

export default scene;
