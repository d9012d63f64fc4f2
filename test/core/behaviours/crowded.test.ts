import { describe, expect, it } from 'vitest';
import { crowded } from '../../../src/core/behaviours/crowded.ts';
import { customers, inShort, type Lobby, look, manager, type Somebody, scenesOf } from './lobby.ts';

const thresholds = { crowded: { people: 10, peoplePerStaff: 6, forSeconds: 60 } };
const noticed = (people: readonly Somebody[], lobby: Partial<Lobby> = {}) =>
  look(crowded, scenesOf(people, { until: 400, thresholds, fps: 2, ...lobby })).happenings;

describe('Too many customers', () => {
  it('are told once they have been so many for long enough, with how many and how many staff', () => {
    const staff = [manager(['hall', 0, 400]), { ...manager(['hall', 0, 400]), id: 'm2' }];
    const [first, ...more] = noticed([...customers(10, ['hall', 20, 400]), ...staff]);
    expect(first).toMatchObject({ at: 80, kind: 'crowded', people: 10 });
    expect(first!.figures).toEqual({ people: 10, staff: 2, forSeconds: 60 });
    expect(more).toEqual([]);
  });

  it('are not told while a group passes through', () => {
    expect(noticed(customers(15, ['hall', 20, 70]))).toEqual([]);
  });

  it('may be fewer for one who is alone with them, where staff are known', () => {
    const seven = customers(7, ['hall', 20, 400]);
    expect(inShort(noticed([...seven, manager(['hall', 0, 400])]))).toEqual(['80 crowded']);
    expect(noticed(seven)).toEqual([]);
  });

  it('are not over when one of them leaves, nor told again when another comes', () => {
    const people = [
      ...customers(9, ['hall', 0, 400]),
      ...customers(1, ['hall', 0, 100], ['hall', 120, 140], ['hall', 260, 400]),
    ];
    expect(inShort(noticed(people))).toEqual(['60 crowded']);
  });

  it('are over when there have been clearly fewer for a minute', () => {
    const people = [...customers(7, ['hall', 0, 400]), ...customers(4, ['hall', 0, 100])];
    const all = noticed(people);
    expect(inShort(all)).toEqual(['60 crowded', '160 over crowded eased']);
    expect(all[1]!.waitedSeconds).toBe(100);
  });

  it('are told again when it has been over', () => {
    const people = customers(12, ['hall', 0, 80], ['hall', 200, 400]);
    expect(inShort(noticed(people)).map((one) => one.split(' ').slice(1).join(' '))).toEqual([
      'crowded',
      'over crowded eased',
      'crowded',
    ]);
  });

  it('are not called fewer while part of the lobby cannot be seen', () => {
    const people = customers(12, ['hall', 0, 100]);
    const blind = (at: number) => (at >= 100 ? ['cash'] : []);
    expect(inShort(noticed(people, { blind }))).toEqual(['60 crowded']);
  });

  it('are told also while part of the lobby cannot be seen, if those who are seen are too many', () => {
    expect(inShort(noticed(customers(12, ['hall', 0, 400]), { blind: () => ['cash'] }))).toEqual([
      '60 crowded',
    ]);
  });
});
