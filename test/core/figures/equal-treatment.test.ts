import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareContacts,
  type EqualTreatmentRules,
  equalTreatment,
  usualRules,
  type Visit,
} from '../../../src/core/figures/equal-treatment.ts';
import { createChance } from '../../chaos/chance.ts';

/** Enough deals for a level of 5 in 100 over two comparisons, and quick. */
const quick: EqualTreatmentRules = { ...usualRules, deals: 199 };

interface World {
  readonly seed: number;
  readonly visits: number;
  readonly sideDoorLater?: number;
  readonly sideDoorLeaves?: number;
  readonly elevenLater?: number;
  /** The side door is used at eleven most of all. */
  readonly sideDoorAtEleven?: boolean;
  /** Everybody comes with a companion, who is met with them. */
  readonly inPairs?: boolean;
}

function visitsOf({ seed, visits, ...how }: World): Visit[] {
  const chance = createChance(seed);
  return Array.from({ length: visits }, (_, i): Visit[] => {
    const hour = 9 + Math.floor(chance.next() * 4);
    const side = how.sideDoorAtEleven ? (hour === 11 ? 0.8 : 0.1) : 0.35;
    const isSide = chance.next() < side;
    const waitedSeconds =
      -20 * Math.log(1 - chance.next()) +
      (isSide ? (how.sideDoorLater ?? 0) : 0) +
      (hour === 11 ? (how.elevenLater ?? 0) : 0);
    const isNever = chance.next() < 0.05 + (isSide ? (how.sideDoorLeaves ?? 0) : 0);
    const one: Visit = {
      door: isSide ? 'side-door' : 'main-door',
      day: '2026-03-12',
      hour,
      arrivedAt: hour * 3600 + i * 20,
      ...(isNever ? {} : { waitedSeconds }),
    };
    return how.inPairs ? [one, { ...one, arrivedAt: one.arrivedAt + 1 }] : [one];
  }).flat();
}

describe('Equal treatment', () => {
  it('finds a door whose customers are met later, and says how much', () => {
    const { doors, hours } = equalTreatment(visitsOf({ seed: 1, visits: 300, sideDoorLater: 15 }));
    expect(doors).toMatchObject({ outcome: 'differs', p: 0.001, later: [{ group: 'side-door' }] });
    const [side] = doors.later;
    expect(side!.medianSeconds!).toBeGreaterThan(side!.othersMedianSeconds! + 8);
    expect(hours.outcome).toBe('as-chance');
  });

  it('finds a door whose customers leave without being met, however soon the others there are met', () => {
    const { doors } = equalTreatment(visitsOf({ seed: 2, visits: 300, sideDoorLeaves: 0.35 }));
    expect(doors).toMatchObject({ outcome: 'differs', later: [{ group: 'side-door' }] });
  });

  it('control: of those met alone nothing would be found there', () => {
    const met = visitsOf({ seed: 2, visits: 300, sideDoorLeaves: 0.35 }).filter(
      ({ waitedSeconds }) => waitedSeconds !== undefined,
    );
    expect(equalTreatment(met).doors.outcome).toBe('as-chance');
  });

  it('finds an hour, and does not blame the door that is used in it', () => {
    const world = { seed: 3, visits: 400, elevenLater: 25, sideDoorAtEleven: true };
    const { doors, hours } = equalTreatment(visitsOf(world));
    expect(hours).toMatchObject({ outcome: 'differs', later: [{ group: '11' }] });
    expect(doors.outcome).toBe('as-chance');
  });

  it('finds each of these differences in nine worlds of ten', () => {
    const found = (world: Omit<World, 'seed'>, where: 'doors' | 'hours') =>
      Array.from(
        { length: 20 },
        (_, i) => equalTreatment(visitsOf({ ...world, seed: 100 + i }), quick)[where].outcome === 'differs',
      ).filter(Boolean).length;
    expect(found({ visits: 300, sideDoorLater: 16 }, 'doors')).toBeGreaterThanOrEqual(18);
    expect(found({ visits: 300, elevenLater: 30 }, 'hours')).toBeGreaterThanOrEqual(18);
  });

  it.each([
    ['each by themselves', false],
    ['in pairs', true],
  ])(
    'speaks by chance in no more than 5 of 100 worlds in which all are treated alike: who come %s',
    (_, inPairs) => {
      const worlds = 400;
      let spoke = 0;
      for (let seed = 0; seed < worlds; seed += 1) {
        const { doors, hours } = equalTreatment(
          visitsOf({ seed: 1_000 + seed, visits: 120, inPairs }),
          quick,
        );
        if (doors.outcome === 'differs' || hours.outcome === 'differs') spoke += 1;
      }
      // Of 400 worlds at 5 in 100, 30 or more come once in fifty times; these 400 are always the same.
      expect(spoke).toBeLessThan(30);
      expect(spoke).toBeGreaterThan(4);
    },
  );

  it('control: pairs taken for strangers make it speak far more often', () => {
    let spoke = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      const visits = visitsOf({ seed: 1_000 + seed, visits: 120, inPairs: true });
      const { doors, hours } = equalTreatment(visits, { ...quick, togetherSeconds: 0 });
      if (doors.outcome === 'differs' || hours.outcome === 'differs') spoke += 1;
    }
    expect(spoke).toBeGreaterThan(15);
  });

  it('says the same of the same visits, in whatever order they are given, and however late all are', () => {
    const visits = visitsOf({ seed: 5, visits: 200, sideDoorLater: 6 });
    const said = equalTreatment(visits, quick);
    expect(equalTreatment([...visits].reverse(), quick)).toEqual(said);
    const later = visits.map((visit) =>
      visit.waitedSeconds === undefined ? visit : { ...visit, waitedSeconds: visit.waitedSeconds * 3 + 10 },
    );
    expect(equalTreatment(later, quick).doors.p).toBe(said.doors.p);
  });

  it('says nothing of one door, of doors with fewer than 20 visits, and where hardly anybody was met', () => {
    const visits = visitsOf({ seed: 6, visits: 100 });
    const oneDoor = visits.map((visit) => ({ ...visit, door: 'main-door' }));
    expect(equalTreatment(oneDoor).doors).toMatchObject({ outcome: 'too-few', tooFew: [] });
    const { doors } = equalTreatment(visits.slice(0, 30));
    expect(doors.outcome).toBe('too-few');
    expect(doors.tooFew).toContain('side-door');
    const unmet = visits.map(({ waitedSeconds: _, ...visit }) => visit);
    expect(equalTreatment(unmet).doors.outcome).toBe('too-few');
    expect(equalTreatment([])).toMatchObject({ visits: 0, doors: { outcome: 'too-few' } });
  });

  it('counts of whom it is not known how it went on as far as it is known', () => {
    const world = visitsOf({ seed: 7, visits: 300 });
    const cut = world.map((visit): Visit => {
      if (visit.door !== 'side-door') return visit;
      const { waitedSeconds = 60, ...rest } = visit;
      return waitedSeconds > 10 ? { ...rest, knownForSeconds: 10 } : visit;
    });
    expect(equalTreatment(cut).doors.outcome).toBe('as-chance');
    const gone = cut.map(({ knownForSeconds: _, ...visit }) => visit);
    expect(equalTreatment(gone).doors).toMatchObject({ outcome: 'differs', later: [{ group: 'side-door' }] });
  });

  it('pauses every few milliseconds, and has an end whatever it is given', () => {
    const going = compareContacts(visitsOf({ seed: 8, visits: 3_000 }), quick);
    let pauses = 0;
    while (going.next().done !== true) pauses += 1;
    expect(pauses).toBeGreaterThan(8);
    const visit = fc.record({
      door: fc.constantFrom('a', 'b', 'c'),
      day: fc.constantFrom('2026-03-12', '2026-03-13'),
      hour: fc.integer({ min: 0, max: 23 }),
      arrivedAt: fc.integer({ min: 0, max: 100_000 }),
      waitedSeconds: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 120 }), (visits) => {
        const given = visits.map(({ waitedSeconds, ...rest }) => ({
          ...rest,
          ...(waitedSeconds === undefined ? {} : { waitedSeconds }),
        }));
        const { doors, hours } = equalTreatment(given, { ...quick, deals: 19, least: 3, leastMet: 1 });
        for (const { p = 1, later, sooner } of [doors, hours]) {
          expect(p).toBeGreaterThan(0);
          expect(p).toBeLessThanOrEqual(1);
          expect(later.length + sooner.length).toBeLessThanOrEqual(24);
        }
      }),
      { numRuns: 100 },
    );
  });
});
