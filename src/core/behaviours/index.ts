import type { Seconds } from '../units.ts';
import { arrived } from './arrived.ts';
import type { Behaviour, Happening, Scene } from './behaviour.ts';
import { contacted } from './contacted.ts';
import { departed } from './departed.ts';
import { queueing } from './queueing.ts';
import { wandering } from './wandering.ts';

/** Every behaviour, in the order their happenings are told within one moment. */
export const behaviours = { arrived, contacted, queueing, wandering, departed } as const;

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

/** Shows a scene to every behaviour. */
export function notice(state: BehaviourState, scene: Scene): [BehaviourState, readonly Happening[]] {
  const [a, arrivals] = arrived.notice(state.arrived, scene);
  const [c, contacts] = contacted.notice(state.contacted, scene);
  const [q, queues] = queueing.notice(state.queueing, scene);
  const [w, wanders] = wandering.notice(state.wandering, scene);
  const [d, departures] = departed.notice(state.departed, scene);
  return [
    { arrived: a, contacted: c, queueing: q, wandering: w, departed: d },
    [...arrivals, ...contacts, ...queues, ...wanders, ...departures],
  ];
}
