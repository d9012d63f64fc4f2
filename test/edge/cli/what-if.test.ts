import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openJournal } from '../../../edge/journals/open-journal.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import { journalSettingsSchema } from '../../../src/contract/journal.ts';
import { journalOf } from '../../quality/journal-of.ts';

const run = promisify(execFile);
const branch = join(packageRoot, 'edge', 'demo', 'branch.yaml');
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-what-if-'));
  const settings = journalSettingsSchema.parse({ days: 366 });
  const journal = openJournal({ folder, branch: 'demo', settings, clock: systemClock });
  for (const line of journalOf('demo').lines) journal.write(line);
  await journal.close();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const whatIf = (...more: readonly string[]) =>
  run(
    process.execPath,
    ['--import', 'tsx', 'edge/main.ts', 'what-if', '--branch', branch, '--data', folder, ...more],
    { cwd: packageRoot },
  );

describe('`lobby what-if`', () => {
  test('plays the journal back twice and prints both, load first, then service, then silence', async () => {
    const { stdout } = await whatIf('--set', 'wandering.afterSeconds=60');
    expect(stdout).toMatch(/Replay agrees with life: (\d+) of \1 prompts, 0 besides\./);
    expect(stdout).toMatch(/With the draft prompts vanish 1, appear 0, come at another time 0\./);
    const rows = [...stdout.matchAll(/^([a-z][^\d\n]*?(?:10 min|5 s)?) {2,}[\d.]+ /gm)].map(
      ([, name]) => name,
    );
    expect(rows).toEqual([
      'prompts an hour',
      'buzzes a wrist in 10 min',
      'busiest 10 min',
      'told of within 5 s',
      'told of later',
      'expired untaken',
      'kept quiet',
    ]);
    expect(stdout).toContain('as it happened');
  });

  test('gives every difference as JSON, of the days that are asked for', async () => {
    const { stdout } = await whatIf(
      '--json',
      '--set',
      'wandering.afterSeconds=60',
      '--set',
      'queue.waitSeconds=12',
    );
    const result = JSON.parse(stdout) as { differences: { how: string; kind: string }[]; now: object };
    expect(result.differences.some(({ how, kind }) => how === 'gone' && kind === 'approach')).toBe(true);
    const none = JSON.parse((await whatIf('--json', '--from', '2027-01-01')).stdout) as { seenHours: number };
    expect(none.seenHours).toBe(0);
  });

  test.each([
    ['a threshold there is none of', ['--set', 'wandering.soon=3'], /LOBBY_BRANCH_INVALID/],
    ['a value out of its range', ['--set', 'wandering.afterSeconds=1'], /LOBBY_BRANCH_INVALID/],
    ['no number', ['--set', 'wandering.afterSeconds=soon'], /LOBBY_OPTION_INVALID/],
  ])('refuses %s, and says so', async (_, more, code) => {
    const { stderr } = (await whatIf(...more).catch((error: unknown) => error)) as { stderr: string };
    expect(stderr).toMatch(code);
  });
});
