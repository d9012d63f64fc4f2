import type { JournalLine } from '../../../src/contract/journal.ts';
import { createChance } from '../../chaos/chance.ts';

export interface DayOptions {
  /** `2026-03-12`, at a branch in Shanghai, open from 9 to 17. */
  readonly day: string;
  readonly seed?: number;
  readonly customers?: number;
  /** One in so many is never met. */
  readonly neverMetOf?: number;
  readonly sceneSeconds?: number;
  /** How much later those are met who come by the side door. */
  readonly sideDoorSeconds?: number;
  /** Zone and stretch that no camera saw, such as `['main-door', '11:10', '11:48']`. */
  readonly unseen?: readonly (readonly [zone: string, from: string, to: string])[];
  /** Nothing is written in this stretch: the service did not run. */
  readonly off?: readonly [from: string, to: string];
  /** The day goes on until then, by the branch's clock. */
  readonly until?: string;
}

export const timezone = 'Asia/Shanghai';
const zones = ['main-door', 'side-door', 'cash', 'advice', 'self-service'];
const queues = ['cash', 'advice'];

/**
 * A day of a made-up branch as the service would have written it: who came by which door and was met when, queues,
 * prompts and what became of them, buzzes, minutes of every zone, and dots on the floor.
 */
export function madeUpDay(options: DayOptions): readonly JournalLine[] {
  const { day, seed = 7, customers = 120, neverMetOf = 30, sceneSeconds = 30, until = '17:00' } = options;
  const chance = createChance(seed);
  const second = (time: string) => {
    const [h, m] = time.split(':').map(Number);
    return h! * 3600 + m! * 60;
  };
  // Eight hours ahead of UTC, all year.
  const moment = (at: number) => new Date(Date.parse(day) + (at - 8 * 3600) * 1000).toISOString();
  const opens = second('09:00');
  const closes = second('17:00');
  const end = second(until);
  const isOff = (at: number) =>
    options.off !== undefined && at >= second(options.off[0]) && at < second(options.off[1]);
  const lines: { at: number; line: JournalLine }[] = [];
  const put = (at: number, line: object) =>
    lines.push({ at, line: { v: 1, at: moment(at), ...line } as JournalLine });
  const run = `r${day.slice(8)}0`.slice(0, 4);

  put(opens - 60, { kind: 'begun', run, why: 'start', version: '0.1.0' });
  put(opens, { kind: 'duty', watch: 'w-1', role: 'manager', onDuty: true });
  put(opens, { kind: 'duty', watch: 'w-2', role: 'deputy', onDuty: true });
  put(second('15:00'), {
    kind: 'settings',
    version: 41,
    by: 'operations',
    why: 'Two windows are closed',
    from: { 'queue.waitSeconds': 180 },
    to: { 'queue.waitSeconds': 150 },
  });

  const stays: { visit: string; from: number; to: number; spot: readonly [number, number] }[] = [];
  for (let i = 0; i < customers; i += 1) {
    // More at ten and at two than at noon.
    const hour = [9, 10, 10, 10, 11, 12, 13, 14, 14, 15, 16][Math.floor(chance.next() * 11)]!;
    const arrived = Math.round((hour * 3600 + chance.between(0, 3600)) * 10) / 10;
    const isSide = chance.next() < 0.3;
    const isShort = i % 24 === 11;
    const isNever = isShort || i % neverMetOf === 7;
    const late = isSide ? (options.sideDoorSeconds ?? 0) : 0;
    const waited = Math.round((3 - 14 * Math.log(1 - chance.next()) + late) * 1000) / 1000;
    const stayed = isShort ? 3.5 : waited + chance.between(120, 900);
    const left = Math.min(arrived + stayed, closes + 600);
    const visit = `${run}-${i}`;
    const door = isSide ? 'side-door' : 'main-door';
    const base = { kind: 'verdict', visit, role: 'customer', decision: 'silence', reason: 'nothing-to-ask' };
    put(arrived, { ...base, happening: 'arrived', zone: door });
    stays.push({
      visit,
      from: arrived,
      to: left,
      spot: chance.pick([
        [2, -1],
        [2, 0.5],
        [4, 2],
        [4.5, 3],
        [-1, 1],
      ] as const),
    });
    put(left, {
      kind: 'stay',
      visit,
      zone: door,
      arrivedAt: moment(arrived),
      ...(isNever ? {} : { metAt: moment(arrived + waited), waitedSeconds: waited, metBy: 'seen' }),
      ended: 'departed',
    });
    if (!isShort && i % 3 !== 0) {
      const queue = queues[i % 2]!;
      put(Math.min(left, arrived + 400), {
        ...base,
        happening: 'left-queue',
        zone: queue,
        waitedSeconds: Math.round(chance.between(20, 600)),
        served: i % 11 !== 5,
      });
    }
    if (!isShort && i % 2 === 0) {
      const id = `${day.replaceAll('-', '')}${String(i).padStart(18, '0')}`;
      const [phase, reason] = isNever
        ? (['expired', undefined] as const)
        : i % 6 === 2
          ? (['withdrawn', 'left'] as const)
          : i % 6 === 4
            ? (['met', 'answered'] as const)
            : (['met', 'seen-met'] as const);
      put(arrived + 0.6, {
        kind: 'prompt',
        change: 'raised',
        id,
        prompt: 'greet',
        place: door,
        people: 1,
        to: ['manager'],
        urgency: 'now',
        waitedSeconds: 0,
        raisedAt: moment(arrived + 0.6),
        expiresAt: moment(arrived + 60),
      });
      put(arrived + 1, { kind: 'state', id, phase: 'delivered', watch: 'w-1' });
      put(arrived + 1, {
        kind: 'ack',
        id,
        answer: 'delivered',
        role: 'manager',
        watch: i % 8 === 0 ? 'w-2' : 'w-1',
      });
      put(arrived + 1.1, { kind: 'latency', id, parts: { decide: 0.004, total: 0.4 + (i % 10) / 20 } });
      put(arrived + 25, {
        kind: 'state',
        id,
        phase,
        ...(reason === undefined ? {} : { reason }),
        ...(reason === 'answered' ? { by: 'manager' } : {}),
      });
    }
  }
  for (let at = opens; at < closes; at += 60) {
    for (const zone of zones) {
      const isBlind = (options.unseen ?? []).some(
        ([one, from, to]) => one === zone && at >= second(from) && at < second(to),
      );
      const waiting = Math.floor(chance.between(0, at < second('11:00') ? 6 : 3));
      put(at, {
        kind: 'zone',
        zone,
        ...(isBlind
          ? { blind: true }
          : { people: 2, ...(queues.includes(zone) ? { waiting, longestWaitSeconds: waiting * 60 } : {}) }),
      });
    }
  }
  for (let at = opens; at < closes; at += sceneSeconds) {
    const there = stays.filter(({ from, to }) => from <= at && at < to);
    put(at, {
      kind: 'scene',
      run,
      people: [
        ...there.map(({ visit, spot: [x, y] }) => ({
          visit,
          role: 'customer',
          x: x + Math.round(chance.between(-2, 2)) * 0.25,
          y: y + Math.round(chance.between(-2, 2)) * 0.25,
        })),
        ...[0, 1, 2, 3, 4].map((n) => ({
          visit: `${run}-${900 + n}`,
          role: 'staff',
          x: 0.25 * Math.round(chance.between(-1, 1)),
          y: 0.25 * Math.round(chance.between(-1, 1)),
        })),
      ],
    });
  }
  return lines
    .filter(({ at }) => at < end && !isOff(at))
    .sort((a, b) => a.at - b.at)
    .map(({ line }) => line);
}
