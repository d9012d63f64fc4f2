import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BankValues, type BranchStore, openBranchStore } from '../../../edge/settings/branch-store.ts';
import type { Branch } from '../../../src/contract/branch.ts';
import { thresholdsOn } from '../../../src/contract/calendar.ts';
import { describeSettings } from '../../../src/contract/describe-settings.ts';
import { LobbyError } from '../../../src/contract/errors.ts';
import {
  type SettingsChange,
  settingsHistorySchema,
  settingsSchema,
} from '../../../src/contract/settings.ts';
import { ManualClock } from '../../manual-clock.ts';

const written = `branch: harbour
cameras: [{ id: hall, source: "rtsp://127.0.0.1/hall" }]
thresholds:
  queue: { length: 5 } # agreed
profiles:
  - { id: pension, name: { zh: 养老金, en: Pension }, days: { ofMonth: [15] }, thresholds: { queue: { waitSeconds: 300 } } }
`;
const winter: BankValues = {
  bundle: 'winter',
  serial: 7,
  set: { 'queue.length': 9, 'queue.waitSeconds': 240 },
};
const byBank = { kind: 'fleet', bundle: 'winter', serial: 7, state: 'live' } as const;
const said = { by: byBank, why: 'Winter is slower' };
const li = { kind: 'token', role: 'operations', token: 'k3f9aa' } as const;

let folder: string;
let file: string;
let clock: ManualClock;
let branches: Branch[];
let saved: SettingsChange[];
let store: BranchStore;

const open = (bank?: BankValues) =>
  openBranchStore({
    file,
    folder: join(folder, 'data'),
    keepIn: 'file',
    now: () => clock.now(),
    onBranch: (branch) => branches.push(branch),
    onSaved: (change) => saved.push(change),
    ...(bank === undefined ? {} : { bank }),
  });
const row = (path: string) => {
  const { value, fromBank } = settingsSchema
    .parse(JSON.parse(JSON.stringify(store.view())))
    .settings.find((one) => one.path === path)!;
  return { value, ...fromBank };
};
const onDisk = () => readFileSync(file, 'utf8');
const save = (asked: Partial<Parameters<BranchStore['save']>[0]>) =>
  store.save({ version: store.latest.version, why: 'As agreed', by: li, ...asked });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-bank-values-'));
  file = join(folder, 'branch.yaml');
  writeFileSync(file, written);
  clock = new ManualClock(Date.parse('2025-03-12T02:00:00.000Z') / 1000);
  branches = [];
  saved = [];
  store = open();
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("Values of the bank's bundle", () => {
  test('hold at once where the branch has set none itself, and the file stays as it is', () => {
    const change = store.useBank(winter, said)!;
    expect(change).toMatchObject({
      version: 2,
      by: byBank,
      why: 'Winter is slower',
      changes: { 'queue.waitSeconds': { from: 180, to: 240 } },
    });
    expect(saved).toEqual([change]);
    expect(branches.at(-1)!.thresholds.queue).toMatchObject({ length: 5, waitSeconds: 240 });
    expect(row('queue.waitSeconds')).toEqual({ value: 240, bundle: 'winter', holds: true });
    expect(row('queue.length')).toEqual({ value: 9, bundle: 'winter', holds: false });
    expect(store.view().settings.find(({ path }) => path === 'queue.length')!.value).toBe(5);
    expect(row('patrol.people')).toEqual({ value: 6 });
    expect(onDisk()).toBe(written);
    settingsHistorySchema.parse({ v: 1, ...store.history() });
  });

  test('give way to a profile on its days, as all values do', () => {
    store.useBank(winter, said);
    expect(thresholdsOn(store.branch, '2025-03-14').queue.waitSeconds).toBe(240);
    expect(thresholdsOn(store.branch, '2025-03-15').queue.waitSeconds).toBe(300);
  });

  test('leave exactly what was before when they go, and hold over a restart until then', () => {
    const before = structuredClone(store.branch);
    store.useBank(winter, said);
    store = open(winter);
    // That the service was started again changed nothing.
    expect(store.latest).toMatchObject({ version: 2, by: byBank });
    expect(row('queue.waitSeconds').value).toBe(240);
    store.useBank(undefined, { ...said, by: { ...byBank, state: 'undone' } });
    expect(store.branch).toEqual(before);
    expect(store.latest).toMatchObject({ changes: { 'queue.waitSeconds': { from: 240, to: 180 } } });
    expect(onDisk()).toBe(written);
  });

  test('make no version where the branch has set all of it itself', () => {
    expect(store.useBank({ ...winter, set: { 'queue.length': 9 } }, said)).toBeUndefined();
    expect(store.latest.version).toBe(1);
    expect(row('queue.length')).toMatchObject({ value: 9, holds: false });
  });

  test('are overridden by a save, and by an edit by hand, and come back when that is taken out', () => {
    store.useBank(winter, said);
    save({ changes: { 'queue.waitSeconds': 90 } });
    expect(onDisk()).toContain('{ length: 5, waitSeconds: 90 } # agreed');
    expect(store.branch.thresholds.queue.waitSeconds).toBe(90);
    expect(row('queue.waitSeconds')).toMatchObject({ holds: false });

    writeFileSync(file, written);
    store.look();
    expect(store.latest).toMatchObject({
      by: { kind: 'file' },
      changes: { 'queue.waitSeconds': { from: 90, to: 240 } },
    });
    expect(row('queue.waitSeconds')).toMatchObject({ holds: true });
  });

  test('are gone back to by a save, which takes the own value out of the file and leaves the rest', () => {
    store.useBank(winter, said);
    const change = save({ back: ['queue.length'] });
    expect(change).toMatchObject({ by: li, changes: { 'queue.length': { from: 5, to: 9 } } });
    expect(onDisk()).not.toContain('length');
    expect(store.branch.thresholds.queue.length).toBe(9);
    expect(branches.at(-1)).toEqual(store.branch);
    // Without a bundle it is the default, and what is not in the file is left.
    store.useBank(undefined, said);
    expect(store.branch.thresholds.queue.length).toBe(5);
    expect(() => save({ back: ['queue.length'] })).toThrow(LobbyError);
    expect(() => save({ back: ['queue.patience'] })).toThrow(LobbyError);
  });

  test('are gone back to also where both are the same, which changes nothing for now', () => {
    store.useBank({ ...winter, set: { 'queue.length': 5 } }, said);
    expect(row('queue.length')).toMatchObject({ holds: false });
    expect(save({ back: ['queue.length'] }).changes).toEqual({});
    expect(row('queue.length')).toMatchObject({ value: 5, holds: true });
    expect(onDisk()).not.toContain('length');
  });

  test('tell whoever saves on an older version that it was the bank', () => {
    const { version } = store.latest;
    store.useBank(winter, said);
    expect(() => save({ version, changes: { 'queue.waitSeconds': 90 } })).toThrow(
      "Cannot save: the bank's bundle winter saved version 2 meanwhile, and this was made on version 1",
    );
  });

  test('to be tried are those that would be other ones, also those that a bundle before had set', () => {
    store.useBank(winter, said);
    expect(store.whatWouldChange({ 'patrol.people': 8, 'queue.length': 2 })).toEqual({
      'patrol.people': 8,
      'queue.waitSeconds': 180,
    });
    expect(store.whatWouldChange(winter.set)).toEqual({});
  });

  test("in any mix, a setting has the file's value, else the bank's, else its default", () => {
    const settings = describeSettings();
    const some = fc
      .subarray(settings as (typeof settings)[number][], { maxLength: 8 })
      .chain((ones) =>
        fc.tuple(
          ...ones.map((one) =>
            fc.constantFrom(one.least, one.most).map((value) => [one.path, value] as const),
          ),
        ),
      )
      .map((pairs) => Object.fromEntries(pairs) as Record<string, number>);
    fc.assert(
      fc.property(some, some, (own, set) => {
        const groups: Record<string, Record<string, number>> = {};
        for (const [path, value] of Object.entries(own)) {
          const [group, key] = path.split('.') as [string, string];
          groups[group] = { ...groups[group], [key]: value };
        }
        const text = `branch: harbour\ncameras: [{ id: hall, source: a.mp4 }]\nthresholds: ${JSON.stringify(groups)}\n`;
        writeFileSync(file, text);
        store.look();
        store.useBank({ ...winter, set }, said);
        for (const one of settings)
          expect(store.valueOf(one.path)).toBe(own[one.path] ?? set[one.path] ?? one.default);
        expect([...store.own].sort()).toEqual(Object.keys(own).sort());
      }),
      { numRuns: 25 },
    );
  });
});
