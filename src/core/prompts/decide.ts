import type { Happening, HappeningKind } from '../behaviours/behaviour.ts';
import { hall } from '../floor/zones.ts';
import type { Seconds } from '../units.ts';
import type { Visit } from '../visits/visit.ts';
import { answer } from './answer.ts';
import { isWaiting, type PromptKind } from './kinds.ts';
import { outlive } from './outlive.ts';
import { afterDuty, busyWatches, type PassOnSettings, passOn } from './pass-on.ts';
import {
  type AnswerGiven,
  aboutPerson,
  manner,
  mostPlaces,
  type Prompt,
  type PromptChange,
  promptOf,
  type SilenceReason,
  type Verdict,
  without,
} from './prompt.ts';
import { type StaffNear, type StaffNearSettings, staffFor } from './staff-near.ts';
import { ulid } from './ulid.ts';
import {
  countBuzz,
  type DutySaid,
  hearDuty,
  hearFrom,
  mayBuzz,
  noWearers,
  type Route,
  route,
  settle,
  type WearerState,
} from './wearers.ts';

export interface PromptState {
  readonly seed: number;
  readonly open: readonly Prompt[];
  /** Who has been the subject of which kind of prompt; ends with the visit. */
  readonly said: readonly { readonly visit: string; readonly kind: PromptKind }[];
  /** When something was last asked about each place; kept as long as it is not asked again. */
  readonly asked: readonly { readonly kind: PromptKind; readonly zone: string; readonly at: Seconds }[];
  /** Customers of whom nothing was said because staff were near or on the way; see `looksAgain`. */
  readonly deferred: readonly Deferred[];
  /** Who arrived while every wrist had had enough; see `OwedGreeting`. */
  readonly owed: readonly OwedGreeting[];
  /** When something about a person was last kept quiet for want of budget; absent after a while. */
  readonly overBudgetAt?: Seconds;
  readonly wearers: WearerState;
  /** Outside opening hours nothing is said. */
  readonly isClosed?: true;
  readonly letGo: number;
}

/** Somebody who was left to staff near them, and is looked at again. */
export interface Deferred {
  readonly visit: string;
  readonly kind: PromptKind;
  readonly place: string;
  readonly cause: HappeningKind;
  readonly since: Seconds;
  /** Since when no staff have been near or on the way. */
  readonly aloneSince?: Seconds;
}

/** A newcomer nobody was told of, because of the budget: told with the others as soon as there is some again. */
export interface OwedGreeting {
  readonly visit: string;
  readonly place: string;
  readonly since: Seconds;
}

export interface PromptSettings extends StaffNearSettings, PassOnSettings {
  /** People who come in within this time of each other are one greeting. */
  readonly mergeSeconds: Seconds;
  /** A queue is asked about at most this often. */
  readonly queueRepeatSeconds: Seconds;
  /** The same, for what else is asked about a place. */
  readonly repeatSeconds: Readonly<Partial<Record<PromptKind, Seconds>>>;
  /** How long each kind of prompt is of use. */
  readonly usefulSeconds: Readonly<Record<PromptKind, Seconds>>;
  readonly mostOpen: number;
}

export const promptDefaults: PromptSettings = {
  staffNearMetres: 2,
  onTheWayMetres: 6,
  mergeSeconds: 4,
  budget: 6,
  sustained: 2,
  budgetSeconds: 600,
  passOnSeconds: { now: 20, soon: 60 },
  queueRepeatSeconds: 180,
  repeatSeconds: { divert: 300, attend: 180, support: 600, 'check-machine': 1800 },
  usefulSeconds: {
    greet: 45,
    approach: 60,
    'ask-queue': 90,
    divert: 120,
    patrol: 180,
    attend: 120,
    support: 300,
    'see-off': 25,
    'check-machine': 600,
  },
  mostOpen: 16,
};

export function noPrompts(seed: number): PromptState {
  return { seed, open: [], said: [], asked: [], deferred: [], owed: [], wearers: noWearers, letGo: 0 };
}

/** What another wrist hears of does not fill the budget of the wrists nobody knows. */
const elsewhere: readonly PromptKind[] = ['support'];
/** A prompt that says more takes the place of one that is still unanswered. */
const supersedes: Partial<Record<PromptKind, PromptKind>> = {
  approach: 'greet',
  divert: 'ask-queue',
  attend: 'patrol',
  patrol: 'greet',
};
/** Want of budget is remembered this long: the flow that spent it is still there. */
const overBudgetSeconds: Seconds = 60;
/** With less than this share left of an allowance, newcomers join a greeting that waits, wherever they came in. */
const scarceShare = 0.6;
/** A newcomer is owed a greeting for so long: later they have found their way, or are seen to look for it. */
const owedSeconds: Seconds = 90;
/** Whoever came in longer ago than this is not at the door any more. */
const atDoorSeconds: Seconds = 15;
/** A greeting others join is shown for longer, but no longer than this. */
const longestGreetingSeconds: Seconds = 150;

/** Who was left to staff is looked at again for this long. */
const lookAgainSeconds: Seconds = 20;
/** Staff must have been elsewhere for this long. Shorter: who turns to fetch a form has left. */
const aloneSeconds: Seconds = 2;

export interface PromptScene {
  /** Who was first met at this moment, told or not; absent: those alone of whom a happening tells. */
  readonly metNow?: ReadonlySet<string>;
  readonly at: Seconds;
  readonly visits: readonly Visit[];
  readonly happenings: readonly Happening[];
  /** Zones that no camera looks at now; absent: none. */
  readonly blindZones?: ReadonlySet<string>;
  /** Who stands in which queue, by zone, in order. */
  readonly queues: readonly {
    readonly zone: string;
    readonly visits: readonly string[];
    readonly longestSeconds: Seconds;
  }[];
}

/** What people say to the box, and the clock of the branch: all that comes in besides what is seen. */
export interface PromptNews {
  readonly answers?: readonly AnswerGiven[];
  readonly duty?: DutySaid;
  /** The branch opens, or closes. */
  readonly isOpen?: boolean;
}

/**
 * Decides what to tell staff, and what not, each with its reason.
 *
 * What ends a prompt comes first (answers, contacts, departures, time), so that a happening of the
 * same moment is judged by what still stands.
 *
 * @returns the new state, a verdict for each happening in their order, and the changes to prompts,
 *          ended ones first. At most `mostOpen` prompts are open.
 */
export function decide(
  state: PromptState,
  scene: PromptScene,
  news: PromptNews,
  settings: PromptSettings,
): [PromptState, readonly Verdict[], readonly PromptChange[]] {
  const { at } = scene;
  const changes: PromptChange[] = [];
  let open = [...state.open];
  let wearers = state.wearers;

  for (const given of news.answers ?? []) {
    open = open.flatMap((prompt) => {
      if (prompt.id !== given.id) return [prompt];
      wearers = hearFrom(wearers, given.watch, at);
      const [next, change] = answer(prompt, given, at);
      if (change !== undefined) changes.push(change);
      return next === undefined ? [] : [next];
    });
  }
  open = open.flatMap((prompt) => {
    const [next, change] = outlive(prompt, scene);
    if (change !== undefined) changes.push(change);
    return next === undefined ? [] : [next];
  });
  if (news.duty !== undefined) {
    const { duty } = news;
    wearers = hearDuty(wearers, duty, at, settings);
    open = open.map((prompt) => {
      const after = afterDuty(prompt, duty, wearers, busyWatches(open), at, settings);
      changes.push(...after.changes);
      wearers = countBuzz(wearers, after.watches, at, settings);
      return after.prompt;
    });
  }
  open = open.map((prompt) => {
    const passed = passOn(prompt, wearers, busyWatches(open), at, settings);
    if (passed === undefined) return prompt;
    changes.push(passed.change);
    wearers = countBuzz(wearers, passed.watches, at, settings);
    return passed.prompt;
  });
  const isClosed = news.isOpen === undefined ? state.isClosed === true : !news.isOpen;

  const alive = new Set(scene.visits.map((visit) => visit.id));
  let said = state.said.filter((one) => alive.has(one.visit));
  let asked = state.asked.filter((one) => at - one.at < repeatSecondsOf(one.kind, settings));
  let deferred = state.deferred.filter((one) => alive.has(one.visit));
  let owed = state.owed.filter((one) => alive.has(one.visit));
  let overBudgetAt =
    state.overBudgetAt !== undefined && at - state.overBudgetAt < overBudgetSeconds
      ? state.overBudgetAt
      : undefined;
  let { seed, letGo } = state;
  const verdicts: Verdict[] = [];

  const routeFor = (kind: PromptKind): Route => {
    const { roles, together, reserve } = manner[kind];
    const wanted = {
      roles,
      reserve,
      isCall: manner[kind].haptic === 'call',
      ...(together === undefined ? {} : { together }),
    };
    if (!wearers.known && elsewhere.includes(kind)) return { to: 'everybody' };
    return route(wearers, wanted, busyWatches(open), at, settings);
  };
  /** Why a prompt may not be raised now, all else being well; or whose wrists it goes to. */
  const barred = (kind: PromptKind): Exclude<Route, { to: 'nobody' }> | Bar => {
    if (isClosed) return { reason: 'closed' };
    const found = routeFor(kind);
    if (found.to === 'nobody') {
      const isGuest = kind === 'greet' || kind === 'approach';
      if (isGuest && found.reason === 'budget') overBudgetAt = at;
      const round = isGuest ? open.find(isRound) : undefined;
      return round === undefined ? { reason: found.reason } : { reason: 'merged', prompt: round.id };
    }
    if (open.length >= settings.mostOpen) {
      letGo += 1;
      return { reason: 'too-many-open' };
    }
    return found;
  };
  const raise = (
    kind: PromptKind,
    place: string,
    cause: HappeningKind,
    subjects: readonly string[],
    found: Exclude<Route, { to: 'nobody' }>,
    more: Pick<Prompt, 'waitedSeconds'> & Partial<Prompt>,
  ): string => {
    open = open.flatMap((prompt) => {
      const [next, change] = giveWay(prompt, kind, place, subjects, at);
      if (change !== undefined) changes.push(change);
      return next === undefined ? [] : [next];
    });
    const [id, nextSeed] = ulid(at, seed);
    seed = nextSeed;
    const { urgency, haptic, to, roles, together } = manner[kind];
    const chosen = found.to === 'watches' ? (together === true ? roles : [found.role]) : to;
    const prompt: Prompt = {
      id,
      kind,
      place,
      people: Math.max(1, subjects.length),
      urgency,
      haptic,
      ...(chosen === undefined ? {} : { to: chosen }),
      ...(found.to === 'watches' ? { watches: found.watches } : {}),
      reached: [],
      routedAt: at,
      ...more,
      raisedAt: at,
      expiresAt: at + settings.usefulSeconds[kind],
      phase: 'raised',
      cause,
      visits: subjects,
      met: [],
    };
    open.push(prompt);
    if (found.to === 'watches') wearers = countBuzz(wearers, found.watches, at, settings);
    else if (!elsewhere.includes(kind)) wearers = countBuzz(wearers, undefined, at, settings);
    said = [...said, ...subjects.map((one) => ({ visit: one, kind }))];
    if (!aboutPerson.includes(kind)) asked = [...asked, { kind, zone: place, at }];
    changes.push({ at, kind: 'raised', prompt });
    return id;
  };
  /**
   * Adds somebody to a greeting that waits: one at the same door that is seconds old, or, when little is left of
   * the wrist's allowance, any. Its wrist shows the new number and does not buzz again.
   */
  const join = (place: string, subjects: readonly string[]): string | undefined => {
    const isScarce = !hasPlenty(wearers, at, settings);
    const group = open.findIndex(
      (one) =>
        one.kind === 'greet' &&
        isWaiting(one.phase) &&
        // Whom one from before a restart is about is not known: it cannot end with those who join it.
        one.visits.length > 0 &&
        (isScarce || (one.place === place && at - one.raisedAt <= settings.mergeSeconds)),
    );
    const before = open[group];
    if (before === undefined) return undefined;
    const places = [...new Set([...(before.places ?? [before.place]), place])];
    const grown: Prompt = {
      ...before,
      people: before.people + 1,
      visits: [...before.visits, ...subjects],
      ...(places.length === 1 ? {} : { places: places.slice(0, mostPlaces) }),
      expiresAt: Math.max(
        before.expiresAt,
        Math.min(at + settings.usefulSeconds.greet, before.raisedAt + longestGreetingSeconds),
      ),
    };
    open[group] = grown;
    said = [...said, ...subjects.map((one) => ({ visit: one, kind: 'greet' as const }))];
    changes.push({ at, kind: 'grew', prompt: grown });
    return grown.id;
  };

  for (const happening of scene.happenings) {
    const silent = (reason: SilenceReason, more: { metres?: number; prompt?: string } = {}) =>
      verdicts.push({ at, happening, decision: { kind: 'silence', reason, ...more } });
    const kind = promptOf[happening.kind];
    if (kind === undefined) {
      silent('nothing-to-ask');
      continue;
    }
    const place = happening.zone ?? hall;
    const visit = scene.visits.find((one) => one.id === happening.visit);
    const queue = scene.queues.find((one) => one.zone === place);
    // What is told of a place nobody can see rests on what was known before.
    if (happening.zone !== undefined && scene.blindZones?.has(happening.zone)) {
      silent('blind');
      continue;
    }
    const subjects =
      kind === 'ask-queue'
        ? (queue?.visits ?? [])
        : aboutPerson.includes(kind) && visit !== undefined
          ? [visit.id]
          : (happening.visits ?? []);

    if (!aboutPerson.includes(kind)) {
      const same = open.find((one) => one.kind === kind && one.place === place);
      if (same !== undefined || asked.some((one) => one.kind === kind && one.zone === place)) {
        silent(
          same?.phase === 'accepted' ? 'accepted-elsewhere' : 'already-said',
          same && { prompt: same.id },
        );
        continue;
      }
      const fuller = open.find((one) => supersedes[one.kind] === kind && covers(one, place));
      if (fuller !== undefined) {
        silent(fuller.phase === 'accepted' ? 'accepted-elsewhere' : 'merged', { prompt: fuller.id });
        continue;
      }
    } else if (visit !== undefined) {
      const accepted = open.find((one) => one.phase === 'accepted' && one.visits.includes(visit.id));
      if (accepted !== undefined) {
        silent('accepted-elsewhere', { prompt: accepted.id });
        continue;
      }
      if (said.some((one) => one.visit === visit.id && one.kind === kind)) {
        silent('already-said');
        continue;
      }
      const staff = staffFor(visit, scene, settings);
      if (staff !== undefined) {
        said = [...said, { visit: visit.id, kind }];
        if (kind !== 'see-off') {
          deferred = [...deferred, { visit: visit.id, kind, place, cause: happening.kind, since: at }];
        }
        silent('staff-near', staff);
        continue;
      }
    }

    const joined = kind === 'greet' && !isClosed ? join(place, subjects) : undefined;
    if (joined !== undefined) {
      silent('merged', { prompt: joined });
      continue;
    }
    const found = barred(kind);
    if ('reason' in found) {
      silent(found.reason, found.prompt === undefined ? {} : { prompt: found.prompt });
      if (kind === 'greet' && found.reason === 'budget' && visit !== undefined) {
        owed = [...owed, { visit: visit.id, place, since: at }];
      }
      continue;
    }
    const { towards, people, figures } = happening;
    const id = raise(kind, place, happening.kind, subjects, found, {
      waitedSeconds: waited(kind, happening, visit, queue?.longestSeconds, at),
      ...(subjects.length > 0 || people === undefined ? {} : { people }),
      ...(towards === undefined ? {} : { towards, free: Math.max(1, figures?.free ?? 1) }),
    });
    verdicts.push({ at, happening, decision: { kind: 'prompt', prompt: id } });
  }

  const waiting: Deferred[] = [];
  for (const one of deferred) {
    const [after, isDue] = looksAgain(one, scene, open, settings);
    if (after !== undefined) waiting.push(after);
    if (!isDue) continue;
    const visit = scene.visits.find(({ id }) => id === one.visit)!;
    if (one.kind === 'greet' && !isClosed && join(one.place, [visit.id]) !== undefined) continue;
    const found = barred(one.kind);
    if ('reason' in found) continue;
    const waitedSeconds = visit.arrivedAt === undefined ? 0 : at - visit.arrivedAt;
    raise(one.kind, one.place, one.cause, [visit.id], found, { waitedSeconds });
  }

  owed = owed.filter((one) => isStillOwed(one, scene, open, settings));
  if (owed.length > 0 && !isClosed && open.length < settings.mostOpen) {
    const found = routeFor('greet');
    if (found.to !== 'nobody') {
      const places = [...new Set(owed.map((one) => (at - one.since <= atDoorSeconds ? one.place : hall)))];
      const earliest = Math.min(...owed.map(({ since }) => since));
      const all = owed.map(({ visit }) => visit);
      raise('greet', places[0]!, 'arrived', all, found, {
        waitedSeconds: at - earliest,
        ...(places.length === 1 ? {} : { places: places.slice(0, mostPlaces) }),
      });
      owed = [];
    }
  }
  const next: PromptState = {
    seed,
    open,
    said,
    asked,
    deferred: waiting,
    owed,
    ...(overBudgetAt === undefined ? {} : { overBudgetAt }),
    wearers: settle(wearers, at, settings),
    ...(isClosed ? { isClosed } : {}),
    letGo,
  };
  return [next, verdicts, changes];
}

interface Bar {
  readonly reason: SilenceReason;
  readonly prompt?: string;
}

function repeatSecondsOf(kind: PromptKind, settings: PromptSettings): Seconds {
  return kind === 'ask-queue' ? settings.queueRepeatSeconds : (settings.repeatSeconds[kind] ?? 0);
}

const isRound = (prompt: Prompt) => prompt.kind === 'patrol';

/** Whether a prompt says what one of less about this place would: a call to the hall is about all of it. */
function covers(prompt: Prompt, place: string): boolean {
  return prompt.place === place || prompt.kind === 'attend';
}

/** Whether the wrists that greetings go to may be disturbed several times more. */
function hasPlenty(
  { known, wearers, everybody }: WearerState,
  at: Seconds,
  settings: PromptSettings,
): boolean {
  const scarce = scarceShare * settings.budget;
  if (!known) return mayBuzz(everybody, at, scarce, settings);
  const { roles } = manner.greet;
  return wearers.some(
    (one) => one.onDuty && roles.includes(one.role) && mayBuzz(one.allowance, at, scarce, settings),
  );
}

/** Takes from a prompt nobody has answered what a new one, which says more, is about. */
function giveWay(
  prompt: Prompt,
  kind: PromptKind,
  place: string,
  subjects: readonly string[],
  at: Seconds,
): [Prompt | undefined, (PromptChange | undefined)?] {
  if (!isWaiting(prompt.phase) || supersedes[kind] !== prompt.kind) return [prompt];
  if (aboutPerson.includes(prompt.kind)) return without(prompt, subjects, at, 'merged');
  if (kind !== 'attend' && prompt.place !== place) return [prompt];
  return [undefined, { at, kind: 'state', prompt: { ...prompt, phase: 'withdrawn' }, reason: 'merged' }];
}

/** Met by now, in a queue, the subject of another prompt, gone, or staff: then nothing is to be said. */
function isSeenTo(who: string, scene: PromptScene, open: readonly Prompt[]): boolean {
  const visit = scene.visits.find(({ id }) => id === who);
  return (
    visit?.phase !== 'inside' ||
    visit.role === 'staff' ||
    scene.metNow?.has(who) === true ||
    scene.happenings.some((one) => one.kind === 'contacted' && one.visit === who) ||
    scene.queues.some((queue) => queue.visits.includes(who)) ||
    open.some((prompt) => prompt.visits.includes(who))
  );
}

/**
 * Whether somebody who was left to staff is alone after all: staff who were near have gone on, or
 * turned away on the way. Then what was not said is said, late rather than never.
 *
 *     staff   ●──▶ ● customer      ● customer
 *                    ●──▶ staff           ●──▶ two seconds later: greet
 *
 * @returns the deferral while it stands, and whether it is due
 */
function looksAgain(
  one: Deferred,
  scene: PromptScene,
  open: readonly Prompt[],
  settings: PromptSettings,
): [Deferred | undefined, boolean] {
  const { at } = scene;
  const isOver = at - one.since > lookAgainSeconds || isSeenTo(one.visit, scene, open);
  if (isOver) return [undefined, false];
  const { aloneSince: before, ...rest } = one;
  if (nearTo(one.visit, scene, settings) !== undefined) return [rest, false];
  const aloneSince = before ?? at;
  if (at - aloneSince < aloneSeconds) return [{ ...rest, aloneSince }, false];
  return [undefined, true];
}

function isStillOwed(
  { visit, since }: OwedGreeting,
  scene: PromptScene,
  open: readonly Prompt[],
  settings: PromptSettings,
): boolean {
  return (
    scene.at - since <= owedSeconds &&
    !isSeenTo(visit, scene, open) &&
    nearTo(visit, scene, settings) === undefined
  );
}

function nearTo(who: string, scene: PromptScene, settings: PromptSettings): StaffNear | undefined {
  const visit = scene.visits.find(({ id }) => id === who);
  return visit === undefined ? undefined : staffFor(visit, scene, settings);
}

function waited(
  kind: PromptKind,
  happening: Happening,
  visit: Visit | undefined,
  longest: Seconds | undefined,
  at: Seconds,
): Seconds {
  switch (kind) {
    case 'ask-queue':
    case 'divert':
      return longest ?? happening.waitedSeconds ?? 0;
    case 'attend':
    case 'patrol':
      return happening.waitedSeconds ?? 0;
    case 'greet':
    case 'approach':
      return visit?.arrivedAt === undefined ? 0 : at - visit.arrivedAt;
    // Of whoever leaves the VIP zone not even how long they were there is told.
    case 'see-off':
    case 'support':
    case 'check-machine':
      return 0;
  }
}
