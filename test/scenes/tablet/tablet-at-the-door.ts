import { highStreet } from '../library/lobbies/high-street.ts';
import { minuteThresholds } from '../library/lobbies/lobby.ts';
import { peopleIn, walk } from '../library/people.ts';
import { way } from '../plane.ts';
import type { Scene } from '../scene.ts';

const { customer } = peopleIn(highStreet);

/** What a tablet on a stand four metres inside the door sees: for the browser as a camera, which finds near people alone. */
const scene: Scene = {
  ...highStreet.plan,
  name: 'tablet-at-the-door',
  tests: 'Three customers come in one after another before a tablet on a stand, and the first leaves again.',
  seed: 5,
  seconds: 26,
  camera: {
    id: 'door',
    at: [0.2, 1.6],
    heightMetres: 1.6,
    lookAt: [-4, 1.3],
    verticalDegrees: 55,
    widthPx: 640,
    heightPx: 480,
    fps: 8,
  },
  light: { level: 1 },
  thresholds: minuteThresholds,
  people: [
    customer('c1', 1, [walk(...way(-2, 0.9, -1.2, -0.5, 1.2, 0))], { seed: 1, speed: 1.3 }),
    customer('c2', 6, [walk(...way(-2, 1.6, -0.9, 3))], { seed: 4, speed: 1.2, stays: true }),
    customer('c3', 13, [walk(...way(-2, 1, -1.1, -0.6, 1.2, 0.1))], {
      seed: 7,
      speed: 1.25,
      stays: true,
    }),
  ],
};

export default scene;
