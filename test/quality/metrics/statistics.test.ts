import { expect, it } from 'vitest';
import { mean, median, percent, percentile } from './statistics.ts';

it('A percentile is one of the values, by nearest rank', () => {
  const values = [5, 1, 4, 2, 3];
  expect([0, 0.5, 0.95, 1].map((part) => percentile(values, part))).toEqual([1, 3, 5, 5]);
  expect(median([1, 2, 3, 4])).toBe(2);
});

it('Of nothing there is no figure', () => {
  expect([median([]), mean([]), percent(0, 0)]).toEqual([null, null, null]);
});
