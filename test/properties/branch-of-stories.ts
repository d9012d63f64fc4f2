import type { Branch } from '../../src/contract/branch.ts';
import { thresholdsSchema } from '../../src/contract/thresholds.ts';
import { camera, thresholds, zones } from '../core/story.ts';

/** The branch the stories play in, as the service knows it. */
export const branchOfStories: Branch = {
  id: 'stories',
  cameras: [{ id: camera.id, source: 'made-up', framesPerSecond: 5, floor: camera.floor as never }],
  zones: zones.map((zone) => ({ zone, name: { zh: '地方', en: 'Place' } })),
  profiles: [],
  thresholds: thresholdsSchema.parse(thresholds),
  heads: true,
  webhooks: [],
  homeAssistant: false,
  journal: {
    days: 30,
    megabytes: 300,
    memoryMegabytes: 128,
    sceneSeconds: 1,
    timeSeconds: 1,
    sceneMetres: 0.25,
  },
  privacy: { level: 'floor' },
  remarks: [],
};
