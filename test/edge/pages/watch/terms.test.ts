import { describe, expect, it } from 'vitest';
import { readPrompt, readState } from '../../../../edge/pages/watch/read.ts';
import { createTerms } from '../../../../edge/pages/watch/terms.ts';

describe('The watch, where several boxes can decide', () => {
  it('believes the newest of them, and none that it has followed', () => {
    const isBelieved = createTerms();
    expect([7, 7, 8, 7, 8, 9, 8].map((term) => isBelieved({ term }))).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it('believes a box that is alone, which says no term', () => {
    const isBelieved = createTerms();
    expect([isBelieved({}), isBelieved({ term: 4 }), isBelieved({}), isBelieved({ term: 3 })]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('stumbles over no term that is none', () => {
    const state = { v: 1, id: '01M84V9P2WRH2PTQ9PDXC76R4K', phase: 'met', at: '2026-11-23T10:42:07.200Z' };
    expect(readState(JSON.stringify({ ...state, term: 3 }))).toMatchObject({ term: 3 });
    expect(readState(JSON.stringify({ ...state, term: 'newest' }))).toBeUndefined();
    expect(readPrompt(JSON.stringify({ term: 3 }))).toBeUndefined();
  });
});
