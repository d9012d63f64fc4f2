import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addBankMetrics } from '../../../edge/fleet/bank-metrics.ts';
import { openKeptOrders } from '../../../edge/fleet/kept-orders.ts';
import {
  createSettingsOfBank,
  endTrialOfBank,
  type SettingsOfBank,
  seals,
  valuesOf,
} from '../../../edge/fleet/settings-of-bank.ts';
import { publicKeyOf } from '../../../edge/fleet/signed.ts';
import { type BranchStore, openBranchStore } from '../../../edge/settings/branch-store.ts';
import { openShadowStore, type ShadowStore } from '../../../edge/settings/shadow-store.ts';
import { LobbyError } from '../../../src/contract/errors.ts';
import {
  fleetSettingsSchema,
  type SettingsOrder,
  settingsRefusals,
  standingSchema,
} from '../../../src/contract/fleet-settings.ts';
import type { OrderedBox } from '../../../src/service/judge-order.ts';
import { madeUpBank, newKey } from '../../fleet/bank-orders.ts';
import { ManualClock } from '../../manual-clock.ts';

const written = `branch: harbour
cameras: [{ id: hall, source: "rtsp://127.0.0.1/hall" }]
thresholds:
  patrol: { people: 9 } # agreed
`;
const li = { kind: 'token', role: 'operations', token: 'k3f9aa' } as const;
const bank = madeUpBank();

let folder: string;
let file: string;
let kept: string;
let clock: ManualClock;
let settings: BranchStore;
let shadow: ShadowStore;
let trials: (Readonly<Record<string, number>> | undefined)[];
let remarks: string[];
let news: number;
let ofBank: SettingsOfBank;

/** The box as it is started, also again. */
function start(box: Partial<OrderedBox> = {}, keptIn: 'folder' | 'memory' = 'folder'): void {
  const ordered = { branch: 'harbour', group: 'all', keys: [publicKeyOf(bank.installer)], seals, ...box };
  const orders = openKeptOrders(keptIn === 'memory' ? undefined : kept, ordered, (sentence) =>
    remarks.push(sentence),
  );
  const held = valuesOf(orders.found.standing);
  settings = openBranchStore({
    file,
    folder: join(folder, 'data'),
    keepIn: 'file',
    now: () => clock.now(),
    ...(held === undefined ? {} : { bank: held }),
    onBranch: () => shadow.look(),
  });
  shadow = openShadowStore({
    file: join(folder, 'shadow.json'),
    branch: 'harbour',
    settings,
    now: () => clock.now(),
    onTrial: (values) => trials.push(values),
  });
  ofBank = createSettingsOfBank({
    box: ordered,
    version: '0.1.0',
    kept: orders,
    settings,
    shadow,
    now: () => clock.now(),
    onNews: () => {
      news += 1;
    },
    onRemark: (sentence) => remarks.push(sentence),
  });
  ofBank.look();
}
const hear = (order: SettingsOrder, isKept = false) =>
  ofBank.hear(Buffer.from(JSON.stringify(order)), isKept);
const step = (
  n: number,
  state: 'shadow' | 'live' | 'undone',
  bundle: Parameters<typeof bank.order>[0] = {},
) => bank.order(bundle, { n, state });
const told = () => fleetSettingsSchema.parse(ofBank.told());
const wait = () => settings.valueOf('queue.waitSeconds');
const began = (set: Record<string, number>) =>
  shadow.begin({ version: settings.latest.version, set, why: 'Of our own', days: 7, by: li });
const prompt = (side: 'live' | 'shadow') =>
  shadow.count(side, { raisedAt: clock.now(), kind: 'ask-queue', place: 'cash', people: 3 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-of-bank-'));
  file = join(folder, 'branch.yaml');
  kept = join(folder, 'bank-settings.json');
  writeFileSync(file, written);
  clock = new ManualClock(Date.parse('2025-03-12T10:00:00.000Z') / 1000);
  trials = [];
  remarks = [];
  news = 0;
  start();
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('Settings of the bank', () => {
  test('are tried, live and undone as they are ordered, and each is told', () => {
    expect(told()).toEqual({
      v: 1,
      branch: 'harbour',
      at: '2025-03-12T10:00:00.000Z',
      group: 'all',
      version: '0.1.0',
      own: [],
      refused: {},
    });
    hear(step(1, 'shadow'));
    expect(wait()).toBe(180);
    expect(trials.at(-1)).toEqual({ 'queue.waitSeconds': 240 });
    expect(told()).toMatchObject({ order: { n: 1, state: 'shadow' }, tried: { wouldHaveBuzzed: 0 } });
    for (let i = 0; i < 7; i += 1) prompt('shadow');
    for (let i = 0; i < 3; i += 1) prompt('live');
    expect(told().tried).toEqual({ wouldHaveBuzzed: 5, liveBuzzed: '< 5' });

    hear(step(2, 'live'));
    expect(wait()).toBe(240);
    expect(trials.at(-1)).toBeUndefined();
    expect(told()).toMatchObject({ order: { n: 2 }, inForce: { bundle: 'bundle-1', serial: 1 } });
    expect(told()).not.toHaveProperty('tried');

    hear(step(3, 'undone'));
    expect(wait()).toBe(180);
    expect(told()).not.toHaveProperty('inForce');
    expect(news).toBe(3);
    expect(readFileSync(file, 'utf8')).toBe(written);
    expect(settings.history().changes.map(({ by }) => by)).toMatchObject([
      { kind: 'fleet', bundle: 'bundle-1', serial: 1, state: 'undone' },
      { kind: 'fleet', state: 'live' },
      { kind: 'fleet', state: 'shadow' },
      { kind: 'fleet', state: 'shadow' },
      { kind: 'file' },
    ]);
  });

  test('go back to the bundle before when they are undone, also after restarts and when it has expired', async () => {
    const expiresAt = '2025-03-12T11:00:00.000Z';
    hear(step(1, 'live', { set: { 'queue.waitSeconds': 60, 'queue.length': 4 }, expiresAt }));
    const before = structuredClone(settings.branch);
    start();
    hear(step(1, 'shadow', { serial: 2 }));
    // What the bundle before has set and this one has not is the default again while it is tried.
    expect(trials.at(-1)).toEqual({ 'queue.waitSeconds': 240, 'queue.length': 5 });
    expect(settings.branch).toEqual(before);
    hear(step(2, 'live', { serial: 2 }));
    expect(wait()).toBe(240);
    await clock.advance(86_400);
    start();
    hear(step(3, 'undone', { serial: 2 }));
    start();
    expect(settings.branch).toEqual(before);
    expect(told()).toMatchObject({ order: { serial: 2, state: 'undone' }, inForce: { serial: 1 } });
    expect(remarks.filter((one) => one.includes('refused'))).toEqual([]);
  });

  test('stay as they are told through a restart, and what the broker then brings again is no news', async () => {
    hear(step(1, 'shadow'));
    prompt('shadow');
    await clock.advance(10);
    shadow.look();
    const before = { ...told(), at: '' };
    start();
    hear(step(1, 'shadow'), true);
    expect({ ...told(), at: '' }).toEqual(before);
    expect(trials.at(-1)).toEqual({ 'queue.waitSeconds': 240 });
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    expect(existsSync(`${kept}.new`)).toBe(false);
  });

  test('are of this start alone where there is no data folder', () => {
    start({}, 'memory');
    hear(step(1, 'live'));
    expect(wait()).toBe(240);
    start({}, 'memory');
    expect(wait()).toBe(180);
    expect(told()).not.toHaveProperty('order');
  });

  test("leave what the branch has set itself, and tell of it; what it takes out is the bank's", () => {
    hear(step(1, 'live', { set: { 'patrol.people': 20, 'queue.waitSeconds': 240 } }));
    expect(settings.valueOf('patrol.people')).toBe(9);
    expect(told().own).toEqual(['patrol.people']);
    settings.save({ version: settings.latest.version, back: ['patrol.people'], why: 'As all do', by: li });
    expect(settings.valueOf('patrol.people')).toBe(20);
    expect(told().own).toEqual([]);
  });
});

describe('An order that is refused', () => {
  test('changes nothing, is counted by why, told to the bank, and remarked once an hour', async () => {
    hear(step(2, 'live'));
    const before = structuredClone(settings.branch);
    const bytes = readFileSync(kept, 'utf8');
    const bad: readonly (readonly [string, Buffer])[] = [
      ['too-large', Buffer.alloc(65_537, 0x20)],
      ['unfit', Buffer.from('{')],
      ['unfit', Buffer.from('{"v":1}')],
      ['unknown-key', order(bank.order({}, { n: 3 }, { installer: newKey() }))],
      [
        'wrong-signature',
        order({ ...step(3, 'undone'), step: { ...step(3, 'undone').step, payload: 'e30=' } }),
      ],
      ['unknown-key', order(bank.order({}, { n: 3, state: 'undone' }, { steps: bank.installer }))],
      ['other-branch', order(bank.order({}, { n: 3, branch: 'river' }))],
      ['other-group', order(step(1, 'live', { serial: 2, groups: ['north'] }))],
      ['expired', order(step(1, 'live', { serial: 2, expiresAt: '2025-03-12T09:59:59.000Z' }))],
      ['older-step', order(step(1, 'undone'))],
      ['out-of-range', order(step(1, 'live', { serial: 2, set: { 'queue.waitSeconds': 1 } }))],
      ['unknown-setting', order(step(1, 'live', { serial: 2, set: { 'queue.size': 1 } }))],
      ['other-bundle', order(bank.order({}, { n: 3, serial: 2 }))],
    ];
    const expected: Record<string, number> = {};
    for (const [why, payload] of bad) {
      ofBank.hear(payload, false);
      expected[why] = (expected[why] ?? 0) + 1;
      expect(told().refused, why).toEqual(expected);
    }
    expect(ofBank.orders.refused).toEqual(expected);
    expect(ofBank.orders.lastRefusedAt).toBe(told().at);
    expect(settings.branch).toEqual(before);
    expect(readFileSync(kept, 'utf8')).toBe(bytes);
    expect(told()).toMatchObject({ order: { n: 2 }, inForce: { serial: 1 } });
    const remarked = () => remarks.filter((one) => one.includes('(older-step)')).length;
    for (let i = 0; i < 50; i += 1) hear(step(1, 'undone'));
    expect(remarked()).toBe(1);
    await clock.advance(3_600);
    hear(step(1, 'undone'));
    expect(remarked()).toBe(2);
    expect(told().refused['older-step']).toBe(52);
  });

  test("is refused, and not kept, where its values and the branch's own would not go together", () => {
    const fits = settings.whatWouldChange;
    settings.whatWouldChange = () => {
      throw new LobbyError('LOBBY_BRANCH_INVALID', { file: 'branch.yaml', problem: '', hint: '' });
    };
    hear(step(1, 'live'));
    expect(told().refused).toEqual({ 'out-of-range': 1 });
    expect(readFileSync(kept, 'utf8')).not.toContain('"last"');
    settings.whatWouldChange = fits;
    hear(step(1, 'live'));
    expect(wait()).toBe(240);
  });

  test('is passed over where the broker has kept it from before, and something newer was taken since', () => {
    hear(step(2, 'live'));
    hear(step(1, 'shadow'), true);
    expect(told()).toMatchObject({ order: { n: 2 }, refused: {} });
    hear(bank.order({}, { n: 3 }, { installer: newKey() }), true);
    expect(told().refused).toEqual({ 'unknown-key': 1 });
  });
});

describe('What another box of the branch goes by', () => {
  const ordered = { branch: 'harbour', group: 'all', keys: [publicKeyOf(bank.installer)], seals };
  /** What a box says that was told these orders. */
  function toldBy(...orders: readonly SettingsOrder[]) {
    const its = openBranchStore({
      file,
      keepIn: 'memory',
      now: () => clock.now(),
      onBranch: () => undefined,
    });
    const other = createSettingsOfBank({
      box: ordered,
      version: '0.1.0',
      kept: openKeptOrders(undefined, ordered, () => undefined),
      settings: its,
      shadow: openShadowStore({
        branch: 'harbour',
        settings: its,
        now: () => clock.now(),
        onTrial: () => undefined,
      }),
      now: () => clock.now(),
      onNews: () => undefined,
      onRemark: () => undefined,
    });
    for (const one of orders) other.hear(Buffer.from(JSON.stringify(one)), false);
    return standingSchema.parse(other.toTell());
  }

  test('is gone by at once, kept over a restart, and told to the next; what was on its way meanwhile is no replay', () => {
    const orders = [step(1, 'shadow'), step(2, 'live')];
    const said = toldBy(...orders);
    ofBank.join(said);
    expect(wait()).toBe(240);
    expect(news).toBe(1);
    expect(ofBank.toTell()).toEqual(said);
    for (const one of orders) hear(one);
    expect(ofBank.orders).toEqual({ taken: 1, refused: {} });
    start();
    expect(wait()).toBe(240);
    ofBank.join(said);
    expect(news).toBe(1);
  });

  test('makes no room for replays: what was taken here is one, and a minute later so is what was not', async () => {
    hear(step(1, 'shadow'));
    ofBank.join(toldBy(step(1, 'shadow'), step(2, 'undone'), step(3, 'live')));
    hear(step(2, 'undone'));
    expect(ofBank.orders.refused).toEqual({});
    hear(step(1, 'shadow'));
    expect(ofBank.orders.refused).toEqual({ 'older-step': 1 });
    await clock.advance(61);
    hear(step(2, 'undone'));
    expect(ofBank.orders.refused).toEqual({ 'older-step': 2 });
  });

  test('holds also where its bundle has expired since the branch began with it', async () => {
    const said = toldBy(step(1, 'live', { expiresAt: '2025-03-13T09:59:59.000Z' }));
    await clock.advance(90_000);
    ofBank.join(said);
    expect(wait()).toBe(240);
  });

  test('is refused where a signature does not fit, or what was live before never was', () => {
    const said = toldBy(step(1, 'live'), step(1, 'shadow', { serial: 2 }));
    const forged = { ...said.last, order: bank.order({ serial: 9 }, { serial: 9 }, { installer: newKey() }) };
    ofBank.join({ ...said, last: forged });
    ofBank.join({ ...said, before: forged });
    ofBank.join({ ...said, before: said.last });
    expect(ofBank.orders).toMatchObject({ taken: 0, refused: { 'unknown-key': 2, unfit: 1 } });
    expect(ofBank.toTell()).toBeUndefined();
    expect(wait()).toBe(180);
    ofBank.join(said);
    expect(wait()).toBe(240);
  });
});

describe('Orders of the bank in the metrics', () => {
  test('have a row for each outcome from the start, so that the first refusal is an increase', async () => {
    const registry = new Registry();
    addBankMetrics(registry, ofBank);
    const rows = async () => {
      const [metric] = await registry.getMetricsAsJSON();
      return Object.fromEntries(metric!.values.map(({ labels, value }) => [labels.outcome, value]));
    };
    const none = Object.fromEntries(['taken', ...settingsRefusals].map((outcome) => [outcome, 0]));
    expect(await rows()).toEqual(none);
    hear(step(1, 'live'));
    hear(bank.order({}, { n: 3 }, { installer: newKey() }));
    expect(await rows()).toEqual({ ...none, taken: 1, 'unknown-key': 1 });
    expect(ofBank.orders).toMatchObject({ taken: 1, refused: { 'unknown-key': 1 } });
  });
});

describe('A file of what the bank has set', () => {
  const tamper = (change: (text: string) => string) => {
    const before = readFileSync(kept, 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(kept, after);
    start();
  };
  /** What another would make of what is signed in it. */
  const inPayload = (from: string, to: string) => (text: string) => {
    const found = JSON.parse(text) as { last: { order: SettingsOrder } };
    const { bundle } = found.last.order;
    bundle.payload = Buffer.from(Buffer.from(bundle.payload, 'base64').toString().replace(from, to)).toString(
      'base64',
    );
    return JSON.stringify(found);
  };

  test.each([
    ['a value was changed', inPayload('240', '600'), 'wrong-signature'],
    ['it was cut off', (text: string) => text.slice(0, 200), 'it is damaged'],
    ['it says more than it should', (text: string) => text.replace('{', '{"set":{},'), 'it is damaged'],
  ])('is put aside and said where %s, and nothing of it holds', (_, change, why) => {
    hear(step(1, 'live'));
    tamper(change);
    expect(wait()).toBe(180);
    expect(told()).not.toHaveProperty('order');
    expect(remarks.at(-1)).toContain(`what the bank has set is refused, and does not hold: ${why}`);
    expect(existsSync(`${kept}.aside`)).toBe(true);
    // The next order is taken as ever.
    hear(step(2, 'live'));
    expect(wait()).toBe(240);
  });

  test('that names as live before what never was is refused as well', () => {
    hear(step(1, 'live'));
    hear(step(1, 'shadow', { serial: 2 }));
    tamper((text) => {
      const found = JSON.parse(text) as Record<string, unknown>;
      return JSON.stringify({ ...found, before: found.last });
    });
    expect(remarks.at(-1)).toContain('it is damaged');
    expect(wait()).toBe(180);
  });

  test('holds no more for a box of another group, of another branch, or with other keys', () => {
    for (const [box, why] of [
      [{ keys: [publicKeyOf(newKey())] }, 'unknown-key'],
      [{ group: 'pilot' }, 'other-group'],
      [{ branch: 'river' }, 'other-branch'],
    ] as const) {
      start();
      hear(step(1, 'live'));
      start(box);
      expect(remarks.at(-1)).toContain(why);
      expect(wait()).toBe(180);
    }
  });

  test('that everybody may write to is not believed', () => {
    hear(step(1, 'live'));
    chmodSync(kept, 0o666);
    expect(() => start()).toThrow(/everybody/i);
  });

  test('that cannot be written is said, and what was ordered holds until a restart', () => {
    kept = join(folder, 'gone', 'bank-settings.json');
    start();
    hear(step(1, 'live'));
    expect(wait()).toBe(240);
    expect(remarks).toContain('a restart would forget what the bank has set: it cannot be written (ENOENT)');
  });

  test('lets the broker know the box again', () => {
    const sessionNow = () => (JSON.parse(readFileSync(kept, 'utf8')) as { session: string }).session;
    const first = sessionNow();
    hear(step(1, 'live'));
    start();
    expect(sessionNow()).toBe(first);
  });
});

describe('A trial for the bank', () => {
  test('waits while the branch tries values of its own, and never ends those', () => {
    began({ 'queue.length': 3 });
    hear(step(1, 'shadow'));
    expect(told()).toMatchObject({ notTried: 'own-trial' });
    hear(step(2, 'live'));
    expect(shadow.view().shadow).toMatchObject({ by: li });
    hear(step(1, 'shadow', { serial: 2, set: { 'queue.waitSeconds': 60 } }));
    shadow.end({ why: 'Seen enough', by: li });
    ofBank.look();
    expect(trials.at(-1)).toEqual({ 'queue.waitSeconds': 60 });
    expect(told()).toHaveProperty('tried');
  });

  test('is none where the bundle would change nothing here', () => {
    hear(step(1, 'shadow', { set: { 'patrol.people': 20, 'queue.waitSeconds': 180 } }));
    expect(told()).toMatchObject({ notTried: 'nothing-new', own: ['patrol.people'] });
    expect(shadow.view()).toEqual({ v: 1 });
  });

  test('that the branch has ended is not begun again, neither later nor after a restart', () => {
    hear(step(1, 'shadow'));
    shadow.end({ why: 'Not here', by: li });
    ofBank.look();
    start();
    expect(shadow.view()).toEqual({ v: 1 });
    const { tried, notTried, order } = told();
    expect([tried, notTried, order?.state]).toEqual([undefined, undefined, 'shadow']);
  });

  test('begins anew, without what the branch sets itself meanwhile', () => {
    hear(step(1, 'shadow', { set: { 'queue.waitSeconds': 240, 'queue.length': 8 } }));
    prompt('shadow');
    settings.save({
      version: settings.latest.version,
      changes: { 'queue.length': 4 },
      why: 'Ours',
      by: li,
    });
    ofBank.look();
    expect(trials.at(-1)).toEqual({ 'queue.waitSeconds': 240 });
    expect(told()).toMatchObject({ own: ['queue.length'], tried: { wouldHaveBuzzed: 0 } });
  });

  test('ends when the next order comes, and where no key is given any more', () => {
    hear(step(1, 'shadow'));
    hear(step(1, 'shadow', { serial: 2, set: { 'queue.waitSeconds': 60 } }));
    expect(trials.at(-1)).toEqual({ 'queue.waitSeconds': 60 });
    endTrialOfBank(shadow);
    expect(shadow.view()).toEqual({ v: 1 });
    began({ 'queue.length': 3 });
    endTrialOfBank(shadow);
    expect(shadow.view().shadow).toMatchObject({ by: li });
  });

  test('that cannot begin for a branch file that is broken begins when it is mended', () => {
    writeFileSync(file, 'branch: [');
    hear(step(1, 'shadow'));
    expect(shadow.view()).toEqual({ v: 1 });
    writeFileSync(file, written);
    ofBank.look();
    expect(told()).toHaveProperty('tried');
  });
});

const order = (one: SettingsOrder) => Buffer.from(JSON.stringify(one));
