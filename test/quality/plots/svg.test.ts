import { describe, expect, it } from 'vitest';
import { element, escaped, shorten, text, widthOf, write } from './svg.ts';

describe('A picture as text', () => {
  it('has an element a line, and words as they are', () => {
    const picture = element(
      'svg',
      { viewBox: '0 0 9 9' },
      element('rect', { x: 1, width: 2.345, rx: undefined }),
      element('g', {}, text('two words', { x: 1, y: 10, size: 10, fill: '#000000' })),
    );
    expect(write(picture)).toBe(
      [
        '<svg viewBox="0 0 9 9">',
        ' <rect x="1" width="2.3"/>',
        ' <g>',
        '  <text x="1" y="13.5" font-size="10" fill="#000000">two words</text>',
        ' </g>',
        '</svg>',
        '',
      ].join('\n'),
    );
  });

  it('lets no word become markup, be it said or in an attribute', () => {
    const odd = `<b> & "c" 'd'`;
    expect(escaped(odd)).toBe('&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;');
    expect(write(element('text', { id: odd }, odd))).toBe(
      `<text id="${escaped(odd)}">${escaped(odd)}</text>\n`,
    );
  });

  it('rounds to a tenth of a pixel, without a zero below zero', () => {
    expect(write(element('a', { b: 1.26, c: -0.04, d: -1.25 }))).toBe('<a b="1.3" c="0" d="-1.2"/>\n');
  });

  it('refuses a place that is none', () => {
    expect(() => element('a', { b: Number.NaN })).toThrow('Cannot draw: a number must be finite, it is NaN');
    expect(() => element('a', { b: Number.POSITIVE_INFINITY })).toThrow(RangeError);
  });
});

it('Words that are too long end in an ellipsis, letters of two halves stay whole', () => {
  expect(shorten('crowd', 5)).toBe('crowd');
  expect(shorten('crowds', 5)).toBe('crow…');
  expect(shorten('𝒜𝒜𝒜', 2)).toBe('𝒜…');
});

it('Room for words grows with their letters and their size, and is wider for bold ones', () => {
  expect(widthOf('arrived', 10)).toBeCloseTo(42);
  expect(widthOf('arrived', 20)).toBeCloseTo(84);
  expect(widthOf('arrived', 10, true)).toBeGreaterThan(widthOf('arrived', 10));
});
