import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { journalLineSchema, journalSettingsSchema } from '../../src/contract/journal.ts';

const page = (name: string) => readFileSync(join(import.meta.dirname, '..', '..', 'docs', name), 'utf8');

describe('The journal', () => {
  it('has lines as its page shows them, of the kinds its page names', () => {
    const operating = page('operating.md');
    const [, example] = /A line of the journal:\n\n```json\n(.*)\n```/.exec(operating)!;
    expect(journalLineSchema.parse(JSON.parse(example!))).toMatchObject({ kind: 'verdict' });
    const kinds = journalLineSchema.options.map(({ shape }) => shape.kind.value).sort();
    const table = operating.slice(operating.indexOf('A line of the journal:'));
    const named = [...table.matchAll(/^\| `([a-z]+)` /gm)].map(([, kind]) => kind);
    expect(named.slice(1).sort()).toEqual(kinds);
  });

  it('names no place but a zone outside its scenes, and nobody', () => {
    const others = journalLineSchema.options.filter(({ shape }) => shape.kind.value !== 'scene');
    expect(others).toHaveLength(journalLineSchema.options.length - 1);
    const shape = z.toJSONSchema(z.union(others));
    const keys = new Set<string>();
    JSON.stringify(shape, (_, value) => {
      const { properties } = (value ?? {}) as { properties?: object };
      for (const key of Object.keys(properties ?? {})) keys.add(key);
      return value;
    });
    expect(keys.size).toBeGreaterThan(30);
    for (const key of ['x', 'y', 'where', 'plane', 'box', 'pixel', 'camera', 'name', 'visits']) {
      expect(keys).not.toContain(key);
    }
  });

  it('is kept for as long and as much as its settings say, which say both ways', () => {
    const settings = journalSettingsSchema.parse(undefined);
    expect(settings).toEqual({
      days: 30,
      megabytes: 300,
      memoryMegabytes: 128,
      sceneSeconds: 1,
      timeSeconds: 1,
      sceneMetres: 0.25,
    });
    const { properties } = z.toJSONSchema(journalSettingsSchema, { io: 'input' }) as {
      properties: Record<string, { description: string; minimum: number; maximum: number; default: number }>;
    };
    const branchPage = page('branch-file.md');
    expect(branchPage).toContain('| `exportTo`');
    expect(properties.exportTo!.description).toMatch(/With it: .+ Without it: .+ Takes effect at restart\.$/);
    for (const [key, one] of Object.entries(properties).filter(([name]) => name !== 'exportTo')) {
      expect(one.description).toMatch(
        /(Fewer|Shorter|Finer): .+ (More|Longer|Coarser): .+ Takes effect at restart\.$/,
      );
      expect(branchPage).toMatch(
        new RegExp(`\\| \`${key}\` +\\|[^|]+\\| ${one.minimum} to ${one.maximum} +\\| ${one.default} `),
      );
      expect(journalSettingsSchema.safeParse({ [key]: one.minimum - 1 }).success).toBe(false);
      expect(journalSettingsSchema.safeParse({ [key]: one.maximum + 1 }).success).toBe(false);
    }
    expect(journalSettingsSchema.safeParse({ weeks: 4 }).success).toBe(false);
  });
});
