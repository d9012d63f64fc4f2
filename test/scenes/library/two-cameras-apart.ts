import type { Act, Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { longPassage } from './lobbies/long-passage.ts';
import { peopleIn, walk } from './people.ts';

const { customer } = peopleIn(longPassage);

const cash = (x: number, seconds: number): Act => ({ act: 'use', at: [x, 0.95], face: [x, 0], seconds });

const scene: Scene = {
  ...longPassage.plan,
  name: 'two-cameras-apart',
  tests:
    'Three metres that neither of two cameras sees lie between the door and the machines: who walks through them is the same visit on the other side, and who turns round in them leaves.',
  seed: 62,
  seconds: 80,
  camera: longPassage.cameras.door,
  further: [longPassage.cameras.hall],
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer('c1', 0.5, [walk([5, 2.5], [10.6, 2.2]), cash(11.8, 11), walk([10.4, 2.4], [5, 2.4])], {
      seed: 211,
    }),
    // Shortly after one another, the second a little faster.
    customer(
      'c2',
      9,
      [
        walk([5, 2.7], [10.4, 2.8]),
        { act: 'queue', zone: 'cash', servedForSeconds: 14 },
        walk([10.4, 2.6], [5, 2.4]),
      ],
      { seed: 212, speed: 1.2 },
    ),
    customer('c3', 11.5, [walk([5, 2.4], [10.6, 2]), cash(13.1, 16), walk([10.2, 2.5], [5, 2.6])], {
      seed: 213,
      speed: 1.3,
      fromOtherwise: true,
    }),
    // Has forgotten something: turns round where nobody sees it.
    customer('c4', 42, [walk([7.2, 2.7]), { act: 'stand', seconds: 1.2, face: [10, 2.7] }, walk([5, 2.5])], {
      seed: 214,
    }),
    customer(
      'c5',
      46.5,
      [
        walk([5, 2.6], [10.5, 2.8]),
        { act: 'queue', zone: 'cash', servedForSeconds: 6 },
        walk([10.4, 2.4], [5, 2.4]),
      ],
      { seed: 215, toOtherwise: true },
    ),
  ],
};

export default scene;
