import type { DetectorRequest } from '../detectors/open-detector.ts';

/** The options by which a command says what looks at pictures, and on what it is computed. */
export type DetectorOptions = Pick<DetectorRequest, 'model' | 'runtime' | 'provider' | 'models' | 'threads'>;

/** What was asked for, and nothing else: options of a command have more in them. */
export function detectorRequest({
  model,
  runtime = 'auto',
  provider,
  models,
  threads,
}: DetectorOptions): DetectorRequest {
  return {
    runtime,
    ...(model === undefined ? {} : { model }),
    ...(provider === undefined ? {} : { provider }),
    ...(models === undefined ? {} : { models }),
    ...(threads === undefined ? {} : { threads }),
  };
}
