import { describe, expect, it } from 'vitest';
import {
  type Counter,
  forgetOld,
  noteMistake,
  noteService,
  noteStand,
  trusted,
} from '../../../src/core/queues/counters.ts';

const stands = (...spots: readonly (readonly [x: number, weight: number])[]) =>
  spots.reduce<readonly Counter[]>((all, [x, weight], i) => noteStand(all, { x, y: 0 }, weight, i, 0.8), []);

describe('A counter', () => {
  it('is where people stand who are served, and steadier the more of them do', () => {
    const few = stands([0, 1], [0.6, 1])[0]!;
    const many = stands(...Array.from({ length: 20 }, () => [0, 1] as const), [0.6, 1])[0]!;
    expect(few.x).toBeCloseTo(0.3);
    expect(many.x).toBeLessThan(0.06);
  });

  it('is believed in from the first, and another one only when it was not a mistake', () => {
    expect(trusted(stands([0, 0.5])).map(({ x }) => x)).toEqual([0]);
    expect(trusted(stands([0, 1], [0, 1], [3, 1])).map(({ x }) => x)).toEqual([0]);
    expect(trusted(stands([0, 1], [0, 1], [3, 1], [3, 1])).map(({ x }) => x)).toEqual([0, 3]);
  });

  it('is not believed in where few stop of very many', () => {
    const many = Array.from({ length: 60 }, () => [0, 1] as const);
    expect(trusted(stands(...many, [3, 1], [3, 1])).map(({ x }) => x)).toEqual([0]);
  });

  it('is let go of when whoever seemed to be served there goes on to stand elsewhere', () => {
    expect(noteMistake(stands([0, 0.5]), 1)).toEqual([]);
    expect(noteMistake(stands([0, 1], [0, 1]), 1)).toMatchObject([{ weight: 1.5 }]);
  });

  it('remembers its last twenty services, for two hours', () => {
    let counters = stands([0, 1]);
    for (let n = 0; n < 30; n++) counters = noteService(counters, 1, n * 60, n);
    expect(counters[0]!.services.map(({ seconds }) => seconds)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 10),
    );
    expect(forgetOld(counters, 29 * 60 + 7300)[0]!.services).toEqual([]);
    expect(forgetOld(counters, 29 * 60 + 13 * 3600)).toEqual([]);
  });

  it('is one of eight at most', () => {
    const all = Array.from({ length: 40 }, (_, n) => [n * 2, 1] as const);
    expect(stands(...all)).toHaveLength(8);
  });
});
