import { type DecidingPayload, decidingSchema, type LeasePayload } from '../contract/deciding.ts';
import { handOver } from '../core/hand-over.ts';
import type { CoreState } from '../core/step.ts';
import type { Seconds } from '../core/units.ts';
import type { Clock } from '../ports/clock.ts';
import { toDeciding } from './deciding-wire.ts';
import { followDecider } from './follow-decider.ts';
import { keepLease } from './keep-lease.ts';
import type { Lobby } from './lobby.ts';

export interface DecideInTurnOptions {
  readonly box: string;
  /** A name of this start alone: twelve small letters and digits. */
  readonly run: string;
  readonly clock: Clock;
  /** A clock that nobody sets, in seconds; whatever its zero. */
  readonly elapsed: () => Seconds;
  readonly draw: () => number;
  readonly sayLease: (lease: LeasePayload) => void;
  /** What can say something to the branch, under a term. */
  readonly publisher: {
    begin(term: number): Promise<void>;
    abandon(): void;
    deciding(text: string): void;
  };
  readonly onRemark: (remark: string) => void;
}

export interface DeciderFigures {
  readonly decides: boolean;
  /** The newest that was heard of. */
  readonly term: number;
  /** How often this box began to decide, since its start. */
  readonly begun: number;
  /** Of the last message by which another could go on. */
  readonly stateBytes: number;
}

/** Deciding, by one of several boxes at a time. */
export interface DecideInTurn {
  hearLease(lease: LeasePayload, isKept: boolean): void;
  hearState(payload: DecidingPayload, isKept: boolean): void;
  onHearing(isHearing: boolean): void;
  /** Asked before each step and each message. */
  mayDecide(): boolean;
  /** For the lobby: told of its state before anybody is told what came of it. */
  onState(state: CoreState, isNews: boolean): void;
  readonly figures: DeciderFigures;
  /** Competes until the signal; then nothing is decided any more. */
  run(lobby: Pick<Lobby, 'decide' | 'standBy'>, signal: AbortSignal): Promise<void>;
  /** Gives the lease back, once a goodbye has been said: another goes on at once. Resolves when that has got through. */
  leave(): Promise<void>;
}

const lookEvery: Seconds = 0.05;
const stateEvery: Seconds = 1;
const leaveWithin: Seconds = 0.5;
/** A broker that lets it ask but not publish is asked again after this. */
const againAfter: Seconds = 1;
/** Clocks farther apart are worth a word: moments are told by the clock of whoever decides. */
const apartFrom: Seconds = 1;

/**
 * Lets a box decide while it holds the lease, and stand by while another does.
 *
 *     stands by ──── the lease is free, and has come back ────▶ connects as the one that publishes: the other is cut off
 *         ▲                                                            │ hears all that was said until then
 *         │                                                            ▼
 *         └─── the lease is over, or a newer term was heard ◀──── decides, from what the other knew and was seen since
 */
export function decideInTurn(options: DecideInTurnOptions): DecideInTurn {
  const { box: name, clock, publisher, onRemark } = options;
  const followed = followDecider(clock);
  const lease = keepLease({
    box: name,
    run: options.run,
    elapsed: options.elapsed,
    now: () => clock.now(),
    draw: options.draw,
    say: options.sayLease,
  });
  /** The term it decides under; 0 while it stands by. */
  let term = 0;
  let isTakingOver = false;
  let n = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  let begun = 0;
  let stateBytes = 0;
  let told = '';
  let isApartTold = false;

  const mayDecide = () => term !== 0 && term === lease.term && lease.isHeld;

  function sayState(state: CoreState): void {
    n += 1;
    saidAt = options.elapsed();
    const { payload, text } = toDeciding(handOver(state), { term, n, saidAt: clock.now() });
    const parsed = decidingSchema.parse(payload);
    stateBytes = text.length;
    // What this box knew is what it goes on from itself, should its lease be over for a moment.
    followed.hear(parsed, true);
    publisher.deciding(text);
  }

  async function takeOver(lobby: Pick<Lobby, 'decide'>): Promise<void> {
    const its = lease.term;
    try {
      term = its;
      await publisher.begin(its);
      // Whatever was said by the one before has come by then.
      if (!(await lease.confirm()) || !mayDecide()) return;
    } catch (error) {
      onRemark(`this box may decide, and cannot publish: ${(error as Error).message}`);
      await clock.sleep(againAfter);
      return;
    } finally {
      if (!mayDecide()) term = 0;
    }
    begun += 1;
    const { newest } = followed;
    const from =
      newest === undefined
        ? 'nothing that another knew'
        : `what was known ${(clock.now() - newest.at).toFixed(1)} s ago`;
    told = name;
    onRemark(`box ${name} decides, term ${its}, from ${from}`);
    lobby.decide(newest);
  }

  function stopIfOver(lobby: Pick<Lobby, 'standBy'>): void {
    if (term === 0 || isTakingOver || mayDecide()) return;
    onRemark(`box ${name} decides no more: term ${term} is over`);
    term = 0;
    told = '';
    lobby.standBy();
    publisher.abandon();
  }

  function tellHolder(): void {
    const { box: other, term: its } = lease.holder ?? {};
    if (other === undefined || term !== 0 || other === told || other === name) return;
    told = other;
    onRemark(`box ${name} stands by: box ${other} decides, term ${its}`);
  }

  function tellApart(): void {
    const { ahead } = followed;
    if (ahead === undefined || term !== 0) return;
    const isApart = Math.abs(ahead) > apartFrom;
    if (isApart && !isApartTold)
      onRemark(`the clock of the box that decides is ${ahead.toFixed(1)} s ahead of this one`);
    isApartTold = isApart;
  }

  return {
    hearLease(said, isKept) {
      lease.hear(said, isKept);
    },
    hearState(payload, isKept) {
      // Its own words tell nothing new.
      if (payload.term !== term) followed.hear(payload, isKept);
    },
    onHearing: (isHearing) => lease.linked(isHearing),
    mayDecide,
    onState(state, isNews) {
      if (!mayDecide()) return;
      if (isNews || options.elapsed() - saidAt >= stateEvery) sayState(state);
    },
    get figures() {
      return {
        decides: mayDecide(),
        term: Math.max(term, lease.holder?.term ?? 0),
        begun,
        stateBytes,
      };
    },
    async run(lobby, signal) {
      while (!signal.aborted) {
        lease.pass();
        stopIfOver(lobby);
        tellHolder();
        tellApart();
        if (lease.isHeld && term === 0 && !isTakingOver) {
          isTakingOver = true;
          void takeOver(lobby).finally(() => {
            isTakingOver = false;
            if (term === 0) publisher.abandon();
          });
        }
        await clock.sleep(lookEvery, signal);
      }
      lobby.standBy();
      term = 0;
    },
    leave: () => Promise.race([lease.giveBack(), clock.sleep(leaveWithin)]),
  };
}
