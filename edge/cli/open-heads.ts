import { LobbyError } from '../../src/contract/errors.ts';
import type { HeadWatcher } from '../../src/ports/head-watcher.ts';
import { type HeadWatcherRequest, openHeadWatcher } from '../detectors/open-head-watcher.ts';

/**
 * Opens the model that looks at heads, if the branch wants it. The service can do without: if it cannot be opened,
 * that is said, and everything else goes on.
 *
 * @param tell told in one sentence why heads are not looked at
 */
export async function openHeads(
  isWanted: boolean,
  request: HeadWatcherRequest,
  tell: (sentence: string) => void,
): Promise<HeadWatcher | undefined> {
  if (!isWanted) return undefined;
  try {
    return await openHeadWatcher(request);
  } catch (error) {
    if (!(error instanceof LobbyError)) throw error;
    tell(`heads are not looked at: ${error.message}. ${error.remedy}`);
    return undefined;
  }
}
