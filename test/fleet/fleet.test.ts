import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FleetReportOptions, fleetReportText, natsUsers } from '../../edge/cli/fleet.ts';
import { type FleetStore, openStore } from '../../edge/fleet/store.ts';
import { storeAddress } from '../../edge/fleet/store-address.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { fleetTopic } from '../../src/contract/fleet.ts';
import { topicsOf } from '../../src/contract/topics.ts';
import { mosquitto } from '../e2e/mosquitto.ts';
import { type Certificates, type Identity, makeCertificates, read } from '../peers/certificates.ts';
import { type NatsCluster, startNats } from '../peers/nats.ts';
import { type Postgres, startPostgres } from '../peers/postgres.ts';
import { absent, natsServer, openssl, postgres, titled } from '../peers/tools.ts';
import { type BridgedBranch, type Line, openLine, startBridgedBranch } from './bridged-branch.ts';
import { type IngestProcess, startIngestProcess } from './ingest-process.ts';
import { hoursBefore, madeUpDayOf, madeUpHour } from './made-up-fleet.ts';

const reason = absent(mosquitto, natsServer, postgres, openssl);
const now = Date.now();

describe.skipIf(reason)(titled('A fleet on a real Mosquitto, NATS and PostgreSQL', reason), () => {
  let certificates: Certificates;
  let harbourCertificate: Identity;
  let river: MqttClient;
  let cluster: NatsCluster;
  let database: Postgres;
  let store: FleetStore;
  let lines: readonly Line[];
  let branch: BridgedBranch;
  let ingest: IngestProcess;
  let args: readonly string[];
  let spy: MqttClient;
  const heard: string[] = [];
  const others: MqttClient[] = [];

  const connectAs = (identity: Identity, more: { clientId?: string } = {}) =>
    mqtt.connectAsync(`mqtts://127.0.0.1:${cluster.ports[0]}`, {
      ...read(identity),
      ca: readFileSync(certificates.ca),
      protocolVersion: 4,
      reconnectPeriod: 200,
      ...more,
    });
  const ask = async (sql: string) => (await store.ask(sql)).rows;
  const hoursOf = async (name: string) =>
    Number((await ask(`SELECT count(*) FROM fleet_kept.hours WHERE branch = '${name}'`))[0]![0]);
  const outcomes = async () =>
    Object.fromEntries(
      (await ask('SELECT outcome, messages::int FROM fleet.messages')).map(([a, b]) => [a, Number(b)]),
    );
  const until = async (isSo: () => Promise<boolean>, seconds = 40) => {
    for (const end = performance.now() + seconds * 1_000; !(await isSo()); ) {
      if (performance.now() > end)
        throw new Error(
          `it did not come so, with ${JSON.stringify(await outcomes())} and ${await hoursOf('river')} of river:\n${ingest.said.slice(-3_000)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const tell = (hours: readonly string[], name: string, by: MqttClient) =>
    Promise.all(
      hours.map((hour) =>
        by.publishAsync(fleetTopic('hour', name), JSON.stringify(madeUpHour(name, hour)), { qos: 1 }),
      ),
    );

  beforeAll(async () => {
    certificates = await makeCertificates();
    const storeCertificate = await certificates.clientNamed('lobby-fleet');
    harbourCertificate = await certificates.clientNamed('harbour');
    // Somebody who hears all that has come to the cluster, on whatever topic.
    const users = natsUsers(['harbour', 'river'], 'lobby-fleet').replace(
      /\]\n$/,
      '  { user: "CN=spy", permissions: { publish: "lobby.v1.spy.>", subscribe: ">" } }\n]\n',
    );
    [database, cluster] = await Promise.all([startPostgres(), startNats(certificates, [], { users })]);
    lines = await Promise.all(cluster.ports.map((port) => openLine(port)));
    args = [
      ...['--broker', cluster.ports.map((port) => `mqtts://127.0.0.1:${port}`).join(',')],
      ...['--broker-ca', certificates.ca],
      ...['--broker-cert', storeCertificate.cert, '--broker-key', storeCertificate.key],
      ...['--database', database.url],
    ];
    ingest = await startIngestProcess(args);
    store = await openStore(storeAddress({ database: database.url }));
    spy = await connectAs(await certificates.clientNamed('spy'));
    spy.on('message', (topic) => heard.push(topic));
    await spy.subscribeAsync('lobby/#', { qos: 1 });
    branch = await startBridgedBranch({
      branch: 'harbour',
      cluster: lines.map(({ port }) => port),
      ca: certificates.ca,
      identity: harbourCertificate,
    });
    river = await connectAs(await certificates.clientNamed('river'));
  }, 90_000);
  afterAll(async () => {
    for (const one of [...others, spy, river]) one?.end(true);
    await branch?.close();
    await ingest?.kill('SIGTERM');
    await store?.close();
    for (const line of lines ?? []) await line.cut();
    await cluster?.close();
    await database?.close();
    await certificates?.remove();
  });

  it("takes a branch's hours and days over its bridge, and nothing else of it", async () => {
    const topics = topicsOf('harbour');
    const [hour] = hoursBefore(now, 1);
    for (const topic of [
      topics.prompt,
      topics.lobby,
      topics.health,
      topics.report,
      'lobby/v1/harbour/people/hall',
    ])
      await branch.box.publishAsync(topic, '{}', { qos: 1 });
    const day = new Date(now - 2 * 86_400_000).toISOString().slice(0, 10);
    await branch.box.publishAsync(fleetTopic('day', 'harbour'), JSON.stringify(madeUpDayOf('harbour', day)), {
      qos: 1,
    });
    await tell([hour!], 'harbour', branch.box);
    await until(async () => (await hoursOf('harbour')) === 1);
    expect(
      await ask('SELECT came, in_time, never_met, share_in_time, waits, version FROM fleet.hours'),
    ).toEqual([['40', '35', '< 5', '0.875', '15', '0.1.0']]);
    expect(await ask('SELECT came, never_met, share_in_time, most_buzzes FROM fleet.days')).toEqual([
      ['320', '7', '0.906', '5'],
    ]);
    // Control: what comes to the cluster is heard, whatever it is.
    await spy.publishAsync('lobby/v1/spy/prompt', '{}', { qos: 1 });
    await until(async () => heard.includes('lobby/v1/spy/prompt'));
    const fromBranch = new Set(heard.filter((topic) => !topic.startsWith('lobby/v1/spy/')));
    expect(fromBranch).toEqual(new Set([fleetTopic('hour', 'harbour'), fleetTopic('day', 'harbour')]));
    // With another listener NATS 2.9.10 does not always bring again what a killed store had not acknowledged: see
    // docs/fleet.md, which wants the store to be the only one.
    await spy.endAsync();
  });

  it('loses nothing of a day on which the line was down, also where what keeps it was killed, and has nothing twice', async () => {
    for (const line of lines) await line.cut();
    const before = await outcomes();
    // A day of telling: each hour four times as it is known by then, a report, and a word on how it is all the while.
    const hours = hoursBefore(now, 24, 4);
    await tell(hours, 'harbour', branch.box);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await branch.killUplink();
    for (const hour of hours) {
      const later = madeUpHour('harbour', hour, { at: new Date(now).toISOString(), came: 45 });
      await branch.box.publishAsync(fleetTopic('hour', 'harbour'), JSON.stringify(later), { qos: 1 });
      await branch.box.publishAsync(fleetTopic('state', 'harbour'), '{}', { qos: 0 });
    }
    expect(await hoursOf('harbour')).toBe(1);
    for (const line of lines) await line.mend();
    await until(async () => (await hoursOf('harbour')) === 25);
    await until(
      async () => (await ask('SELECT count(*) FROM fleet_kept.hours WHERE came = 45'))[0]![0] === '24',
    );
    const after = await outcomes();
    expect(after.taken! - before.taken!).toBe(48);
    // What says only how it is now has not waited, but for what went into an attempt to connect.
    expect(after.unfit ?? 0).toBeLessThan(12);
  });

  it('lets prompts through while what is on the way to the bank hangs, and goes on with it after', async () => {
    const { prompt } = topicsOf('harbour');
    const prompts: string[] = [];
    branch.box.on('message', (_, payload) => prompts.push(payload.toString()));
    await branch.box.subscribeAsync(prompt, { qos: 1 });
    branch.pauseUplink(true);
    await tell(hoursBefore(now, 1, 29), 'harbour', branch.box);
    await branch.box.publishAsync(prompt, '"now"', { qos: 1 });
    await until(async () => prompts.length === 1, 5);
    branch.pauseUplink(false);
    await until(async () => (await hoursOf('harbour')) === 26);
  });

  it('loses nothing when the store is killed in the middle, and has nothing twice', async () => {
    const hours = hoursBefore(now, 300, 30);
    const telling = tell(hours, 'river', river);
    await until(async () => (await hoursOf('river')) > 20);
    await ingest.kill('SIGKILL');
    const had = await hoursOf('river');
    await telling;
    ingest = await startIngestProcess(args);
    await until(async () => (await hoursOf('river')) === 300);
    expect(had).toBeLessThan(300);
    const [[sum]] = (await ask("SELECT sum(came) FROM fleet_kept.hours WHERE branch = 'river'")) as [
      [string],
    ];
    expect(Number(sum)).toBe(300 * 40);
  });

  it('waits for a database that is restarted, and goes on where it was', async () => {
    await store.close();
    const hours = hoursBefore(now, 200, 400);
    await database.stop();
    await tell(hours, 'river', river);
    await until(async () => ingest.said.includes('store was lost'));
    await database.start();
    store = await openStore(storeAddress({ database: database.url }));
    await until(async () => (await hoursOf('river')) === 500);
  });

  it('goes on with two nodes of three, wherever branch and store were', async () => {
    const nodeOfStore = () => {
      const lastSaid = cluster.ports.map((port) => ingest.said.lastIndexOf(`:${port}`));
      return lastSaid.indexOf(Math.max(...lastSaid));
    };
    const before = await hoursOf('harbour');
    const node = nodeOfStore();
    await cluster.kill(node);
    await lines[node]!.cut();
    await tell(hoursBefore(now, 50, 700), 'harbour', branch.box);
    await until(async () => (await hoursOf('harbour')) === before + 50);
  });

  it('refuses and counts what lies, is too large, is no message or was said before, and goes on', async () => {
    const liar = await connectAs(harbourCertificate, { clientId: 'liar' });
    others.push(liar);
    const before = await outcomes();
    const [hour] = hoursBefore(now, 1);
    const say = (payload: string, message: 'hour' | 'day' = 'hour') =>
      liar.publishAsync(fleetTopic(message, 'harbour'), payload, { qos: 1 });
    await say(JSON.stringify(madeUpHour('river', hour!)));
    await say('{"v":1');
    await say(JSON.stringify({ ...madeUpHour('harbour', hour!), face: 'seen' }));
    await say(JSON.stringify({ ...madeUpHour('harbour', hour!), came: 3 }));
    await say(JSON.stringify({ ...madeUpHour('harbour', hour!), timezone: 'Nowhere/Else' }));
    await say(' '.repeat(40_000));
    await say(JSON.stringify(madeUpHour('harbour', hour!)));
    await say(JSON.stringify(madeUpHour('harbour', hour!, { at: '2099-01-01T00:00:00.000Z' })));
    await say(JSON.stringify(madeUpHour('harbour', '2019-01-01T00:00:00.000Z')));
    // On a topic of another branch the cluster does not let it through.
    await liar
      .publishAsync(fleetTopic('hour', 'river'), JSON.stringify(madeUpHour('river', hour!)), { qos: 1 })
      .catch(() => undefined);
    await until(async () => (await outcomes())['too-old'] === 1);
    const after = await outcomes();
    const more = (outcome: string) => (after[outcome] ?? 0) - (before[outcome] ?? 0);
    expect(
      Object.fromEntries(
        ['other-branch', 'not-json', 'unfit', 'too-large', 'known', 'ahead', 'too-old', 'taken'].map(
          (one) => [one, more(one)],
        ),
      ),
    ).toEqual({
      'other-branch': 1,
      'not-json': 1,
      unfit: 3,
      'too-large': 1,
      known: 1,
      ahead: 1,
      'too-old': 1,
      taken: 0,
    });
    const logs = cluster.ports.map((_, node) => cluster.logOf(node)).join('');
    expect(logs).toMatch(/Publish Violation.*lobby\.v1\.river\.fleet\.hour/);
    await tell(hoursBefore(now, 1, 800), 'harbour', branch.box);
    await until(async () => (await hoursOf('harbour')) === 77);
  });

  it('lets nobody in whose certificate another authority signed, or whom it does not know', async () => {
    for (const identity of [certificates.stranger, certificates.client])
      await expect(
        mqtt.connectAsync(
          `mqtts://127.0.0.1:${cluster.ports[1]}`,
          {
            ...read(identity),
            ca: readFileSync(certificates.ca),
            protocolVersion: 4,
            reconnectPeriod: 0,
            connectTimeout: 3_000,
          },
          false,
        ),
      ).rejects.toThrow();
  });

  it('tells of all branches, the slowest to greet first, as a table, CSV and JSON', async () => {
    const main = join(packageRoot, 'edge', 'main.ts');
    const command = ['--import', 'tsx', main, 'fleet', 'report', '--database', database.url];
    const told = execFileSync(process.execPath, [...command, '--format', 'json'], { encoding: 'utf8' });
    const rows = JSON.parse(told) as Record<string, unknown>[];
    expect(rows.map(({ branch: name }) => name)).toEqual(['harbour', 'river']);
    expect(rows[0]).toMatchObject({
      days: 1,
      came: '320',
      share_in_time: 0.906,
      never_met: '7',
      version: '0.1.0',
    });
    const report = (more: Pick<FleetReportOptions, 'by' | 'format'>) =>
      fleetReportText({ database: database.url, ...more });
    expect((await report({ by: 'branch', format: 'table' })).split('\n')[0]).toMatch(/^branch +state +days/);
    expect(await report({ by: 'messages', format: 'csv' })).toMatch(/^outcome,messages\r\n/);
  });
});
