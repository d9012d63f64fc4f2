import { way } from '../plane.ts';
import type { Scene } from '../scene.ts';
import { cornerBranch } from './lobbies/corner-branch.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer, staff } = peopleIn(cornerBranch);
const fromCash = walk(...way(6, 1.4, 5.9, 4.6, 4, 6.2));

const scene: Scene = {
  ...cornerBranch.plan,
  name: 'lights-off',
  tests: 'The light fails while people stand and walk, and comes back: nobody becomes somebody else by it.',
  seed: 17,
  seconds: 60,
  camera: { ...cornerBranch.cameras.farLeft, noise: 3 },
  light: {
    level: 1,
    changes: [
      { at: 21, level: 1 },
      { at: 21.4, level: 0.15 },
      { at: 34, level: 0.15 },
      { at: 34.8, level: 0.9 },
      { at: 37, level: 1 },
    ],
  },
  thresholds: minuteThresholds,
  people: [
    staff(
      's1',
      16,
      [
        walk(...way(3.4, 1.9, 5.8, 2.5, 5.8, 5.6)),
        { act: 'meet', customer: 'c3', seconds: 4 },
        walk(...way(5.6, 2.3, 3.7, 1.8)),
        { act: 'until', at: 50, face: [5, 5] },
      ],
      { seed: 7 },
    ),
    customer('c1', 0.5, [walk([7, 5.7]), { act: 'queue', zone: 'cash', servedForSeconds: 24 }, fromCash], {
      seed: 51,
    }),
    customer('c2', 5, [walk([7, 5.7]), { act: 'queue', zone: 'cash', servedForSeconds: 8 }, fromCash], {
      seed: 52,
    }),
    customer(
      'c3',
      10,
      [
        walk([4.4, 5.4]),
        { act: 'stand', seconds: 9, face: [7, 0] },
        walk([8.2, 6.2]),
        { act: 'use', at: [9, 5.1], face: [10, 5.1], seconds: 12 },
        walk([5, 6.6]),
      ],
      { seed: 53 },
    ),
    // Comes in while it is dark.
    customer(
      'c4',
      22,
      [
        walk(...way(4, 6.4, 8, 6)),
        { act: 'use', at: [9, 3.9], face: [10, 3.9], seconds: 10 },
        walk(...way(8, 6.2, 4, 6.6)),
      ],
      {
        seed: 54,
        fromOtherwise: true,
      },
    ),
  ],
};

export default scene;
