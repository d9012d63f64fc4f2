import { way } from '../plane.ts';
import type { Person, Scene } from '../scene.ts';
import { cornerBranch } from './lobbies/corner-branch.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { child, peopleIn, walk } from './people.ts';

const { customer } = peopleIn(cornerBranch);
const fromWindow = walk(...way(8.1, 2, 8.2, 4.4, 5.4, 5.4));

const parent = customer(
  'parent',
  3,
  [walk([4, 5.6]), { act: 'queue', zone: 'cash', servedForSeconds: 9 }, fromWindow],
  { seed: 131, speed: 1.15 },
);

const playing = (id: string, looks: Person['looks'], beside: number, between: Person['from'][]): Person => ({
  id,
  role: 'customer',
  looks,
  at: parent.at + 0.2,
  from: [parent.from[0] + 0.5 * Math.sign(beside), parent.from[1] + 0.4],
  speed: 1.45,
  acts: [
    // Out on the street, and through the door, by the hand.
    { act: 'follow', person: 'parent', beside, behind: 0.3, until: 11 },
    { act: 'play', between, until: 40 },
    { act: 'follow', person: 'parent', beside, behind: 0.2 },
  ],
});

const scene: Scene = {
  ...cornerBranch.plan,
  name: 'children-play',
  tests: 'A parent queues while two children run about the hall: nobody is lost, and nobody needs a word.',
  seed: 47,
  seconds: 58,
  camera: cornerBranch.cameras.farLeft,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer('c1', 0, [{ act: 'queue', zone: 'cash', servedForSeconds: 16 }, fromWindow], {
      seed: 132,
      speed: 1.4,
    }),
    parent,
    playing(
      'girl',
      child(133, { heightMetres: 1.28 }),
      0.6,
      way(3.6, 5.6, 5.7, 3.6, 3.2, 2.2, 5.4, 6.3, 1.9, 5),
    ),
    playing('boy', child(134, { heightMetres: 1.1 }), -0.6, way(5.2, 4.2, 2.8, 5.9, 4.6, 2.4, 5.8, 5.6)),
  ],
};

export default scene;
