import { describe, expect, it } from 'vitest';
import type { JournalLine } from '../../src/contract/journal.ts';
import { minutesSchema } from '../../src/contract/live.ts';
import { createDayOf } from '../../src/service/day-of.ts';
import { createLive } from '../../src/service/live.ts';

const start = Date.UTC(2025, 2, 12, 10, 42);
const moment = (seconds: number) => new Date(start + seconds * 1000).toISOString();

function open(day: (at: number) => string = () => 'today') {
  let at = start / 1000;
  const live = createLive(() => at, day);
  return {
    live,
    pass: (seconds: number) => {
      at += seconds;
    },
    notice: (happening: 'arrived' | 'departed' | 'contacted', more: Partial<JournalLine> = {}) =>
      live.note({
        v: 1,
        at: new Date(at * 1000).toISOString(),
        kind: 'verdict',
        happening,
        visit: 'k3f9-1',
        role: 'customer',
        zone: 'main-door',
        decision: 'silence',
        reason: 'nothing-to-ask',
        ...more,
      } as JournalLine),
  };
}

describe('The last ten minutes', () => {
  it('are told to whoever opens the page, oldest first, and what is older is gone', () => {
    const { live, pass, notice } = open();
    notice('arrived');
    pass(300);
    notice('contacted');
    expect(live.recent().map(({ at }) => at)).toEqual([moment(0), moment(300)]);
    pass(301);
    expect(live.recent().map(({ at }) => at)).toEqual([moment(300)]);
  });

  it('are bounded on the busiest day', () => {
    const { live, notice } = open();
    for (let count = 0; count < 2_000; count += 1) notice('arrived');
    expect(live.recent()).toHaveLength(300);
  });

  it('leave out who wears which watch', () => {
    const { live } = open();
    const heard: string[] = [];
    live.onLine(({ kind }) => heard.push(kind));
    live.note({ v: 1, at: moment(0), kind: 'duty', watch: 'w-1', role: 'manager', onDuty: true });
    expect(live.recent()).toEqual([]);
    expect(heard).toEqual([]);
  });
});

describe('The last hour', () => {
  it('counts by minute who came, was met, was told of and was kept quiet', () => {
    const { live, pass, notice } = open();
    notice('arrived', { decision: 'silence', reason: 'staff-near' } as Partial<JournalLine>);
    notice('arrived', { role: 'staff' } as Partial<JournalLine>);
    pass(60);
    notice('contacted');
    const { minutes } = minutesSchema.parse(live.minutes());
    expect(minutes).toMatchObject([
      { at: moment(0), arrived: 1, met: 0, silences: 1 },
      { at: moment(60), arrived: 0, met: 1, silences: 0 },
    ]);
  });

  it('has sixty minutes and the one that runs, and begins anew when the clock is set back', () => {
    const { live, pass, notice } = open();
    for (let minute = 0; minute < 100; minute += 1) {
      notice('arrived');
      pass(60);
    }
    expect(live.minutes().minutes).toHaveLength(61);
    pass(-3_600);
    expect(live.minutes().minutes).toHaveLength(1);
  });

  it('knows the most people in a zone, and what of it nobody saw', () => {
    const { live, pass } = open();
    const sample = (people: number | undefined) =>
      live.sample({
        v: 1,
        at: moment(0),
        open: [],
        zones: [
          {
            id: 'cash',
            kind: 'queue',
            name: { zh: '现金区', en: 'Cash' },
            ...(people === undefined ? { blind: true as const } : { people }),
          },
        ],
      });
    for (const people of [2, 5, 1]) sample(people);
    pass(60);
    sample(undefined);
    expect(live.minutes().minutes).toMatchObject([
      { zones: { cash: 5 }, blind: [] },
      { zones: {}, blind: ['cash'] },
    ]);
  });
});

describe('Doors', () => {
  it('are counted from midnight of the branch, by its own calendar', () => {
    const { live, pass, notice } = open(createDayOf('Asia/Shanghai'));
    notice('arrived');
    notice('departed');
    notice('arrived');
    expect(live.minutes().doors).toEqual({ 'main-door': { in: 2, out: 1 } });
    // 18:42 there: midnight is five hours and eighteen minutes on.
    pass(5 * 3600 + 19 * 60);
    expect(live.minutes().doors).toEqual({});
    notice('arrived');
    expect(live.minutes().doors).toEqual({ 'main-door': { in: 1, out: 0 } });
  });
});
