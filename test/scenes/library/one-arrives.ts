import { way } from '../plane.ts';
import type { Scene } from '../scene.ts';
import { cornerBranch } from './lobbies/corner-branch.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer } = peopleIn(cornerBranch);

const scene: Scene = {
  ...cornerBranch.plan,
  name: 'one-arrives',
  tests: 'One customer comes in, is served at the counter and leaves: each of these is told, once.',
  seed: 12,
  seconds: 44,
  camera: cornerBranch.cameras.farRight,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer(
      'c1',
      1.5,
      [
        walk(...way(5, 6.1, 7, 5.6)),
        { act: 'queue', zone: 'cash', servedForSeconds: 9 },
        walk(...way(6, 1.4, 5.9, 4.6, 4, 6.2)),
      ],
      { seed: 1 },
    ),
  ],
};

export default scene;
