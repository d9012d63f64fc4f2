import { describeSettings } from '../../src/contract/describe-settings.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  type ComparedWith,
  type ComparisonFigures,
  type FiguresAsk,
  type FiguresBefore,
  type FiguresPayload,
  mostDays,
  promptEnds,
} from '../../src/contract/figures.ts';
import { contactCurve } from '../../src/core/figures/contact-curve.ts';
import {
  type Comparison,
  compareContacts,
  type EqualTreatment,
  type Visit,
} from '../../src/core/figures/equal-treatment.ts';
import { leastPeople } from '../../src/core/figures/share.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Answer, ReadableJournal } from '../../src/ports/journal.ts';
import { type BranchDays, daysIn, isDay, shiftDay } from '../../src/service/branch-days.ts';
import { toMoment } from '../../src/service/wire.ts';
import { questions, type Span } from './questions.ts';

/** Whose figures they are, and what they are held against. */
export interface FiguresOf {
  readonly journal: Pick<ReadableJournal, 'query'>;
  readonly branch: string;
  readonly days: BranchDays;
  /** As they are now: a change within the period is told beside the figures. */
  readonly targetSeconds: () => Seconds;
  readonly mostInTenMinutes: () => number;
  readonly sceneSeconds: Seconds;
  readonly sceneMetres: number;
  /** Whether the branch was open at a moment; absent: always. */
  readonly isOpenAt?: (at: Seconds) => boolean;
  readonly now: () => Seconds;
}

/** A finer map than this tells no more of a lobby; a coarser one is drawn where dots are kept coarser. */
const leastCellMetres = 0.25;
const mostSpans = 500;
const mostUnrecorded = 200;
const bounds = { rows: 100_000, seconds: 60 } as const;

interface Period {
  readonly from: string;
  readonly to: string;
}

/**
 * The days that are meant.
 *
 * @throws {LobbyError} `LOBBY_PERIOD_REFUSED`
 */
export function periodOf({ day, from, to }: FiguresAsk, today: string): Period {
  const refuse = (problem: string, value: string) =>
    new LobbyError('LOBBY_PERIOD_REFUSED', { problem, value });
  if (day !== undefined && (from !== undefined || to !== undefined))
    throw refuse('it must be a day, or a first and a last one', `${day}, ${from ?? '–'} to ${to ?? '–'}`);
  if ((from === undefined) !== (to === undefined))
    throw refuse('a first day goes together with a last one', from ?? to ?? '');
  const period = { from: from ?? day ?? today, to: to ?? day ?? today };
  for (const one of [period.from, period.to]) if (!isDay(one)) throw refuse('there must be such a day', one);
  const told = `${period.from} to ${period.to}`;
  if (period.to < period.from) throw refuse('the last day must not come before the first', told);
  if (daysIn(period.from, period.to) > mostDays) throw refuse(`it must have ${mostDays} days at most`, told);
  if (period.from > today) throw refuse(`it must not lie ahead of today, ${today}`, told);
  return period;
}

/** The days to compare with: as many, on the same weekdays, or right before. */
export function periodBefore({ from, to }: Period, compare: ComparedWith): Period | undefined {
  if (compare === 'none') return undefined;
  const length = daysIn(from, to);
  const back = compare === 'before' ? length : Math.ceil(length / 7) * 7;
  return { from: shiftDay(from, -back), to: shiftDay(to, -back) };
}

/**
 * Asks the journal for the figures of a day or a period.
 *
 * Each question runs on the database's own thread, one after the other; between them, and within the check of equal
 * treatment, whatever else the process does has its turn.
 *
 * @throws {LobbyError} `LOBBY_PERIOD_REFUSED`, and what the journal throws
 */
export async function askFigures(of: FiguresOf, asked: FiguresAsk): Promise<FiguresPayload> {
  const { days, now } = of;
  const at = now();
  const today = days.dayOf(at);
  const period = periodOf(asked, today);
  const withoutShort = asked.short === 'out';
  const span = spanOf(period, days);
  const isOver = Date.parse(span.ends) / 1000 <= at;
  const targetSeconds = of.targetSeconds();
  const cellMetres = Math.max(leastCellMetres, of.sceneMetres);
  const sql = {
    curve: questions.curve(span, withoutShort),
    waits: questions.waitsByHour(span),
    arrivals: questions.arrivalsByHour(span, withoutShort),
    queues: questions.queues(span),
    heat: questions.heat(span, cellMetres, of.sceneSeconds),
    equal: questions.equal(span, withoutShort),
  };
  const short = await shortFigures(of, span, targetSeconds, withoutShort);
  const curve = await rowsOf(of, sql.curve);
  const waits = await rowsOf(of, sql.waits);
  const arrivals = await rowsOf(of, sql.arrivals);
  const heat = await rowsOf(of, sql.heat);
  const changes = await rowsOf(of, questions.changes(span));
  const unrecorded = await rowsOf(of, questions.unrecorded(span));
  const [there] = await rowsOf(of, questions.hasLines(span));
  const equal = await run(compareContacts(await inSteps(await rowsOf(of, sql.equal), visitOf)));
  const before = periodBefore(period, asked.compare);
  return {
    v: 1,
    branch: of.branch,
    ...period,
    begins: span.begins,
    ends: span.ends,
    at: toMoment(at),
    isOver,
    hasLines: there?.hasLines === true,
    timezone: days.timezone,
    targetSeconds,
    mostInTenMinutes: of.mostInTenMinutes(),
    withoutShort,
    ...short,
    curve: {
      points: [
        ...contactCurve(
          // Of so few each step would be somebody.
          short.contact.came < leastPeople
            ? []
            : curve.flatMap(({ seconds, met }) => new Array<Seconds>(number(met)).fill(number(seconds))),
        ),
      ],
      sql: sql.curve,
    },
    hours: {
      waits: waits.map((row) => ({
        zone: String(row.zone),
        hour: number(row.hour),
        waits: number(row.waits),
        ...(number(row.waits) < leastPeople
          ? {}
          : { medianSeconds: number(row.medianSeconds), p90Seconds: number(row.p90Seconds) }),
        ...(row.meanWaiting === null
          ? {}
          : { meanWaiting: number(row.meanWaiting), mostWaiting: number(row.mostWaiting) }),
        seenMinutes: number(row.seenMinutes),
        blindMinutes: number(row.blindMinutes),
      })),
      arrivals: arrivals.map((row) => ({
        door: row.door === null ? null : String(row.door),
        hour: number(row.hour),
        came: number(row.came),
      })),
      waitsSql: sql.waits,
      arrivalsSql: sql.arrivals,
      queuesSql: sql.queues,
    },
    heat: {
      cellMetres,
      cells: heat.flatMap(({ x, y, who, personMinutes }) =>
        who === 'not told'
          ? []
          : [
              {
                x: number(x),
                y: number(y),
                role: who === 'staff' ? ('staff' as const) : ('customers' as const),
                personMinutes: number(personMinutes),
              },
            ],
      ),
      hidden: number(heat.find(({ who }) => who === 'not told')?.personMinutes),
      sql: sql.heat,
    },
    changes: changes.slice(-200).map(({ moment, version, role, keys }) => ({
      at: String(moment),
      version: number(version),
      by: role === null ? null : String(role),
      keys: (keys as readonly unknown[]).slice(0, 40).map((key) => settingOf(String(key))),
    })),
    equal: { ...equalPayload(equal), sql: sql.equal },
    unrecorded: unrecorded
      .map((row) => ({ from: String(row.from), to: String(row.to) }))
      .filter(({ from, to }) => {
        const open = of.isOpenAt ?? (() => true);
        // Over a night or a closed noon nothing is written, and nothing is missed.
        return open(Date.parse(from) / 1000 + 61) && open(Date.parse(to) / 1000 - 61);
      })
      .slice(0, mostUnrecorded),
    ...(before === undefined ? {} : { before: await figuresBefore(of, before, period, isOver, at, asked) }),
  };
}

async function figuresBefore(
  of: FiguresOf,
  before: Period,
  { to }: Period,
  isOver: boolean,
  at: Seconds,
  { short }: FiguresAsk,
): Promise<FiguresBefore> {
  const whole = spanOf(before, of.days);
  // A day that is half over is compared with half a day.
  const until =
    isOver || of.days.dayOf(at) !== to
      ? undefined
      : toMoment(Math.min(Date.parse(whole.ends) / 1000, of.days.momentOf(before.to, of.days.timeOf(at))));
  const span = until === undefined ? whole : { ...whole, ends: until };
  return {
    ...before,
    ...(until === undefined ? {} : { until }),
    ...(await shortFigures(of, span, of.targetSeconds(), short === 'out')),
  };
}

/** Days as the journal has moments. */
export function spanOf({ from, to }: Period, days: BranchDays): Span {
  return {
    begins: toMoment(days.momentOf(from)),
    ends: toMoment(days.momentOf(shiftDay(to, 1))),
    timezone: days.timezone,
  };
}

async function shortFigures(
  of: FiguresOf,
  span: Span,
  targetSeconds: Seconds,
  withoutShort: boolean,
): Promise<Omit<FiguresBefore, 'from' | 'to' | 'until'>> {
  const sql = {
    contact: questions.contact(span, targetSeconds, withoutShort),
    load: questions.load(span),
    unseen: questions.unseen(span),
    latency: questions.latency(span),
    prompts: questions.prompts(span),
  };
  const [contact] = await rowsOf(of, sql.contact);
  const queues = await rowsOf(of, questions.queues(span));
  const [load] = await rowsOf(of, sql.load);
  const unseen = await rowsOf(of, sql.unseen);
  const [latency] = await rowsOf(of, sql.latency);
  const prompts = await rowsOf(of, sql.prompts);
  const zones = [...new Set(unseen.map(({ zone }) => String(zone)))];
  return {
    contact: {
      came: number(contact?.came),
      inTime: number(contact?.inTime),
      met: number(contact?.met),
      neverMet: number(contact?.neverMet),
      medianSeconds: number(contact?.came) < leastPeople ? null : numberOrNull(contact?.medianSeconds),
      p90Seconds: number(contact?.came) < leastPeople ? null : numberOrNull(contact?.p90Seconds),
      short: number(contact?.short),
      blind: number(contact?.blind),
      sql: sql.contact,
    },
    queues: queues.map((row) => ({
      zone: String(row.zone),
      waits: number(row.waits),
      gaveUp: number(row.gaveUp),
      medianSeconds: number(row.waits) < leastPeople ? null : numberOrNull(row.medianSeconds),
      p90Seconds: number(row.waits) < leastPeople ? null : numberOrNull(row.p90Seconds),
    })),
    load: {
      watches: number(load?.watches),
      buzzes: number(load?.buzzes),
      meanInTenMinutes: numberOrNull(load?.meanInTenMinutes),
      mostInTenMinutes: number(load?.mostInTenMinutes),
      sql: sql.load,
    },
    unseen: {
      seconds: number(unseen[0]?.anySeconds),
      zones: zones.map((zone) => {
        const rows = unseen.filter((row) => row.zone === zone);
        return {
          zone,
          seconds: rows.reduce((sum, row) => sum + number(row.seconds), 0),
          spans: rows.slice(0, mostSpans).map((row) => ({ from: String(row.from), to: String(row.to) })),
        };
      }),
      sql: sql.unseen,
    },
    latency: {
      prompts: number(latency?.prompts),
      p50Seconds: numberOrNull(latency?.p50Seconds),
      p95Seconds: numberOrNull(latency?.p95Seconds),
      sql: sql.latency,
    },
    prompts: {
      raised: prompts.reduce((sum, row) => sum + number(row.prompts), 0),
      ends: promptEnds.map((end) => {
        const row = prompts.find((one) => one.end === end);
        return { end, prompts: number(row?.prompts), withoutTap: number(row?.withoutTap) };
      }),
      passedOn: prompts.reduce((sum, row) => sum + number(row.passedOn), 0),
      sql: sql.prompts,
    },
  };
}

/** What a changed setting is called, if it is one of today's. */
function settingOf(path: string) {
  const title = describeSettings().find((one) => one.path === path)?.title;
  return { path, ...(title === undefined ? {} : { title }) };
}

type Row = Readonly<Record<string, unknown>>;

async function rowsOf({ journal }: FiguresOf, sql: string): Promise<readonly Row[]> {
  const { columns, rows }: Answer = await journal.query(sql, [], bounds);
  return inSteps(rows, (row): Row => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
}

/** So many visits of a month are turned over at once, and then everybody else has a turn. */
const stepRows = 1_000;

async function inSteps<One, Other>(all: readonly One[], turn: (one: One) => Other): Promise<Other[]> {
  const turned: Other[] = [];
  for (let from = 0; from < all.length; from += stepRows) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    for (const one of all.slice(from, from + stepRows)) turned.push(turn(one));
  }
  return turned;
}

const number = (value: unknown): number => Number(value ?? 0);
const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

function visitOf(row: Row): Visit {
  return {
    door: String(row.door),
    day: String(row.day),
    hour: number(row.hour),
    arrivedAt: number(row.arrivedAt),
    ...(row.waitedSeconds === null ? {} : { waitedSeconds: number(row.waitedSeconds) }),
    ...(row.knownForSeconds === null ? {} : { knownForSeconds: number(row.knownForSeconds) }),
  };
}

/** Runs it to its end, with a pause for everybody else at each of its steps. */
async function run<Result>(going: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    const step = going.next();
    if (step.done === true) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function equalPayload({ visits, parties, doors, hours }: EqualTreatment) {
  return { visits, parties, doors: comparisonOf(doors), hours: comparisonOf(hours) };
}

function comparisonOf({ outcome, p, compared, tooFew, later, sooner }: Comparison): ComparisonFigures {
  return {
    outcome,
    ...(p === undefined ? {} : { p }),
    groups: compared.map(({ group, visits, medianSeconds }) => ({ group, visits, medianSeconds })),
    tooFew: [...tooFew],
    later: later.map(({ group, medianSeconds, othersMedianSeconds }) => ({
      group,
      medianSeconds,
      othersMedianSeconds,
    })),
    sooner: sooner.map(({ group }) => group),
  };
}
