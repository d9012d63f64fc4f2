import type { Logger } from 'pino';
import { LobbyError } from '../../src/contract/errors.ts';
import { type FleetMessage, fleetMessages, fleetTopic } from '../../src/contract/fleet.ts';
import { settingsTopic } from '../../src/contract/fleet-settings.ts';
import { shiftDay } from '../../src/service/branch-days.ts';
import type { BrokerAddress } from '../brokers/dial.ts';
import { startIngest } from '../fleet/ingest.ts';
import { migrate } from '../fleet/migrate.ts';
import { type FleetStore, openStore } from '../fleet/store.ts';
import { type StoreAddress, type StoreOptions, storeAddress } from '../fleet/store-address.ts';
import { systemClock } from '../system-clock.ts';
import { type BrokerOptions, openBrokerAddress } from './broker-address.ts';
import { dayOption } from './command.ts';
import { writers } from './journal.ts';
import { checkReach, type OpenOptions } from './reach.ts';
import type { Remark } from './secret-files.ts';

export interface IngestCommandOptions extends LinkOptions {
  readonly clientId: string;
  readonly keepMonths: number;
}

/** How often what has come is told in the log, if anything has. */
const tellEverySeconds = 60;

/** Takes what branches tell into PostgreSQL, until it is closed. */
export async function startFleetIngest(options: IngestCommandOptions) {
  const { log } = options;
  const { shown, links } = await fleetLinks(options);
  const ingest = await startIngest({
    ...links,
    clientId: options.clientId,
    keptMonths: options.keepMonths,
    clock: systemClock,
  });
  const ending = new AbortController();
  void (async () => {
    let told = '';
    while (!ending.signal.aborted) {
      await systemClock.sleep(tellEverySeconds, ending.signal);
      const now = JSON.stringify(ingest.figures);
      if (now !== told) log.info(`since the start: ${inWords(ingest.figures)}`);
      told = now;
    }
  })();
  return {
    shown,
    async close() {
      ending.abort();
      await ingest.close();
      log.info(`taken in: ${inWords(ingest.figures)}`);
    },
  };
}

export interface LinkOptions extends BrokerOptions, StoreOptions, OpenOptions {
  readonly log: Logger;
}

/**
 * Between which two a command of the bank stands that runs on, the cluster and the store, and how its log tells of both.
 *
 * @returns where the store is, as it may be shown; and what `startIngest` and `startRollouts` are given of it
 * @throws {LobbyError} `LOBBY_OPTION_INVALID`, `LOBBY_FILE_*`, `LOBBY_BROKER_WITHOUT_*`, `LOBBY_STORE_*`
 */
export async function fleetLinks(options: LinkOptions) {
  const { log } = options;
  const warn = (sentence: string) => log.warn(sentence);
  const brokers = await brokersOf(options, warn);
  const address = storeAddress(options);
  if (address.isReadable)
    warn(`everything goes to ${address.shown} as it is, the password too: told so by --open-without-tls`);
  return {
    shown: address.shown,
    links: {
      brokers,
      openStore: (onLost: () => void) =>
        openFleetStore(address, onLost, (name) => log.info(`the store was brought to ${name}`)),
      onLink(what: 'broker' | 'store', isThere: boolean, detail: string) {
        if (isThere) log.info(`broker reached: ${detail}`);
        else warn(what === 'broker' ? `broker lost: ${detail}; trying again` : detail);
      },
      onRemark: warn,
    },
  };
}

/**
 * The nodes of a cluster, each with the same files and login.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID`, `LOBBY_FILE_*`, `LOBBY_BROKER_WITHOUT_*`
 */
export async function brokersOf(
  options: BrokerOptions & OpenOptions,
  warn: Remark,
): Promise<readonly BrokerAddress[]> {
  const urls = (options.broker ?? '').split(',').filter((url) => url !== '');
  if (urls.length === 0)
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'broker',
      problem: 'it must be the address of a node of the cluster, or several with commas',
      value: options.broker ?? 'none',
    });
  const first = (await openBrokerAddress({ ...options, broker: urls[0]! }, warn))!;
  const brokers = urls.map((url) => ({ ...first, url }));
  for (const broker of brokers)
    checkReach({ ...options, host: '127.0.0.1', hasLogins: false, broker, webhooks: [] }, warn);
  return brokers;
}

/** A connection to the store, in the form of this version. */
export async function openFleetStore(
  address: StoreAddress,
  onLost?: () => void,
  onStep?: (name: string) => void,
): Promise<FleetStore> {
  const store = await openStore(address, onLost);
  try {
    for (const name of await migrate(store)) onStep?.(name);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

const inWords = (figures: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(figures)
    .map(([what, messages]) => `${what} ${messages}`)
    .join(', ') || 'nothing';

export interface FleetReportOptions extends StoreOptions {
  readonly from?: string;
  readonly to?: string;
  readonly by: 'branch' | 'hour' | 'now' | 'messages' | 'settings';
  readonly format: 'table' | 'csv' | 'json';
}

/** What is asked of the store, each with a first and a last day. */
export const fleetQuestions: Readonly<Record<FleetReportOptions['by'], string>> = {
  branch: `SELECT s.branch, b.state, s.days, s.came, s.share_in_time, s.never_met, s.share_never_met, s.waits,
  s.wait_p90_seconds, s.blind_hours, s.off_hours, s.buzzes, s.most_buzzes, s.latency_p95_seconds, s.version
FROM fleet.sums($1, $2) s LEFT JOIN fleet.branches b USING (branch)
ORDER BY s.share_in_time NULLS LAST, s.branch`,
  hour: 'SELECT * FROM fleet.sums_by_hour($1, $2) ORDER BY branch, hour_of_day',
  now: `SELECT branch, state, heard, cameras_live, cameras, array_to_string(troubles, ' ') AS troubles, nobody_on_duty,
  latency_p95_seconds, version
FROM fleet.branches WHERE $1::date <= $2::date ORDER BY state = 'ok', branch`,
  messages: `SELECT outcome, sum(messages) AS messages FROM fleet.messages WHERE day BETWEEN $1 AND $2
GROUP BY outcome ORDER BY outcome`,
  settings: `SELECT branch, branch_group AS "group", told, told_state, is_taken, in_force, array_to_string(own, ' ') AS own,
  refused, refused_why, version
FROM fleet.settings WHERE $1::date <= $2::date ORDER BY is_taken, branch`,
};

/** Tells of all branches what the store has: the slowest to greet first. */
export async function fleetReport(options: FleetReportOptions): Promise<void> {
  process.stdout.write(await fleetReportText(options));
}

/** @throws {LobbyError} `LOBBY_OPTION_INVALID`, `LOBBY_STORE_*` */
export async function fleetReportText(options: FleetReportOptions): Promise<string> {
  const today = new Date(systemClock.now() * 1_000).toISOString().slice(0, 10);
  const to = dayOption('to', options.to ?? today);
  const from = dayOption('from', options.from ?? shiftDay(to, -6));
  const store = await openStore(storeAddress(options));
  try {
    const { columns, rows } = await store.ask(fleetQuestions[options.by], [from, to]);
    return writers[options.format]({
      columns: columns.map(({ name, type }) => ({ name, type: isNumber(type) })),
      // Figures as numbers, and what is told in words as it is.
      rows: rows.map((row) =>
        row.map((value, i) => (columns[i]!.type === 'NUMERIC' && value !== null ? Number(value) : value)),
      ),
      isCut: false,
    });
  } finally {
    await store.close();
  }
}

const isNumber = (type: string) => (type === 'NUMERIC' ? 'DOUBLE' : 'VARCHAR');

/** Brings the store to the form that this version knows. */
export async function migrateFleet(options: StoreOptions): Promise<void> {
  const address = storeAddress(options);
  const store = await openStore(address);
  try {
    const steps = await migrate(store);
    console.log(steps.length === 0 ? 'nothing was to be done' : `made: ${steps.join(', ')}`);
  } finally {
    await store.close();
  }
}

/**
 * Users of a NATS cluster, each by the common name of its certificate, to be included in the servers' settings: a branch
 * may publish on its own topics beneath `fleet/` and read its own settings, the store reads what branches publish, and
 * whoever steps settings publishes those alone.
 *
 * `$MQTT.sub.>` is what NATS brings messages of QoS 1 by, to a name that it makes for each session. Branches are without
 * it and read at QoS 0, or each would be a consumer on three disks: a thousand take two thirds of a processor at rest.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID`
 */
export function natsUsers(branches: readonly string[], store: string, rollout = 'lobby-rollout'): string {
  const names = Object.keys(fleetMessages);
  const subjectOf = (topic: string) => topic.replaceAll('/', '.').replace('+', '*');
  const subjectsOf = (branch: string) =>
    names.map((name) => subjectOf(fleetTopic(name as FleetMessage, branch)));
  const user = (name: string, publish: readonly string[], subscribe: readonly string[]) => {
    if (!/^[a-z0-9-]{1,40}$/.test(name))
      throw new LobbyError('LOBBY_OPTION_INVALID', {
        option: 'branches',
        problem: 'each is small letters, digits and hyphens, 40 at most',
        value: name,
      });
    const may = (subjects: readonly string[]) =>
      subjects.length === 0 ? '{ deny: ">" }' : `{ allow: ${JSON.stringify(subjects)} }`;
    return `  { user: "CN=${name}", permissions: { publish: ${may(publish)}, subscribe: ${may(subscribe)} } }\n`;
  };
  return `users: [\n${user(store, [], [...subjectsOf('+'), '$MQTT.sub.>'])}${user(
    rollout,
    [subjectOf(settingsTopic('+'))],
    [],
  )}${branches
    .map((branch) => user(branch, subjectsOf(branch), [subjectOf(settingsTopic(branch))]))
    .join('')}]\n`;
}
