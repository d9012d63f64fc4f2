import { describe, expect, it } from 'vitest';
import type { LobbyEvent } from '../../src/contract/events.ts';
import type { Observation } from '../../src/core/step.ts';
import type { Seconds } from '../../src/core/units.ts';
import { toCameraState, toPeople } from '../../src/service/boxes-wire.ts';
import { hearBoxes } from '../../src/service/hear-boxes.ts';
import { asAsked, replay } from '../../src/service/replay.ts';
import { createLooksWanted } from '../../src/service/see-heads.ts';
import { ManualClock } from '../manual-clock.ts';
import { branchOf, knownLobbies, recordingOf } from '../quality/run-lobby.ts';
import { chance } from '../scenes/chance.ts';

const lobby = knownLobbies().find(({ name }) => name === 'two-cameras-overlap')!;
const branch = branchOf(lobby);
const recorded = recordingOf(lobby).filter((one) => one.kind !== 'quiet');

async function storyOf(seen: readonly Observation[]): Promise<readonly LobbyEvent[]> {
  const wanted = createLooksWanted();
  const events: LobbyEvent[] = [];
  for await (const one of replay(branch, asAsked(seen, wanted), wanted)) events.push(...one.events);
  return events;
}

/** How many frames' time lies between two looks of a camera. */
const frameSeconds = 0.2;
const start: Seconds = 1_700_000_000;

/**
 * The scene as it comes in when each camera is looked at by a box of its own, whose clock is off and whose looks take
 * up to so long to come.
 */
async function throughBoxes(mostDelay: Seconds): Promise<readonly Observation[]> {
  const clock = new ManualClock(start - 10);
  const ahead: Record<string, Seconds> = { door: 7.25, hall: -11.5 };
  const told: Observation[] = [];
  const ending = new AbortController();
  const heard = hearBoxes({
    cameras: branch.cameras.map(({ id }) => id),
    clock,
    ask(box, id) {
      void clock.sleep(0.002).then(() => heard.clockSaid(box, id, clock.now() + ahead[box]!));
    },
    tell(camera, output) {
      if (output.kind === 'people')
        told.push({
          kind: 'people',
          camera,
          at: output.at - start,
          people: output.people,
          ...frameOf(camera),
        });
      if (output.kind === 'blind')
        told.push({ kind: 'blind', camera, at: output.at - start, why: output.why });
    },
  });
  void heard.run(ending.signal);
  const health = { since: start, framesPerSecond: 5, dropped: 0, detectorErrors: 0, attempts: 0 };
  for (const { id } of branch.cameras) {
    const cameras = [toCameraState(id, { ...health, state: 'live' })];
    heard.sensor({ v: 1, box: id, state: 'on', at: 0, version: '1', cameras });
  }
  await clock.advance(10);
  const draw = chance(7);
  /** What one box sends comes in the order in which it was sent. */
  const before: Record<string, Seconds> = {};
  const coming = recorded.map((one) => {
    const comes = Math.max(before[one.camera] ?? 0, start + one.at + draw() * mostDelay);
    before[one.camera] = comes;
    return { one, comes };
  });
  const counts: Record<string, number> = {};
  for (const { one, comes } of coming.sort((a, b) => a.comes - b.comes)) {
    await clock.advance(Math.max(0, comes - clock.now()));
    const n = counts[one.camera] ?? 0;
    counts[one.camera] = n + 1;
    const at = start + one.at + ahead[one.camera]!;
    const output =
      one.kind === 'people'
        ? ({ kind: 'people', at, people: one.people } as const)
        : ({ kind: 'blind', at, why: one.why } as const);
    heard.people(one.camera, toPeople(output, { box: one.camera, n }));
  }
  await clock.advance(1);
  ending.abort();
  return told;
}

/** The lobby has it from the camera's state. */
function frameOf(camera: string) {
  const frame = recorded.flatMap((one) =>
    one.kind === 'people' && one.camera === camera && one.frame !== undefined ? [one.frame] : [],
  )[0];
  return frame === undefined ? {} : { frame };
}

const toldOf = (events: readonly LobbyEvent[]) =>
  events.map((event) => [event.kind, 'zone' in event ? event.zone : undefined]);

describe('A scene that several boxes look at', () => {
  it('has the same story as when one does, each of its events within a frame of its time', async () => {
    const one = await storyOf(recorded);
    const several = await storyOf(await throughBoxes(0.25));
    expect(one.length).toBeGreaterThan(10);
    expect(toldOf(several)).toEqual(toldOf(one));
    for (const [index, event] of several.entries())
      expect(Math.abs(event.t - one[index]!.t)).toBeLessThanOrEqual(frameSeconds);
  });

  it('has another one when looks come so late that they are let go of', async () => {
    const several = await throughBoxes(3);
    expect(several.length).toBeLessThan(recorded.length * 0.7);
    expect(toldOf(await storyOf(several))).not.toEqual(toldOf(await storyOf(recorded)));
  });
});
