import { pause } from './behaviours/index.ts';
import { viewQueues } from './behaviours/queueing.ts';
import { counterpart, samePromptSeconds } from './play-back.ts';
import { decide, type PromptNews } from './prompts/decide.ts';
import type { AnswerGiven, PromptChange } from './prompts/prompt.ts';
import { blindZonesOf } from './sight/watch.ts';
import type { CoreInput, CoreSettings, CoreState } from './step.ts';
import { type Understood, understand, type Whereabouts } from './understand.ts';

/** One step of the live lobby, as the shadow beside it is told of it. */
export interface ShadowMoment {
  readonly before: CoreState;
  readonly after: CoreState;
  readonly input: CoreInput;
  /** Absent: the input was not a look. */
  readonly whereabouts?: Whereabouts | undefined;
}

/**
 * What thresholds on trial make of what the live ones see: the second half of the step once more, with a state of its
 * own. Nothing comes back from it into the live half, so that what is tried can't change what is said.
 *
 *     people ▶ track ▶ visits ─┬▶ notice ▶ decide ▶ prompts, to the wrists
 *                              └▶ notice ▶ decide ▶ what would have been said, to the journal alone
 *
 * It begins with what the live half knows, so who waits keeps waiting. An answer from a wrist is to a live prompt: it
 * counts for the one that says the same here. Whose heads are looked at goes by the live thresholds. Its cost is that
 * of the second half, and its memory is bounded as that is.
 *
 * @param state of the shadow until now; absent: it begins
 */
export function shadow(
  state: Understood | undefined,
  { before, after, input, whereabouts }: ShadowMoment,
  settings: Pick<CoreSettings, 'zones' | 'thresholds' | 'prompts'>,
): [Understood, readonly PromptChange[]] {
  const begun = state ?? beginShadow(before);
  if (whereabouts !== undefined) {
    const { unwatched } = whereabouts;
    const behaviours =
      unwatched === undefined
        ? begun.behaviours
        : pause(begun.behaviours, new Map(before.visits.visits.map((visit) => [visit.id, unwatched(visit)])));
    const [next, { changes }] = understand({ ...begun, behaviours }, whereabouts, settings);
    return [next, changes];
  }
  const news = newsOf(begun, before, input);
  if (news === undefined) return [begun, []];
  const { at } = after;
  const [prompts, , changes] = decide(
    begun.prompts,
    {
      at,
      visits: after.visits.visits,
      happenings: [],
      queues: viewQueues(begun.behaviours.queueing, at),
      blindZones: blindZonesOf(after.sight, at),
    },
    news,
    settings.prompts,
  );
  return [{ ...begun, prompts }, changes];
}

/** Its prompts have names of their own: none may be taken for one on a wrist. */
function beginShadow({ behaviours, prompts }: CoreState): Understood {
  return { behaviours, prompts: { ...prompts, seed: ~prompts.seed } };
}

function newsOf(state: Understood, before: CoreState, input: CoreInput): PromptNews | undefined {
  switch (input.kind) {
    case 'answer':
      return { answers: answersOf(state, before, input) };
    case 'duty':
      return { duty: input };
    case 'opening':
      return { isOpen: input.isOpen };
    default:
      return undefined;
  }
}

function answersOf({ prompts }: Understood, before: CoreState, given: AnswerGiven): readonly AnswerGiven[] {
  const { id, answer, role, watch } = given;
  if (prompts.open.some((one) => one.id === id)) return [{ id, answer, role, watch }];
  const was = before.prompts.open.find((one) => one.id === id);
  const found =
    was === undefined
      ? undefined
      : counterpart({ kind: was.kind, place: was.place, at: was.raisedAt }, prompts.open);
  return found === undefined ? [] : [{ id: found.id, answer, role, watch }];
}

/** Two prompts, one said and one on trial, that say the same: of one kind, at one place, and near in time. */
export const saysTheSame = (
  one: { readonly kind: string; readonly place: string; readonly at: number },
  other: { readonly kind: string; readonly place: string; readonly at: number },
): boolean =>
  one.kind === other.kind && one.place === other.place && Math.abs(one.at - other.at) <= samePromptSeconds;
