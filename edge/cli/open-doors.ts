import { LobbyError } from '../../src/contract/errors.ts';
import type { Detector } from '../../src/ports/detector.ts';
import { doorModel } from '../detectors/models-folder.ts';
import { type DetectorRequest, openDetector } from '../detectors/open-detector.ts';

/**
 * Opens the model that looks at far doors more closely. The service can do without: if it cannot be opened, that is
 * said, and everything else goes on.
 *
 * @param request as the detector of the whole picture is opened; beside one that somebody brought there is none, since
 *        what two networks are sure of cannot be put together
 * @param tell told in one sentence why doors are not looked at more closely
 */
export async function openDoors(
  { model, ...request }: DetectorRequest,
  tell: (sentence: string) => void,
): Promise<Detector | undefined> {
  if (model !== undefined) return undefined;
  try {
    return await openDetector({ ...request, model: doorModel });
  } catch (error) {
    if (!(error instanceof LobbyError)) throw error;
    tell(`doors are not looked at more closely: ${error.message}. ${error.remedy}`);
    return undefined;
  }
}
