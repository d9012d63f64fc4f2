import type { Branch } from '../contract/branch.ts';
import type { JournalLine } from '../contract/journal.ts';
import {
  beginPlayed,
  type PlayedOutput,
  type PlayedState,
  playBack,
  samePromptSeconds,
} from '../core/play-back.ts';
import type { PromptKind, PromptPhase } from '../core/prompts/kinds.ts';
import type { SilenceReason } from '../core/prompts/prompt.ts';
import type { Seconds } from '../core/units.ts';
import { createOpening } from './opening.ts';
import { toPlayed } from './played-lines.ts';
import { createSettingsAt } from './settings.ts';

/** A prompt of a story: said in life, or said when the day is played back. */
export interface ToldPrompt {
  readonly at: Seconds;
  readonly kind: PromptKind;
  readonly place: string;
  readonly visits: readonly string[];
  /** What became of it; absent: it was still open. */
  readonly ended?: { readonly at: Seconds; readonly phase: PromptPhase };
}

/** Figures of one story over the period. */
export interface StoryFigures {
  readonly prompts: number;
  readonly promptsAnHour: number;
  /** Buzzes of one wrist in ten minutes: in the mean of the hours in which somebody wore it, and at most. */
  readonly buzzesInTen: { readonly mean: number; readonly most: number };
  readonly arrivals: number;
  /** Arrivals told of within `inTimeSeconds`, by themselves or with others. */
  readonly toldInTime: number;
  /** Arrivals told of later than that. */
  readonly toldLate: number;
  /** Prompts that nobody took before they expired. */
  readonly expired: number;
  /** What was kept quiet, by reason. */
  readonly silences: Readonly<Partial<Record<SilenceReason, number>>>;
}

/** One prompt that is not in both stories alike. */
export interface Difference {
  readonly how: 'gone' | 'new' | 'moved';
  readonly at: Seconds;
  readonly kind: PromptKind;
  readonly place: string;
  /** `moved`: seconds later; earlier is negative. */
  readonly laterSeconds?: Seconds;
  /** Why the other story has none: its verdict on the same; absent: it never came to one. */
  readonly because?: SilenceReason;
  /** How long the customer was unmet, as it happened; absent where it is about nobody who came in. */
  readonly metAfterSeconds?: Seconds | 'never';
}

export interface WhatIf {
  readonly from: Seconds;
  readonly to: Seconds;
  readonly seenHours: number;
  readonly now: StoryFigures;
  readonly draft: StoryFigures;
  /** Of the prompts of then, how many the day that is played back by today's settings has too. */
  readonly agreement: { readonly said: number; readonly same: number; readonly extra: number };
  /** As it happened: no replay knows how staff would have walked. */
  readonly met: { readonly arrivals: number; readonly within: number; readonly never: number };
  /** In order of time; at most `mostDifferences`, with how many there are. */
  readonly differences: readonly Difference[];
  readonly differing: { readonly gone: number; readonly new: number; readonly moved: number };
}

/** An arrival is told of in time within so long. */
export const inTimeSeconds: Seconds = 5;
/** Two prompts this near in time are the same at the same time. */
const sameMomentSeconds: Seconds = 2;
const tenMinutes: Seconds = 600;
export const mostDifferences = 500;
/** A gap between lines longer than this is time nobody saw: the service was not there. */
const mostGapSeconds: Seconds = 120;

/**
 * Plays a stretch of the journal back twice, by today's settings and by a draft, and says what would have been said.
 *
 *     journal ─┬─▶ by today's settings ─┬─▶ differences
 *              ├─▶ by the draft ────────┘
 *              └─▶ as it was ─▶ how far the first agrees with it, who was met
 *
 * Lines are given one by one, so that whoever asks can stop, and tell how far it has come.
 */
export function createWhatIf(today: Branch, draft: Branch) {
  const now = createStory(today);
  const life = createTold();
  const other = createStory(draft);
  const { targetSeconds } = today.thresholds.contact;
  const stays = new Map<string, Seconds | 'never'>();
  let met = { arrivals: 0, within: 0, never: 0 };
  let from: Seconds | undefined;
  let to: Seconds = 0;
  let seen: Seconds = 0;

  return {
    take(line: JournalLine): void {
      const at = Date.parse(line.at) / 1000;
      from ??= at;
      if (at > to) {
        if (to > 0) seen += at - to <= mostGapSeconds ? at - to : 0;
        to = at;
      }
      life.take(line);
      now.take(line);
      other.take(line);
      if (line.kind !== 'stay') return;
      const waited = line.metAt === undefined ? 'never' : (line.waitedSeconds ?? 0);
      stays.set(line.visit, waited);
      met = {
        arrivals: met.arrivals + 1,
        within: met.within + (waited !== 'never' && waited <= targetSeconds ? 1 : 0),
        never: met.never + (waited === 'never' ? 1 : 0),
      };
    },
    result(): WhatIf {
      const hours = Math.max(seen, 1) / 3600;
      const agreed = pair(life.prompts(), now.prompts(), samePromptSeconds);
      const pairs = pair(now.prompts(), other.prompts(), samePromptSeconds);
      const about = ({ visits }: ToldPrompt) => {
        const waits = visits.flatMap((visit) => stays.get(visit) ?? []);
        if (waits.length === 0) return {};
        const never = waits.includes('never');
        return { metAfterSeconds: never ? ('never' as const) : Math.max(...(waits as number[])) };
      };
      const gone = pairs.first.map(
        (one): Difference => ({ how: 'gone', ...place(one), ...why(other.reasonFor(one)), ...about(one) }),
      );
      const added = pairs.second.map(
        (one): Difference => ({ how: 'new', ...place(one), ...why(now.reasonFor(one)), ...about(one) }),
      );
      const moved = pairs.both
        .filter(([a, b]) => Math.abs(a.at - b.at) > sameMomentSeconds)
        .map(([a, b]): Difference => ({ how: 'moved', ...place(a), laterSeconds: b.at - a.at, ...about(a) }));
      const differences = [...gone, ...added, ...moved].sort((a, b) => a.at - b.at);
      return {
        from: from ?? 0,
        to,
        seenHours: seen / 3600,
        now: now.figures(hours),
        draft: other.figures(hours),
        agreement: { said: life.prompts().length, same: agreed.both.length, extra: agreed.second.length },
        met,
        differences: differences.slice(0, mostDifferences),
        differing: { gone: gone.length, new: added.length, moved: moved.length },
      };
    },
  };
}

const place = ({ at, kind, place }: ToldPrompt) => ({ at, kind, place });
const why = (because: SilenceReason | undefined) => (because === undefined ? {} : { because });

/** The prompts of life, as the journal has them. */
function createTold() {
  const told: ToldPrompt[] = [];
  return {
    take(line: JournalLine): void {
      if (line.kind !== 'prompt' || line.change !== 'raised') return;
      told.push({ at: Date.parse(line.at) / 1000, kind: line.prompt, place: line.place, visits: [] });
    },
    prompts: (): readonly ToldPrompt[] => told,
  };
}

interface Buzz {
  readonly at: Seconds;
  readonly watches: readonly string[];
}

const everybody = 'everybody';

/** One story: a day that is played back by the settings of a branch. */
function createStory(branch: Branch) {
  const settingsAt = createSettingsAt(branch);
  const opening = createOpening(branch.hours);
  let state: PlayedState = beginPlayed();
  let isOpen = true;
  const prompts = new Map<string, { prompt: ToldPrompt }>();
  const buzzes: Buzz[] = [];
  const silences: Partial<Record<SilenceReason, number>> = {};
  const quiet: {
    at: Seconds;
    kind: string;
    visit: string | undefined;
    place: string;
    reason: SilenceReason;
  }[] = [];
  const arrivals = new Map<string, { at: Seconds; toldAt?: Seconds }>();
  let expired = 0;

  function note({ verdicts, changes }: PlayedOutput): void {
    for (const { at, happening, decision } of verdicts) {
      const { kind, visit, role } = happening;
      if (kind === 'arrived' && visit !== undefined && role !== 'staff') arrivals.set(visit, { at });
      if (decision.kind !== 'silence' || decision.reason === 'nothing-to-ask') continue;
      silences[decision.reason] = (silences[decision.reason] ?? 0) + 1;
      quiet.push({ at, kind, visit, place: happening.zone ?? 'hall', reason: decision.reason });
    }
    for (const { at, kind, prompt } of changes) {
      if (kind === 'raised' || kind === 'passed-on') {
        const before = prompts.get(prompt.id)?.prompt;
        if (kind === 'raised') {
          prompts.set(prompt.id, {
            prompt: { at, kind: prompt.kind, place: prompt.place, visits: prompt.visits },
          });
        }
        const had = kind === 'passed-on' && before !== undefined;
        buzzes.push({ at, watches: prompt.watches ?? (had ? [] : [everybody]) });
      }
      // Shown in silence is told as well: it is on the wrist.
      if (kind === 'raised' || kind === 'grew' || kind === 'listed') {
        for (const visit of prompt.visits) {
          const arrival = arrivals.get(visit);
          if (arrival !== undefined) arrival.toldAt ??= at;
        }
      }
      const isOver = ['met', 'skipped', 'withdrawn', 'expired'].includes(prompt.phase);
      if (kind === 'state' && isOver) {
        const known = prompts.get(prompt.id);
        if (known !== undefined) known.prompt = { ...known.prompt, ended: { at, phase: prompt.phase } };
        if (prompt.phase === 'expired' && prompt.by === undefined) expired += 1;
      }
    }
  }

  function play(input: Parameters<typeof playBack>[1]): void {
    const [next, output] = playBack(state, input, settingsAt(input.at));
    state = next;
    note(output);
  }

  return {
    take(line: JournalLine): void {
      const input = toPlayed(line);
      if (input === undefined) return;
      if (opening.isOpenAt(input.at) !== isOpen) {
        isOpen = !isOpen;
        play({ kind: 'opening', at: input.at, isOpen });
      }
      play(input);
    },
    prompts: (): readonly ToldPrompt[] => [...prompts.values()].map(({ prompt }) => prompt),
    /** Why this story did not say what another did: its verdict nearest in time on the same person or place. */
    reasonFor({ at, kind, place, visits }: ToldPrompt): SilenceReason | undefined {
      return quiet
        .filter(
          (one) =>
            Math.abs(one.at - at) <= 3 * samePromptSeconds &&
            (one.visit === undefined || visits.length === 0
              ? one.place === place
              : visits.includes(one.visit)) &&
            (kind === 'greet') === (one.kind === 'arrived'),
        )
        .sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0]?.reason;
    },
    figures(hours: number): StoryFigures {
      const told = [...arrivals.values()];
      const inTime = told.filter(
        ({ at, toldAt }) => toldAt !== undefined && toldAt - at <= inTimeSeconds,
      ).length;
      return {
        prompts: prompts.size,
        promptsAnHour: prompts.size / hours,
        buzzesInTen: buzzesInTen(buzzes, hours),
        arrivals: told.length,
        toldInTime: inTime,
        toldLate: told.filter(({ toldAt }) => toldAt !== undefined).length - inTime,
        expired,
        silences,
      };
    },
  };
}

function buzzesInTen(buzzes: readonly Buzz[], hours: number): StoryFigures['buzzesInTen'] {
  const byWatch = new Map<string, Seconds[]>();
  for (const { at, watches } of buzzes) {
    for (const watch of watches) byWatch.set(watch, [...(byWatch.get(watch) ?? []), at]);
  }
  let most = 0;
  for (const moments of byWatch.values()) {
    let first = 0;
    for (const [index, at] of moments.entries()) {
      while (at - moments[first]! >= tenMinutes) first += 1;
      most = Math.max(most, index - first + 1);
    }
  }
  const all = [...byWatch.values()].reduce((sum, moments) => sum + moments.length, 0);
  const wrists = Math.max(1, byWatch.size);
  return { mean: all / wrists / Math.max(1, hours * 6), most };
}

/**
 * Pairs the prompts of two stories: of one kind, at one place, nearest in time first, each once.
 *
 * @returns those of both, then those that only one has
 */
export function pair(
  first: readonly ToldPrompt[],
  second: readonly ToldPrompt[],
  withinSeconds: Seconds,
): {
  readonly both: readonly (readonly [ToldPrompt, ToldPrompt])[];
  readonly first: readonly ToldPrompt[];
  readonly second: readonly ToldPrompt[];
} {
  const byKey = new Map<string, ToldPrompt[]>();
  const keyOf = ({ kind, place }: ToldPrompt) => `${kind} ${place}`;
  for (const one of second) byKey.set(keyOf(one), [...(byKey.get(keyOf(one)) ?? []), one]);
  const near: { a: ToldPrompt; b: ToldPrompt; apart: Seconds }[] = [];
  for (const a of first) {
    for (const b of byKey.get(keyOf(a)) ?? []) {
      const apart = Math.abs(a.at - b.at);
      if (apart <= withinSeconds) near.push({ a, b, apart });
    }
  }
  near.sort((x, y) => x.apart - y.apart || x.a.at - y.a.at || x.b.at - y.b.at);
  const taken = new Set<ToldPrompt>();
  const both: (readonly [ToldPrompt, ToldPrompt])[] = [];
  for (const { a, b } of near) {
    if (taken.has(a) || taken.has(b)) continue;
    taken.add(a);
    taken.add(b);
    both.push([a, b]);
  }
  return {
    both: both.sort(([a], [b]) => a.at - b.at),
    first: first.filter((one) => !taken.has(one)),
    second: second.filter((one) => !taken.has(one)),
  };
}
