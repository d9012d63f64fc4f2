import { LobbyError } from '../../src/contract/errors.ts';
import type { FiguresAsk, FiguresPayload } from '../../src/contract/figures.ts';
import { askFigures, type FiguresOf } from './ask-figures.ts';

/** Figures for several who ask: one period at a time, and the same one asked twice is worked out once. */
export interface Figures {
  ask(asked: FiguresAsk): Promise<FiguresPayload>;
}

/** Periods that wait or are worked out at once. */
const most = 6;

/** @throws {LobbyError} of `ask`: `LOBBY_FIGURES_BUSY`, and what `askFigures` throws */
export function serveFigures(of: FiguresOf): Figures {
  const going = new Map<string, Promise<FiguresPayload>>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask(asked) {
      const key = JSON.stringify([asked.day, asked.from, asked.to, asked.compare, asked.short]);
      const same = going.get(key);
      if (same !== undefined) return same;
      if (going.size >= most) return Promise.reject(new LobbyError('LOBBY_FIGURES_BUSY', { most }));
      const answer = last.then(() => askFigures(of, asked)).finally(() => going.delete(key));
      last = answer.catch(() => undefined);
      going.set(key, answer);
      return answer;
    },
  };
}
