import type { Scene } from '../scene.ts';
import { highStreet } from './lobbies/high-street.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { dressed, peopleIn, walk } from './people.ts';

const { customer } = peopleIn(highStreet);

const first = customer(
  'c1',
  1,
  [walk([0, 2.2]), { act: 'queue', zone: 'cash', servedForSeconds: 24 }, walk([-0.3, -1.9], [-1.4, 0.6])],
  { seed: 621, speed: 1.1 },
);

const scene: Scene = {
  ...highStreet.plan,
  name: 'waits-for-another',
  tests:
    'Two come in together, one queues, the other looks at this and that meanwhile: who waits for another is not lost.',
  seed: 62,
  seconds: 56,
  camera: highStreet.cameras.nearRight,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    first,
    {
      ...first,
      id: 'c2',
      at: 1.3,
      looks: dressed(622),
      acts: [
        { act: 'follow', person: 'c1', beside: 0.6, behind: 0.1, until: 8.2 },
        walk([-0.9, 1.1]),
        { act: 'stand', seconds: 7, face: [1, -2] },
        walk([-1.7, -0.4]),
        { act: 'stand', seconds: 5, face: [1, -2] },
        walk([-0.6, -0.9]),
        { act: 'stand', seconds: 6, face: [1, -3.5] },
        walk([-1.1, 0.6]),
        { act: 'stand', seconds: 4, face: [1, -2] },
        { act: 'follow', person: 'c1', beside: 0.6, behind: 0.1 },
      ],
    },
    customer('c3', 22, [{ act: 'use', at: [-3.1, -1.4], face: [-4, -1.4], seconds: 10 }, walk([-2.5, 0.4])], {
      seed: 623,
      fromOtherwise: true,
    }),
  ],
};

export default scene;
