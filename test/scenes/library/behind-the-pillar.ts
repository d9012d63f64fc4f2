import { way } from '../plane.ts';
import type { Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { oldBank } from './lobbies/old-bank.ts';
import { peopleIn, walk } from './people.ts';

const { customer } = peopleIn(oldBank);

const scene: Scene = {
  ...oldBank.plan,
  name: 'behind-the-pillar',
  tests:
    'Somebody waits long behind a pillar and comes out at its other side; another, who looks around, keeps disappearing behind it.',
  seed: 41,
  seconds: 62,
  camera: oldBank.cameras.gallery,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer(
      'c1',
      0.5,
      [
        walk(...way(-2, 2.9)),
        // Seen from the gallery the near left pillar hides a whole person here.
        walk([-3.3, 1.78]),
        { act: 'stand', seconds: 13, face: [-1, -5] },
        walk(...way(-4.2, 0.6, -4.6, -1.6)),
        { act: 'stand', seconds: 6, face: [0, -5] },
        walk(...way(-2.4, 0.4)),
      ],
      { seed: 71, speed: 1.25 },
    ),
    customer(
      'c2',
      14,
      [
        {
          act: 'wander',
          stops: [
            { to: [-2.1, 2.3], seconds: 2, face: [0, -5] },
            { to: [-3.0, 1.5], seconds: 3, face: [-6.6, 0.6] },
            { to: [-4.6, 1], seconds: 2.5, face: [0, -5] },
            { to: [-2.9, 1.45], seconds: 3, face: [0, 5] },
            { to: [-2, 0.6], seconds: 3, face: [0, -5] },
            { to: [-3.1, 1.6], seconds: 2.5, face: [-5, -5] },
            { to: [-2.3, 2.5], seconds: 2.5, face: [0, -5] },
          ],
        },
      ],
      { seed: 72, speed: 1.2 },
    ),
  ],
};

export default scene;
