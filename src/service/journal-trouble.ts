import { LobbyError } from '../contract/errors.ts';
import type { HealthPayload } from '../contract/topics.ts';
import type { Seconds } from '../core/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';

/**
 * Told for so long after the last line that was lost: of a journal that is nearly full some kinds of lines are lost and
 * others are not, and health is not to change with each.
 */
const heldFor: Seconds = 60;

/**
 * What health says of the journal: that lines are being lost, or that it cannot be asked.
 *
 * @returns asked at each telling of health; nothing while all is well. The database's own words stay in the log: they
 *   may name a path, and health goes to every wrist.
 */
export function createJournalTrouble(
  journal: Pick<Journal, 'state'>,
  clock: Pick<Clock, 'now'>,
): () => HealthPayload['journal'] {
  let lost = 0;
  let losing: { at: Seconds; readonly reason: string } | undefined;
  return () => {
    const { state } = journal;
    const now = clock.now();
    if (state.lost > lost)
      losing = { at: now, reason: losing?.reason ?? state.trouble ?? 'the log says why' };
    // A clock that is set goes past it either way.
    else if (losing !== undefined && Math.abs(now - losing.at) >= heldFor) losing = undefined;
    lost = state.lost;
    if (losing !== undefined)
      return told(new LobbyError('LOBBY_JOURNAL_UNWRITTEN', { reason: losing.reason }));
    if (state.unsearchable === undefined) return undefined;
    return told(new LobbyError('LOBBY_JOURNAL_UNSEARCHABLE', { reason: 'the log says why' }));
  };
}

const told = ({ code, message, remedy }: LobbyError) => ({ code, message, remedy });
