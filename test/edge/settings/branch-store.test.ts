import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packageRoot } from '../../../edge/package-root.ts';
import { type BranchStoreOptions, openBranchStore } from '../../../edge/settings/branch-store.ts';
import type { Branch } from '../../../src/contract/branch.ts';
import { LobbyError } from '../../../src/contract/errors.ts';
import { type SettingsChange, settingsSchema } from '../../../src/contract/settings.ts';
import { ManualClock } from '../../manual-clock.ts';

const written = `# Ask Li before changing it.
branch: harbour
cameras:
  - id: hall # above the door
    source: rtsp://user:password@127.0.0.1/hall
thresholds:
  queue: { length: 5, waitSeconds: 180 } # agreed in March
`;
const li = { kind: 'token', role: 'operations', token: 'k3f9aa' } as const;
const startedAt = Date.UTC(2025, 2, 12, 10, 42, 7) / 1000;

let folder: string;
let file: string;
let clock: ManualClock;
let remarks: string[];
let branches: Branch[];
let saved: SettingsChange[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-settings-'));
  file = join(folder, 'branch.yaml');
  writeFileSync(file, written, { mode: 0o640 });
  clock = new ManualClock(startedAt);
  remarks = [];
  branches = [];
  saved = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (changes: Partial<BranchStoreOptions> = {}) =>
  openBranchStore({
    file,
    folder: join(folder, 'data'),
    keepIn: 'file',
    now: () => clock.now(),
    onBranch: (branch) => branches.push(branch),
    onSaved: (change) => saved.push(change),
    onRemark: (sentence) => remarks.push(sentence),
    ...changes,
  });
const wait = (value: unknown, version = 1) => ({
  version,
  changes: { 'queue.waitSeconds': value },
  why: 'Two windows are closed',
  by: li,
});
const text = () => readFileSync(file, 'utf8');
function refusal(act: () => unknown): LobbyError {
  try {
    act();
  } catch (error) {
    if (error instanceof LobbyError) return error;
    throw error;
  }
  return expect.fail('was not refused');
}

describe('A saved change', () => {
  test('is in the file, which is otherwise the same byte for byte and keeps its mode, and in force', () => {
    const store = open();
    const change = store.save(wait(120));
    expect(change).toEqual({
      v: 1,
      version: 2,
      at: '2025-03-12T10:42:07.000Z',
      by: li,
      why: 'Two windows are closed',
      changes: { 'queue.waitSeconds': { from: 180, to: 120 } },
    });
    expect(text()).toBe(written.replace('180', '120'));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(store.branch.thresholds.queue.waitSeconds).toBe(120);
    expect(branches.map(({ thresholds }) => thresholds.queue.waitSeconds)).toEqual([120]);
    expect(saved).toEqual([change]);
    expect(store.latest).toEqual(change);
  });

  test('is told of all settings, each with its value, its range and its words', () => {
    const store = open();
    store.save(wait(120));
    const view = settingsSchema.parse(store.view());
    expect(view).toMatchObject({ version: 2, keptIn: 'file', historyKept: true, awaitsRestart: [] });
    expect(view).not.toHaveProperty('cannotSave');
    const one = view.settings.find(({ path }) => path === 'queue.waitSeconds');
    expect(one).toMatchObject({ value: 120, default: 180, least: 10, most: 3600 });
    expect(JSON.stringify(view)).not.toContain('password');
  });

  test('can be put back, to the same file as before', () => {
    const store = open();
    store.save(wait(120));
    store.save({ ...wait(180, 2), why: 'Put back' });
    expect(text()).toBe(written);
    expect(store.history().changes.map(({ why }) => why)).toEqual([
      'Put back',
      'Two windows are closed',
      undefined,
    ]);
  });

  test('keeps each older text without its logins, and for this user alone', () => {
    const store = open();
    store.save(wait(120));
    const kept = join(folder, 'data', 'settings');
    const shown = (one: string) =>
      one.replace('rtsp://user:password@127.0.0.1/hall', '"rtsp://***@127.0.0.1/hall"');
    expect(shown(written)).not.toBe(written);
    expect(readFileSync(join(kept, '000001.yaml'), 'utf8')).toBe(shown(written));
    expect(readFileSync(join(kept, '000002.yaml'), 'utf8')).toBe(shown(text()));
    for (const name of readdirSync(kept))
      expect(readFileSync(join(kept, name), 'utf8')).not.toContain('password');
    // As long as the service runs it remembers them as they were; the file itself is never without.
    expect(store.textOf(1)).toBe(written);
    expect(open().textOf(1)).toBe(shown(written));
    expect(text()).toContain('user:password@');
    for (const name of readdirSync(kept)) expect(statSync(join(kept, name)).mode & 0o077).toBe(0);
    expect(statSync(kept).mode & 0o777).toBe(0o700);
  });

  test('finds texts with logins that were kept by an older service, and takes the logins out', () => {
    open().save(wait(120));
    const kept = join(folder, 'data', 'settings', '000001.yaml');
    writeFileSync(kept, written);
    open();
    expect(readFileSync(kept, 'utf8')).not.toContain('password');
  });

  test('goes to where a link leads, and the link stays one', () => {
    const link = join(folder, 'link.yaml');
    symlinkSync(file, link);
    open({ file: link }).save(wait(120));
    expect(text()).toBe(written.replace('180', '120'));
    expect(statSync(link).ino).toBe(statSync(file).ino);
  });

  test('is known after a restart, with who, when and why', () => {
    open().save(wait(120));
    const again = open();
    expect(again.latest).toMatchObject({ version: 2, by: li, why: 'Two windows are closed' });
    expect(again.history().changes).toHaveLength(2);
    expect(again.save(wait(60, 2)).version).toBe(3);
  });

  test('is bounded: the newest 200 texts and 500 lines are kept', { timeout: 120_000 }, () => {
    const store = open();
    for (let version = 1; version <= 605; version += 1) store.save(wait(version % 2 ? 120 : 180, version));
    const kept = join(folder, 'data', 'settings');
    const texts = readdirSync(kept).filter((name) => name.endsWith('.yaml'));
    expect(texts).toHaveLength(200);
    expect(texts).toContain('000606.yaml');
    const lines = readFileSync(join(kept, 'history.jsonl'), 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(500);
    expect(lines.length).toBeLessThan(605);
    const page = store.history();
    expect([page.changes.length, page.more, page.changes[0]!.version]).toEqual([50, true, 606]);
    const last = store.history(150);
    expect([last.changes.length, last.more, last.changes.at(-1)!.version]).toEqual([43, false, 107]);
    expect(open().latest.version).toBe(606);
  });
});

describe('A save is refused, and nothing changes, when', () => {
  afterEach(() => {
    expect(text()).toBe(written);
    expect(saved).toEqual([]);
    expect(branches).toEqual([]);
  });

  test.each([
    [5, 'it must be 10 to 3600 seconds, current value is 5'],
    [3601, 'it must be 10 to 3600 seconds, current value is 3601'],
    ['soon', 'it must be 10 to 3600 seconds, current value is "soon"'],
    [null, 'it must be 10 to 3600 seconds, current value is null'],
    [Number.NaN, 'current value is null'],
  ])('a value is out of its range: %j', (value, problem) => {
    const error = refusal(() => open().save(wait(value)));
    expect(error.code).toBe('LOBBY_SETTING_REFUSED');
    expect(error.message).toContain('Cannot set queue.waitSeconds: ');
    expect(error.message).toContain(problem);
    expect(error.details).toMatchObject({ path: 'queue.waitSeconds', least: 10, most: 3600 });
  });

  test('a count is no whole number', () => {
    const error = refusal(() => open().save({ ...wait(0), changes: { 'queue.length': 4.5 } }));
    expect(error.message).toBe(
      'Cannot set queue.length: it must be a whole number, 1 to 100 people, current value is 4.5',
    );
  });

  test.each(['queue.patience', 'cameras.source', '__proto__.polluted', 'queue'])(
    'there is no such setting: %s',
    (path) => {
      const asked = JSON.parse(`{"${path}": 5}`);
      expect(refusal(() => open().save({ ...wait(0), changes: asked })).code).toBe('LOBBY_SETTING_UNKNOWN');
    },
  );

  test('it does not say why, or changes nothing', () => {
    expect(refusal(() => open().save({ ...wait(120), why: '  ' })).code).toBe('LOBBY_SETTINGS_UNEXPLAINED');
    expect(refusal(() => open().save(wait(180))).code).toBe('LOBBY_SETTINGS_UNCHANGED');
  });

  test('the file system does not let it: which is said before somebody types, where it can be known', () => {
    const readOnly = () => {
      throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
    };
    const error = refusal(() => open({ beforeRename: readOnly }).save(wait(120)));
    expect(error.code).toBe('LOBBY_SETTINGS_UNWRITABLE');
    expect(error.message).toBe('Cannot save to branch.yaml: it is on a read-only mount');
    expect(error.remedy).toContain('in a container, mount the folder without `ro`');
    expect(readdirSync(folder).sort()).toEqual(['branch.yaml', 'data']);
    expect(open().latest.version).toBe(1);
    if (process.getuid?.() === 0) return;
    chmodSync(file, 0o440);
    expect(open().view().cannotSave).toMatchObject({ code: 'LOBBY_SETTINGS_UNWRITABLE' });
    chmodSync(file, 0o640);
  });

  test('the data folder takes nothing: a change whose past is not kept could not be taken back', () => {
    const store = open();
    mkdirSync(join(folder, 'data', 'settings', '000002.yaml'));
    expect(refusal(() => store.save(wait(120))).code).toBe('LOBBY_SETTINGS_UNWRITABLE');
  });
});

describe('Two who save at once', () => {
  test('the second is told who saved what, and can put theirs on top', () => {
    const store = open();
    store.save(wait(120));
    const error = refusal(() => store.save({ ...wait(60), by: { ...li, token: 'zz00zz' } }));
    expect(error.code).toBe('LOBBY_SETTINGS_STALE');
    expect(error.message).toBe(
      'Cannot save: operations k3f9aa saved version 2 meanwhile, and this was made on version 1',
    );
    expect(text()).toBe(written.replace('180', '120'));
    expect(store.save(wait(60, 2))).toMatchObject({
      changes: { 'queue.waitSeconds': { from: 120, to: 60 } },
    });
  });

  test('also when the other one was an editor, a moment ago', () => {
    const store = open();
    writeFileSync(file, written.replace('length: 5', 'length: 6'));
    const error = refusal(() => store.save(wait(120)));
    expect(error.message).toContain('the file saved version 2 meanwhile');
    expect(store.latest).toMatchObject({
      by: { kind: 'file' },
      changes: { 'queue.length': { from: 5, to: 6 } },
    });
    store.save(wait(120, 2));
    expect(text()).toBe(written.replace('length: 5', 'length: 6').replace('180', '120'));
  });
});

describe('An edit by hand', () => {
  test('is picked up within seconds, as a version of its own', async () => {
    const store = open();
    const ending = new AbortController();
    const watching = store.watch(clock, ending.signal);
    writeFileSync(file, written.replace('180', '90'));
    await clock.advance(3);
    expect(branches.map(({ thresholds }) => thresholds.queue.waitSeconds)).toEqual([90]);
    expect(saved).toMatchObject([{ version: 2, by: { kind: 'file' } }]);
    expect(remarks).toEqual(['the branch file was edited: version 2, queue.waitSeconds changed']);
    await clock.advance(60);
    expect(saved).toHaveLength(1);
    ending.abort();
    await watching;
    expect(clock.sleeping).toBe(0);
  });

  test('that cannot be used is refused with what is wrong, and what was in force stays so', async () => {
    const store = open();
    const ending = new AbortController();
    const watching = store.watch(clock, ending.signal);
    writeFileSync(file, written.replace('180', '5'));
    await clock.advance(60);
    expect(branches).toEqual([]);
    expect(store.trouble?.message).toBe(
      'Cannot use the branch file branch.yaml:7 as it was changed by hand: thresholds.queue.waitSeconds must be at least 10, current value is 5',
    );
    expect(remarks).toEqual([`${store.trouble!.message}. ${store.trouble!.remedy}`]);
    expect(store.view().cannotSave?.code).toBe('LOBBY_SETTINGS_FILE_BROKEN');
    expect(refusal(() => store.save(wait(120))).code).toBe('LOBBY_SETTINGS_FILE_BROKEN');
    writeFileSync(file, written);
    await clock.advance(3);
    expect(store.trouble).toBeUndefined();
    expect(store.latest.version).toBe(1);
    ending.abort();
    await watching;
  });

  test('that is half written for a moment, or gone for one, is not complained of', async () => {
    const store = open();
    writeFileSync(file, written.slice(0, 60));
    store.look();
    rmSync(file);
    store.look();
    writeFileSync(file, written.replace('180', '90'));
    store.look();
    expect(remarks).toEqual(['the branch file was edited: version 2, queue.waitSeconds changed']);
    rmSync(file);
    store.look();
    store.look();
    expect(store.trouble?.message).toContain('it is gone');
  });

  test('of what takes a restart says so', () => {
    const store = open();
    writeFileSync(file, `${written}heads: false\n`);
    store.look();
    expect(store.latest).toMatchObject({ changes: {}, other: ['heads'] });
    expect(store.view().awaitsRestart).toEqual(['heads']);
    writeFileSync(file, written);
    store.look();
    expect(store.view().awaitsRestart).toEqual([]);
  });

  test('while the service was down is a version by the file, with what it changed', () => {
    open().save(wait(120));
    writeFileSync(file, text().replace('120', '90'));
    const again = open();
    expect(again.latest).toMatchObject({
      version: 3,
      by: { kind: 'file' },
      changes: { 'queue.waitSeconds': { from: 120, to: 90 } },
    });
    expect(refusal(() => again.save(wait(60, 2))).code).toBe('LOBBY_SETTINGS_STALE');
  });
});

describe('A service that is killed as it saves', () => {
  /** Kills a process that is saving, at a moment of it. */
  async function killed(at: 'before' | 'after'): Promise<void> {
    const script = `
      import { openBranchStore } from './edge/settings/branch-store.ts';
      const stop = () => { process.stdout.write('now'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); };
      const store = openBranchStore({
        file: ${JSON.stringify(file)}, folder: ${JSON.stringify(join(folder, 'data'))}, keepIn: 'file',
        now: () => ${startedAt}, ${at === 'before' ? 'beforeRename: stop' : 'onBranch: stop'},
      });
      store.save(${JSON.stringify(wait(120))});
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: packageRoot,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  test('before the new file is in its place, has the old one, and no version of what never was', async () => {
    await killed('before');
    expect(text()).toBe(written);
    const again = open();
    expect(again.latest.version).toBe(1);
    again.save(wait(60));
    expect(text()).toBe(written.replace('180', '60'));
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  test('after it, has the new one, with who and why', async () => {
    await killed('after');
    expect(text()).toBe(written.replace('180', '120'));
    expect(open().latest).toMatchObject({ version: 2, by: li, why: 'Two windows are closed' });
  });

  test('between the file and the list of versions, knows from what it meant to write', () => {
    const store = open();
    store.save(wait(120));
    const kept = join(folder, 'data', 'settings');
    const lines = readFileSync(join(kept, 'history.jsonl'), 'utf8').trim().split('\n');
    writeFileSync(join(kept, 'history.jsonl'), `${lines[0]}\n${lines[1]!.slice(0, 40)}`);
    writeFileSync(join(kept, 'pending.json'), lines[1]!);
    expect(open().latest).toMatchObject({ version: 2, by: li });
    expect(open().latest).toMatchObject({ version: 2, by: li });
  });
});

describe('The demo', () => {
  test('keeps changes in memory, and never writes its file', () => {
    const store = open({ keepIn: 'memory' });
    const before = statSync(file).mtimeMs;
    store.save(wait(120));
    store.look();
    expect(store.branch.thresholds.queue.waitSeconds).toBe(120);
    expect(store.save(wait(60, 2)).version).toBe(3);
    expect(text()).toBe(written);
    expect(statSync(file).mtimeMs).toBe(before);
    expect(store.view().keptIn).toBe('memory');
  });

  test('without a data folder history is in memory too', () => {
    const { folder: _, ...rest } = { folder: '', file, keepIn: 'memory' as const, now: () => clock.now() };
    const store = openBranchStore(rest);
    store.save(wait(120));
    expect(store.history().changes.map(({ version }) => version)).toEqual([2, 1]);
    expect(store.view().historyKept).toBe(false);
    expect(readdirSync(folder)).toEqual(['branch.yaml']);
  });
});
