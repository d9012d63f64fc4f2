import { defaultModel, doorModel, findModel } from '../../edge/detectors/models-folder.ts';
import { doorWindows } from '../../src/core/detect/door-window.ts';
import { isWithin } from '../../src/core/detect/look-closer.ts';
import { withinPart } from '../../src/core/detect/part.ts';
import type { Observation } from '../../src/core/step.ts';
import type { Seconds, Size } from '../../src/core/units.ts';
import { branchOf, type KnownLobby, recordingOf } from './run-lobby.ts';

type Looked = Extract<Observation, { kind: 'people' }>;

const doorInput: Size = (await findModel(doorModel)).entry.input;
const { input } = (await findModel(defaultModel)).entry;
const hair: Seconds = 1e-3;

/** How often each camera is looked at, of a recording that has five looks a second. */
export interface Thinning {
  readonly wholeEverySeconds: Seconds;
  /** What is looked at in between: doors at which somebody is, or was a moment ago, or nothing. */
  readonly between: 'doors' | 'nothing';
}

/** What a detector that has less time would have seen of a recorded lobby. */
export function thinned(lobby: KnownLobby, { wholeEverySeconds, between }: Thinning): readonly Observation[] {
  const branch = branchOf(lobby);
  const zones = branch.zones.map(({ zone }) => zone);
  const dueAt = new Map<string, Seconds>();
  const before = new Map<string, Looked>();
  return recordingOf(lobby).flatMap((seen): Observation[] => {
    if (seen.kind !== 'people') return [seen];
    const { camera, at, frame } = seen;
    const last = before.get(camera);
    before.set(camera, seen);
    const due = dueAt.get(camera) ?? at;
    if (at > due - hair) {
      // On average as often as that, though pictures come at marks of their own.
      dueAt.set(camera, Math.max(due + wholeEverySeconds, at + wholeEverySeconds / 2));
      return [seen];
    }
    const { floor } = branch.cameras.find(({ id }) => id === camera)!;
    if (between === 'nothing' || floor === undefined || frame === undefined) return [];
    const shown = Math.min(input.width / frame.width, input.height / frame.height);
    const within = doorWindows(floor, zones, frame, shown, doorInput)
      .filter(({ isEnough }) => isEnough)
      .map(withinPart)
      .filter((part) => [...seen.people, ...(last?.people ?? [])].some(({ box }) => isWithin(box, part)));
    if (within.length === 0) return [];
    const people = seen.people.filter(({ box }) => within.some((part) => isWithin(box, part)));
    return [{ ...seen, within, people: people.map(({ head: _, ...person }) => person) }];
  });
}
