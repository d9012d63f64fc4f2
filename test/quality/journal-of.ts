import type { Branch } from '../../src/contract/branch.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import { begin, step } from '../../src/core/step.ts';
import {
  changeLine,
  sceneLine,
  stayLine,
  type VisitNames,
  verdictLine,
} from '../../src/service/journal-lines.ts';
import { settingsOf } from '../../src/service/settings.ts';
import { branchOf, knownLobbies, recordingOf } from './run-lobby.ts';

const startedAt = Date.UTC(2026, 10, 24, 9) / 1000;

/** The journal a box would have kept of a recorded lobby. */
export function journalOf(name: string): { readonly branch: Branch; readonly lines: readonly JournalLine[] } {
  const lobby = knownLobbies().find((one) => one.name === name)!;
  const branch = branchOf(lobby);
  const settings = settingsOf(branch);
  const lines: JournalLine[] = [];
  // As they came, so that a day made of several can call each otherwise.
  const names: VisitNames = { run: 'k3f9', of: (visit) => `k3f9-${visit.slice(1)}` };
  let state = begin();
  let sceneAt = Number.NEGATIVE_INFINITY;
  for (const observation of recordingOf(lobby)) {
    const [next, output] = step(state, { ...observation, at: observation.at + startedAt }, settings);
    state = next;
    if (state.at - sceneAt >= branch.journal.sceneSeconds - 1e-6) {
      sceneAt = state.at;
      lines.push(sceneLine(state, names, branch.journal));
    }
    for (const verdict of output.verdicts) lines.push(verdictLine(verdict, names));
    for (const change of output.changes) lines.push(changeLine(change));
    for (const stay of output.stays) lines.push(stayLine(stay, names, state.at));
  }
  return { branch, lines };
}
