import { describe, expect, it } from 'vitest';
import { type Hours, hoursSchema } from '../../src/contract/hours.ts';
import { createOpening } from '../../src/service/opening.ts';

const weekdays = ['09:00-12:00', '13:30-17:00'];
const hours: Hours = { timezone: 'Asia/Shanghai', monday: weekdays, saturday: ['00:00-24:00'] };
/** A Monday in Shanghai, eight hours ahead of UTC. */
const at = (hour: number, minute = 0, day = 23) => Date.UTC(2026, 10, day, hour - 8, minute) / 1000;

describe('Opening hours', () => {
  it('are by the clock of the branch, and end before their last minute begins', () => {
    const isOpen = createOpening(hours).isOpenAt;
    expect(
      [at(8, 59), at(9), at(11, 59), at(12), at(13, 29), at(13, 30), at(16, 59), at(17)].map(isOpen),
    ).toEqual([false, true, true, false, false, true, true, false]);
  });

  it('are none on a day that is left out, and all day from 00:00 to 24:00', () => {
    const isOpen = createOpening(hours).isOpenAt;
    expect(isOpen(at(10, 0, 24))).toBe(false);
    expect(isOpen(at(0, 0, 28))).toBe(true);
    expect(isOpen(at(23, 59, 28))).toBe(true);
    expect(isOpen(at(24, 0, 28))).toBe(false);
  });

  it('go with summer time', () => {
    const isOpen = createOpening({ timezone: 'Europe/Berlin', monday: ['09:00-17:00'] }).isOpenAt;
    expect(isOpen(Date.UTC(2026, 6, 6, 7, 0) / 1000)).toBe(true);
    expect(isOpen(Date.UTC(2026, 10, 23, 7, 0) / 1000)).toBe(false);
    expect(isOpen(Date.UTC(2026, 10, 23, 8, 0) / 1000)).toBe(true);
  });

  it('are always where the branch names none', () => {
    expect(createOpening(undefined).isOpenAt(0)).toBe(true);
    expect(createOpening(undefined).opensAfter(0)).toBeUndefined();
  });

  it('say when the branch opens next, today or tomorrow, by its own clock', () => {
    const { opensAfter } = createOpening(hours);
    expect([at(8), at(12), at(13, 29), at(17), at(20, 0, 22), at(20, 0, 27)].map(opensAfter)).toEqual([
      '09:00',
      '13:30',
      '13:30',
      undefined,
      '09:00',
      '00:00',
    ]);
  });

  it.each([
    ['a time zone there is none of', { timezone: 'Moon/Base' }],
    ['an hour there is none of', { timezone: 'UTC', monday: ['09:00-25:00'] }],
    ['hours that end before they begin', { timezone: 'UTC', monday: ['17:00-09:00'] }],
    ['a day there is none of', { timezone: 'UTC', someday: ['09:00-17:00'] }],
    ['one span that is not in a list', { timezone: 'UTC', monday: '09:00-17:00' }],
  ])('are refused with %s', (_, given) => {
    expect(hoursSchema.safeParse(given).success).toBe(false);
  });
});
