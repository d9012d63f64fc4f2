import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { natsUsers, openFleetStore } from '../../edge/cli/fleet.ts';
import { makeBundle, makeKeys } from '../../edge/cli/fleet-bundle.ts';
import { beginRolloutOf, changeRollout } from '../../edge/cli/fleet-rollout.ts';
import { stepType } from '../../edge/fleet/bundle.ts';
import { type Ingest, startIngest } from '../../edge/fleet/ingest.ts';
import {
  type RunningRollouts,
  type RunRolloutsOptions,
  startRollouts,
} from '../../edge/fleet/run-rollouts.ts';
import { privateKeyIn, sign } from '../../edge/fleet/signed.ts';
import type { FleetStore } from '../../edge/fleet/store.ts';
import { storeAddress } from '../../edge/fleet/store-address.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { systemClock } from '../../edge/system-clock.ts';
import { fleetTopic } from '../../src/contract/fleet.ts';
import { type SettingsOrder, settingsOrderSchema, settingsTopic } from '../../src/contract/fleet-settings.ts';
import type { SettingsPayload, ShadowPayload } from '../../src/contract/settings.ts';
import { mosquitto } from '../e2e/mosquitto.ts';
import { demo, endAll, startService } from '../e2e/service.ts';
import { ManualClock } from '../manual-clock.ts';
import { type Certificates, type Identity, makeCertificates, read } from '../peers/certificates.ts';
import { type NatsCluster, startNats } from '../peers/nats.ts';
import { type Postgres, startPostgres } from '../peers/postgres.ts';
import { absent, natsServer, openssl, postgres, titled } from '../peers/tools.ts';
import { type BridgedBranch, type Line, openLine, startBridgedBranch } from './bridged-branch.ts';
import { type MadeUpBranches, madeUpBranches } from './made-up-branches.ts';

const reason = absent(mosquitto, natsServer, postgres, openssl);
const hour = 3_600;
const names = ['harbour', ...Array.from({ length: 39 }, (_, i) => `branch-${i + 1}`)];

describe.skipIf(reason)(
  titled('Settings to 40 branches, by a real NATS, PostgreSQL and Mosquitto', reason),
  () => {
    let folder: string;
    let certificates: Certificates;
    let rolloutIdentity: Identity;
    let cluster: NatsCluster;
    let database: Postgres;
    let store: FleetStore;
    let line: Line;
    let bridged: BridgedBranch;
    let ingest: Ingest;
    let rollouts: RunningRollouts;
    let runOptions: RunRolloutsOptions;
    let forAll: MqttClient;
    let branches: MadeUpBranches;
    const clock = new ManualClock(Math.floor(Date.now() / 1_000 / hour) * hour - 12 * 86_400);
    /** All that was heard, by branch. */
    const heard: { readonly branch: string; readonly order: SettingsOrder; readonly retain: boolean }[] = [];
    const remarks: string[] = [];
    const others: MqttClient[] = [];
    /** Whether a box that is none of the made-up ones answers for the bridged branch. */
    let isReal = false;

    const connectAs = async (identity: Identity, clientId: string, port = cluster.ports[0]!) => {
      const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${port}`, {
        ...read(identity),
        ca: readFileSync(certificates.ca),
        protocolVersion: 4,
        clientId,
        reconnectPeriod: 200,
      });
      others.push(client);
      return client;
    };
    const ask = async (sql: string) => (await store.ask(sql)).rows;
    const until = async (isSo: () => Promise<boolean> | boolean, what: string, seconds = 20) => {
      for (const end = performance.now() + seconds * 1_000; !(await isSo()); ) {
        if (performance.now() > end)
          throw new Error(`${what} did not come so: ${remarks.slice(-5).join('; ')}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const phaseOf = async (bundle: string) =>
      (await ask(`SELECT phase, step FROM fleet.rollouts WHERE bundle = '${bundle}'`))[0]!.join(' ');
    /** A branch hears what came to it, and answers where it answers from. */
    const hear =
      (by: MqttClient) =>
      (topic: string, payload: Buffer, { retain }: { retain: boolean }) => {
        const [, , branch] = topic.split('/') as [string, string, string];
        const order = settingsOrderSchema.parse(JSON.parse(payload.toString()));
        heard.push({ branch, order, retain });
        // The bridged one answers on its own broker.
        if ((by === forAll) === (branch === 'harbour') || (branch === 'harbour' && isReal)) return;
        const answer = branches.hear(order, clock.now());
        if (answer !== undefined)
          by.publish(fleetTopic('settings', branch), JSON.stringify(answer), { qos: 1 });
      };
    const allTaken = async () =>
      (await ask('SELECT count(*) FROM fleet.settings WHERE told IS NOT NULL AND NOT is_taken'))[0]![0] ===
      '0';
    const begin = async (name: string) => {
      const out = join(folder, `${name}.json`);
      const key = join(folder, 'installer.pem');
      await makeBundle({
        ...{ key, stepKey: join(folder, 'step.pub.pem'), name, group: ['all'] },
        ...{ set: ['queue.waitSeconds=120'], why: 'Queues move slowly', validDays: 30, out },
        serial: 1 + (await ask('SELECT FROM fleet_kept.rollouts')).length,
      });
      await beginRolloutOf(out, {
        database: database.url,
        installerKey: join(folder, 'installer.pub.pem'),
        leastHours: [2, 3, 3, 3],
        beforeDays: 2,
        bound: [],
      });
      // It was begun by the machine's own clock, and goes by the one of this test.
      await ask(`UPDATE fleet_kept.rollouts SET state = state || '{"begunAt": ${clock.now()}, "since": ${clock.now()},
        "waitsFrom": ${clock.now()}}' WHERE bundle = '${name}'`);
    };
    /** An hour passes; what branches told of the hour four hours ago lies in the store. */
    const passHour = async (hours = 1) => {
      await store.ask('BEGIN');
      for (let i = 0; i < hours; i += 1) {
        await clock.advance(hour);
        const told = Math.floor(clock.now() / hour) * hour - 4 * hour;
        for (const branch of names) await store.putHour(branches.hour(branch, told));
      }
      await store.putStates(names.map((branch) => branches.state(branch, clock.now())));
      await store.ask('COMMIT');
    };
    const goOn = async (bundle: string) => {
      for (let i = 0; i < 60 && (await phaseOf(bundle)).startsWith('rolling'); i += 1) {
        await rollouts.look();
        await until(allTaken, 'what they were told');
        await passHour();
      }
      await rollouts.look();
      await until(allTaken, 'what they were told last');
    };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'lobby-rollout-'));
      const { publicKey: installerKey } = makeKeys(join(folder, 'installer.pem'));
      const { publicKey: stepKey } = makeKeys(join(folder, 'step.pem'));
      branches = madeUpBranches({ names, group: 'all', installerKey, fares: { worse: { inTime: 0.7 } } });
      certificates = await makeCertificates();
      const [fleet, harbour, all, river] = await Promise.all(
        ['lobby-fleet', 'harbour', 'all-branches', 'river'].map((name) => certificates.clientNamed(name)),
      );
      rolloutIdentity = await certificates.clientNamed('lobby-rollout');
      // One who is 39 branches at once.
      const users = natsUsers(['harbour', 'river'], 'lobby-fleet').replace(
        /\]\n$/,
        `  { user: "CN=all-branches", permissions: { publish: ["lobby.v1.*.fleet.*"],
        subscribe: ["lobby.v1.*.settings.order"] } }\n]\n`,
      );
      [database, cluster] = await Promise.all([startPostgres(), startNats(certificates, [], { users })]);
      const address = storeAddress({ database: database.url });
      store = await openFleetStore(address);
      line = await openLine(cluster.ports[2]!);
      const brokers = (identity: Identity) =>
        cluster.ports.map((port) => ({
          url: `mqtts://127.0.0.1:${port}`,
          certificates: { ...read(identity), ca: readFileSync(certificates.ca) },
        }));
      const told = {
        onLink: (what: string, isThere: boolean, detail: string) =>
          remarks.push(`${what} ${isThere} ${detail}`),
        onRemark: (sentence: string) => remarks.push(sentence),
      };
      ingest = await startIngest({
        // By the time it is, as the one service among the branches: what that says is not of days to come.
        ...{ brokers: brokers(fleet!), clientId: 'lobby-fleet', keptMonths: 25, clock: systemClock },
        openStore: (onLost) => openFleetStore(address, onLost),
        ...told,
      });
      const key = privateKeyIn(readFileSync(join(folder, 'step.pem'), 'utf8'), 'step.pem');
      runOptions = {
        ...{ brokers: brokers(rolloutIdentity), clientId: 'lobby-rollout', judgeEverySeconds: 300, clock },
        openStore: (onLost) => openFleetStore(address, onLost),
        sign: (step) => sign(stepType, Buffer.from(JSON.stringify(step)), key),
        stepKey,
        ...told,
      };
      bridged = await startBridgedBranch({
        ...{ branch: 'harbour', cluster: [line.port], ca: certificates.ca, identity: harbour! },
      });
      forAll = await connectAs(all!, 'all-branches', cluster.ports[1]);
      for (const client of [forAll, bridged.box]) client.on('message', hear(client));
      await forAll.subscribeAsync('lobby/v1/+/settings/order', { qos: 0 });
      await bridged.box.subscribeAsync(settingsTopic('harbour'), { qos: 1 });
      await connectAs(river!, 'river');
      await store.putStates(names.map((branch) => branches.state(branch, clock.now())));
      await passHour(30);
      for (const branch of names)
        (branch === 'harbour' ? bridged.box : forAll).publish(
          fleetTopic('settings', branch),
          JSON.stringify(branches.say(branch, clock.now())),
          { qos: 1 },
        );
      await until(
        async () => (await ask('SELECT FROM fleet.settings')).length === 40,
        'the first word of all',
      );
      rollouts = await startRollouts(runOptions);
    }, 90_000);
    afterAll(async () => {
      await endAll();
      await rollouts?.close();
      await ingest?.close();
      for (const client of others) client.end(true);
      await bridged?.close();
      await line?.cut();
      await store?.close();
      await cluster?.close();
      await database?.close();
      await certificates?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    it('reach each of them and the box behind its own Mosquitto, and come to all where figures hold', async () => {
      await clock.advance(60);
      await begin('better');
      await goOn('better');
      expect(await phaseOf('better')).toBe('done 100 %');
      const own = branches.taken.filter(({ branch }) => branch === 'harbour');
      expect(own.map(({ n, state }) => `${n} ${state}`)).toEqual(['1 shadow', '2 live']);
      expect(branches.taken.filter(({ state }) => state === 'live').length).toBe(40);
      expect(await ask('SELECT in_force, count(*) FROM fleet.settings GROUP BY 1')).toEqual([
        ['better', '40'],
      ]);
    }, 60_000);

    it('are undone at 5 % where figures fall, and every branch hears it', async () => {
      // The line of the bridged one is down when the first word of it is said.
      await line.cut();
      await begin('worse');
      await rollouts.look();
      await until(
        async () => (await ask('SELECT branch FROM fleet.settings WHERE NOT is_taken')).join() === 'harbour',
        'all but harbour',
      );
      await line.mend();
      await goOn('worse');
      expect(await phaseOf('worse')).toBe('undone 5 %');
      const undone = branches.taken.filter(({ bundle, state }) => bundle === 'worse' && state === 'undone');
      expect(new Set(undone.map(({ branch }) => branch)).size).toBe(40);
      expect(branches.taken.filter((one) => one.bundle === 'worse' && one.state === 'live').length).toBe(3);
    }, 60_000);

    it('are kept by the cluster for a branch that comes later, on whatever node', async () => {
      const late = await connectAs(await certificates.clientNamed('harbour'), 'late', cluster.ports[0]);
      const came = new Promise<readonly [string, boolean]>((resolve) => {
        late.once('message', (topic, _, { retain }) => resolve([topic, retain]));
      });
      await late.subscribeAsync(settingsTopic('harbour'), { qos: 0 });
      expect(await came).toEqual([settingsTopic('harbour'), true]);
    });

    it('are read by no other branch, and ordered by none', async () => {
      const river = others.find(({ options }) => options.clientId === 'river')!;
      const granted = async (filter: string, qos: 0 | 1 = 0) =>
        ((await river.subscribeAsync(filter, { qos }).catch(() => [{ qos: 128 }])) as { qos: number }[]).map(
          ({ qos }) => qos,
        );
      for (const filter of [
        settingsTopic('harbour'),
        'lobby/v1/+/settings/order',
        'lobby/#',
        '#',
        '$MQTT/sub/#',
        '$MQTT/#',
        fleetTopic('hour', 'river'),
      ])
        expect([filter, await granted(filter)]).toEqual([filter, [128]]);
      // Nor may it make the cluster keep a consumer for it.
      expect(await granted(settingsTopic('river'), 1)).toEqual([128]);
      // Control: its own it may.
      expect(await granted(settingsTopic('river'))).toEqual([0]);
      const before = heard.length;
      for (const branch of ['river', 'harbour'])
        await river
          .publishAsync(settingsTopic(branch), '{}', { qos: 1, retain: true })
          .catch(() => undefined);
      const log = () => cluster.ports.map((_, node) => cluster.logOf(node)).join('');
      await until(
        () => /Publish Violation.*lobby\.v1\.harbour\.settings\.order/.test(log()),
        'what the cluster logs',
      );
      expect(log()).toMatch(/Publish Violation.*lobby\.v1\.river\.settings\.order/);
      expect(heard.length).toBe(before);
    });

    it('are stepped by one at a time', async () => {
      const second = await startRollouts({ ...runOptions, clientId: 'lobby-rollout-2' });
      await second.look();
      await second.close();
      expect(remarks).toContain('another one steps the rollouts: this one waits until it is gone');
    });

    it('lose nothing, and mean no other, when the command is killed between writing and saying', async () => {
      await rollouts.close();
      await begin('again');
      const ends: Line[] = [await openLine(cluster.ports[0]!)];
      await ends[0]!.cut();
      const child = () => {
        const args = [
          ...['fleet', 'rollout', 'run', '--database', database.url, '--step-key', join(folder, 'step.pem')],
          ...['--broker', `mqtts://127.0.0.1:${ends[0]!.port}`, '--broker-ca', certificates.ca],
          ...['--broker-cert', rolloutIdentity.cert, '--broker-key', rolloutIdentity.key],
        ];
        return spawn(process.execPath, ['--import', 'tsx', join(packageRoot, 'edge', 'main.ts'), ...args], {
          cwd: packageRoot,
          stdio: 'ignore',
        });
      };
      const kill = async (one: ChildProcess, signal: NodeJS.Signals) => {
        const ended = once(one, 'exit');
        one.kill(signal);
        await ended;
      };
      const written = () =>
        ask("SELECT branch, n, state, step FROM fleet_kept.orders WHERE bundle = 'again' ORDER BY branch");
      const first = child();
      await until(async () => (await written()).length === 40, 'what it writes', 30);
      await kill(first, 'SIGKILL');
      const before = await written();
      expect(heard.some(({ order }) => order.step.payload.includes('again'))).toBe(false);
      expect(await ask('SELECT FROM fleet_kept.orders WHERE said IS NOT NULL')).toEqual([]);
      await ends[0]!.mend();
      const second = child();
      await until(allTaken, 'what it says', 30);
      await kill(second, 'SIGTERM');
      await ends[0]!.cut();
      expect(await written()).toEqual(before);
      // Of all that was ever heard, one number to one branch meant one thing.
      const meant = new Map<string, string>();
      for (const { branch, order } of heard) {
        const { n, state, bundle } = JSON.parse(
          Buffer.from(order.step.payload, 'base64').toString(),
        ) as Record<string, unknown>;
        const key = `${branch} ${n}`;
        expect(meant.get(key) ?? `${bundle} ${state}`).toBe(`${bundle} ${state}`);
        meant.set(key, `${bundle} ${state}`);
      }
      expect(meant.size).toBeGreaterThanOrEqual(40 * 5);
    }, 90_000);

    it('are tried and gone by in the service itself, from the bank to what its console says', async () => {
      isReal = true;
      copyFileSync(demo.clip, join(folder, 'clip.mp4'));
      const written = readFileSync(demo.branchFile, 'utf8')
        .replace(/^branch: .*/m, 'branch: harbour')
        .replace('waitSeconds: 20, ', '');
      writeFileSync(join(folder, 'branch.yaml'), written);
      const service = startService(
        ...['run', '--branch', join(folder, 'branch.yaml'), '--data', join(folder, 'data'), '--threads', '1'],
        ...['--port', '0', '--broker', bridged.address, '--fleet'],
        ...['--settings-key', join(folder, 'installer.pub.pem')],
      );
      const url = (await service.says(/pages on (http:\/\/[\w.:]+)/, 60))[1]!;
      const [, token] = await service.says(/#token=(\S+)/);
      const own = async (path: string) => {
        const reply = await fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
        return (await reply.json()) as never;
      };
      rollouts = await startRollouts(runOptions);
      // Of two words of a branch the later one counts.
      await clock.advance(60);
      await changeRollout('again', 'undone', { database: database.url, why: 'another follows' });
      await rollouts.look();
      await until(allTaken, 'that it is undone', 30);
      await clock.advance(60);
      await begin('real');
      await rollouts.look();
      await until(async () => ((await own('shadow')) as ShadowPayload).shadow !== undefined, 'the trial', 30);
      await until(allTaken, 'what it says of it', 30);
      await goOn('real');
      expect(await phaseOf('real')).toBe('done 100 %');
      const { settings } = (await own('settings')) as SettingsPayload;
      expect(settings.find(({ path }) => path === 'queue.waitSeconds')).toMatchObject({
        value: 120,
        fromBank: { bundle: 'real', holds: true },
      });
      expect(readFileSync(join(folder, 'branch.yaml'), 'utf8')).toBe(written);
    }, 120_000);
  },
);
