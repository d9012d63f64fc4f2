import { expect, test } from 'vitest';
import { createAnswerGate } from '../../src/service/answer-gate.ts';
import { createBucket } from '../../src/service/bucket.ts';

test('a rate is so much at once, and so much a second for as long as one likes', () => {
  const take = createBucket({ burst: 3, perSecond: 2 });
  const taken = (at: number, tries: number) =>
    Array.from({ length: tries }, () => take(at)).filter(Boolean).length;
  expect(taken(100, 10)).toBe(3);
  expect(taken(100.5, 10)).toBe(1);
  expect(taken(200, 10)).toBe(3);
  // A clock that goes back fills nothing, and holds up nobody for as long as it went back.
  expect(taken(50, 10)).toBe(0);
  expect(taken(51, 10)).toBe(2);
});

test('whoever makes up names takes nothing from those who are known', () => {
  const hears = createAnswerGate(() => ['w-1', 'w-2']);
  const heard = Array.from({ length: 10_000 }, (_, number) => hears(`made-up-${number}`, 0)).filter(Boolean);
  expect(heard).toHaveLength(100);
  expect(hears('w-1', 0)).toBe(true);
  expect(hears('w-2', 0)).toBe(true);
});

test('a known watch that goes on and on is heard less, and the other as before', () => {
  const hears = createAnswerGate(() => ['w-1', 'w-2']);
  const heard = Array.from({ length: 1_000 }, (_, number) => hears('w-1', number / 100)).filter(Boolean);
  expect(heard.length).toBeGreaterThanOrEqual(40);
  expect(heard.length).toBeLessThanOrEqual(40 + 4 * 10);
  expect(hears('w-2', 10)).toBe(true);
});

test('a watch that answers and shows as fast as a wearer can is always heard', () => {
  const hears = createAnswerGate(() => ['w-1']);
  // Sixteen prompts read at once, each with two receipts; then two taps a second for ten minutes.
  for (let number = 0; number < 32; number += 1) expect(hears('w-1', 0)).toBe(true);
  for (let tap = 0; tap < 1_200; tap += 1) expect(hears('w-1', tap / 2)).toBe(true);
});
