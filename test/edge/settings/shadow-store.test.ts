import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BranchStore, openBranchStore } from '../../../edge/settings/branch-store.ts';
import { openShadowStore, type ShadowStore } from '../../../edge/settings/shadow-store.ts';
import { LobbyError } from '../../../src/contract/errors.ts';
import { shadowSchema } from '../../../src/contract/settings.ts';
import { ManualClock } from '../../manual-clock.ts';

const written = `branch: harbour # ask Li
cameras: [{ id: hall, source: "rtsp://127.0.0.1/hall" }]
thresholds:
  queue: { length: 5, waitSeconds: 180 } # agreed
`;
const li = { kind: 'token', role: 'operations', token: 'k3f9aa' } as const;
const why = 'Queues move slowly';
const daySeconds = 86_400;

let folder: string;
let file: string;
let kept: string;
let clock: ManualClock;
let settings: BranchStore;
let shadow: ShadowStore;
let trials: (Readonly<Record<string, number>> | undefined)[];
let remarks: string[];

function open(): void {
  settings = openBranchStore({
    file,
    folder: join(folder, 'data'),
    keepIn: 'file',
    now: () => clock.now(),
    onBranch: () => shadow.look(),
  });
  shadow = openShadowStore({
    file: kept,
    branch: 'harbour',
    settings,
    now: () => clock.now(),
    onTrial: (values) => trials.push(values),
    onRemark: (sentence) => remarks.push(sentence),
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-shadow-'));
  file = join(folder, 'branch.yaml');
  kept = join(folder, 'shadow.json');
  writeFileSync(file, written);
  clock = new ManualClock(Date.parse('2026-11-23T02:00:00.000Z') / 1000);
  trials = [];
  remarks = [];
  open();
});
afterEach(() => rmSync(folder, { recursive: true }));

const begin = (set: Record<string, unknown> = { 'queue.waitSeconds': 120 }, version = 1) =>
  shadow.begin({ version, set, why, days: 7, by: li });
const view = () => shadowSchema.parse(shadow.view()).shadow;
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof LobbyError) return error.code;
    throw error;
  }
  return 'was not refused';
};
const prompt = (side: 'live' | 'shadow', second: number, place = 'cash') =>
  shadow.count(side, {
    raisedAt: Date.parse('2026-11-23T02:00:00.000Z') / 1000 + second,
    kind: 'ask-queue',
    place,
    people: 3,
  });

describe('Values on trial', () => {
  test('are told to the lobby, and not in the branch file; the history says who, when, why and for how long', () => {
    begin();
    expect(trials).toEqual([{ 'queue.waitSeconds': 120 }]);
    expect(readFileSync(file, 'utf8')).toBe(written);
    expect(settings.branch.thresholds.queue.waitSeconds).toBe(180);
    expect(settings.history().changes[0]).toEqual({
      v: 1,
      version: 1,
      at: '2026-11-23T02:00:00.000Z',
      by: li,
      why,
      changes: {},
      shadow: { how: 'begun', set: { 'queue.waitSeconds': 120 }, days: 7 },
    });
    expect(view()).toMatchObject({
      since: '2026-11-23T02:00:00.000Z',
      until: '2026-11-30T02:00:00.000Z',
      isOver: false,
      set: { 'queue.waitSeconds': { from: 180, to: 120 } },
    });
    expect(statSync(kept).mode & 0o777).toBe(0o600);
  });

  test('make no version of their own: whoever is about to save can', () => {
    begin();
    const by = { ...li, token: 'other1' };
    const change = { version: 1, changes: { 'queue.length': 7 }, why: 'x', by };
    expect(settings.save(change).version).toBe(2);
    expect(view()?.set).toEqual({ 'queue.waitSeconds': { from: 180, to: 120 } });
    shadow.end({ why: 'enough', by: li });
    expect(settings.latest).toMatchObject({ version: 2, by });
  });

  test('are counted beside what was said, and those that one of the two alone has are examples', () => {
    begin();
    prompt('shadow', 10);
    prompt('live', 18);
    prompt('shadow', 100);
    prompt('live', 200, 'advice');
    expect(view()).toMatchObject({ wouldHaveBuzzed: 2, liveBuzzed: 2 });
    expect(view()?.examples.map(({ only, at, place }) => [only, at.slice(14, 19), place])).toEqual([
      ['live', '03:20', 'advice'],
      ['shadow', '01:40', 'cash'],
    ]);
  });

  test('are bounded in what they remember, and not in what they count', () => {
    begin();
    for (let n = 0; n < 500; n += 1) prompt('shadow', 60 * n);
    expect(view()).toMatchObject({ wouldHaveBuzzed: 500 });
    expect(view()?.examples).toHaveLength(40);
    shadow.look();
    expect(statSync(kept).size).toBeLessThan(16_000);
  });

  test('go on after a restart, with what was counted', () => {
    begin();
    prompt('shadow', 10);
    shadow.look();
    open();
    expect(trials).toEqual([{ 'queue.waitSeconds': 120 }, { 'queue.waitSeconds': 120 }]);
    expect(view()).toMatchObject({ why, by: li, wouldHaveBuzzed: 1 });
  });

  test('stop when their days are over, keep what they found, and wait for a decision', async () => {
    begin();
    prompt('shadow', 10);
    await clock.advance(7 * daySeconds);
    shadow.look();
    expect(trials.at(-1)).toBeUndefined();
    prompt('live', 7 * daySeconds + 1);
    expect(view()).toMatchObject({ isOver: true, wouldHaveBuzzed: 1, liveBuzzed: 0 });
    expect(remarks).toEqual(['values were on trial for 7 days: make them live, or end it']);
    open();
    expect(trials).toHaveLength(2);
    expect(view()).toMatchObject({ isOver: true });
    expect(shadow.makeLive({ version: 1, why: 'It is better', by: li }).version).toBe(2);
  });

  test('made live are saved as any save, with who and why, and what came of them', () => {
    begin();
    prompt('shadow', 10);
    const change = shadow.makeLive({ version: 1, why: 'It is better', by: li });
    expect(change).toMatchObject({
      version: 2,
      by: li,
      why: 'It is better',
      changes: { 'queue.waitSeconds': { from: 180, to: 120 } },
      shadow: { how: 'made-live', wouldHaveBuzzed: 1, liveBuzzed: 0 },
    });
    expect(readFileSync(file, 'utf8')).toBe(written.replace('180', '120'));
    expect([view(), trials.at(-1), existsSync(kept)]).toEqual([undefined, undefined, false]);
    expect(settings.history().changes.map(({ shadow: one }) => one?.how)).toEqual([
      'made-live',
      'begun',
      undefined,
    ]);
  });

  test('that cannot be made live stay on trial', () => {
    begin();
    settings.save({ version: 1, changes: { 'queue.length': 7 }, why: 'x', by: li });
    expect(codeOf(() => shadow.makeLive({ version: 1, why, by: li }))).toBe('LOBBY_SETTINGS_STALE');
    expect(codeOf(() => shadow.makeLive({ version: 2, why: ' ', by: li }))).toBe(
      'LOBBY_SETTINGS_UNEXPLAINED',
    );
    expect(view()).toBeDefined();
    expect(trials).toHaveLength(1);
  });

  test('end with who and why, or when somebody saves the same', () => {
    begin();
    expect(codeOf(() => shadow.end({ why: '', by: li }))).toBe('LOBBY_SETTINGS_UNEXPLAINED');
    shadow.end({ why: 'No gain', by: li });
    expect(settings.history().changes[0]).toMatchObject({
      by: li,
      why: 'No gain',
      shadow: { how: 'ended', wouldHaveBuzzed: 0 },
    });
    begin();
    settings.save({ version: 1, changes: { 'queue.waitSeconds': 120 }, why: 'at once', by: li });
    expect([view(), trials.at(-1)]).toEqual([undefined, undefined]);
    expect(settings.history().changes[0]).toMatchObject({ why: 'at once', shadow: { how: 'ended' } });
  });

  test('are refused without a reason, on an old version, out of range, unknown, the same as now, or beside others', () => {
    expect(
      codeOf(() =>
        shadow.begin({ version: 1, set: { 'queue.waitSeconds': 120 }, why: ' ', days: 7, by: li }),
      ),
    ).toBe('LOBBY_SETTINGS_UNEXPLAINED');
    expect(codeOf(() => begin({ 'queue.waitSeconds': 120 }, 9))).toBe('LOBBY_SETTINGS_STALE');
    expect(codeOf(() => begin({ 'queue.waitSeconds': 5 }))).toBe('LOBBY_SETTING_REFUSED');
    expect(codeOf(() => begin({ 'queue.wait': 5 }))).toBe('LOBBY_SETTING_UNKNOWN');
    expect(codeOf(() => begin({ 'queue.waitSeconds': 180 }))).toBe('LOBBY_SETTINGS_UNCHANGED');
    expect(trials).toEqual([]);
    begin();
    expect(codeOf(() => begin({ 'queue.length': 7 }))).toBe('LOBBY_SHADOW_RUNNING');
    shadow.end({ why, by: li });
    expect(codeOf(() => shadow.end({ why, by: li }))).toBe('LOBBY_SHADOW_NONE');
    expect(codeOf(() => shadow.makeLive({ version: 1, why, by: li }))).toBe('LOBBY_SHADOW_NONE');
  });

  test('of a damaged file, or of another branch, are put aside with a sentence', () => {
    begin();
    for (const text of ['{"v":1', readFileSync(kept, 'utf8').replace('harbour', 'uptown')]) {
      writeFileSync(kept, text);
      remarks = [];
      open();
      expect(view()).toBeUndefined();
      expect(remarks[0]).toMatch(/^what was on trial is damaged, or of another branch: .*aside/);
    }
  });
});
