import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../src/core/behaviours/behaviour.ts';
import { machineTrouble } from '../../../src/core/behaviours/machine-trouble.ts';
import { inShort, type Lobby, look, type Somebody, scenesOf } from './lobby.ts';

/** One after another at the machine, for so many seconds each, with ten between them. */
function users(seconds: readonly number[], from = 0): readonly Somebody[] {
  let at = from;
  return seconds.map((long, i) => {
    const spells = [
      ['hall', at, at + 3],
      ['self-service', at + 3, at + 3 + long],
      ['hall', at + 3 + long, at + 8 + long],
    ] as const;
    at += long + 10;
    return { id: `u${i}-${from}`, spells };
  });
}
const noticed = (people: readonly Somebody[], lobby: Partial<Lobby> = {}): readonly Happening[] => {
  const until = Math.max(...people.flatMap(({ spells }) => spells.map((spell) => spell[2])));
  return look(machineTrouble, scenesOf(people, { until, fps: 2, ...lobby })).happenings;
};
const usual = [60, 80, 55, 70, 65, 75, 50, 90];

describe('A self-service place', () => {
  it('is told when most leave it fast, with how fast and what is usual', () => {
    const all = noticed(users([...usual, 9, 60, 8, 10]));
    expect(inShort(all).map((one) => one.split(' ').slice(1).join(' '))).toEqual([
      'machine-trouble self-service',
    ]);
    expect(all[0]!.figures).toEqual({ short: 3, of: 4, shortSeconds: 9, usualSeconds: 60 });
  });

  it('is told once, and is well again when somebody stays', () => {
    const all = noticed(users([...usual, 9, 8, 10, 7, 9, 60, 70, 65]));
    expect(all.map((one) => one.kind)).toEqual(['machine-trouble', 'over']);
    expect(all[1]).toMatchObject({ of: 'machine-trouble', because: 'eased', zone: 'self-service' });
  });

  it('is not told of one or two quick customers', () => {
    expect(noticed(users([...usual, 9, 8, 60, 70, 9, 65, 10, 80]))).toEqual([]);
  });

  it('is not told of before it is known what is usual there', () => {
    expect(noticed(users([...usual.slice(0, 5), 9, 8]))).toEqual([]);
    expect(noticed(users([12, 10, 11, 12, 9, 10, 11, 12, 10, 11, 12, 9, 11, 10]))).toEqual([]);
  });

  it('is not told of people who walk through', () => {
    const through = users([1, 1, 1, 1, 1, 1], 2000);
    expect(noticed([...users(usual), ...through])).toEqual([]);
  });

  it('is not told of people of whom the camera lost sight, or who were there first', () => {
    const lost = users([6, 6, 6, 6], 2000).map(({ id, spells }) => ({ id, spells: spells.slice(0, 2) }));
    expect(noticed([...users(usual), ...lost])).toEqual([]);
    const there = users([6, 6, 6, 6], 2000).map(({ id, spells }) => ({ id, spells: spells.slice(1) }));
    const scenes = scenesOf([...users(usual), ...there], { until: 2100, fps: 2 }).map((scene) => ({
      ...scene,
      visits: scene.visits.map((one) =>
        one.id.endsWith('2000') ? { ...one, bornWhere: { x: 4, y: 3 } } : one,
      ),
    }));
    expect(look(machineTrouble, scenes).happenings).toEqual([]);
  });

  it('is not told of staff who see to it', () => {
    const staff = users([6, 6, 6, 6], 2000).map((one) => ({ ...one, role: 'staff' as const }));
    expect(noticed([...users(usual), ...staff])).toEqual([]);
  });

  it('says nothing of stays nobody could see the whole of', () => {
    const people = [...users(usual), ...users([9, 8, 10, 7], 2000)];
    expect(noticed(people, { blind: (at) => (at > 1990 ? ['self-service'] : []) })).toEqual([]);
  });

  it('is used differently, and not in trouble, when a dozen have been quick', () => {
    const quick = Array.from({ length: 40 }, () => 9);
    const all = noticed(users([...usual, ...quick]));
    expect(all.map((one) => one.kind)).toEqual(['machine-trouble', 'over']);
  });

  it('remembers no more than it needs', () => {
    const many = users(Array.from({ length: 60 }, (_, i) => 50 + (i % 30)));
    const { state } = look(machineTrouble, scenesOf(many, { until: 6000, fps: 1 }));
    expect(state.stays).toEqual([]);
    expect(state.places[0]!.usual.length).toBe(40);
    expect(state.places[0]!.recent.length).toBe(4);
  });
});
