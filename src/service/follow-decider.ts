import type { DecidingPayload } from '../contract/deciding.ts';
import type { HandedOver } from '../core/hand-over.ts';
import type { Seconds } from '../core/units.ts';
import type { Clock } from '../ports/clock.ts';
import { ofDeciding } from './deciding-wire.ts';

/** What this box knows of what the box that decides knows. */
export interface DeciderFollowed {
  /** @param isKept the broker had kept it: how old it is says nothing of the clocks */
  hear(payload: DecidingPayload, isKept: boolean): void;
  /** The newest of it, by this box's clock; absent: nothing was heard. */
  readonly newest: HandedOver | undefined;
  /** How far the clock of the box that decides is ahead of this one, as far as that is known. */
  readonly ahead: Seconds | undefined;
}

/** So many of the last messages are compared: the quickest of them tells how far two clocks are apart. */
const compared = 10;
/** Less is the way of a message through a busy network. */
const leastApart: Seconds = 0.05;

export function followDecider(clock: Clock): DeciderFollowed {
  let newest: DecidingPayload | undefined;
  let apart: readonly Seconds[] = [];
  const ahead = () => (apart.length === 0 ? undefined : Math.max(...apart));
  return {
    hear(payload, isKept) {
      if (newest !== undefined) {
        const isOld = payload.term < newest.term || (payload.term === newest.term && payload.n <= newest.n);
        if (isOld) return;
        // Another box's clock.
        if (payload.term !== newest.term) apart = [];
      }
      newest = payload;
      // It comes later than it was sent, never sooner: the greatest difference is the nearest.
      if (!isKept) apart = [...apart, payload.saidAt - clock.now()].slice(-compared);
    },
    get newest() {
      const by = ahead() ?? 0;
      return newest && ofDeciding(newest, Math.abs(by) < leastApart ? 0 : by);
    },
    get ahead() {
      return ahead();
    },
  };
}
