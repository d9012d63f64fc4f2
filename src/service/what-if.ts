import type { Branch } from '../contract/branch.ts';
import type { JournalLine, LineOf } from '../contract/journal.ts';
import type {
  Aim,
  Difference,
  Quantities,
  Said,
  StoryFigures,
  Suggestion,
  WhatIf,
} from '../contract/what-if.ts';
import { mostDays, mostDifferences, mostSame } from '../contract/what-if.ts';
import type { Happening } from '../core/behaviours/behaviour.ts';
import { chooseValue, satisfies } from '../core/choose-value.ts';
import { type Once, shareOnce } from '../core/once.ts';
import {
  beginPlayed,
  type PlayedInput,
  type PlayedOutput,
  type PlayedState,
  playBack,
  samePromptSeconds,
} from '../core/play-back.ts';
import type { PromptKind, PromptPhase } from '../core/prompts/kinds.ts';
import type { SilenceReason } from '../core/prompts/prompt.ts';
import type { CoreSettings } from '../core/step.ts';
import type { Seconds } from '../core/units.ts';
import { createBranchDays, shiftDay } from './branch-days.ts';
import { createDayOf } from './day-of.ts';
import { createOpening } from './opening.ts';
import { toPlayed } from './played-lines.ts';
import { createSettingsAt, withValues } from './settings.ts';
import { toMoment } from './wire.ts';

/** A prompt of a story: said in life, or said when the day is played back. */
export interface ToldPrompt {
  readonly at: Seconds;
  readonly kind: PromptKind;
  readonly place: string;
  readonly visits: readonly string[];
  readonly people?: number;
  readonly waitedSeconds?: Seconds;
  readonly figures?: Readonly<Record<string, number>>;
  /** What became of it; absent: it was still open. */
  readonly ended?: { readonly at: Seconds; readonly phase: PromptPhase };
}

/** An arrival is told of in time within so long. */
export const inTimeSeconds: Seconds = 5;
/** Two prompts this near in time are the same at the same time. */
const sameMomentSeconds: Seconds = 2;
const tenMinutes: Seconds = 600;
/** A gap between lines longer than this is time nobody saw: the service was not there. */
const mostGapSeconds: Seconds = 120;
/** How far from a prompt the other story's verdict on the same is looked for. */
const verdictSeconds: Seconds = 3 * samePromptSeconds;

/** A branch with other values of its thresholds; profiles hold over them on their days, as they do over today's. */
export const draftOf = (branch: Branch, values: Readonly<Record<string, number>>): Branch => ({
  ...branch,
  thresholds: withValues(branch.thresholds, values),
});

/**
 * Plays a stretch of the journal back twice, by today's settings and by a draft, and says what would have been said.
 *
 *     journal ─┬─▶ by today's settings ─┬─▶ differences
 *              ├─▶ by the draft ────────┘
 *              └─▶ as it was ─▶ how far the first agrees with it, who was met
 *
 * Lines are given one by one, so that whoever asks can stop, and tell how far it has come: `result` is of the lines
 * that were given so far.
 *
 * @param draft of the same branch: other thresholds, as `draftOf` makes them
 */
export function createWhatIf(today: Branch, draft: Branch) {
  const [now, other] = createStories([today, draft]) as [Story, Story];
  const play = createPlayer(today, [now, other]);
  const life: ToldPrompt[] = [];
  const period = createPeriod(today);
  const stays = createStays(today.thresholds.contact.targetSeconds);
  let settingsChanged = 0;
  let cameraMoved = false;

  return {
    take(line: JournalLine): void {
      period.take(line);
      if (line.kind === 'prompt' && line.change === 'raised') {
        life.push({ at: Date.parse(line.at) / 1000, kind: line.prompt, place: line.place, visits: [] });
      }
      if (line.kind === 'settings' && isChange(line)) settingsChanged += 1;
      if (line.kind === 'health') {
        cameraMoved ||= line.cameras.some(({ trouble }) => trouble === 'LOBBY_CAMERA_MOVED');
      }
      play(line);
      stays.take(line);
    },
    result(): WhatIf {
      const seenHours = period.seenHours();
      const first = now.prompts();
      const second = other.prompts();
      const agreed = pair(life, first, samePromptSeconds);
      const pairs = pair(first, second, samePromptSeconds);
      const about = ({ visits }: ToldPrompt) => {
        const customer = stays.of(visits);
        return customer === undefined ? {} : { customer };
      };
      const place = ({ at, kind, place }: ToldPrompt) => ({ at: toMoment(at), kind, place });
      const gone = pairs.first.map(
        (one): Difference => ({
          how: 'gone',
          ...place(one),
          now: saidOf(one),
          draft: other.verdictOn(one),
          ...about(one),
        }),
      );
      const added = pairs.second.map(
        (one): Difference => ({
          how: 'new',
          ...place(one),
          now: now.verdictOn(one),
          draft: saidOf(one),
          ...about(one),
        }),
      );
      const isMoved = ([a, b]: (typeof pairs.both)[number]) => Math.abs(a.at - b.at) > sameMomentSeconds;
      const moved = pairs.both.filter(isMoved).map(
        ([a, b]): Difference => ({
          how: 'moved',
          ...place(a),
          laterSeconds: Math.round((b.at - a.at) * 10) / 10,
          now: saidOf(a),
          draft: saidOf(b),
          ...about(a),
        }),
      );
      const same = pairs.both.filter((one) => !isMoved(one)).map(([a]) => place(a));
      const differences = [...gone, ...added, ...moved].sort((a, b) => a.at.localeCompare(b.at));
      return {
        from: toMoment(period.from()),
        to: toMoment(period.to()),
        days: period.days(first, second),
        openHours: period.openHours(),
        seenHours,
        blind: period.blind(),
        now: now.figures(seenHours),
        draft: other.figures(seenHours),
        agreement: {
          said: life.length,
          same: agreed.both.length,
          extra: agreed.second.length,
          settingsChanged,
          cameraMoved,
        },
        met: stays.met(),
        differences: differences.slice(0, mostDifferences),
        differing: { gone: gone.length, new: added.length, moved: moved.length },
        became: becameOf(gone, today.thresholds.contact.targetSeconds),
        same: same.slice(0, mostSame),
        sources: sourcesOf(first, second),
      };
    },
  };
}

/**
 * Plays a stretch of the journal back by several values of one threshold at once, and chooses one for an aim: on the
 * first part of the days, checked on the rest.
 *
 * @param values to try; today's must be among them
 * @param checkFrom where the part begins that is checked on; `NaN`: after 70 % of the time there is
 */
export function createSuggestion(
  today: Branch,
  path: string,
  values: readonly number[],
  aim: Aim,
  checkFrom: Seconds,
) {
  const stories = createStories(values.map((value) => draftOf(today, { [path]: value })));
  const play = createPlayer(today, stories);
  const period = createPeriod(today);
  const [group, key] = path.split('.') as [string, string];
  const value = (today.thresholds as unknown as Record<string, Record<string, number>>)[group]![key]!;
  return {
    take(line: JournalLine): void {
      period.take(line);
      play(line);
    },
    result(): Suggestion {
      const from = period.from();
      const to = period.to();
      const wanted = Number.isNaN(checkFrom) ? from + (to - from) * 0.7 : checkFrom;
      const split = Math.min(Math.max(wanted, from), to);
      const end = to + 1;
      const tried = stories.map((story, index) => ({
        value: values[index]!,
        chosenOn: story.quantities(from, split, aim.seconds),
        checkedOn: story.quantities(split, end, aim.seconds),
      }));
      const choice = chooseValue(
        tried.map((one) => ({ value: one.value, quantities: one.chosenOn })),
        value,
        aim,
      );
      const chosen = tried.find((one) => one.value === choice.value)!;
      return {
        path,
        today: value,
        aim,
        chosenOn: { from: toMoment(from), to: toMoment(split) },
        checkedOn: { from: toMoment(split), to: toMoment(to) },
        tried: tried.map((one) => ({ ...one, isFeasible: satisfies(one.chosenOn, aim) })),
        answer: choice.found ? { ...choice, holds: satisfies(chosen.checkedOn, aim) } : choice,
      };
    },
  };
}

/** Not another day's profile, nor a trial: those change nothing that was saved. */
const isChange = ({ profile, shadow }: LineOf<'settings'>) =>
  profile === undefined && (shadow === undefined || shadow.how === 'made-live');

/** From where on some days are checked on: after five of seven. Of one day nobody can say before it is read: `NaN`. */
export function checkFromOf(days: readonly string[], timezone: string | undefined): Seconds {
  if (days.length === 1) return Number.NaN;
  const chosen = Math.min(days.length - 1, Math.max(1, Math.round(days.length * 0.7)));
  return createBranchDays(timezone ?? 'UTC').momentOf(days[chosen]!);
}

function saidOf({ at, waitedSeconds = 0, people = 1, figures, ended }: ToldPrompt): Said {
  return {
    what: 'prompt',
    at: toMoment(at),
    waitedSeconds: short(waitedSeconds),
    people,
    ...(figures === undefined ? {} : { figures }),
    ...(ended === undefined ? {} : { ended: { at: toMoment(ended.at), phase: ended.phase } }),
  };
}

const short = (value: number) => Math.round(value * 10) / 10;

function becameOf(gone: readonly Difference[], targetSeconds: Seconds): WhatIf['became'] {
  const became = { inTime: 0, late: 0, never: 0, nobody: 0 };
  for (const { customer } of gone) {
    if (customer === undefined) became.nobody += 1;
    else if (customer.metAfterSeconds === 'never') became.never += 1;
    else if (customer.metAfterSeconds > targetSeconds) became.late += 1;
    else became.inTime += 1;
  }
  return became;
}

function sourcesOf(first: readonly ToldPrompt[], second: readonly ToldPrompt[]): WhatIf['sources'] {
  const sources = new Map<string, WhatIf['sources'][number]>();
  for (const [which, prompts] of [
    ['now', first],
    ['draft', second],
  ] as const) {
    for (const { place, kind } of prompts) {
      const key = `${place} ${kind}`;
      const before = sources.get(key) ?? { place, kind, now: 0, draft: 0 };
      sources.set(key, { ...before, [which]: before[which] + 1 });
    }
  }
  return [...sources.values()].sort(
    (a, b) => b.now + b.draft - a.now - a.draft || a.place.localeCompare(b.place),
  );
}

/** What became of everybody who came in, as it happened. */
function createStays(targetSeconds: Seconds) {
  type Customer = NonNullable<Difference['customer']>;
  const stays = new Map<string, Customer>();
  let met = { arrivals: 0, within: 0, never: 0, targetSeconds };
  return {
    take(line: JournalLine): void {
      if (line.kind !== 'stay') return;
      const { visit, arrivedAt, metAt, waitedSeconds = 0, ended } = line;
      const waited = metAt === undefined ? 'never' : waitedSeconds;
      stays.set(visit, {
        arrivedAt,
        ...(metAt === undefined ? {} : { metAt }),
        metAfterSeconds: waited === 'never' ? waited : short(waited),
        ...(ended === undefined ? {} : { endedAt: line.at }),
      });
      met = {
        ...met,
        arrivals: met.arrivals + 1,
        within: met.within + (waited !== 'never' && waited <= targetSeconds ? 1 : 0),
        never: met.never + (waited === 'never' ? 1 : 0),
      };
    },
    met: () => met,
    /** Of several, whoever waited longest. */
    of(visits: readonly string[]): Customer | undefined {
      const long = ({ metAfterSeconds }: Customer) =>
        metAfterSeconds === 'never' ? Number.POSITIVE_INFINITY : metAfterSeconds;
      return visits.flatMap((visit) => stays.get(visit) ?? []).sort((a, b) => long(b) - long(a))[0];
    },
  };
}

/** The time the lines are of: what was open, what was seen, what nobody saw. */
function createPeriod(branch: Branch) {
  const timezone = branch.hours?.timezone ?? 'UTC';
  const opening = openingOf(branch);
  const calendar = createBranchDays(timezone);
  const dayOf = createDayOf(timezone);
  const days = new Map<string, { seen: Seconds; visits: number; from: Seconds; to: Seconds }>();
  const blind = new Map<string, Seconds>();
  let blindNow: readonly string[] = [];
  let from: Seconds | undefined;
  let to: Seconds = 0;
  let day = { seen: 0, visits: 0, from: 0, to: 0 };
  let dayEnds = Number.NEGATIVE_INFINITY;
  return {
    take(line: JournalLine): void {
      const at = Date.parse(line.at) / 1000;
      from ??= at;
      if (at >= dayEnds) {
        const name = dayOf(at);
        dayEnds = calendar.momentOf(shiftDay(name, 1));
        day = { seen: 0, visits: 0, from: at, to: at };
        days.set(name, day);
      }
      if (at > to) {
        const passed = at - to;
        if (to > 0 && passed <= mostGapSeconds && opening(at)) {
          day.seen += passed;
          for (const place of blindNow) blind.set(place, (blind.get(place) ?? 0) + passed);
        }
        to = at;
        day.to = at;
      }
      if (line.kind === 'stay') day.visits += 1;
      if (line.kind === 'health') {
        blindNow = [...new Set(line.cameras.flatMap(({ blind: places = [] }) => places))];
      }
    },
    from: () => from ?? 0,
    to: () => to,
    seenHours: () => [...days.values()].reduce((sum, { seen }) => sum + seen, 0) / 3600,
    /** A branch without hours is open while there are lines of it. */
    openHours(): number {
      let seconds = 0;
      for (const [name, one] of days) {
        if (branch.hours === undefined) seconds += one.to - one.from;
        else {
          const ends = calendar.momentOf(shiftDay(name, 1));
          for (let at = calendar.momentOf(name); at < ends; at += 300) if (opening(at)) seconds += 300;
        }
      }
      return seconds / 3600;
    },
    blind: () =>
      [...blind]
        .map(([place, seconds]) => ({ place, hours: seconds / 3600 }))
        .sort((a, b) => b.hours - a.hours || a.place.localeCompare(b.place)),
    days(first: readonly ToldPrompt[], second: readonly ToldPrompt[]): WhatIf['days'] {
      const countOf = (prompts: readonly ToldPrompt[]) => {
        const counts = new Map<string, number>();
        for (const { at } of prompts) counts.set(dayOf(at), (counts.get(dayOf(at)) ?? 0) + 1);
        return counts;
      };
      const [now, draft] = [countOf(first), countOf(second)];
      return [...days].slice(0, mostDays).map(([name, { seen, visits }]) => ({
        day: name,
        seenHours: seen / 3600,
        visits,
        prompts: { now: now.get(name) ?? 0, draft: draft.get(name) ?? 0 },
      }));
    },
  };
}

/** Whether the branch is open, looked up once a minute of the day. */
function openingOf(branch: Branch): (at: Seconds) => boolean {
  if (branch.hours === undefined) return () => true;
  const opening = createOpening(branch.hours);
  let minute = Number.NaN;
  let isOpen = true;
  return (at) => {
    if (Math.floor(at / 60) !== minute) {
      minute = Math.floor(at / 60);
      isOpen = opening.isOpenAt(at);
    }
    return isOpen;
  };
}

interface Buzz {
  readonly at: Seconds;
  readonly watches: readonly string[];
}

interface Quiet {
  readonly at: Seconds;
  readonly happening: Happening;
  readonly reason: SilenceReason;
  readonly metres?: number;
}

const everybody = 'everybody';

/** Gives lines to stories that are played beside each other. */
function createPlayer(branch: Branch, stories: readonly Story[]): (line: JournalLine) => void {
  const isOpenAt = openingOf(branch);
  let isOpen = true;
  const play = (input: PlayedInput) => {
    const once = shareOnce();
    for (const story of stories) story.play(input, once);
  };
  return (line) => {
    const input = toPlayed(line);
    if (input === undefined) return;
    if (isOpenAt(input.at) !== isOpen) {
      isOpen = !isOpen;
      play({ kind: 'opening', at: input.at, isOpen });
    }
    play(input);
  };
}

type Story = ReturnType<typeof createStory>;

function createStories(branches: readonly Branch[]): readonly Story[] {
  const begun = beginPlayed();
  const alike = createAlike();
  return branches.map((branch) => {
    const settingsAt = createSettingsAt(branch);
    return createStory((at) => alike(settingsAt(at)), begun);
  });
}

/** Makes parts of settings that are alike the very same: what rests on them is then worked out once. */
function createAlike(): (settings: CoreSettings) => CoreSettings {
  const parts = new Map<string, unknown>();
  const made = new WeakMap<CoreSettings, CoreSettings>();
  const same = <Part>(name: string, part: Part): Part => {
    const key = `${name} ${JSON.stringify(part)}`;
    if (!parts.has(key)) parts.set(key, part);
    return parts.get(key) as Part;
  };
  return (settings) => {
    const known = made.get(settings);
    if (known !== undefined) return known;
    const thresholds = Object.fromEntries(
      Object.entries(settings.thresholds).map(([group, values]) => [group, same(group, values)]),
    ) as unknown as CoreSettings['thresholds'];
    const next = { ...settings, thresholds, prompts: same('the prompts of the core', settings.prompts) };
    made.set(settings, next);
    return next;
  };
}

/** One story: a day that is played back by the settings of a branch. */
function createStory(settingsAt: (at: Seconds) => CoreSettings, begun: PlayedState) {
  let state = begun;
  const prompts = new Map<string, ToldPrompt>();
  const buzzes: Buzz[] = [];
  /** Who has each prompt on their wrist. */
  const wrists = new Map<string, readonly string[]>();
  const silences: Partial<Record<SilenceReason, number>> = {};
  const quiet: Quiet[] = [];
  const arrivals = new Map<string, { at: Seconds; toldAt?: Seconds }>();
  let expired = 0;

  function note({ verdicts, changes }: PlayedOutput): void {
    const figuresOf = new Map<string, Happening['figures']>();
    for (const { at, happening, decision } of verdicts) {
      const { kind, visit, role } = happening;
      if (kind === 'arrived' && visit !== undefined && role !== 'staff') arrivals.set(visit, { at });
      if (decision.kind === 'prompt') figuresOf.set(decision.prompt, happening.figures);
      if (decision.kind !== 'silence' || decision.reason === 'nothing-to-ask') continue;
      const { reason, metres } = decision;
      silences[reason] = (silences[reason] ?? 0) + 1;
      quiet.push({ at, happening, reason, ...(metres === undefined ? {} : { metres }) });
    }
    for (const { at, kind, prompt } of changes) {
      const { id, place, visits, people, waitedSeconds } = prompt;
      if (kind === 'raised') {
        const figures = figuresOf.get(id);
        prompts.set(id, {
          at,
          kind: prompt.kind,
          place,
          visits,
          people,
          waitedSeconds,
          ...(figures === undefined ? {} : { figures: rounded(figures) }),
        });
      }
      if (kind === 'raised' || kind === 'passed-on' || kind === 'listed') {
        const before = wrists.get(id) ?? [];
        const now = prompt.watches ?? [everybody];
        wrists.set(id, now);
        // Who had it keeps it when it is passed on, and does not feel it again.
        if (kind !== 'listed') buzzes.push({ at, watches: now.filter((one) => !before.includes(one)) });
      }
      // Shown in silence is told as well: it is on the wrist.
      if (kind === 'raised' || kind === 'grew' || kind === 'listed') {
        for (const visit of visits) {
          const arrival = arrivals.get(visit);
          if (arrival !== undefined) arrival.toldAt ??= at;
        }
      }
      const isOver = ['met', 'skipped', 'withdrawn', 'expired'].includes(prompt.phase);
      if (kind === 'state' && isOver) {
        const known = prompts.get(id);
        if (known !== undefined) prompts.set(id, { ...known, ended: { at, phase: prompt.phase } });
        if (prompt.phase === 'expired' && prompt.by === undefined) expired += 1;
      }
    }
  }

  return {
    play(input: PlayedInput, once: Once): void {
      const [next, output] = playBack(state, input, settingsAt(input.at), once);
      state = next;
      note(output);
    },
    prompts: (): readonly ToldPrompt[] => [...prompts.values()],
    /** Why this story did not say what another did: its verdict nearest in time on the same person or place. */
    verdictOn({ at, kind, place, visits }: ToldPrompt): Said {
      let nearest: Quiet | undefined;
      for (let index = firstFrom(quiet, at - verdictSeconds); index < quiet.length; index += 1) {
        const one = quiet[index]!;
        if (one.at > at + verdictSeconds) break;
        const { visit, zone = 'hall' } = one.happening;
        const isAbout = visit === undefined || visits.length === 0 ? zone === place : visits.includes(visit);
        if (!isAbout || (kind === 'greet') !== (one.happening.kind === 'arrived')) continue;
        if (nearest === undefined || Math.abs(one.at - at) < Math.abs(nearest.at - at)) nearest = one;
      }
      if (nearest === undefined) return { what: 'nothing' };
      const { happening, reason, metres } = nearest;
      return {
        what: 'silence',
        at: toMoment(nearest.at),
        happening: happening.kind,
        reason,
        ...(metres === undefined ? {} : { metres: short(metres) }),
        ...(happening.figures === undefined ? {} : { figures: rounded(happening.figures) }),
      };
    },
    figures(hours: number): StoryFigures {
      const told = [...arrivals.values()];
      const inTime = told.filter((one) => isInTime(one, inTimeSeconds)).length;
      return {
        prompts: prompts.size,
        promptsAnHour: prompts.size / Math.max(hours, 1 / 3600),
        buzzesInTen: buzzesInTen(buzzes, hours),
        arrivals: told.length,
        toldInTime: inTime,
        toldLate: told.filter(({ toldAt }) => toldAt !== undefined).length - inTime,
        expired,
        silences,
      };
    },
    /** Of `[from, to)`. */
    quantities(from: Seconds, to: Seconds, withinSeconds: Seconds): Quantities {
      const isWithin = ({ at }: { readonly at: Seconds }) => at >= from && at < to;
      const told = [...arrivals.values()].filter(isWithin);
      return {
        buzzes: buzzesInTen(buzzes.filter(isWithin), 1).most,
        arrivals: told.length,
        inTime: told.filter((one) => isInTime(one, withinSeconds)).length,
      };
    },
  };
}

const isInTime = ({ at, toldAt }: { at: Seconds; toldAt?: Seconds }, within: Seconds) =>
  toldAt !== undefined && toldAt - at <= within;

const rounded = (figures: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, short(value)]));

/** The first of what is in order of time that is not before a moment. */
function firstFrom(all: readonly { readonly at: Seconds }[], since: Seconds): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle]!.at < since) low = middle + 1;
    else high = middle;
  }
  return low;
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
