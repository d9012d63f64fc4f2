import { way } from '../plane.ts';
import type { Act, Scene } from '../scene.ts';
import { cornerBranch } from './lobbies/corner-branch.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer, staff } = peopleIn(cornerBranch);

const cash = (servedForSeconds: number): Act[] => [
  walk([6.6, 5.8]),
  { act: 'queue', zone: 'cash', servedForSeconds },
  walk(...way(6, 1.4, 5.9, 4.6, 4, 6.2)),
];
const adviser = [0.42, 3.3] as const;

const scene: Scene = {
  ...cornerBranch.plan,
  name: 'two-queues',
  tests:
    'A line for cash and one for advice: each holds its own, one changes from one to the other, one is fetched to the desk.',
  seed: 20,
  seconds: 72,
  camera: cornerBranch.cameras.farLeft,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    staff(
      's1',
      1,
      [
        walk(...way(2.4, 1.5, 0.7, 2)),
        { act: 'sit', at: adviser, face: [3, 3.3], seconds: 18 },
        walk(...way(0.5, 2.2, 1.6, 2.1)),
        { act: 'meet', customer: 'c2', seconds: 3.5 },
        walk(...way(1.6, 2.1, 0.5, 2.2)),
        { act: 'sit', at: adviser, face: [3, 3.3], seconds: 60 },
      ],
      { seed: 9, stays: true },
    ),
    customer('c1', 0.5, cash(19), { seed: 81 }),
    customer(
      'c2',
      3,
      [
        walk([5.2, 5]),
        { act: 'queue', zone: 'advice', servedForSeconds: 15 },
        { act: 'sit', at: [1.85, 3.3], face: [0.4, 3.3], seconds: 17 },
        walk(...way(2.3, 4.6)),
      ],
      { seed: 82, looks: { aid: 'stick' }, speed: 0.85 },
    ),
    customer('c3', 6, cash(6), { seed: 83, fromOtherwise: true }),
    customer('c4', 9, cash(6), { seed: 84 }),
    // Has stood behind the three for a while, and thinks again.
    customer(
      'c5',
      13,
      [
        walk(...way(6.6, 5.8, 7, 4.2)),
        { act: 'stand', seconds: 9, face: [7, 0] },
        walk([6, 4.8]),
        { act: 'queue', zone: 'advice', servedForSeconds: 40 },
      ],
      { seed: 85 },
    ),
    customer('c6', 36, cash(6), { seed: 86, toOtherwise: true }),
  ],
};

export default scene;
