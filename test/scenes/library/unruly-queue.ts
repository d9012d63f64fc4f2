import { way } from '../plane.ts';
import type { Act, Scene } from '../scene.ts';
import { highStreet } from './lobbies/high-street.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer } = peopleIn(highStreet);
const { plan } = highStreet;

type Queueing = Partial<Extract<Act, { act: 'queue' }>>;
const cash = (servedForSeconds: number, more: Queueing = {}): Act[] => [
  { act: 'queue', zone: 'cash', servedForSeconds, ...more },
  walk(...way(-0.2, -1.6, -1.2, 0.2)),
];

const scene: Scene = {
  ...plan,
  name: 'unruly-queue',
  tests:
    'One fetches a form and comes back to the place that was kept, one gives up, one slips in before three who came first.',
  seed: 32,
  seconds: 74,
  camera: highStreet.cameras.farLeft,
  light: { level: 1 },
  thresholds: minuteThresholds,
  furniture: plan.furniture.filter(({ kind }) => kind !== 'rail'),
  people: [
    customer('c1', 0.5, [walk([0.2, 1.4]), ...cash(24)], { seed: 241 }),
    customer('c2', 3, [walk([0.2, 1.6]), ...cash(7)], { seed: 242, fromOtherwise: true }),
    customer(
      'c3',
      6,
      [
        walk([0.4, 1.8]),
        ...cash(6, { stepsOut: { at: 21, to: [-1.5, -2.3], face: [-1.7, -3.3], seconds: 5 } }),
      ],
      { seed: 243 },
    ),
    customer('c4', 8.5, [walk([0.4, 2]), ...cash(6, { givesUpAt: 31 })], { seed: 244, fromOtherwise: true }),
    customer('c5', 28, [walk([0.2, 1.6]), ...cash(6)], { seed: 245 }),
    customer('c6', 30.5, [walk([0.2, 1.6]), ...cash(6)], { seed: 247, fromOtherwise: true }),
    customer('c7', 36, [walk([-0.4, 0.4]), ...cash(6, { cutsIn: 1 })], { seed: 246, speed: 1.4 }),
  ],
};

export default scene;
