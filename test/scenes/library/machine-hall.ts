import type { Act, Point, Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { selfService } from './lobbies/self-service.ts';
import { peopleIn, walk } from './people.ts';

const { customer, couple } = peopleIn(selfService);

const cash = (x: number, seconds: number): Act => ({ act: 'use', at: [x, 0.95], face: [x, 0], seconds });
const print = (y: number, seconds: number): Act => ({ act: 'use', at: [0.95, y], face: [0, y], seconds });
const middle: Point = [4.1, 2.5];

const scene: Scene = {
  ...selfService.plan,
  name: 'machine-hall',
  tests:
    'Machines and no staff, seen from low down: people use them and leave, and one is lost among them unmet.',
  seed: 24,
  seconds: 62,
  camera: selfService.cameras.lowNearLeft,
  light: { level: 0.95 },
  thresholds: minuteThresholds,
  people: [
    customer('c1', 0.5, [walk(middle), cash(3.1, 11), walk(middle)], { seed: 121 }),
    customer(
      'c2',
      5,
      [
        {
          act: 'wander',
          stops: [
            { to: [4.2, 3], seconds: 3, face: [3, 0] },
            { to: [3, 2.4], seconds: 3.5, face: [0, 3] },
            { to: [2.1, 3.2], seconds: 3, face: [0, 3.6] },
            { to: [2.2, 2], seconds: 3.5, face: [1.8, 0] },
            { to: [3.4, 3.8], seconds: 3, face: [3.3, 4.8] },
            { to: [2.4, 2.8], seconds: 3, face: [0, 2.4] },
          ],
        },
        walk([4.3, 3]),
      ],
      { seed: 122, fromOtherwise: true, speed: 1.1 },
    ),
    customer('c3', 11, [walk(middle), cash(4.4, 9), walk([4.6, 2.4])], { seed: 123, speed: 1.45 }),
    ...couple(['c4', 'c5'], 20, [walk([4.2, 2.4]), cash(1.8, 13), walk([4, 2.3])], { seed: 124 }),
    customer('c6', 28, [walk([4.2, 2.2]), print(2.4, 9), walk([3.6, 2.4])], { seed: 125, toOtherwise: true }),
  ],
};

export default scene;
