import type { LobbyEvent } from '../../src/contract/events.ts';
import { scoreEvents } from '../../src/core/score/score-events.ts';
import type { Observation } from '../../src/core/step.ts';
import type { Seconds } from '../../src/core/units.ts';
import { replay } from '../../src/service/replay.ts';
import { branchOf, type KnownLobby, truthOf } from './run-lobby.ts';

/** What became of arrivals, of all lobbies together. */
export interface Believed {
  readonly found: number;
  readonly missed: number;
  /** Told, and not true. */
  readonly false: number;
  /** From the true crossing until it was believed, of those found, shortest first. */
  readonly delays: readonly Seconds[];
  /** Everything that was missed or not true, of events of all kinds. */
  readonly errors: number;
}

/** How soon arrivals are believed by a detector that takes no time. */
export async function believedArrivals(
  lobbies: readonly KnownLobby[],
  seenIn: (lobby: KnownLobby) => readonly Observation[],
): Promise<Believed> {
  const sum = { found: 0, missed: 0, false: 0, errors: 0 };
  const delays: Seconds[] = [];
  for (const lobby of lobbies) {
    const branch = branchOf(lobby);
    const events: LobbyEvent[] = [];
    const believedAt: Seconds[] = [];
    for await (const one of replay(branch, seenIn(lobby))) {
      events.push(...one.events);
      believedAt.push(...one.events.map(() => one.observation.at));
    }
    for (const score of scoreEvents(truthOf(lobby), events, branch.thresholds.wandering.afterSeconds)) {
      sum.errors += score.missed.length + score.false.length;
      if (score.kind !== 'arrived') continue;
      sum.found += score.found;
      sum.missed += score.missed.length;
      sum.false += score.false.length;
      delays.push(...score.matched.map(({ t, event }) => believedAt[event]! - t));
    }
  }
  return { ...sum, delays: delays.sort((a, b) => a - b) };
}
