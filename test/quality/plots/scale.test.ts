import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundRange, scale, ticks } from './scale.ts';

describe('A scale', () => {
  it('puts both ends of the range at both ends of the room, and the middle between', () => {
    const at = scale({ from: -2, to: 6 }, { start: 100, end: 180 });
    expect([-2, 2, 6].map(at)).toEqual([100, 140, 180]);
  });

  it('goes on beyond its ends', () => {
    expect(scale({ from: 0, to: 1 }, { start: 0, end: 10 })(1.5)).toBe(15);
  });

  it('refuses a range of nothing', () => {
    expect(() => scale({ from: 3, to: 3 }, { start: 0, end: 1 })).toThrow(
      'Cannot scale: the range must grow, it is 3 to 3',
    );
  });
});

describe('Ticks', () => {
  it('are 1, 2 or 5 times a power of ten apart', () => {
    expect(ticks({ from: 0, to: 1 }, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks({ from: -6, to: 8 }, 7)).toEqual([-6, -4, -2, 0, 2, 4, 6, 8]);
    expect(ticks({ from: 31, to: 84 }, 6)).toEqual([40, 50, 60, 70, 80]);
    expect(ticks({ from: 0, to: 0.3 }, 3)).toEqual([0, 0.1, 0.2, 0.3]);
  });

  it('of what is counted are never a half apart', () => {
    expect(ticks({ from: 0, to: 2 }, 8, 1)).toEqual([0, 1, 2]);
  });

  it('lie in the range, grow, and are neither too few nor too many', () => {
    const range = fc
      .tuple(fc.integer({ min: -10_000, max: 10_000 }), fc.integer({ min: 1, max: 20_000 }))
      .map(([from, length]) => ({ from: from / 10, to: (from + length) / 10 }));
    fc.assert(
      fc.property(range, fc.integer({ min: 3, max: 10 }), (range, about) => {
        const values = ticks(range, about);
        expect(values.length).toBeGreaterThanOrEqual(1);
        expect(values.length).toBeLessThanOrEqual(about + 1);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(range.from - 1e-6);
        expect(Math.max(...values)).toBeLessThanOrEqual(range.to + 1e-6);
        expect([...values].sort((a, b) => a - b)).toEqual(values);
      }),
    );
  });
});

describe('A round range', () => {
  it('is the least that holds the figures', () => {
    expect(roundRange({ from: 37.7, to: 79.8 }, 6)).toEqual({ from: 30, to: 80 });
    expect(roundRange({ from: 0, to: 19.5 }, 4)).toEqual({ from: 0, to: 20 });
    expect(roundRange({ from: 0, to: 20 }, 4)).toEqual({ from: 0, to: 20 });
  });

  it('of one figure is still a range', () => {
    expect(roundRange({ from: 0, to: 0 }, 4, 1)).toEqual({ from: 0, to: 1 });
    expect(roundRange({ from: 7, to: 7 }, 4, 5)).toEqual({ from: 5, to: 15 });
  });
});
