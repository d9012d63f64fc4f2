import fc from 'fast-check';
import { decodeTime, isValid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { ulid } from '../../../src/core/prompts/ulid.ts';

describe('A name for a prompt', () => {
  it('is a ULID that tells its moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.integer(), (ms, seed) => {
        const [id] = ulid(ms / 1000, seed);
        expect(isValid(id)).toBe(true);
        expect(Math.abs(decodeTime(id) - ms)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('sorts by time', () => {
    const names = [0, 1, 59.999, 60, 1_700_000_000].map((at) => ulid(at, 7)[0]);
    expect([...names].sort()).toEqual(names);
  });

  it('differs from the thousand before it, also within one moment', () => {
    let seed = 1;
    const names = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      const [id, next] = ulid(5, seed);
      names.add(id);
      seed = next;
    }
    expect(names.size).toBe(1000);
  });

  it('is the same from the same seed, and another from another', () => {
    expect(ulid(5, 1)).toEqual(ulid(5, 1));
    expect(ulid(5, 1)[0]).not.toBe(ulid(5, 2)[0]);
  });

  it('is a name before the clock began, too', () => {
    expect(isValid(ulid(-3, 1)[0])).toBe(true);
  });
});
