import type { Branch } from '../contract/branch.ts';
import type { JournalLine } from '../contract/journal.ts';
import type { PromptSnapshot } from '../contract/prompt-snapshot.ts';
import type { PromptState } from '../core/prompts/decide.ts';
import type { Later, PromptChange, Verdict } from '../core/prompts/prompt.ts';
import { type KeptPrompts, keepPrompts } from '../core/prompts/restore.ts';
import type { Seconds } from '../core/units.ts';
import type { Journal } from '../ports/journal.ts';
import type { PromptStore } from '../ports/prompt-store.ts';
import type { Publisher } from '../ports/publisher.ts';
import { changeLine, laterLine, type VisitNames, verdictLine, visitNames } from './journal-lines.ts';
import { toPromptPayload, toPromptState } from './wire.ts';

export interface TellPromptsOptions {
  /** As it is now: places are called by it. */
  readonly branch: () => Branch;
  readonly publisher: Publisher;
  readonly journal?: Journal;
  readonly prompts?: PromptStore;
}

/** Takes what was decided to the journal, to the snapshot, and to the wrists, in this order. */
export interface TellPrompts {
  /** Names visits from now on as this run does. */
  beginRun(names: VisitNames): void;
  note(line: JournalLine): void;
  tell(
    verdicts: readonly Verdict[],
    changes: readonly PromptChange[],
    state: PromptState,
    at: Seconds,
    laters?: readonly Later[],
  ): void;
  /** Keeps what is open now, if it is not kept yet. */
  keep(state: PromptState, at: Seconds): void;
}

/** So the snapshot's age says how long the service has been away, and not how long nothing happened. */
const keepEverySeconds = 30;

/**
 * Makes what tells of prompts.
 *
 * The order is what a kill at any moment leaves behind:
 *
 *     journal ─▶ snapshot ─▶ outbox ─▶ broker
 *        │           │          └─ killed here: sent by the next run, if it is still in time
 *        │           └─ killed here: the next run lists it among the open prompts
 *        └─ killed here: in the journal alone, and never on a wrist
 *
 * So nothing is ever on a wrist that is not in the journal.
 */
export function createTellPrompts(options: TellPromptsOptions): TellPrompts {
  const { branch, publisher, journal, prompts } = options;
  let names = visitNames(0);
  let keptAt = Number.NEGATIVE_INFINITY;
  /** What the journal was last told of each open prompt: an answer that is repeated is told again, and kept once. */
  const last = new Map<string, string>();

  function noteChange(change: PromptChange): void {
    const line = changeLine(change);
    if (line.kind === 'state') {
      const text = JSON.stringify({ ...line, at: '' });
      if (last.get(line.id) === text) return;
      last.set(line.id, text);
    }
    journal?.write(line);
  }

  function keep(state: PromptState, at: Seconds): void {
    keptAt = at;
    prompts?.save({ v: 1, branch: branch().id, at, ...keepPrompts(state) } as unknown as PromptSnapshot);
  }

  return {
    beginRun(next) {
      names = next;
    },
    note: (line) => journal?.write(line),
    tell(verdicts, changes, state, at, laters = []) {
      if (journal !== undefined) {
        for (const verdict of verdicts) journal.write(verdictLine(verdict, names));
        for (const change of changes) noteChange(change);
        for (const later of laters) journal.write(laterLine(later, names));
        const open = new Set(state.open.map(({ id }) => id));
        for (const id of last.keys()) if (!open.has(id)) last.delete(id);
      }
      if (changes.length > 0 || at - keptAt >= keepEverySeconds || at < keptAt) keep(state, at);
      for (const change of changes) {
        if (change.kind === 'state' || change.kind === 'reached')
          publisher.promptState(toPromptState(change));
        // What is listed is read from the lobby.
        else if (change.kind !== 'listed') publisher.prompt(toPromptPayload(change.prompt, branch()));
      }
    },
    keep,
  };
}

/** A snapshot's prompts as the core knows them: its schema has made sure of every field. */
export function keptOf(snapshot: PromptSnapshot): KeptPrompts {
  const { seed, open, asked, wearers, isClosed } = snapshot;
  return { seed, open, asked, wearers, ...(isClosed === undefined ? {} : { isClosed }) };
}
