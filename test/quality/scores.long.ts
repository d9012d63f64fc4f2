import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Card, dropsOf, tellDrop } from './card/card.ts';
import { parts } from './card/parts.ts';

const card: Card = JSON.parse(readFileSync(join(import.meta.dirname, 'scores.json'), 'utf8'));

/** The parts of which `scores.test.ts` holds some figures alone, with all of theirs. */
describe('The committed card is not better than what is measured now, many throws of the dice included', () => {
  it.each(
    parts.flatMap(({ name, brief, measure }) => (brief === undefined ? [] : [[name, measure] as const])),
  )(
    '%s: no line fell by more than its tolerance',
    async (_, measure) => {
      expect(dropsOf(card, await measure()).map(tellDrop)).toEqual([]);
    },
    600_000,
  );
});
