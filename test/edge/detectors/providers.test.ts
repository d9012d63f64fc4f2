import { describe, expect, it } from 'vitest';
import { openOnnx } from '../../../edge/detectors/onnx.ts';
import { openDetector } from '../../../edge/detectors/open-detector.ts';
import { LobbyError } from '../../../src/contract/errors.ts';
import { goldenFrame } from './golden.ts';

describe('What ONNX Runtime computes on', () => {
  it('is refused where this build does not have it, with what it has, and nothing is fallen back on', async () => {
    // No build that npm has knows OpenVINO.
    for (const runtime of ['onnxruntime', 'auto'] as const) {
      const opening = openDetector({ provider: 'openvino', runtime, threads: 1 });
      const error = await opening.catch((one: unknown) => one);
      expect(error).toBeInstanceOf(LobbyError);
      expect(error).toMatchObject({ code: 'LOBBY_PROVIDER_ABSENT' });
      const { message, remedy } = error as LobbyError;
      expect(message).toBe('Cannot compute on openvino: this build of ONNX Runtime does not have it');
      expect(remedy).toMatch(/This build of ONNX Runtime knows cpu(, \w+)*;/);
    }
  });

  it('is in the detector’s name where the build and the machine have it, and else it is said why not', async () => {
    const frame = await goldenFrame();
    for (const provider of ['webgpu', 'cuda'] as const) {
      try {
        const detector = await openDetector({ provider, runtime: 'onnxruntime' });
        expect(detector.name).toBe(`person-nanodet-640x384 on onnxruntime (${provider})`);
        expect((await detector.detect(frame)).length).toBeGreaterThanOrEqual(2);
        await detector.close();
      } catch (error) {
        expect(error).toMatchObject({ code: 'LOBBY_PROVIDER_ABSENT' });
        const [, reason] = /^Cannot compute on \w+: (.+)$/.exec((error as LobbyError).message)!;
        expect(reason!.length).toBeGreaterThan(10);
        expect(reason).not.toMatch(/onnxruntime_src|\n/);
      }
    }
  });

  it('is not to blame for a file that is no model', async () => {
    await expect(
      openOnnx('none', [Buffer.from('no model')], 1, { provider: 'webgpu' }),
    ).rejects.toMatchObject({
      code: 'LOBBY_MODEL_WRONG',
    });
  });

  it('is no choice of TensorFlow.js’s', async () => {
    await expect(openDetector({ provider: 'cuda', runtime: 'tfjs' })).rejects.toMatchObject({
      code: 'LOBBY_OPTION_INVALID',
    });
  });
});
