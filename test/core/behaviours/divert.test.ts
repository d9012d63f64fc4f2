import { describe, expect, it } from 'vitest';
import { divert } from '../../../src/core/behaviours/divert.ts';
import type { AreaZone, Zone } from '../../../src/core/floor/zones.ts';
import { customers, inShort, type Lobby, lobbyZones, look, type Somebody, scenesOf } from './lobby.ts';

const thresholds = { divert: { length: 4, waitSeconds: 300, freeForSeconds: 20 } };
const noticed = (people: readonly Somebody[], lobby: Partial<Lobby> = {}) =>
  look(divert, scenesOf(people, { until: 300, thresholds, fps: 2, ...lobby })).happenings;
const withZone = (id: string, more: Partial<AreaZone>): readonly Zone[] =>
  lobbyZones.map((zone) => (zone.id === id ? ({ ...zone, ...more } as Zone) : zone));
const four = customers(4, ['cash', 10, 300]);

describe('A long queue', () => {
  it('is told when another place has been free for a while, with where to and how many can go', () => {
    const [first, ...more] = noticed(four);
    expect(first).toMatchObject({ at: 20, kind: 'divert', zone: 'cash', towards: 'self-service', people: 4 });
    expect(first!.figures).toEqual({ people: 4, free: 1 });
    expect(more).toEqual([]);
  });

  it('is left alone while the other place is taken, or only just free', () => {
    const user = (until: number): Somebody => ({ id: 'u', spells: [['self-service', 0, until]] });
    expect(noticed([...four, user(300)])).toEqual([]);
    expect(inShort(noticed([...four, user(60)]))).toEqual(['80 divert cash self-service']);
  });

  it('is left alone while it is short, or long for a moment', () => {
    expect(noticed(customers(3, ['cash', 10, 300]))).toEqual([]);
    expect(noticed([...customers(3, ['cash', 10, 300]), ...customers(2, ['cash', 50, 58])])).toEqual([]);
  });

  it('has to be long for as long again after it was short for more than a moment', () => {
    const user: Somebody = { id: 'u', spells: [['self-service', 0, 36]] };
    const dips = (from: number, until: number) => [
      ...customers(2, ['cash', 10, 300]),
      ...customers(2, ['cash', 10, from], ['hall', from, until], ['cash', until, 300]),
    ];
    // Two go at 50 and come back at 53: three seconds before the place has been free for long enough.
    expect(inShort(noticed([...dips(50, 53), user]))).toEqual(['63 divert cash self-service']);
    expect(inShort(noticed([...dips(20, 23), user]))).toEqual(['56 divert cash self-service']);
    // Once it is said, it takes more than that to be over.
    expect(inShort(noticed(dips(50, 53)))).toEqual(['20 divert cash self-service']);
  });

  it('may also be short but slow, once it is known how slow', () => {
    const two = customers(2, ['cash', 10, 300]);
    const [first] = noticed(two, { expectedWaitSeconds: () => 360 });
    expect(first!.figures).toEqual({ people: 2, expectedWaitSeconds: 360, free: 1 });
    expect(noticed(two, { expectedWaitSeconds: () => 200 })).toEqual([]);
    expect(noticed([], { expectedWaitSeconds: () => 900 })).toEqual([]);
  });

  it('is not sent to a window that nobody has stood at lately: it is closed', () => {
    const zones = lobbyZones.filter((zone) => zone.kind !== 'service');
    expect(noticed(four, { zones })).toEqual([]);
    const open: Somebody = { id: 'o', spells: [['exchange', 0, 40]] };
    expect(inShort(noticed([...four, open], { zones }))).toEqual(['60 divert cash exchange']);
  });

  it('is sent to the nearest of several', () => {
    const open: Somebody = { id: 'o', spells: [['exchange', 0, 5]] };
    expect(inShort(noticed([...customers(4, ['cash', 40, 300]), open]))).toEqual([
      '50 divert cash self-service',
    ]);
  });

  it('is sent to machines of which some are in use, if the branch says how many there are', () => {
    const user: Somebody = { id: 'u', spells: [['self-service', 0, 300]] };
    const [first] = noticed([...four, user], { zones: withZone('self-service', { places: 3 }) });
    expect(first!.figures!.free).toBe(2);
  });

  it('is not sent where another need is served', () => {
    const zones = withZone('self-service', { serves: ['cash'] }).map((zone) =>
      zone.id === 'cash' ? ({ ...zone, serves: ['companies'] } as Zone) : zone,
    );
    expect(noticed(four, { zones })).toEqual([]);
    const both = zones.map((zone) =>
      zone.id === 'cash' ? ({ ...zone, serves: ['companies', 'cash'] } as Zone) : zone,
    );
    expect(noticed(four, { zones: both })).toHaveLength(1);
  });

  it('is over when it is short again, or the place has been taken for a while', () => {
    const shrinking = [...customers(2, ['cash', 10, 300]), ...customers(2, ['cash', 10, 100])];
    expect(inShort(noticed(shrinking))).toEqual([
      '20 divert cash self-service',
      '110 over divert cash eased',
    ]);
    const taken: Somebody = { id: 'u', spells: [['self-service', 100, 300]] };
    expect(inShort(noticed([...four, taken]))).toEqual([
      '20 divert cash self-service',
      '110 over divert cash eased',
    ]);
    const passing: Somebody = { id: 'u', spells: [['self-service', 100, 105]] };
    expect(noticed([...four, passing])).toHaveLength(1);
  });

  it('is not sent to a place nobody can see, nor told of itself while it cannot be seen', () => {
    expect(noticed(four, { blind: () => ['self-service'] })).toEqual([]);
    expect(noticed(four, { blind: () => ['cash'] })).toEqual([]);
  });
});
