import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import type { Branch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import { parseRecording, toRecordingLine } from '../../src/contract/recording.ts';
import { firstContactOf, type Stay } from '../../src/core/ledger.ts';
import type { Observation } from '../../src/core/step.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { CameraStream } from '../../src/ports/camera.ts';
import type { Detector } from '../../src/ports/detector.ts';
import type { HeadWatcher } from '../../src/ports/head-watcher.ts';
import { observe, replay, weave } from '../../src/service/replay.ts';
import { createLooksWanted, type LooksWanted } from '../../src/service/see-heads.ts';
import { tellFirstContact, tellOutput } from '../../src/service/story.ts';
import { createCamera } from '../cameras/open-camera.ts';
import { openDetector } from '../detectors/open-detector.ts';
import type { Provider } from '../detectors/providers.ts';
import { systemClock } from '../system-clock.ts';
import { jsonLines, readBranch, readText, sourceOf, tlsOf, writeText } from './files.ts';
import { openDoors } from './open-doors.ts';
import { openHeads } from './open-heads.ts';

export interface ReplayOptions {
  readonly branch: string;
  readonly source?: string;
  readonly events?: string;
  readonly prompts?: string;
  readonly record?: string;
  readonly realTime?: boolean;
  readonly quiet?: boolean;
  /** Print figures of the run as one JSON object on stdout, for scripts. */
  readonly summary?: boolean;
  readonly runtime?: 'auto' | 'onnxruntime' | 'tfjs';
  readonly provider?: Provider;
  /** Folder of models that did not ship. */
  readonly models?: string;
  readonly model?: string;
  readonly threads?: number;
}

/**
 * Replays a branch's clips (or one given with `--source`, a clip or a recording) and writes what
 * was noticed. Needs no broker. The same input gives the same files, byte for byte.
 */
export async function runReplay(options: ReplayOptions): Promise<void> {
  const branch = await readBranch(options.branch);
  const started = performance.now();
  const wanted = createLooksWanted();
  const input =
    options.source?.endsWith('.jsonl') === true
      ? fromRecording(await readText(options.source), options.source, branch)
      : await fromClips(options, branch, wanted);
  const bar = progressBar(input.duration);
  const events: unknown[] = [];
  const prompts: unknown[] = [];
  const recorded: string[] = [];
  const stays: Stay[] = [];
  let open: readonly Stay[] = [];
  let frames = 0;
  let first: Seconds | undefined;
  let last: Seconds = 0;
  let trouble: unknown;
  try {
    for await (const one of replay(branch, input.observations, wanted)) {
      const { at } = one.observation;
      first ??= at;
      last = at;
      frames += 1;
      events.push(...one.events);
      prompts.push(...one.prompts);
      stays.push(...one.output.stays);
      open = one.state.ledger.open;
      if (options.record !== undefined) recorded.push(toRecordingLine(one.observation));
      bar?.update(Math.min(at, input.duration ?? at));
      if (options.realTime === true)
        await systemClock.sleep(at - first - (performance.now() - started) / 1000);
      if (options.quiet !== true) for (const line of tellOutput(one.output)) print(line, bar);
    }
  } catch (error) {
    trouble = error;
  } finally {
    bar?.stop();
    await input.close();
  }
  // What was read before a clip broke off is worth having.
  if (trouble !== undefined && !(trouble instanceof LobbyError && frames > 0)) throw trouble;
  if (options.events !== undefined) await writeText(options.events, jsonLines(events));
  if (options.prompts !== undefined) await writeText(options.prompts, jsonLines(prompts));
  if (options.record !== undefined) {
    const header = JSON.stringify({ recording: 1, branch: branch.id, detector: input.name });
    await writeText(options.record, `${[header, ...recorded].join('\n')}\n`);
  }
  const took = (performance.now() - started) / 1000;
  const length = last - (first ?? 0);
  const { targetSeconds } = branch.thresholds.contact;
  const firstContact = firstContactOf([...stays, ...open], targetSeconds, last);
  const summary = {
    frames,
    mediaSeconds: Number(length.toFixed(1)),
    wallSeconds: Number(took.toFixed(1)),
    events: events.length,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    detector: input.name,
    ...(input.heads === undefined ? {} : { heads: input.heads }),
    firstContact,
  };
  if (options.summary === true) console.log(JSON.stringify(summary));
  console.error(
    `${frames} frames, ${summary.mediaSeconds} s of media time in ${summary.wallSeconds} s (${(length / took).toFixed(1)} × real time), ${events.length} events, peak memory ${summary.peakMegabytes} MB, ${input.name}`,
  );
  if (firstContact.arrivals > 0) console.error(tellFirstContact(firstContact, targetSeconds));
  if (trouble !== undefined) throw trouble;
}

interface Input {
  readonly name: string;
  readonly heads?: string;
  readonly duration?: Seconds;
  readonly observations: AsyncIterable<Observation> | Iterable<Observation>;
  close(): Promise<void>;
}

function fromRecording(text: string, file: string, branch: Branch): Input {
  const observations = parseRecording(text, file);
  const known = branch.cameras.map(({ id }) => id);
  const stranger = observations.find((one) => !known.includes(one.camera));
  if (stranger !== undefined) {
    throw new LobbyError('LOBBY_FILE_INVALID', {
      file,
      problem: `it was made with a camera ${stranger.camera}, and branch ${branch.id} has ${known.join(', ')}`,
      hint: 'Give the branch file the recording was made with.',
    });
  }
  return { name: 'a recording', duration: observations.at(-1)?.at ?? 0, observations, close: async () => {} };
}

async function fromClips(options: ReplayOptions, branch: Branch, wanted: LooksWanted): Promise<Input> {
  const { cameras, heads } = branch;
  if (options.source !== undefined && cameras.length > 1) {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'source',
      problem: 'the branch must have one camera for one clip to stand in for it',
      value: options.source,
    });
  }
  const signal = new AbortController().signal;
  let detector: Detector | undefined;
  let watcher: HeadWatcher | undefined;
  let closer: Detector | undefined;
  const streams: CameraStream[] = [];
  const close = async () => {
    for (const stream of streams) await stream.close();
    await detector?.close();
    await watcher?.close();
    await closer?.close();
  };
  try {
    const asked = {
      runtime: options.runtime ?? 'auto',
      ...(options.model === undefined ? {} : { model: options.model }),
      ...(options.provider === undefined ? {} : { provider: options.provider }),
      ...(options.models === undefined ? {} : { models: options.models }),
      // Nothing else runs beside a replay: it may have every core.
      threads: options.threads ?? availableParallelism(),
    };
    detector = await openDetector(asked);
    closer = await openDoors(asked, (sentence) => console.error(sentence));
    watcher = await openHeads(heads, { runtime: options.runtime ?? 'auto' }, (sentence) =>
      console.error(sentence),
    );
    for (const { id, source, framesPerSecond, tls } of cameras) {
      const camera = createCamera({
        id,
        source: options.source ?? sourceOf(options.branch, source),
        ...(options.source === undefined ? tlsOf(options.branch, tls) : {}),
        pace: 'every-frame',
        clock: systemClock,
      });
      streams.push(await camera.open({ framesPerSecond, input: detector.input, fit: detector.fit }, signal));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const seeing = detector;
  const looking = watcher;
  const headsOf = (camera: string) =>
    looking === undefined ? undefined : { watcher: looking, looks: () => wanted.of(camera) };
  const atDoors = closer;
  const doorsOf = (camera: string) =>
    atDoors === undefined ? undefined : { detector: atDoors, camera, branch: () => branch };
  const durations = streams.flatMap(({ duration }) => (duration === undefined ? [] : [duration]));
  return {
    name: detector.name,
    ...(looking === undefined ? {} : { heads: looking.name }),
    ...(durations.length === 0 ? {} : { duration: Math.max(...durations) }),
    observations: weave(
      streams.map((stream, i) =>
        observe(cameras[i]!.id, stream, seeing, headsOf(cameras[i]!.id), doorsOf(cameras[i]!.id)),
      ),
    ),
    close,
  };
}

/** A progress bar, on a terminal only: a log file is no place for one. */
function progressBar(duration: Seconds | undefined): SingleBar | undefined {
  if (!process.stderr.isTTY || duration === undefined) return undefined;
  const bar = new SingleBar({
    format: 'replay [{bar}] {value}/{total} s · {eta} s left',
    stream: process.stderr,
    formatValue: (value, _, kind) =>
      kind === 'value' || kind === 'total' ? value.toFixed(0) : String(value),
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(duration, 0);
  return bar;
}

function print(line: string, bar: SingleBar | undefined): void {
  if (bar !== undefined && process.stdout.isTTY) process.stdout.write('\r\u001b[K');
  console.log(line);
}
