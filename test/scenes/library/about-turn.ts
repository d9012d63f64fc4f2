import { way } from '../plane.ts';
import type { Act, Person, Point, Scene } from '../scene.ts';
import { minuteThresholds } from './lobbies/lobby.ts';
import { selfService } from './lobbies/self-service.ts';
import { dressed, peopleIn, walk } from './people.ts';

const { customer } = peopleIn(selfService);
const { comeIn, goOut } = selfService.ways;

/** Through the door to a point of their own, and out again after it. */
const visitor = (id: string, at: number, seed: number, to: Point[], then: Act[] = []): Person => ({
  id,
  role: 'customer',
  looks: dressed(seed),
  at,
  from: comeIn[0]!,
  speed: 1.25,
  acts: [walk(...comeIn.slice(1, 3), ...to), ...then, walk(...goOut.slice(1))],
});

const scene: Scene = {
  ...selfService.plan,
  name: 'about-turn',
  tests:
    'People turn round: in the doorway, after two metres, and in the middle of the room; each came and went.',
  seed: 43,
  seconds: 44,
  camera: { ...selfService.cameras.lowNearLeft, fps: 12 },
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    // Half a metre past the line, and out at once.
    visitor('c1', 0.5, 91, way(5.1, 3)),
    customer('c2', 5.5, [{ act: 'use', at: [1.8, 0.95], face: [1.8, 0], seconds: 16 }, walk([4.4, 2.6])], {
      seed: 92,
      speed: 1.3,
    }),
    // Two metres in, and round without a stop.
    visitor('c3', 12.5, 93, way(4.7, 2.9, 3.9, 2.7, 4, 3.3, 4.8, 3.7)),
    // Sees that the machine is taken.
    visitor('c4', 19.5, 94, way(3.4, 2.3), [{ act: 'stand', seconds: 2.5, face: [1.8, 0] }]),
    // Meets the one who leaves in the doorway, lets them pass, and goes too.
    visitor('c5', 28.5, 95, way(5.2, 2.9), [{ act: 'stand', seconds: 1.2, face: [3, 1] }]),
  ],
};

export default scene;
