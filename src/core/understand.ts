import type { Happening } from './behaviours/behaviour.ts';
import { type BehaviourState, notice } from './behaviours/index.ts';
import { eachTime, type Once } from './once.ts';
import { decide, type PromptState } from './prompts/decide.ts';
import type { Later, PromptChange, Verdict } from './prompts/prompt.ts';
import type { Place } from './sight/watch.ts';
import type { CoreSettings } from './step.ts';
import type { Seconds } from './units.ts';
import type { VisitChange } from './visits/follow-visits.ts';
import type { Visit } from './visits/visit.ts';

/** What is remembered of people once it is known where they are. */
export interface Understood {
  readonly behaviours: BehaviourState;
  readonly prompts: PromptState;
}

/** Where everybody is at a moment, however that is known: by cameras, or from the journal. */
export interface Whereabouts {
  readonly at: Seconds;
  readonly visits: readonly Visit[];
  readonly visitChanges: readonly VisitChange[];
  readonly blindZones: ReadonlySet<string>;
  /** How long nobody could look where somebody is, since the last moment; absent: all could. */
  readonly unwatched?: (place: Place) => Seconds;
  /** Who was met just then, where that is known and not to be seen anew: a day that is played back. */
  readonly contacts?: ReadonlySet<string>;
}

/**
 * From where everybody is to what staff are told: the second half of `step`, and all of what a day that is played
 * back goes through.
 *
 *     visits ▶ notice ▶ decide ▶ verdicts, prompts
 *
 * @param once what another story of the same moment has made of the same is taken over; absent: nothing is
 */
export function understand(
  before: Understood,
  whereabouts: Whereabouts,
  settings: Pick<CoreSettings, 'zones' | 'thresholds' | 'prompts'>,
  once: Once = eachTime,
): [
  Understood,
  {
    readonly verdicts: readonly Verdict[];
    readonly changes: readonly PromptChange[];
    readonly happenings: readonly Happening[];
    readonly laters: readonly Later[];
  },
] {
  const { at, visits, visitChanges, blindZones, contacts } = whereabouts;
  const [behaviours, happenings, queues] = notice(
    before.behaviours,
    {
      at,
      visits,
      changes: visitChanges,
      zones: settings.zones,
      blindZones,
      thresholds: settings.thresholds,
    },
    before.prompts.overBudgetAt,
    contacts,
    once,
  );
  const { contacted } = behaviours;
  const [prompts, verdicts, changes, laters] = once(
    'decide',
    [before.prompts, settings.prompts, visits, queues, contacted, ...happenings],
    () =>
      decide(
        before.prompts,
        {
          at,
          visits,
          happenings,
          queues,
          blindZones,
          metNow: new Set(contacted.met.filter((one) => one.at === at).map((one) => one.visit)),
        },
        {},
        settings.prompts,
      ),
  );
  return [
    { behaviours, prompts },
    { happenings, verdicts, changes, laters },
  ];
}

/** Who has been met, told or not. */
export const metIn = (behaviours: BehaviourState): ReadonlySet<string> =>
  new Set(behaviours.contacted.met.map((one) => one.visit));
