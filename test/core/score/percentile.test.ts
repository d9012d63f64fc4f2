import { expect, it } from 'vitest';
import { percentile } from '../../../src/core/score/percentile.ts';

it('A percentile is one of the values, by nearest rank', () => {
  const values = [5, 1, 4, 2, 3];
  expect([0, 0.5, 0.95, 1].map((part) => percentile(values, part))).toEqual([1, 3, 5, 5]);
  expect(percentile([1, 2, 3, 4], 0.5)).toBe(2);
});

it('Of no values there is none', () => {
  expect(percentile([], 0.5)).toBeNull();
});
