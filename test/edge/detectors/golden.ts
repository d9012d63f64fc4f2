import { defaultModel, findModel } from '../../../edge/detectors/models-folder.ts';
import { readGolden } from '../../../edge/detectors/verify-models.ts';
import type { Frame } from '../../../src/ports/camera.ts';

/** The frame with people that ships with the default model. */
export async function goldenFrame(): Promise<Frame> {
  const model = await findModel(defaultModel);
  return readGolden(model, model.entry.golden!);
}
