import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BundleOptions, makeBundle, makeKeys } from '../../edge/cli/fleet-bundle.ts';
import { stepType } from '../../edge/fleet/bundle.ts';
import { migrate } from '../../edge/fleet/migrate.ts';
import {
  beginRolloutIn,
  changeRolloutIn,
  lookAtRollout,
  noteSaid,
  ordersToSay,
  type SignStep,
  type WrittenOrder,
} from '../../edge/fleet/rollout-store.ts';
import { privateKeyIn, sign } from '../../edge/fleet/signed.ts';
import { type FleetStore, openStore } from '../../edge/fleet/store.ts';
import { storeAddress } from '../../edge/fleet/store-address.ts';
import type { SettingsOrder } from '../../src/contract/fleet-settings.ts';
import {
  type RolloutPlan,
  type RolloutState,
  resumeRollout,
  rolloutDefaults,
  undoRollout,
} from '../../src/core/rollout/rollout.ts';
import { type Postgres, startPostgres } from '../peers/postgres.ts';
import { absent, postgres, titled } from '../peers/tools.ts';
import { type MadeUpBranches, madeUpBranches } from './made-up-branches.ts';

const hour = 3_600;
const plan: RolloutPlan = { ...rolloutDefaults, leastHours: [4, 4, 4, 6], beforeDays: 2 };
const names = Array.from({ length: 40 }, (_, i) => `branch-${i + 1}`);

const reason = absent(postgres);
describe.skipIf(reason)(titled('Settings on their way to 40 branches, in a real PostgreSQL', reason), () => {
  let folder: string;
  let database: Postgres;
  let store: FleetStore;
  let installerKey: string;
  let signStep: SignStep;
  let now = Date.UTC(2026, 2, 2, 6) / 1_000;
  const ask = async (sql: string) => (await store.ask(sql)).rows;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lobby-rollout-'));
    installerKey = makeKeys(join(folder, 'installer.pem')).publicKey;
    makeKeys(join(folder, 'step.pem'));
    const key = privateKeyIn(readFileSync(join(folder, 'step.pem'), 'utf8'), 'step.pem');
    signStep = (step) => sign(stepType, Buffer.from(JSON.stringify(step)), key);
    database = await startPostgres();
    store = await openStore(storeAddress({ database: database.url }));
    await migrate(store);
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const signed = (name: string, more: Partial<BundleOptions> = {}) =>
    makeBundle(
      {
        key: join(folder, 'installer.pem'),
        stepKey: join(folder, 'step.pub.pem'),
        name,
        group: [`of-${name}`],
        set: ['queue.waitSeconds=120'],
        why: 'Queues move slowly',
        validDays: 30,
        out: join(folder, `${name}.json`),
        ...more,
      },
      now,
    );
  /** A bundle for a group of its own, whose branches have told two days. */
  async function begin(name: string, more: Partial<Parameters<typeof madeUpBranches>[0]> = {}) {
    const branches = madeUpBranches({
      names: names.map((one) => `${name}-${one}`),
      group: `of-${name}`,
      installerKey,
      ...more,
    });
    const first = Math.floor(now / hour) * hour;
    // One commit instead of one a message: a disk takes its time for each.
    await store.ask('BEGIN');
    for (const branch of branches.names) {
      await store.putSettings(branches.say(branch, now));
      for (let back = 16; back > 8; back -= 1)
        await store.putHour(branches.hour(branch, first - back * hour));
      for (let back = 40; back > 36; back -= 1)
        await store.putHour(branches.hour(branch, first - back * hour));
    }
    await store.putStates(branches.names.map((branch) => branches.state(branch, now)));
    await store.ask('COMMIT');
    now += 60;
    await beginRolloutIn(store, await signed(name), plan, 'anna', now);
    return branches;
  }
  /** Whoever runs it looks; what is said is heard, and answered. */
  async function look(name: string, branches: MadeUpBranches): Promise<readonly WrittenOrder[]> {
    await lookAtRollout(store, name, { now, judgeEverySeconds: 300, sign: signStep });
    const orders = (await ordersToSay(store, now)).filter(({ branch }) => branch.startsWith(`${name}-`));
    await store.ask('BEGIN');
    for (const { order } of orders) {
      const answer = branches.hear(order, now);
      if (answer !== undefined) await store.putSettings(answer);
    }
    await noteSaid(store, orders, now);
    await store.ask('COMMIT');
    return orders;
  }
  /** An hour passes: what was four hours ago is told as it is known by now. */
  async function passHour(branches: MadeUpBranches) {
    now += hour;
    const told = Math.floor(now / hour) * hour - 4 * hour;
    await store.ask('BEGIN');
    for (const branch of branches.names) await store.putHour(branches.hour(branch, told));
    await store.ask('COMMIT');
  }
  const rollout = async (name: string) => {
    const [row] = await ask(
      `SELECT phase, step, shadow::int, live::int, undone::int, taken::int, judgement FROM fleet.rollouts WHERE bundle = '${name}'`,
    );
    const [phase, step, shadow, live, undone, taken, judgement] = row as readonly string[];
    return {
      ...{ phase, step, shadow: Number(shadow), live: Number(live), undone: Number(undone) },
      ...{ taken: Number(taken), judgement },
    };
  };
  const decisions = async (name: string) =>
    (await ask(
      `SELECT what, step, by_whom, why FROM fleet.rollout_history WHERE bundle = '${name}' ORDER BY nth`,
    )) as readonly (readonly string[])[];

  it('come to all of them, a share after the other, where figures hold', async () => {
    const branches = await begin('good');
    const live: number[] = [];
    for (let i = 0; i < 60 && (await rollout('good')).phase !== 'done'; i += 1) {
      await look('good', branches);
      live.push((await rollout('good')).live);
      await passHour(branches);
    }
    await look('good', branches);
    expect(await rollout('good')).toMatchObject({ phase: 'done', step: '100 %', live: 40, taken: 40 });
    expect([...new Set(live)]).toEqual([0, 3, 20, 40]);
    expect((await decisions('good')).map(([what, step]) => `${what} ${step}`)).toEqual([
      'begun shadow',
      'advanced shadow',
      'advanced 5 %',
      'advanced 50 %',
      'done 100 %',
    ]);
    expect(branches.again).toEqual([]);
  });

  it('are undone by themselves at the first share where figures fall, in every branch', async () => {
    const branches = await begin('bad', { fares: { bad: { inTime: 0.7 } } });
    for (let i = 0; i < 60 && (await rollout('bad')).phase === 'rolling'; i += 1) {
      await look('bad', branches);
      await passHour(branches);
    }
    await look('bad', branches);
    expect(await rollout('bad')).toMatchObject({
      phase: 'undone',
      step: '5 %',
      live: 0,
      undone: 40,
      taken: 40,
    });
    const [what, step, by, why] = (await decisions('bad')).at(-1)!;
    expect([what, step, by]).toEqual(['undone', '5 %', 'the judge']);
    expect(why).toMatch(
      /^share of customers met in time: 0\.\d+ before, 0\.\d+ since, 0\.\d+ worse beside the others/,
    );
    const undone = branches.taken.filter(({ state }) => state === 'undone');
    expect(new Set(undone.map(({ branch }) => branch)).size).toBe(40);
    expect(branches.taken.filter(({ state }) => state === 'live').length).toBe(3);
  });

  it('wait where branches refuse them or are not heard, and are held where many refuse', async () => {
    const branches = await begin('unknown', { refuses: (branch) => /[05]$/.test(branch) });
    for (let i = 0; i < 3; i += 1) {
      await look('unknown', branches);
      await passHour(branches);
    }
    // Eight of forty are as many as may.
    expect(await rollout('unknown')).toMatchObject({
      phase: 'rolling',
      step: 'shadow',
      shadow: 40,
      taken: 32,
    });
    expect((await rollout('unknown')).judgement).toBe(
      '32 of 40 branches have taken it and 0 are not heard: 36 must have and be',
    );
    const refusing = await ask(
      "SELECT branch, refused_why FROM fleet.settings WHERE branch_group = 'of-unknown' AND refused > 0",
    );
    expect(refusing).toHaveLength(8);
    await ask(
      "UPDATE fleet_kept.rollouts SET plan = jsonb_set(plan, '{bounds,refusing}', '0.1') WHERE bundle = 'unknown'",
    );
    await look('unknown', branches);
    expect(await rollout('unknown')).toMatchObject({ phase: 'held' });
    expect((await decisions('unknown')).at(-1)!.slice(0, 1)).toEqual(['paused']);
    // Let go on, those who refuse are not waited for.
    const resume = (state: RolloutState) => resumeRollout(state, now);
    await changeRolloutIn(
      store,
      'unknown',
      { what: 'resumed', by: 'anna', why: 'Old boxes', change: resume },
      now,
    );
    for (let i = 0; i < 12 && (await rollout('unknown')).step === 'shadow'; i += 1) {
      await passHour(branches);
      await look('unknown', branches);
    }
    expect(await rollout('unknown')).toMatchObject({ phase: 'rolling', step: '5 %', live: 3 });
  });

  it('are told to a branch that comes later as far as they have come, and to none after they expired', async () => {
    const branches = await begin('later');
    await look('later', branches);
    const say = (branch: string) =>
      store.putSettings({ ...branches.say(branch, now), group: 'of-later', branch });
    now += 60;
    await say('later-newcomer');
    now += 60;
    expect((await look('later', branches)).map(({ branch }) => branch)).toEqual(['later-newcomer']);
    now += 31 * 86_400;
    await say('later-latecomer');
    expect((await look('later', branches)).map(({ branch }) => branch)).toEqual([]);
  });

  it('are judged once a branch was told, and not before: what is said of a step stands for minutes', async () => {
    const branches = await begin('asked');
    const said = () => ask("SELECT judgement FROM fleet.rollouts WHERE bundle = 'asked'");
    await look('asked', branches);
    expect(await said()).toEqual([[null]]);
    now += 15;
    await look('asked', branches);
    expect(String((await said())[0]![0])).not.toContain('said a word');
  });

  it('are said again to a branch that does not confirm them, ever less often, and the same each time', async () => {
    const branches = await begin('deaf');
    await lookAtRollout(store, 'deaf', { now, judgeEverySeconds: 300, sign: signStep });
    const begun = now;
    const saidAt: number[] = [];
    const texts = new Set<string>();
    for (; now < begun + 4 * hour; now += 60) {
      const orders = (await ordersToSay(store, now)).filter(({ branch }) => branch === 'deaf-branch-1');
      if (orders.length > 0) saidAt.push((now - begun) / 60);
      for (const { order } of orders) texts.add(JSON.stringify(order));
      await noteSaid(store, orders, now);
    }
    expect(saidAt).toEqual([0, 10, 30, 70, 130, 190]);
    expect(texts.size).toBe(1);
    const [text] = [...texts];
    await store.putSettings(branches.hear(JSON.parse(text!) as SettingsOrder, now)!);
    now += 2 * hour;
    expect((await ordersToSay(store, now)).some(({ branch }) => branch === 'deaf-branch-1')).toBe(false);
  });

  it('are told anew by a higher number where a branch has taken what this store does not remember', async () => {
    const branches = await begin('copy');
    await look('copy', branches);
    // The store is brought back from a copy that is older than the last orders: they were shadow, and are not known.
    await ask("UPDATE fleet_kept.settings SET n = 7, state = 'live' WHERE branch = 'copy-branch-1'");
    now += 60;
    const [again, ...more] = await look('copy', branches);
    expect([again!.branch, again!.n, more.length]).toEqual(['copy-branch-1', 8, 0]);
    expect(branches.taken.at(-1)).toMatchObject({ branch: 'copy-branch-1', n: 8, state: 'shadow' });
  });

  it('are one at a time for a group, each newer than the last, and undone only while nothing newer came', async () => {
    const refused = (work: Promise<unknown>) =>
      work.then(
        () => 'taken',
        ({ message }) => String(message),
      );
    const again = (name: string, more: Partial<BundleOptions> = {}) =>
      refused(
        signed(name, { group: ['of-good'], ...more }).then((one) =>
          beginRolloutIn(store, one, plan, 'anna', now),
        ),
      );
    expect(await again('good')).toMatch('a bundle of that name was begun before');
    expect(await again('old', { serial: 5 })).toMatch('good, of the same groups, is newer');
    expect(await again('newer')).toBe('taken');
    expect(await again('too-soon', { serial: Math.floor(now) + 1 })).toMatch(
      'newer is on its way to the same groups',
    );
    const undo = (name: string) =>
      refused(
        changeRolloutIn(store, name, { what: 'undone', by: 'anna', why: '', change: undoRollout }, now),
      );
    expect(await undo('good')).toMatch('newer came to its branches after it');
    expect(await undo('newer')).toBe('taken');
    expect(await undo('newer')).toMatch('it is undone');
    expect(await undo('nothing')).toMatch('no such bundle');
  });

  it('are judged without branches whose own values stand over all of them', async () => {
    const branches = await begin('own');
    await look('own', branches);
    await ask("UPDATE fleet_kept.settings SET own = '{queue.waitSeconds}' WHERE branch_group = 'of-own'");
    for (let i = 0; i < 9; i += 1) {
      await passHour(branches);
      await look('own', branches);
    }
    expect((await rollout('own')).judgement).toBe('its branches were open for 0.0 hours since, 4 must be');
  });
});
