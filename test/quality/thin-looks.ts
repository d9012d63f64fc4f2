import { defaultModel, doorModel, findModel } from '../../edge/detectors/models-folder.ts';
import { doorWindows } from '../../src/core/detect/door-window.ts';
import { isWithin } from '../../src/core/detect/look-closer.ts';
import { movingWindow } from '../../src/core/detect/moving-window.ts';
import { withinPart } from '../../src/core/detect/part.ts';
import type { Observation } from '../../src/core/step.ts';
import { boxAroundAll, overlap } from '../../src/core/track/boxes.ts';
import type { Person, PixelBox, Seconds, Size } from '../../src/core/units.ts';
import { branchOf, type KnownLobby, recordingOf } from './run-lobby.ts';

type Looked = Extract<Observation, { kind: 'people' }>;

const doorInput: Size = (await findModel(doorModel)).entry.input;
const { input } = (await findModel(defaultModel)).entry;
const hair: Seconds = 1e-3;

/** How often each camera is looked at, of a recording that has five looks a second. */
export interface Thinning {
  readonly wholeEverySeconds: Seconds;
  /** What is looked at in between: doors at which somebody is, or was a moment ago, or nothing. */
  readonly between: 'doors' | 'doors or what moves' | 'doors and what moves' | 'nothing';
}

/** What a detector that has less time would have seen of a recorded lobby. */
export function thinned(lobby: KnownLobby, { wholeEverySeconds, between }: Thinning): readonly Observation[] {
  const branch = branchOf(lobby);
  const zones = branch.zones.map(({ zone }) => zone);
  const dueAt = new Map<string, Seconds>();
  const before = new Map<string, Looked>();
  const whole = new Map<string, Looked>();
  return recordingOf(lobby).flatMap((seen): Observation[] => {
    if (seen.kind !== 'people') return [seen];
    const { camera, at, frame } = seen;
    const last = before.get(camera);
    before.set(camera, seen);
    const due = dueAt.get(camera) ?? at;
    if (at > due - hair) {
      // On average as often as that, though pictures come at marks of their own.
      whole.set(camera, seen);
      dueAt.set(camera, Math.max(due + wholeEverySeconds, at + wholeEverySeconds / 2));
      return [seen];
    }
    const { floor } = branch.cameras.find(({ id }) => id === camera)!;
    if (between === 'nothing' || floor === undefined || frame === undefined) return [];
    const shown = Math.min(input.width / frame.width, input.height / frame.height);
    const busy = doorWindows(floor, zones, frame, shown, doorInput)
      .filter(({ isEnough }) => isEnough)
      .map(withinPart)
      .filter((part) => [...seen.people, ...(last?.people ?? [])].some(({ box }) => isWithin(box, part)));
    const within = busy.slice();
    if (between === 'doors and what moves' || (between === 'doors or what moves' && busy.length === 0)) {
      const moved = movedBeyond(whole.get(camera)!.people, seen.people, busy);
      const part = moved && movingWindow(moved, whole.get(camera)!.people, frame, shown, doorInput);
      if (moved !== undefined && (part === undefined || busy.length > 1)) return [seen];
      if (part !== undefined) within.push(part.region);
    }
    if (within.length === 0) return [];
    const people = seen.people.filter(({ box }) => within.some((part) => isWithin(box, part)));
    return [{ ...seen, within, people: people.map(({ head: _, ...person }) => person) }];
  });
}

/** Around everybody who is elsewhere than they were, and is not in one of the parts. */
function movedBeyond(
  before: readonly Person[],
  now: readonly Person[],
  parts: readonly PixelBox[],
): PixelBox | undefined {
  const isStill = (box: PixelBox, others: readonly Person[]) =>
    others.some((other) => overlap(other.box, box) > stillOverlap);
  const moved = [
    ...before.filter(({ box }) => !isStill(box, now)),
    ...now.filter(({ box }) => !isStill(box, before)),
  ]
    .map(({ box }) => box)
    .filter((box) => !parts.some((part) => isWithin(box, part)));
  return moved.length === 0 ? undefined : boxAroundAll(moved);
}

/** Boxes of one who stands still share at least this. */
const stillOverlap = 0.8;
