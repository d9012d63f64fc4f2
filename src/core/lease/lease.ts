import type { Seconds } from '../units.ts';

/**
 * Who of a branch's boxes decides: one at a time, by what they say to each other on one topic.
 *
 * MQTT cannot compare and set. But a broker hands all that is said on one topic to everybody in one order, and to who
 * said it as well. So nobody believes what they have sent, only what has come back.
 *
 *     A  ─ claims 7 ─┐            ┌─▶ A: 7 is mine       follows ─▶ claims ─▶ holds
 *     B  ─ claims 7 ─┤  broker ───┤                         ▲         │         │ over by its own clock,
 *                    └─ A, then B └─▶ B: 7 is A's           └─────────┴─────────┘ or a newer term was heard
 *
 * Everything here goes by one monotonic clock of its own machine, and by nobody else's. See decision 0036 for why two
 * never hold it at once, and under what that stands.
 */
export interface LeaseState {
  /** This run's own name: another for each start. */
  readonly run: string;
  readonly phase: 'follows' | 'claims' | 'holds';
  /** What this run claims or holds; 0 while it follows. */
  readonly term: number;
  /** The newest term heard of, and whose it is. */
  readonly known?: Known;
  /** When each other run last said anything, as far as it still counts: whoever wins waits for the end of it. */
  readonly others: readonly { readonly run: string; readonly at: Seconds }[];
  /** Since when everything said on the topic is heard; absent: there is no link. */
  readonly linkedAt?: Seconds;
  /** What was said and has not come back, oldest first. */
  readonly sent: readonly { readonly n: number; readonly at: Seconds }[];
  readonly n: number;
  readonly saidAt: Seconds;
  /** Deciding is allowed from then to then: what lies outside is another's. */
  readonly from: Seconds;
  readonly until: Seconds;
}

interface Known {
  readonly term: number;
  readonly run: string;
  readonly at: Seconds;
  /** The broker had kept it from before: it may not have been the last word. */
  readonly isKept?: true;
  /** Who held it has said that they do no more. */
  readonly isOver?: true;
}

/** One thing said on the topic. */
export interface LeaseSaid {
  readonly term: number;
  readonly run: string;
  /** Counts up within a run. */
  readonly n: number;
  /** The first word of a term: it asks for it. */
  readonly isClaim?: true;
  /** The last: whoever held it does no more. */
  readonly isOver?: true;
}

export interface LeaseRules {
  /** How long a word counts from when it was sent. Shorter: another takes over sooner, and a box that stalls loses it. */
  readonly forSeconds: Seconds;
  readonly renewEverySeconds: Seconds;
  /** Another claims after so long a silence: not less than `forSeconds`. */
  readonly silenceSeconds: Seconds;
  /** How much faster one machine's clock may run than another's. */
  readonly driftShare: number;
}

/**
 * A box that dies is followed within 1.6 s and what it takes to connect: together less than three, also on a busy
 * machine. A box that stands still for 1.3 s, or is not heard for so long, has lost it.
 */
export const leaseRules: LeaseRules = {
  forSeconds: 1.3,
  renewEverySeconds: 0.3,
  silenceSeconds: 1.4,
  driftShare: 0.01,
};

/** So many words wait for their return at most: what is older counts for nothing any more. */
const mostSent = 16;
const mostOthers = 16;

export function beginLease(run: string): LeaseState {
  return {
    run,
    phase: 'follows',
    term: 0,
    others: [],
    sent: [],
    n: 0,
    saidAt: Number.NEGATIVE_INFINITY,
    from: Number.POSITIVE_INFINITY,
    until: Number.NEGATIVE_INFINITY,
  };
}

/** Whether this run may decide at a moment of its monotonic clock. */
export function mayDecide({ phase, from, until }: LeaseState, at: Seconds): boolean {
  return phase === 'holds' && at >= from && at < until;
}

/**
 * The link to the broker stands, and everything said from here on is heard: or it is lost.
 *
 * What was on its way then may have been said or not. A lease that is held goes on until its time is over.
 */
export function linkLease(state: LeaseState, at: Seconds, isLinked: boolean): LeaseState {
  const { linkedAt: _, ...rest } = state;
  const followed = rest.phase === 'claims' ? follow(rest) : rest;
  if (!isLinked) return { ...followed, sent: [] };
  const known = followed.known && { ...followed.known, at, isKept: true as const };
  return { ...followed, sent: [], linkedAt: at, ...(known === undefined ? {} : { known }) };
}

/**
 * Takes in what was said on the topic, in the broker's order, this run's own words among it.
 *
 * @param isKept the broker had kept it from before this link: nobody said it just now
 */
export function hearLease(
  state: LeaseState,
  said: LeaseSaid,
  at: Seconds,
  rules: LeaseRules,
  isKept = false,
): LeaseState {
  if (isKept) return hearKept(state, said, at);
  if (said.run === state.run) return hearOwn(state, said, at, rules);
  const others = [
    ...state.others.filter((one) => one.run !== said.run && at - one.at < 2 * rules.forSeconds),
    ...(said.isOver ? [] : [{ run: said.run, at }]),
  ].slice(-mostOthers);
  const heard = { ...state, others };
  if (!isValid(state.known, said)) return answerVoid(heard);
  const known: Known = {
    term: said.term,
    run: said.run,
    at,
    ...(said.isOver ? { isOver: true as const } : {}),
  };
  // Whoever asks for what another has asked for before has it not; whoever hears of a newer one has it no more.
  return { ...(said.term >= state.term ? follow(heard) : heard), known };
}

/** Of two who ask for one term the first has it; a newer one takes the place of an older. */
function isValid(known: Known | undefined, said: LeaseSaid): boolean {
  if (known === undefined || said.term > known.term) return true;
  if (said.term < known.term) return false;
  if (said.run === known.run) return known.isOver !== true || said.isOver === true;
  // What the broker had kept may have been void itself; but who asks for it now is not the first.
  return known.isKept === true && said.isClaim !== true;
}

/** The broker keeps the last word, though it was void: the holder says its own again, for whoever comes new. */
function answerVoid(state: LeaseState): LeaseState {
  return state.phase === 'holds' ? { ...state, saidAt: Number.NEGATIVE_INFINITY } : state;
}

function hearKept(state: LeaseState, { term, run, isOver }: LeaseSaid, at: Seconds): LeaseState {
  if (state.known !== undefined && term <= state.known.term) return state;
  const known: Known = { term, run, at, isKept: true, ...(isOver ? { isOver: true as const } : {}) };
  return { ...(term > state.term ? follow(state) : state), known };
}

function hearOwn(state: LeaseState, said: LeaseSaid, at: Seconds, rules: LeaseRules): LeaseState {
  const known: Known = { term: said.term, run: state.run, at };
  const own = state.sent.find(({ n }) => n === said.n);
  // From before the link was lost, given up since, or of a term that is another's by now: no more than known.
  if (own === undefined || state.phase === 'follows' || said.term !== state.term) {
    return said.term > (state.known?.term ?? 0) ? { ...state, known } : state;
  }
  const sent = state.sent.filter(({ n }) => n > said.n);
  const until = own.at + rules.forSeconds;
  if (state.phase === 'holds') {
    // What comes back too late does not bring it back.
    return at < state.until
      ? { ...state, sent, known, until: Math.max(state.until, until) }
      : { ...follow(state), known };
  }
  // The claim has come back, and nobody had asked for as much before. Whatever another sent before it was heard before
  // it, and counts for no longer than this.
  const heard = [state.linkedAt ?? at, ...state.others.map((one) => one.at)];
  const from = Math.max(...heard) + rules.forSeconds * (1 + rules.driftShare);
  return { ...state, phase: 'holds', sent, known, from, until };
}

const follow = <State extends LeaseState | Omit<LeaseState, 'linkedAt'>>(state: State): State => ({
  ...state,
  phase: 'follows',
  term: 0,
  sent: [],
  from: Number.POSITIVE_INFINITY,
  until: Number.NEGATIVE_INFINITY,
});

/**
 * Time passes: a lease that was not renewed is over, one that is held is renewed, one that nobody holds is asked for.
 *
 * @param firstTerm what to begin with where nobody has said anything: the time of day, so that terms climb although a
 *                  broker forgot them
 * @param patience 0 to 1: how much longer this run waits than another, so that seldom two ask at once
 * @returns the new state, and what to say now
 */
export function passTime(
  state: LeaseState,
  at: Seconds,
  rules: LeaseRules,
  firstTerm: number,
  patience = 0,
): [LeaseState, LeaseSaid?] {
  let next = state;
  // An own word that was not confirmed in time is not made good by another: the term is gone.
  if (next.phase === 'holds' && at >= next.until) next = follow(next);
  if (next.phase === 'claims' && at - next.saidAt >= rules.silenceSeconds) next = follow(next);
  if (next.linkedAt === undefined) return [next];
  if (next.phase === 'holds') {
    return at - next.saidAt >= rules.renewEverySeconds ? say(next, at, {}) : [next];
  }
  if (next.phase === 'claims' || !isFree(next, at, rules, patience)) return [next];
  const term = next.known === undefined ? Math.max(1, Math.floor(firstTerm)) : next.known.term + 1;
  return say({ ...next, phase: 'claims', term }, at, { isClaim: true });
}

const patienceSeconds: Seconds = 0.2;

function isFree(state: LeaseState, at: Seconds, rules: LeaseRules, patience: number): boolean {
  const { known, linkedAt = at, saidAt } = state;
  const more = patience * patienceSeconds;
  // Whoever has just come hears first who is there.
  if (at - linkedAt < rules.forSeconds) return false;
  if (known?.isOver === true) return at - known.at >= more;
  // Its own last claim may still be on its way.
  const last = Math.max(linkedAt, known?.at ?? linkedAt, saidAt);
  return at - last >= rules.silenceSeconds + more;
}

/** Gives it back: whoever waits need not wait for its end. */
export function giveBack(state: LeaseState, at: Seconds): [LeaseState, LeaseSaid?] {
  if (state.phase !== 'holds') return [follow(state)];
  const [next, said] = say(state, at, { isOver: true });
  return [follow(next), said];
}

function say(
  state: LeaseState,
  at: Seconds,
  kind: Pick<LeaseSaid, 'isClaim' | 'isOver'>,
): [LeaseState, LeaseSaid] {
  const n = state.n + 1;
  const sent = [...state.sent, { n, at }].slice(-mostSent);
  return [
    { ...state, n, sent, saidAt: at },
    { term: state.term, run: state.run, n, ...kind },
  ];
}
