import type { AreaZone } from '../floor/zones.ts';
import type { Behaviour, Happening } from './behaviour.ts';
import type { LobbyScene, QueueView } from './lobby-scene.ts';

export interface LongQueueState {
  /** Visits whose long wait was told; each ends with its visit. */
  readonly saidWaited: readonly string[];
  /** Queues already said to be long; removed once they are two shorter. */
  readonly saidLong: readonly string[];
}

/**
 * Somebody has waited for long, once a visit, and a queue is long, once until it is two shorter: by threshold, of
 * queues as they are followed already. So two stories with other thresholds share the following.
 */
export const longQueues: Behaviour<LongQueueState, LobbyScene> = {
  begin: { saidWaited: [], saidLong: [] },
  notice(state, scene) {
    const happenings: Happening[] = [];
    const saidWaited = waits(state.saidWaited, scene, happenings);
    const saidLong = lengths(state.saidLong, scene, happenings);
    // Mostly there is nothing new: then it is the same state, and whatever rests on it need not be worked out anew.
    const isSame = saidWaited === state.saidWaited && saidLong === state.saidLong;
    return [isSame ? state : { saidWaited, saidLong }, happenings];
  },
};

function waits(said: readonly string[], scene: LobbyScene, happenings: Happening[]): readonly string[] {
  const { at, queues, thresholds } = scene;
  const told: string[] = [];
  for (const { zone, visits, waitedSeconds } of queues) {
    for (const [place, id] of visits.entries()) {
      const waited = waitedSeconds[place]!;
      if (waited < thresholds.queue.waitSeconds || said.includes(id)) continue;
      const visit = scene.visits.find((one) => one.id === id)!;
      happenings.push({
        at,
        kind: 'waited-long',
        visit: id,
        role: visit.role === 'unknown' ? 'customer' : visit.role,
        zone,
        plane: visit.plane,
        where: visit.at,
        waitedSeconds: waited,
      });
      told.push(id);
    }
  }
  const isGone = (id: string) => !scene.visits.some((one) => one.id === id);
  const kept = said.some(isGone) ? said.filter((id) => !isGone(id)) : said;
  return told.length === 0 ? kept : [...kept, ...told];
}

function lengths(said: readonly string[], scene: LobbyScene, happenings: Happening[]): readonly string[] {
  const { at, queues, zones, thresholds } = scene;
  const limit = thresholds.queue.length;
  const next: string[] = [];
  for (const zone of zones) {
    if (!isQueue(zone)) continue;
    const people = lengthOf(queues.find((one) => one.zone === zone.id));
    const wasLong = said.includes(zone.id);
    if (people >= limit && !wasLong)
      happenings.push({ at, kind: 'queue-long', role: 'customer', zone: zone.id, plane: zone.plane, people });
    // Where one person already makes a long queue, an empty one is not long.
    if (people >= limit || (wasLong && people > Math.max(0, limit - 2))) next.push(zone.id);
  }
  return next.length === said.length && next.every((zone) => said.includes(zone)) ? said : next;
}

const isQueue = (zone: LobbyScene['zones'][number]): zone is AreaZone => zone.kind === 'queue';
const lengthOf = (queue: QueueView | undefined): number => queue?.visits.length ?? 0;
