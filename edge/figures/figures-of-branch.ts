import type { Branch } from '../../src/contract/branch.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ReadableJournal } from '../../src/ports/journal.ts';
import { createBranchDays } from '../../src/service/branch-days.ts';
import { createOpening } from '../../src/service/opening.ts';
import type { FiguresOf } from './ask-figures.ts';

/**
 * A branch's journal, held against the branch's own rules and hours.
 *
 * @param branch as it is now: thresholds may be changed while the service runs
 */
export function figuresOfBranch(
  journal: Pick<ReadableJournal, 'query'>,
  branch: () => Branch,
  clock: Pick<Clock, 'now'>,
): FiguresOf {
  const { id, hours, journal: kept } = branch();
  const opening = createOpening(hours);
  return {
    journal,
    branch: id,
    days: createBranchDays(hours?.timezone),
    targetSeconds: () => branch().thresholds.contact.targetSeconds,
    mostInTenMinutes: () => branch().thresholds.prompts.mostInTenMinutes,
    sceneSeconds: kept.sceneSeconds,
    sceneMetres: kept.sceneMetres,
    isOpenAt: opening.isOpenAt,
    now: () => clock.now(),
  };
}
