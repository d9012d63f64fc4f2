import type { Happening, HappeningKind } from '../behaviours/behaviour.ts';
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
  readonly people: number;
  readonly urgency: Urgency;
  readonly haptic: Haptic;
  readonly waitedSeconds: Seconds;
  readonly raisedAt: Seconds;
  readonly expiresAt: Seconds;
  readonly phase: PromptPhase;
  readonly by?: WearerRole;
  readonly watch?: string;
  /** Visits still in want of it. */
  readonly visits: readonly string[];
  /** Visits of it that were met; with all gone, it ends as met if there is one. */
  readonly met: readonly string[];
}

export type EndReason = 'seen-met' | 'left' | 'too-late' | 'answered' | 'merged';

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
  /** When each queue was last asked about. */
  readonly asked: readonly { readonly zone: string; readonly at: Seconds }[];
  /** Moments of the prompts of the last `budgetSeconds`. */
  readonly raisedAt: readonly Seconds[];
  readonly letGo: number;
}

export interface PromptSettings {
  /** With staff this near, the customer is as good as met. */
  readonly staffNearMetres: Metres;
  /** People who come in within this time of each other are one greeting. */
  readonly mergeSeconds: Seconds;
  /** At most `budget` prompts in `budgetSeconds`: a wearer's attention is the scarcest thing in the branch. */
  readonly budget: number;
  readonly budgetSeconds: Seconds;
  /** A queue is asked about at most this often. */
  readonly queueRepeatSeconds: Seconds;
  /** How long each kind of prompt is of use. */
  readonly usefulSeconds: Readonly<Record<PromptKind, Seconds>>;
  readonly mostOpen: number;
}

export const promptDefaults: PromptSettings = {
  staffNearMetres: 2,
  mergeSeconds: 4,
  budget: 6,
  budgetSeconds: 600,
  queueRepeatSeconds: 180,
  usefulSeconds: { greet: 45, approach: 60, 'ask-queue': 90 },
  mostOpen: 16,
};

export function noPrompts(seed: number): PromptState {
  return { seed, open: [], said: [], asked: [], raisedAt: [], letGo: 0 };
}

/** Which prompt a happening may lead to; the rest only end prompts, or are told for the figures. */
const promptOf: Partial<Record<HappeningKind, PromptKind>> = {
  arrived: 'greet',
  wandering: 'approach',
  'waited-long': 'ask-queue',
  'queue-long': 'ask-queue',
};

const manner: Record<PromptKind, { urgency: Urgency; haptic: Haptic }> = {
  greet: { urgency: 'now', haptic: 'arrival' },
  approach: { urgency: 'soon', haptic: 'person' },
  'ask-queue': { urgency: 'soon', haptic: 'person' },
};

export interface PromptScene {
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
  let asked = state.asked.filter((one) => at - one.at < settings.queueRepeatSeconds);
  let raisedAt = state.raisedAt.filter((moment) => at - moment < settings.budgetSeconds);
  let { seed, letGo } = state;
  const verdicts: Verdict[] = [];

  for (const happening of scene.happenings) {
    const silent = (reason: SilenceReason, more: { metres?: Metres; prompt?: string } = {}) =>
      verdicts.push({ at, happening, decision: { kind: 'silence', reason, ...more } });
    const kind = promptOf[happening.kind];
    if (kind === undefined) {
      silent('nothing-to-ask');
      continue;
    }
    const place = happening.zone ?? 'hall';
    const visit = scene.visits.find((one) => one.id === happening.visit);
    const queue = scene.queues.find((one) => one.zone === place);
    // What is told of a place nobody can see rests on what was known before.
    if (happening.zone !== undefined && scene.blindZones?.has(happening.zone)) {
      silent('blind');
      continue;
    }
    const subjects = kind === 'ask-queue' ? (queue?.visits ?? []) : visit === undefined ? [] : [visit.id];

    if (kind === 'ask-queue') {
      const same = open.find((one) => one.kind === kind && one.place === place);
      if (same !== undefined || asked.some((one) => one.zone === place)) {
        silent(
          same?.phase === 'accepted' ? 'accepted-elsewhere' : 'already-said',
          same && { prompt: same.id },
        );
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
      const metres = nearestStaff(visit, scene);
      if (metres !== undefined && metres <= settings.staffNearMetres) {
        said = [...said, { visit: visit.id, kind }];
        silent('staff-near', { metres });
        continue;
      }
    }

    if (kind === 'greet') {
      const group = open.findIndex(
        (one) =>
          one.kind === 'greet' &&
          one.place === place &&
          one.phase === 'raised' &&
          at - one.raisedAt <= settings.mergeSeconds,
      );
      if (group >= 0) {
        const before = open[group]!;
        const grown: Prompt = {
          ...before,
          people: before.people + 1,
          visits: [...before.visits, ...subjects],
        };
        open[group] = grown;
        said = [...said, ...subjects.map((one) => ({ visit: one, kind }))];
        changes.push({ at, kind: 'grew', prompt: grown });
        silent('merged', { prompt: grown.id });
        continue;
      }
    }
    if (raisedAt.length >= settings.budget) {
      silent('budget');
      continue;
    }
    if (open.length >= settings.mostOpen) {
      letGo += 1;
      silent('too-many-open');
      continue;
    }
    // Somebody who is now looked for as lost need not be greeted as new.
    open = open.flatMap((prompt) => {
      if (kind !== 'approach' || prompt.kind !== 'greet' || prompt.phase !== 'raised') return [prompt];
      const [next, change] = without(prompt, subjects, at, 'merged');
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
      waitedSeconds: waited(kind, happening, visit, queue?.longestSeconds, at),
      raisedAt: at,
      expiresAt: at + settings.usefulSeconds[kind],
      phase: 'raised',
      visits: subjects,
      met: [],
    };
    open.push(prompt);
    raisedAt = [...raisedAt, at];
    said = [...said, ...subjects.map((one) => ({ visit: one, kind }))];
    if (kind === 'ask-queue') asked = [...asked, { zone: place, at }];
    changes.push({ at, kind: 'raised', prompt });
    verdicts.push({ at, happening, decision: { kind: 'prompt', prompt: id } });
  }
  return [{ seed, open, said, asked, raisedAt, letGo }, verdicts, changes];
}

function waited(
  kind: PromptKind,
  happening: Happening,
  visit: Visit | undefined,
  longest: Seconds | undefined,
  at: Seconds,
): Seconds {
  if (kind === 'ask-queue') return longest ?? happening.waitedSeconds ?? 0;
  return visit?.arrivedAt === undefined ? 0 : at - visit.arrivedAt;
}

function nearestStaff(visit: Visit, scene: PromptScene): Metres | undefined {
  let nearest: Metres | undefined;
  for (const one of scene.visits) {
    if (one.role !== 'staff' || one.plane !== visit.plane || !isSeen(one, scene.at)) continue;
    const metres = metresFrom(visit, one.at);
    if (nearest === undefined || metres < nearest) nearest = metres;
  }
  return nearest;
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
  const met = scene.happenings
    .filter((one) => one.kind === 'contacted' && one.visit !== undefined && prompt.visits.includes(one.visit))
    .map((one) => one.visit!);
  const goneKinds: readonly HappeningKind[] =
    prompt.kind === 'ask-queue' ? ['departed', 'left-queue'] : ['departed'];
  const gone = scene.happenings
    .filter(
      (one) => goneKinds.includes(one.kind) && one.visit !== undefined && prompt.visits.includes(one.visit),
    )
    .map((one) => one.visit!);
  let kept: Prompt | undefined = prompt;
  let change: PromptChange | undefined;
  // One member of a queue spoken to is the queue asked.
  if (met.length > 0) {
    const subjects = prompt.kind === 'ask-queue' ? prompt.visits : met;
    [kept, change] = without({ ...prompt, met: [...prompt.met, ...met] }, subjects, scene.at, 'seen-met');
  }
  if (kept !== undefined && gone.length > 0) [kept, change] = without(kept, gone, scene.at, 'left');
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
