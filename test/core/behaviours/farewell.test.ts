import { describe, expect, it } from 'vitest';
import { farewell } from '../../../src/core/behaviours/farewell.ts';
import { inShort, type Lobby, lobbyZones, look, type Somebody, type Spell, scenesOf } from './lobby.ts';

const guest = (...spells: readonly Spell[]): Somebody => ({ id: 'g', spells });
const noticed = (people: readonly Somebody[], lobby: Partial<Lobby> = {}) =>
  look(farewell, scenesOf(people, { until: 300, fps: 2, ...lobby })).happenings;

describe('A farewell', () => {
  it('is told when a customer who stayed in a VIP zone heads for the door', () => {
    const [first, ...more] = noticed([
      guest(['vip', 10, 100], ['hall', 100, 103], ['by-the-door', 103, 300]),
    ]);
    expect(first).toMatchObject({ at: 103, kind: 'farewell', zone: 'vip', visit: 'g' });
    expect(first!.figures).toMatchObject({ stayedSeconds: 90 });
    expect(inShort(more)).toEqual(['220.5 over farewell vip eased']);
  });

  it('is not told of who only looked in, of who goes elsewhere, nor of staff', () => {
    expect(noticed([guest(['vip', 10, 40], ['by-the-door', 40, 60])])).toEqual([]);
    expect(noticed([guest(['vip', 10, 100], ['exchange', 100, 300])])).toEqual([]);
    expect(noticed([{ ...guest(['vip', 10, 100], ['by-the-door', 100, 120]), role: 'staff' }])).toEqual([]);
  });

  it('is told of who sees to something first and then leaves, but not an hour later', () => {
    expect(
      noticed([guest(['vip', 10, 100], ['exchange', 100, 130], ['by-the-door', 130, 140])]),
    ).toHaveLength(2);
    expect(noticed([guest(['vip', 10, 100], ['exchange', 100, 250], ['by-the-door', 250, 260])])).toEqual([]);
  });

  it('needs no door where none is drawn: then leaving the zone is leaving', () => {
    const zones = lobbyZones.filter((zone) => zone.kind !== 'entrance');
    expect(inShort(noticed([guest(['vip', 10, 100], ['hall', 100, 300])], { zones }))).toEqual([
      '100 farewell vip',
      '220.5 over farewell vip eased',
    ]);
  });

  it('is over when staff are with them, when they turn back, and when they are gone', () => {
    const leaving = guest(['vip', 10, 100], ['hall', 100, 103], ['by-the-door', 103, 200]);
    const host: Somebody = { id: 'm', role: 'staff', spells: [['by-the-door', 110, 200]] };
    expect(inShort(noticed([leaving, host])).at(-1)).toBe('112 over farewell vip staff-came');
    const back = guest(['vip', 10, 100], ['hall', 100, 103], ['by-the-door', 103, 110], ['vip', 110, 300]);
    expect(inShort(noticed([back])).at(-1)).toBe('110 over farewell vip eased');
    const gone = guest(['vip', 10, 100], ['hall', 100, 103], ['by-the-door', 103, 110]);
    expect(inShort(noticed([gone])).at(-1)).toBe('110 over farewell vip people-left');
  });
});
