import { join } from 'node:path';
import { z } from 'zod';
import { machineSchema } from './machine.ts';
import { stageNames } from './stages.ts';

/** Where what `npm run bench -- --write` measured is kept. */
export const suiteFile: string = join(import.meta.dirname, 'suite.json');

const positive = z.number().positive();
const atLeastNone = z.number().min(0);

const manyCameras = z.strictObject({
  cameras: z.int().min(1),
  framesPerSecond: z.array(atLeastNone),
  dropped: atLeastNone,
  residentMegabytes: positive,
  peakMegabytes: positive,
  journalMegabytes: positive.optional(),
  cores: atLeastNone,
  listeningSeconds: positive,
  lookingSeconds: positive,
});
const growth = z.strictObject({
  of: z.int().min(1),
  median: positive,
  p95: positive,
  stateKilobytes: positive,
});
const replay = z.strictObject({ timesRealTime: positive, peakMegabytes: positive });

/** Each part with where and when it was taken; one that was not taken is absent. */
export const suiteSchema = z.strictObject({
  stages: machineSchema
    .extend({
      costs: z.array(
        z.strictObject({
          stage: z.enum(stageNames),
          processorMs: positive,
          spread: z.tuple([positive, positive]),
          wallMs: positive,
        }),
      ),
    })
    .optional(),
  cameras: machineSchema.extend({ sustained: z.int().min(0), runs: z.array(manyCameras) }).optional(),
  memory: machineSchema.extend({ runs: z.array(manyCameras) }).optional(),
  start: machineSchema
    .extend({ firstPromptSeconds: positive, listeningSeconds: positive, lookingSeconds: positive })
    .optional(),
  replay: machineSchema.extend({ clip: replay, recording: replay }).optional(),
  growth: machineSchema
    .extend({
      people: z.array(growth),
      cameras: z.array(growth),
      hours: z.array(z.strictObject({ hour: z.int().min(1), stateKilobytes: positive })),
    })
    .optional(),
  peers: machineSchema
    .extend({
      peers: z.array(
        z.strictObject({
          name: z.string(),
          instead: z.enum(['inference', 'track']),
          ratio: positive,
          spread: z.tuple([positive, positive]),
        }),
      ),
    })
    .optional(),
  roofline: machineSchema
    .extend({ floatPeak: positive, bytePeak: positive, networkOperations: positive, reached: positive })
    .optional(),
  size: machineSchema
    .extend({
      packages: positive,
      otherPlatforms: atLeastNone,
      largest: z.array(z.strictObject({ name: z.string(), megabytes: positive })),
      models: positive,
      pages: atLeastNone,
      source: positive,
    })
    .optional(),
});
export type Suite = z.infer<typeof suiteSchema>;
export const partNames = [
  'stages',
  'roofline',
  'peers',
  'cameras',
  'memory',
  'start',
  'replay',
  'growth',
  'size',
] as const;
export type PartName = (typeof partNames)[number];
