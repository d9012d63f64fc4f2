import type { PromptPayload } from '../../../src/contract/topics.ts';
import type { Haptic } from '../../../src/core/prompts/kinds.ts';

/** A vibration: milliseconds on, off, on … */
type Pattern = readonly number[];

/**
 * The four families, which a walking wearer tells apart on one motor by how many pulses there are and how long.
 * All that must be known by touch alone is in the family; kinds differ only inside it.
 *
 *     arrival ▂        person ▂ ▂        place ▂▂▂        call ▂▂ ▂▂ ▂▂
 */
export const families: Record<Haptic, Pattern> = {
  arrival: [120],
  person: [120, 100, 120],
  place: [350],
  call: [250, 120, 250, 120, 250],
};

/** What a tap is answered with: the box took it, or somebody else has it. */
export const touches = { tick: [20], refused: [40, 60, 40] } as const satisfies Record<string, Pattern>;

/**
 * How a prompt feels: its family first, then a short ending of its own kind, so that who knows the four needs to
 * learn no more, and who wears it daily tells a queue from somebody lost. None is longer than 1.4 s.
 *
 *     greet ▂    several ▂ ·    approach ▂ ▂    ask-queue ▂ ▂ ·    divert ▂▂▂    patrol ▂▂▂ ·    …
 *
 * What was passed on is a call whatever its kind.
 */
export function patternOf({
  kind,
  people,
  haptic,
}: Pick<PromptPayload, 'kind' | 'people' | 'haptic'>): Pattern {
  const family = families[haptic];
  const ending = endings[haptic]?.[haptic === 'arrival' && people > 1 ? 'several' : kind];
  return ending === undefined ? family : [...family, ...ending];
}

const short: Pattern = [60, 60];
const endings: Record<Haptic, Partial<Record<PromptPayload['kind'] | 'several', Pattern>>> = {
  arrival: { several: short },
  person: { 'ask-queue': short },
  place: { patrol: short, 'see-off': [60, 60, 60, 60], 'check-machine': [120, 120] },
  call: { support: short },
};
