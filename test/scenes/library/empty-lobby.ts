import type { Scene } from '../scene.ts';
import { highStreet } from './lobbies/high-street.ts';
import { minuteThresholds } from './lobbies/lobby.ts';

const scene: Scene = {
  ...highStreet.plan,
  name: 'empty-lobby',
  tests:
    'Nobody is there: a cloud passes, a figure of board stands in its corner, and nothing at all may be told.',
  seed: 11,
  seconds: 40,
  camera: { ...highStreet.cameras.nearRight, noise: 1.5 },
  light: {
    level: 1,
    changes: [
      { at: 8, level: 1 },
      { at: 11, level: 0.6 },
      { at: 16, level: 0.7 },
      { at: 18, level: 0.5 },
      { at: 25, level: 1 },
    ],
  },
  thresholds: minuteThresholds,
  people: [],
};

export default scene;
