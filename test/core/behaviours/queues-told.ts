import type { Behaviour } from '../../../src/core/behaviours/behaviour.ts';
import { whereaboutsOf } from '../../../src/core/behaviours/lobby-scene.ts';
import { type LongQueueState, longQueues } from '../../../src/core/behaviours/long-queues.ts';
import { type QueueState, queueing, viewQueues } from '../../../src/core/behaviours/queueing.ts';

/** Queues as they are followed, and what is too long in them, one after the other as `notice` does it. */
export const queuesTold: Behaviour<{ readonly queueing: QueueState; readonly long: LongQueueState }> = {
  begin: { queueing: queueing.begin, long: longQueues.begin },
  notice(state, scene) {
    const [followed, happenings] = queueing.notice(state.queueing, scene);
    const lobby = {
      ...scene,
      guests: scene.visits,
      whereabouts: whereaboutsOf(scene.visits, scene.zones),
      queues: viewQueues(followed, scene.at),
      met: new Set<string>(),
    };
    const [long, told] = longQueues.notice(state.long, lobby);
    return [{ queueing: followed, long }, [...happenings, ...told]];
  },
};
