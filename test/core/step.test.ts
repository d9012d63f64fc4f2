import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { begin, step, viewLobby } from '../../src/core/step.ts';
import { tellOutput } from '../../src/service/story.ts';
import {
  camera,
  cameraAt,
  film,
  hidden,
  inShort,
  quiet,
  settings,
  stay,
  type Told,
  tell,
  thresholds,
  to,
  walk,
} from './story.ts';

const golden = join(import.meta.dirname, '..', 'golden');

/** A morning: two come together, one is met, one queues for long behind another, one is lost, and everybody goes. */
const morning = () =>
  film(
    [
      // The manager comes out of the staff door, meets the first two, and goes back.
      walk(0, [0, 4], stay(14), to(-1.2, 0.4), stay(6), to(0, 4), stay(110)),
      // Two friends.
      walk(2, [-7, 0.3], to(-2, 0.5), stay(20), to(-2, -0.5), to(-7, -0.3)),
      walk(3, [-7.2, -0.3], to(-2.4, -0.6), stay(18), to(-2.4, -1), to(-7.2, -0.5)),
      // Somebody who knows where the counter is.
      walk(18, [-7, 0.4], to(0, -0.8), to(2.6, -1.6), stay(60), to(1, -0.8), to(-7, 0.4)),
      // Somebody who does not know where to go, and is hidden by a pillar for three seconds.
      hidden(
        walk(
          30,
          [-7.2, 0],
          to(-1, -1),
          stay(2),
          to(1, 1.2, 0.7),
          stay(2),
          to(-2, 1, 0.7),
          stay(3),
          to(1, -0.6, 0.7),
          stay(2),
          to(-1, 0.8, 0.6),
          stay(3),
          to(-7, 0),
        ),
        41,
        44,
      ),
      // Somebody who only looks in.
      walk(100, [-7, 0], to(-4.2, 0), stay(1), to(-7, 0)),
      // Somebody who passes by in the street.
      walk(60, [-6.8, -4], to(-6.8, 4)),
      // Somebody who was at the counter before the service ran, and has a long matter.
      walk(0, [3.3, -3.1], stay(81), to(3.6, -1), to(6, 1)),
    ],
    { until: 130 },
  );

describe('A story', () => {
  it('reads as a receptionist would tell it; a change here is a change of the product', async () => {
    const told = tell(morning(), {
      ...settings,
      thresholds: { ...thresholds, queue: { waitSeconds: 45, length: 5, awaySeconds: 45 } },
    });
    const text = `${told.outputs.flatMap((output) => tellOutput(output)).join('\n')}\n`;
    await expect(text).toMatchFileSnapshot(join(golden, 'morning.txt'));
  });

  it('is the same to the last figure when it is told again', () => {
    expect(tell(morning())).toEqual(tell(morning()));
  });

  it('has other names for its prompts from another seed, and nothing else changes', () => {
    const names = (told: Told) => told.changes.map((one) => one.prompt.id);
    const [one, other] = [tell(morning(), settings, begin(1)), tell(morning(), settings, begin(2))];
    expect(names(other)).not.toEqual(names(one));
    expect(inShort(other)).toEqual(inShort(one));
  });
});

describe('A step', () => {
  it('refuses a camera it was not told of', () => {
    expect(() => step(begin(), { kind: 'quiet', camera: 'attic', at: 0 }, settings)).toThrow(RangeError);
  });

  it('leaves the state it was given as it was', () => {
    const frames = morning();
    const { state } = tell(frames.slice(0, 150));
    const before = JSON.stringify(state);
    step(state, frames[150]!, settings);
    expect(JSON.stringify(state)).toBe(before);
  });

  it('takes a late frame as if it came now', () => {
    const [first, second] = [camera, cameraAt('side', [0, 8, 4], [0, 0])];
    const both = { ...settings, cameras: [first, second] };
    const { state } = tell([{ kind: 'people', camera: 'hall', at: 10, people: [] }], both);
    const [next] = step(state, { kind: 'people', camera: 'side', at: 9.5, people: [] }, both);
    expect(next.at).toBe(10);
  });

  it('takes an answer before it has seen anything', () => {
    const answer = { kind: 'answer', at: 5, id: 'none', answer: 'met', role: 'manager', watch: 'w' } as const;
    const [state, output] = step(begin(), answer, settings);
    expect(output).toEqual({ verdicts: [], changes: [], stays: [] });
    expect(state.prompts.open).toEqual([]);
  });
});

describe('The lobby at a glance', () => {
  const glanceAt = (seconds: number) => {
    const { state } = tell(morning().filter((frame) => frame.at <= seconds));
    return viewLobby(state, settings);
  };

  it('counts customers, those to be greeted, and staff apart', () => {
    expect(glanceAt(9)).toMatchObject({ inLobby: 3, toGreet: 2, inQueue: 0, staffSeen: 1 });
  });

  it('has nobody left to greet once they were met', () => {
    expect(glanceAt(21)).toMatchObject({ toGreet: expect.toSatisfy((n: number) => n < 2) });
  });

  it('tells how many stand in a queue and how long the first has waited', () => {
    const cash = glanceAt(60).zones.find((zone) => zone.id === 'cash')!;
    expect(cash.people).toBe(2);
    expect(cash.waiting).toBe(1);
    expect(cash.longestWaitSeconds).toBeGreaterThan(20);
    expect(cash.longestWaitSeconds).toBeLessThan(60);
  });

  it('is empty at night', () => {
    const { state } = tell(quiet(130, 300), settings, tell(morning()).state);
    expect(viewLobby(state, settings)).toMatchObject({ inLobby: 0, toGreet: 0, inQueue: 0, staffSeen: 0 });
  });
});
