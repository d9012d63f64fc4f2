import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/core/behaviours/unattended.ts';
import { customers, inShort, type Lobby, look, manager, type Somebody, scenesOf } from './lobby.ts';

const thresholds = { unattended: { forSeconds: 60 } };
const noticed = (people: readonly Somebody[], lobby: Partial<Lobby> = {}) =>
  look(unattended, scenesOf(people, { until: 300, thresholds, fps: 2, ...lobby })).happenings;
const seenOnce = manager(['hall', 0, 10]);

describe('Customers without staff', () => {
  it('are told after a while, with how many and how long', () => {
    const [first, ...more] = noticed([...customers(2, ['hall', 5, 300]), seenOnce]);
    expect(first).toMatchObject({ kind: 'unattended', people: 2, waitedSeconds: 60 });
    // Staff are held to be there for the second after they were last seen.
    expect(first!.at).toBeCloseTo(70, 0);
    expect(more).toEqual([]);
  });

  it('are no matter while staff are there, or come by in time', () => {
    expect(noticed([...customers(2, ['hall', 5, 300]), manager(['hall', 0, 300])])).toEqual([]);
    const passing = manager(['hall', 0, 10], ['hall', 60, 62], ['cash', 110, 113], ['hall', 160, 300]);
    expect(noticed([...customers(2, ['hall', 5, 300]), passing])).toEqual([]);
  });

  it('are not told where no staff were ever seen: nobody knows who they are', () => {
    expect(noticed(customers(5, ['hall', 0, 300]))).toEqual([]);
  });

  it('are told also where staff were known for staff only by where they went', () => {
    // Of whoever stood in the hall from the beginning nobody knew who they were, until they went behind.
    const scenes = scenesOf([...customers(2, ['hall', 5, 300]), manager(['staff-room', 20, 30])], {
      until: 300,
      thresholds,
      fps: 2,
    }).map((scene) => ({
      ...scene,
      visits: scene.visits.map((one) =>
        one.role === 'staff'
          ? {
              ...one,
              path: [
                { at: 18, x: 0, y: 0 },
                { at: 20, ...one.at },
              ],
            }
          : one,
      ),
    }));
    const [first] = look(unattended, scenes).happenings;
    expect(first).toMatchObject({ kind: 'unattended', at: 80, people: 2 });
    // Who was always behind the glass has looked after nobody.
    const behind = manager(['staff-room', 20, 30]);
    expect(noticed([...customers(2, ['hall', 5, 300]), behind])).toEqual([]);
  });

  it('are alone also with somebody behind the glass, unless they speak with them', () => {
    const teller = (spot: 'staff-room' | 'hall'): Somebody => ({
      id: 't',
      role: 'staff',
      spells: [
        ['hall', 0, 5],
        [spot, 5, 300],
      ],
    });
    expect(inShort(noticed([...customers(1, ['cash', 0, 300]), teller('staff-room')]))).toHaveLength(1);
    const atTheGlass = customers(1, ['staff-room', 0, 300]);
    expect(noticed([...atTheGlass, teller('staff-room')])).toEqual([]);
  });

  it('are over once staff have been back for some seconds, and not when somebody crosses the hall', () => {
    const back = manager(['hall', 0, 10], ['hall', 100, 101], ['hall', 200, 300]);
    expect(inShort(noticed([...customers(2, ['hall', 5, 300]), back]))).toEqual([
      expect.stringMatching(/ unattended$/),
      '203 over unattended staff-came',
    ]);
  });

  it('are over once nobody is there any more', () => {
    const all = inShort(noticed([...customers(2, ['hall', 5, 120]), seenOnce]));
    expect(all.at(-1)).toBe('130 over unattended people-left');
  });

  it('are not told while a place cannot be seen, in which staff may be; then the clock goes on', () => {
    const people = [...customers(2, ['hall', 5, 300]), seenOnce];
    expect(noticed(people, { blind: () => ['vip'] })).toEqual([]);
    const [first] = noticed(people, { blind: (at) => (at >= 30 && at < 130 ? ['vip'] : []) });
    expect(first!.at).toBeCloseTo(170, 0);
  });

  it('are not told while somebody is in the hall who may be staff', () => {
    const stranger: Somebody = { id: 's', role: 'unknown', spells: [['hall', 5, 300]] };
    expect(noticed([...customers(2, ['hall', 5, 300]), seenOnce, stranger])).toEqual([]);
    const inQueue: Somebody = { ...stranger, spells: [['cash', 5, 300]] };
    expect(noticed([...customers(2, ['hall', 5, 300]), seenOnce, inQueue])).toHaveLength(1);
  });
});
