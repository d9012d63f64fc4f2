import { way } from '../plane.ts';
import type { Act, Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { marketHall } from './lobbies/market-hall.ts';
import { peopleIn, walk } from './people.ts';

const { customer, couple } = peopleIn(marketHall);
const { plan } = marketHall;

const cash = (servedForSeconds: number): Act[] => [
  { act: 'queue', zone: 'cash', servedForSeconds },
  walk(...way(-6.3, -0.6, -5.2, -2.6)),
];
/** Round to where the line ends by now. */
const round = walk([-1, -2.4]);

const scene: Scene = {
  ...plan,
  name: 'bending-queue',
  tests:
    'A line without ropes that grows round a bend towards the door: they stand in order though the last is as near to the counter as the fourth.',
  seed: 31,
  seconds: 72,
  camera: marketHall.cameras.steepNearLeft,
  light: { level: 1 },
  thresholds: { ...minuteThresholds, queue: { waitSeconds: 30, length: 5 } },
  zones: plan.zones.map((zone) =>
    zone.id === 'cash'
      ? {
          ...zone,
          polygon: way(-7.25, 0.4, -4.6, 0.4, -3.9, -3.5, -2.2, -3.5, -2.2, 0.6, -3.4, 1.9, -7.25, 1.9),
        }
      : zone,
  ),
  queues: [
    {
      zone: 'cash',
      places: way(
        ...[-6.75, 1.1, -5.65, 1.1, -4.8, 1.1, -4.02, 0.77],
        ...[-3.43, 0.16, -3.14, -0.64, -3.14, -1.49, -3.14, -2.34, -2.8, -3.1],
      ),
      window: [-8, 1.1],
    },
  ],
  furniture: plan.furniture.filter(({ kind }) => kind !== 'rail'),
  people: [
    customer('c1', 0.5, [walk([-3.6, 0.2]), ...cash(14)], { seed: 221 }),
    customer('c2', 2.5, [walk([-3, 0.2]), ...cash(6)], { seed: 222, fromOtherwise: true }),
    customer('c3', 5, [round, ...cash(5)], { seed: 223 }),
    ...couple(['c4', 'c5'], 7, [round, ...cash(6)], { seed: 224, beside: 0.5, behind: 0.1 }),
    customer('c6', 10, [round, ...cash(5)], { seed: 226, fromOtherwise: true }),
    customer('c7', 13, [round, ...cash(6)], { seed: 227, looks: { aid: 'stick' }, speed: 0.9 }),
    customer('c8', 17, [round, ...cash(5)], { seed: 228 }),
    customer('c9', 24, [round, ...cash(5)], { seed: 229, fromOtherwise: true }),
    customer('c10', 44, [round, ...cash(5)], { seed: 230 }),
  ],
};

export default scene;
