import { expect, it } from 'vitest';
import { mean, median, percent } from './statistics.ts';

it('Of nothing there is no figure', () => {
  expect([median([]), mean([]), percent(0, 0)]).toEqual([null, null, null]);
});

it('Of a hundred a part is its number', () => {
  expect([median([1, 2, 3, 4]), mean([1, 2, 6]), percent(3, 4)]).toEqual([2, 3, 75]);
});
