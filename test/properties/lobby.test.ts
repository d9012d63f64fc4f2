import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Behaviour, Happening } from '../../src/core/behaviours/behaviour.ts';
import { crowded } from '../../src/core/behaviours/crowded.ts';
import { divert } from '../../src/core/behaviours/divert.ts';
import { farewell } from '../../src/core/behaviours/farewell.ts';
import type { LobbyScene } from '../../src/core/behaviours/lobby-scene.ts';
import { machineTrouble } from '../../src/core/behaviours/machine-trouble.ts';
import { patrol } from '../../src/core/behaviours/patrol.ts';
import { unattended } from '../../src/core/behaviours/unattended.ts';
import {
  anyDay,
  daySeconds,
  type Lobby,
  look,
  lowThresholds,
  type Somebody,
  type Spell,
  scenesOf,
  spotAt,
} from '../core/behaviours/lobby.ts';

/** Behaviours about the lobby as a whole, each by what it says first. */
type Noticing = (scenes: readonly LobbyScene[]) => readonly Happening[];
const of =
  <State>(behaviour: Behaviour<State, LobbyScene>): Noticing =>
  (scenes) =>
    look(behaviour, scenes).happenings;
const all: Readonly<Record<string, Noticing>> = {
  crowded: of(crowded),
  unattended: of(unattended),
  divert: of(divert),
  patrol: of(patrol),
  farewell: of(farewell),
};

const scenes = (people: readonly Somebody[], lobby: Partial<Lobby> = {}) =>
  scenesOf(people, { until: daySeconds, thresholds: lowThresholds, ...lobby });
const gist = ({ kind, of: what, zone, towards, because, visit }: Happening) =>
  [kind, what, zone, towards, because, visit].filter((part) => part !== undefined).join(' ');

/** The same in the same order, none of it later than two frames, one for each clock it waits for. */
function sameStory(one: readonly Happening[], other: readonly Happening[], within: number): void {
  expect(other.map(gist)).toEqual(one.map(gist));
  for (const [i, { at }] of one.entries()) expect(Math.abs(other[i]!.at - at)).toBeLessThan(within);
}

/** Whether the same is never said twice without being over in between, nor over without being said. */
function saysOnce(happenings: readonly Happening[]): boolean {
  const open = new Set<string>();
  for (const one of happenings) {
    const about = `${one.of ?? one.kind} ${one.zone} ${one.visit}`;
    if (open.has(about) !== (one.kind === 'over')) return false;
    if (one.kind === 'over') open.delete(about);
    else open.add(about);
  }
  return true;
}

/** How often each behaviour said something in all these days: a property of nothing holds of anything. */
const said = new Map<string, number>();

describe.each(Object.keys(all))('%s, whoever is where', (name) => {
  const noticing = all[name]!;

  it('is the same at 2, 5 and 25 frames a second', () => {
    fc.assert(
      fc.property(anyDay, (people) => {
        const [two, five, many] = [2, 5, 25].map((fps) => noticing(scenes(people, { fps })));
        said.set(name, (said.get(name) ?? 0) + two!.length);
        sameStory(many!, five!, 0.45);
        sameStory(many!, two!, 1.05);
      }),
      { numRuns: 25 },
    );
  });

  it('is said once, until it is over', () => {
    fc.assert(
      fc.property(anyDay, (people) => {
        expect(saysOnce(noticing(scenes(people)))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on which of two cameras speaks first, nor on the order of people', () => {
    fc.assert(
      fc.property(anyDay, (people) => {
        // Stretched, so that nothing lasts exactly as long as something waits for.
        const stretched = people.map((one) => ({
          ...one,
          spells: one.spells.map(([spot, from, until]): Spell => [spot, from * 1.1, until * 1.1]),
        }));
        const of = (id: string) => (id.charCodeAt(1) % 2 ? ('one' as const) : ('two' as const));
        const by = (first: 'one' | 'two') =>
          noticing(scenes(stretched, { until: daySeconds * 1.1, fps: 20, cameras: { of, first } }));
        // Staff who come the moment the last customer goes: which of the two it was, the first camera says.
        const reasonless = (happenings: readonly Happening[]) =>
          happenings.map(({ because: _, ...one }): Happening => one);
        sameStory(reasonless(by('one')), reasonless(by('two')), 0.45);
        const turned = scenes(people).map((scene) => ({ ...scene, visits: scene.visits.toReversed() }));
        const gists = (happenings: readonly Happening[]) =>
          happenings.map((one) => `${one.at} ${gist(one)}`).sort();
        expect(gists(noticing(turned))).toEqual(gists(noticing(scenes(people))));
      }),
      { numRuns: 15 },
    );
  });

  it('is never said while a part of the lobby has been dark all along, unless what is seen is enough', () => {
    fc.assert(
      fc.property(anyDay, (people) => {
        const blind = () => ['main-door', 'cash', 'exchange', 'self-service', 'vip'];
        const spoken = noticing(scenes(people, { blind })).map((one) => one.kind);
        const allowed = ['crowded', 'farewell', 'over'];
        expect(spoken.filter((kind) => !allowed.includes(kind))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('can be saved as JSON at any moment and gone on with', () => {
    const behaviour = { crowded, unattended, divert, patrol, farewell }[name] as Behaviour<
      unknown,
      LobbyScene
    >;
    fc.assert(
      fc.property(anyDay, fc.nat({ max: daySeconds }), (people, cut) => {
        const whole = scenes(people);
        const first = look(behaviour, whole.slice(0, cut * 5));
        const saved: unknown = JSON.parse(JSON.stringify(first.state));
        const rest = look(behaviour, whole.slice(cut * 5), saved);
        expect([...first.happenings, ...rest.happenings]).toEqual(noticing(whole));
      }),
      { numRuns: 20 },
    );
  });
});

describe('Nothing is said that is not so', () => {
  /** Who of a role is in the lobby at a moment, and where. */
  const there = (people: readonly Somebody[], role: 'customer' | 'staff', at: number) =>
    people.flatMap((one) => {
      const spot = (one.role ?? 'customer') === role ? spotAt(one, at) : undefined;
      return spot === undefined ? [] : [{ id: one.id, spot }];
    });
  const during = (until: number, seconds: number) =>
    Array.from({ length: Math.floor(seconds) }, (_, i) => until - i - 0.5);

  it('not that it is crowded', () => {
    const { people: limit, peoplePerStaff, forSeconds } = lowThresholds.crowded!;
    fc.assert(
      fc.property(anyDay, (people) => {
        for (const one of all.crowded!(scenes(people)).filter(({ kind }) => kind === 'crowded')) {
          for (const at of during(one.at, forSeconds)) {
            const [guests, staff] = [there(people, 'customer', at).length, there(people, 'staff', at).length];
            const load = Math.max(guests / limit, staff === 0 ? 0 : guests / staff / peoplePerStaff);
            expect(load).toBeGreaterThanOrEqual(0.8);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('not that nobody looks after customers', () => {
    fc.assert(
      fc.property(anyDay, (people) => {
        for (const one of all.unattended!(scenes(people)).filter(({ kind }) => kind === 'unattended')) {
          for (const at of during(one.at, lowThresholds.unattended!.forSeconds)) {
            expect(there(people, 'customer', at).length).toBeGreaterThan(0);
            expect(there(people, 'staff', at).filter(({ spot }) => spot !== 'staff-room')).toEqual([]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('not that a queue is long, nor that a place is free', () => {
    const { length, freeForSeconds } = lowThresholds.divert!;
    fc.assert(
      fc.property(anyDay, (people) => {
        for (const one of all.divert!(scenes(people)).filter(({ kind }) => kind === 'divert')) {
          const count = (spot: string | undefined, at: number) =>
            there(people, 'customer', at).filter((guest) => guest.spot === spot).length;
          for (const at of during(one.at, 10)) expect(count(one.zone, at)).toBeGreaterThan(length - 2);
          for (const at of during(one.at, freeForSeconds)) expect(count(one.towards, at)).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('not that an area has customers and has seen no staff', () => {
    fc.assert(
      fc.property(anyDay, (people) => {
        for (const one of all.patrol!(scenes(people)).filter(({ kind }) => kind === 'patrol')) {
          const inArea = (spot: string) =>
            one.zone === undefined ? ['hall', 'by-the-door'].includes(spot) : spot === one.zone;
          expect(there(people, 'customer', one.at).filter(({ spot }) => inArea(spot))).toHaveLength(
            one.people!,
          );
          for (const at of during(one.at, lowThresholds.patrol!.afterSeconds)) {
            expect(there(people, 'staff', at).filter(({ spot }) => inArea(spot))).toEqual([]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('not that somebody leaves who was not in the VIP zone', () => {
    fc.assert(
      fc.property(anyDay, (people) => {
        for (const one of all.farewell!(scenes(people)).filter(({ kind }) => kind === 'farewell')) {
          const guest = people.find(({ id }) => id === one.visit)!;
          expect(spotAt(guest, one.at)).not.toBe('vip');
          const stayed = guest.spells.filter(([spot, , until]) => spot === 'vip' && until <= one.at);
          const seconds = stayed.reduce((sum, [, from, until]) => sum + until - from, 0);
          expect(seconds).toBeGreaterThan(lowThresholds.farewell!.stayedSeconds);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('machine trouble', () => {
  /** One after another at the machine; the lengths of their stays. */
  const users = (stays: readonly number[]): readonly Somebody[] => {
    let at = 0;
    return stays.map((seconds, i): Somebody => {
      const from = at;
      at += seconds + 8;
      return {
        id: `c${i}`,
        spells: [
          ['hall', from, from + 2],
          ['self-service', from + 2, from + 2 + seconds],
          ['hall', from + 2 + seconds, from + 5 + seconds],
        ],
      };
    });
  };
  const noticed = (stays: readonly number[], fps = 2) => {
    const people = users(stays);
    const until = people.at(-1)!.spells.at(-1)![2];
    return of(machineTrouble)(scenes(people, { until, fps }));
  };
  const usual = fc.array(fc.integer({ min: 45, max: 90 }), { minLength: 4, maxLength: 10 });
  const brief = fc.integer({ min: 4, max: 12 });

  it('is never said while people stay as long as they do', () => {
    fc.assert(
      fc.property(usual, usual, (one, other) => {
        expect(noticed([...one, ...other])).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('is said once when they begin to leave at once, at the third, and over when one stays', () => {
    fc.assert(
      fc.property(usual, fc.array(brief, { minLength: 3, maxLength: 8 }), usual, (before, broken, after) => {
        const all = noticed([...before, ...broken, ...after]);
        expect(all.map((one) => one.kind)).toEqual(['machine-trouble', 'over']);
        const third = [...before, ...broken.slice(0, 3)].reduce((sum, seconds) => sum + seconds + 8, 0);
        expect(all[0]!.at).toBeLessThan(third);
      }),
      { numRuns: 25 },
    );
  });

  it('is the same at 2, 5 and 25 frames a second', () => {
    fc.assert(
      fc.property(
        usual,
        fc.array(fc.oneof(brief, fc.integer({ min: 45, max: 90 })), { maxLength: 8 }),
        (one, other) => {
          const [two, five, many] = [2, 5, 25].map((fps) => noticed([...one, ...other], fps));
          sameStory(many!, five!, 0.45);
          sameStory(many!, two!, 1.05);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('Controls: what is tempting, and wrong', () => {
  /** Says after so many frames, and again whenever a frame had looked different. */
  const byFrames =
    (most: number): Noticing =>
    (all) => {
      let frames = 0;
      return all.flatMap((scene): Happening[] => {
        frames = scene.visits.length >= most ? frames + 1 : 0;
        const kind = frames === 20 ? ('crowded' as const) : undefined;
        return kind === undefined ? [] : [{ at: scene.at, kind, role: 'customer', plane: 'floor' }];
      });
    };
  const fails = (property: (people: readonly Somebody[]) => void) =>
    fc.check(
      fc.property(anyDay, (people) => property(people)),
      { numRuns: 200 },
    ).failed;

  it('counting frames tells another story at another pace', () => {
    const noticing = byFrames(4);
    expect(
      fails((people) =>
        sameStory(noticing(scenes(people, { fps: 25 })), noticing(scenes(people, { fps: 2 })), 0.55),
      ),
    ).toBe(true);
  });

  it('without hysteresis it is said again and again', () => {
    expect(fails((people) => expect(saysOnce(byFrames(4)(scenes(people)))).toBe(true))).toBe(true);
  });

  it('what only the newest frame shows depends on which camera speaks first', () => {
    const looked: Noticing = (all) =>
      all
        .filter((scene) => scene.visits.filter((one) => one.seenAt === scene.at).length >= 4)
        .map(({ at }) => ({ at, kind: 'crowded', role: 'customer', plane: 'floor' }));
    expect(
      fails((people) => {
        const by = (first: 'one' | 'two') =>
          looked(scenes(people, { cameras: { of: (id) => (id.charCodeAt(1) % 2 ? 'one' : 'two'), first } }));
        expect(by('one').map(({ at }) => at)).toEqual(by('two').map(({ at }) => at));
      }),
    ).toBe(true);
  });

  it('these days are full enough for each to be said', () => {
    for (const name of Object.keys(all))
      expect([name, said.get(name) ?? 0]).toEqual([name, expect.any(Number)]);
    expect([...said].filter(([, count]) => count < 5)).toEqual([]);
  });
});
