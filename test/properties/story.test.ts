import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messages } from '../../src/contract/topics.ts';
import type { Happening } from '../../src/core/behaviours/behaviour.ts';
import { begin, type CoreInput, type CoreState, viewLobby } from '../../src/core/step.ts';
import type { FloorPoint } from '../../src/core/units.ts';
import { toLobbyPayload, toPromptPayload, toPromptState } from '../../src/service/wire.ts';
import {
  camera,
  cameraAt,
  film,
  type MadeUpCamera,
  moved,
  movedZones,
  quiet,
  settings,
  type Told,
  tell,
  together,
  type Walk,
  zones,
} from '../core/story.ts';
import { anyStory, storyFps, storySeconds } from './any-story.ts';
import { branchOfStories } from './branch-of-stories.ts';

const filmed = (story: readonly Walk[], by: MadeUpCamera = camera) =>
  film(story, { camera: by, fps: storyFps, until: storySeconds });

/** What happened, in an order that does not depend on who was numbered first. */
function accountOf(
  happenings: readonly Happening[],
  move: (spot: FloorPoint) => FloorPoint = (spot) => spot,
) {
  return happenings
    .map(({ at, kind, zone = '', role, where, waitedSeconds = 0, people = 0 }) => {
      const spot = where === undefined ? undefined : move(where);
      const place =
        spot === undefined ? '' : `${spot.x.toFixed(3)} ${spot.y.toFixed(3)}`.replaceAll('-0.000', '0.000');
      return `${at.toFixed(2)} ${kind} ${role} ${zone} at ${place} ${waitedSeconds.toFixed(2)} ${people}`;
    })
    .sort();
}
const decisionsOf = (told: Told) =>
  told.verdicts
    .map(
      ({ at, happening, decision }) =>
        `${at} ${happening.kind} ${decision.kind === 'prompt' ? 'prompt' : decision.reason}`,
    )
    .sort();

/** Share of stories in which anything happens: a property of nothing holds of anything. */
let told = 0;
let eventful = 0;
function counted(one: Told): Told {
  told += 1;
  if (one.happenings.length > 1) eventful += 1;
  return one;
}

/** When staff were last seen, and how long machines take, outlive everybody in the lobby. */
function withWhatIsLearnt(nothing: CoreState['behaviours'], { behaviours }: CoreState) {
  const { staffSeenAt } = behaviours.unattended;
  const { staffKnown } = behaviours.patrol;
  return {
    ...nothing,
    unattended: { ...nothing.unattended, ...(staffSeenAt === undefined ? {} : { staffSeenAt }) },
    patrol: { ...nothing.patrol, ...(staffKnown === undefined ? {} : { staffKnown }) },
    machineTrouble: { ...nothing.machineTrouble, places: behaviours.machineTrouble.places },
    queueing: { ...nothing.queueing, learnt: behaviours.queueing.learnt },
  };
}

describe('Whatever people do in the lobby', () => {
  it('the story is the same a hundred metres away', () => {
    const move = ({ x, y }: FloorPoint) => ({ x: x + 100, y: y - 40 });
    const back = ({ x, y }: FloorPoint) => ({ x: x - 100, y: y + 40 });
    const there = cameraAt('hall', [100, -48, 4], [100, -40]);
    const elsewhere = { ...settings, cameras: [there], zones: movedZones(zones, move) };
    fc.assert(
      fc.property(anyStory, (story) => {
        const here = counted(tell(filmed(story)));
        const other = tell(
          filmed(
            story.map((one) => moved(one, move)),
            there,
          ),
          elsewhere,
        );
        expect(accountOf(other.happenings, back)).toEqual(accountOf(here.happenings));
        expect(decisionsOf(other)).toEqual(decisionsOf(here));
      }),
      { numRuns: 15 },
    );
  });

  it('the story is the same in the mirror', () => {
    const move = ({ x, y }: FloorPoint) => ({ x: -x, y });
    // The camera hangs in the mirror's plane: what it sees of the mirrored hall is the mirrored picture.
    const there = { ...settings, zones: movedZones(zones, move) };
    fc.assert(
      fc.property(anyStory, (story) => {
        const here = counted(tell(filmed(story)));
        const other = tell(filmed(story.map((one) => moved(one, move))), there);
        expect(accountOf(other.happenings, move)).toEqual(accountOf(here.happenings));
        expect(decisionsOf(other)).toEqual(decisionsOf(here));
      }),
      { numRuns: 15 },
    );
  });

  it('the story is the same on another day', () => {
    const day = 1_700_000_000;
    fc.assert(
      fc.property(anyStory, (story) => {
        const frames = filmed(story);
        const here = counted(tell(frames));
        const later = tell(frames.map((frame) => ({ ...frame, at: frame.at + day })));
        const lines = later.happenings.map((one) => ({ ...one, at: one.at - day }));
        expect(accountOf(lines)).toEqual(accountOf(here.happenings));
      }),
      { numRuns: 15 },
    );
  });

  it('the order in which a frame lists people does not matter', () => {
    fc.assert(
      fc.property(anyStory, fc.infiniteStream(fc.nat(100)), (story, dice) => {
        const frames = filmed(story);
        const shuffled = frames.map((frame) => ({
          ...frame,
          people: frame.people
            .map((person) => ({ person, key: dice.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ person }) => person),
        }));
        expect(tell(shuffled)).toEqual(counted(tell(frames)));
      }),
      { numRuns: 15 },
    );
  });

  it('the box may be stopped anywhere, its state saved as JSON, and it goes on as if nothing had been', () => {
    fc.assert(
      fc.property(anyStory, fc.double({ min: 0, max: 1, noNaN: true }), (story, share) => {
        const frames = filmed(story);
        const cut = Math.floor(share * frames.length);
        const whole = counted(tell(frames));
        const before = tell(frames.slice(0, cut));
        const saved = JSON.parse(JSON.stringify(before.state)) as CoreState;
        const after = tell(frames.slice(cut), settings, saved);
        expect([...before.outputs, ...after.outputs]).toEqual(whole.outputs);
        expect(after.state).toEqual(whole.state);
      }),
      { numRuns: 15 },
    );
  });

  it("two cameras that look at two halls do not interfere, nor does one with the other's moments", () => {
    const move = ({ x, y }: FloorPoint) => ({ x: x + 100, y: y + 50 });
    const side = cameraAt('side', [100, 42, 4], [100, 50]);
    const sideZones = movedZones(zones, move).map((zone) => ({ ...zone, id: `side-${zone.id}` }));
    const both = { ...settings, cameras: [camera, side], zones: [...zones, ...sideZones] };
    const gists = (happenings: readonly Happening[]) =>
      happenings
        .map(({ at, kind, role, zone = '', plane }) => ({ at, gist: `${kind} ${role} ${zone} ${plane}` }))
        .sort((a, b) => (a.gist === b.gist ? a.at - b.at : a.gist < b.gist ? -1 : 1));
    fc.assert(
      fc.property(anyStory, anyStory, fc.constantFrom(0, 0.125), (here, there, late) => {
        const first = filmed(here);
        const second = filmed(
          there.map((one) => moved(one, move)),
          side,
        ).map((frame) => ({ ...frame, at: frame.at + late }));
        const alone = gists(
          [counted(tell(first, both)), tell(second, both)].flatMap((one) => one.happenings),
        );
        const joint = gists(tell(together(first, second), both).happenings);
        expect(joint.map((one) => one.gist)).toEqual(alone.map((one) => one.gist));
        // What time alone tells, such as a wait getting long, is told at the next frame of either camera.
        for (const [i, one] of joint.entries()) expect(Math.abs(one.at - alone[i]!.at)).toBeLessThan(0.3);
      }),
      { numRuns: 12 },
    );
  });

  it('after enough quiet nothing of it is remembered but how far names have been counted, and what is learnt of places', () => {
    const { at: _, ...nothing } = begin();
    fc.assert(
      fc.property(anyStory, (story) => {
        const { state } = tell(
          quiet(storySeconds, storySeconds + 1900),
          settings,
          counted(tell(filmed(story))).state,
        );
        const fresh: Omit<CoreState, 'at'> = {
          ...nothing,
          // Which cameras there are, and when they last looked.
          sight: state.sight,
          tracks: state.tracks.map((one) => ({ ...one, state: { ...one.state, tracks: [] } })),
          visits: { ...nothing.visits, nextId: state.visits.nextId },
          behaviours: withWhatIsLearnt(nothing.behaviours, state),
          prompts: { ...nothing.prompts, seed: state.prompts.seed },
        };
        expect(state).toEqual({ ...fresh, at: state.at });
        // Places are learnt, people are not.
        expect(JSON.stringify(state.behaviours.queueing.learnt)).not.toMatch(/"v\d/);
      }),
      { numRuns: 15 },
    );
  });

  /** How many things are remembered: moments get longer as they count up, and are one thing all the same. */
  const entries = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? Object.values(value).reduce((sum: number, one) => sum + entries(one), 1)
      : 1;
  // What is learnt of counters has bounds of its own, which an hour does not reach.
  const remembered = ({ behaviours: { queueing, ...others }, ...state }: CoreState) =>
    entries({ ...state, behaviours: { ...others, queueing: { ...queueing, learnt: [] } } });

  /**
   * The most that is remembered in each round of the same minute, over and over, with a minute in between in
   * which nobody looks. Memory stands still while nobody does, so it fills over some rounds: for as long as
   * those are held of whom nobody could tell for five minutes whether they have gone.
   */
  function mostInRounds(story: readonly Walk[], size: (state: CoreState) => number) {
    const frames = filmed(story);
    let state = begin();
    return Array.from({ length: 12 }, (_, round) =>
      frames.reduce((most, frame, i) => {
        const at = frame.at + round * (storySeconds + 60);
        state = tell([{ ...frame, at }], settings, state).state;
        return i % 20 === 0 ? Math.max(most, size(state)) : most;
      }, 0),
    );
  }
  function expectLevel(rounds: readonly number[]): void {
    const full = Math.max(...rounds.slice(0, 6));
    expect(Math.max(...rounds.slice(6))).toBeLessThanOrEqual(1.04 * full + 10);
  }

  it('nothing in it can grow without end: once memory is full, as much again makes it no fuller', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        expectLevel(mostInRounds(story, remembered));
      }),
      { numRuns: 3 },
    );
  });

  it('control: a note of three figures about everybody who ever came would be noticed', () => {
    const leaking = fc.check(
      fc.property(anyStory, (story) => {
        expectLevel(mostInRounds(story, (state) => remembered(state) + 4 * state.visits.nextId));
      }),
      { numRuns: 2, endOnFailure: true },
    );
    expect(leaking.failed).toBe(true);
  });

  it('every happening gets one verdict, and whoever departed had been there', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const { happenings, verdicts } = counted(tell(filmed(story)));
        expect(new Set(verdicts.map((one) => one.happening)).size).toBe(verdicts.length);
        for (const kind of ['arrived', 'departed', 'contacted'] as const) {
          const of = happenings.filter((one) => one.kind === kind).map((one) => one.visit);
          expect(new Set(of).size).toBe(of.length);
        }
        const times = verdicts.map((one) => one.at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
      { numRuns: 15 },
    );
  });

  it('control: these stories are worth telling', () => {
    expect(told).toBeGreaterThan(80);
    expect(eventful / told).toBeGreaterThan(0.5);
  });
});

describe('What leaves the box', () => {
  /** Every key there may be in anything that leaves, all of it about places and prompts. */
  const allowed = new Set(
    'v id kind place placeName people to towards free unvisitedSeconds urgency say words zh en waitedSeconds raisedAt expiresAt haptic phase by watch reason at inLobby toGreet inQueue staffSeen zones name waiting expectedWaitSeconds longestWaitSeconds open prompt'.split(
      ' ',
    ),
  );
  const keysOf = (value: unknown): string[] =>
    typeof value !== 'object' || value === null
      ? []
      : Array.isArray(value)
        ? value.flatMap(keysOf)
        : Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
  const textsOf = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value !== 'object' || value === null
        ? []
        : Object.values(value).flatMap(textsOf);

  it('says nothing about a person, whatever happened and whoever tapped', () => {
    let sent = 0;
    fc.assert(
      fc.property(
        anyStory,
        fc.infiniteStream(fc.constantFrom('accepted', 'met', 'not-needed', 'undo', undefined)),
        (story, taps) => {
          let state = begin();
          for (const frame of filmed(story)) {
            const tap = taps.next().value as 'accepted' | 'met' | 'not-needed' | 'undo' | undefined;
            const open = state.prompts.open[0];
            const inputs: CoreInput[] = [frame];
            if (tap !== undefined && open !== undefined && frame.at % 2 === 0) {
              inputs.push({
                kind: 'answer',
                at: frame.at,
                id: open.id,
                answer: tap,
                role: 'manager',
                watch: 'w-1',
              });
            }
            for (const input of inputs) {
              const one = tell([input], settings, state);
              state = one.state;
              const lobby = toLobbyPayload(viewLobby(state, settings), state, branchOfStories);
              expect(messages.lobby.schema.parse(lobby)).toEqual(lobby);
              const payloads: unknown[] = [lobby];
              for (const change of one.changes) {
                const prompt = toPromptPayload(change.prompt, branchOfStories);
                expect(messages.prompt.schema.parse(prompt)).toEqual(prompt);
                const told = toPromptState(change);
                expect(messages.promptState.schema.parse(told)).toEqual(told);
                payloads.push(prompt, told);
                sent += 1;
              }
              expect(keysOf(payloads).filter((key) => !allowed.has(key))).toEqual([]);
              const visits = new Set(state.visits.visits.map((visit) => visit.id));
              expect(textsOf(payloads).filter((text) => visits.has(text))).toEqual([]);
            }
          }
        },
      ),
      { numRuns: 8 },
    );
    expect(sent).toBeGreaterThan(20);
  });

  it('control: a visit, a position or a box among it would be noticed', () => {
    const story = tell(
      film([(at) => (at < 4 ? { x: -6 + at, y: 0 } : undefined)], { until: 5, fps: storyFps }),
    );
    const [change] = story.changes;
    const tempting = { ...toPromptPayload(change!.prompt, branchOfStories), visits: change!.prompt.visits };
    expect(keysOf(tempting).filter((key) => !allowed.has(key))).toEqual(['visits']);
    expect(textsOf(tempting)).toContain('v1');
    expect(messages.prompt.schema.safeParse(tempting).success).toBe(false);
  });
});
