import { describe, expect, it } from 'vitest';
import { placeInLine } from '../../../src/core/queues/line.ts';

const counter = { x: 0, y: 0 };
const line = [1, 2, 3, 4].map((x) => ({ x, y: 0 }));
/** Out, round, and back beside itself. */
const round = [...line, { x: 4.8, y: 0.45 }, { x: 4, y: 0.9 }, { x: 3, y: 0.9 }];

describe('A place in a line', () => {
  it('is the last for who stands behind the last', () => {
    expect(placeInLine(line, counter, { x: 5, y: 0.2 }, 0.5)).toBe(4);
  });

  it('is between the two somebody stands between', () => {
    expect(placeInLine(line, counter, { x: 2.5, y: 0.1 }, 0.5)).toBe(2);
  });

  it('is the first for who stands before the first, towards the counter', () => {
    expect(placeInLine(line, counter, { x: 0.3, y: 0 }, 0.5)).toBe(0);
  });

  it('is the last in a line that comes back beside itself, though another is nearer', () => {
    const spot = { x: 2.1, y: 0.85 };
    expect(placeInLine(round, counter, spot, 0.5)).toBe(7);
    // Control: the nearest stands in the other lane.
    const distances = round.map(({ x, y }) => Math.hypot(x - spot.x, y - spot.y));
    expect(distances.indexOf(Math.min(...distances))).toBe(1);
  });

  it('is the first in a line of nobody', () => {
    expect(placeInLine([], undefined, counter, 0.5)).toBe(0);
  });
});
