import { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  type SettingsBundle,
  type SettingsOrder,
  type SettingsStep,
  type Signed,
  signedSchema,
} from '../../src/contract/fleet-settings.ts';
import { noSums, type Sums } from '../../src/core/rollout/fall.ts';
import {
  beginRollout,
  type Judgement,
  judgeRollout,
  type RolloutEvidence,
  type RolloutFigure,
  type RolloutPlan,
  type RolloutState,
  rolloutFigures,
  shareOfStep,
  stepName,
} from '../../src/core/rollout/rollout.ts';
import { toLetIn } from '../../src/core/rollout/whose-turn.ts';
import type { Seconds } from '../../src/core/units.ts';
import { toMoment } from '../../src/service/wire.ts';
import type { FleetStore } from './store.ts';

const share = z.number().min(0).max(1);
/** A plan as it is kept. */
export const rolloutPlanSchema = z.strictObject({
  shares: z
    .array(share)
    .min(1)
    .max(10)
    .refine(
      (all) => all.every((one, i) => one > (all[i - 1] ?? 0)),
      'each share must be more than the one before',
    )
    .refine((all) => all.at(-1) === 1, 'the last share must be all branches'),
  leastBranches: z.int().min(1).max(1_000),
  leastHours: z.array(z.number().min(1).max(10_000)).min(2).max(11),
  leastCustomers: z.int().min(30).max(10_000_000),
  mostDays: z.number().min(1).max(365),
  beforeDays: z.int().min(1).max(90),
  bounds: z.strictObject({
    inTime: share,
    neverMet: share,
    buzzes: z.number().min(0).max(100),
    mostInTenMinutes: z.number().min(0).max(1_000),
    waitSeconds: z.number().min(0).max(86_400),
    blind: share,
    off: share,
    silent: share,
    refusing: share,
    shadowLeast: share,
    shadowMost: z.number().min(1).max(100),
  }),
});

const rolloutStateSchema = z.strictObject({
  phase: z.enum(['rolling', 'held', 'done', 'undone']),
  step: z.int().min(0).max(10),
  begunAt: z.number(),
  since: z.number(),
  waitsFrom: z.number(),
  mayBeRefused: z.boolean(),
});

/** A bundle on its way, as it is kept. */
export interface Rollout {
  readonly bundle: string;
  readonly serial: number;
  readonly groups: readonly string[];
  readonly signed: Signed;
  readonly digest: string;
  readonly stepKey: string;
  readonly expiresAt: Seconds;
  readonly plan: RolloutPlan;
  readonly state: RolloutState;
  readonly judgedAt: Seconds;
}

/** What the installer's key signed, and what it is known by. */
export interface SignedBundle {
  readonly signed: Signed;
  readonly bundle: SettingsBundle;
  /** SHA-256 of what was signed, in hex. */
  readonly digest: string;
}

/** What somebody, or the judge, has decided. */
export interface Decision extends Omit<Judgement, 'what'> {
  readonly what: 'begun' | 'resumed' | Judgement['what'];
  readonly by: string;
}

/** An order that is to be said, as it was written before anybody said it. */
export interface WrittenOrder {
  readonly branch: string;
  readonly n: number;
  readonly order: SettingsOrder;
}

/** A step and what was signed of it. */
export type SignStep = (step: SettingsStep) => Signed;

/** A box of which nothing was heard for so long is silent, as in `fleet.branches`. */
const silentAfterSeconds: Seconds = 900;
/** An hour counts as it was told three hours after its end, when nearly everybody has left. */
const settledAfterSeconds: Seconds = 4 * 3_600;
/** What a branch does not confirm is said again, at first after ten minutes, then less often. */
const againAfterSeconds: Seconds = 600;
const againAtMostSeconds: Seconds = 3_600;
const mostN = 1_000_000;

const epoch = (column: string) => `extract(epoch FROM ${column})::double precision`;
const columns = `bundle, serial, to_json(groups), signed, digest, step_key, ${epoch('expires')}, plan, state,
  coalesce(${epoch('judged')}, '-infinity')`;

function rolloutOf(row: readonly unknown[]): Rollout {
  const text = row as readonly string[];
  return {
    bundle: text[0]!,
    serial: Number(text[1]),
    groups: JSON.parse(text[2]!) as string[],
    signed: signedSchema.parse(JSON.parse(text[3]!)),
    digest: text[4]!,
    stepKey: text[5]!,
    expiresAt: Number(text[6]),
    plan: rolloutPlanSchema.parse(JSON.parse(text[7]!)),
    state: rolloutStateSchema.parse(JSON.parse(text[8]!)),
    judgedAt: Number(text[9]),
  };
}

/** Does several things or nothing. */
async function together<Answer>(store: FleetStore, work: () => Promise<Answer>): Promise<Answer> {
  await store.ask('BEGIN');
  try {
    const answer = await work();
    await store.ask('COMMIT');
    return answer;
  } catch (error) {
    await store.ask('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * Takes a bundle in: from now on it is told to branches, in shadow first.
 *
 * @throws {LobbyError} `LOBBY_ROLLOUT_REFUSED` where one of its name or serial was there before, one of a later serial
 *                      has been at its groups, or another is on its way to one of them
 */
export async function beginRolloutIn(
  store: FleetStore,
  { signed, bundle, digest }: SignedBundle,
  plan: RolloutPlan,
  by: string,
  now: Seconds,
): Promise<void> {
  const refuse = (problem: string) =>
    new LobbyError('LOBBY_ROLLOUT_REFUSED', { what: 'begin', bundle: bundle.bundle, problem });
  await together(store, async () => {
    // Of two that begin at once the second sees the first.
    await store.ask('LOCK TABLE fleet_kept.rollouts IN SHARE ROW EXCLUSIVE MODE');
    const { rows } = await store.ask(
      `SELECT bundle, serial, groups && $2::text[], state ->> 'phase' FROM fleet_kept.rollouts
       WHERE bundle = $1 OR serial >= $3 OR groups && $2::text[] ORDER BY serial DESC`,
      [bundle.bundle, bundle.groups, bundle.serial],
    );
    for (const [name, serial, hasGroups, phase] of rows as readonly (readonly string[])[]) {
      if (name === bundle.bundle) throw refuse('a bundle of that name was begun before: give it another');
      if (Number(serial) === bundle.serial) throw refuse(`${name} has the same serial`);
      if (hasGroups !== 't') continue;
      if (Number(serial) > bundle.serial)
        throw refuse(`${name}, of the same groups, is newer: a branch takes nothing older`);
      if (phase === 'rolling' || phase === 'held')
        throw refuse(`${name} is on its way to the same groups: undo it, or wait until it is done`);
    }
    await store.ask(
      `INSERT INTO fleet_kept.rollouts (bundle, serial, groups, why, signed, digest, step_key, expires, plan, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        bundle.bundle,
        bundle.serial,
        bundle.groups,
        bundle.why,
        JSON.stringify(signed),
        digest,
        bundle.stepKey,
        bundle.expiresAt,
        JSON.stringify(plan),
        JSON.stringify(beginRollout(now)),
      ],
    );
    const why = bundle.why === '' ? 'no reason was given' : bundle.why;
    await record(store, bundle.bundle, 'shadow', { what: 'begun', by, why, figures: [] }, now);
  });
}

async function record(store: FleetStore, bundle: string, step: string, decision: Decision, now: Seconds) {
  const { what, by, why, figures } = decision;
  await store.ask(
    `INSERT INTO fleet_kept.rollout_history (bundle, nth, at, what, step, by_whom, why, figures)
     SELECT $1, coalesce(max(nth), 0) + 1, $2, $3, $4, $5, $6, $7 FROM fleet_kept.rollout_history WHERE bundle = $1`,
    [bundle, toMoment(now), what, step, by, why, JSON.stringify(figures)],
  );
}

/** All bundles that branches may still have to be told something of, the newest first. */
export async function rolloutsIn(store: FleetStore): Promise<readonly Rollout[]> {
  const { rows } = await store.ask(`SELECT ${columns} FROM fleet_kept.rollouts r
    WHERE state ->> 'phase' <> 'undone' OR EXISTS (SELECT FROM fleet_kept.orders o WHERE o.bundle = r.bundle)
    ORDER BY serial DESC`);
  return rows.map(rolloutOf);
}

async function lockedRollout(store: FleetStore, bundle: string): Promise<Rollout | undefined> {
  const { rows } = await store.ask(
    `SELECT ${columns} FROM fleet_kept.rollouts WHERE bundle = $1 FOR UPDATE`,
    [bundle],
  );
  return rows[0] && rolloutOf(rows[0]);
}

/**
 * Changes a bundle's state as somebody asked for, and records who and why. Whoever runs the rollouts sees to the rest.
 *
 * @param change the next state; nothing where it cannot be
 * @throws {LobbyError} `LOBBY_ROLLOUT_REFUSED`
 */
export async function changeRolloutIn(
  store: FleetStore,
  bundle: string,
  asked: {
    readonly what: 'paused' | 'resumed' | 'undone';
    readonly by: string;
    readonly why: string;
    readonly change: (state: RolloutState) => RolloutState | undefined;
  },
  now: Seconds,
): Promise<void> {
  const verb = { paused: 'pause', resumed: 'resume', undone: 'undo' }[asked.what];
  const refuse = (problem: string) =>
    new LobbyError('LOBBY_ROLLOUT_REFUSED', { what: verb, bundle, problem });
  await together(store, async () => {
    const rollout = await lockedRollout(store, bundle);
    if (rollout === undefined) throw refuse('no such bundle was begun');
    const { plan, state } = rollout;
    const next = asked.change(state);
    if (next === undefined) throw refuse(`it is ${state.phase}`);
    if (asked.what === 'undone') {
      const { rows } = await store.ask(
        'SELECT bundle FROM fleet_kept.rollouts WHERE serial > $1 AND groups && $2::text[] LIMIT 1',
        [rollout.serial, rollout.groups],
      );
      if (rows[0] !== undefined)
        throw refuse(`${rows[0][0]} came to its branches after it, and a branch takes nothing older`);
    }
    await saveState(store, bundle, next);
    const { what, by, why } = asked;
    await record(store, bundle, stepName(state.step, plan), { what, by, why, figures: [] }, now);
  });
}

const saveState = (store: FleetStore, bundle: string, state: RolloutState) =>
  store.ask('UPDATE fleet_kept.rollouts SET state = $2 WHERE bundle = $1', [bundle, JSON.stringify(state)]);

/** A branch of a bundle's groups, or one that was told of it. */
interface Member {
  readonly branch: string;
  readonly isMember: boolean;
  /** What it was last told, of whichever bundle. */
  readonly told?: {
    readonly serial: number;
    readonly n: number;
    readonly state: string;
    readonly at: Seconds;
  };
  /** What it has said that it took last. */
  readonly took?: {
    readonly serial: number;
    readonly n: number;
    readonly state: string;
    readonly since: Seconds;
  };
  readonly own: readonly string[];
  readonly saidAt: Seconds;
  readonly isRefusing: boolean;
  readonly tried?: { readonly wouldHaveBuzzed: number; readonly liveBuzzed: number };
  readonly hasNothingNew: boolean;
  readonly isSilent: boolean;
}

/** One to four are taken for two and a half, as in the store's shares. */
const few = 2.5;

async function membersOf(store: FleetStore, { bundle, groups, serial }: Rollout, now: Seconds) {
  const { rows } = await store.ask(
    `SELECT coalesce(s.branch, o.branch), coalesce(s.branch_group = ANY($2::text[]), false)::int,
       o.serial, o.n, o.state, ${epoch('o.at')}, s.serial, s.n, s.state, ${epoch('s.since')}, to_json(s.own),
       ${epoch('s.at')}, (s.refused <> '{}')::int, s.is_tried::int, s.would_have_buzzed, s.live_buzzed, s.not_tried,
       (st.heard IS NULL OR st.heard < $3::timestamptz - make_interval(secs => ${silentAfterSeconds}))::int
     FROM fleet_kept.settings s
     FULL JOIN fleet_kept.orders o ON o.branch = s.branch
     LEFT JOIN fleet_kept.states st ON st.branch = coalesce(s.branch, o.branch)
     WHERE s.branch_group = ANY($2::text[]) OR o.bundle = $1
     ORDER BY 1`,
    [bundle, groups, toMoment(now)],
  );
  return (rows as readonly (readonly (string | null)[])[]).map((row): Member => {
    const number = (i: number) => Number(row[i]);
    const toldSerial = row[2] === null ? 0 : number(2);
    const tookSerial = row[6] === null ? 0 : number(6);
    return {
      branch: row[0]!,
      // One that has had a newer bundle takes nothing older.
      isMember: row[1] === '1' && Math.max(toldSerial, tookSerial) <= serial,
      ...(row[2] === null
        ? {}
        : { told: { serial: toldSerial, n: number(3), state: row[4]!, at: number(5) } }),
      ...(row[6] === null
        ? {}
        : { took: { serial: tookSerial, n: number(7), state: row[8]!, since: number(9) } }),
      own: row[10] === null ? [] : (JSON.parse(row[10]!) as string[]),
      saidAt: row[11] === null ? Number.NEGATIVE_INFINITY : number(11),
      isRefusing: row[12] === '1',
      ...(row[13] === '1'
        ? {
            tried: {
              wouldHaveBuzzed: row[14] === null ? few : number(14),
              liveBuzzed: row[15] === null ? few : number(15),
            },
          }
        : {}),
      hasNothingNew: row[16] === 'nothing-new',
      isSilent: row[17] === '1',
    };
  });
}

/** It has said that it took what it was last told. */
const hasTaken = ({ told, took }: Member) =>
  told !== undefined && took?.serial === told.serial && took.n >= told.n && took.state === told.state;

/** What a branch was told of this bundle; nothing where it was told of another, or of none. */
const toldOf = (member: Member, serial: number) =>
  member.told?.serial === serial ? member.told.state : undefined;

/**
 * Gathers what a step is judged by.
 *
 * Hours count from when both the step had begun and the branch had taken it; what was before is the weeks before the
 * rollout. A branch whose own values stand in the place of all of the bundle's counts for nothing.
 */
async function evidenceFor(
  store: FleetStore,
  rollout: Rollout,
  members: readonly Member[],
): Promise<RolloutEvidence> {
  const { serial, state, plan } = rollout;
  const ofGroups = members.filter(({ isMember }) => isMember);
  const wanted = state.step === 0 ? 'shadow' : 'live';
  const inStep = ofGroups.filter((member) => toldOf(member, serial) === wanted);
  const others = state.step === 0 ? [] : ofGroups.filter((member) => toldOf(member, serial) !== 'live');
  const takers = inStep.filter(hasTaken);
  const paths = Object.keys(readValues(rollout.signed));
  const counting = takers.filter(
    ({ own, tried }) => (state.step > 0 || tried !== undefined) && !paths.every((path) => own.includes(path)),
  );
  const sums = await sumsOf(store, {
    inStep: counting.map(({ branch, took }) => [branch, Math.max(took!.since, state.since)] as const),
    others: others.map(({ branch }) => branch),
    from: state.since,
    begunAt: state.begunAt,
    beforeDays: plan.beforeDays,
  });
  const compared = (figure: RolloutFigure) => ({
    before: sums(`before ${figure}`),
    since: sums(`since ${figure}`),
    ...(others.length === 0
      ? {}
      : { others: { before: sums(`others-before ${figure}`), since: sums(`others-since ${figure}`) } }),
  });
  const figures = Object.fromEntries(
    (Object.keys(rolloutFigures) as RolloutFigure[]).map((figure) => [figure, compared(figure)]),
  ) as RolloutEvidence['figures'];
  const tried = takers.flatMap((one) => (one.tried === undefined ? [] : [one.tried]));
  return {
    told: inStep.length,
    taken: takers.length,
    refusing: inStep.filter((one) => !hasTaken(one) && one.isRefusing && one.saidAt > one.told!.at).length,
    silent: inStep.filter(({ isSilent }) => isSilent).length,
    others: { branches: others.length, silent: others.filter(({ isSilent }) => isSilent).length },
    // What the service was off is a ratio to the time that the branch was open.
    openHours: counting.length === 0 ? 0 : figures.off.since.n / 60 / counting.length,
    figures,
    shadow: {
      tried: tried.length,
      nothingNew: takers.filter(({ hasNothingNew }) => hasNothingNew).length,
      wouldHaveBuzzed: tried.reduce((sum, one) => sum + one.wouldHaveBuzzed, 0),
      liveBuzzed: tried.reduce((sum, one) => sum + one.liveBuzzed, 0),
    },
  };
}

const readValues = (signed: Signed): SettingsBundle['set'] =>
  (JSON.parse(Buffer.from(signed.payload, 'base64').toString('utf8')) as SettingsBundle).set;

const sumsSql = `WITH step AS (SELECT * FROM unnest($1::text[], $2::timestamptz[]) AS step(branch, took)),
since AS MATERIALIZED (
  SELECT h.* FROM fleet_kept.hours h JOIN step USING (branch)
  WHERE h.hour >= $4 AND h.hour >= step.took AND h.at >= h.hour + make_interval(secs => ${settledAfterSeconds})),
parts AS (
  SELECT 'since' AS part, since.* FROM since
  UNION ALL
  SELECT 'before', h.* FROM fleet_kept.hours h WHERE h.branch = ANY($1) AND h.hour >= $6
    AND h.hour + interval '1 hour' <= $5
  UNION ALL
  -- The same hours elsewhere: a bad Monday is everybody's.
  SELECT 'others-since', h.* FROM fleet_kept.hours h WHERE h.branch = ANY($3) AND h.hour >= $4
    AND h.hour IN (SELECT hour FROM since) AND h.at >= h.hour + make_interval(secs => ${settledAfterSeconds})
  UNION ALL
  SELECT 'others-before', h.* FROM fleet_kept.hours h WHERE h.branch = ANY($3) AND h.hour >= $6
    AND h.hour + interval '1 hour' <= $5)
SELECT part || ' ' || figure, count(*), sum(x), sum(n), sum(x * x), sum(x * n), sum(n * n)
FROM parts CROSS JOIN LATERAL (VALUES
  ('inTime', least(coalesce(in_time, ${few}), came)::double precision, came::double precision),
  ('neverMet', least(coalesce(never_met, ${few}), came), came),
  ('buzzes', coalesce(buzzes, ${few}), came),
  ('mostInTenMinutes', most_buzzes, CASE WHEN open_minutes > 0 THEN 1 END),
  ('waitSeconds', wait_p90_seconds * waits, CASE WHEN wait_p90_seconds IS NOT NULL THEN waits END),
  ('blind', blind_seconds, open_minutes * 60),
  ('off', greatest(0, open_minutes - recorded_minutes), open_minutes)
) AS figures(figure, x, n)
WHERE n > 0 AND x IS NOT NULL GROUP BY 1`;

async function sumsOf(
  store: FleetStore,
  of: {
    readonly inStep: readonly (readonly [branch: string, from: Seconds])[];
    readonly others: readonly string[];
    readonly from: Seconds;
    readonly begunAt: Seconds;
    readonly beforeDays: number;
  },
): Promise<(name: string) => Sums> {
  const { rows } = await store.ask(sumsSql, [
    of.inStep.map(([branch]) => branch),
    of.inStep.map(([, from]) => toMoment(from)),
    of.others,
    toMoment(of.from),
    toMoment(of.begunAt),
    toMoment(of.begunAt - of.beforeDays * 86_400),
  ]);
  const all = new Map(
    rows.map((row) => {
      const [hours, x, n, xx, xn, nn] = row.slice(1).map(Number) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      return [String(row[0]), { hours, x, n, xx, xn, nn }] as const;
    }),
  );
  return (name) => all.get(name) ?? noSums;
}

/**
 * Looks at a bundle once: judges its step where that is due, and writes down what branches are to be told. All of it or
 * nothing is kept, and nothing is said here.
 *
 * @returns what was decided, if anything, and branches that cannot be told any more
 */
export function lookAtRollout(
  store: FleetStore,
  bundle: string,
  options: { readonly now: Seconds; readonly judgeEverySeconds: Seconds; readonly sign: SignStep },
): Promise<{ readonly decided?: Judgement; readonly wornOut: readonly string[] }> {
  const { now, judgeEverySeconds, sign } = options;
  return together(store, async () => {
    const rollout = await lockedRollout(store, bundle);
    if (rollout === undefined) return { wornOut: [] };
    const { plan } = rollout;
    let { state } = rollout;
    const members = await membersOf(store, rollout, now);
    let decided: Judgement | undefined;
    const isOn = state.phase === 'rolling' || state.phase === 'held';
    // Before anybody was told there is nothing to say of them; what was judged stands for minutes.
    const isTold = members.length === 0 || members.some((one) => toldOf(one, rollout.serial) !== undefined);
    if (isOn && isTold && now - rollout.judgedAt >= judgeEverySeconds) {
      const evidence = await evidenceFor(store, rollout, members);
      const [next, judgement] = judgeRollout(state, plan, evidence, now);
      await store.ask(
        'UPDATE fleet_kept.rollouts SET state = $2, judged = $3, judgement = $4 WHERE bundle = $1',
        [bundle, JSON.stringify(next), toMoment(now), JSON.stringify(judgement)],
      );
      if (judgement.what !== 'waits') {
        await record(store, bundle, stepName(state.step, plan), { ...judgement, by: 'the judge' }, now);
        decided = judgement;
      }
      state = next;
    }
    const orders = whatToTell({ ...rollout, state }, members, now).map(
      ([{ branch, told, took }, wanted]) => ({
        branch,
        n: 1 + Math.max(told?.n ?? 0, took?.n ?? 0),
        state: wanted,
      }),
    );
    const wornOut = orders.filter(({ n }) => n > mostN).map(({ branch }) => branch);
    await writeOrders(
      store,
      rollout,
      orders.filter(({ n }) => n <= mostN),
      sign,
      now,
    );
    return { ...(decided === undefined ? {} : { decided }), wornOut };
  });
}

/** Who is to be told what, beyond what they were told already. */
function whatToTell(
  rollout: Rollout,
  members: readonly Member[],
  now: Seconds,
): readonly (readonly [Member, SettingsStep['state']])[] {
  const { state, plan, serial, digest, expiresAt } = rollout;
  const wanted = new Map<string, SettingsStep['state']>();
  const told = members.filter((member) => toldOf(member, serial) !== undefined);
  if (state.phase === 'undone') {
    for (const { branch } of told) wanted.set(branch, 'undone');
  } else {
    for (const member of told) wanted.set(member.branch, toldOf(member, serial) as SettingsStep['state']);
    if (state.phase !== 'held') {
      const ofGroups = members.filter(({ isMember }) => isMember).map(({ branch }) => branch);
      // Nobody begins with one that has expired; who has begun goes on.
      if (now < expiresAt)
        for (const branch of ofGroups) if (!wanted.has(branch)) wanted.set(branch, 'shadow');
      const live = told.filter((member) => toldOf(member, serial) === 'live').map(({ branch }) => branch);
      const share = shareOfStep(state, plan);
      const letIn =
        share === 0
          ? []
          : toLetIn({
              members: ofGroups.filter((branch) => wanted.has(branch)),
              live,
              bundle: digest,
              share,
              leastBranches: plan.leastBranches,
            });
      for (const branch of letIn) wanted.set(branch, 'live');
    }
  }
  return members.flatMap((member) => {
    const state = wanted.get(member.branch);
    if (state === undefined) return [];
    const isNew = toldOf(member, serial) !== state;
    return isNew || isElsewhere(member) ? [[member, state] as const] : [];
  });
}

/** A branch has taken what nobody here remembers having said: this store is an older copy. It is told anew, by a higher n. */
function isElsewhere({ told, took }: Member): boolean {
  if (told === undefined || took === undefined || took.serial !== told.serial) return false;
  return took.n > told.n || (took.n === told.n && took.state !== told.state);
}

async function writeOrders(
  store: FleetStore,
  { bundle, serial, digest }: Rollout,
  orders: readonly Pick<SettingsStep, 'branch' | 'n' | 'state'>[],
  sign: SignStep,
  now: Seconds,
): Promise<void> {
  if (orders.length === 0) return;
  const at = toMoment(now);
  const written = orders.map(({ branch, n, state }) => ({
    branch,
    n,
    state,
    step: sign({ v: 1, branch, bundle, serial, digest, n, state, at }),
  }));
  await store.ask(
    `INSERT INTO fleet_kept.orders AS o (branch, bundle, serial, n, state, at, step)
     SELECT one.branch, $2, $3, one.n, one.state, $4, one.step
     FROM jsonb_to_recordset($1) AS one(branch text, n int, state text, step jsonb)
     ON CONFLICT (branch) DO UPDATE SET bundle = excluded.bundle, serial = excluded.serial, n = excluded.n,
       state = excluded.state, at = excluded.at, step = excluded.step, said = NULL, times = 0
     WHERE excluded.n > o.n AND excluded.serial >= o.serial`,
    [JSON.stringify(written), bundle, serial, at],
  );
}

/** Orders that were not said yet, and those that a branch has not confirmed for a while; the oldest first. */
export async function ordersToSay(store: FleetStore, now: Seconds): Promise<readonly WrittenOrder[]> {
  const { rows } = await store.ask(
    `SELECT o.branch, o.n, r.signed, o.step FROM fleet_kept.orders o
     JOIN fleet_kept.rollouts r USING (bundle)
     LEFT JOIN fleet_kept.settings s ON s.branch = o.branch
     WHERE o.said IS NULL OR (NOT coalesce(s.serial = o.serial AND s.n >= o.n, false) AND o.said <= $1::timestamptz
       - make_interval(secs => least(${againAtMostSeconds}, ${againAfterSeconds} * power(2, least(o.times, 10) - 1))))
     ORDER BY o.said NULLS FIRST, o.at, o.branch`,
    [toMoment(now)],
  );
  return (rows as readonly (readonly string[])[]).map(([branch, n, bundle, step]) => ({
    branch: branch!,
    n: Number(n),
    order: { v: 1, bundle: JSON.parse(bundle!) as Signed, step: JSON.parse(step!) as Signed },
  }));
}

/** The cluster has taken them; one that was written anew meanwhile is not among them. */
export async function noteSaid(
  store: FleetStore,
  said: readonly Pick<WrittenOrder, 'branch' | 'n'>[],
  now: Seconds,
): Promise<void> {
  if (said.length === 0) return;
  await store.ask(
    `UPDATE fleet_kept.orders o SET said = $3, times = times + 1
     FROM unnest($1::text[], $2::int[]) AS done(branch, n) WHERE o.branch = done.branch AND o.n = done.n`,
    [said.map(({ branch }) => branch), said.map(({ n }) => n), toMoment(now)],
  );
}
