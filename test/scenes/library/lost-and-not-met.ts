import { way } from '../plane.ts';
import type { Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { oldBank } from './lobbies/old-bank.ts';
import { peopleIn, walk } from './people.ts';

const { customer, staff } = peopleIn(oldBank);

const scene: Scene = {
  ...oldBank.plan,
  name: 'lost-and-not-met',
  tests:
    'Somebody looks around between the pillars and leaves; staff were busy with another, and that is no contact.',
  seed: 14,
  seconds: 60,
  camera: oldBank.cameras.overCounter,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    staff(
      's1',
      7,
      [
        walk(...way(-5.2, -2, -5, 0.4)),
        { act: 'meet', customer: 'c2', seconds: 9 },
        walk(...way(-5.1, -1.6)),
        { act: 'until', at: 44, face: [0, 0] },
      ],
      { seed: 4 },
    ),
    customer(
      'c1',
      1,
      [
        {
          act: 'wander',
          stops: [
            { to: [1.2, 2.6], seconds: 3, face: [0, -5] },
            { to: [3, 1.2], seconds: 3.5, face: [7, -2] },
            { to: [3.3, -0.2], seconds: 3, face: [0, -5] },
            { to: [5, 0.9], seconds: 4, face: [7, -2] },
            { to: [2.8, 2], seconds: 3, face: [-4, 0] },
            { to: [0.6, 1.4], seconds: 4, face: [0, -5] },
            { to: [1.6, 2.9], seconds: 3.5, face: [5, 4.5] },
          ],
        },
      ],
      { seed: 5, speed: 1.15 },
    ),
    customer(
      'c2',
      3,
      [
        walk(...way(-2.2, 2.6)),
        { act: 'stand', seconds: 8, face: [-6.6, 0.6] },
        walk(...way(-2.4, 0.8)),
        { act: 'queue', zone: 'cash', servedForSeconds: 9 },
        walk(...way(2.7, -3.6, 2.75, 0.2, 0.4, 2.4)),
      ],
      { seed: 6, speed: 0.95 },
    ),
  ],
};

export default scene;
