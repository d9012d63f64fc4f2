import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { along, between } from '../../../src/core/geometry/along.ts';

const anyPlaces = fc.array(
  fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -9, max: 9, noNaN: true })),
);
const anyEnds = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.double({ min: -9, max: 9, noNaN: true }));
const named = (places: readonly number[]) => places.map((place, index) => ({ place, index }));

describe('Things along an axis', () => {
  it('are found between two ends as if each were asked, both ends among them', () => {
    fc.assert(
      fc.property(anyPlaces, anyEnds, (places, [low, high]) => {
        const things = named(places);
        const asked = things.filter(({ place }) => place >= low && place <= high);
        const found = between(
          along(things, ({ place }) => place),
          low,
          high,
        );
        expect([...found].sort((a, b) => a.index - b.index)).toEqual(asked);
      }),
    );
  });

  it('come in order of place, and those at one place in the order they were given', () => {
    const things = named([3, 1, 2, 1, 3]);
    const { places, things: inOrder } = along(things, ({ place }) => place);
    expect(places).toEqual([1, 1, 2, 3, 3]);
    expect(inOrder.map(({ index }) => index)).toEqual([1, 3, 2, 0, 4]);
  });

  it('of none are none', () => {
    expect(between(along([], Number), -1, 1)).toEqual([]);
    expect(between(along([1, 2], Number), 5, 4)).toEqual([]);
  });
});
