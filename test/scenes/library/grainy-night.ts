import type { Act, Point, Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { selfService } from './lobbies/self-service.ts';
import { peopleIn, walk } from './people.ts';

const { customer } = peopleIn(selfService);

const cash = (x: number, seconds: number): Act => ({ act: 'use', at: [x, 0.95], face: [x, 0], seconds });
const print = (y: number, seconds: number): Act => ({ act: 'use', at: [0.95, y], face: [0, y], seconds });
const middle: Point = [3.9, 2.6];

const scene: Scene = {
  ...selfService.plan,
  name: 'grainy-night',
  tests:
    'Night, little light and a frugal recorder: the picture is grain and blocks, and people still come and go.',
  seed: 23,
  seconds: 54,
  crf: 36,
  camera: { ...selfService.cameras.farLeft, noise: 6 },
  light: { level: 0.35 },
  thresholds: minuteThresholds,
  people: [
    customer('c1', 0.5, [walk(middle), cash(4.4, 12), walk([4.6, 2.6])], { seed: 111 }),
    customer('c2', 9, [walk(middle), cash(3.1, 14), walk(middle)], { seed: 112, fromOtherwise: true }),
    customer('c3', 15, [walk(middle), print(3.6, 10), walk([3.6, 3])], {
      seed: 113,
      toOtherwise: true,
      speed: 1.5,
    }),
    customer('c4', 32, [walk(middle), cash(1.8, 8), walk(middle)], { seed: 114 }),
  ],
};

export default scene;
