import { describe, expect, it } from 'vitest';
import { firstContactOf, type Stay } from '../../src/core/ledger.ts';
import { tellFirstContact } from '../../src/service/story.ts';

const stays = (waits: readonly (number | undefined)[]): Stay[] =>
  waits.map((wait, i) => ({
    visit: `v${i}`,
    arrivedAt: 0,
    ended: 'departed',
    endedAt: 300,
    ...(wait === undefined ? {} : { metAt: wait }),
  }));

describe('First contact at the end of a replay', () => {
  it('is one line, of all who arrived', () => {
    expect(tellFirstContact(firstContactOf(stays([4, 20, 50, undefined]), 30, 400), 30)).toBe(
      '4 arrived: 3 met, 2 within 30 s, 1 never; half within 20 s, nine in ten never',
    );
  });

  it('says who still waits and may yet be met in time', () => {
    const waiting: Stay = { visit: 'v9', arrivedAt: 390 };
    expect(tellFirstContact(firstContactOf([...stays([4]), waiting], 30, 400), 30)).toBe(
      '1 arrived: 1 met, 1 within 30 s, 0 never; half within 4 s, nine in ten within 4 s; 1 still waits',
    );
  });
});
