import type { LeasePayload } from '../contract/deciding.ts';
import {
  beginLease,
  giveBack,
  hearLease,
  type LeaseSaid,
  type LeaseState,
  leaseRules,
  linkLease,
  mayDecide,
  passTime,
} from '../core/lease/lease.ts';
import type { Seconds } from '../core/units.ts';

export interface KeepLeaseOptions {
  readonly box: string;
  /** A name of this start alone: twelve small letters and digits. */
  readonly run: string;
  /** A clock that nobody sets, in seconds; whatever its zero. */
  readonly elapsed: () => Seconds;
  /** Seconds since 1970, for the first term there is. */
  readonly now: () => Seconds;
  /** 0 to 1, drawn anew each time: so that seldom two ask at once. */
  readonly draw: () => number;
  readonly say: (lease: LeasePayload) => void;
}

/** The lease as one box keeps it, over whatever carries its words. */
export interface Lease {
  /** What was said on the topic, in the broker's order, own words among it. */
  hear(lease: LeasePayload, isKept: boolean): void;
  /** The link stands and everything is heard from here on, or it is lost. */
  linked(isLinked: boolean): void;
  /** Time passes: to be called often. */
  pass(): void;
  /** Says its own word again, and resolves once it has come back: all that was said before has been heard then. */
  confirm(): Promise<boolean>;
  /** Gives it back at once; resolves when that has come back. */
  giveBack(): Promise<void>;
  /** Whether this box may decide now, by its own clock. */
  readonly isHeld: boolean;
  /** Of the lease that is held or asked for; else 0. */
  readonly term: number;
  /** Who was last heard to decide, and under which term. */
  readonly holder?: { readonly box: string; readonly term: number } | undefined;
}

export function keepLease(options: KeepLeaseOptions): Lease {
  const { box, run, elapsed, say } = options;
  let state: LeaseState = beginLease(run);
  const boxes = new Map<string, string>([[run, box]]);
  let onOver: (() => void) | undefined;
  const waiting = new Set<{ readonly n: number; readonly done: (isHeld: boolean) => void }>();

  function send(said: LeaseSaid | undefined): void {
    if (said !== undefined) say({ v: 1, box, ...said });
  }

  function settle(n: number): void {
    for (const one of waiting) {
      const isHeld = mayDecide(state, elapsed());
      if (isHeld && one.n > n) continue;
      waiting.delete(one);
      one.done(isHeld);
    }
  }

  function pass(): void {
    const [next, said] = passTime(state, elapsed(), leaseRules, options.now(), options.draw());
    state = next;
    send(said);
    settle(0);
  }

  return {
    hear({ v: _, box: whose, ...said }, isKept) {
      // More names than there are boxes come of starts: of those that are gone none is asked for again.
      if (boxes.size > 64) boxes.clear();
      boxes.set(said.run, whose);
      state = hearLease(state, said, elapsed(), leaseRules, isKept);
      settle(said.run === run ? said.n : 0);
      if (said.run === run && said.isOver) onOver?.();
    },
    linked(isLinked) {
      state = linkLease(state, elapsed(), isLinked);
    },
    pass,
    confirm() {
      state = { ...state, saidAt: Number.NEGATIVE_INFINITY };
      return new Promise((done) => {
        const before = state.n;
        pass();
        if (state.n === before) done(false);
        else waiting.add({ n: state.n, done });
      });
    },
    giveBack() {
      const [next, said] = giveBack(state, elapsed());
      state = next;
      if (said === undefined) return Promise.resolve();
      return new Promise((resolve) => {
        onOver = resolve;
        send(said);
      });
    },
    get isHeld() {
      return mayDecide(state, elapsed());
    },
    get term() {
      return state.term;
    },
    get holder() {
      const { known } = state;
      if (known === undefined || known.isOver === true) return undefined;
      return { box: boxes.get(known.run) ?? 'another box', term: known.term };
    },
  };
}
