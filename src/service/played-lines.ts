import type { JournalLine } from '../contract/journal.ts';
import type { PlayedInput } from '../core/play-back.ts';

/**
 * What a line of the journal is to a day that is played back.
 *
 * @returns nothing for lines that only tell what followed: verdicts on queues, on who was lost, states of prompts
 */
export function toPlayed(line: JournalLine): PlayedInput | undefined {
  const at = Date.parse(line.at) / 1000;
  switch (line.kind) {
    case 'scene':
      return { at, kind: 'scene', people: line.people };
    case 'verdict': {
      const { happening, visit, zone } = line;
      if (visit === undefined) return undefined;
      const where = zone === undefined ? {} : { zone };
      if (happening === 'arrived') return { at, kind: 'entered', visit, ...where };
      if (happening === 'departed') return { at, kind: 'left', visit, ...where };
      return happening === 'contacted' ? { at, kind: 'contacted', visit } : undefined;
    }
    case 'stay':
      return { at, kind: 'ended', visit: line.visit };
    case 'duty': {
      const { watch, role, onDuty, lost, quietSeconds } = line;
      return {
        at,
        kind: 'duty',
        watch,
        role,
        onDuty,
        ...(lost === undefined ? {} : { lost }),
        ...(quietSeconds === undefined ? {} : { quietSeconds }),
      };
    }
    case 'ack': {
      const { id, answer, role, watch } = line;
      return { at, kind: 'answer', id, answer, role, watch };
    }
    case 'prompt':
      return line.change === 'raised'
        ? { at, kind: 'raised', id: line.id, prompt: line.prompt, place: line.place }
        : undefined;
    case 'health':
      return {
        at,
        kind: 'blind',
        zones: [...new Set(line.cameras.flatMap(({ blind = [] }) => blind))].sort(),
      };
    case 'begun':
      return { at, kind: 'begun' };
    default:
      return undefined;
  }
}
