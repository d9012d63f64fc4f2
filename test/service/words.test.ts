import { describe, expect, it } from 'vitest';
import { promptKinds } from '../../src/core/prompts/kinds.ts';
import { asStoryTime, tellOutput } from '../../src/service/story.ts';
import { asClock, sayPrompt, wordsToSay } from '../../src/service/words.ts';
import { film, tell, to, walk } from '../core/story.ts';

const door = { zh: '门口', en: 'Door' };

describe('What the wrist says', () => {
  it('is the place and how many, in both languages', () => {
    expect(sayPrompt({ kind: 'greet', people: 2, waitedSeconds: 0 }, door)).toEqual({
      zh: '门口 · 新到 2 位',
      en: 'Door · 2 just in',
    });
    expect(
      sayPrompt({ kind: 'ask-queue', people: 3, waitedSeconds: 190.9 }, { zh: '现金', en: 'Cash' }),
    ).toEqual({
      zh: '现金 · 排队 3 位 · 最久 3:10',
      en: 'Cash · Queue 3 · Longest 3:10',
    });
  });

  it.each(promptKinds)('has words to say to the customer for %s, none of them hard on anybody', (kind) => {
    const { zh, en } = wordsToSay[kind];
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
    expect(en).toMatch(/\?|\.$/);
    expect(`${en} ${sayPrompt({ kind, people: 1, waitedSeconds: 0 }, door).en}`).not.toMatch(
      /suspect|loiter|alarm|lost|suspicious/i,
    );
  });

  it.each([
    [0, '0:00'],
    [59.9, '0:59'],
    [60, '1:00'],
    [3599, '59:59'],
    [3600, '60:00'],
    [-1, '0:00'],
  ])('writes %d s as %s', (seconds, clock) => {
    expect(asClock(seconds)).toBe(clock);
  });
});

describe('A story in lines', () => {
  it.each([
    [5.4, '00:05.4'],
    [59.96, '01:00.0'],
    [75.25, '01:15.3'],
    [3600, '60:00.0'],
  ])('writes %d s of media time as %s', (at, time) => {
    expect(asStoryTime(at)).toBe(time);
  });

  it('tells times from where the story began', () => {
    const frames = film([walk(1000, [-7, 0], to(0, 0))], { from: 1000, until: 1005 });
    const lines = tell(frames).outputs.flatMap((output) => tellOutput(output, 1000));
    expect(lines[0]).toMatch(/^00:0\d\.\d {2}main-door {4}arrived {6}v1$/);
    expect(lines[1]).toMatch(/→ greet, main-door, 1, now$/);
  });
});
