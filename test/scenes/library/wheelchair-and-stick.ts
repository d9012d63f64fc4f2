import { way } from '../plane.ts';
import type { Scene } from '../scene.ts';
import { highStreet } from './lobbies/high-street.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer, staff } = peopleIn(highStreet);

const scene: Scene = {
  ...highStreet.plan,
  name: 'wheelchair-and-stick',
  tests:
    'Customers who sit in a wheelchair, go slowly with a stick, or take a seat, are customers like all others.',
  seed: 48,
  seconds: 66,
  camera: highStreet.cameras.farLeft,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer(
      'c1',
      0,
      [
        walk([-0.6, 1.5]),
        { act: 'queue', zone: 'cash', servedForSeconds: 12 },
        walk(...way(-0.3, -1.9, -1.4, 0.3)),
      ],
      { seed: 141, speed: 1, looks: { aid: 'wheelchair' } },
    ),
    customer(
      'c2',
      6,
      [
        walk(...way(-1.6, 1.2)),
        { act: 'stand', seconds: 3, face: [2, -3] },
        { act: 'sit', at: [-0.3, 3.1], face: [-0.3, 0], seconds: 9 },
        walk([-1.2, 1.8]),
      ],
      {
        seed: 142,
        speed: 0.72,
        looks: { aid: 'stick', hair: { style: 'short', colour: '#c9c6c0' }, heightMetres: 1.62 },
      },
    ),
    staff(
      's1',
      11,
      [
        walk(...way(3, -1.4, 2.4, 2.2, 0.4, 1.9)),
        { act: 'meet', customer: 'c2', seconds: 5 },
        walk(...way(0.4, 2.2, 2.6, 1.6)),
        { act: 'until', at: 46, face: [-1, 1] },
      ],
      { seed: 143 },
    ),
    customer('c3', 22, [{ act: 'use', at: [-3, -1.4], face: [-4, -1.4], seconds: 9 }, walk([-2.6, 0.1])], {
      seed: 144,
      speed: 0.8,
      looks: { aid: 'walker' },
    }),
  ],
};

export default scene;
