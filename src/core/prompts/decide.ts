import type { Happening, HappeningKind, OverReason } from '../behaviours/behaviour.ts';
import { floorPlane, hall } from '../floor/zones.ts';
import type { Metres, Seconds } from '../units.ts';
import { isSeen, metresFrom, type Visit } from '../visits/visit.ts';
import type { Answer, Haptic, PromptKind, PromptPhase, Urgency, WearerRole } from './kinds.ts';
import { ulid } from './ulid.ts';

/** One thing asked of staff. Which visits it is about stays inside; the wrist is told how many. */
export interface Prompt {
  readonly id: string;
  readonly kind: PromptKind;
  /** A zone's id, or `hall` for outside all zones. */
  readonly place: string;
  /** Whose wrists it is for; absent: everybody's on duty. */
  readonly to?: readonly WearerRole[];
  /** `divert`: where to send people, and how many can go there at once. */
  readonly towards?: string;
  readonly free?: number;
  readonly people: number;
  readonly urgency: Urgency;
  readonly haptic: Haptic;
  readonly waitedSeconds: Seconds;
  readonly raisedAt: Seconds;
  readonly expiresAt: Seconds;
  readonly phase: PromptPhase;
  readonly by?: WearerRole;
  readonly watch?: string;
  /** What it was raised for: it ends when that is over. */
  readonly cause: HappeningKind;
  /** Visits still in want of it. */
  readonly visits: readonly string[];
  /** Visits of it that were met; with all gone, it ends as met if there is one. */
  readonly met: readonly string[];
}

export type EndReason = 'seen-met' | 'left' | 'too-late' | 'answered' | 'merged' | 'over' | 'is-staff';

/** A prompt that was raised, grew, was answered or ended. */
export interface PromptChange {
  readonly at: Seconds;
  readonly kind: 'raised' | 'grew' | 'state';
  readonly prompt: Prompt;
  readonly reason?: EndReason;
}

/** Why nothing was said. */
export const silenceReasons = [
  'already-said',
  'staff-near',
  'merged',
  'budget',
  'accepted-elsewhere',
  'too-many-open',
  'blind',
  'nothing-to-ask',
] as const;
export type SilenceReason = (typeof silenceReasons)[number];

/** What was decided about a happening. Every happening gets exactly one. */
export interface Verdict {
  readonly at: Seconds;
  readonly happening: Happening;
  readonly decision:
    | { readonly kind: 'prompt'; readonly prompt: string }
    | {
        readonly kind: 'silence';
        readonly reason: SilenceReason;
        readonly metres?: Metres;
        /** `staff-near`: how fast staff who are still on the way come nearer. */
        readonly metresPerSecond?: number;
        readonly prompt?: string;
      };
}

/** A wearer's answer, as it reached the box. */
export interface AnswerGiven {
  readonly id: string;
  readonly answer: Answer;
  readonly role: WearerRole;
  readonly watch: string;
}

export interface PromptState {
  readonly seed: number;
  readonly open: readonly Prompt[];
  /** Who has been the subject of which kind of prompt; ends with the visit. */
  readonly said: readonly { readonly visit: string; readonly kind: PromptKind }[];
  /** When something was last asked about each place; kept as long as it is not asked again. */
  readonly asked: readonly { readonly kind: PromptKind; readonly zone: string; readonly at: Seconds }[];
  /** Customers of whom nothing was said because staff were near or on the way; see `looksAgain`. */
  readonly deferred: readonly Deferred[];
  /** When something about a person was last kept quiet for want of budget; absent after a while. */
  readonly overBudgetAt?: Seconds;
  /** Moments of the prompts of the last `budgetSeconds`. */
  readonly raisedAt: readonly Seconds[];
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

export interface PromptSettings {
  /** With staff this near, the customer is as good as met. */
  readonly staffNearMetres: Metres;
  /** Staff who walk up to a customer from this near are on the way to them. */
  readonly onTheWayMetres: Metres;
  /** People who come in within this time of each other are one greeting. */
  readonly mergeSeconds: Seconds;
  /** At most `budget` prompts in `budgetSeconds`: a wearer's attention is the scarcest thing in the branch. */
  readonly budget: number;
  readonly budgetSeconds: Seconds;
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
  budgetSeconds: 600,
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
  return { seed, open: [], said: [], asked: [], deferred: [], raisedAt: [], letGo: 0 };
}

/** Which prompt a happening may lead to; the rest only end prompts, or are told for the figures. */
const promptOf: Partial<Record<HappeningKind, PromptKind>> = {
  arrived: 'greet',
  wandering: 'approach',
  'waited-long': 'ask-queue',
  'queue-long': 'ask-queue',
  divert: 'divert',
  patrol: 'patrol',
  unattended: 'attend',
  crowded: 'support',
  farewell: 'see-off',
  'machine-trouble': 'check-machine',
};

interface Manner {
  readonly urgency: Urgency;
  readonly haptic: Haptic;
  /** Absent: for everybody on duty. */
  readonly to?: readonly WearerRole[];
}

const manner: Record<PromptKind, Manner> = {
  greet: { urgency: 'now', haptic: 'arrival' },
  approach: { urgency: 'soon', haptic: 'person' },
  'ask-queue': { urgency: 'soon', haptic: 'person' },
  divert: { urgency: 'soon', haptic: 'place' },
  patrol: { urgency: 'when-free', haptic: 'place' },
  attend: { urgency: 'now', haptic: 'call', to: ['manager', 'deputy'] },
  support: { urgency: 'now', haptic: 'call', to: ['branch-head'] },
  'see-off': { urgency: 'now', haptic: 'place' },
  'check-machine': { urgency: 'when-free', haptic: 'place' },
};

/** Prompts about a person; the others are about a place, and about whoever is there. */
const aboutPerson: readonly PromptKind[] = ['greet', 'approach', 'see-off'];
/**
 * Not weighed against the budget: a round is what is left when the budget is spent, and comes at most
 * once in `patrol.everySeconds`; nobody in the hall is what a wearer must not miss; and the branch
 * head's wrist is another, which hears of nothing else.
 */
const beyondBudget: readonly PromptKind[] = ['patrol', 'attend', 'support'];
/** What another wrist hears of does not fill this one's budget. */
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

/** Who was left to staff is looked at again for this long. */
const lookAgainSeconds: Seconds = 20;
/** Staff must have been elsewhere for this long. Shorter: who turns to fetch a form has left. */
const aloneSeconds: Seconds = 2;
/** Staff on the way come nearer at a walk, and would pass no farther than an arm's length and a half away. */
const approachMetresPerSecond = 0.6;
const passMetres: Metres = 1.2;

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
  answersGiven: readonly AnswerGiven[],
  settings: PromptSettings,
): [PromptState, readonly Verdict[], readonly PromptChange[]] {
  const { at } = scene;
  const changes: PromptChange[] = [];
  let open = [...state.open];

  for (const given of answersGiven) {
    open = open.flatMap((prompt) => {
      if (prompt.id !== given.id) return [prompt];
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

  const alive = new Set(scene.visits.map((visit) => visit.id));
  let said = state.said.filter((one) => alive.has(one.visit));
  let asked = state.asked.filter((one) => at - one.at < repeatSecondsOf(one.kind, settings));
  let deferred = state.deferred.filter((one) => alive.has(one.visit));
  let raisedAt = state.raisedAt.filter((moment) => at - moment < settings.budgetSeconds);
  let overBudgetAt =
    state.overBudgetAt !== undefined && at - state.overBudgetAt < overBudgetSeconds
      ? state.overBudgetAt
      : undefined;
  let { seed, letGo } = state;
  const verdicts: Verdict[] = [];

  /** Why a prompt may not be raised now, all else being well. */
  const barred = (kind: PromptKind): [reason: SilenceReason, prompt?: string] | undefined => {
    if (raisedAt.length >= settings.budget && !beyondBudget.includes(kind)) {
      if (kind === 'greet' || kind === 'approach') overBudgetAt = at;
      const round = kind === 'greet' || kind === 'approach' ? open.find(isRound) : undefined;
      return round === undefined ? ['budget'] : ['merged', round.id];
    }
    if (open.length >= settings.mostOpen) {
      letGo += 1;
      return ['too-many-open'];
    }
    return undefined;
  };
  const raise = (
    kind: PromptKind,
    place: string,
    cause: HappeningKind,
    subjects: readonly string[],
    more: Pick<Prompt, 'waitedSeconds'> & Partial<Prompt>,
  ): string => {
    open = open.flatMap((prompt) => {
      const [next, change] = giveWay(prompt, kind, place, subjects, at);
      if (change !== undefined) changes.push(change);
      return next === undefined ? [] : [next];
    });
    const [id, nextSeed] = ulid(at, seed);
    seed = nextSeed;
    const prompt: Prompt = {
      id,
      kind,
      place,
      people: Math.max(1, subjects.length),
      ...manner[kind],
      ...more,
      raisedAt: at,
      expiresAt: at + settings.usefulSeconds[kind],
      phase: 'raised',
      cause,
      visits: subjects,
      met: [],
    };
    open.push(prompt);
    if (!elsewhere.includes(kind)) raisedAt = [...raisedAt, at];
    said = [...said, ...subjects.map((one) => ({ visit: one, kind }))];
    if (!aboutPerson.includes(kind)) asked = [...asked, { kind, zone: place, at }];
    changes.push({ at, kind: 'raised', prompt });
    return id;
  };
  /** Adds somebody to a greeting at the same door that is seconds old. */
  const join = (place: string, subjects: readonly string[]): string | undefined => {
    const group = open.findIndex(
      (one) =>
        one.kind === 'greet' &&
        one.place === place &&
        one.phase === 'raised' &&
        at - one.raisedAt <= settings.mergeSeconds,
    );
    const before = open[group];
    if (before === undefined) return undefined;
    const grown: Prompt = { ...before, people: before.people + 1, visits: [...before.visits, ...subjects] };
    open[group] = grown;
    said = [...said, ...subjects.map((one) => ({ visit: one, kind: 'greet' as const }))];
    changes.push({ at, kind: 'grew', prompt: grown });
    return grown.id;
  };

  for (const happening of scene.happenings) {
    const silent = (reason: SilenceReason, more: { metres?: Metres; prompt?: string } = {}) =>
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

    const joined = kind === 'greet' ? join(place, subjects) : undefined;
    if (joined !== undefined) {
      silent('merged', { prompt: joined });
      continue;
    }
    const bar = barred(kind);
    if (bar !== undefined) {
      silent(bar[0], bar[1] === undefined ? {} : { prompt: bar[1] });
      continue;
    }
    const { towards, people, figures } = happening;
    const id = raise(kind, place, happening.kind, subjects, {
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
    if (!isDue || barred(one.kind) !== undefined) continue;
    const visit = scene.visits.find(({ id }) => id === one.visit)!;
    if (one.kind === 'greet' && join(one.place, [visit.id]) !== undefined) continue;
    const waitedSeconds = visit.arrivedAt === undefined ? 0 : at - visit.arrivedAt;
    raise(one.kind, one.place, one.cause, [visit.id], { waitedSeconds });
  }
  const next: PromptState = {
    seed,
    open,
    said,
    asked,
    deferred: waiting,
    ...(overBudgetAt === undefined ? {} : { overBudgetAt }),
    raisedAt,
    letGo,
  };
  return [next, verdicts, changes];
}

function repeatSecondsOf(kind: PromptKind, settings: PromptSettings): Seconds {
  return kind === 'ask-queue' ? settings.queueRepeatSeconds : (settings.repeatSeconds[kind] ?? 0);
}

const isRound = (prompt: Prompt) => prompt.kind === 'patrol';

/** Whether a prompt says what one of less about this place would: a call to the hall is about all of it. */
function covers(prompt: Prompt, place: string): boolean {
  return prompt.place === place || prompt.kind === 'attend';
}

/** Takes from a prompt nobody has answered what a new one, which says more, is about. */
function giveWay(
  prompt: Prompt,
  kind: PromptKind,
  place: string,
  subjects: readonly string[],
  at: Seconds,
): [Prompt | undefined, (PromptChange | undefined)?] {
  if (prompt.phase !== 'raised' || supersedes[kind] !== prompt.kind) return [prompt];
  if (aboutPerson.includes(prompt.kind)) return without(prompt, subjects, at, 'merged');
  if (kind !== 'attend' && prompt.place !== place) return [prompt];
  return [undefined, { at, kind: 'state', prompt: { ...prompt, phase: 'withdrawn' }, reason: 'merged' }];
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
  const visit = scene.visits.find(({ id }) => id === one.visit);
  const isMet =
    scene.metNow?.has(one.visit) ||
    scene.happenings.some(({ kind, visit: who }) => kind === 'contacted' && who === one.visit);
  const isServed =
    scene.queues.some((queue) => queue.visits.includes(one.visit)) ||
    open.some((prompt) => prompt.visits.includes(one.visit));
  const isGone = visit?.phase !== 'inside' || visit.role === 'staff';
  const isOver = isGone || isMet || isServed || at - one.since > lookAgainSeconds;
  if (visit === undefined || isOver) return [undefined, false];
  const { aloneSince: before, ...rest } = one;
  if (staffFor(visit, scene, settings) !== undefined) return [rest, false];
  const aloneSince = before ?? at;
  if (at - aloneSince < aloneSeconds) return [{ ...rest, aloneSince }, false];
  return [undefined, true];
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

/** Staff with a customer or on the way to them: how near, and if not there yet, how fast they come. */
function staffFor(
  visit: Visit,
  scene: PromptScene,
  settings: PromptSettings,
): { metres: Metres; metresPerSecond?: number } | undefined {
  let nearest: { metres: Metres; metresPerSecond?: number } | undefined;
  for (const one of scene.visits) {
    if (one.role !== 'staff' || one.plane !== visit.plane || !isSeen(one, scene.at)) continue;
    const metres = metresFrom(visit, one.at);
    if (nearest !== undefined && nearest.metres <= metres) continue;
    if (metres <= settings.staffNearMetres) nearest = { metres };
    else if (metres <= settings.onTheWayMetres && visit.plane === floorPlane) {
      const metresPerSecond = approachOf(one, visit);
      if (metresPerSecond >= approachMetresPerSecond) nearest = { metres, metresPerSecond };
    }
  }
  return nearest;
}

/**
 * How fast somebody walks up to another, metres a second; 0 for whoever would walk past. Only their
 * own steps count: a customer who comes in walks towards staff who stand at the counter.
 */
function approachOf(staff: Visit, visit: Visit): number {
  const [x, y] = [visit.at.x - staff.at.x, visit.at.y - staff.at.y];
  const metres = Math.hypot(x, y);
  const along = (staff.velocity.x * x + staff.velocity.y * y) / metres;
  const across = Math.abs(staff.velocity.x * y - staff.velocity.y * x) / metres;
  return along > 0 && (across / along) * metres <= passMetres ? along : 0;
}

function answer(
  prompt: Prompt,
  given: AnswerGiven,
  at: Seconds,
): [Prompt | undefined, (PromptChange | undefined)?] {
  const mine = prompt.watch === given.watch;
  const change = (phase: PromptPhase, rest: Partial<Prompt> = {}): PromptChange => ({
    at,
    kind: 'state',
    prompt: { ...prompt, by: given.role, watch: given.watch, ...rest, phase },
    reason: 'answered',
  });
  // First tap takes it; another's answer is told again who has it.
  if (prompt.phase === 'accepted' && !mine && given.answer !== 'met') {
    return [prompt, { at, kind: 'state', prompt, reason: 'answered' }];
  }
  switch (given.answer) {
    case 'accepted': {
      const accepted = change('accepted');
      return [accepted.prompt, accepted];
    }
    case 'met':
      return [undefined, change('met')];
    case 'not-needed':
      return [undefined, change('skipped')];
    case 'undo': {
      if (prompt.phase !== 'accepted') return [prompt, { at, kind: 'state', prompt, reason: 'answered' }];
      const { by: _, watch: __, ...rest } = prompt;
      const back: Prompt = { ...rest, phase: 'raised' };
      return [back, { at, kind: 'state', prompt: back, reason: 'answered' }];
    }
  }
}

/** Ends a prompt whose customers were met or left, or whose time is over. */
function outlive(prompt: Prompt, scene: PromptScene): [Prompt | undefined, (PromptChange | undefined)?] {
  const told = scene.happenings.flatMap(({ kind, visit }) => (kind === 'contacted' ? [visit] : []));
  const met = prompt.visits.filter((one) => told.includes(one) || scene.metNow?.has(one));
  const goneKinds: readonly HappeningKind[] =
    prompt.kind === 'ask-queue' ? ['departed', 'left-queue'] : ['departed'];
  const departed = scene.happenings.flatMap((one) => (goneKinds.includes(one.kind) ? [one.visit] : []));
  // Who is being served by now, or has stepped out of the line, is not asked any more.
  const line =
    prompt.kind === 'ask-queue' ? scene.queues.find((one) => one.zone === prompt.place)?.visits : undefined;
  const gone = prompt.visits.filter(
    (one) => departed.includes(one) || (line !== undefined && !line.includes(one)),
  );
  const over = scene.happenings.find((one) => one.kind === 'over' && isOver(prompt, one));
  if (over !== undefined) return [undefined, ended(prompt, over, scene.at)];
  let kept: Prompt | undefined = prompt;
  let change: PromptChange | undefined;
  // One member of a queue spoken to is the queue asked.
  if (met.length > 0) {
    const subjects = prompt.kind === 'ask-queue' ? prompt.visits : met;
    [kept, change] = without({ ...prompt, met: [...prompt.met, ...met] }, subjects, scene.at, 'seen-met');
  }
  if (kept !== undefined && gone.length > 0) [kept, change] = without(kept, gone, scene.at, 'left');
  const staff = scene.visits.filter(({ id, role }) => role === 'staff' && prompt.visits.includes(id));
  if (kept !== undefined && staff.length > 0) {
    const ids = staff.map(({ id }) => id);
    [kept, change] = without(kept, ids, scene.at, 'is-staff');
  }
  if (kept !== undefined && kept.phase === 'raised' && scene.at >= kept.expiresAt) {
    return [
      undefined,
      { at: scene.at, kind: 'state', prompt: { ...kept, phase: 'expired' }, reason: 'too-late' },
    ];
  }
  // Taken, but never seen to be met: after twice its useful time it is nobody's any more.
  if (kept !== undefined && scene.at >= kept.expiresAt + (kept.expiresAt - kept.raisedAt)) {
    return [
      undefined,
      { at: scene.at, kind: 'state', prompt: { ...kept, phase: 'expired' }, reason: 'too-late' },
    ];
  }
  return [kept, change];
}

function isOver(prompt: Prompt, over: Happening): boolean {
  if (prompt.cause !== over.of || prompt.place !== (over.zone ?? hall)) return false;
  return over.visit === undefined || prompt.visits.includes(over.visit);
}

/** The end of what lasted: done if staff were there, withdrawn if there is nothing to do any more. */
function ended(prompt: Prompt, over: Happening, at: Seconds): PromptChange {
  const [phase, reason] = endings[over.because ?? 'eased'];
  return { at, kind: 'state', prompt: { ...prompt, phase }, reason };
}

const endings: Record<OverReason, readonly [PromptPhase, EndReason]> = {
  'staff-came': ['met', 'seen-met'],
  'people-left': ['withdrawn', 'left'],
  eased: ['withdrawn', 'over'],
  unheeded: ['expired', 'too-late'],
};

/** Takes visits off a prompt; with none left it ends as met if any of them was, else as withdrawn. */
function without(
  prompt: Prompt,
  gone: readonly string[],
  at: Seconds,
  reason: EndReason,
): [Prompt | undefined, (PromptChange | undefined)?] {
  const visits = prompt.visits.filter((one) => !gone.includes(one));
  if (visits.length === prompt.visits.length) return [prompt];
  if (visits.length > 0) return [{ ...prompt, visits }];
  const phase = prompt.met.length > 0 ? 'met' : 'withdrawn';
  return [
    undefined,
    {
      at,
      kind: 'state',
      prompt: { ...prompt, visits, phase },
      reason: phase === 'met' ? 'seen-met' : reason,
    },
  ];
}
