import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Card, dropsOf, tellDrop, withoutFigures } from './card/card.ts';
import { lobbySections } from './card/lobbies.ts';
import { accuracyPage, pagesOf } from './card/pages.ts';
import { parts } from './card/parts.ts';
import type { Section } from './card/section.ts';
import { knownLobbies, recordingOf } from './run-lobby.ts';

const card: Card = JSON.parse(readFileSync(join(import.meta.dirname, 'scores.json'), 'utf8'));

describe('The committed card is not better than what is measured now', () => {
  for (const { name, measure, brief, needs } of parts.filter(({ isLong }) => isLong !== true)) {
    const absent = needs !== undefined && !existsSync(needs);
    describe.skipIf(absent)(`${name}${absent ? ' (its data is not beside the checkout)' : ''}`, () => {
      let sections: readonly Section[];
      beforeAll(async () => {
        sections = await (brief?.measure ?? measure)();
      }, 600_000);

      it('no line fell by more than its tolerance', () => {
        expect(dropsOf(withoutFigures(card, brief?.without ?? []), sections).map(tellDrop)).toEqual([]);
      });

      it('every section is on it', () => {
        expect(sections.filter(({ id }) => card[id] === undefined).map(({ id }) => id)).toEqual([]);
      });
    });
  }
});

it('The pages and pictures are made from the card alone, and from the one that is committed', () => {
  for (const { file, text } of pagesOf(card, readFileSync(accuracyPage, 'utf8')))
    expect(readFileSync(file, 'utf8'), file).toBe(text);
});

it('A detector that lost every other person would show on the card, line by line', async () => {
  const demo = knownLobbies().filter(({ name }) => name === 'demo');
  const sections = await lobbySections(demo, (lobby) =>
    recordingOf(lobby).map((one) =>
      one.kind === 'people' ? { ...one, people: one.people.filter((_, i) => i % 2 === 0) } : one,
    ),
  );
  const drops = dropsOf(card, sections).filter(({ row }) => row.startsWith('demo'));
  expect(drops.map(tellDrop)).toContainEqual(
    expect.stringMatching(/^events-by-lobby · demo · \w+: found fell/),
  );
});
