import { describe, expect, it } from 'vitest';
import type { LobbyEvent } from '../../src/contract/events.ts';
import { doorWindows } from '../../src/core/detect/door-window.ts';
import { isWithin } from '../../src/core/detect/look-closer.ts';
import { scoreEvents } from '../../src/core/score/score-events.ts';
import type { Observation } from '../../src/core/step.ts';
import type { Seconds } from '../../src/core/units.ts';
import { replay } from '../../src/service/replay.ts';
import { branchOf, knownLobbies, recordingOf, truthOf } from '../quality/run-lobby.ts';

const lobbies = knownLobbies().filter(({ name }) => ['demo', 'queue-of-nine'].includes(name));
const [wholeScale, doorInput] = [2 / 3, { width: 320, height: 256 }];

type Looked = Extract<Observation, { kind: 'people' }>;

/** What a camera shows that is looked at as a whole every 0.8 s, and in between at its doors or not at all. */
function thinned(lobby: (typeof lobbies)[number], between: 'doors' | 'nothing'): readonly Observation[] {
  const branch = branchOf(lobby);
  const zones = branch.zones.map(({ zone }) => zone);
  const wholeAt = new Map<string, Seconds>();
  return recordingOf(lobby).flatMap((seen): Observation[] => {
    if (seen.kind !== 'people') return [seen];
    if (seen.at - (wholeAt.get(seen.camera) ?? Number.NEGATIVE_INFINITY) > 0.79) {
      wholeAt.set(seen.camera, seen.at);
      return [seen];
    }
    const { floor } = branch.cameras.find(({ id }) => id === seen.camera)!;
    if (between === 'nothing' || floor === undefined || seen.frame === undefined) return [];
    const windows = doorWindows(floor, zones, seen.frame, wholeScale, doorInput);
    return windows.length === 0 ? [] : [atDoors(seen, windows)];
  });
}

function atDoors(seen: Looked, windows: ReturnType<typeof doorWindows>): Observation {
  const within = windows.map(({ region }) => region);
  return {
    ...seen,
    within,
    people: seen.people.filter(({ box }) => within.some((part) => isWithin(box, part))),
  };
}

/** How long after each arrival it was believed, of all lobbies; and how many were not. */
async function arrivals(seenIn: (lobby: (typeof lobbies)[number]) => readonly Observation[]) {
  const delays: Seconds[] = [];
  let missed = 0;
  for (const lobby of lobbies) {
    const events: LobbyEvent[] = [];
    const believedAt: Seconds[] = [];
    for await (const one of replay(branchOf(lobby), seenIn(lobby))) {
      events.push(...one.events);
      believedAt.push(...one.events.map(() => one.observation.at));
    }
    const arrived = scoreEvents(truthOf(lobby), events, 20).find(({ kind }) => kind === 'arrived')!;
    missed += arrived.missed.length;
    delays.push(...arrived.matched.map(({ t, event }) => believedAt[event]! - t));
  }
  const sorted = delays.toSorted((a, b) => a - b);
  return { missed, half: sorted[sorted.length >> 1]! };
}

describe('While doors alone are looked at between two looks at the whole', () => {
  it('people who come in are believed as soon as if the whole were looked at each time, and at most one more is missed', async () => {
    const [each, doors] = [await arrivals(recordingOf), await arrivals((one) => thinned(one, 'doors'))];
    expect(doors.half).toBeLessThanOrEqual(each.half + 0.1);
    expect(doors.missed).toBeLessThanOrEqual(each.missed + 1);
  });

  it('control: with nothing in between they are believed later, and more are missed', async () => {
    const [doors, nothing] = [
      await arrivals((one) => thinned(one, 'doors')),
      await arrivals((one) => thinned(one, 'nothing')),
    ];
    expect(nothing.half).toBeGreaterThan(doors.half + 0.2);
    expect(nothing.missed).toBeGreaterThan(doors.missed);
  });
});
