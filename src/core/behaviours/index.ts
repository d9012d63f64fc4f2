import { eachTime, type Once } from '../once.ts';
import type { Seconds } from '../units.ts';
import { arrived } from './arrived.ts';
import type { Behaviour, Happening, Scene, Thresholds } from './behaviour.ts';
import { contacted, tellContacts } from './contacted.ts';
import { crowded } from './crowded.ts';
import { departed } from './departed.ts';
import { divert } from './divert.ts';
import { farewell } from './farewell.ts';
import { type LobbyScene, whereaboutsOf } from './lobby-scene.ts';
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
  const { at, visits, zones, changes } = scene;
  const own = <State>(
    name: keyof typeof behaviours,
    its: State,
    reads: readonly (keyof Thresholds)[],
    work: () => [State, readonly Happening[]],
  ) => once(name, [its, visits, changes, ...reads.map((group) => scene.thresholds[group])], work);
  const [a, arrivals] = own('arrived', state.arrived, [], () => arrived.notice(state.arrived, scene));
  const [c, meetings] = own('contacted', state.contacted, ['contact'], () =>
    contacts === undefined
      ? contacted.notice(state.contacted, scene)
      : tellContacts(state.contacted, scene, contacts),
  );
  const [q, queues] = own('queueing', state.queueing, ['queue'], () =>
    queueing.notice(state.queueing, scene),
  );
  const [w, wanders] = own('wandering', state.wandering, ['wandering'], () =>
    wandering.notice(state.wandering, scene),
  );
  const [d, departures] = own('departed', state.departed, [], () => departed.notice(state.departed, scene));
  const lines = once('lines', [q], () => viewQueues(q, at));
  const lobby: LobbyScene = {
    ...scene,
    whereabouts: once('whereabouts', [visits], () => whereaboutsOf(visits, zones)),
    queues: lines,
    met: once('met', [c], () => new Set(c.met.map((one) => one.visit))),
    ...(overBudgetAt === undefined ? {} : { overBudgetAt }),
  };
  const whole = <State>(
    name: 'crowded' | 'unattended' | 'divert' | 'patrol' | 'machineTrouble' | 'farewell',
    its: State,
    behaviour: Behaviour<State, LobbyScene>,
    reads: readonly (keyof Thresholds)[],
  ) =>
    once(
      name,
      [its, visits, lines, lobby.met, overBudgetAt, ...reads.map((group) => scene.thresholds[group])],
      () => behaviour.notice(its, lobby),
    );
  const [full, crowds] = whole('crowded', state.crowded, crowded, ['crowded']);
  const [alone, lacks] = whole('unattended', state.unattended, unattended, ['unattended', 'contact']);
  const [offers, diversions] = whole('divert', state.divert, divert, ['divert']);
  const [rounds, patrols] = whole('patrol', state.patrol, patrol, ['patrol']);
  const [machines, troubles] = whole('machineTrouble', state.machineTrouble, machineTrouble, ['machines']);
  const [vip, farewells] = whole('farewell', state.farewell, farewell, ['farewell', 'contact']);
  return [
    {
      arrived: a,
      contacted: c,
      queueing: q,
      wandering: w,
      departed: d,
      crowded: full,
      unattended: alone,
      divert: offers,
      patrol: rounds,
      machineTrouble: machines,
      farewell: vip,
    },
    [
      ...arrivals,
      ...meetings,
      ...queues,
      ...wanders,
      ...departures,
      ...crowds,
      ...lacks,
      ...diversions,
      ...patrols,
      ...troubles,
      ...farewells,
    ],
    lines,
  ];
}
