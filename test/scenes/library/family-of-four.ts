import { way } from '../plane.ts';
import type { Person, Scene } from '../scene.ts';
import { cornerBranch } from './lobbies/corner-branch.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { child, dressed, peopleIn, walk } from './people.ts';

const { customer, staff } = peopleIn(cornerBranch);

const father = customer(
  'father',
  0.5,
  [
    walk([3.6, 5.4]),
    { act: 'stand', seconds: 4, face: [7, 0] },
    walk([6.95, 5]),
    { act: 'queue', zone: 'cash', servedForSeconds: 11 },
    walk(...way(8.1, 2, 8.2, 4.6, 5.2, 5.8)),
  ],
  {
    seed: 83,
    speed: 1.05,
    looks: {
      heightMetres: 1.84,
      hair: { style: 'short', colour: '#2a1f18' },
      top: { kind: 'jacket', colour: '#35503f', under: '#e8ecef' },
      legs: { kind: 'trousers', colour: '#3a3d45' },
    },
  },
);

const withFather = (id: string, looks: Person['looks'], beside: number, behind: number): Person => ({
  id,
  role: 'customer',
  looks,
  at: father.at + 0.3,
  from: [father.from[0] + 0.5, father.from[1] + 0.3],
  speed: 1.25,
  acts: [{ act: 'follow', person: 'father', beside, behind }],
});

const scene: Scene = {
  ...cornerBranch.plan,
  name: 'family-of-four',
  tests: 'Two adults, a child and a pram are one party: met together, and together in the queue.',
  seed: 42,
  seconds: 58,
  camera: cornerBranch.cameras.farRight,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    father,
    withFather(
      'mother',
      dressed(81, {
        hair: { style: 'long', colour: '#3b2a1e' },
        pushes: { kind: 'pram', colour: '#2e3440' },
      }),
      -0.45,
      0.85,
    ),
    withFather('child', child(84, { heightMetres: 1.12 }), 0.3, 0.75),
    staff(
      's1',
      3,
      [
        walk(...way(3.3, 2.2, 4.4, 4.4)),
        { act: 'meet', customer: 'father', seconds: 4 },
        walk(...way(3.2, 4.6, 2.4, 5.2)),
        { act: 'until', at: 40, face: [6, 4] },
        walk([3.3, 2]),
      ],
      { seed: 85 },
    ),
    customer(
      'c5',
      22,
      [{ act: 'use', at: [8.9, 5.1], face: [10, 5.1], seconds: 9 }, walk(...way(5.6, 6.2))],
      {
        seed: 86,
        speed: 1.3,
      },
    ),
  ],
};

export default scene;
