import { describe, expect, it } from 'vitest';
import type { Happening } from '../../src/core/behaviours/behaviour.ts';
import { promptKinds } from '../../src/core/prompts/kinds.ts';
import { asStoryTime, tellOutput } from '../../src/service/story.ts';
import { asClock, sayPrompt, type Towards, wordsToSay } from '../../src/service/words.ts';
import { film, stay, tell, to, walk } from '../core/story.ts';

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

  it.each([
    ['patrol', '大厅 · 4 位 · 未巡 3:10', 'Hall · 4 here · Unvisited 3:10'],
    ['attend', '大厅 · 4 位 · 无人接待 3:10', 'Hall · 4 here · No staff 3:10'],
    ['support', '大厅 · 在厅 4 位 · 请支援', 'Hall · 4 in lobby · Please help'],
    ['see-off', '大厅 · 请送别 · 客户离开', 'Hall · See off · Leaving'],
    ['check-machine', '大厅 · 请查看设备 · 客户离开快', 'Hall · Check it · Left fast'],
  ] as const)('of %s is the place, what, and how long or why', (kind, zh, en) => {
    const hall = { zh: '大厅', en: 'Hall' };
    expect(sayPrompt({ kind, people: 4, waitedSeconds: 190 }, hall)).toEqual({ zh, en });
  });

  it('is also where to send people: how many machines are free, or which window', () => {
    const say = (towards: Towards) =>
      sayPrompt(
        { kind: 'divert', people: 5, waitedSeconds: 0, free: 2 },
        { zh: '现金', en: 'Cash' },
        towards,
      );
    expect(say({ name: { zh: '自助区', en: 'Machines' }, hasMachines: true })).toEqual({
      zh: '现金 · 排队 5 位 · 自助区空 2 台',
      en: 'Cash · Queue 5 · Machines 2 free',
    });
    expect(say({ name: { zh: 'VIP', en: 'VIP' }, hasMachines: false })).toEqual({
      zh: '现金 · 排队 5 位 · VIP 有空',
      en: 'Cash · Queue 5 · VIP free',
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

  it('tells why staff who are still on the way are left to it, and what is said when they turn away', () => {
    const guest = walk(3, [-7, 0], to(0, 0), stay(40));
    const away = walk(0, [0, 4], stay(1), to(0, 2.6), to(-3.8, 0.6), to(3.5, 3.2), stay(20));
    const lines = tell(film([guest, away], { until: 20 })).outputs.flatMap((output) => tellOutput(output));
    expect(lines.join('\n')).toMatch(/→ nothing \(staff-near, \d\.\d m, \d\.\d m\/s nearer\)/);
    expect(lines.join('\n')).toMatch(/→ greet, main-door, 1, now/);
  });

  it('tells what is over, and what a place is worth a look for', () => {
    const at = 5;
    const about = { at, role: 'customer', plane: 'floor', zone: 'atm' } as const;
    const figures = { short: 3, of: 4, shortSeconds: 9, usualSeconds: 62 };
    const told = (happening: Happening) =>
      tellOutput({
        verdicts: [{ at, happening, decision: { kind: 'silence', reason: 'nothing-to-ask' } }],
        changes: [],
        stays: [],
      })[0];
    expect(told({ ...about, kind: 'machine-trouble', figures })).toMatch(/3 of 4 stays 9 s, usual 62 s$/);
    expect(told({ ...about, kind: 'over', of: 'machine-trouble', because: 'eased' })).toMatch(
      /over {9}machine-trouble, eased$/,
    );
    expect(told({ ...about, kind: 'divert', people: 5, towards: 'cash' })).toMatch(/5, → cash$/);
  });

  it('tells times from where the story began', () => {
    const frames = film([walk(1000, [-7, 0], to(0, 0))], { from: 1000, until: 1005 });
    const lines = tell(frames).outputs.flatMap((output) => tellOutput(output, 1000));
    expect(lines[0]).toMatch(/^00:0\d\.\d {2}main-door {4}arrived {6}v1$/);
    expect(lines[1]).toMatch(/→ greet, main-door, 1, now$/);
  });
});
