import {
  beginLease,
  giveBack,
  hearLease,
  type LeaseRules,
  type LeaseSaid,
  type LeaseState,
  linkLease,
  mayDecide,
  passTime,
} from '../../../src/core/lease/lease.ts';
import { chance } from '../../scenes/chance.ts';

/** What is done otherwise, as a control: each of these would be the obvious way. */
export type Wrong =
  /** What was sent counts as said, without waiting for it to come back. */
  | 'believes-what-it-sent'
  /** A term counts until a newer one is heard, however long ago it was confirmed. */
  | 'goes-by-no-clock'
  /** Whoever wins decides at once. */
  | 'waits-for-no-end';

export interface Trouble {
  /** How often a second, for each box: its process stands still, its link breaks, it is started anew. */
  readonly pauses: number;
  readonly cuts: number;
  readonly restarts: number;
  /** How often a second the broker is started anew and has forgotten everything. */
  readonly brokerRestarts: number;
  /** Of a message each way, at most, in seconds. */
  readonly mostDelay: number;
}

export interface Seen {
  /** Moments at which two decided. */
  readonly both: number;
  /** Terms decided in, in the order in which they began. */
  readonly terms: readonly number[];
  /** The longest time in which nobody decided, after the first did. */
  readonly longestGap: number;
  readonly decided: number;
}

interface Box {
  state: LeaseState;
  readonly rate: number;
  readonly offset: number;
  /** Counts connections: what travels on an old one is not heard on the new. */
  link: number;
  isUp: boolean;
  pausedUntil: number;
  upFree: number;
  downFree: number;
  inbox: { readonly said: LeaseSaid; readonly isKept: boolean; readonly link: number }[];
}

type Event = { readonly at: number; readonly order: number; readonly run: () => void };

/**
 * Some boxes, one broker, and everything that can go wrong between them: messages that are late, links that break with
 * what is on them, processes that stand still and go on as if nothing had been, clocks of their own rate.
 */
export function playBranch(
  seed: number,
  rules: LeaseRules,
  trouble: Trouble,
  { boxes: count = 2, seconds = 40, wrong }: { boxes?: number; seconds?: number; wrong?: Wrong } = {},
): Seen {
  const draw = chance(seed);
  let now = 0;
  let order = 0;
  const events: Event[] = [];
  const at = (when: number, run: () => void) => {
    const event = { at: when, order: order++, run };
    let place = events.length;
    while (place > 0 && events[place - 1]!.at > when) place -= 1;
    events.splice(place, 0, event);
  };
  let names = 0;
  const newRun = () => `r${names++}`;
  const boxes: Box[] = Array.from({ length: count }, () => ({
    state: beginLease(newRun()),
    rate: 1 + (draw() - 0.5) * 0.008,
    offset: draw() * 1_000,
    link: 0,
    isUp: false,
    pausedUntil: 0,
    upFree: 0,
    downFree: 0,
    inbox: [],
  }));
  const own = (box: Box) => box.offset + now * box.rate;
  const isPaused = (box: Box) => now < box.pausedUntil;
  let kept: LeaseSaid | undefined;

  const deliver = (box: Box, said: LeaseSaid, isKept: boolean, link: number) => {
    box.downFree = Math.max(box.downFree, now + draw() * trouble.mostDelay);
    at(box.downFree, () => {
      if (isPaused(box)) box.inbox.push({ said, isKept, link });
      else hear(box, said, isKept, link);
    });
  };
  const hear = (box: Box, said: LeaseSaid, isKept: boolean, link: number) => {
    if (box.isUp && box.link === link) box.state = hearLease(box.state, said, own(box), rules, isKept);
  };
  const publish = (box: Box, said: LeaseSaid) => {
    if (!box.isUp) return;
    if (wrong === 'believes-what-it-sent') box.state = hearLease(box.state, said, own(box), rules);
    box.upFree = Math.max(box.upFree, now + draw() * trouble.mostDelay);
    const { link } = box;
    at(box.upFree, () => {
      // What was on its way when the link broke may have got through or not.
      if (box.link !== link && draw() < 0.5) return;
      kept = said;
      for (const one of boxes) if (one.isUp) deliver(one, said, false, one.link);
    });
  };
  const connect = (box: Box) => {
    box.link += 1;
    box.isUp = true;
    box.downFree = now;
    box.state = linkLease(box.state, own(box), true);
    if (kept !== undefined) deliver(box, kept, true, box.link);
  };
  const disconnect = (box: Box) => {
    box.isUp = false;
    box.state = linkLease(box.state, own(box), false);
  };
  const allows = (box: Box): boolean => {
    if (isPaused(box)) return false;
    const { state } = box;
    if (wrong === 'goes-by-no-clock') return state.phase === 'holds' && own(box) >= state.from;
    if (wrong === 'waits-for-no-end') return state.phase === 'holds' && own(box) < state.until;
    return mayDecide(state, own(box));
  };

  const stepSeconds = 0.05;
  let both = 0;
  let decided = 0;
  let last = Number.NaN;
  let longestGap = 0;
  const terms: number[] = [];
  const look = () => {
    const deciding = boxes.filter(allows);
    if (deciding.length > 1) both += 1;
    for (const { state } of deciding) if (terms.at(-1) !== state.term) terms.push(state.term);
    if (deciding.length === 0) return;
    decided += 1;
    if (!Number.isNaN(last)) longestGap = Math.max(longestGap, now - last);
    last = now;
  };

  for (const box of boxes) {
    at(draw(), () => connect(box));
    const live = () => {
      if (!isPaused(box)) {
        for (const { said, isKept, link } of box.inbox.splice(0)) hear(box, said, isKept, link);
        const happens = (perSecond: number) => draw() < perSecond * stepSeconds;
        if (box.isUp && happens(trouble.cuts)) {
          disconnect(box);
          at(now + 0.1 + draw() * 4, () => connect(box));
        }
        if (happens(trouble.pauses)) box.pausedUntil = now + 0.2 + draw() * 6;
        if (happens(trouble.restarts)) {
          // Now and then it says goodbye, in order.
          const [state, said] = giveBack(box.state, own(box));
          box.state = state;
          if (said !== undefined && draw() < 0.5) publish(box, said);
          if (box.isUp) disconnect(box);
          box.state = beginLease(newRun());
          at(now + 0.1 + draw() * 2, () => connect(box));
        }
        if (!isPaused(box)) {
          const [state, said] = passTime(box.state, own(box), rules, 1_000 + now, draw());
          box.state = state;
          if (said !== undefined) publish(box, said);
        }
      }
      at(now + stepSeconds * (0.8 + 0.4 * draw()), live);
    };
    at(draw() * stepSeconds, live);
  }
  const brokerLives = () => {
    if (draw() < trouble.brokerRestarts) {
      kept = undefined;
      for (const box of boxes) {
        if (!box.isUp) continue;
        disconnect(box);
        at(now + 0.1 + draw(), () => connect(box));
      }
    }
    at(now + 1, brokerLives);
  };
  at(1, brokerLives);

  while (events.length > 0) {
    const event = events.shift()!;
    if (event.at > seconds) break;
    now = event.at;
    event.run();
    look();
  }
  return { both, terms, longestGap, decided };
}
