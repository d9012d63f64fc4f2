import { way } from '../plane.ts';
import type { Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { marketHall } from './lobbies/market-hall.ts';
import { peopleIn, walk } from './people.ts';

const { customer, staff } = peopleIn(marketHall);
const { comeIn, goOut } = marketHall.ways;

const scene: Scene = {
  ...marketHall.plan,
  name: 'leaves-and-comes-back',
  tests:
    'One customer leaves, and comes back for what they forgot: two visits; in between somebody else comes in.',
  seed: 45,
  seconds: 62,
  camera: marketHall.cameras.steepNearLeft,
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer(
      'c1',
      0.5,
      [
        walk(...way(-2.4, -2)),
        { act: 'queue', zone: 'cash', servedForSeconds: 4 },
        walk(...way(-5.6, -0.4, -2.6, -3.2), ...goOut.slice(0, 3)),
        { act: 'stand', seconds: 3.5, face: [-10, -6] },
        walk(...comeIn.slice(-2), ...way(-2.6, -2.6)),
        { act: 'stand', seconds: 6, face: [-8, 1] },
        walk(...way(-1.8, -3)),
      ],
      { seed: 111, speed: 1.4 },
    ),
    customer('c2', 24, [{ act: 'queue', zone: 'cash', servedForSeconds: 6 }, walk(...way(-5.6, -0.4))], {
      seed: 112,
      speed: 1.3,
    }),
    staff(
      's1',
      30,
      [
        walk(...way(-5.6, -2.9)),
        { act: 'until', at: 38, face: [-1.6, -6] },
        { act: 'meet', customer: 'c1', seconds: 5 },
        walk(...way(-4.4, -2)),
        { act: 'until', at: 52, face: [-1.6, -6] },
      ],
      { seed: 113 },
    ),
  ],
};

export default scene;
