import { describe, expect, it } from 'vitest';
import { patrol, unvisitedSeconds } from '../../../src/core/behaviours/patrol.ts';
import { customers, inShort, type Lobby, look, manager, type Somebody, scenesOf } from './lobby.ts';

const thresholds = { patrol: { people: 4, afterSeconds: 60, everySeconds: 200 } };
const noticed = (people: readonly Somebody[], lobby: Partial<Lobby> = {}) =>
  look(patrol, scenesOf(people, { until: 400, thresholds, fps: 2, ...lobby })).happenings;
const seenOnce = manager(['hall', 0, 2]);

describe('Going round', () => {
  it('is asked for when too many are there to greet each: to where staff have not been for longest', () => {
    const people = [...customers(3, ['self-service', 5, 400]), ...customers(3, ['hall', 20, 400]), seenOnce];
    const [first] = noticed(people);
    expect(first).toMatchObject({
      at: 65,
      kind: 'patrol',
      zone: 'self-service',
      people: 3,
      waitedSeconds: 60,
    });
    expect(first!.figures).toEqual({ people: 3, withoutStaffSeconds: 60, ungreeted: 6 });
    expect(first!.visits).toHaveLength(3);
  });

  it('is not asked for while each can be greeted', () => {
    expect(noticed([...customers(3, ['hall', 5, 400]), seenOnce])).toEqual([]);
    const met = Array.from({ length: 6 }, (_, i) => `c${i}-hall-5`);
    expect(noticed([...customers(6, ['hall', 5, 400]), seenOnce], { met })).toEqual([]);
  });

  it('is asked for also when the wrist has had enough', () => {
    const people = [...customers(2, ['hall', 5, 400]), seenOnce];
    const overBudgetAt = (at: number) => (at >= 100 && at < 160 ? 100 : undefined);
    expect(inShort(noticed(people, { overBudgetAt }))).toEqual(['105 patrol', '305 over patrol unheeded']);
  });

  it('is over when staff have been there, or the customers have gone', () => {
    const crowd = customers(5, ['hall', 5, 400]);
    expect(inShort(noticed([...crowd, manager(['cash', 0, 2], ['hall', 90, 95])]))).toEqual([
      '65 patrol',
      '90 over patrol staff-came',
      '265 patrol',
    ]);
    const gone = [...customers(5, ['hall', 5, 80]), seenOnce];
    expect(inShort(noticed(gone))).toEqual(['65 patrol', '85 over patrol people-left']);
  });

  it('is asked for at most so often, however many areas are alone', () => {
    const people = [...customers(4, ['hall', 5, 400]), ...customers(4, ['self-service', 5, 400]), seenOnce];
    const at = noticed(people)
      .filter((one) => one.kind === 'patrol')
      .map((one) => one.at);
    expect(at).toHaveLength(2);
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(200);
  });

  it('counts staff who stand at the edge of an area as having been there', () => {
    const people = [...customers(5, ['cash', 5, 400]), manager(['cash', 0, 400])];
    expect(noticed(people)).toEqual([]);
  });

  it('is never asked for where no staff were ever seen', () => {
    expect(noticed(customers(9, ['hall', 5, 400]))).toEqual([]);
  });

  it('does not count who may be staff themselves', () => {
    const stranger: Somebody = { id: 's', role: 'unknown', spells: [['hall', 5, 400]] };
    const people = [...customers(5, ['self-service', 200, 400]), stranger, seenOnce];
    expect(inShort(noticed(people))[0]).toBe('260 patrol self-service');
  });

  it('keeps the clock of an area nobody can see', () => {
    const people = [...customers(5, ['self-service', 5, 400]), seenOnce];
    const blind = (at: number) => (at >= 20 && at < 120 ? ['self-service'] : []);
    expect(noticed(people, { blind })[0]!.at).toBeCloseTo(165, 0);
  });

  it('tells the pages how long each area has been alone', () => {
    const people = [...customers(1, ['self-service', 5, 400]), seenOnce];
    const { state } = look(patrol, scenesOf(people, { until: 100, fps: 2 }));
    expect(unvisitedSeconds(state, 'self-service', 100)).toBe(95);
    expect(unvisitedSeconds(state, 'cash', 100)).toBe(0);
  });
});
