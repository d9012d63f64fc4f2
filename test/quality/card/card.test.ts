import { describe, expect, it } from 'vitest';
import { cardToJson, dropsOf, tellDrop, toCard, toMarkdown, toText } from './card.ts';
import type { Section } from './section.ts';

const section = (values: readonly (number | null)[], more: Partial<Section> = {}): Section => ({
  id: 'events',
  title: 'Events',
  about: 'Two lobbies.',
  figures: [
    { name: 'found', digits: 0, better: 'higher', tolerance: 0 },
    { name: 'delay s', digits: 1, better: 'lower', tolerance: 0.2 },
    { name: 'prompts', digits: 0, better: 'neither', tolerance: 0 },
  ],
  rows: [{ name: 'arrived', values }],
  ...more,
});
const card = toCard([section([10, 0.5, 7])]);
const drops = (...values: (number | null)[]) => dropsOf(card, [section(values)]).map(tellDrop);

describe('The committed card', () => {
  it('is held where nothing changed, where a figure rose, and within its tolerance', () => {
    expect(drops(10, 0.5, 7)).toEqual([]);
    expect(drops(11, 0.1, 7)).toEqual([]);
    expect(drops(10, 0.7, 7)).toEqual([]);
  });

  it('names the line that fell', () => {
    expect(drops(9, 0.5, 7)).toEqual(['events · arrived: found fell from 10 to 9']);
    expect(drops(10, 0.8, 7)).toEqual(['events · arrived: delay s fell from 0.5 to 0.8']);
  });

  it('holds nothing that is neither better nor worse', () => {
    expect(drops(10, 0.5, 99)).toEqual([]);
  });

  it('takes a figure or a row that is gone for a drop', () => {
    expect(drops(10, null, 7)).toEqual(['events · arrived: delay s fell from 0.5 to nothing']);
    expect(dropsOf(card, [section([], { rows: [] })])).toHaveLength(3);
    expect(dropsOf(card, [section([10], { figures: section([]).figures.slice(0, 1) })])).toHaveLength(2);
  });

  it('says nothing of a section that was not measured, nor of a row that is there to compare', () => {
    expect(dropsOf(card, [])).toEqual([]);
    const peers = section([0, 9, 7], { rows: [{ name: 'arrived', values: [0, 9, 7], held: false }] });
    expect(dropsOf(card, [peers])).toEqual([]);
  });

  it('takes new rows as they are', () => {
    const more = section([], {
      rows: [
        { name: 'arrived', values: [10, 0.5, 7] },
        { name: 'queued', values: [1, 9, 9] },
      ],
    });
    expect(dropsOf(card, [more])).toEqual([]);
  });

  it('is rounded to what it tells, so that noise makes no diff', () => {
    expect(toCard([section([10.2, 0.5432, null])]).events?.rows).toEqual({
      arrived: { found: 10, 'delay s': 0.5, prompts: null },
    });
  });
});

it('The card is written a row a line, and read again as it was', () => {
  expect(JSON.parse(cardToJson(card))).toEqual(card);
  expect(cardToJson(card).split('\n')).toContain('  "arrived": {"found":10,"delay s":0.5,"prompts":7}');
});

it('The card reads as a table, on a page and on a terminal', () => {
  expect(toMarkdown(toCard([section([10, 0.5, null])]))).toBe(
    [
      '## Events',
      '',
      'Two lobbies.',
      '',
      '|  | found | delay s | prompts |',
      '| --- | ---: | ---: | ---: |',
      '| arrived | 10 | 0.5 | – |',
      '',
    ].join('\n'),
  );
  expect(toText(card)).toBe(
    ['Events', '         found  delay s  prompts', 'arrived     10      0.5        7', ''].join('\n'),
  );
});
