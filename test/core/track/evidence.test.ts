import { describe, expect, it } from 'vitest';
import { evidenceOf } from '../../../src/core/track/evidence.ts';

describe('The evidence in a box', () => {
  it('grows with its score', () => {
    const scores = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4];
    const all = scores.map((score) => evidenceOf(score, 1.7));
    expect(all).toEqual([...all].sort((a, b) => a - b));
    expect(new Set(all).size).toBe(all.length);
  });

  it('speaks for a person when a faint box is as tall as people are, and against one when it is not', () => {
    for (const metres of [1.5, 1.6, 1.7, 1.8, 1.9]) expect(evidenceOf(0.27, metres)).toBeGreaterThan(1);
    for (const metres of [0.4, 0.7, 2.5, 4]) expect(evidenceOf(0.27, metres)).toBeLessThan(-1);
  });

  it('hardly speaks against children and those who sit', () => {
    for (const metres of [1.2, 1.3, 1.4]) expect(evidenceOf(0.27, metres)).toBeGreaterThan(-1);
  });

  it('rests on the score alone where the height is not known', () => {
    expect(evidenceOf(0.27, undefined)).toBeCloseTo(0);
    expect(evidenceOf(0.4, undefined)).toBeGreaterThan(3);
  });

  it('is never more than two boxes together must say', () => {
    for (const score of [0, 0.5, 1])
      for (const metres of [0, 0.001, 1.7, 1e9])
        expect(Math.abs(evidenceOf(score, metres))).toBeLessThanOrEqual(7);
  });
});
