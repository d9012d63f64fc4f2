/**
 * Runs the stages a frame goes through, each as often as it is told: the process that `measure-stages.ts` begins.
 *
 *     decode ─▶ resize ─▶ sight ─▶ inference ─▶ suppress ─▶ track, within: step ─▶ publish
 *
 *     node --import tsx test/bench/stages.ts CHECKOUT
 *
 * The code that is measured is that of CHECKOUT, which may be another commit's; clips, recordings and this file are
 * those of this one. So two checkouts are asked the same by two such processes, and their answers are ratios.
 *
 * Normalisation has no stage: it is in the model's graph, a fortieth of `inference`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Frame as Picture } from 'node-av/lib';
import type { PromptPayload } from '../../src/contract/topics.ts';
import type { Observation } from '../../src/core/step.ts';

/** What one stage does, again and again. */
export interface StageRun {
  /** Does it a few times, and tells how often: for how many frames, or prompts. */
  run(): Promise<number>;
  close(): Promise<void>;
}

/** What the process is asked for, and what it answers. */
export interface StageAsked {
  readonly stage: StageName;
  /** Leave off; what it held is let go of. */
  readonly end?: true;
}
export type StageTold =
  | { readonly kind: 'ready' }
  | { readonly kind: 'took'; readonly wallMs: number; readonly processorMs: number }
  | { readonly kind: 'cannot'; readonly reason: string };

export const stageNames = [
  'decode',
  'resize',
  'sight',
  'inference',
  'suppress',
  'track',
  'step',
  'publish',
] as const;
/** Those of the service, and the same network on TensorFlow.js, for `peers.ts`. */
export type StageName = (typeof stageNames)[number] | 'tfjs';

const here = join(import.meta.dirname, '..', '..');
const demo = join(here, 'edge', 'demo');
const recording = join(here, 'test', 'quality', 'scenes', 'demo', 'recording.jsonl');
const sourceRate = 10;
const takenRate = 5;

/** The modules of a checkout. Those of another commit are taken to be as these are; one that is not, cannot be asked. */
function modulesOf(root: string) {
  const load = <Module>(path: string) => import(pathToFileURL(join(root, path)).href) as Promise<Module>;
  return {
    video: () => load<typeof import('../../edge/cameras/video-input.ts')>('edge/cameras/video-input.ts'),
    address: () =>
      load<typeof import('../../edge/cameras/source-address.ts')>('edge/cameras/source-address.ts'),
    scaler: () =>
      load<typeof import('../../edge/cameras/picture-scaler.ts')>('edge/cameras/picture-scaler.ts'),
    sight: () => load<typeof import('../../src/service/sense-sight.ts')>('src/service/sense-sight.ts'),
    models: () =>
      load<typeof import('../../edge/detectors/models-folder.ts')>('edge/detectors/models-folder.ts'),
    runner: () => load<typeof import('../../edge/detectors/open-runner.ts')>('edge/detectors/open-runner.ts'),
    nanodet: () => load<typeof import('../../src/core/detect/nanodet.ts')>('src/core/detect/nanodet.ts'),
    people: () =>
      load<typeof import('../../src/core/detect/people-in-frame.ts')>('src/core/detect/people-in-frame.ts'),
    recording: () => load<typeof import('../../src/contract/recording.ts')>('src/contract/recording.ts'),
    branch: () => load<typeof import('../../src/contract/branch.ts')>('src/contract/branch.ts'),
    settings: () => load<typeof import('../../src/service/settings.ts')>('src/service/settings.ts'),
    step: () => load<typeof import('../../src/core/step.ts')>('src/core/step.ts'),
    track: () => load<typeof import('../../src/core/track/track.ts')>('src/core/track/track.ts'),
    broker: () => load<typeof import('../../edge/brokers/embedded.ts')>('edge/brokers/embedded.ts'),
    publisher: () =>
      load<typeof import('../../edge/brokers/mqtt-publisher.ts')>('edge/brokers/mqtt-publisher.ts'),
    clock: () => load<typeof import('../../edge/system-clock.ts')>('edge/system-clock.ts'),
  };
}
type Modules = ReturnType<typeof modulesOf>;

const nothingToClose = { close: async () => undefined };

async function openClip(modules: Modules) {
  const [{ VideoInput }, { addressOf }] = await Promise.all([modules.video(), modules.address()]);
  const { FormatContext } = await import('node-av/lib');
  const context = new FormatContext();
  context.allocContext();
  return VideoInput.open(context, addressOf(join(demo, 'clip.mp4')), 10, () => undefined);
}

/** FFmpeg and MQTT are loaded by the stages that need them: a comparison of another has no use for them. */
async function newPicture(): Promise<Picture> {
  const { Frame } = await import('node-av/lib');
  const picture = new Frame();
  picture.alloc();
  return picture;
}

/** Decoded pictures of the demo, one a second from its tenth on. */
async function somePictures(modules: Modules): Promise<Picture[]> {
  const input = await openClip(modules);
  const kept: Picture[] = [];
  for (let number = 0; kept.length < 8; number++) {
    const picture = await newPicture();
    if (!(await input.readPicture(picture))) throw new Error('the demo clip is too short');
    if (number >= 100 && number % sourceRate === 0) kept.push(picture);
    else picture.free();
  }
  await input.close();
  return kept;
}

/** The same as frames: fitted into the detector's input, each with a buffer of its own. */
async function someFrames(modules: Modules) {
  const [{ PictureScaler }, { findModel, defaultModel }] = await Promise.all([
    modules.scaler(),
    modules.models(),
  ]);
  const found = await findModel(defaultModel);
  const scaler = new PictureScaler(found.entry.input, found.entry.fit);
  const pictures = await somePictures(modules);
  const frames = pictures.map((picture, i) => {
    const { camera, fit, rgb } = scaler.scale(picture);
    return { at: i, camera, fit, rgb: new Uint8Array(rgb), input: found.entry.input };
  });
  for (const picture of pictures) picture.free();
  scaler.close();
  return { frames, found };
}

/** What the detector saw in the demo, and the settings it is judged by. */
async function seenInDemo(modules: Modules) {
  const [{ parseRecording }, { parseBranch }, { settingsOf }] = await Promise.all([
    modules.recording(),
    modules.branch(),
    modules.settings(),
  ]);
  const file = join(demo, 'branch.yaml');
  const settings = settingsOf(parseBranch(readFileSync(file, 'utf8'), file));
  return { seen: parseRecording(readFileSync(recording, 'utf8'), recording), settings };
}

async function inferOn(modules: Modules, runtime: 'onnxruntime' | 'tfjs'): Promise<StageRun> {
  const { openRunner } = await modules.runner();
  const { frames, found } = await someFrames(modules);
  const runner = await openRunner(found, runtime, 1);
  let next = 0;
  return {
    async run() {
      await runner.run(frames[next++ % frames.length]!.rgb);
      return 1;
    },
    close: () => runner.close(),
  };
}

const stages: Record<StageName, (modules: Modules) => Promise<StageRun>> = {
  /** All pictures are decoded, for as many frames as are taken of them: five a second of ten. */
  async decode(modules) {
    let input = await openClip(modules);
    const picture = await newPicture();
    return {
      async run() {
        let decoded = 0;
        while (decoded < 100) {
          if (await input.readPicture(picture)) decoded += 1;
          else {
            await input.close();
            input = await openClip(modules);
          }
        }
        return (decoded * takenRate) / sourceRate;
      },
      async close() {
        picture.free();
        await input.close();
      },
    };
  },

  async resize(modules) {
    const [{ PictureScaler }, { findModel, defaultModel }] = await Promise.all([
      modules.scaler(),
      modules.models(),
    ]);
    const { entry } = await findModel(defaultModel);
    const scaler = new PictureScaler(entry.input, entry.fit);
    const pictures = await somePictures(modules);
    return {
      async run() {
        for (let round = 0; round < 5; round++) for (const picture of pictures) scaler.scale(picture);
        return 5 * pictures.length;
      },
      async close() {
        for (const picture of pictures) picture.free();
        scaler.close();
      },
    };
  },

  /** Whether the picture can be relied on. */
  async sight(modules) {
    const { createSight } = await modules.sight();
    const { frames } = await someFrames(modules);
    const sight = createSight();
    let at = 0;
    return {
      async run() {
        for (let i = 0; i < 40; i++) {
          at += 1 / takenRate;
          sight({ ...frames[i % frames.length]!, at });
        }
        return 40;
      },
      ...nothingToClose,
    };
  },

  /** One picture there and its answers back, over the detector's thread, computed by one thread. */
  inference: (modules) => inferOn(modules, 'onnxruntime'),

  tfjs: (modules) => inferOn(modules, 'tfjs'),

  /** From the network's answers to boxes in the camera's picture, each person once. */
  async suppress(modules) {
    const [{ openRunner }, { decodeNanodet }, { peopleInFrame }] = await Promise.all([
      modules.runner(),
      modules.nanodet(),
      modules.people(),
    ]);
    const { frames, found } = await someFrames(modules);
    const { input, scoreThreshold, greatestOverlap } = found.entry;
    const runner = await openRunner(found, 'onnxruntime', 1);
    const answers: { scores: Float32Array; sides: Float32Array }[] = [];
    for (const { rgb } of frames) {
      const { scores, sides } = await runner.run(rgb);
      answers.push({ scores: scores!.slice(), sides: sides!.slice() });
    }
    await runner.close();
    return {
      async run() {
        for (let round = 0; round < 5; round++)
          for (const [i, cells] of answers.entries())
            peopleInFrame(decodeNanodet(cells, input, scoreThreshold), frames[i]!, greatestOverlap);
        return 5 * answers.length;
      },
      ...nothingToClose,
    };
  },

  /** From boxes to tracks on the floor: a part of `step`. */
  async track(modules) {
    const { track, noTracks } = await modules.track();
    const { seen, settings } = await seenInDemo(modules);
    const [plane] = settings.cameras;
    const people = seen.filter((one): one is Observation & { kind: 'people' } => one.kind === 'people');
    return {
      async run() {
        let state = noTracks;
        for (const one of people) state = track(state, one.at, one.people, plane!, settings.track);
        return people.length;
      },
      ...nothingToClose,
    };
  },

  /** All of the core: tracks, visits, behaviours, prompts. */
  async step(modules) {
    const { begin, step } = await modules.step();
    const { seen, settings } = await seenInDemo(modules);
    return {
      async run() {
        let state = begin();
        for (const one of seen) [state] = step(state, one, settings);
        return seen.length;
      },
      ...nothingToClose,
    };
  },

  /** From the service to a subscriber over TCP, by the embedded broker: once a prompt, not once a frame. */
  async publish(modules) {
    const [{ startEmbeddedBroker }, { connectPublisher }, { systemClock }] = await Promise.all([
      modules.broker(),
      modules.publisher(),
      modules.clock(),
    ]);
    const broker = await startEmbeddedBroker({ branch: 'bench', mqttPort: 0 });
    const publisher = await connectPublisher({
      url: broker.url,
      ...broker.login,
      branch: 'bench',
      clock: systemClock,
    });
    const { default: mqtt } = await import('mqtt');
    const wrist = await mqtt.connectAsync(broker.url);
    let heard: () => void = () => undefined;
    wrist.on('message', () => heard());
    await wrist.subscribeAsync('lobby/v1/bench/prompt', { qos: 1 });
    let count = 0;
    return {
      async run() {
        for (let i = 0; i < 20; i++) {
          const arrived = new Promise<void>((resolve) => {
            heard = resolve;
          });
          count += 1;
          publisher.prompt(promptNumber(count));
          await arrived;
        }
        return 20;
      },
      async close() {
        await wrist.endAsync(true);
        await publisher.close();
        await broker.close();
      },
    };
  },
};

function promptNumber(count: number): PromptPayload {
  const at = Date.now();
  return {
    v: 1,
    id: String(count).padStart(26, '0'),
    kind: 'greet',
    place: 'main-door',
    placeName: { zh: '门口', en: 'Door' },
    people: 2,
    urgency: 'now',
    say: { zh: '门口 · 新到 2 位', en: 'Door · 2 just in' },
    words: { zh: '您好，欢迎光临，请问您办理什么业务？', en: 'Good morning, how can I help?' },
    waitedSeconds: 0,
    raisedAt: new Date(at).toISOString(),
    expiresAt: new Date(at + 30_000).toISOString(),
    haptic: 'arrival',
  };
}

/** What was asked for is kept ready until it is to end, so that batches of two processes can take turns. */
async function answer(root: string): Promise<void> {
  const modules = modulesOf(root);
  const begun = new Map<StageName, StageRun>();
  const tell = (told: StageTold) => process.send!(told);
  process.on('message', async ({ stage, end }: StageAsked) => {
    try {
      if (end === true) {
        await begun.get(stage)?.close();
        begun.delete(stage);
        return tell({ kind: 'ready' });
      }
      let one = begun.get(stage);
      if (one === undefined) {
        one = await stages[stage](modules);
        begun.set(stage, one);
        // What is compiled, loaded and allocated the first few times is no matter of the stage.
        for (let i = 0; i < 3; i++) await one.run();
      }
      const [from, used] = [performance.now(), process.cpuUsage()];
      const times = await one.run();
      const [wall, { user, system }] = [performance.now() - from, process.cpuUsage(used)];
      tell({ kind: 'took', wallMs: wall / times, processorMs: (user + system) / 1000 / times });
    } catch (error) {
      tell({ kind: 'cannot', reason: error instanceof Error ? error.message : String(error) });
    }
  });
  process.once('disconnect', () => process.exit(0));
  tell({ kind: 'ready' });
}

if (process.send !== undefined && process.argv[2] !== undefined) await answer(process.argv[2]);
