import type { Seconds } from '../units.ts';
import type { WearerRole } from './kinds.ts';

/**
 * How much more one wrist may be disturbed: a bucket that a buzz takes one from and time refills, and the moments
 * themselves, so that no stretch of `budgetSeconds` ever holds more than `budget` of them.
 *
 *     left  6 ┐                      6 at once, then 2 in ten minutes
 *             └┐ ┌┐  ┌┐   ┌┐  …
 *              └─┘└──┘└───┘└──
 */
export interface Allowance {
  /** What is taken and not refilled yet, as of `at`. */
  readonly spent: number;
  readonly at: Seconds;
  /** Moments of the buzzes of the last `budgetSeconds`: at most `budget`. */
  readonly buzzedAt: readonly Seconds[];
}

/** Somebody who wears a watch, known by the name it gave itself for this duty and by nothing else. */
export interface Wearer {
  readonly watch: string;
  readonly role: WearerRole;
  readonly onDuty: boolean;
  /** On duty since then. */
  readonly since?: Seconds;
  /** When the watch last sent an answer or a receipt; absent: it has not since it came on duty. */
  readonly heardAt?: Seconds;
  /** When their link was lost; they may be back. Absent of whoever said that they go, and of whoever is there. */
  readonly lostAt?: Seconds;
  /** Asked for quiet until then; calls come through. */
  readonly quietUntil?: Seconds;
  readonly allowance: Allowance;
}

export interface WearerState {
  /**
   * Whether any watch has ever said that it is on duty. Until then it is not known who wears one, and prompts are
   * for all who listen.
   */
  readonly known: boolean;
  /** On duty, and off duty so lately that their wrist still remembers; at most `mostWearers`, in order of watch. */
  readonly wearers: readonly Wearer[];
  /** The wrists nobody knows, taken as one. */
  readonly everybody: Allowance;
}

export interface BudgetSettings {
  /** At most so many buzzes to one wrist in `budgetSeconds`. */
  readonly budget: number;
  /** What a wrist is given anew in `budgetSeconds`: the rate that is kept up. */
  readonly sustained: number;
  readonly budgetSeconds: Seconds;
}

/** What a watch says of its wearer. */
export interface DutySaid {
  readonly watch: string;
  readonly role: WearerRole;
  readonly onDuty: boolean;
  /** Off duty because the link was lost, and not by a tap. */
  readonly lost?: boolean;
  /** Quiet is asked for from now on for so long; 0 ends it. */
  readonly quietSeconds?: Seconds;
}

export const mostWearers = 16;

/** Whose link was lost for longer has gone home. Shorter: who walks through a dead spot loses what they had taken. */
export const lostSeconds: Seconds = 60;
/** A watch that has sent an answer or a receipt within this time is one that somebody wears. */
const wornSeconds: Seconds = 1_800;
/** Of the known watches at most one in this time makes room for another. */
const makeRoomSeconds: Seconds = 10;

const untouched: Allowance = { spent: 0, at: 0, buzzedAt: [] };

export const noWearers: WearerState = { known: false, wearers: [], everybody: untouched };

/** What is left of an allowance by now. */
export function leftOf(allowance: Allowance, at: Seconds, settings: BudgetSettings): number {
  return settings.budget - spentOf(allowance, at, settings);
}

function spentOf(
  { spent, at: then }: Allowance,
  at: Seconds,
  { sustained, budgetSeconds }: BudgetSettings,
): number {
  return Math.max(0, spent - (Math.max(0, at - then) * sustained) / budgetSeconds);
}

function lately({ buzzedAt }: Allowance, at: Seconds, { budgetSeconds }: BudgetSettings) {
  return buzzedAt.filter((moment) => at - moment < budgetSeconds);
}

/** What a prompt needs of an allowance. */
export interface Need {
  /** What must be left in the bucket: 1 for what can be no other time, more for what can wait; 0: said though it is spent. */
  readonly reserve: number;
  /** How many of `budget` in `budgetSeconds` are left for what matters more. */
  readonly kept: number;
}

/** For a round and a call: the last of `budget` is theirs alone. */
export const spentToo: Need = { reserve: 0, kept: 0 };
/** For one prompt about several who would else not be told of at all: though the bucket is empty, but not to the last. */
export const forSeveral: Need = { reserve: 0, kept: 2 };
/** For what is shown without a buzz: it takes nothing of an allowance. */
export const inSilence: Need = { reserve: Number.NEGATIVE_INFINITY, kept: Number.NEGATIVE_INFINITY };

/** Whether a wrist may be disturbed now. */
export function mayBuzz(
  allowance: Allowance,
  at: Seconds,
  { reserve, kept }: Need,
  settings: BudgetSettings,
): boolean {
  const most = Math.max(1, settings.budget - kept);
  return lately(allowance, at, settings).length < most && leftOf(allowance, at, settings) >= reserve;
}

/** What is said though the bucket is empty makes no debt: after a rush a wrist is not silent for as long again. */
export function afterBuzz(allowance: Allowance, at: Seconds, settings: BudgetSettings): Allowance {
  return {
    spent: Math.min(settings.budget, spentOf(allowance, at, settings) + 1),
    at,
    buzzedAt: [...lately(allowance, at, settings), at],
  };
}

/** What is remembered of wrists by now: nothing of an allowance that is whole again, nor of who is off duty with one. */
export function settle(state: WearerState, at: Seconds, settings: BudgetSettings): WearerState {
  const everybody = rested(state.everybody, at, settings);
  const isSame = state.wearers.every(({ allowance }) => rested(allowance, at, settings) === allowance);
  if (everybody === state.everybody && isSame) return state;
  const wearers = state.wearers.flatMap((one) => {
    const allowance = rested(one.allowance, at, settings);
    if (allowance === one.allowance) return [one];
    return one.onDuty || isLost(one, at) ? [{ ...one, allowance }] : [];
  });
  return { ...state, everybody, wearers };
}

/** The same allowance, or an untouched one where nothing is left of what it bore. */
function rested(one: Allowance, at: Seconds, settings: BudgetSettings): Allowance {
  if (one.spent <= 0 && one.buzzedAt.length === 0) return one;
  const isWhole = spentOf(one, at, settings) === 0 && lately(one, at, settings).length === 0;
  return isWhole ? untouched : one;
}

/** Whether somebody's link was lost so lately that they may be back any moment. */
export const isLost = ({ onDuty, lostAt }: Wearer, at: Seconds): boolean =>
  !onDuty && lostAt !== undefined && at - lostAt < lostSeconds;

/**
 * Whether watches have been on duty and none is any more: prompts then reach no wrist, but only who listens without
 * ever having said that they are on duty. Who has just lost their link is not taken to have gone.
 */
export const isNobodyOnDuty = ({ known, wearers }: WearerState, at: Seconds): boolean =>
  known && !wearers.some((one) => one.onDuty || isLost(one, at));

/**
 * Takes in what a watch says of its wearer's duty.
 *
 * Whoever goes off duty is remembered until their allowance is whole again: going off and on is no way to more
 * buzzes. Over `mostWearers`, who has been off longest is forgotten. When all of them are on duty, one that has
 * never answered, nor sent a receipt, makes room, the last to come first and no more than one in ten seconds: else
 * sixteen names that somebody has made up would keep everybody from being told anything. Who was there before them
 * stays.
 *
 *     w-1   made-up-1 … made-up-15      made-up-16: not taken in, too soon
 *     stays               ↑ makes room for w-2, ten seconds later
 */
export function hearDuty(
  state: WearerState,
  said: DutySaid,
  at: Seconds,
  settings: BudgetSettings,
): WearerState {
  const { watch, role, onDuty, lost, quietSeconds } = said;
  const before = state.wearers.find((one) => one.watch === watch);
  if (before === undefined && !onDuty) return state;
  const others = state.wearers.filter(
    (one) =>
      one.watch !== watch &&
      (one.onDuty || isLost(one, at) || leftOf(one.allowance, at, settings) < settings.budget - 1e-9),
  );
  const kept = others.length < mostWearers ? others : withoutOneOff(others, at);
  if (kept.length >= mostWearers) return { ...state, known: true };
  const quietUntil =
    quietSeconds === undefined ? before?.quietUntil : quietSeconds === 0 ? undefined : at + quietSeconds;
  // The last will of a watch whose wearer had said that they go says nothing new.
  const lostAt = lost !== true ? undefined : before?.onDuty === true ? at : before?.lostAt;
  const wearer: Wearer = {
    watch,
    role,
    onDuty,
    ...(onDuty || lostAt === undefined ? {} : { lostAt }),
    ...(onDuty ? { since: (before?.onDuty === true ? before.since : undefined) ?? at } : {}),
    ...(before?.heardAt === undefined ? {} : { heardAt: before.heardAt }),
    ...(quietUntil === undefined || !onDuty ? {} : { quietUntil }),
    allowance: before?.allowance ?? untouched,
  };
  const wearers = [...kept, wearer].sort((a, b) => (a.watch < b.watch ? -1 : 1));
  return { ...state, known: true, wearers };
}

/** All but who is needed least; all of them if nobody can be let go of. */
function withoutOneOff(wearers: readonly Wearer[], at: Seconds): readonly Wearer[] {
  const first = (some: readonly Wearer[], when: (one: Wearer) => Seconds) =>
    [...some].sort((a, b) => when(a) - when(b) || (a.watch < b.watch ? -1 : 1))[0];
  const off = wearers.filter((one) => !one.onDuty);
  if (off.length > 0) {
    const longest = first(off, (one) => one.allowance.at);
    return wearers.filter((one) => one !== longest);
  }
  if (wearers.some(({ since = 0 }) => at - since < makeRoomSeconds)) return wearers;
  const unworn = wearers.filter(({ heardAt }) => heardAt === undefined || at - heardAt > wornSeconds);
  const silent = first(unworn, ({ since = 0 }) => -since);
  return wearers.filter((one) => one !== silent);
}

/** Notes that a watch has sent an answer or a receipt. */
export function hearFrom(state: WearerState, watch: string, at: Seconds): WearerState {
  if (!state.wearers.some((one) => one.watch === watch && one.onDuty)) return state;
  return {
    ...state,
    wearers: state.wearers.map((one) => (one.watch === watch ? { ...one, heardAt: at } : one)),
  };
}

export const isQuiet = ({ quietUntil }: Wearer, at: Seconds): boolean =>
  quietUntil !== undefined && at < quietUntil;

/** What a prompt needs of the wrists it goes to. */
export interface Wanted {
  /** Roles it is for, who comes first first. */
  readonly roles: readonly WearerRole[];
  /** For the first of them only who are there, or for all of them together. */
  readonly together?: true;
  readonly need: Need;
  /** Comes through to those who asked for quiet. */
  readonly isCall: boolean;
  /** Watches it does not go to: they have it already, or have just given it up. */
  readonly not?: readonly string[];
}

/**
 * Which watches a prompt goes to, or why to none; `everybody` while it is not known who wears one; `listeners` where
 * nobody is on duty whom it is for: to no wrist that is known, but to who listens without ever having said so.
 */
export type Route =
  | { readonly to: 'everybody' | 'listeners' }
  | { readonly to: 'watches'; readonly watches: readonly string[]; readonly role: WearerRole }
  | { readonly to: 'nobody'; readonly reason: 'budget' | 'no-wearer' };

/**
 * Chooses the wrists for a prompt: the first role of which somebody is free, all of that role who are; if nobody is
 * free, those who are busy. Nobody gets it twice, and nobody whose allowance is spent.
 *
 * @param busy watches whose wearer is on the way to a customer
 */
export function route(
  state: WearerState,
  wanted: Wanted,
  busy: ReadonlySet<string>,
  at: Seconds,
  settings: BudgetSettings,
): Route {
  const there = state.wearers.filter((one) => one.onDuty && wanted.roles.includes(one.role));
  if (there.length === 0) {
    return mayBuzz(state.everybody, at, wanted.need, settings)
      ? { to: state.known ? 'listeners' : 'everybody' }
      : { to: 'nobody', reason: 'budget' };
  }
  const present = there.filter(
    (one) => (wanted.isCall || !isQuiet(one, at)) && wanted.not?.includes(one.watch) !== true,
  );
  if (present.length === 0) return { to: 'nobody', reason: 'no-wearer' };
  const open = present.filter((one) => mayBuzz(one.allowance, at, wanted.need, settings));
  const groups =
    wanted.together === true ? [wanted.roles] : wanted.roles.map((role): readonly WearerRole[] => [role]);
  for (const isFree of [true, false]) {
    for (const group of groups) {
      const chosen = open.filter((one) => group.includes(one.role) && (!isFree || !busy.has(one.watch)));
      if (chosen.length > 0) {
        return { to: 'watches', watches: chosen.map(({ watch }) => watch), role: chosen[0]!.role };
      }
    }
  }
  return { to: 'nobody', reason: 'budget' };
}

/** Counts a buzz on each of the wrists it went to. */
export function countBuzz(
  state: WearerState,
  watches: readonly string[] | undefined,
  at: Seconds,
  settings: BudgetSettings,
): WearerState {
  if (watches?.length === 0) return state;
  if (watches === undefined) return { ...state, everybody: afterBuzz(state.everybody, at, settings) };
  return {
    ...state,
    wearers: state.wearers.map((one) =>
      watches.includes(one.watch) ? { ...one, allowance: afterBuzz(one.allowance, at, settings) } : one,
    ),
  };
}
