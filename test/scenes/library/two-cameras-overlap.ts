import type { Scene } from '../scene.ts';
import { cornerBranch } from './lobbies/corner-branch.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer, couple, staff } = peopleIn(cornerBranch);

const scene: Scene = {
  ...cornerBranch.plan,
  name: 'two-cameras-overlap',
  tests:
    'Two cameras see a part of the hall both: whoever walks, waits or stands side by side there is one visit each, and who is met is met in the view of one alone.',
  seed: 61,
  seconds: 76,
  camera: cornerBranch.cameras.overDoor,
  further: [cornerBranch.cameras.besideDoor],
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer(
      'c1',
      0.5,
      [walk([3.2, 5.6], [6.2, 5.2]), { act: 'queue', zone: 'cash', servedForSeconds: 9 }, walk([5.9, 4.6])],
      { seed: 201 },
    ),
    ...couple(
      ['c2', 'c3'],
      6,
      [
        walk([2.9, 5.7]),
        { act: 'stand', seconds: 13, face: [5, 2] },
        walk([5, 4.7]),
        { act: 'stand', seconds: 6, face: [7, 0] },
        walk([3.4, 5.6]),
      ],
      { seed: 202 },
    ),
    customer(
      'c4',
      14,
      [walk([4.4, 5.4], [5.8, 2]), { act: 'stand', seconds: 22, face: [7, 0] }, walk([5.2, 4.2], [3.6, 5.8])],
      { seed: 203, fromOtherwise: true },
    ),
    staff(
      's1',
      21,
      [
        walk([4.3, 1.9]),
        { act: 'meet', customer: 'c4', seconds: 7 },
        walk([4.4, 1.9]),
        { act: 'until', at: 46, face: [5, 8] },
        walk([3.4, 1.6]),
      ],
      { seed: 204 },
    ),
    customer('c5', 29, [walk([4.3, 6]), { act: 'stand', seconds: 24, face: [2.6, 8] }, walk([3, 6.2])], {
      seed: 205,
      toOtherwise: true,
    }),
    customer(
      'c6',
      40,
      [
        walk([3.2, 5.2], [8.2, 4.4]),
        { act: 'use', at: [9, 3.9], face: [10, 3.9], seconds: 9 },
        walk([8, 4.6]),
      ],
      { seed: 206, speed: 1.4 },
    ),
  ],
};

export default scene;
