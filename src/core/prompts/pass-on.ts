import type { Seconds } from '../units.ts';
import { untaken } from './answer.ts';
import { isWaiting, type PromptKind, roles, type Urgency, type WearerRole } from './kinds.ts';
import { manner, type Prompt, type PromptChange } from './prompt.ts';
import { type BudgetSettings, isLost, route, spentToo, type WearerState } from './wearers.ts';

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
  // What was shown in silence for want of allowance is no reason to call another.
  if (prompt.silent) return undefined;
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
  const wanted = { roles: to, need: spentToo, isCall: false, not: already };
  const found = route(wearers, wanted, busy, at, settings);
  if (found.to !== 'watches') return undefined;
  const { silent: _, ...told } = prompt;
  const passed: Prompt = {
    ...told,
    // What was for everybody who listens stays so.
    ...(prompt.to === undefined
      ? {}
      : { to: roles.filter((role) => role === found.role || prompt.to?.includes(role)) }),
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

/** What somebody had taken who is gone is open again. Whose link was lost a moment ago is not gone. */
export function release(prompt: Prompt, { wearers }: WearerState, at: Seconds): [Prompt, PromptChange?] {
  if (prompt.phase !== 'accepted' || prompt.watch === undefined) return [prompt];
  const by = wearers.find((one) => one.watch === prompt.watch);
  // Who was never on duty, and answers all the same, can't go off it.
  if (by === undefined ? !prompt.watches?.includes(prompt.watch) : by.onDuty || isLost(by, at))
    return [prompt];
  const open = { ...untaken(prompt), routedAt: at };
  return [open, { at, kind: 'state', prompt: open, reason: 'off-duty' }];
}

const isOnAWrist = ({ watches }: Prompt, { wearers }: WearerState): boolean =>
  watches === undefined || wearers.some((one) => one.onDuty && watches.includes(one.watch));

/**
 * Hands over what is on no wrist any more, or on none yet: to whoever is on duty, and else to whoever comes next
 * while it is of use. Several at once are one buzz: what stops being useful first is passed on as a call, and the
 * rest is listed beside it.
 *
 *     manager  ▇▇▇▇▇▇▇▇▇▇ goes off duty
 *     deputy              ↑▇▇▇▇▇▇▇▇▇▇▇▇    on duty now, or when they come
 *
 * @returns the open prompts in their order, the changes in the order of use, and the wrists that buzz
 */
export function handOver(
  open: readonly Prompt[],
  wearers: WearerState,
  at: Seconds,
  settings: PassOnSettings,
): {
  readonly open: readonly Prompt[];
  readonly changes: readonly PromptChange[];
  readonly watches: readonly string[];
} {
  const lying = open.filter((one) => isWaiting(one.phase) && !isOnAWrist(one, wearers));
  if (lying.length === 0 || !wearers.wearers.some(({ onDuty }) => onDuty))
    return { open, changes: [], watches: [] };
  const busy = busyWatches(open);
  const changes: PromptChange[] = [];
  const passed = new Map<string, Prompt>();
  let buzzed: readonly string[] | undefined;
  for (const one of lying.toSorted((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1))) {
    const to = manner[one.kind].roles;
    const found = sendTo(one, to, wearers, busy, at, settings);
    if (found === undefined) continue;
    const isSilent = buzzed !== undefined;
    if (isSilent && !found.watches.every((watch) => buzzed!.includes(watch))) continue;
    buzzed ??= found.watches;
    passed.set(one.id, found.prompt);
    changes.push(isSilent ? { ...found.change, kind: 'listed' } : found.change);
  }
  return {
    open: open.map((one) => passed.get(one.id) ?? one),
    changes,
    watches: buzzed ?? [],
  };
}
