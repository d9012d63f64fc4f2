import { type Branch, parseBranch } from '../../src/contract/branch.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import { beginPlayed, playBack } from '../../src/core/play-back.ts';
import { changeLine, verdictLine } from '../../src/service/journal-lines.ts';
import { toPlayed } from '../../src/service/played-lines.ts';
import { settingsOf } from '../../src/service/settings.ts';
import { createChance } from '../chaos/chance.ts';

/** A branch of twelve metres by nine, with two doors, two queues, machines, a VIP corner and one door for staff. */
export const busyFile = `
branch: busy
cameras:
  - id: hall
    source: rtsp://127.0.0.1/hall
    floor:
${[
  [-6, -4],
  [6, -4],
  [6, 5],
  [-6, 5],
  [0, 0],
]
  .map(([x, y]) => `      - { pixel: [${640 + 100 * x!}, ${460 + 100 * y!}], metres: [${x}, ${y}] }`)
  .join('\n')}
zones:
  - { id: main-door, kind: entrance, name: { zh: 正门, en: Door }, line: [[-6, -1], [-6, 1]], inside: [-5, 0] }
  - { id: side-door, kind: entrance, name: { zh: 侧门, en: Side }, line: [[-1, 5], [1, 5]], inside: [0, 4] }
  - { id: cash, kind: queue, name: { zh: 现金区, en: Cash }, polygon: [[2, -4], [4, -4], [4, 1], [2, 1]] }
  - { id: desk, kind: queue, name: { zh: 非现金, en: Desk }, polygon: [[4.4, -4], [6, -4], [6, 1], [4.4, 1]] }
  - { id: machines, kind: service, places: 3, name: { zh: 自助区, en: Machines }, polygon: [[2.5, 2], [6, 2], [6, 5], [2.5, 5]] }
  - { id: vip, kind: vip, name: { zh: 贵宾区, en: VIP }, polygon: [[-6, -4], [-3.5, -4], [-3.5, -2.4], [-6, -2.4]] }
  - { id: staff-door, kind: staff, polygon: [[-2, -4], [0, -4], [0, -3], [-2, -3]] }
`;
export const busyBranch: Branch = parseBranch(busyFile, 'busy.yaml');

export interface BusyDay {
  /** Midnight UTC of the day, in milliseconds. */
  readonly day: number;
  readonly seed: number;
  readonly hours?: number;
  readonly arrivals?: number;
  /** The first four letters of the names of visits. */
  readonly run?: string;
  readonly branch?: Branch;
}

interface Walker {
  readonly visit: string;
  readonly role: 'customer' | 'staff';
  readonly ways: { readonly until: number; readonly x: number; readonly y: number }[];
  x: number;
  y: number;
  readonly door?: string;
  readonly arrivedAt?: number;
  readonly metAt?: number;
  readonly leavesAt: number;
}

/**
 * The journal of one day of a busy lobby, from nine o'clock UTC on: 500 arrivals in nine hours, some twenty people at a
 * time, a scene a second, and what a box by the branch's thresholds would have said of it.
 */
export function busyDay({
  day,
  seed,
  hours = 9,
  arrivals = 500,
  run = 'k3f9',
  branch = busyBranch,
}: BusyDay): readonly JournalLine[] {
  const chance = createChance(seed);
  const from = day + 9 * 3_600_000;
  const at = (second: number) => new Date(from + Math.round(second * 1000)).toISOString();
  const cell = (value: number) => Math.round(value * 4) / 4;
  const lines: JournalLine[] = [];
  const settings = settingsOf(branch);
  let state = beginPlayed(seed);
  const tell = (line: JournalLine) => {
    lines.push(line);
    const input = toPlayed(line);
    if (input === undefined) return;
    const [next, output] = playBack(state, input, settings);
    state = next;
    for (const verdict of output.verdicts) {
      // Those the day is made from are told as they happen.
      if (!told.includes(verdict.happening.kind))
        lines.push(verdictLine(verdict, { run, of: (visit) => visit }));
    }
    for (const change of output.changes) lines.push(changeLine(change));
  };
  const told = ['arrived', 'departed', 'contacted'];
  const spot = (kind: number): readonly [number, number] =>
    kind < 0.3
      ? [3, chance.between(-3.5, 0.5)]
      : kind < 0.5
        ? [5.2, chance.between(-3.5, 0.5)]
        : kind < 0.7
          ? [chance.between(3, 5.5), chance.between(2.5, 4.5)]
          : kind < 0.76
            ? [chance.between(-5.5, -4), chance.between(-3.6, -2.8)]
            : [chance.between(-3, 1), chance.between(-2, 3)];
  let named = 0;
  const name = () => {
    // As the service names visits: in the way of the wire, its run and a count.
    named += 1;
    return `${run}-${named}`;
  };
  const staff: Walker[] = [0, 1, 2].map(() => ({
    visit: name(),
    role: 'staff',
    ways: [],
    x: -1,
    y: -3.5,
    leavesAt: Number.POSITIVE_INFINITY,
  }));
  let customers: Walker[] = [];
  const coming = Array.from({ length: arrivals }, () => chance.between(5, hours * 3600 - 60)).sort(
    (a, b) => a - b,
  );
  tell({ v: 1, at: at(0), kind: 'begun', run, why: 'start', version: '0.1.0' });
  tell({
    v: 1,
    at: at(0),
    kind: 'health',
    state: 'ok',
    cameras: [{ id: 'hall', state: 'live' }],
  });
  for (const [index, role] of (['manager', 'deputy'] as const).entries()) {
    tell({ v: 1, at: at(0), kind: 'duty', watch: `w-${index + 1}`, role, onDuty: true });
  }
  for (let second = 0; second < hours * 3600; second += 1) {
    while ((coming[0] ?? Number.POSITIVE_INFINITY) <= second) {
      const arrivedAt = coming.shift()!;
      const isSide = chance.next() < 0.3;
      const stay = 60 + 1_300 * chance.next() ** 1.2 + 300 * chance.next();
      const ways: Walker['ways'] = [];
      let until = arrivedAt + 4;
      const places = 1 + Math.floor(chance.next() * 3);
      for (let place = 0; place < places; place += 1) {
        const [x, y] = spot(chance.next());
        until = place === places - 1 ? arrivedAt + stay : until + chance.between(10, stay / places);
        ways.push({ until, x, y });
      }
      const luck = chance.next();
      const metAt =
        luck < 0.1 ? undefined : Math.min(arrivedAt + 3 + 50 * chance.next() ** 2, arrivedAt + stay - 1);
      const walker: Walker = {
        visit: name(),
        role: 'customer',
        ways,
        x: isSide ? 0 : -5.6,
        y: isSide ? 4.6 : 0,
        door: isSide ? 'side-door' : 'main-door',
        arrivedAt,
        leavesAt: arrivedAt + stay,
        ...(metAt === undefined ? {} : { metAt }),
      };
      customers.push(walker);
      tell({
        v: 1,
        at: at(arrivedAt),
        kind: 'verdict',
        happening: 'arrived',
        visit: walker.visit,
        role: 'customer',
        zone: walker.door,
        decision: 'silence',
        reason: 'nothing-to-ask',
      });
    }
    for (const one of [...staff, ...customers]) {
      let goal = one.ways.find(({ until }) => until > second);
      if (goal === undefined && one.role === 'staff') {
        const [x, y] = spot(chance.next());
        goal = { until: second + chance.between(20, 120), x, y };
        one.ways.splice(0, one.ways.length, goal);
      }
      if (goal === undefined) continue;
      const [dx, dy] = [goal.x - one.x, goal.y - one.y];
      const far = Math.hypot(dx, dy);
      const step = Math.min(1, 1.1 / Math.max(far, 0.01));
      one.x += dx * step + (far < 0.3 ? chance.between(-0.05, 0.05) : 0);
      one.y += dy * step + (far < 0.3 ? chance.between(-0.05, 0.05) : 0);
    }
    for (const { visit, metAt, arrivedAt, door } of customers) {
      if (metAt === undefined || Math.floor(metAt) !== second) continue;
      tell({
        v: 1,
        at: at(metAt),
        kind: 'verdict',
        happening: 'contacted',
        visit,
        role: 'customer',
        ...(door === undefined ? {} : { zone: door }),
        waitedSeconds: Math.round((metAt - arrivedAt!) * 10) / 10,
        decision: 'silence',
        reason: 'nothing-to-ask',
      });
    }
    tell({
      v: 1,
      at: at(second),
      kind: 'scene',
      run,
      people: [...staff, ...customers].map(({ visit, role, x, y }) => ({
        visit,
        role,
        x: cell(x),
        y: cell(y),
      })),
    });
    for (const { visit, leavesAt, arrivedAt, metAt, door } of customers) {
      if (leavesAt > second) continue;
      tell({
        v: 1,
        at: at(second),
        kind: 'verdict',
        happening: 'departed',
        visit,
        role: 'customer',
        ...(door === undefined ? {} : { zone: door }),
        decision: 'silence',
        reason: 'nothing-to-ask',
      });
      tell({
        v: 1,
        at: at(second),
        kind: 'stay',
        visit,
        ...(door === undefined ? {} : { zone: door }),
        arrivedAt: at(arrivedAt!),
        ...(metAt === undefined
          ? {}
          : { metAt: at(metAt), waitedSeconds: metAt - arrivedAt!, metBy: 'seen' as const }),
        ended: 'departed',
      });
    }
    customers = customers.filter(({ leavesAt }) => leavesAt > second);
    if (second % 60 === 0) {
      for (const { zone } of branch.zones)
        lines.push({ v: 1, at: at(second), kind: 'zone', zone: zone.id, people: 0 });
    }
  }
  return lines;
}
