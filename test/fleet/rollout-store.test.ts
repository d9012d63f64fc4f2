import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBundle, makeKeys } from '../../edge/cli/fleet-bundle.ts';
import { stepType } from '../../edge/fleet/bundle.ts';
import { migrate } from '../../edge/fleet/migrate.ts';
import {
  beginRolloutIn,
  lookAtRollout,
  noteSaid,
  ordersToSay,
  type SignStep,
  type WrittenOrder,
} from '../../edge/fleet/rollout-store.ts';
import { privateKeyIn, sign } from '../../edge/fleet/signed.ts';
import { type FleetStore, openStore } from '../../edge/fleet/store.ts';
import { storeAddress } from '../../edge/fleet/store-address.ts';
import { type RolloutPlan, rolloutDefaults } from '../../src/core/rollout/rollout.ts';
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
  let stepKey: string;
  let signStep: SignStep;
  let now = Date.UTC(2026, 2, 2, 6) / 1_000;
  const ask = async (sql: string) => (await store.ask(sql)).rows;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lobby-rollout-'));
    makeKeys(join(folder, 'installer.pem'));
    stepKey = makeKeys(join(folder, 'step.pem')).publicKey;
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

  /** A bundle for a group of its own, whose branches have told two days. */
  async function begin(name: string, more: Partial<Parameters<typeof madeUpBranches>[0]> = {}) {
    const branches = madeUpBranches({
      names: names.map((one) => `${name}-${one}`),
      group: `of-${name}`,
      stepKey,
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
    const bundle = await makeBundle(
      {
        key: join(folder, 'installer.pem'),
        stepKey: join(folder, 'step.pub.pem'),
        name,
        group: [`of-${name}`],
        set: ['queue.waitSeconds=120'],
        why: 'Queues move slowly',
        validDays: 30,
        out: join(folder, `${name}.json`),
      },
      now,
    );
    await beginRolloutIn(store, bundle, plan, 'anna', now);
    return branches;
  }
  /** Whoever runs it looks; what is said is heard, and answered. */
  async function look(name: string, branches: MadeUpBranches): Promise<readonly WrittenOrder[]> {
    await lookAtRollout(store, name, { now, judgeEverySeconds: 300, sign: signStep });
    const orders = await ordersToSay(store, now);
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
});
