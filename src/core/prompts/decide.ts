import type { Happening, HappeningKind } from '../behaviours/behaviour.ts';
import { hall } from '../floor/zones.ts';
import type { Seconds } from '../units.ts';
import type { Visit } from '../visits/visit.ts';
import { answer } from './answer.ts';
import { isWaiting, type PromptKind } from './kinds.ts';
import { outlive } from './outlive.ts';
import { busyWatches, handOver, type PassOnSettings, passOn, release } from './pass-on.ts';
import {
  type AnswerGiven,
  aboutPerson,
  type Later,
  type LaterEnd,
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
  forSeveral,
  hearDuty,
  hearFrom,
  inSilence,
  mayBuzz,
  type Need,
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
  /** Of whom every wrist that had had enough was not told; see `Owed`. */
  readonly owed: readonly Owed[];
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

/**
 * Somebody nobody was told of, because of the budget: told as soon as there is some again, newcomers all in one.
 */
export interface Owed {
  readonly visit: string;
  readonly kind: 'greet' | 'approach';
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
/**
 * A newcomer is owed a greeting for so long: later they have found their way, or are seen to look for it. Who looks
 * for it is owed help for as long as it is of use.
 */
const owedSeconds: Readonly<Record<Owed['kind'], Seconds>> = { greet: 90, approach: 60 };
/** So many who are owed a greeting are told of in one, though the bucket is empty. */
const several = 3;
/** Whoever is going to somebody at a place finds those there who come in so soon after. */
const onTheWaySeconds: Seconds = 20;
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
 * Where several happen at once, what stops being useful first is judged first, so that it has what little is left.
 *
 * @returns the new state, a verdict for each happening in their order, the changes to prompts, ended ones first, and
 *          what became of who was not told of at once. At most `mostOpen` prompts are open.
 */
export function decide(
  state: PromptState,
  scene: PromptScene,
  news: PromptNews,
  settings: PromptSettings,
): [PromptState, readonly Verdict[], readonly PromptChange[], readonly Later[]] {
  const { at } = scene;
  const { open, wearers, changes } = carryOn(state, scene, news, settings);
  const before = {
    seed: state.seed,
    open,
    said: state.said.filter((one) => scene.visits.some(({ id }) => id === one.visit)),
    asked: state.asked.filter((one) => at - one.at < repeatSecondsOf(one.kind, settings)),
    deferred: state.deferred,
    owed: state.owed,
    overBudgetAt:
      state.overBudgetAt !== undefined && at - state.overBudgetAt < overBudgetSeconds
        ? state.overBudgetAt
        : undefined,
    wearers,
    isClosed: news.isOpen === undefined ? state.isClosed === true : !news.isOpen,
    letGo: state.letGo,
  };
  // Of most moments there is nothing to judge.
  const isQuiet = scene.happenings.length === 0 && state.deferred.length === 0 && state.owed.length === 0;
  return isQuiet
    ? [remembered(before, at, settings), [], changes, []]
    : judge(before, scene, settings, changes);
}

/** What becomes of the prompts there are: answered, over, given up, handed over, passed on. */
function carryOn(
  state: PromptState,
  scene: PromptScene,
  news: PromptNews,
  settings: PromptSettings,
): Pick<PromptState, 'open' | 'wearers'> & { readonly changes: PromptChange[] } {
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
  const alive: Prompt[] = [];
  for (const prompt of open) {
    const [next, change] = outlive(prompt, scene);
    if (change !== undefined) changes.push(change);
    if (next !== undefined) alive.push(next);
  }
  open = alive;
  if (news.duty !== undefined) wearers = hearDuty(wearers, news.duty, at, settings);
  open = open.map((prompt) => {
    const [next, change] = release(prompt, wearers, at);
    if (change !== undefined) changes.push(change);
    return next;
  });
  const handed = handOver(open, wearers, at, settings);
  open = [...handed.open];
  changes.push(...handed.changes);
  wearers = countBuzz(wearers, handed.watches, at, settings);
  open = open.map((prompt) => {
    const passed = passOn(prompt, wearers, busyWatches(open), at, settings);
    if (passed === undefined) return prompt;
    changes.push(passed.change);
    wearers = countBuzz(wearers, passed.watches, at, settings);
    return passed.prompt;
  });
  return { open, wearers, changes };
}

/** Judges what happened by what still stands, and looks again at those who were not told of. */
function judge(
  before: Remembered,
  scene: PromptScene,
  settings: PromptSettings,
  changes: PromptChange[],
): [PromptState, readonly Verdict[], readonly PromptChange[], readonly Later[]] {
  const { at } = scene;
  const { isClosed } = before;
  let { seed, said, asked, overBudgetAt, wearers, letGo } = before;
  let open = [...before.open];
  let deferred = [...before.deferred];
  let owed = [...before.owed];
  const laters: Later[] = [];
  const verdicts: Verdict[] = [];

  const routeFor = (kind: PromptKind, need: Need = manner[kind].need): Route => {
    const { roles, together } = manner[kind];
    const wanted = {
      roles,
      need,
      isCall: manner[kind].haptic === 'call',
      ...(together === undefined ? {} : { together }),
    };
    const isElsewhere =
      elsewhere.includes(kind) && !wearers.wearers.some((one) => one.onDuty && roles.includes(one.role));
    if (isElsewhere) return { to: wearers.known ? 'listeners' : 'everybody' };
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
      ...(found.to === 'watches'
        ? { watches: found.watches }
        : found.to === 'listeners'
          ? { watches: [] }
          : {}),
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
    const isSilent = prompt.silent === true;
    if (isSilent) {
      // Nobody is disturbed.
    } else if (found.to === 'watches') wearers = countBuzz(wearers, found.watches, at, settings);
    else if (!elsewhere.includes(kind)) wearers = countBuzz(wearers, undefined, at, settings);
    said = [...said, ...subjects.map((one) => ({ visit: one, kind }))];
    if (!aboutPerson.includes(kind)) asked = [...asked, { kind, zone: place, at }];
    changes.push({ at, kind: isSilent ? 'listed' : 'raised', prompt });
    return id;
  };
  /**
   * Adds somebody to a greeting that waits: one at the same door that is seconds old, or, when little is left of
   * the wrist's allowance, any, and one at the same door that somebody has just set out for. Its wrist shows the new
   * number and does not buzz again.
   */
  const join = (place: string, subjects: readonly string[]): string | undefined => {
    const isScarce = !hasPlenty(wearers, at, settings);
    // Whom one from before a restart is about is not known: it cannot end with those who join it.
    // With allowance to say it, nobody joins what is shown in silence.
    const mayTell = routeFor('greet').to !== 'nobody';
    const greetings = open.filter(
      (one) => one.kind === 'greet' && one.visits.length > 0 && !(mayTell && one.silent),
    );
    const chosen =
      greetings.find(
        (one) =>
          isWaiting(one.phase) &&
          (isScarce || (one.place === place && at - one.raisedAt <= settings.mergeSeconds)),
      ) ??
      greetings.find(
        (one) =>
          isScarce &&
          one.phase === 'accepted' &&
          one.place === place &&
          at - (one.takenAt ?? one.raisedAt) <= onTheWaySeconds,
      );
    return chosen === undefined ? undefined : grow(chosen, place, subjects);
  };
  /** Adds people to a greeting that is on a wrist. */
  const grow = (before: Prompt, place: string, subjects: readonly string[]): string => {
    const places = [...new Set([...(before.places ?? [before.place]), place])];
    const grown: Prompt = {
      ...before,
      people: before.people + Math.max(1, subjects.length),
      visits: [...before.visits, ...subjects],
      ...(places.length === 1 ? {} : { places: places.slice(0, mostPlaces) }),
      expiresAt: Math.max(
        before.expiresAt,
        Math.min(at + settings.usefulSeconds.greet, before.raisedAt + longestGreetingSeconds),
      ),
    };
    open = open.map((one) => (one.id === grown.id ? grown : one));
    said = [...said, ...subjects.map((one) => ({ visit: one, kind: 'greet' as const }))];
    changes.push({ at, kind: grown.silent ? 'listed' : 'grew', prompt: grown });
    return grown.id;
  };

  /** Shows a greeting in silence, on the wrists it would have gone to. */
  const list = (place: string, subjects: readonly string[]): string | undefined => {
    const found = routeFor('greet', inSilence);
    if (found.to === 'nobody' || found.to === 'listeners' || open.length >= settings.mostOpen)
      return undefined;
    return raise('greet', place, 'arrived', subjects, found, { waitedSeconds: 0, silent: true });
  };

  for (const index of inOrderOfUse(scene.happenings, settings)) {
    const happening = scene.happenings[index]!;
    const silent = (reason: SilenceReason, more: { metres?: number; prompt?: string } = {}) => {
      verdicts[index] = { at, happening, decision: { kind: 'silence', reason, ...more } };
    };
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
      const isSilent = open.some(({ id, silent: isShown }) => id === joined && isShown === true);
      if (isSilent && visit !== undefined)
        owed = [...owed, { visit: visit.id, kind: 'greet', place, since: at }];
      continue;
    }
    const found = barred(kind);
    if ('reason' in found) {
      const isShown = kind === 'greet' && found.reason === 'budget' && visit !== undefined;
      const shown = isShown ? list(place, subjects) : found.prompt;
      silent(found.reason, shown === undefined ? {} : { prompt: shown });
      if (isOwable(kind) && found.reason === 'budget' && visit !== undefined) {
        if (!owed.some((one) => one.visit === visit.id && one.kind === kind))
          owed = [...owed, { visit: visit.id, kind, place, since: at }];
      }
      continue;
    }
    const { towards, people, figures } = happening;
    const id = raise(kind, place, happening.kind, subjects, found, {
      waitedSeconds: waited(kind, happening, visit, queue?.longestSeconds, at),
      ...(subjects.length > 0 || people === undefined ? {} : { people }),
      ...(towards === undefined ? {} : { towards, free: Math.max(1, figures?.free ?? 1) }),
    });
    verdicts[index] = { at, happening, decision: { kind: 'prompt', prompt: id } };
  }

  const waiting: Deferred[] = [];
  for (const one of deferred) {
    const ended = (end: LaterEnd, prompt?: string) =>
      laters.push(laterOf({ ...one, was: 'left-to-staff' }, end, at, prompt));
    const looked = looksAgain(one, scene, open, settings);
    if (typeof looked === 'string') ended(looked);
    else if (looked !== undefined) waiting.push(looked);
    if (looked !== undefined) continue;
    const visit = scene.visits.find(({ id }) => id === one.visit)!;
    const joined = one.kind === 'greet' && !isClosed ? join(one.place, [visit.id]) : undefined;
    if (joined !== undefined) {
      ended('told', joined);
      continue;
    }
    const found = barred(one.kind);
    if ('reason' in found) {
      const { kind, place } = one;
      if (isOwable(kind) && found.reason === 'budget')
        owed = [...owed, { visit: visit.id, kind, place, since: at }];
      else if (found.prompt === undefined) ended(found.reason as LaterEnd);
      else ended('told-otherwise', found.prompt);
      continue;
    }
    const waitedSeconds = visit.arrivedAt === undefined ? 0 : at - visit.arrivedAt;
    ended('told', raise(one.kind, one.place, one.cause, [visit.id], found, { waitedSeconds }));
  }

  const stillOwed = (one: Owed) => {
    const end = endOfOwed(one, scene, open, settings) ?? (isClosed ? 'closed' : undefined);
    if (end !== undefined) laters.push(laterOf({ ...one, was: 'owed' }, end, at));
    return end === undefined;
  };
  owed = owed.filter(stillOwed);
  // Who looks for help first: it is of use for less long than a greeting is owed.
  for (const one of owed.filter(({ kind }) => kind === 'approach')) {
    if (open.length >= settings.mostOpen) break;
    const found = routeFor('approach');
    if (found.to === 'nobody') break;
    const prompt = raise('approach', one.place, 'wandering', [one.visit], found, {
      waitedSeconds: at - one.since,
    });
    laters.push(laterOf({ ...one, was: 'owed' }, 'told', at, prompt));
    owed = owed.filter((other) => other !== one).filter(stillOwed);
  }
  const greeted = owed.filter(({ kind }) => kind === 'greet');
  const waitingGreeting = open.find(
    (one) => one.kind === 'greet' && isWaiting(one.phase) && !one.silent && one.visits.length > 0,
  );
  if (greeted.length > 0 && waitingGreeting !== undefined && !isClosed) {
    const all = greeted.map(({ visit }) => visit);
    open = open.flatMap((prompt) => {
      const [next, change] = giveWay(prompt, 'greet', waitingGreeting.place, all, at);
      if (change !== undefined) changes.push(change);
      return next === undefined ? [] : [next];
    });
    const prompt = grow(
      waitingGreeting,
      at - greeted[0]!.since <= atDoorSeconds ? greeted[0]!.place : hall,
      all,
    );
    for (const one of greeted) laters.push(laterOf({ ...one, was: 'owed' }, 'told', at, prompt));
    owed = owed.filter(({ kind }) => kind !== 'greet');
  } else if (greeted.length > 0 && open.length < settings.mostOpen) {
    const alone = routeFor('greet');
    const found = alone.to === 'nobody' && greeted.length >= several ? routeFor('greet', forSeveral) : alone;
    if (found.to !== 'nobody') {
      const places = [...new Set(greeted.map((one) => (at - one.since <= atDoorSeconds ? one.place : hall)))];
      const earliest = Math.min(...greeted.map(({ since }) => since));
      const all = greeted.map(({ visit }) => visit);
      const prompt = raise('greet', places[0]!, 'arrived', all, found, {
        waitedSeconds: at - earliest,
        ...(places.length === 1 ? {} : { places: places.slice(0, mostPlaces) }),
      });
      for (const one of greeted) laters.push(laterOf({ ...one, was: 'owed' }, 'told', at, prompt));
      owed = owed.filter(({ kind }) => kind !== 'greet');
    }
  }
  const rest = { seed, open, said, asked, deferred: waiting, owed, overBudgetAt, wearers, isClosed, letGo };
  return [remembered(rest, at, settings), verdicts, changes, laters];
}

interface Remembered extends Omit<PromptState, 'overBudgetAt' | 'isClosed'> {
  readonly overBudgetAt: Seconds | undefined;
  readonly isClosed: boolean;
}

function remembered(
  { seed, open, said, asked, deferred, owed, overBudgetAt, wearers, isClosed, letGo }: Remembered,
  at: Seconds,
  settings: PromptSettings,
): PromptState {
  return {
    seed,
    open,
    said,
    asked,
    deferred,
    owed,
    ...(overBudgetAt === undefined ? {} : { overBudgetAt }),
    wearers: settle(wearers, at, settings),
    ...(isClosed ? { isClosed } : {}),
    letGo,
  };
}

interface Bar {
  readonly reason: SilenceReason;
  readonly prompt?: string;
}

const isOwable = (kind: PromptKind): kind is Owed['kind'] => kind === 'greet' || kind === 'approach';

/** Which to judge first: what leads to no prompt, then what stops being useful first, then as they were told. */
function inOrderOfUse(happenings: readonly Happening[], settings: PromptSettings): readonly number[] {
  const useOf = ({ kind }: Happening): Seconds => {
    const prompt = promptOf[kind];
    return prompt === undefined ? 0 : settings.usefulSeconds[prompt];
  };
  return happenings.map((_, i) => i).sort((a, b) => useOf(happenings[a]!) - useOf(happenings[b]!) || a - b);
}

function laterOf(
  { visit, kind, was, since }: Pick<Later, 'visit' | 'kind' | 'was'> & { readonly since: Seconds },
  end: LaterEnd,
  at: Seconds,
  prompt?: string,
): Later {
  return {
    at,
    visit,
    kind,
    was,
    end,
    waitedSeconds: at - since,
    ...(prompt === undefined ? {} : { prompt }),
  };
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
function hasPlenty({ wearers, everybody }: WearerState, at: Seconds, settings: PromptSettings): boolean {
  const need: Need = { reserve: scarceShare * settings.budget, kept: 1 };
  const { roles } = manner.greet;
  const there = wearers.filter((one) => one.onDuty && roles.includes(one.role));
  const allowances = there.length === 0 ? [everybody] : there.map(({ allowance }) => allowance);
  return allowances.some((one) => mayBuzz(one, at, need, settings));
}

/** Takes from a prompt nobody has answered what a new one, which says more, is about. */
function giveWay(
  prompt: Prompt,
  kind: PromptKind,
  place: string,
  subjects: readonly string[],
  at: Seconds,
): [Prompt | undefined, (PromptChange | undefined)?] {
  if (!isWaiting(prompt.phase)) return [prompt];
  if (prompt.silent && kind === prompt.kind) return without(prompt, subjects, at, 'merged');
  if (supersedes[kind] !== prompt.kind) return [prompt];
  if (aboutPerson.includes(prompt.kind)) return without(prompt, subjects, at, 'merged');
  if (kind !== 'attend' && prompt.place !== place) return [prompt];
  return [undefined, { at, kind: 'state', prompt: { ...prompt, phase: 'withdrawn' }, reason: 'merged' }];
}

/** Gone, staff, met by now, in a queue, or the subject of another prompt: then nothing is to be said. */
function seenTo(who: string, scene: PromptScene, open: readonly Prompt[]): LaterEnd | undefined {
  const visit = scene.visits.find(({ id }) => id === who);
  if (visit?.phase !== 'inside') return 'left';
  if (visit.role === 'staff') return 'is-staff';
  const isMet =
    scene.metNow?.has(who) === true ||
    scene.happenings.some((one) => one.kind === 'contacted' && one.visit === who);
  if (isMet) return 'met';
  if (scene.queues.some((queue) => queue.visits.includes(who))) return 'queued';
  const isTold = open.some(
    ({ silent, phase, visits }) => (silent === undefined || phase === 'accepted') && visits.includes(who),
  );
  return isTold ? 'told-otherwise' : undefined;
}

/**
 * Whether somebody who was left to staff is alone after all: staff who were near have gone on, or
 * turned away on the way. Then what was not said is said, late rather than never.
 *
 *     staff   ●──▶ ● customer      ● customer
 *                    ●──▶ staff           ●──▶ two seconds later: greet
 *
 * @returns the deferral while it stands, how it ended, or `undefined` once it is due
 */
function looksAgain(
  one: Deferred,
  scene: PromptScene,
  open: readonly Prompt[],
  settings: PromptSettings,
): Deferred | LaterEnd | undefined {
  const { at } = scene;
  const end = seenTo(one.visit, scene, open);
  if (end !== undefined) return end;
  if (at - one.since > lookAgainSeconds) return 'staff-near';
  const { aloneSince: before, ...rest } = one;
  if (nearTo(one.visit, scene, settings) !== undefined) return rest;
  const aloneSince = before ?? at;
  return at - aloneSince < aloneSeconds ? { ...rest, aloneSince } : undefined;
}

/** How it ended that somebody was owed a prompt, before they could be told of. */
function endOfOwed(
  { visit, kind, since }: Owed,
  scene: PromptScene,
  open: readonly Prompt[],
  settings: PromptSettings,
): LaterEnd | undefined {
  const end = seenTo(visit, scene, open);
  if (end !== undefined) return end;
  if (nearTo(visit, scene, settings) !== undefined) return 'staff-near';
  return scene.at - since > owedSeconds[kind] ? 'too-late' : undefined;
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
