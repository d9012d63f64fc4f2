import { eachTime, type Once } from '../once.ts';
import type { Seconds } from '../units.ts';
import { arrived } from './arrived.ts';
import { type Behaviour, type Happening, isGuest, type Scene } from './behaviour.ts';
import { contacted, tellContacts } from './contacted.ts';
import { crowded } from './crowded.ts';
import { departed } from './departed.ts';
import { divert } from './divert.ts';
import { farewell } from './farewell.ts';
import { type LobbyScene, whereaboutsOf } from './lobby-scene.ts';
import { longQueues } from './long-queues.ts';
import { machineTrouble } from './machine-trouble.ts';
import { patrol } from './patrol.ts';
import { type QueueView, queueing, viewQueues } from './queueing.ts';
import { unattended } from './unattended.ts';
import { wandering } from './wandering.ts';

/** Every behaviour, in the order their happenings are told within one moment. */
export const behaviours = {
  arrived,
  contacted,
  queueing,
  longQueues,
  wandering,
  departed,
  crowded,
  unattended,
  divert,
  patrol,
  machineTrouble,
  farewell,
} as const;

/** Each behaviour's state, by its name. */
export type BehaviourState = {
  readonly [Name in keyof typeof behaviours]: (typeof behaviours)[Name]['begin'];
};

export const noBehaviour: BehaviourState = {
  arrived: arrived.begin,
  contacted: contacted.begin,
  queueing: queueing.begin,
  longQueues: longQueues.begin,
  wandering: wandering.begin,
  departed: departed.begin,
  crowded: crowded.begin,
  unattended: unattended.begin,
  divert: divert.begin,
  patrol: patrol.begin,
  machineTrouble: machineTrouble.begin,
  farewell: farewell.begin,
};

/** Stops the clocks that run about visits nobody could look at. */
export function pause(state: BehaviourState, unwatched: ReadonlyMap<string, Seconds>): BehaviourState {
  const still = <State>(behaviour: Behaviour<State>, its: State) => behaviour.pause?.(its, unwatched) ?? its;
  return {
    ...state,
    contacted: still(contacted, state.contacted),
    queueing: still(queueing, state.queueing),
    wandering: still(wandering, state.wandering),
  };
}

/**
 * Shows a scene to every behaviour: to those about people first, then, with what came of it, to those
 * about the lobby as a whole.
 *
 * @param overBudgetAt when something was last kept quiet because the wrist had had enough
 * @param contacts who was met just now, where that is known; absent: it is seen from where people are
 * @param once what another story of the same moment has made of the same is taken over; absent: nothing is
 * @returns the new state, what was noticed, and the queues as they are now
 */
export function notice(
  state: BehaviourState,
  scene: Scene,
  overBudgetAt?: Seconds,
  contacts?: ReadonlySet<string>,
  once: Once = eachTime,
): [BehaviourState, readonly Happening[], readonly QueueView[]] {
  const { at, visits, zones, changes, thresholds: by } = scene;
  const [a, arrivals] = once('arrived', [state.arrived, visits, changes], () =>
    arrived.notice(state.arrived, scene),
  );
  const [c, meetings] = once('contacted', [state.contacted, visits, by.contact], () =>
    contacts === undefined
      ? contacted.notice(state.contacted, scene)
      : tellContacts(state.contacted, scene, contacts),
  );
  const [q, queues] = once('queueing', [state.queueing, visits, changes, by.queue.awaySeconds], () =>
    queueing.notice(state.queueing, scene),
  );
  const [w, wanders] = once('wandering', [state.wandering, visits, by.wandering], () =>
    wandering.notice(state.wandering, scene),
  );
  const [d, departures] = once('departed', [state.departed, visits, changes], () =>
    departed.notice(state.departed, scene),
  );
  const lines = once('lines', [q], () => viewQueues(q, at));
  const met = once('met', [c], () => new Set(c.met.map((one) => one.visit)));
  const guests = once('guests', [visits], () => visits.filter(isGuest));
  const whereabouts = once('whereabouts', [visits], () => whereaboutsOf(visits, zones));
  const lobby: LobbyScene = {
    at,
    visits,
    changes,
    zones,
    blindZones: scene.blindZones,
    thresholds: by,
    guests,
    whereabouts,
    queues: lines,
    met,
    overBudgetAt,
  };
  const [long, waits] = once('longQueues', [state.longQueues, visits, lines, by.queue], () =>
    longQueues.notice(state.longQueues, lobby),
  );
  const [full, crowds] = once('crowded', [state.crowded, visits, by.crowded], () =>
    crowded.notice(state.crowded, lobby),
  );
  const [alone, lacks] = once('unattended', [state.unattended, visits, by.unattended, by.contact], () =>
    unattended.notice(state.unattended, lobby),
  );
  const [offers, diversions] = once('divert', [state.divert, visits, lines, by.divert], () =>
    divert.notice(state.divert, lobby),
  );
  const [rounds, patrols] = once('patrol', [state.patrol, visits, lines, met, overBudgetAt, by.patrol], () =>
    patrol.notice(state.patrol, lobby),
  );
  const [machines, troubles] = once('machineTrouble', [state.machineTrouble, visits, by.machines], () =>
    machineTrouble.notice(state.machineTrouble, lobby),
  );
  const [vip, farewells] = once('farewell', [state.farewell, visits, changes, by.farewell, by.contact], () =>
    farewell.notice(state.farewell, lobby),
  );
  return [
    {
      arrived: a,
      contacted: c,
      queueing: q,
      longQueues: long,
      wandering: w,
      departed: d,
      crowded: full,
      unattended: alone,
      divert: offers,
      patrol: rounds,
      machineTrouble: machines,
      farewell: vip,
    },
    joined([
      arrivals,
      meetings,
      queues,
      waits,
      wanders,
      departures,
      crowds,
      lacks,
      diversions,
      patrols,
      troubles,
      farewells,
    ]),
    lines,
  ];
}

const nothing: readonly Happening[] = [];

/** All of them in one list. Of most moments there is nothing to tell. */
function joined(told: readonly (readonly Happening[])[]): readonly Happening[] {
  return told.every((some) => some.length === 0) ? nothing : told.flat();
}
