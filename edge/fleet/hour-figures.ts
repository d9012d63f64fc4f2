import type { FleetHour } from '../../src/contract/fleet.ts';
import { inFives, leastPeople } from '../../src/core/figures/share.ts';
import type { Seconds } from '../../src/core/units.ts';
import { toMoment } from '../../src/service/wire.ts';
import type { FiguresOf } from '../figures/ask-figures.ts';
import { questions, type Span } from '../figures/questions.ts';

export const hourSeconds: Seconds = 3_600;
const bounds = { rows: 1_000, seconds: 60 } as const;

/**
 * Asks the journal for the counts of one hour, as they may leave the branch.
 *
 * Whoever came in that hour and is still there is not in it yet: asked again later, it knows more.
 *
 * @param hour its first second, a whole hour of UTC
 * @returns nothing of an hour in which the branch was closed and nothing was written, nor of one that the journal does not
 *          go back to: as if nobody had come, it would take the place of what was told in time
 * @throws what the journal throws
 */
export async function askHour(of: FiguresOf, hour: Seconds, version: string): Promise<FleetHour | undefined> {
  const span: Span = {
    begins: toMoment(hour),
    ends: toMoment(hour + hourSeconds),
    timezone: of.days.timezone,
  };
  const openMinutes = minutesOpen(of, hour);
  const ask = async (sql: string) => {
    const { columns, rows } = await of.journal.query(sql, [], bounds);
    return rows.map((row): Row => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
  };
  const one = async (sql: string): Promise<Row> => (await ask(sql))[0] ?? {};
  const { reaches } = await one(questions.reaches(span));
  if (reaches !== true) return undefined;
  const { recordedMinutes } = await one(questions.recorded(span));
  const { hasLines } = await one(questions.hasLines(span));
  if (openMinutes === 0 && hasLines !== true) return undefined;
  const targetSeconds = of.targetSeconds();
  const contact = await one(questions.contact(span, targetSeconds, false));
  const wait = await one(questions.allWaits(span));
  const load = await one(questions.load(span));
  const unseen = await one(questions.unseen(span));
  const latency = await one(questions.latency(span));
  const prompts = await ask(questions.prompts(span));
  const raised = prompts.reduce((sum, row) => sum + number(row.prompts), 0);
  const p50Seconds = seconds(latency.p50Seconds);
  const p95Seconds = seconds(latency.p95Seconds);
  return {
    v: 1,
    branch: of.branch,
    at: toMoment(of.now()),
    hour: span.begins,
    timezone: of.days.timezone,
    openMinutes,
    recordedMinutes: Math.min(60, number(recordedMinutes)),
    blindSeconds: Math.min(hourSeconds, number(unseen.anySeconds)),
    targetSeconds,
    came: inFives(number(contact.came)),
    inTime: inFives(number(contact.inTime)),
    neverMet: inFives(number(contact.neverMet)),
    ...timesOf(number(contact.came), contact, 'medianSeconds', 'p90Seconds'),
    waits: inFives(number(wait.waits)),
    ...timesOf(number(wait.waits), wait, 'waitMedianSeconds', 'waitP90Seconds'),
    prompts: inFives(raised),
    buzzes: inFives(number(load.buzzes)),
    mostInTenMinutes: number(load.mostInTenMinutes),
    ...(p50Seconds === undefined || p95Seconds === undefined ? {} : { latency: { p50Seconds, p95Seconds } }),
    version,
  };
}

type Row = Readonly<Record<string, unknown>>;
const number = (value: unknown): number => Number(value ?? 0);
const seconds = (value: unknown): Seconds | undefined =>
  value === null || value === undefined ? undefined : Math.min(86_400, Number(Number(value).toFixed(3)));

/** Of fewer than five a time would be somebody's. */
function timesOf<Median extends string, P90 extends string>(
  people: number,
  row: Row,
  median: Median,
  p90: P90,
): { [name in Median | P90]?: Seconds } {
  if (people < leastPeople) return {};
  const told = { [median]: seconds(row.medianSeconds), [p90]: seconds(row.p90Seconds) };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as {
    [name in Median | P90]?: Seconds;
  };
}

function minutesOpen({ isOpenAt }: FiguresOf, hour: Seconds): number {
  if (isOpenAt === undefined) return 60;
  return Array.from({ length: 60 }, (_, minute) => hour + minute * 60).filter((at) => isOpenAt(at)).length;
}
