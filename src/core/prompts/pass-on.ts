import type { Seconds } from '../units.ts';
import { untaken } from './answer.ts';
import { isWaiting, type PromptKind, roles, type Urgency, type WearerRole } from './kinds.ts';
import { manner, type Prompt, type PromptChange } from './prompt.ts';
import { type BudgetSettings, type DutySaid, route, spentToo, type WearerState } from './wearers.ts';

export interface PassOnSettings extends BudgetSettings {
  /** A prompt that nobody has taken goes on to the next role after so long; absent: never. */
  readonly passOnSeconds: Readonly<Partial<Record<Urgency, Seconds>>>;
}

/** The branch head has no further role behind them; and a goodbye that comes as a call is worse than none. */
const unpassed: readonly PromptKind[] = ['support', 'see-off'];

/** Whose wearers are on the way to somebody. */
export function busyWatches(open: readonly Prompt[]): ReadonlySet<string> {
  return new Set(
    open.flatMap(({ phase, watch }) => (phase === 'accepted' && watch !== undefined ? [watch] : [])),
  );
}

/** Wrists a prompt has newly gone to, with how it is told there. */
export interface Passed {
  readonly prompt: Prompt;
  readonly watches: readonly string[];
  readonly change: PromptChange;
}

/**
 * Passes a prompt that nobody has taken for a while on to the next role; those who had it keep it.
 *
 *     manager  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇
 *     deputy             20 s ▇▇▇▇▇▇▇▇▇  a call: ↑ passed to you
 *
 * Each role gets it once, in the order of `roles`; who asked for quiet does not.
 */
export function passOn(
  prompt: Prompt,
  wearers: WearerState,
  busy: ReadonlySet<string>,
  at: Seconds,
  settings: PassOnSettings,
): Passed | undefined {
  const { watches, to = [], urgency, phase } = prompt;
  const limit = settings.passOnSeconds[urgency];
  if (watches === undefined || limit === undefined || !isWaiting(phase)) return undefined;
  if (at - prompt.routedAt < limit || unpassed.includes(prompt.kind)) return undefined;
  const next = roles.filter((role) => !to.includes(role));
  return sendTo(prompt, next, wearers, busy, at, settings);
}

function sendTo(
  prompt: Prompt,
  to: readonly WearerRole[],
  wearers: WearerState,
  busy: ReadonlySet<string>,
  at: Seconds,
  settings: PassOnSettings,
): Passed | undefined {
  // Without those nobody knows any more: watches come and go under ever new names, and a prompt outlives them.
  const already = (prompt.watches ?? []).filter((one) => wearers.wearers.some(({ watch }) => watch === one));
  const wanted = { roles: to, reserve: spentToo, isCall: false, not: already };
  const found = route(wearers, wanted, busy, at, settings);
  if (found.to !== 'watches') return undefined;
  const passed: Prompt = {
    ...prompt,
    to: roles.filter((role) => role === found.role || prompt.to?.includes(role)),
    watches: [...already, ...found.watches],
    passedOn: { role: found.role, at },
    routedAt: at,
    haptic: 'call',
  };
  return {
    prompt: passed,
    watches: found.watches,
    change: { at, kind: 'passed-on', prompt: passed },
  };
}

/**
 * What a watch's going on or off duty does to an open prompt: what its wearer had taken is open again, and what is
 * on no wrist any more goes to whoever is there.
 */
export function afterDuty(
  prompt: Prompt,
  said: DutySaid,
  wearers: WearerState,
  busy: ReadonlySet<string>,
  at: Seconds,
  settings: PassOnSettings,
): {
  readonly prompt: Prompt;
  readonly changes: readonly PromptChange[];
  readonly watches: readonly string[];
} {
  let now = prompt;
  const changes: PromptChange[] = [];
  if (!said.onDuty && prompt.phase === 'accepted' && prompt.watch === said.watch) {
    now = { ...untaken(prompt), routedAt: at };
    changes.push({ at, kind: 'state', prompt: now, reason: 'off-duty' });
  }
  const isThere = wearers.wearers.some((one) => one.onDuty && now.watches?.includes(one.watch));
  if (now.watches === undefined || isThere || now.phase === 'accepted') {
    return { prompt: now, changes, watches: [] };
  }
  const passed = sendTo(now, manner[now.kind].roles, wearers, busy, at, settings);
  if (passed === undefined) return { prompt: now, changes, watches: [] };
  return { prompt: passed.prompt, changes: [...changes, passed.change], watches: passed.watches };
}
