import type { Seconds } from '../units.ts';
import { noPrompts, type PromptSettings, type PromptState } from './decide.ts';
import { hasLapsed } from './outlive.ts';
import type { Prompt, PromptChange } from './prompt.ts';
import { noWearers } from './wearers.ts';

/** A prompt without the visits it is about. */
export type KeptPrompt = Omit<Prompt, 'visits' | 'met'>;

/** What of the prompts is kept over a restart. */
export interface KeptPrompts extends Pick<PromptState, 'seed' | 'asked' | 'wearers' | 'isClosed'> {
  readonly open: readonly KeptPrompt[];
}

/** What is worth keeping of it: all but what is about visits, whose names mean nothing in the next run. */
export function keepPrompts({ seed, open, asked, wearers, isClosed }: PromptState): KeptPrompts {
  return {
    seed,
    open: open.map(({ visits: _, met: __, ...prompt }) => prompt),
    asked,
    wearers,
    ...(isClosed === undefined ? {} : { isClosed }),
  };
}

/** How long a prompt can be open at most: taken, it has twice its useful time. */
export function longestLifeSeconds({ usefulSeconds }: Pick<PromptSettings, 'usefulSeconds'>): Seconds {
  return 2 * Math.max(...Object.values(usefulSeconds));
}

/** A clock that went back by more than this says nothing of how long the service was away. */
const backwardsSeconds: Seconds = 5;

/**
 * Goes on with the prompts a run before this one left open.
 *
 *     run 1   raised ▇▇▇▇▇▇ killed
 *     run 2                       ▇▇▇▇▇▇ met · not needed · expired    by answers and time alone
 *
 * Whom they are about is not known any more: no departure and no contact ends them. Those whose time has passed
 * meanwhile have expired. After longer than any prompt lives it is another day, and who wore a watch is not known
 * either; the names of prompts go on from the seed.
 *
 * @param keptAt when it was so
 * @returns the state to begin with, and those that expired
 */
export function restorePrompts(
  kept: KeptPrompts,
  keptAt: Seconds,
  at: Seconds,
  settings: PromptSettings,
): [PromptState, readonly PromptChange[]] {
  const isBack = keptAt > at + backwardsSeconds;
  const isToday = !isBack && at - keptAt <= longestLifeSeconds(settings);
  const open: Prompt[] = [];
  const changes: PromptChange[] = [];
  for (const one of kept.open) {
    const prompt: Prompt = { ...one, visits: [], met: [] };
    if (isToday && !hasLapsed(prompt, at)) open.push(prompt);
    else changes.push({ at, kind: 'state', prompt: { ...prompt, phase: 'expired' }, reason: 'too-late' });
  }
  const { seed, asked, wearers, isClosed } = kept;
  const state: PromptState = {
    ...noPrompts(seed),
    open,
    ...(isToday ? { asked } : {}),
    wearers: isToday ? wearers : noWearers,
    ...(isToday && isClosed !== undefined ? { isClosed } : {}),
  };
  return [state, changes];
}
