import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChance } from '../chaos/chance.ts';
import { openApi } from './api-parser.ts';
import { mutate } from './mutate.ts';
import { type FuzzedParser, openParsers } from './parsers.ts';
import { fuzz, seedsOf, tryInput } from './run-fuzz.ts';

const names = [
  ...['branch file', 'recording', 'detections (MOT)', 'camera model', 'model manifest', 'watch logins'],
  ...[
    'truth',
    'events',
    'ack',
    'duty',
    'prompt, on a wrist',
    'prompt state, on a wrist',
    'lobby, on a wrist',
  ],
  ...['health, on a wrist', 'login of a watch page', 'live floor', 'live plan', 'live minutes'],
  ...[
    'question to the journal',
    'journal line',
    'open prompts of before',
    'outbox of before',
    'MQTT packets',
  ],
  ...['people, from another box', 'how another box is', 'questions and answers between boxes'],
  ...['state of the box that decides', 'told to the bank', "order of the bank's settings"],
  ...['bundle of settings', "the bank's settings of before"],
  ...['API bodies', 'API addresses'],
];
let parsers: readonly FuzzedParser[];
const parser = (name: string) => parsers.find((one) => one.name === name)!;

beforeAll(async () => {
  parsers = [...(await openParsers()), ...(await openApi())];
});
afterAll(async () => {
  for (const one of parsers) await one.close?.();
});

describe('Bytes from outside', () => {
  test('have a parser each, and none is left out here', () => {
    expect(parsers.map(({ name }) => name)).toEqual(names);
  });

  test.each(names)('whatever they are, are taken or refused with a reason: %s', async (name) => {
    const one = parser(name);
    const verdicts: unknown[] = [];
    for (const example of one.examples) verdicts.push(await tryInput(one, example));
    expect(verdicts.filter((verdict) => typeof verdict !== 'string')).toEqual([]);
    expect(verdicts).toContain('accepted');
    for (const { name: seed, bytes } of seedsOf(name)) {
      expect({ seed, verdict: await tryInput(one, bytes) }).toEqual({ seed, verdict: expect.any(String) });
    }
    const run = await fuzz(one, { seed: 7, inputs: 20_000, seconds: 0.4, keep: false });
    expect(run.findings).toEqual([]);
    expect(run.inputs).toBeGreaterThan(0);
  });

  test('that a parser stumbles on are found, with the error: the search can fail', async () => {
    const stumbling: FuzzedParser = {
      name: 'stumbling',
      examples: [Buffer.from('{"v":1,"at":"now"}')],
      take: (bytes) => {
        const given = JSON.parse(bytes.toString('utf8')) as { at?: string };
        return given.at?.toUpperCase() === 'NOW' ? 'accepted' : 'refused';
      },
    };
    const { findings } = await fuzz(stumbling, { seed: 1, inputs: 500, keep: false });
    expect(findings.map(({ what }) => what).join()).toMatch(/SyntaxError.*toUpperCase is not a function/s);
  });

  test('are the same for the same seed, and for another others', () => {
    const made = (seed: number) => {
      const chance = createChance(seed);
      return Array.from({ length: 200 }, () =>
        mutate([Buffer.from('{"a":[1,2]}')], chance).toString('latin1'),
      );
    };
    expect(made(3)).toEqual(made(3));
    expect(made(3)).not.toEqual(made(4));
    expect(new Set(made(3)).size).toBeGreaterThan(100);
  });

  test('that did what none may in the long run that is kept here are all tried again, and do so no more', () => {
    const kept = JSON.parse(readFileSync(join(import.meta.dirname, 'fuzz.json'), 'utf8')) as {
      inputs: number;
      parsers: Record<string, { inputs: number; accepted: number; findings: number }>;
    };
    expect(Object.keys(kept.parsers).sort()).toEqual([...names].sort());
    for (const [name, one] of Object.entries(kept.parsers)) {
      // Above each of these is tried: what was mended stays so.
      expect(seedsOf(name).length).toBeGreaterThanOrEqual(one.findings);
      expect(one.accepted).toBeGreaterThan(0);
      expect(one.inputs).toBeGreaterThan(one.accepted);
    }
  });
});
