import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownPaths } from '../../../edge/settings/own-paths.ts';
import { putValues } from '../../../edge/settings/put-values.ts';
import { takeValuesOut } from '../../../edge/settings/take-values-out.ts';
import { describeSettings } from '../../../src/contract/describe-settings.ts';

const written = `# The harbour branch: ask Li before changing it.
branch: harbour   # never rename

thresholds:
  # Agreed in March.
  wandering: { afterSeconds: 15 } # was 25
  queue:
    length:   5     # people
    waitSeconds: 180   # three minutes

  contact: {withinMetres: 1.6,   forSeconds: 2}
zones: []   # later
`;
const without = (gone: string) => {
  expect(written).toContain(gone);
  return written.replace(gone, '');
};

describe('A value that is taken out of a branch file', () => {
  test.each([
    ['is gone with its line, in lines', ['queue.length'], '    length:   5     # people\n'],
    ['is gone with its comma, in braces', ['contact.withinMetres'], 'withinMetres: 1.6,   '],
    ['is gone with the comma before it, the last in braces', ['contact.forSeconds'], ',   forSeconds: 2'],
    [
      'takes its group along, where it was the last of it',
      ['wandering.afterSeconds'],
      '  wandering: { afterSeconds: 15 } # was 25\n',
    ],
    [
      'takes its group along, in lines too',
      ['queue.length', 'queue.waitSeconds'],
      '  queue:\n    length:   5     # people\n    waitSeconds: 180   # three minutes\n',
    ],
  ])('%s, and every other byte is kept', (_, paths, gone) => {
    expect(takeValuesOut(written, paths)).toBe(without(gone));
  });

  test('takes the thresholds along with the last of them', () => {
    expect(takeValuesOut('thresholds:\n  queue: { length: 5 }\nzones: []\n', ['queue.length'])).toBe(
      'zones: []\n',
    );
    expect(takeValuesOut('{ thresholds: { queue: { length: 5 } }, zones: [] }', ['queue.length'])).toBe(
      '{ zones: [] }',
    );
  });

  test.each([
    ['is not there', written, 'queue.awaySeconds'],
    ['is shared', 'thresholds:\n  queue: &q { length: 5 }\n  divert: *q\n', 'queue.length'],
    [
      'stands in a group that is shared',
      'thresholds: { queue: &q { length: 5 }, divert: *q }',
      'divert.length',
    ],
    ['follows its key on another line of braces', 'thresholds: { queue: { ? length : 5 } }', 'queue.size'],
  ])('is left where it %s', (_, text, path) => {
    expect(takeValuesOut(text, [path])).toBeUndefined();
  });

  test('is gone, and nothing else, whichever was put in before', () => {
    const own = ownPaths(written);
    const settings = describeSettings();
    const values = fc.subarray(
      settings.filter(({ path }) => !own.includes(path)).map((one) => [one.path, one.least] as const),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(values, fc.boolean(), (some, isCrlf) => {
        const text = isCrlf ? written.replaceAll('\n', '\r\n') : written;
        const put = putValues(text, Object.fromEntries(some))!;
        expect([...ownPaths(put)].sort()).toEqual([...own, ...some.map(([path]) => path)].sort());
        expect(takeValuesOut(put, some.map(([path]) => path).reverse())).toBe(text);
      }),
      { numRuns: 80 },
    );
  });
});
