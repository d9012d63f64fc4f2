import { describe, expect, it } from 'vitest';
import { type DecidingPayload, decidingSchema } from '../../src/contract/deciding.ts';
import { type Followed, followLook, type HandedOver, handOver, takeOver } from '../../src/core/hand-over.ts';
import { begin, type CoreState, type Observation, step } from '../../src/core/step.ts';
import type { Seconds } from '../../src/core/units.ts';
import { ofDeciding, toDeciding } from '../../src/service/deciding-wire.ts';
import { followDecider } from '../../src/service/follow-decider.ts';
import { createSettingsAt } from '../../src/service/settings.ts';
import { createCrowd } from '../bench/crowd.ts';
import { ManualClock } from '../manual-clock.ts';
import { branchOf, type KnownLobby, knownLobbies, recordingOf } from '../quality/run-lobby.ts';
import { thinned } from '../quality/thin-looks.ts';

/** Recordings count from 0; a service's clock does not. */
const start: Seconds = 1_790_000_000;

/** What goes over the wire, as whoever goes on reads it. */
function overTheWire(state: CoreState): HandedOver {
  const { text } = toDeciding(handOver(state), { term: 7, n: 1, saidAt: state.at });
  return ofDeciding(decidingSchema.parse(JSON.parse(text)), 0);
}

/** What happened and what was said, each time another box went on after so many seconds. */
function storyOf(
  lobby: KnownLobby,
  everySeconds = Number.POSITIVE_INFINITY,
  goOn: (handed: HandedOver) => HandedOver = (handed) => handed,
  recorded: readonly Observation[] = recordingOf(lobby),
) {
  const branch = branchOf(lobby);
  const settingsAt = createSettingsAt(branch);
  const seen = recorded.map((one): Observation => ({ ...one, at: start + one.at }));
  const told: string[] = [];
  let state = begin(7);
  let followed: Followed = [];
  let next = start + everySeconds;
  let changes = 0;
  for (const one of seen) {
    const settings = settingsAt(one.at);
    const [after, output] = step(state, one, settings);
    if (Number.isFinite(everySeconds)) followed = followLook(followed, one, settings);
    state = after;
    for (const { happening, decision } of output.verdicts) {
      const why = decision.kind === 'silence' ? decision.reason : 'prompt';
      told.push(`${happening.kind} ${happening.zone ?? ''} ${why}`);
    }
    for (const { kind, prompt } of output.changes)
      told.push(`${kind} ${prompt.kind} ${prompt.place} ${prompt.people} ${prompt.phase}`);
    if (one.at < next) continue;
    next = one.at + everySeconds;
    changes += 1;
    state = takeOver(goOn(overTheWire(state)), followed, settings);
  }
  // Moments are told to a thousandth: what is due at a look may be due at the next.
  return { told: told.sort(), changes };
}

const lobbies = ['saturday-crowd', 'two-cameras-overlap'].map(
  (name) => knownLobbies().find((one) => one.name === name)!,
);

const known = new Map<KnownLobby, ReturnType<typeof storyOf>>();
/** Where nobody is followed by another. */
function wholeOf(lobby: KnownLobby) {
  const story = known.get(lobby) ?? storyOf(lobby);
  known.set(lobby, story);
  return story;
}

describe('A lobby that another box goes on with', () => {
  it.each(lobbies.map((lobby) => [lobby.name, lobby] as const))(
    '%s: has the same happenings and the same prompts, each as often, though another goes on every seven seconds',
    (_, lobby) => {
      const whole = wholeOf(lobby);
      const handed = storyOf(lobby, 7.3);
      expect(handed.changes).toBeGreaterThan(6);
      expect(handed.told).toEqual(whole.told);
    },
  );

  it.each(['demo', 'machine-hall', 'unruly-queue'])(
    '%s: has the same ones where doors alone were looked at between two looks at the whole',
    (name) => {
      const lobby = knownLobbies().find((one) => one.name === name)!;
      const seen = thinned(lobby, { wholeEverySeconds: 0.8, between: 'doors' });
      expect(seen.some((one) => one.kind === 'people' && one.within !== undefined)).toBe(true);
      const same = (handed: HandedOver) => handed;
      expect(storyOf(lobby, 7.3, same, seen).told).toEqual(storyOf(lobby, undefined, same, seen).told);
    },
  );

  it('control: has another one where what was said is not handed over', () => {
    const [crowd] = lobbies;
    const { told } = wholeOf(crowd!);
    const nothingSaid = storyOf(crowd!, 7.3, ({ prompts, ...handed }) => ({
      ...handed,
      prompts: { ...prompts, open: [], said: [], asked: [] },
    }));
    expect(nothingSaid.told).not.toEqual(told);
  });
});

function crowdOf(people: number): CoreState {
  const crowd = createCrowd(people, 5);
  let state = begin();
  for (let look = 0; look < 200; look += 1) {
    const seen = crowd.next();
    [state] = step(state, { ...seen, at: start + seen.at }, crowd.settings);
  }
  return state;
}

/** Every number in it, by where it stands. */
function* numbersIn(value: unknown, path = ''): Generator<[string, number]> {
  if (typeof value === 'number') yield [path, value];
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) yield* numbersIn(one, `${path}.${key}`);
}

describe('What one box tells another of who is there', () => {
  const state = crowdOf(30);

  it('comes back as it was, to a thousandth, by the clock of whoever reads it', () => {
    const { payload } = toDeciding(handOver(state), { term: 7, n: 1, saidAt: state.at });
    const there = new Map(numbersIn(handOver(state)));
    const here = new Map(numbersIn(ofDeciding(payload, 100)));
    const without = (path: string) => !path.includes('.services.');
    expect([...here.keys()].filter(without).sort()).toEqual([...there.keys()].filter(without).sort());
    for (const [path, value] of here) {
      const before = there.get(path)!;
      // What counts seconds since 1970 is a moment, but for the seed.
      const isMoment = Math.abs(before) > 1e9 && path !== '.prompts.seed';
      expect(Math.abs(value - (isMoment ? before - 100 : before)), path).toBeLessThan(0.0011);
    }
  });

  it('takes some 20 KB of ten people, and 50 KB of thirty', () => {
    const sizeOf = (one: CoreState) =>
      toDeciding(handOver(one), { term: 7, n: 1, saidAt: start }).text.length;
    expect(sizeOf(crowdOf(10))).toBeLessThan(25_000);
    expect(sizeOf(state)).toBeLessThan(60_000);
  });

  it('keeps what was said where not even who is there finds room', () => {
    const handed = handOver(state);
    const many = { ...handed, visits: Array.from({ length: 40 }, () => handed.visits).flat() };
    const { payload, text } = toDeciding(many, { term: 7, n: 1, saidAt: start });
    expect(text.length).toBeLessThan(120_000);
    expect(payload).toMatchObject({ isShortened: true, visits: [] });
    expect(payload.prompts.open).toHaveLength(handed.prompts.open.length);
    expect(decidingSchema.safeParse(payload).success).toBe(true);
  });

  it('has no field for anything more', () => {
    const { payload } = toDeciding(handOver(state), { term: 7, n: 1, saidAt: start });
    const [first, ...others] = payload.visits;
    const more = { ...payload, visits: [{ ...first, gait: 1 }, ...others] };
    expect(decidingSchema.safeParse(payload).success).toBe(true);
    expect(decidingSchema.safeParse(more).success).toBe(false);
  });
});

describe('A box that stands by', () => {
  const said = (term: number, n: number, at: Seconds): DecidingPayload =>
    toDeciding({ ...handOver(begin()), at }, { term, n, saidAt: at }).payload;

  it('has moments by its own clock, however far that is from the other’s', async () => {
    const clock = new ManualClock(start);
    const followed = followDecider(clock);
    for (const late of [0.4, 0.02, 0.3]) {
      // The other clock is 12 s ahead, and the message takes a while.
      followed.hear(said(7, Math.round(clock.now() - start) + 1, clock.now() + 12 - late), false);
      await clock.advance(1);
    }
    expect(followed.ahead).toBeCloseTo(12 - 0.02, 5);
    expect(followed.newest!.at).toBeCloseTo(clock.now() - 1 - 0.3 + 0.02, 2);
  });

  it('is not led back by what comes late, or of a term that is over', () => {
    const followed = followDecider(new ManualClock(start));
    followed.hear(said(8, 2, start), true);
    followed.hear(said(8, 1, start - 50), false);
    followed.hear(said(7, 99, start - 90), false);
    expect(followed.newest!.at).toBe(start);
  });
});
