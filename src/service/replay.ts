import type { Branch } from '../contract/branch.ts';
import { type LobbyEvent, toEvent } from '../contract/events.ts';
import type { PromptPayload, PromptStatePayload } from '../contract/topics.ts';
import { begin, type CoreOutput, type CoreState, type Observation, step } from '../core/step.ts';
import type { Seconds } from '../core/units.ts';
import type { CameraStream, Frame } from '../ports/camera.ts';
import type { Detector } from '../ports/detector.ts';
import { settingsOf } from './settings.ts';
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
 * The seed is a constant, so the same observations give the same bytes every time.
 */
export async function* replay(
  branch: Branch,
  observations: AsyncIterable<Observation> | Iterable<Observation>,
): AsyncGenerator<ReplayStep> {
  const settings = settingsOf(branch);
  let state = begin();
  for await (const observation of observations) {
    const [next, output] = step(state, observation, settings);
    state = next;
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

/** Sees the people in every frame of one opened clip, in order. */
export async function* observe(
  camera: string,
  stream: CameraStream,
  detector: Detector,
): AsyncGenerator<Observation & { kind: 'people' }> {
  for await (const frame of stream as AsyncIterable<Frame>) {
    const { at, camera: size } = frame;
    yield { kind: 'people', camera, at, people: await detector.detect(frame), frame: size };
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
