import type { Branch } from '../contract/branch.ts';
import { type LobbyEvent, toEvent } from '../contract/events.ts';
import type { PromptPayload, PromptStatePayload } from '../contract/topics.ts';
import { begin, type CoreOutput, type CoreState, type Observation, step } from '../core/step.ts';
import type { Seconds } from '../core/units.ts';
import type { CameraStream, Frame } from '../ports/camera.ts';
import type { Detector } from '../ports/detector.ts';
import { createDoorWindows, type DoorLooking, seeDoors } from './see-doors.ts';
import { createLooksWanted, type HeadLooking, type LooksWanted, onlyAsked, seeHeads } from './see-heads.ts';
import { createSight } from './sense-sight.ts';
import { createSettingsAt } from './settings.ts';
import { toPromptPayload, toPromptState } from './wire.ts';

/** A line of the prompts file: as on the wire, with its media time. */
export type ReplayedPrompt = { t: Seconds } & (PromptPayload | PromptStatePayload);

/** What one observation of a replay led to. */
export interface ReplayStep {
  readonly observation: Observation;
  readonly events: readonly LobbyEvent[];
  readonly prompts: readonly ReplayedPrompt[];
  readonly output: CoreOutput;
  readonly state: CoreState;
}

/**
 * Runs what was seen through the same step as the live service, as fast as it comes.
 *
 * What bears the times of a calendar is judged by the thresholds of its days; a clip's own time, which counts from its
 * first frame, is no day's, and the base holds.
 *
 * The seed is a constant, so the same observations give the same bytes every time.
 *
 * @param wanted told whose heads to look at next, for whoever sees the observations
 */
export async function* replay(
  branch: Branch,
  observations: AsyncIterable<Observation> | Iterable<Observation>,
  wanted: LooksWanted = createLooksWanted(),
): AsyncGenerator<ReplayStep> {
  const settingsAt = createSettingsAt(branch);
  let state = begin();
  for await (const observation of observations) {
    const [next, output] = step(state, observation, settingsAt(observation.at));
    state = next;
    wanted.take(observation.camera, output);
    yield {
      observation,
      events: output.verdicts.map((verdict) => toEvent(verdict.happening)),
      prompts: output.changes.map((change) => ({
        t: Number(change.at.toFixed(3)),
        ...(change.kind === 'state' ? toPromptState(change) : toPromptPayload(change.prompt, branch)),
      })),
      output,
      state,
    };
  }
}

/** Sees the people in every frame of one opened clip, in order; a frame that cannot be trusted is told as such. */
export async function* observe(
  camera: string,
  stream: CameraStream,
  detector: Detector,
  heads?: HeadLooking,
  doors?: DoorLooking,
): AsyncGenerator<Observation & { kind: 'people' | 'blind' }> {
  const sight = createSight();
  const windowsOf = doors === undefined ? () => [] : createDoorWindows(doors);
  for await (const frame of stream as AsyncIterable<Frame>) {
    const { at, camera: size } = frame;
    const { trusted, why } = sight(frame);
    if (!trusted && why !== undefined) {
      yield { kind: 'blind', camera, at, why };
      continue;
    }
    const whole = await detector.detect(frame);
    const closer = doors?.detector;
    const seen = closer === undefined ? whole : await seeDoors(frame, whole, windowsOf(frame), closer);
    const people = heads === undefined ? seen : await seeHeads(frame, seen, heads);
    yield { kind: 'people', camera, at, people, frame: size };
  }
}

/**
 * Leaves out the heads nobody asked for. A recording may hold everybody's, so that it outlives a change in whose are
 * asked for; what is made of it must be what the live service would have seen.
 *
 * @param wanted the one given to `replay`
 */
export async function* asAsked(
  observations: AsyncIterable<Observation> | Iterable<Observation>,
  wanted: LooksWanted,
): AsyncGenerator<Observation> {
  for await (const seen of observations) {
    yield seen.kind === 'people' ? { ...seen, people: onlyAsked(seen.people, wanted.of(seen.camera)) } : seen;
  }
}

/** Weaves several cameras' observations into one line of time; equal moments in the order given. */
export async function* weave<Item extends { readonly at: Seconds }>(
  sources: readonly AsyncIterator<Item>[],
): AsyncGenerator<Item> {
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let first = -1;
    for (const [index, head] of heads.entries()) {
      if (head.done) continue;
      const best = heads[first];
      if (best === undefined || best.done || head.value.at < best.value.at) first = index;
    }
    const head = heads[first];
    if (head === undefined || head.done) return;
    yield head.value;
    heads[first] = await sources[first]!.next();
  }
}
