import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, askedOf } from '../../../../edge/pages/console/rules/what-if/address.ts';
import { describeSettings } from '../../../../src/contract/describe-settings.ts';

describe('The address of a what-if', () => {
  it('is understood as it was made, whatever is asked', () => {
    const day = fc.constantFrom('2026-11-22', '2026-11-28');
    const set = fc.dictionary(
      fc.constantFrom(...describeSettings().map(({ path }) => path)),
      fc.integer({ min: 0, max: 9_999 }).map((n) => n / 10),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(day, day, set, (from, to, values) => {
        const asked = askedOf(`/rules/what-if${addressOf({ from, to, set: values })}`);
        const inWords = Object.fromEntries(Object.entries(values).map(([path, n]) => [path, String(n)]));
        expect(asked).toEqual({ from, to, set: inWords });
      }),
    );
  });

  it('leaves out what is not of its form', () => {
    expect(askedOf('/rules/what-if?from=tomorrow&set=queue.waitSeconds:600&set=queue=5')).toEqual({
      set: {},
    });
  });
});
