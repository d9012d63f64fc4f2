import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeSettings } from '../../src/contract/describe-settings.ts';
import { type InBoth, thresholdsSchema } from '../../src/contract/thresholds.ts';

const all = describeSettings();
const named = all.map((one) => [one.path, one] as const);
const defaults = thresholdsSchema.parse({}) as Readonly<Record<string, Readonly<Record<string, number>>>>;
const valueAt = (path: string) => {
  const [group, key] = path.split('.') as [string, string];
  return defaults[group]![key];
};

describe('The form of settings', () => {
  it('has each threshold once, in the order of the declaration, by its group', () => {
    const declared = Object.entries(defaults).flatMap(([group, keys]) =>
      Object.keys(keys).map((key) => `${group}.${key}`),
    );
    expect(all.map(({ path }) => path)).toEqual(declared);
    for (const { path, group } of all) expect(path.split('.')[0]).toBe(group.id);
  });

  it.each(named)('%s has the default, the range and the kind of number that validation has', (path, one) => {
    expect(one.default).toBe(valueAt(path));
    const [group, key] = path.split('.') as [string, string];
    const takes = (value: number) => thresholdsSchema.safeParse({ [group]: { [key]: value } }).success;
    expect([takes(one.least), takes(one.most)]).toEqual([true, true]);
    expect([takes(one.least - 0.01), takes(one.most + 1)]).toEqual([false, false]);
    expect(takes(one.least + 0.5)).toBe(!one.whole);
  });

  it.each(named)(
    '%s can be reached by its slider: steps fit into the range and meet the default',
    (_, one) => {
      expect(one.step).toBeGreaterThan(0);
      expect((one.most - one.least) / one.step).toBeGreaterThanOrEqual(9);
      if (one.whole) expect(Number.isInteger(one.step)).toBe(true);
      const steps = one.default / one.step;
      expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-9);
    },
  );

  it.each(named)('%s says all of it in Chinese too, written as the console writes', (_, one) => {
    const said: readonly InBoth[] = [one.group, one.title, one.less, one.more];
    for (const { zh, en } of said) {
      expect(zh).toMatch(/^[\u3400-\u9fff]/);
      expect(zh).not.toMatch(/[A-Za-z]|[\u3400-\u9fff]\d|\d[\u3400-\u9fff]|[,;:?!]|…| $/);
      expect(en).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]|…/);
    }
    expect(one.less.zh).toMatch(/^更(短|少|近)：.+。$/);
    expect(one.more.zh).toMatch(/^更(长|多|远)：.+。$/);
    expect(one.less.en).toMatch(/^(Shorter|Fewer|Nearer): .+\.$/);
    expect(one.more.en).toMatch(/^(Longer|More|Farther): .+\.$/);
  });
});

describe('The page of the branch file', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'branch-file.md'), 'utf8');
  const rowOf = (path: string): readonly string[] => {
    const [group, key] = path.split('.') as [string, string];
    const part = page.split(`### \`${group}\`\n`)[1]!.split('\n##')[0]!;
    const line = part.split('\n').find((row) => row.startsWith(`| \`${key}\``))!;
    return line.split('|').map((cell) => cell.trim());
  };

  it.each(named)('%s has the unit, range, default and both ways of the declaration', (path, one) => {
    const [, , unit, range, standard, meaning] = rowOf(path);
    expect(unit).toBe(one.whole ? `${one.unit.en}, whole` : one.unit.en);
    expect(range).toBe(`${one.least} to ${one.most}`);
    expect(standard).toBe(String(one.default));
    for (const way of [one.less.en, one.more.en]) expect(`${meaning}.`).toContain(way);
  });

  it('has no row of a threshold that is none', () => {
    const part = page.split('\n## Thresholds\n')[1]!.split('\n## ')[0]!;
    const rows = [...part.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key);
    expect(rows).toEqual(all.map(({ path }) => path.split('.')[1]));
  });
});
