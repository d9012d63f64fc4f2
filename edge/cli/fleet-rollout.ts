import { userInfo } from 'node:os';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  pauseRollout,
  type RolloutPlan,
  resumeRollout,
  rolloutDefaults,
  undoRollout,
} from '../../src/core/rollout/rollout.ts';
import { problemOfValues, readBundle, stepType } from '../fleet/bundle.ts';
import { beginRolloutIn, changeRolloutIn, rolloutPlanSchema } from '../fleet/rollout-store.ts';
import { type RunningRollouts, startRollouts } from '../fleet/run-rollouts.ts';
import { privateKeyIn, publicKeyOf, publicKeysIn, sign } from '../fleet/signed.ts';
import { openStore } from '../fleet/store.ts';
import { type StoreOptions, storeAddress } from '../fleet/store-address.ts';
import { systemClock } from '../system-clock.ts';
import { readText } from './files.ts';
import { fleetLinks, type LinkOptions, openFleetStore } from './fleet.ts';
import { describeBundle } from './fleet-bundle.ts';
import { writers } from './journal.ts';
import { readSecretText } from './secret-files.ts';

/** Who asks, for the record: a name, and no proof. */
const whoAsks = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
};

/** Percentages, hours and bounds as they are given on the command line; absent: the usual ones. */
export interface PlanOptions {
  readonly shares?: readonly number[];
  readonly leastBranches?: number;
  readonly leastHours?: readonly number[];
  readonly leastCustomers?: number;
  readonly mostDays?: number;
  readonly beforeDays?: number;
  /** `inTime=0.03` */
  readonly bound: readonly string[];
}

/** @throws {LobbyError} `LOBBY_OPTION_INVALID` */
export function planOf(options: PlanOptions): RolloutPlan {
  const refuse = (option: string, problem: string, value: string) =>
    new LobbyError('LOBBY_OPTION_INVALID', { option, problem, value });
  const names = Object.keys(rolloutDefaults.bounds);
  const bounds = Object.fromEntries(
    options.bound.map((one) => {
      const [, name, value] = /^(\w+)=([\d.]+)$/.exec(one) ?? [];
      if (name === undefined || !names.includes(name))
        throw refuse('bound', `it must be one of ${names.join(', ')}, and a number`, one);
      return [name, Number(value)];
    }),
  );
  const shares = options.shares?.map((one) => one / 100) ?? rolloutDefaults.shares;
  const { leastHours, bound: _, shares: __, ...more } = options;
  const plan = rolloutPlanSchema.safeParse({
    ...rolloutDefaults,
    ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)),
    shares,
    leastHours: hoursFor(shares.length, leastHours),
    bounds: { ...rolloutDefaults.bounds, ...bounds },
  });
  if (plan.success) return plan.data;
  const [issue] = plan.error.issues;
  const [field, name] = issue!.path.map(String) as [string, string?];
  const option =
    field === 'bounds' ? 'bound' : field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw refuse(option, issue!.message, field === 'bounds' ? name! : JSON.stringify(options[field as never]));

  /** One for the shadow and one for each share. */
  function hoursFor(steps: number, given: readonly number[] | undefined): readonly number[] {
    if (given === undefined) {
      const [shadow, ...rest] = rolloutDefaults.leastHours;
      return [shadow!, ...Array<number>(steps - 1).fill(rest[0]!), rest.at(-1)!];
    }
    if (given.length === steps + 1) return given;
    const problem = `it must be ${steps + 1} numbers: for the shadow, and for each share`;
    throw refuse('least-hours', problem, given.join(','));
  }
}

export interface BeginOptions extends StoreOptions, PlanOptions {
  /** PEM: the public keys of whoever installs; a bundle that none of them signed is not begun. */
  readonly installerKey: string;
}

/**
 * Takes a signed bundle into the store: `lobby fleet rollout run` tells it to branches from then on.
 *
 * @returns what it is, for people
 * @throws {LobbyError} `LOBBY_FILE_*`, `LOBBY_OPTION_INVALID`, `LOBBY_STORE_*`, `LOBBY_ROLLOUT_REFUSED`
 */
export async function beginRolloutOf(file: string, options: BeginOptions): Promise<string> {
  const { database: _, databaseCa: __, openWithoutTls: ___, installerKey, ...planOptions } = options;
  const plan = planOf(planOptions);
  const now = systemClock.now();
  const read = readBundle(await readText(file), file);
  const refuse = (problem: string) =>
    new LobbyError('LOBBY_ROLLOUT_REFUSED', { what: 'begin', bundle: read.bundle.bundle, problem });
  const installers = publicKeysIn(await readText(installerKey), installerKey);
  if (!installers.includes(read.signedBy))
    throw refuse(
      `it is signed by ${read.signedBy}, which ${installerKey} does not hold: no branch would take it`,
    );
  const problem = problemOfValues(read.bundle.set);
  if (problem !== undefined) throw refuse(problem);
  if (Date.parse(read.bundle.expiresAt) <= now * 1_000)
    throw refuse(`it expired at ${read.bundle.expiresAt}`);
  const store = await openFleetStore(storeAddress(options));
  try {
    await beginRolloutIn(store, read, plan, whoAsks(), now);
  } finally {
    await store.close();
  }
  return describeBundle(read, now);
}

/** @throws {LobbyError} `LOBBY_STORE_*`, `LOBBY_ROLLOUT_REFUSED` */
export async function changeRollout(
  bundle: string,
  what: 'paused' | 'resumed' | 'undone',
  options: StoreOptions & { readonly why: string },
): Promise<void> {
  const now = systemClock.now();
  const change = {
    paused: pauseRollout,
    resumed: (state: Parameters<typeof resumeRollout>[0]) => resumeRollout(state, now),
    undone: undoRollout,
  }[what];
  const store = await openFleetStore(storeAddress(options));
  try {
    await changeRolloutIn(store, bundle, { what, by: whoAsks(), why: options.why, change }, now);
  } finally {
    await store.close();
  }
}

const statusSql = `SELECT bundle, phase, step, since::timestamptz(0), shadow, live, undone, taken, judgement
FROM fleet.rollouts ORDER BY serial DESC`;
const historySql =
  'SELECT at::timestamptz(0), what, step, by_whom, why FROM fleet.rollout_history WHERE bundle = $1 ORDER BY nth';

/** Of all bundles how far each has come, or of one what was decided and why. */
export async function rolloutStatus(
  bundle: string | undefined,
  options: StoreOptions & { readonly format: keyof typeof writers },
): Promise<string> {
  const store = await openStore(storeAddress(options));
  try {
    const { columns, rows } =
      bundle === undefined ? await store.ask(statusSql) : await store.ask(historySql, [bundle]);
    return writers[options.format]({
      columns: columns.map(({ name, type }) => ({ name, type: type === 'NUMERIC' ? 'DOUBLE' : 'VARCHAR' })),
      rows: rows.map((row) =>
        row.map((value, i) => (columns[i]!.type === 'NUMERIC' && value !== null ? Number(value) : value)),
      ),
      isCut: false,
    });
  } finally {
    await store.close();
  }
}

export interface RunRolloutsCommandOptions extends LinkOptions {
  readonly stepKey: string;
  readonly clientId: string;
  readonly judgeEverySeconds: number;
}

/** Steps bundles towards their branches, until it is closed. */
export async function startFleetRollouts(
  options: RunRolloutsCommandOptions,
): Promise<RunningRollouts & { readonly shown: string }> {
  const { shown, links } = await fleetLinks(options);
  const key = privateKeyIn(await readSecretText(options.stepKey, links.onRemark), options.stepKey);
  const rollouts = await startRollouts({
    ...links,
    clientId: options.clientId,
    sign: (step) => sign(stepType, Buffer.from(JSON.stringify(step)), key),
    stepKey: publicKeyOf(key),
    judgeEverySeconds: options.judgeEverySeconds,
    clock: systemClock,
  });
  return Object.assign(rollouts, { shown });
}
