import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ScoredEvent, scoreEvents, type Truth } from '../../../src/core/score/score-events.ts';
import { type Card, toCard } from '../card/card.ts';
import { airportSection, heightSection, type JudgedSet, renderedSection } from '../card/detector.ts';
import { lobbySections } from '../card/lobbies.ts';
import { knownLobbies } from '../run-lobby.ts';
import { windows } from './delays.ts';
import { drawPlots, plots } from './draw-plots.ts';
import { drawEvents } from './events.ts';
import { drawFailures } from './failures.ts';
import { drawLobbies } from './lobbies.ts';
import { cardOf, type Sample, type SampleKind, sample } from './sample-card.ts';
import type { Svg } from './svg.ts';
import { widthOf } from './svg.ts';
import { drawTracking } from './tracking.ts';

const card = cardOf(sample);
const files = Object.keys(plots);
/** Which sections each picture cannot do without. */
const needs: Readonly<Record<string, readonly string[]>> = {
  'events.svg': ['events'],
  'delays.svg': ['events'],
  'lobbies.svg': ['lobbies'],
  'failures.svg': ['events-by-lobby'],
  'recall.svg': ['detector-real', 'detector-rendered', 'detector-heights'],
  'tracking.svg': ['tracker-peers'],
};

interface Box {
  readonly what: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Every element that is drawn, in order. */
function drawn(svg: Svg): readonly Svg[] {
  if (svg.name === 'defs') return [];
  return [svg, ...svg.children.flatMap((child) => (typeof child === 'string' ? [] : drawn(child)))];
}

const wordsOf = (svg: Svg): string => svg.children.join('');
const textsOf = (svg: Svg): readonly Svg[] => drawn(svg).filter(({ name }) => name === 'text');

/** Where an element lies; of words, a little more than what they take. */
function boxOf({ name, attributes, children }: Svg): Box | undefined {
  const number = (key: string): number => Number(attributes[key] ?? 0);
  const box = (left: number, top: number, right: number, bottom: number): Box => ({
    what: `${name} ${children.join('')}`,
    left,
    top,
    right,
    bottom,
  });
  const around = (points: readonly (readonly [number, number])[]): Box => {
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    return box(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
  };
  switch (name) {
    case 'text': {
      const size = number('font-size');
      const width = widthOf(children.join(''), size, attributes['font-weight'] !== undefined);
      const anchor = attributes['text-anchor'] ?? 'start';
      const left = number('x') - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0);
      // From the baseline up to a capital's top, and down to the tail of a `g`.
      return box(left, number('y') - 0.75 * size, left + width, number('y') + 0.2 * size);
    }
    case 'rect':
      return box(number('x'), number('y'), number('x') + number('width'), number('y') + number('height'));
    case 'circle':
      return box(
        number('cx') - number('r'),
        number('cy') - number('r'),
        number('cx') + number('r'),
        number('cy') + number('r'),
      );
    case 'line':
      return around([
        [number('x1'), number('y1')],
        [number('x2'), number('y2')],
      ]);
    case 'polygon':
    case 'path': {
      const numbers = (attributes.points ?? attributes.d ?? '').match(/-?[\d.]+/g)!.map(Number);
      return around(numbers.flatMap((x, i) => (i % 2 === 0 ? [[x, numbers[i + 1]!] as const] : [])));
    }
    case 'svg':
    case 'title':
    case 'desc':
      return undefined;
    default:
      throw new Error(`Cannot tell where ${name} lies: write it down here`);
  }
}

const boxesIn = (svg: Svg): readonly Box[] => drawn(svg).flatMap((one) => boxOf(one) ?? []);

function outside(svg: Svg): readonly Box[] {
  const [, , width, height] = svg.attributes.viewBox!.split(' ').map(Number);
  return boxesIn(svg).filter(
    ({ left, top, right, bottom }) => left < 0 || top < 0 || right > width! || bottom > height!,
  );
}

function overlapping(svg: Svg): readonly string[] {
  const texts = boxesIn(svg).filter(({ what }) => what.startsWith('text'));
  const marks = boxesIn(svg).filter(({ what }) => /^(circle|polygon)/.test(what));
  return texts.flatMap((one, i) =>
    [...texts, ...marks]
      .slice(i + 1)
      .filter(
        (other) =>
          one.left < other.right &&
          other.left < one.right &&
          one.top < other.bottom &&
          other.top < one.bottom,
      )
      .map((other) => `${one.what} / ${other.what}`),
  );
}

describe.each(files)('%s', (file) => {
  const picture = plots[file]!(card)!;

  it('keeps every mark and every word within the picture', () => {
    expect(outside(picture)).toEqual([]);
  });

  it('lets no words run into others, nor into marks', () => {
    expect(overlapping(picture)).toEqual([]);
  });

  it('says what it shows to whom a picture says nothing', () => {
    expect(picture.attributes).toMatchObject({ role: 'img', 'aria-labelledby': 'title told' });
    const [title, told] = picture.children as readonly Svg[];
    expect([title!.name, told!.name]).toEqual(['title', 'desc']);
    expect(wordsOf(title!)).not.toBe('');
    expect(wordsOf(told!)).toMatch(/\d/);
  });

  it('is read without looking closely: no words are smaller than 15 px of 720', () => {
    for (const { attributes } of textsOf(picture)) {
      expect(Number(attributes['font-size'])).toBeGreaterThanOrEqual(15);
    }
  });

  it('is not drawn without its sections', () => {
    const without = Object.fromEntries(Object.entries(card).filter(([id]) => !needs[file]!.includes(id)));
    expect(Object.keys(drawPlots(without))).not.toContain(file);
    const alone = Object.fromEntries(Object.entries(card).filter(([id]) => needs[file]!.includes(id)));
    expect(Object.keys(drawPlots(alone))).toContain(file);
  });

  it('is not drawn of sections without rows', () => {
    const empty = Object.fromEntries(Object.entries(card).map(([id, one]) => [id, { ...one, rows: {} }]));
    expect(plots[file]!(empty)).toBeUndefined();
  });
});

it('The same card gives the same bytes, and one that was written and read again too', () => {
  expect(drawPlots(cardOf(sample))).toEqual(drawPlots(card));
  expect(drawPlots(JSON.parse(JSON.stringify(card)))).toEqual(drawPlots(card));
  expect(Object.keys(drawPlots(card))).toEqual(files);
});

describe('A card of any figures', () => {
  const count = fc.integer({ min: 0, max: 99 });
  const delay = fc.option(fc.integer({ min: -50, max: 999 }).map((tenths) => tenths / 10));
  const kindOf = (kind: string) =>
    fc.record({
      kind: fc.constant(kind),
      found: count,
      missed: count,
      false: count,
      median: delay,
      late: delay,
    });
  const kinds: fc.Arbitrary<SampleKind[]> = fc.tuple(
    ...['arrived', 'departed', 'queued', 'wandering', 'contacted', 'all kinds'].map(kindOf),
  );
  const percent = fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
  const cards = fc.record<Sample>({
    kinds,
    lobbies: fc.uniqueArray(
      fc.record({
        name,
        errors: count,
        shaken: percent,
        within: fc.option(percent),
        kinds: kinds.map((all) => all.slice(0, 5)),
      }),
      { minLength: 1, maxLength: 25, selector: (one) => one.name },
    ),
    trackers: fc.uniqueArray(
      fc.record({
        name: fc.oneof(name, fc.constant('lobby-sense')),
        values: fc.tuple(percent, percent, percent, percent),
      }),
      { minLength: 1, maxLength: 14, selector: (one) => one.name },
    ),
    recalls: fc.array(fc.option(percent.map((one) => one / 100)), { minLength: 5, maxLength: 5 }),
  });

  it('is drawn within its pictures, no words over others or over marks', () => {
    fc.assert(
      fc.property(cards, (one) => {
        for (const draw of Object.values(plots)) {
          const picture = draw(cardOf(one));
          if (picture === undefined) continue;
          expect(outside(picture)).toEqual([]);
          expect(overlapping(picture)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

const rowOf = (svg: Svg, words: string): readonly Svg[] => {
  const y = boxOf(textsOf(svg).find((one) => wordsOf(one) === words)!)!;
  return drawn(svg).filter((one) => {
    const box = boxOf(one);
    return box !== undefined && box.bottom - box.top < 40 && box.top < y.bottom && y.top < box.bottom;
  });
};

describe('Bars of events', () => {
  const widths = (kind: string): readonly number[] =>
    rowOf(drawEvents(card)!, kind)
      .filter(({ name }) => name === 'rect')
      .map(({ attributes }) => Number(attributes.width));

  it('are as long as their share: found, missed, false', () => {
    const [found, missed, wrong] = widths('wandering');
    expect(found! / (found! + missed! + wrong!)).toBeCloseTo(8 / 15, 1);
    expect(missed! / (found! + missed! + wrong!)).toBeCloseTo(3 / 15, 1);
  });

  it('leave out what there is none of, and are all equally long', () => {
    expect(widths('contacted')).toHaveLength(1);
    const ends = ['arrived', 'wandering', 'contacted'].map((kind) =>
      Math.max(
        ...rowOf(drawEvents(card)!, kind)
          .filter(({ name }) => name === 'rect')
          .map((one) => boxOf(one)!.right),
      ),
    );
    // Places are rounded to a tenth.
    expect(Math.max(...ends) - Math.min(...ends)).toBeLessThan(0.25);
  });

  it('show one false event among hundreds', () => {
    const kinds = [{ ...sample.kinds[0]!, found: 2000, missed: 0, false: 1 }];
    const bars = drawn(drawEvents(cardOf({ ...sample, kinds }))!).filter(
      ({ name, attributes }) => name === 'rect' && attributes.fill === '#b84a00',
    );
    expect(Number(bars[0]!.attributes.width)).toBeGreaterThan(2);
  });
});

describe('Windows of the delays', () => {
  const frames = Array.from({ length: 2001 }, (_, i) => ({ t: i / 10, people: [{ id: 'p1', x: 0, y: 0 }] }));
  const truthOf = {
    arrived: 'arrival',
    departed: 'departure',
    queued: 'queue-start',
    contacted: 'contact',
    wandering: 'wander-start',
  };
  const afterSeconds = 15;
  const wanderedUntil = 150;

  it.each(Object.entries(truthOf))(
    '%s: are those of the scorer, to the tenth of a second',
    (kind, truthKind) => {
      const happened = 100;
      const truth: Truth = {
        people: [{ id: 'p1', role: 'customer' }],
        frames,
        events: [
          { t: happened, kind: truthKind, person: 'p1' },
          { t: wanderedUntil, kind: 'wander-end', person: 'p1' },
        ],
      };
      const moment = kind === 'wandering' ? happened + afterSeconds : happened;
      const found = (t: number): number => {
        const event: ScoredEvent = { t, kind, role: 'customer', at: [0, 0] };
        return scoreEvents(truth, [event], afterSeconds).find((one) => one.kind === kind)!.found;
      };
      const { from, to } = windows[kind]!;
      const end = Number.isFinite(to) ? moment + to : wanderedUntil + 3;
      expect([moment + from - 0.1, moment + from, end, end + 0.1].map(found)).toEqual([0, 1, 1, 0]);
    },
  );
});

it('Lobbies stand in order: most errors first, then those that noise makes worse', () => {
  const names = new Set(sample.lobbies.map(({ name }) => name));
  const order = textsOf(drawLobbies(card)!)
    .map(wordsOf)
    .filter((words) => names.has(words));
  expect(order).toEqual([
    'crowd-of-25',
    'wheelchair-and-stick',
    'leaves-and-comes-back',
    'empty-lobby',
    'demo',
  ]);
});

describe('What fails where', () => {
  it('names the lobbies that err, with what was missed and said falsely of each kind', () => {
    const picture = drawFailures(card)!;
    const words = textsOf(picture).map(wordsOf);
    expect(words).toContain('2 lobbies more have no error, and are left out.');
    expect(words).not.toContain('demo');
    expect(
      rowOf(picture, 'wheelchair-and-stick')
        .filter(({ name }) => name === 'text')
        .map(wordsOf),
    ).toEqual(['wheelchair-and-stick', '1', '2']);
  });

  it('is still a picture when nothing does', () => {
    const picture = drawFailures(cardOf({ ...sample, lobbies: sample.lobbies.slice(0, 1) }))!;
    expect(textsOf(picture).map(wordsOf)).toContain('No lobby has an error.');
    expect(outside(picture)).toEqual([]);
  });
});

it('Trackers stand in order of HOTA at each rate, those of fewer sequences apart', () => {
  const names = new Set([...sample.trackers.map(({ name }) => name.replace(/^.*: /, ''))]);
  const order = textsOf(drawTracking(card)!)
    .map(wordsOf)
    .filter((words) => names.has(words) || words.startsWith('At '));
  expect(order).toEqual([
    'At at 5',
    'ceiling',
    'trackers SORT',
    'lobby-sense',
    'node-moving-things-tracker',
    'lobby-sense in the picture',
    'UCMCTrack',
    'At full rate',
    'ceiling',
    'lobby-sense',
    'trackers SORT',
    'node-moving-things-tracker',
    'UCMCTrack',
    'lobby-sense in the picture',
  ]);
});

describe('The sections that are drawn', () => {
  it('have every figure that is drawn of lobbies', async () => {
    const demo = knownLobbies().filter(({ name }) => name === 'demo');
    const drawnFiles = Object.keys(drawPlots(toCard(await lobbySections(demo))));
    expect(drawnFiles).toEqual(['events.svg', 'delays.svg', 'lobbies.svg', 'failures.svg']);
  });

  it('have every figure that is drawn of the detector', () => {
    const box = { left: 0, top: 0, right: 40, bottom: 120 };
    const set: JudgedSet = {
      name: 'hall',
      size: { width: 960, height: 540 },
      pictures: [{ found: [{ box, score: 0.9 }], truth: [{ box }] }],
    };
    const sections = [airportSection(set), renderedSection([set]), heightSection([set])];
    const told = wordsOf(plots['recall.svg']!(toCard(sections))!.children[1] as Svg);
    expect(told).toContain('100–160 px: 1.000 airport hall, real, 1.000 rendered lobbies');
    expect(told).not.toContain('160–250 px');
    expect(told).toMatch(/15–25 %: 1\.000 boxes from a score of 0\.\d+, 1\.000 boxes from a score of 0\.\d+/);
  });

  it('are refused without a figure: a picture that left it out would mislead', () => {
    const renamed = (id: string, figure: string): Card => {
      const section = card[id]!;
      const rows = Object.fromEntries(
        Object.entries(section.rows).map(([row, { [figure]: _, ...rest }]) => [row, rest]),
      );
      const figures = section.figures.filter(({ name }) => name !== figure);
      return { ...card, [id]: { ...section, figures, rows } };
    };
    expect(() => drawPlots(renamed('events', 'missed'))).toThrow(
      /^Cannot draw: "Events" must hold the figure "missed" of "\w+"$/,
    );
    expect(() => drawPlots(renamed('lobbies', 'shaken'))).toThrow('the figure "shaken"');
    expect(() => drawPlots(renamed('tracker-peers', 'IDF1, at 5'))).toThrow('the figure "IDF1, at 5"');
    const nothing = { ...card, 'tracker-peers': { ...card['tracker-peers']!, figures: [] } };
    expect(() => drawPlots(nothing)).toThrow('"Peers" must have a figure like /^HOTA, /');
  });
});
