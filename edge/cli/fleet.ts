import type { Logger } from 'pino';
import { LobbyError } from '../../src/contract/errors.ts';
import { type FleetMessage, fleetMessages, fleetTopic } from '../../src/contract/fleet.ts';
import { shiftDay } from '../../src/service/branch-days.ts';
import { startIngest } from '../fleet/ingest.ts';
import { migrate } from '../fleet/migrate.ts';
import { type FleetStore, openStore } from '../fleet/store.ts';
import { type StoreOptions, storeAddress } from '../fleet/store-address.ts';
import { systemClock } from '../system-clock.ts';
import { type BrokerOptions, openBrokerAddress } from './broker-address.ts';
import { dayOption } from './command.ts';
import { writers } from './journal.ts';
import { checkReach, type OpenOptions } from './reach.ts';

export interface IngestCommandOptions extends BrokerOptions, StoreOptions, OpenOptions {
  readonly clientId: string;
  readonly keepMonths: number;
  readonly log: Logger;
}

/** How often what has come is told in the log, if anything has. */
const tellEverySeconds = 60;

/** Takes what branches tell into PostgreSQL, until it is closed. */
export async function startFleetIngest(options: IngestCommandOptions) {
  const { log } = options;
  const warn = (sentence: string) => log.warn(sentence);
  const urls = (options.broker ?? '').split(',').filter((url) => url !== '');
  if (urls.length === 0)
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'broker',
      problem: 'it must be the address of a node of the cluster, or several with commas',
      value: options.broker ?? 'none',
    });
  // The same files and login for each of them.
  const first = (await openBrokerAddress({ ...options, broker: urls[0]! }, warn))!;
  const brokers = urls.map((url) => ({ ...first, url }));
  for (const broker of brokers)
    checkReach({ ...options, host: '127.0.0.1', hasLogins: false, broker, webhooks: [] }, warn);
  const address = storeAddress(options);
  if (address.isReadable)
    warn(`everything goes to ${address.shown} as it is, the password too: told so by --open-without-tls`);
  const open = async (onLost: () => void): Promise<FleetStore> => {
    const store = await openStore(address, onLost);
    try {
      for (const name of await migrate(store)) log.info(`the store was brought to ${name}`);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  };
  const ingest = await startIngest({
    brokers,
    clientId: options.clientId,
    openStore: open,
    keptMonths: options.keepMonths,
    clock: systemClock,
    onLink: (what, isThere, detail) => {
      if (isThere) log.info(`broker reached: ${detail}`);
      else warn(what === 'broker' ? `broker lost: ${detail}; trying again` : detail);
    },
    onRemark: warn,
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
    shown: address.shown,
    async close() {
      ending.abort();
      await ingest.close();
      log.info(`taken in: ${inWords(ingest.figures)}`);
    },
  };
}

const inWords = (figures: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(figures)
    .map(([what, messages]) => `${what} ${messages}`)
    .join(', ') || 'nothing';

export interface FleetReportOptions extends StoreOptions {
  readonly from?: string;
  readonly to?: string;
  readonly by: 'branch' | 'hour' | 'now' | 'messages';
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
 * may publish on its own topics beneath `fleet/` and read nothing, the store reads them of all and publishes nothing.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID`
 */
export function natsUsers(branches: readonly string[], store: string): string {
  const names = Object.keys(fleetMessages);
  const subjectsOf = (branch: string) =>
    names.map((name) =>
      fleetTopic(name as FleetMessage, branch)
        .replaceAll('/', '.')
        .replace('+', '*'),
    );
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
  return `users: [\n${user(store, [], [...subjectsOf('+'), '$MQTT.sub.>'])}${branches
    .map((branch) => user(branch, subjectsOf(branch), []))
    .join('')}]\n`;
}
