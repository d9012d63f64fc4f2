import type { Happening, HappeningKind } from '../behaviours/behaviour.ts';
import type { Metres, Seconds } from '../units.ts';
import type { Answer, Haptic, PromptKind, PromptPhase, Receipt, Urgency, WearerRole } from './kinds.ts';
import { type Need, spentToo } from './wearers.ts';

/** One thing asked of staff. Which visits it is about stays inside; the wrist is told how many. */
export interface Prompt {
  readonly id: string;
  readonly kind: PromptKind;
  /** A zone's id, or `hall` for outside all zones. */
  readonly place: string;
  /** Of a greeting of several who came in at different places or times: those places, at most `mostPlaces`. */
  readonly places?: readonly string[];
  /** Whose wrists it is for; absent: everybody's on duty. */
  readonly to?: readonly WearerRole[];
  /**
   * The watches it has gone to; absent while it is not known who wears one: all that listen. None: nobody is on duty
   * whom it is for, and it is for who listens without ever having said that they are.
   */
  readonly watches?: readonly string[];
  /** To whom it was passed on last because nobody took it, and when. */
  readonly passedOn?: { readonly role: WearerRole; readonly at: Seconds };
  /** What became of it on each wrist, in the order in which it came there. */
  readonly reached: readonly Reached[];
  /**
   * It is among what the wrists read of the lobby, and disturbed none: their allowance was spent. Whoever looks sees it.
   */
  readonly silent?: true;
  /** When it last went to a wrist it had not been to. */
  readonly routedAt: Seconds;
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
  /** When somebody set out for it. */
  readonly takenAt?: Seconds;
  /** What it was raised for: it ends when that is over. */
  readonly cause: HappeningKind;
  /** Visits still in want of it. */
  readonly visits: readonly string[];
  /** Visits of it that were met; with all gone, it ends as met if there is one. */
  readonly met: readonly string[];
}

/** A prompt on one wrist. */
export interface Reached {
  readonly watch: string;
  readonly deliveredAt: Seconds;
  /** When it was first shown while somebody could look. */
  readonly seenAt?: Seconds;
}

/** Places a merged greeting names; beyond, it says the hall. */
export const mostPlaces = 2;

export type EndReason = 'seen-met' | 'left' | 'too-late' | 'answered' | 'merged' | 'over' | 'is-staff';
/** Why a prompt's state changed. */
export type StateReason = EndReason | 'off-duty';

/**
 * A prompt that was raised, grew, went to further wrists, reached one, was answered, or ended.
 *
 * `listed` is among what the wrists read of the lobby, and does not disturb them: they were told of another in the same
 * moment, or have had enough.
 * `reached` is told of the first wrist it comes to and the first that shows it; `watch` is whose it was.
 */
export interface PromptChange {
  readonly at: Seconds;
  readonly kind: 'raised' | 'grew' | 'passed-on' | 'listed' | 'reached' | 'state';
  readonly prompt: Prompt;
  readonly reason?: StateReason;
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
  'closed',
  'no-wearer',
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

/** How it ended with somebody who was not told of at once: told after all, or why not. */
export const laterEnds = [
  'told',
  'met',
  'queued',
  'left',
  'is-staff',
  'staff-near',
  'told-otherwise',
  'too-late',
  'budget',
  'closed',
  'no-wearer',
  'too-many-open',
] as const;
export type LaterEnd = (typeof laterEnds)[number];

/** The end of what was put off: a prompt nobody could be told of for want of allowance, or that was left to staff near. */
export interface Later {
  readonly at: Seconds;
  readonly visit: string;
  readonly kind: PromptKind;
  readonly was: 'owed' | 'left-to-staff';
  readonly end: LaterEnd;
  readonly waitedSeconds: Seconds;
  /** The prompt that told of them. */
  readonly prompt?: string;
}

/** A wearer's answer, or a watch's receipt, as it reached the box. */
export interface AnswerGiven {
  readonly id: string;
  readonly answer: Answer | Receipt;
  readonly role: WearerRole;
  readonly watch: string;
}

/** Which prompt a happening may lead to; the rest only end prompts, or are told for the figures. */
export const promptOf: Partial<Record<HappeningKind, PromptKind>> = {
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

export interface Manner {
  readonly urgency: Urgency;
  readonly haptic: Haptic;
  /** Absent: for everybody on duty. */
  readonly to?: readonly WearerRole[];
  /** Roles it is offered to where it is known who is on duty: the first of which somebody is free. */
  readonly roles: readonly WearerRole[];
  /** To all of those roles at once. */
  readonly together?: true;
  /** What can wait leaves some for what cannot; a round, a call and the branch head's are said although all is spent. */
  readonly need: Need;
}

const atOnce: Need = { reserve: 1, kept: 1 };

export const manner: Record<PromptKind, Manner> = {
  greet: { urgency: 'now', haptic: 'arrival', roles: ['manager', 'deputy'], need: atOnce },
  approach: { urgency: 'soon', haptic: 'person', roles: ['manager', 'deputy'], need: atOnce },
  'ask-queue': { urgency: 'soon', haptic: 'person', roles: ['manager', 'deputy'], need: atOnce },
  divert: { urgency: 'soon', haptic: 'place', roles: ['manager', 'deputy'], need: atOnce },
  patrol: { urgency: 'when-free', haptic: 'place', roles: ['manager', 'deputy'], need: spentToo },
  attend: {
    urgency: 'now',
    haptic: 'call',
    to: ['manager', 'deputy'],
    roles: ['manager', 'deputy'],
    together: true,
    need: spentToo,
  },
  support: { urgency: 'now', haptic: 'call', to: ['branch-head'], roles: ['branch-head'], need: spentToo },
  'see-off': { urgency: 'now', haptic: 'place', roles: ['manager', 'deputy'], need: atOnce },
  'check-machine': {
    urgency: 'when-free',
    haptic: 'place',
    roles: ['manager', 'deputy'],
    need: { reserve: 2, kept: 1 },
  },
};

/** Prompts about a person; the others are about a place, and about whoever is there. */
export const aboutPerson: readonly PromptKind[] = ['greet', 'approach', 'see-off'];

/** Takes visits off a prompt; with none left it ends as met if any of them was, else as withdrawn. */
export function without(
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
