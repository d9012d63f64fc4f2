import { parentPort } from 'node:worker_threads';
import type { Branch } from '../../src/contract/branch.ts';
import type { Aim, Suggestion, WhatIf } from '../../src/contract/what-if.ts';
import { createSuggestion, createWhatIf, draftOf } from '../../src/service/what-if.ts';
import { createPlayedLines, type PlayedRow } from '../journals/played.ts';

/** What a thread is to work out. */
export type Work = { readonly today: Branch } & (
  | { readonly kind: 'compare'; readonly set: Readonly<Record<string, number>> }
  | {
      readonly kind: 'suggest';
      readonly path: string;
      readonly values: readonly number[];
      readonly aim: Aim;
      readonly checkFrom: number;
    }
);

/** What a thread is told, and answers to each with one `Answered`. */
export type Told =
  /** Whatever it did before is over. */
  | { readonly kind: 'begin'; readonly work: Work }
  | { readonly kind: 'rows'; readonly rows: readonly PlayedRow[] }
  /** A day is over. */
  | { readonly kind: 'day' };

export type Answered =
  | { readonly kind: 'taken' }
  | { readonly kind: 'result'; readonly result: WhatIf }
  | { readonly kind: 'suggestion'; readonly suggestion: Suggestion }
  | { readonly kind: 'failed'; readonly reason: string };

/** Works out one question after the other, until the thread is ended. */
export function playInThread(): void {
  let player: Player | undefined;
  const answer = (answered: Answered) => parentPort!.postMessage(answered);
  parentPort!.on('message', (told: Told) => {
    try {
      if (told.kind === 'begin') player = createPlayer(told.work);
      if (told.kind === 'rows') player!.take(told.rows);
      answer(told.kind === 'day' ? player!.result() : { kind: 'taken' });
    } catch (error) {
      answer({
        kind: 'failed',
        reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  });
}

interface Player {
  take(rows: readonly PlayedRow[]): void;
  result(): Answered;
}

function createPlayer(work: Work): Player {
  const linesOf = createPlayedLines();
  const { today } = work;
  if (work.kind === 'compare') {
    const whatIf = createWhatIf(today, draftOf(today, work.set));
    return {
      take: (rows) => {
        for (const line of linesOf(rows)) whatIf.take(line);
      },
      result: () => ({ kind: 'result', result: whatIf.result() }),
    };
  }
  const suggestion = createSuggestion(today, work.path, work.values, work.aim, work.checkFrom);
  return {
    take: (rows) => {
      for (const line of linesOf(rows)) suggestion.take(line);
    },
    result: () => ({ kind: 'suggestion', suggestion: suggestion.result() }),
  };
}
