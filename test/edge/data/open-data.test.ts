import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openFilePromptStore } from '../../../edge/data/file-prompt-store.ts';
import { type Data, defaultDataFolder, openData } from '../../../edge/data/open-data.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { journalSettingsSchema } from '../../../src/contract/journal.ts';
import type { PromptSnapshot } from '../../../src/contract/prompt-snapshot.ts';

let above: string;
let folder: string;
let opened: Data[];
const journal = journalSettingsSchema.parse(undefined);
const open = async () => {
  const data = await openData({ folder, branch: 'harbour', journal });
  opened.push(data);
  return data;
};

beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'lobby-data-'));
  folder = join(above, 'state', 'harbour');
  opened = [];
});
afterEach(async () => {
  for (const data of opened) await data.close();
  rmSync(above, { recursive: true });
});

const snapshot: PromptSnapshot = {
  v: 1,
  branch: 'harbour',
  at: 1_700_000_000,
  seed: 7,
  open: [],
  asked: [{ kind: 'divert', zone: 'cash', at: 1_699_999_900 }],
  wearers: {
    known: true,
    wearers: [
      {
        watch: 'w-1',
        role: 'manager',
        onDuty: true,
        allowance: { spent: 1, at: 1_700_000_000, buzzedAt: [] },
      },
    ],
    everybody: { spent: 0, at: 0, buzzedAt: [] },
  },
};

describe('A data folder', () => {
  it('is made for this user alone', async () => {
    await open();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('belongs to one service at a time', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'LOBBY_DATA_IN_USE' });
    await first.close();
    await open();
  });

  it('is free again after its service was killed', async () => {
    const script = `
      import { openData } from './edge/data/open-data.ts';
      await openData({ folder: process.argv[1], branch: 'harbour', journal: (await import('./src/contract/journal.ts')).journalSettingsSchema.parse({}) });
      process.kill(process.pid, 'SIGKILL');`;
    const { signal } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script, folder],
      { cwd: packageRoot },
    );
    expect(signal).toBe('SIGKILL');
    expect(statSync(join(folder, 'in-use')).isSocket()).toBe(true);
    await open();
  });

  it('that cannot be made is named with what to do', async () => {
    mkdirSync(join(above, 'state'));
    writeFileSync(folder, 'a file');
    await expect(open()).rejects.toMatchObject({
      code: 'LOBBY_DATA_UNUSABLE',
      message: `Cannot keep anything in ${folder}: the folder cannot be made or written to (EEXIST)`,
    });
  });

  it.each([
    [{ STATE_DIRECTORY: '/var/lib/lobby', XDG_STATE_HOME: '/s' }, '/var/lib/lobby/harbour'],
    [{ STATE_DIRECTORY: '/var/lib/a:/var/lib/b' }, '/var/lib/a/harbour'],
    [{ XDG_STATE_HOME: '/s' }, '/s/lobby-sense/harbour'],
  ])('lies unless told where the system says: %o', (env, wanted) => {
    expect(defaultDataFolder('harbour', env)).toBe(wanted);
    // The XDG rules: a path that does not begin at the root is not heard.
    expect(defaultDataFolder('harbour', { XDG_STATE_HOME: 's' })).toMatch(
      /\/\.local\/state\/lobby-sense\/harbour$/,
    );
  });
});

describe('A snapshot of the open prompts', () => {
  const file = () => join(above, 'prompts.json');
  const store = (told: string[] = []) =>
    openFilePromptStore({ file: file(), branch: 'harbour', onTrouble: (sentence) => told.push(sentence) });

  it('is what the next run finds, for this user alone', () => {
    const first = store();
    expect(first.left).toBeUndefined();
    first.save({ ...snapshot, seed: 1 });
    first.save(snapshot);
    expect(store().left).toEqual(snapshot);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('that a power cut left half of is taken from its copy, which has its name only once it is on the disk', async () => {
    store().save({ ...snapshot, seed: 1 });
    store().save(snapshot);
    await vi.waitFor(() => expect(JSON.parse(readFileSync(`${file()}.safe`, 'utf8'))).toEqual(snapshot));
    expect(statSync(`${file()}.safe`).mode & 0o777).toBe(0o600);
    for (const half of ['', '{"v":1,"branch":"harb']) {
      const told: string[] = [];
      writeFileSync(file(), half);
      expect(store(told).left).toEqual(snapshot);
      expect(told).toEqual([
        `the open prompts of before are damaged: it was put aside as ${file()}.aside, and those of a moment before are taken`,
      ]);
    }
    // One that was deleted was deleted on purpose.
    rmSync(file());
    expect(store().left).toBeUndefined();
  });

  it.each([
    ['damaged', '{"v":1,"branch":"harb', 'are damaged'],
    ['of another version', JSON.stringify({ ...snapshot, v: 2 }), 'are damaged'],
    ['with more in it than it may have', JSON.stringify({ ...snapshot, visits: [] }), 'are damaged'],
    ['of another branch', JSON.stringify({ ...snapshot, branch: 'hill' }), 'are of the branch hill'],
  ])('that is %s is put aside with a sentence, and the service begins without', (_, text, why) => {
    const told: string[] = [];
    writeFileSync(file(), text);
    expect(store(told).left).toBeUndefined();
    expect(told).toEqual([`the open prompts of before ${why}: it was put aside as ${file()}.aside`]);
    expect(readFileSync(`${file()}.aside`, 'utf8')).toBe(text);
    store(told).save(snapshot);
    expect(store(told).left).toEqual(snapshot);
    expect(told).toHaveLength(1);
  });

  it('is in its copy too once the folder is closed, and nothing is written there after that', async () => {
    const data = await open();
    data.prompts.save({ ...snapshot, seed: 1 });
    data.prompts.save({ ...snapshot, seed: 2 });
    data.prompts.save(snapshot);
    await data.close();
    expect(JSON.parse(readFileSync(join(folder, 'prompts.json.safe'), 'utf8'))).toEqual(snapshot);
    // As `lobby demo` does with its folder: with somebody writing into it that would fail now and then.
    const before = readdirSync(folder);
    data.prompts.save({ ...snapshot, seed: 3 });
    expect(readdirSync(folder)).toEqual(before);
    expect(JSON.parse(readFileSync(join(folder, 'prompts.json.safe'), 'utf8'))).toEqual(snapshot);
  });

  it('that cannot be written is told once', () => {
    const told: string[] = [];
    const kept = store(told);
    mkdirSync(`${file()}.new`);
    kept.save(snapshot);
    kept.save(snapshot);
    expect(told).toEqual(['open prompts would be forgotten in a restart: they cannot be written (EISDIR)']);
    rmSync(`${file()}.new`, { recursive: true });
    kept.save(snapshot);
    expect(told[1]).toBe('open prompts are kept over a restart again');
    expect(store().left).toEqual(snapshot);
  });
});
