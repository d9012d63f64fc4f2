import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayAfter, isAmong, isDay, type Profile, profileOn, weekdayOf } from '../../src/contract/calendar.ts';
import { days } from '../../src/contract/hours.ts';
import { thresholdsSchema } from '../../src/contract/thresholds.ts';
import { createInForce, type InForce } from '../../src/service/in-force.ts';

const base = thresholdsSchema.parse({});
/** Zones that put their clocks back and forward, also at midnight and by half an hour, and one that never does. */
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Asia/Shanghai',
] as const;

const anyDays = fc.record(
  {
    weekdays: fc.uniqueArray(fc.constantFrom(...days), { minLength: 1, maxLength: 4 }),
    ofMonth: fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 4 }),
    dates: fc
      .uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 4 })
      .map((all) => all.map((n) => dayAfter('2026-01-01', n))),
  },
  { requiredKeys: [] },
);
const anyProfiles: fc.Arbitrary<readonly Profile[]> = fc
  .array(anyDays, { maxLength: 5 })
  .map((all) =>
    all.map((one, n) => ({ id: `p${n}`, days: one, thresholds: { queue: { waitSeconds: 20 + n } } })),
  );
const anyDay = fc.integer({ min: 0, max: 1000 }).map((n) => dayAfter('2026-01-01', n));
/** Around the hours at which clocks are put back and forward, more often than at others. */
const anyMoment = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2028, 0, 1) / 1000 }),
  fc
    .tuple(
      fc.constantFrom('2026-03-29', '2026-10-25', '2026-11-01', '2026-04-05', '2026-09-06', '2026-04-24'),
      fc.integer({ min: -30 * 3600, max: 54 * 3600 }),
    )
    .map(([day, seconds]) => Date.parse(`${day}T00:00:00Z`) / 1000 + seconds),
);

const dayThere = (timezone: string) => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' });
  return (at: number) => format.format(at * 1000);
};

/** The tempting way: a day is 24 hours from the midnight before. On a day of 23 or 25 it is off by one. */
function byHours(timezone: string, from: number): (at: number) => string {
  const there = dayThere(timezone);
  let midnight = from;
  while (there(midnight - 900) === there(from)) midnight -= 900;
  return (at) => dayAfter(there(from), Math.floor((at - midnight) / 86_400));
}

describe('The profile of a day', () => {
  it('is exactly one: the first that names the day, or the base', () => {
    fc.assert(
      fc.property(anyProfiles, anyDay, (profiles, day) => {
        const naming = profiles.filter((one) => isAmong(one.days, day));
        expect(profileOn(profiles, day)).toBe(naming[0]);
      }),
    );
  });

  it('is that of the wall clock at any moment, in any zone, also where a day has 23 or 25 hours', () => {
    fc.assert(
      fc.property(
        anyProfiles,
        fc.constantFrom(...zones),
        fc.array(anyMoment, { maxLength: 12 }),
        (profiles, timezone, moments) => {
          const inForce = createInForce({ thresholds: base, profiles, hours: { timezone } });
          const there = dayThere(timezone);
          for (const at of moments) {
            const now: InForce = inForce(at);
            expect(now.day).toBe(there(at));
            expect(now.profile?.id).toBe(profileOn(profiles, there(at))?.id);
            expect(now.thresholds.queue.waitSeconds).toBe(
              now.profile === undefined ? base.queue.waitSeconds : 20 + Number(now.profile.id.slice(1)),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('changes once between two midnights and holds for all of a day: counting hours does not', () => {
    const wrong: string[] = [];
    for (const timezone of zones) {
      const inForce = createInForce({ thresholds: base, profiles: [], hours: { timezone } });
      const begin = Date.UTC(2026, 0, 1, 12) / 1000;
      const counted = byHours(timezone, begin);
      let last = '';
      const seen = new Set<string>();
      for (let at = begin; at < Date.UTC(2027, 0, 1) / 1000; at += 1800) {
        const now = inForce(at).day;
        // A day that was over does not come back.
        if (now !== last) expect(seen.has(now)).toBe(false);
        seen.add(now);
        if (last !== '' && now !== last) expect(now).toBe(dayAfter(last));
        last = now;
        if (counted(at) !== now && !wrong.includes(timezone)) wrong.push(timezone);
      }
    }
    // The control: the tempting way is wrong wherever clocks are put forward and back.
    expect(wrong).toEqual(zones.filter((zone) => !['Asia/Kathmandu', 'Asia/Shanghai'].includes(zone)));
  });

  it('knows each day there is, and its weekday', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(isDay(day)).toBe(true);
        const name = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' });
        expect(weekdayOf(day)).toBe(name.format(Date.parse(`${day}T12:00:00Z`)).toLowerCase());
      }),
    );
    for (const none of [
      '2026-02-29',
      '2026-02-31',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
      '2026-1-1',
      '26-01-01',
      '',
    ]) {
      expect(isDay(none), none).toBe(false);
    }
    expect(isDay('2028-02-29')).toBe(true);
  });
});
