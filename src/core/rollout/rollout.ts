import type { Seconds } from '../units.ts';
import { type Change, type Compared, changeOf, moreOften, type RatioKind, ratioOf } from './fall.ts';

/**
 * How a bundle of settings comes to the branches of a bank, step by step, each held to what was before it.
 *
 *     shadow ──▶ 5 % ──▶ 50 % ──▶ all ──▶ done
 *        └─────────┴───────┴───────┴────▶ undone     a figure fell beyond its bound and beyond chance, or somebody says so
 *
 * `held`: it stays at its step, until somebody lets it go on; a fall undoes it all the same.
 *
 * Three answers are told apart. It fell: worse by more than the bound, and by more than three standard errors. It did
 * not: a fall beyond the bound is ruled out, at 1.64 standard errors. And it cannot be told yet: then it waits. So it
 * never goes on for want of evidence, and one unlucky hour undoes nothing.
 */
export interface RolloutState {
  readonly phase: 'rolling' | 'held' | 'done' | 'undone';
  /** 0: shadow; then the shares of the plan. */
  readonly step: number;
  readonly begunAt: Seconds;
  /** When this step began. */
  readonly since: Seconds;
  /** From when on its patience counts: when the step began, or somebody let it go on. */
  readonly waitsFrom: Seconds;
  /** Somebody has let it go on although many refuse it. */
  readonly mayBeRefused: boolean;
}

export interface RolloutBounds {
  /** By how much the share of customers that is met within the target may fall. */
  readonly inTime: number;
  /** By how much the share that is never met may rise. */
  readonly neverMet: number;
  /** By which part of what it was the number of buzzes to a customer may rise. */
  readonly buzzes: number;
  /** By how much the most buzzes on a wrist in ten minutes may rise, the mean of hours. */
  readonly mostInTenMinutes: number;
  /** By how many seconds the wait that nine in ten do not exceed may rise. */
  readonly waitSeconds: Seconds;
  /** By how much the part of the time in which a zone is not seen may rise. */
  readonly blind: number;
  /** The same of the time in which the service does not run. */
  readonly off: number;
  /** By how much the share of boxes of which nothing is heard may exceed that of the others. */
  readonly silent: number;
  /** The share of branches that may refuse it. */
  readonly refusing: number;
  /** Between which multiples of what is buzzed lies what would have been, in shadow. */
  readonly shadowLeast: number;
  readonly shadowMost: number;
}

export interface RolloutPlan {
  /** Shares of branches that go by it, rising; the last is all of them. */
  readonly shares: readonly number[];
  /** Fewer branches are no step: one in which somebody is ill would be a third of it. */
  readonly leastBranches: number;
  /** Hours that a branch is open, on the mean, before a step is judged good: first of the shadow, then of each share. */
  readonly leastHours: readonly number[];
  /** Customers that a share is made of, in the step and in whatever it is compared with. */
  readonly leastCustomers: number;
  /** A step that cannot be told of for so long is held, for somebody to look at. */
  readonly mostDays: number;
  /** How far back what was before reaches: whole weeks, so that it has each weekday as often. */
  readonly beforeDays: number;
  readonly bounds: RolloutBounds;
}

/**
 * Bounds are what a bank's head of branches would notice: 5 customers of 100 more who wait longer than the target, 2 more
 * who leave unmet, a minute more of waiting. Hours: one day of opening in shadow, two for a share, a week for all, where
 * nobody is left to compare with and weekdays have to be even.
 */
export const rolloutDefaults: RolloutPlan = {
  shares: [0.05, 0.5, 1],
  leastBranches: 3,
  leastHours: [8, 16, 16, 40],
  leastCustomers: 300,
  mostDays: 14,
  beforeDays: 14,
  bounds: {
    inTime: 0.05,
    neverMet: 0.02,
    buzzes: 0.25,
    mostInTenMinutes: 1,
    waitSeconds: 60,
    blind: 0.02,
    off: 0.02,
    silent: 0.1,
    refusing: 0.2,
    shadowLeast: 0.5,
    shadowMost: 1.5,
  },
};

/** Figures of hours that a step is held to: what they are ratios of, and which way is worse. */
export const rolloutFigures = {
  inTime: { kind: 'share', worse: 'less', says: 'share of customers met in time' },
  neverMet: { kind: 'share', worse: 'more', says: 'share of customers never met' },
  buzzes: { kind: 'rate', worse: 'more', says: 'buzzes to a customer' },
  mostInTenMinutes: { kind: 'mean', worse: 'more', says: 'most buzzes in ten minutes' },
  waitSeconds: { kind: 'mean', worse: 'more', says: 'seconds that nine in ten wait at most' },
  blind: { kind: 'mean', worse: 'more', says: 'share of the time not seen' },
  off: { kind: 'mean', worse: 'more', says: 'share of the time the service was off' },
} as const satisfies Record<
  string,
  { readonly kind: RatioKind; readonly worse: 'less' | 'more'; readonly says: string }
>;
export type RolloutFigure = keyof typeof rolloutFigures;

/** What branches have said, up to now. */
export interface RolloutEvidence {
  /** Branches that were told this step, and of these: who have said they took it, refuse, are not heard. */
  readonly told: number;
  readonly taken: number;
  readonly refusing: number;
  readonly silent: number;
  /** Branches of the same groups that were not; `branches` 0: there are none. */
  readonly others: { readonly branches: number; readonly silent: number };
  /** Hours that a branch of this step was open since, on the mean of those that took it. */
  readonly openHours: number;
  readonly figures: Readonly<Record<RolloutFigure, Compared>>;
  readonly shadow: {
    /** Branches that try it, and that have nothing to try. */
    readonly tried: number;
    readonly nothingNew: number;
    readonly wouldHaveBuzzed: number;
    readonly liveBuzzed: number;
  };
}

/** A figure, as it was looked at: shares and means to three digits, none of fewer than 30 customers. */
export interface FigureJudged {
  readonly figure: string;
  readonly before?: number;
  readonly since?: number;
  readonly othersBefore?: number;
  readonly othersSince?: number;
  /** How much worse it became, beside the others; less than 0: better. */
  readonly worse?: number;
  readonly error?: number;
  readonly bound: number;
  readonly says: 'fell' | 'held' | 'open';
}

export interface Judgement {
  readonly what: 'waits' | 'advanced' | 'done' | 'undone' | 'paused';
  /** A sentence without its full stop. */
  readonly why: string;
  readonly figures: readonly FigureJudged[];
}

/** Errors by which it must have fallen, and by which a fall must be ruled out. Looked at each hour, two would be too few. */
const errorsToUndo = 3;
const errorsToGoOn = 1.64;
/** Branch-hours before anything is undone by them. */
const leastHoursToUndo = 6;
const leastBuzzes = 30;
/** Of branches that were told, so many must have taken it and be heard. */
const leastTaken = 0.9;
/** With nobody to compare with a bound is twice as wide: weeks differ. */
const boundAlone = 2;
const daySeconds: Seconds = 86_400;

export function beginRollout(at: Seconds): RolloutState {
  return { phase: 'rolling', step: 0, begunAt: at, since: at, waitsFrom: at, mayBeRefused: false };
}

/** @returns nothing where it is not in a phase for that */
export function pauseRollout(state: RolloutState): RolloutState | undefined {
  return state.phase === 'rolling' ? { ...state, phase: 'held' } : undefined;
}

export function resumeRollout(state: RolloutState, at: Seconds): RolloutState | undefined {
  if (state.phase !== 'held') return undefined;
  return { ...state, phase: 'rolling', waitsFrom: at, mayBeRefused: true };
}

export function undoRollout(state: RolloutState): RolloutState | undefined {
  return state.phase === 'undone' ? undefined : { ...state, phase: 'undone' };
}

/** What share of branches may go by it now. */
export function shareOfStep({ step, phase }: RolloutState, plan: RolloutPlan): number {
  if (phase === 'undone' || step === 0) return 0;
  return plan.shares[step - 1]!;
}

/** What a step is called: `shadow`, `5 %`. */
export function stepName(step: number, plan: RolloutPlan): string {
  return step === 0 ? 'shadow' : `${Math.round(plan.shares[step - 1]! * 1_000) / 10} %`;
}

/**
 * Judges the step that a bundle is at by what branches have said.
 *
 * @returns the next state, and why; the same state where it waits
 */
export function judgeRollout(
  state: RolloutState,
  plan: RolloutPlan,
  evidence: RolloutEvidence,
  at: Seconds,
): readonly [RolloutState, Judgement] {
  if (state.phase === 'done' || state.phase === 'undone')
    return [state, { what: 'waits', why: `it is ${state.phase}`, figures: [] }];
  const figures = state.step === 0 ? judgeShadow(plan, evidence) : judgeFigures(plan, evidence);
  const fallen = figures.filter(({ says }) => says === 'fell');
  const wait = (why: string) => [state, { what: 'waits', why, figures }] as const;
  const hold = (why: string) =>
    [
      { ...state, phase: 'held' as const },
      { what: 'paused', why, figures },
    ] as const;

  if (fallen.length > 0) {
    const why = fallen.map((one) => inWords(one)).join('; ');
    return [
      { ...state, phase: 'undone' },
      { what: 'undone', why, figures },
    ];
  }
  if (state.phase === 'held') return wait('it is held');
  const { told, refusing } = evidence;
  if (!state.mayBeRefused && refusing > plan.bounds.refusing * told)
    return hold(`${refusing} of ${told} branches refuse it`);
  const missing = whatIsMissing(state, plan, evidence, figures);
  if (missing !== undefined) {
    const days = (at - state.waitsFrom) / daySeconds;
    return days >= plan.mostDays
      ? hold(`it cannot be told after ${plan.mostDays} days: ${missing}`)
      : wait(missing);
  }
  const step = state.step + 1;
  const good = `${stepName(state.step, plan)} held what was before it`;
  if (step > plan.shares.length)
    return [
      { ...state, phase: 'done' },
      { what: 'done', why: good, figures },
    ];
  return [
    { ...state, step, since: at, waitsFrom: at, mayBeRefused: false },
    { what: 'advanced', why: `${good}: ${stepName(step, plan)} is next`, figures },
  ];
}

/** What there must be for a step to be judged good, and is not; nothing: it is good. */
function whatIsMissing(
  state: RolloutState,
  plan: RolloutPlan,
  evidence: RolloutEvidence,
  figures: readonly FigureJudged[],
): string | undefined {
  const { told, taken, refusing, silent, openHours, others, shadow } = evidence;
  if (told === 0) return 'no branch of its groups has said a word';
  const there = Math.min(taken, told - silent);
  // Whom somebody has let refuse it is not waited for.
  const asked = state.mayBeRefused ? told - refusing : told;
  if (asked === 0) return 'all branches refuse it';
  const wanted = Math.max(1, Math.floor(leastTaken * asked));
  if (there < wanted)
    return `${taken} of ${told} branches have taken it and ${silent} are not heard: ${wanted} must have and be`;
  const least = plan.leastHours[state.step]!;
  if (openHours < least)
    return `its branches were open for ${openHours.toFixed(1)} hours since, ${least} must be`;
  if (state.step === 0) {
    if (shadow.tried === 0 && shadow.nothingNew > 0) return 'it would change nothing in any branch';
    const branches = Math.min(plan.leastBranches, told);
    if (shadow.tried < branches) return `${shadow.tried} branches try it, ${branches} must`;
  } else {
    const compared = evidence.figures.inTime;
    const parts = {
      'in this step': compared.since,
      'in its branches before': compared.before,
      ...(others.branches === 0 || compared.others === undefined
        ? {}
        : { 'in the other branches': compared.others.since, 'in these before': compared.others.before }),
    };
    for (const [where, { n }] of Object.entries(parts))
      if (n < plan.leastCustomers)
        return `${plan.leastCustomers} customers must have come ${where}, and fewer did`;
  }
  const open = figures.find(({ says }) => says === 'open');
  return open && `a fall cannot be ruled out yet: ${inWords(open)}`;
}

function judgeFigures(plan: RolloutPlan, evidence: RolloutEvidence): readonly FigureJudged[] {
  const hasOthers = evidence.others.branches > 0;
  const ofHours = (Object.keys(rolloutFigures) as RolloutFigure[]).flatMap((figure) => {
    const { others, ...own } = evidence.figures[figure];
    const compared: Compared = hasOthers && others !== undefined ? { ...own, others } : own;
    // Where there never was such a thing, a queue, nothing can get worse.
    if (own.before.n === 0 && own.since.n === 0) return [];
    const { kind, worse } = rolloutFigures[figure];
    const given = figure === 'buzzes' ? plan.bounds.buzzes * ratioOf(own.before) : plan.bounds[figure];
    const bound = given * (compared.others === undefined ? boundAlone : 1);
    const { by, error } = changeOf(compared, kind);
    const change = { by: worse === 'less' ? -by : by, error };
    const isEnough = own.since.hours >= leastHoursToUndo;
    return [{ figure, ...shown(compared, kind), ...saying(change, bound, isEnough) }];
  });
  if (!hasOthers) return ofHours;
  const { told, silent, others } = evidence;
  const change = moreOften({ so: silent, of: told }, { so: others.silent, of: others.branches });
  const says = saying(change, plan.bounds.silent, true);
  // Of few boxes it is never ruled out; that most are heard is asked for besides.
  return [...ofHours, { figure: 'silent', ...says, says: says.says === 'fell' ? 'fell' : 'held' }];
}

/** In shadow: what would have been said beside what was, both counts of the same hours. */
function judgeShadow(plan: RolloutPlan, { shadow }: RolloutEvidence): readonly FigureJudged[] {
  const { wouldHaveBuzzed: would, liveBuzzed: live } = shadow;
  const isEnough = would + live >= leastBuzzes;
  const { shadowMost: most, shadowLeast: least } = plan.bounds;
  const ratio = live === 0 ? undefined : round(would / live);
  const judged = (figure: string, over: number, error: number, differs: boolean, bound: number) => {
    const says = !isEnough
      ? 'open'
      : over > 0 && differs
        ? 'fell'
        : over <= -errorsToGoOn * error
          ? 'held'
          : 'open';
    return { figure, ...(ratio === undefined ? {} : { since: ratio }), bound, says } as const;
  };
  const chance = errorsToUndo * Math.sqrt(would + live);
  return [
    judged(
      'shadow-more',
      would - most * live,
      Math.sqrt(would + most * most * live),
      would - live > chance,
      most,
    ),
    judged(
      'shadow-less',
      least * live - would,
      Math.sqrt(least * least * live + would),
      live - would > chance,
      least,
    ),
  ];
}

function saying({ by, error }: Change, bound: number, isEnough: boolean) {
  const isTold = Number.isFinite(error);
  const fell = isTold && isEnough && by > bound && by > errorsToUndo * error;
  const held = isTold && by + errorsToGoOn * error <= bound;
  const says: FigureJudged['says'] = fell ? 'fell' : held ? 'held' : 'open';
  return { ...(isTold ? { worse: round(by), error: round(error) } : {}), bound: round(bound), says };
}

/** Of fewer customers a share says more about chance, and may say something of one. */
const leastToShow = 30;
const round = (value: number) => Math.round(value * 1_000) / 1_000;

function shown({ before, since, others }: Compared, kind: RatioKind) {
  const told = Object.entries({
    before,
    since,
    othersBefore: others?.before,
    othersSince: others?.since,
  }).flatMap(([name, sums]) =>
    sums === undefined || sums.n < (kind === 'mean' ? leastHoursToUndo : leastToShow)
      ? []
      : [[name, round(ratioOf(sums))] as const],
  );
  return Object.fromEntries(told);
}

/** `share of customers met in time 0.912 before, 0.811 since, 0.1 worse than elsewhere, 0.05 is allowed (error 0.012)`. */
export function inWords(one: FigureJudged): string {
  const says = (rolloutFigures as Record<string, { readonly says: string }>)[one.figure]?.says;
  if (one.figure === 'silent')
    return `boxes that are not heard: ${one.worse} more of them than elsewhere, ${one.bound} is allowed`;
  if (says === undefined)
    return `in shadow it would buzz ${one.since ?? 'too seldom to tell how many'} times as often, ${one.bound} is the ${one.figure === 'shadow-more' ? 'most' : 'least'}`;
  const parts = [
    ...(one.before === undefined ? [] : [`${one.before} before`]),
    ...(one.since === undefined ? [] : [`${one.since} since`]),
    ...(one.worse === undefined
      ? ['nothing to tell it by']
      : [
          `${Math.abs(one.worse)} ${one.worse < 0 ? 'better' : 'worse'} ${one.othersSince === undefined ? '' : 'beside the others '}(error ${one.error})`,
        ]),
    `${one.bound} is allowed`,
  ];
  return `${says}: ${parts.join(', ')}`;
}
