import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import mqtt, { type MqttClient } from 'mqtt';
import { openStore } from '../../edge/fleet/store.ts';
import { storeAddress } from '../../edge/fleet/store-address.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { fleetTopic } from '../../src/contract/fleet.ts';
import { startIngestProcess } from '../fleet/ingest-process.ts';
import { hoursBefore, madeUpHour } from '../fleet/made-up-fleet.ts';
import { type Identity, makeCertificates, read } from '../peers/certificates.ts';
import { addNetwork } from '../peers/namespaces.ts';
import { startNats } from '../peers/nats.ts';
import { startPostgres } from '../peers/postgres.ts';
import { whereAndWhen } from './machine.ts';

/**
 * Many branches against a cluster of three nodes and a PostgreSQL, all on this machine: each a client of its own with
 * its own certificate, session and TLS, telling hours as a box does. The nodes have networks of their own, so that they
 * can be parted; it takes root.
 *
 *     npm run bench:fleet -- --branches 1000 --hours 24
 */
const { values } = parseArgs({
  options: {
    branches: { type: 'string', default: '1000' },
    hours: { type: 'string', default: '24' },
    'a-second': { type: 'string', default: '50' },
    seconds: { type: 'string', default: '60' },
    save: { type: 'boolean', default: false },
  },
});
const count = Number(values.branches);
const hours = Number(values.hours);
const perSecond = Number(values['a-second']);
const steadySeconds = Number(values.seconds);

const names = Array.from({ length: count }, (_, i) => `branch-${i}`);
const network = addNetwork(3);
const certificates = await makeCertificates(network.machines.map(({ address }) => address));
const own = await certificates.clientNamed('lobby-fleet');
const identities: Identity[] = [];
for (let from = 0; from < count; from += 4)
  identities.push(...(await Promise.all(names.slice(from, from + 4).map(certificates.clientNamed))));
console.error(`${count} certificates made`);
const database = await startPostgres();
const cluster = await startNats(certificates, names, { ackWait: '10s', machines: network.machines });
const args = [
  ...['--broker', cluster.addresses.map(({ host, port }) => `mqtts://${host}:${port}`).join(',')],
  ...['--broker-ca', certificates.ca, '--broker-cert', own.cert, '--broker-key', own.key],
  ...['--database', database.url],
];
const ingest = await startIngestProcess(args);
let store = await openStore(storeAddress({ database: database.url }));
const ask = async (sql: string) => (await store.ask(sql)).rows;
const rowsThere = async () => Number((await ask('SELECT count(*) FROM fleet_kept.hours'))[0]![0]);
const rest = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
const until = async (rows: number) => {
  for (const end = performance.now() + 900_000; (await rowsThere()) < rows; await rest(0.2))
    if (performance.now() > end)
      throw new Error(`${await rowsThere()} of ${rows} came: ${ingest.said.slice(-2_000)}`);
};

const clients: MqttClient[] = [];
const ca = readFileSync(certificates.ca);
const linking = performance.now();
// Some at once: a TLS handshake takes this machine's processors on both of its sides.
for (let from = 0; from < count; from += 20) {
  clients.push(
    ...(await Promise.all(
      names.slice(from, from + 20).map((name, i) => {
        const first = (from + i) % cluster.addresses.length;
        const nodes = [...cluster.addresses.slice(first), ...cluster.addresses.slice(0, first)];
        return mqtt.connectAsync({
          protocol: 'mqtts',
          servers: nodes.map((node) => ({ ...node, protocol: 'mqtts' as const })),
          ...read(identities[from + i]!),
          ca,
          clientId: name,
          protocolVersion: 4,
          clean: false,
          keepalive: 60,
          reconnectPeriod: 500,
          connectTimeout: 30_000,
        });
      }),
    )),
  );
}
const linkSeconds = (performance.now() - linking) / 1_000;
console.error(`${count} branches linked in ${linkSeconds.toFixed(1)} s`);

let told = 0;
const now = Date.now();
const tell = async (i: number, hour: string) => {
  const message = madeUpHour(names[i]!, hour, { at: new Date().toISOString() });
  await clients[i]!.publishAsync(fleetTopic('hour', names[i]!), JSON.stringify(message), { qos: 1 });
  told += 1;
};
const memory = () => {
  const rss = (pid: number | undefined) => {
    if (pid === undefined) return 0;
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1_000;
    } catch {
      return 0;
    }
  };
  const children = (pid: number | undefined): number[] =>
    readdirSync('/proc').flatMap((one) => {
      if (!/^\d+$/.test(one)) return [];
      try {
        const parent = Number(readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
        return parent === pid ? [Number(one)] : [];
      } catch {
        return [];
      }
    });
  return {
    nodesMegabytes: cluster.ports.map((_, node) => Math.round(rss(cluster.pidOf(node)))),
    ingestMegabytes: Math.round(rss(ingest.pid)),
    postgresMegabytes: Math.round(
      [database.pid()!, ...children(database.pid())].reduce((sum, pid) => sum + rss(pid), 0),
    ),
  };
};
const lags = async (where: string) => {
  const [[middle, p95, most]] = (await ask(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY s), percentile_cont(0.95) WITHIN GROUP (ORDER BY s), max(s)
     FROM (SELECT extract(epoch FROM heard - at) AS s FROM fleet_kept.hours WHERE ${where}) lag`,
  )) as [[string, string, string]];
  const ms = (seconds: string) => Math.round(Number(seconds) * 1_000);
  return { p50Ms: ms(middle), p95Ms: ms(p95), mostMs: ms(most) };
};
/** Messages at an even pace, round and round the branches. */
async function steadily(hour: string, seconds: number) {
  const going: Promise<void>[] = [];
  const begun = performance.now();
  const wanted = Math.min(count, perSecond * seconds);
  for (let n = 0; n < wanted; n += 1) {
    const wait = begun + (n / perSecond) * 1_000 - performance.now();
    if (wait > 0) await rest(wait / 1_000);
    going.push(tell(n, hour));
  }
  await Promise.all(going);
  return wanted;
}

const list = hoursBefore(now, hours + 5, 3);
// Evenly, as on any day.
const [even, cut, gone, still, parted] = list as [string, string, string, string, string];
await steadily(even, steadySeconds);
await until(told);
const steady = { aSecond: perSecond, messages: told, ...(await lags(`hour = '${even}'`)) };
console.error('evenly', steady);

// A node is killed in the middle.
const beforeKill = told;
const killing = rest(2).then(async () => cluster.kill(2));
await steadily(cut, steadySeconds);
await killing;
await until(told);
const nodeKilled = { aSecond: perSecond, messages: told - beforeKill, ...(await lags(`hour = '${cut}'`)) };
await cluster.start(2);
console.error('a node was killed', nodeKilled, ingest.said.slice(-1_500));

// The database is restarted in the middle.
const beforeStop = told;
const stopping = rest(2).then(async () => {
  await store.close();
  await database.stop();
  await rest(5);
  await database.start();
  store = await openStore(storeAddress({ database: database.url }));
});
await steadily(gone, steadySeconds);
await stopping;
await until(told);
const storeRestarted = {
  aSecond: perSecond,
  messages: told - beforeStop,
  ...(await lags(`hour = '${gone}'`)),
};
console.error('the database was restarted', storeRestarted);

// A node stands still in the middle, and nobody is told: as one that a network has cut off from the others.
const beforePause = told;
const pausing = rest(2).then(async () => {
  process.kill(cluster.pidOf(0)!, 'SIGSTOP');
  await rest(15);
  process.kill(cluster.pidOf(0)!, 'SIGCONT');
});
await steadily(still, steadySeconds);
await pausing;
await until(told);
const nodePaused = { aSecond: perSecond, messages: told - beforePause, ...(await lags(`hour = '${still}'`)) };
console.error('a node stood still', nodePaused);

// One node is parted from the other two, and all three go on: branches of either side still reach theirs.
const beforePart = told;
const parting = rest(2).then(async () => {
  network.part(1);
  await rest(30);
  network.join();
});
await steadily(parted, steadySeconds);
await parting;
await until(told);
const nodeParted = {
  aSecond: perSecond,
  messages: told - beforePart,
  ...(await lags(`hour = '${parted}'`)),
};
console.error('a node was parted from the others', nodeParted);

// All lines come back after a day: each branch tells what it has, as fast as the cluster takes it.
const beforeStorm = told;
const storming = performance.now();
await Promise.all(
  names.map(async (_, i) => {
    for (const hour of list.slice(5)) await tell(i, hour);
  }),
);
const toldSeconds = (performance.now() - storming) / 1_000;
const during = memory();
await until(told);
const takenSeconds = (performance.now() - storming) / 1_000;
const messages = told - beforeStorm;
const storm = {
  messages,
  toCluster: { seconds: Math.round(toldSeconds), aSecond: Math.round(messages / toldSeconds) },
  toStore: { seconds: Math.round(takenSeconds), aSecond: Math.round(messages / takenSeconds) },
};
console.error('all at once', storm);

const outcomes = Object.fromEntries(
  (await ask('SELECT outcome, messages FROM fleet.messages')).map(([outcome, n]) => [outcome, Number(n)]),
);
const [[size]] = (await ask(
  "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'fleet_kept' AND relkind = 'r'",
)) as [[string]];
const asking = performance.now();
await ask(`SELECT * FROM fleet.sums('${list.at(-1)!.slice(0, 10)}', '${list[0]!.slice(0, 10)}')`);
const result = {
  ...whereAndWhen(),
  branches: count,
  linkedASecond: Math.round(count / linkSeconds),
  steady,
  nodeKilled,
  storeRestarted,
  nodePaused,
  nodeParted,
  storm,
  told,
  there: await rowsThere(),
  lost: told - (await rowsThere()),
  /** Came twice, and changed nothing. */
  twice: outcomes.known ?? 0,
  refused: Object.keys(outcomes).filter((one) => !['taken', 'known'].includes(one)),
  memory: { during, after: memory() },
  bytesAnHour: Math.round(Number(size) / told),
  reportMs: Math.round(performance.now() - asking),
};
console.log(JSON.stringify(result, null, 2));
if (values.save)
  writeFileSync(join(packageRoot, 'test', 'bench', 'fleet.json'), `${JSON.stringify(result, null, 2)}\n`);
for (const client of clients) client.end(true);
await ingest.kill('SIGTERM');
await store.close();
await cluster.close();
await database.close();
await certificates.remove();
network.close();
process.exit(0);
