import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCamera } from '../../edge/cameras/open-camera.ts';
import { defaultModel, findModel } from '../../edge/detectors/models-folder.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { systemClock } from '../../edge/system-clock.ts';
import { type Branch, parseBranch } from '../../src/contract/branch.ts';
import { parseRecording, toRecordingLine } from '../../src/contract/recording.ts';
import { viewQueues } from '../../src/core/behaviours/queueing.ts';
import type { Truth } from '../../src/core/score/score-events.ts';
import { type CoreState, type Observation, viewLobby } from '../../src/core/step.ts';
import type { Person } from '../../src/core/units.ts';
import { isSeen } from '../../src/core/visits/visit.ts';
import type { CameraStream } from '../../src/ports/camera.ts';
import type { Detector } from '../../src/ports/detector.ts';
import type { HeadWatcher } from '../../src/ports/head-watcher.ts';
import { asAsked, observe, replay, weave } from '../../src/service/replay.ts';
import { createLooksWanted, type HeadLooking } from '../../src/service/see-heads.ts';
import { settingsOf } from '../../src/service/settings.ts';
import { chance } from '../scenes/chance.ts';
import type { LobbyRun, Look } from './metrics/lobby.ts';

/** A lobby with its truth, in a folder of its own: `branch.yaml`, `truth.json`, a clip a camera, `recording.jsonl`. */
export interface KnownLobby {
  readonly name: string;
  readonly folder: string;
}

/** A folder a scene of the library. */
export const scenesFolder = join(packageRoot, 'test', 'quality', 'scenes');

/** Every lobby of the library, by name, the demo's among them; also one that is rendered and not recorded yet. */
export function knownLobbies(): readonly KnownLobby[] {
  const names = existsSync(scenesFolder) ? readdirSync(scenesFolder).sort() : [];
  const library = names
    .map((name) => ({ name, folder: join(scenesFolder, name) }))
    .filter(({ folder }) => existsSync(join(folder, 'truth.json')));
  return [{ name: 'demo', folder: join(packageRoot, 'edge', 'demo') }, ...library];
}

export function branchOf({ folder }: KnownLobby): Branch {
  const file = join(folder, 'branch.yaml');
  return parseBranch(readFileSync(file, 'utf8'), file);
}

/** Truth is read to score, and by nothing that is scored. */
export function truthOf({ folder }: KnownLobby): Truth {
  return JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth;
}

/** The demo ships without a recording: its own is kept with the library's. */
export function recordingFile({ name, folder }: KnownLobby): string {
  return name === 'demo' ? join(scenesFolder, 'demo', 'recording.jsonl') : join(folder, 'recording.jsonl');
}

export const isRecorded = (lobby: KnownLobby): boolean => existsSync(recordingFile(lobby));

/** @throws {Error} if the lobby is not recorded, saying which it is */
export function recordingOf(lobby: KnownLobby): readonly Observation[] {
  const file = recordingFile(lobby);
  if (!isRecorded(lobby))
    throw new Error(
      `Cannot read the recording of ${lobby.name}: there is none; \`npm run score -- --clips ${lobby.name}\` makes it`,
    );
  return parseRecording(readFileSync(file, 'utf8'), file);
}

/**
 * What the detector sees in the lobby's clips, decoded, thinned and woven as the service does; with everybody's heads,
 * so that a recording outlives a change in whose are asked for.
 */
export async function* seeClips(
  lobby: KnownLobby,
  detector: Detector,
  watcher: HeadWatcher,
  closer: Detector,
): AsyncGenerator<Observation & { kind: 'people' | 'blind' }> {
  const heads: HeadLooking = { watcher, looks: () => 'everybody' };
  const streams: CameraStream[] = [];
  const seen: AsyncGenerator<Observation & { kind: 'people' | 'blind' }>[] = [];
  try {
    const branch = branchOf(lobby);
    for (const { id, source, framesPerSecond } of branch.cameras) {
      const file = join(lobby.folder, source);
      const camera = createCamera({ id, source: file, pace: 'every-frame', clock: systemClock });
      const wanted = { framesPerSecond, input: detector.input, fit: detector.fit };
      const stream = await camera.open(wanted, new AbortController().signal);
      streams.push(stream);
      const doors = { detector: closer, camera: id, branch: () => branch };
      seen.push(observe(id, stream, detector, heads, doors));
    }
    yield* weave(seen);
  } finally {
    for (const stream of streams) await stream.close();
  }
}

/** The lobby's clips as one recording, to be committed. */
export async function recordClip(
  lobby: KnownLobby,
  detector: Detector,
  watcher: HeadWatcher,
  closer: Detector,
): Promise<string> {
  const header = JSON.stringify({ recording: 1, branch: branchOf(lobby).id, detector: detector.name });
  const lines = [header];
  for await (const observation of seeClips(lobby, detector, watcher, closer))
    lines.push(toRecordingLine(observation));
  return `${lines.join('\n')}\n`;
}

/** The recording there is, with heads looked at again in its boxes: what changes with the model of heads alone. */
export async function recordHeads(lobby: KnownLobby, watcher: HeadWatcher): Promise<string> {
  const text = readFileSync(recordingFile(lobby), 'utf8');
  const { detector: name } = JSON.parse(text.slice(0, text.indexOf('\n'))) as { detector: string };
  const known = parseRecording(text, recordingFile(lobby));
  const { cameras } = branchOf(lobby);
  const { input, fit } = (await findModel(defaultModel)).entry;
  const lines = [text.slice(0, text.indexOf('\n'))];
  const streams: CameraStream[] = [];
  const seen: AsyncGenerator<Observation>[] = [];
  try {
    for (const { id, source, framesPerSecond } of cameras) {
      const own = known.filter(({ camera }) => camera === id);
      const detector: Detector = {
        name,
        input,
        fit,
        async detect({ at }) {
          const one = own.find((seenThen) => Math.abs(seenThen.at - at) < 0.001);
          return one?.kind === 'people' ? one.people.map(({ head: _, ...seen }) => seen) : [];
        },
        close: async () => {},
      };
      const file = join(lobby.folder, source);
      const camera = createCamera({ id, source: file, pace: 'every-frame', clock: systemClock });
      const stream = await camera.open({ framesPerSecond, input, fit }, new AbortController().signal);
      streams.push(stream);
      seen.push(observe(id, stream, detector, { watcher, looks: () => 'everybody' }));
    }
    for await (const observation of weave(seen)) lines.push(toRecordingLine(observation));
  } finally {
    for (const stream of streams) await stream.close();
  }
  return `${lines.join('\n')}\n`;
}

const lookEverySeconds = 1;

/** Runs the service's own step over what was seen, and keeps what is scored. */
export async function runLobby(
  branch: Branch,
  observations: AsyncIterable<Observation> | Iterable<Observation>,
): Promise<LobbyRun> {
  const settings = settingsOf(branch);
  const wanted = createLooksWanted();
  const run = {
    events: [] as LobbyRun['events'][number][],
    prompts: [] as LobbyRun['prompts'][number][],
    looks: [] as Look[],
  };
  let nextLook = 0;
  for await (const { events, output, state } of replay(branch, asAsked(observations, wanted), wanted)) {
    run.events.push(...events);
    for (const { at, kind, prompt } of output.changes) {
      if (kind === 'raised') run.prompts.push({ t: at, kind: prompt.kind });
    }
    if (state.at < nextLook) continue;
    nextLook = state.at + lookEverySeconds - 0.01;
    const { zones } = viewLobby(state, settings);
    const queues = zones.filter(({ longestWaitSeconds }) => longestWaitSeconds !== undefined);
    run.looks.push({
      t: state.at,
      visits: state.visits.visits
        .filter((visit) => visit.phase === 'inside' && isSeen(visit, state.at))
        .map(({ id, at: { x, y } }) => ({ id, x, y })),
      queues: Object.fromEntries(queues.map(({ id, waiting }) => [id, waiting ?? 0])),
      lines: linesOf(state),
    });
  }
  return run;
}

/** Where those stand who wait, by queue, first to last. */
function linesOf({ at, visits, behaviours }: CoreState): NonNullable<Look['lines']> {
  const places = new Map(visits.visits.map((visit) => [visit.id, visit.at]));
  return Object.fromEntries(
    viewQueues(behaviours.queueing, at).map(({ zone, visits: line }) => [
      zone,
      line.flatMap((id) => places.get(id) ?? []),
    ]),
  );
}

/**
 * The same boxes as another camera might have given them: one in fifty is gone, edges are off by 1 to 2 % of
 * the box, scores by 0.03 (standard deviations).
 *
 * One clip is one throw of the dice, and a tracker fitted to it is fitted to its luck. Errors that a little
 * noise brings or takes away are counted over many throws.
 */
export function jittered(observations: readonly Observation[], seed: number): readonly Observation[] {
  const random = chance(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const shaken = ({ box, score, ...known }: Person): Person => {
    const width = box.right - box.left;
    const height = box.bottom - box.top;
    return {
      box: {
        left: box.left + 0.02 * normal() * width,
        top: box.top + 0.01 * normal() * height,
        right: box.right + 0.02 * normal() * width,
        bottom: box.bottom + 0.015 * normal() * height,
      },
      score: Math.min(1, Math.max(0, score + 0.03 * normal())),
      ...known,
    };
  };
  return observations.map((one) =>
    one.kind === 'people' ? { ...one, people: one.people.filter(() => random() >= 0.02).map(shaken) } : one,
  );
}
