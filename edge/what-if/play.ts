import { parentPort, workerData } from 'node:worker_threads';
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
  | { readonly kind: 'rows'; readonly rows: readonly PlayedRow[] }
  /** A day is over. */
  | { readonly kind: 'day' };

export type Answered =
  | { readonly kind: 'taken' }
  | { readonly kind: 'result'; readonly result: WhatIf }
  | { readonly kind: 'suggestion'; readonly suggestion: Suggestion }
  | { readonly kind: 'failed'; readonly reason: string };

/** Plays what the main thread tells, until the thread is ended. */
export function playInThread(): void {
  const work = workerData as Work;
  const linesOf = createPlayedLines();
  const { today } = work;
  const whatIf = work.kind === 'compare' ? createWhatIf(today, draftOf(today, work.set)) : undefined;
  const suggestion =
    work.kind === 'suggest'
      ? createSuggestion(today, work.path, work.values, work.aim, work.checkFrom)
      : undefined;
  const take = (whatIf ?? suggestion)!.take;
  const answer = (answered: Answered) => parentPort!.postMessage(answered);
  parentPort!.on('message', (told: Told) => {
    try {
      if (told.kind === 'rows') {
        for (const line of linesOf(told.rows)) take(line);
        answer({ kind: 'taken' });
      } else if (whatIf !== undefined) answer({ kind: 'result', result: whatIf.result() });
      else answer({ kind: 'suggestion', suggestion: suggestion!.result() });
    } catch (error) {
      answer({
        kind: 'failed',
        reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  });
}
