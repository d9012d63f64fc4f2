import sharp from 'sharp';
import { defaultModel, findModel } from '../../../edge/detectors/models-folder.ts';
import { readGolden } from '../../../edge/detectors/verify-models.ts';
import { fitInto } from '../../../src/core/detect/fit.ts';
import type { Size } from '../../../src/core/units.ts';
import type { Frame } from '../../../src/ports/camera.ts';

/** The frame with people that ships with the default model. */
export async function goldenFrame(): Promise<Frame> {
  const model = await findModel(defaultModel);
  return readGolden(model, model.entry.golden!);
}

/** The same people for a detector of another input, as if the golden image were what a camera gave. */
export async function goldenFrameFor(input: Size): Promise<Frame> {
  const { rgb, input: camera } = await goldenFrame();
  const { data } = await sharp(rgb, { raw: { ...camera, channels: 3 } })
    .resize(input.width, input.height, { fit: 'contain', background: '#727272' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { at: 0, camera, input, fit: fitInto(camera, input, 'letterbox'), rgb: new Uint8Array(data) };
}
