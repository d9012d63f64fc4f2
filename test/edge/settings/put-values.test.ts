import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { putValues } from '../../../edge/settings/put-values.ts';

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

describe('A value in a branch file', () => {
  test.each([
    ['in a flow group', 'wandering.afterSeconds', 20, 'afterSeconds: 15', 'afterSeconds: 20'],
    ['in a block group', 'queue.length', 7, 'length:   5 ', 'length:   7 '],
    ['before a comment', 'queue.waitSeconds', 60, 'waitSeconds: 180 ', 'waitSeconds: 60 '],
    ['with a fraction', 'contact.withinMetres', 1.25, 'withinMetres: 1.6', 'withinMetres: 1.25'],
  ])('%s is replaced where it stands, and every other byte is kept', (_, path, value, from, to) => {
    expect(putValues(written, { [path]: value })).toBe(written.replace(from, to));
  });

  test.each([
    [
      'at the end of its group, in braces',
      'contact.targetSeconds',
      'forSeconds: 2}',
      'forSeconds: 2, targetSeconds: 9}',
    ],
    [
      'at the end of its group, on a line of its own',
      'queue.awaySeconds',
      '# three minutes\n',
      '# three minutes\n    awaySeconds: 9\n',
    ],
    [
      'with a group of its own at the end of the thresholds',
      'patrol.people',
      'forSeconds: 2}\n',
      'forSeconds: 2}\n  patrol: { people: 9 }\n',
    ],
  ])('that is not there is added %s', (_, path, from, to) => {
    expect(putValues(written, { [path]: 9 })).toBe(written.replace(from, to));
  });

  test.each([
    ['branch: harbour', 'branch: harbour\nthresholds:\n  queue: { length: 9 }\n'],
    ['branch: harbour\r\n', 'branch: harbour\r\nthresholds:\r\n  queue: { length: 9 }\r\n'],
    ['branch: h\nthresholds: {}\n', 'branch: h\nthresholds: { queue: { length: 9 } }\n'],
    ['branch: h\nthresholds:\n  queue: {}', 'branch: h\nthresholds:\n  queue: { length: 9 }'],
    [
      'thresholds:\n  queue:\n    waitSeconds: 9',
      'thresholds:\n  queue:\n    waitSeconds: 9\n    length: 9\n',
    ],
    [
      '{ thresholds: { queue: { waitSeconds: 9 } } }',
      '{ thresholds: { queue: { waitSeconds: 9, length: 9 } } }',
    ],
  ])('finds its place in %j', (before, after) => {
    expect(putValues(before, { 'queue.length': 9 })).toBe(after);
  });

  test('that others share by an alias is left alone', () => {
    const shared = 'thresholds:\n  queue: { length: &n 5 }\n  divert: { length: *n }\n';
    expect(putValues(shared, { 'queue.length': 7 })).toBeUndefined();
    // The one that borrows it can have a value of its own.
    expect(putValues(shared, { 'divert.length': 7 })).toBe(shared.replace('*n', '7'));
  });

  test('is left alone where the file does not end with its settings', () => {
    expect(putValues('branch: h\n...\n', { 'queue.length': 9 })).toBeUndefined();
  });

  test('several of them mean the same as one after the other, in any order, and can be taken back', () => {
    const paths = ['queue.length', 'queue.waitSeconds', 'wandering.afterSeconds', 'contact.forSeconds'];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.constantFrom(...paths), fc.integer({ min: 5, max: 60 })), {
          selector: ([path]) => path,
        }),
        (changes) => {
          const there = putValues(written, Object.fromEntries(changes))!;
          expect(putValues(written, Object.fromEntries([...changes].reverse()))).toBe(there);
          for (const [path, value] of changes) {
            const [group, key] = path.split('.') as [string, string];
            expect(parse(there).thresholds[group][key]).toBe(value);
          }
          const old = parse(written).thresholds;
          const back = changes.map(([path]) => [path, old[path.split('.')[0]!][path.split('.')[1]!]]);
          expect(putValues(there, Object.fromEntries(back))).toBe(written);
        },
      ),
    );
  });
});
