import { describe, expect, test } from 'vitest';
import { extentOf, grown, placeLabels, viewOf } from '../../../../edge/pages/console/live/plan.ts';
import {
  ageOf,
  between,
  byOwed,
  clocksApart,
  floorShown,
  initialLive,
  type LiveEvent,
  rowsOf,
  silencesOf,
  stepLive,
} from '../../../../edge/pages/console/live/state.ts';
import type { JournalLine } from '../../../../src/contract/journal.ts';
import type { FloorPersonPayload } from '../../../../src/contract/live.ts';

const start = Date.UTC(2025, 2, 12, 10, 42, 7);
const moment = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const person = (visit: string, changes: Partial<FloorPersonPayload> = {}): FloorPersonPayload => ({
  visit,
  x: 0,
  y: 0,
  standing: 'to-greet',
  forSeconds: 1,
  ...changes,
});
type Told = LiveEvent extends infer Event
  ? Event extends { at: number }
    ? Omit<Event, 'at'>
    : never
  : never;

class Page {
  state = initialLive(start);
  now = 0;
  tell(...events: Told[]): this {
    for (const event of events) {
      this.state = stepLive(this.state, { ...event, at: start + this.now * 1000 } as LiveEvent);
    }
    return this;
  }
  pass(seconds: number): this {
    this.now += seconds;
    return this.tell({ kind: 'tick' });
  }
  floor(at = this.now, people: FloorPersonPayload[] = []): this {
    return this.tell({ kind: 'floor', floor: { v: 1, at: moment(at), people } });
  }
}

describe('what is drawn', () => {
  test('says how old it is: fresh for a second, old for two more, then it has stopped', () => {
    const page = new Page().floor();
    expect(ageOf(page.state)).toEqual({ seconds: 0, look: 'fresh' });
    expect(ageOf(page.pass(1.1).state).look).toBe('old');
    expect(ageOf(page.pass(2).state).look).toBe('stopped');
    expect(ageOf(page.floor().state).look).toBe('fresh');
  });

  test('ages by the clock of the box, however wrong that of this computer is', () => {
    const page = new Page().tell({ kind: 'box-time', now: moment(240) }).floor(240);
    expect(ageOf(page.state)).toEqual({ seconds: 0, look: 'fresh' });
    expect(ageOf(page.pass(5).state).look).toBe('stopped');
  });

  test('ages no slower, and tells of no clock that is off, because a time was late on its way', () => {
    const page = new Page();
    for (let second = 0; second < 5; second += 1) {
      page.pass(1).tell({ kind: 'box-time', now: moment(page.now) });
    }
    page.pass(4).tell({ kind: 'box-time', now: moment(page.now - 3) });
    expect(clocksApart(page.state)).toBe(0);
    page.floor(page.now - 3);
    expect(ageOf(page.state).seconds).toBe(3);
    // Control: a clock that is set back is believed when it has stayed so.
    for (let second = 0; second < 20; second += 1) {
      page.pass(1).tell({ kind: 'box-time', now: moment(page.now - 3) });
    }
    expect(clocksApart(page.state)).toBe(-3);
  });

  test('tells at the first time of a clock that is off by more than any way takes, and not while one is read', () => {
    const page = new Page();
    page.tell({ kind: 'box-time', now: moment(page.now - 61) });
    expect(clocksApart(page.state)).toBe(-61);
    // Control: what may have been late is not told of yet.
    const other = new Page();
    other.tell({ kind: 'box-time', now: moment(other.now - 59) });
    expect(clocksApart(other.state)).toBe(0);
  });

  test('has stopped at once when the link is lost', () => {
    expect(ageOf(new Page().floor().tell({ kind: 'link', link: 'down' }).state).look).toBe('stopped');
  });

  test('moves from the floor before to the newest one and never ahead of it', () => {
    const before = { v: 1 as const, at: moment(0), people: [person('a-1', { x: 0, y: 2 })] };
    const now = person('a-1', { x: 2, y: 2 });
    expect([-1, 0, 0.5, 1, 3].map((share) => between(now, before, share).x)).toEqual([0, 0, 1, 2, 2]);
    expect(between(person('a-2', { x: 7 }), before, 0.1).x).toBe(7);
  });
});

describe('looking back', () => {
  const watched = () => {
    const page = new Page();
    for (let second = 0; second <= 10; second += 1)
      page.floor(second, [person('a-1', { x: second })]).pass(1);
    return page;
  };
  const shownAt = (page: Page) => floorShown(page.state)?.people[0]?.x;

  test('holds the floor while live goes on, and goes back to it', () => {
    const page = watched().tell({ kind: 'frozen' });
    page.floor(11, [person('a-1', { x: 11 })]);
    expect(shownAt(page)).toBe(10);
    expect(shownAt(page.tell({ kind: 'gone-live' }))).toBe(11);
  });

  test('goes a second or a minute back and forth, no further than was seen, and ends at now', () => {
    const page = watched().tell({ kind: 'stepped', seconds: -1 });
    expect(shownAt(page)).toBe(9);
    expect(shownAt(page.tell({ kind: 'stepped', seconds: -60 }))).toBe(0);
    expect(shownAt(page.tell({ kind: 'stepped', seconds: 4 }))).toBe(4);
    expect(page.tell({ kind: 'stepped', seconds: 60 }).state.heldAt).toBeUndefined();
  });

  test('remembers an hour, one floor a second, whatever the rate', () => {
    const page = new Page();
    for (let count = 0; count < 20_000; count += 1) page.floor(count / 5);
    expect(page.state.past.length).toBeLessThanOrEqual(3_600);
    expect(Date.parse(page.state.past.at(-1)!.at) - Date.parse(page.state.past[0]!.at)).toBe(3_599_000);
  });
});

test('people are told in the order of the contact owed to them, who waits longest first', () => {
  const people = [
    person('a-1', { standing: 'staff' }),
    person('a-2', { standing: 'to-greet', forSeconds: 3 }),
    person('a-3', { standing: 'past-target', forSeconds: 40 }),
    person('a-4', { standing: 'to-greet', forSeconds: 9 }),
    person('a-5', { standing: 'met' }),
    person('a-6', { standing: 'looking-around', forSeconds: 20 }),
  ];
  expect(byOwed(people).map(({ visit }) => visit)).toEqual(['a-3', 'a-6', 'a-4', 'a-2', 'a-5', 'a-1']);
});

describe('the last ten minutes', () => {
  const id = '01J00000000000000000000001';
  const verdict = (at: number, more: object): JournalLine =>
    ({
      v: 1,
      at: moment(at),
      kind: 'verdict',
      happening: 'arrived',
      visit: `k3f9-${at}`,
      role: 'customer',
      zone: 'main-door',
      ...more,
    }) as JournalLine;
  const lines: JournalLine[] = [
    verdict(1, { decision: 'prompt', prompt: id }),
    verdict(2, { decision: 'silence', reason: 'staff-near', metres: 2.1 }),
    verdict(3, { decision: 'silence', reason: 'nothing-to-ask' }),
    { v: 1, at: moment(4), kind: 'state', id, phase: 'seen' },
    { v: 1, at: moment(9), kind: 'state', id, phase: 'met', reason: 'seen-met' },
  ];

  test('tell what was said with what became of it, and what was kept quiet, newest first', () => {
    expect(rowsOf(lines).map(({ line, outcome }) => [line.decision, outcome?.phase])).toEqual([
      ['silence', undefined],
      ['prompt', 'met'],
    ]);
  });

  test('count silences by reason; that there was nothing to ask is none', () => {
    expect(silencesOf([...lines, lines[1]!])).toEqual([['staff-near', 2]]);
  });

  test('are told once, though a link that comes back tells them again', () => {
    const page = new Page();
    for (const line of [...lines, ...lines]) page.tell({ kind: 'line', line });
    expect(page.state.lines).toHaveLength(lines.length);
  });
});

describe('the plan', () => {
  const plan = {
    v: 1 as const,
    branch: 'harbour',
    targetSeconds: 30,
    mostInTenMinutes: 6,
    zones: [
      {
        id: 'cash',
        kind: 'queue' as const,
        name: { zh: '现金区', en: 'Cash' },
        polygon: [
          [0, 0],
          [4, 0],
          [4, 6],
          [0, 6],
        ] as [number, number][],
      },
    ],
  };

  test('shows all zones and whoever stands beside them, to scale', () => {
    const extent = extentOf(plan, [person('a-1', { x: 9, y: 3 })]);
    expect(extent).toEqual({ left: -0.6, top: -0.6, right: 9.6, bottom: 6.6 });
    const view = viewOf(extent, 1_020, 720);
    expect(view.scale).toBe(100);
    expect([view.x(-0.6), view.x(9.6), view.y(-0.6), view.y(6.6)].map(Math.round)).toEqual([
      0, 1_020, 0, 720,
    ]);
  });

  test('does not jump: it grows with whoever steps out of it, and never shrinks', () => {
    const wide = extentOf(plan, [person('a-1', { x: 9 })]);
    expect(grown(wide, extentOf(plan, []))).toBe(wide);
  });

  test('places labels so that none covers another or a mark, and leaves out what finds no place', () => {
    const size = { width: 400, height: 300 };
    const crowd = Array.from({ length: 40 }, (_, index) => ({
      visit: `a-${index}`,
      text: '0:18 looking around',
      x: 40 + (index % 8) * 45,
      y: 40 + Math.floor(index / 8) * 50,
      radius: 8,
    }));
    const labels = placeLabels(crowd, crowd, [], size, 8);
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.length).toBeLessThanOrEqual(8);
    const apart = (a: (typeof labels)[number]['box'], b: typeof a) =>
      a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
    for (const [index, one] of labels.entries()) {
      for (const other of labels.slice(index + 1)) expect(apart(one.box, other.box)).toBe(true);
      for (const { visit, x, y, radius } of crowd) {
        const mark = { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
        if (visit !== one.visit) expect(apart(one.box, mark)).toBe(true);
      }
    }
    expect(placeLabels(crowd.slice(0, 1), crowd.slice(0, 1), [], size, 8)).toHaveLength(1);
  });
});
