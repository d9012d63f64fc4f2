import { way } from '../plane.ts';
import type { Act, Scene } from '../scene.ts';
import { highStreet } from './lobbies/high-street.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { peopleIn, walk } from './people.ts';

const { customer } = peopleIn(highStreet);

const atTheWindow = (servedForSeconds: number): Act[] => [
  { act: 'queue', zone: 'cash', servedForSeconds },
  walk(...way(0, -2.2, -0.6, -1, -1.5, 0.4)),
];

const scene: Scene = {
  ...highStreet.plan,
  name: 'straight-to-the-window',
  tests:
    'Nobody is in line: who walks straight up to the window queues too, also while another is leaving it.',
  seed: 16,
  seconds: 48,
  camera: { ...highStreet.cameras.farLeft, fps: 10 },
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer('c1', 0.5, [walk([0.3, 2.1]), ...atTheWindow(8)], { seed: 41, speed: 1.5 }),
    // Is at the window as the first turns to go.
    customer('c2', 12.7, [walk([-0.4, 1.2]), ...atTheWindow(7)], {
      seed: 42,
      fromOtherwise: true,
      speed: 1.35,
    }),
    customer('c3', 27, [walk([0.2, 2.1]), ...atTheWindow(5)], { seed: 43, speed: 1.15, toOtherwise: true }),
  ],
};

export default scene;
