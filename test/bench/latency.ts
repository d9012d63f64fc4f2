/**
 * How late prompts are: `npm run bench -- latency [--cameras 1|4] [--clips a,b,…] [--each] [--write]`.
 *
 *     truth: the line is crossed ───────────────────────────────────────────────▶ a subscriber has the message
 *        │                                                                             ▲
 *     clip ─▶ RTSP server ─▶ tap ─▶ `lobby run`, a process of its own, default settings ┘
 *                             └ when each picture went by: media time is hung on it, and on nothing the service says
 *
 * Rendered scenes are played in real time from an RTSP server, as a camera's stream without B-frames; their truth
 * says when the door line was crossed. Without `--cameras` one scene after the other is played alone, then four at
 * once. What is measured is measured from outside; the split comes from the service's own lines, and `unseen`, the
 * difference, is what the camera did not show: people hidden as they came in.
 *
 * Arrivals of whom nothing was said, since staff were near or they were never seen, have no latency: how many they
 * are is told. Wrists are spared nothing here (`prompts.mostInTenMinutes`), so that there is enough to measure.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';
import { parse, stringify } from 'yaml';
import { allLines, askJournal } from '../../edge/journals/ask-journal.ts';
import { packageRoot } from '../../edge/package-root.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import { latencyParts } from '../../src/contract/latency.ts';
import { type PromptPayload, topicsOf } from '../../src/contract/topics.ts';
import { percentile } from '../../src/core/score/percentile.ts';
import { assign } from '../../src/core/track/assign.ts';
import { type RtpTap, tapRtp } from '../peers/rtp-tap.ts';
import { startRtspServer } from '../peers/rtsp-server.ts';
import { absent, ffmpeg, gstreamer } from '../peers/tools.ts';
import { nodeOptions } from './many-cameras.ts';
import { figuresOf } from './service-figures.ts';

const missing = absent(ffmpeg, gstreamer);
if (missing !== undefined) throw new Error(`Cannot measure latency: ${missing}`);

/** Scenes with one camera in which many come in, as rounds of four. */
const rounds = [
  ['bending-queue', 'queue-of-nine', 'machine-hall', 'two-queues'],
  ['unruly-queue', 'flickering-tube', 'seated-and-waiting', 'wide-lens'],
] as const;
const alone = ['saturday-crowd', 'queue-of-nine', 'bending-queue', 'unruly-queue', 'machine-hall'];

const { values } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    cameras: { type: 'string' },
    clips: { type: 'string' },
    each: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

/**
 * FFmpeg knows that a picture is whole when the next one begins, so each is one behind: 67 ms at 15 a second, 200 ms
 * from a camera that sends five.
 */
const leastRate = 15;

interface Truth {
  readonly fps: number;
  readonly duration: number;
  readonly events: readonly { readonly t: number; readonly kind: string; readonly person: string }[];
  readonly frames: readonly {
    readonly t: number;
    readonly people: readonly { readonly id: string; readonly x: number; readonly y: number }[];
  }[];
}

interface BranchFile {
  cameras: { id: string; source: string; floor?: { pixel: number[]; metres: [number, number] }[] }[];
  zones: ({ id: string; kind: string } & Record<'line' | 'polygon' | 'inside', unknown>)[];
}

interface Scene {
  readonly name: string;
  readonly truth: Truth;
  readonly clip: string;
  readonly branch: BranchFile;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Arrival {
  /** When the line was truly crossed, in the scene's time; and when the service took it to be. */
  readonly crossed: number;
  readonly noticed: number;
  /** From the truth to the message, in seconds. */
  readonly seconds: number;
  /** From the truth to what the service takes for the crossing; absent of whoever joined a greeting. */
  readonly unseen?: number;
}

interface Round {
  readonly cameras: number;
  readonly arrivals: number;
  /** Arrivals the service noticed that were nobody's, or too late for it. */
  readonly untrue: number;
  readonly told: readonly Arrival[];
  /** Arrivals the service noticed and said nothing of, by reason. */
  readonly silences: readonly string[];
  readonly parts: readonly Readonly<Partial<Record<string, number>>>[];
  /** How far the service's moments of capture lie off the wire's, in seconds. */
  readonly captureOff: readonly number[];
  /** How unevenly pictures went by on the wire. */
  readonly wireSpread: number;
  readonly framesPerSecond: readonly number[];
  readonly dropped: number;
  readonly cores: number;
  readonly load: number;
}

// Whoever ends the measuring ends the service with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const work = mkdtempSync(join(tmpdir(), 'lobby-latency-'));
const median = (all: readonly number[]) => percentile(all, 0.5) ?? Number.NaN;
const now = () => Date.now() / 1000;
const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function readScene(name: string): Scene {
  const folder = join(packageRoot, 'test', 'quality', 'scenes', name);
  const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth;
  const clip = join(work, `${name}.mp4`);
  if (!existsSync(clip)) {
    // A camera sends 15 a second and more, of which five are looked at, and no B-frames, which would hold each
    // picture back by some. Scenes are rendered at less, so pictures are sent again: those at the marks are new.
    const rate = truth.fps * Math.ceil(leastRate / truth.fps);
    const coding = [
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-tune',
      'zerolatency',
      '-bf',
      '0',
      '-crf',
      '20',
    ];
    execFileSync(
      'ffmpeg',
      [
        '-v',
        'error',
        '-i',
        join(folder, 'clip.mp4'),
        ...coding,
        '-r',
        String(rate),
        '-g',
        String(rate),
        '-an',
        clip,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
  }
  const branch = parse(readFileSync(join(folder, 'branch.yaml'), 'utf8')) as BranchFile;
  return { name, truth, clip, branch };
}

/** Lobbies side by side in one branch: each is as far from the next as nobody walks. */
const apartMetres = 200;

function branchOf(scenes: readonly Scene[], ports: readonly number[]): string {
  const shift = (value: unknown, by: number): unknown => {
    if (!Array.isArray(value)) return value;
    return typeof value[0] === 'number' ? [value[0] + by, value[1]] : value.map((one) => shift(one, by));
  };
  const cameras = scenes.map(({ branch }, i) => ({
    id: `c${i}`,
    source: `rtsp://127.0.0.1:${ports[i]}/lobby`,
    floor: branch.cameras[0]!.floor!.map(({ pixel, metres }) => ({
      pixel,
      metres: shift(metres, i * apartMetres),
    })),
  }));
  const zones = scenes.flatMap(({ branch }, i) =>
    branch.zones.map((zone) => ({
      ...Object.fromEntries(
        Object.entries(zone).map(([key, value]) => [
          key,
          key === 'pixels' ? value : shift(value, i * apartMetres),
        ]),
      ),
      id: `c${i}-${zone.id}`,
    })),
  );
  return stringify({
    branch: 'bench',
    cameras,
    zones,
    thresholds: { prompts: { mostInTenMinutes: 60, sustainedInTenMinutes: 60 } },
    // A journal keeps moments to the second, which is no measure of a second; and where people are at each look.
    journal: { timeSeconds: 0, sceneSeconds: 0.1, sceneMetres: 0.05 },
  });
}

interface Heard {
  readonly payload: PromptPayload;
  readonly at: number;
}

/** A wrist that says what it got, and a while later that nobody is needed: open prompts are bounded. */
async function wear(url: string): Promise<{ heard: Heard[]; close(): Promise<void> }> {
  const topics = topicsOf('bench');
  const heard: Heard[] = [];
  const client = await mqtt.connectAsync(url);
  const answer = (id: string, said: string) => {
    if (!client.connected) return;
    client.publish(
      topics.ack,
      JSON.stringify({ v: 1, id, answer: said, role: 'manager', watch: 'w-bench' }),
      {
        qos: 1,
      },
    );
  };
  client.on('message', (_topic, bytes) => {
    const at = now();
    const payload = JSON.parse(bytes.toString()) as PromptPayload;
    const isNew = !heard.some((one) => one.payload.id === payload.id);
    heard.push({ payload, at });
    if (!isNew) return;
    answer(payload.id, 'delivered');
    setTimeout(answer, 6_000, payload.id, 'not-needed');
  });
  await client.subscribeAsync(topics.prompt, { qos: 1 });
  const duty = { v: 1, watch: 'w-bench', role: 'manager', onDuty: true };
  await client.publishAsync(topics.duty, JSON.stringify(duty), { qos: 1 });
  return { heard, close: () => client.endAsync(true) };
}

async function play(names: readonly string[]): Promise<Round> {
  const scenes = names.map(readScene);
  const data = mkdtempSync(join(work, 'data-'));
  const servers = await Promise.all(scenes.map(({ clip }) => startRtspServer(clip)));
  const taps = await Promise.all(servers.map(({ port }) => tapRtp(port)));
  const file = join(data, 'branch.yaml');
  writeFileSync(
    file,
    branchOf(
      scenes,
      taps.map(({ port }) => port),
    ),
  );
  const child = spawn(
    process.execPath,
    [
      ...[...nodeOptions, join(packageRoot, 'edge', 'main.ts'), 'run', '--branch', file],
      ...['--data', join(data, 'kept'), '--port', '0', '--mqtt-port', '0'],
    ],
    {
      cwd: packageRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, UV_THREADPOOL_SIZE: '24' },
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const endToo = () => void child.kill('SIGKILL');
  process.once('exit', endToo);
  try {
    const { url, mqttUrl } = await addressesOf(child);
    const wrist = await wear(mqttUrl);
    const longest = Math.max(...scenes.map(({ truth }) => truth.duration));
    const loads: number[] = [];
    while (taps.some(({ pictures }) => pictures.length === 0)) await sleep(0.1);
    const before = { at: now(), ...(await figuresOf(url)) };
    let rates = before.rates;
    while (taps.some(({ pictures }) => now() - pictures[0]!.at < longest + 3)) {
      await sleep(2);
      loads.push(loadavg()[0]!);
      if (now() - before.at < 0.8 * longest) rates = (await figuresOf(url)).rates;
    }
    const after = await figuresOf(url);
    const cores = (after.processor - before.processor) / (now() - before.at);
    await wrist.close();
    child.kill('SIGTERM');
    await ended;
    return {
      ...judge(scenes, taps, wrist.heard, await journalIn(join(data, 'kept'))),
      framesPerSecond: rates,
      dropped: after.dropped,
      cores,
      load: median(loads),
    };
  } finally {
    child.kill('SIGKILL');
    await ended;
    process.removeListener('exit', endToo);
    await Promise.all([...taps.map((tap) => tap.close()), ...servers.map((server) => server.kill())]);
  }
}

function addressesOf(child: ReturnType<typeof spawn>): Promise<{ url: string; mqttUrl: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(`the service ended: ${said}`)));
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const mqttUrl = /mqtt:\/\/[\w.]+:\d+/.exec(said)?.[0];
        const url = /http:\/\/[\w.]+:\d+/.exec(said)?.[0];
        if (mqttUrl !== undefined && url !== undefined) resolve({ url, mqttUrl });
      });
    }
  });
}

async function journalIn(folder: string): Promise<readonly JournalLine[]> {
  const asked = await askJournal(folder);
  const lines = async () => [...(await allLines(asked)), ...(await allLines(asked, ['scene']))];
  return lines().finally(asked.close);
}

type LineOf<Kind extends JournalLine['kind']> = Extract<JournalLine, { kind: Kind }>;
const ofKind = <Kind extends JournalLine['kind']>(lines: readonly JournalLine[], kind: Kind) =>
  lines.filter((line): line is LineOf<Kind> => line.kind === kind);
const seconds = (moment: string) => Date.parse(moment) / 1000;

/**
 * An arrival is taken for one that truly happened up to so long before, more than the card's, so that the late count;
 * and whose person truly was no farther off just then. By time alone, one that is not true would be the late one of
 * somebody else who was missed: in a crowd there is always one.
 */
const window = { before: 1, after: 5 };
const withinMetres = 2;

/** Where each visit was seen at each look, by the moment. */
function dotsOf(
  journal: readonly JournalLine[],
): (visit: string | undefined, at: number) => Point | undefined {
  const scenes = ofKind(journal, 'scene').map(({ at, people }) => ({ at: seconds(at), people }));
  return (visit, at) => {
    const near = scenes.filter((scene) => Math.abs(scene.at - at) < 0.5);
    near.sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at));
    return near.flatMap(({ people }) => people.filter((one) => one.visit === visit))[0];
  };
}

/** Where somebody truly was; absent: not in the scene within half a second of it. */
function trulyAt({ frames }: Truth, person: string, t: number): Point | undefined {
  const near = frames.filter((frame) => Math.abs(frame.t - t) < 0.5);
  near.sort((a, b) => Math.abs(a.t - t) - Math.abs(b.t - t));
  return near.flatMap(({ people }) => people.filter(({ id }) => id === person))[0];
}

function judge(
  scenes: readonly Scene[],
  taps: readonly RtpTap[],
  heard: readonly Heard[],
  journal: readonly JournalLine[],
) {
  const prompts = ofKind(journal, 'prompt').filter(({ prompt }) => prompt === 'greet');
  const ways = new Map(ofKind(journal, 'latency').map(({ id, parts }) => [id, parts]));
  const told: Arrival[] = [];
  const silences: string[] = [];
  const captureOff: number[] = [];
  const spreads: number[] = [];
  const measured = new Set<string>();
  let arrivals = 0;
  let untrue = 0;
  const dotAt = dotsOf(journal);
  for (const [i, { truth }] of scenes.entries()) {
    // Media time on the wall's clock: each picture that went by says it anew.
    const zeros = taps[i]!.pictures.slice(5).map(({ media, at }) => at - media);
    const zero = median(zeros);
    spreads.push((percentile(zeros, 0.95) ?? 0) - (percentile(zeros, 0.05) ?? 0));
    const truly = truth.events.filter(({ kind }) => kind === 'arrival');
    const crossed = truly.map(({ t }) => zero + t);
    arrivals += crossed.length;
    const noticed = ofKind(journal, 'verdict').filter(
      ({ happening, zone, at }) =>
        happening === 'arrived' &&
        zone?.startsWith(`c${i}-`) &&
        seconds(at) < zero + truth.duration + window.after,
    );
    const gaps = truly.map(({ t, person }) =>
      noticed.map(({ at, visit }) => {
        const gap = seconds(at) - zero - t;
        if (gap < -window.before || gap > window.after) return Number.POSITIVE_INFINITY;
        const [dot, there] = [dotAt(visit, seconds(at)), trulyAt(truth, person, seconds(at) - zero)];
        const isThere =
          dot !== undefined &&
          there !== undefined &&
          Math.hypot(dot.x - i * apartMetres - there.x, dot.y - there.y) <= withinMetres;
        return isThere ? Math.abs(gap) : Number.POSITIVE_INFINITY;
      }),
    );
    untrue += noticed.length;
    for (const [row, column] of assign(gaps, 100).entries()) {
      const one = noticed[column];
      if (one === undefined) continue;
      untrue -= 1;
      const frame = 1 / truth.fps;
      const off = (seconds(one.at) - zero) / frame;
      captureOff.push((off - Math.round(off)) * frame);
      const lines = prompts.filter(({ id }) => id === one.prompt);
      const line = lines.findIndex(({ at }) => at === one.at);
      const message = heard.filter(({ payload }) => payload.id === one.prompt)[line];
      if (message === undefined) {
        silences.push(one.reason ?? 'not heard');
        continue;
      }
      const way = ways.get(one.prompt!);
      const isRaised = lines[line]!.change === 'raised' && way?.confirm !== undefined;
      if (isRaised) measured.add(one.prompt!);
      told.push({
        crossed: round(crossed[row]! - zero, 2),
        noticed: round(seconds(one.at) - zero, 2),
        seconds: message.at - crossed[row]!,
        ...(isRaised ? { unseen: seconds(one.at) - way.confirm! - crossed[row]! } : {}),
      });
    }
  }
  return {
    cameras: scenes.length,
    arrivals,
    untrue,
    told,
    silences,
    parts: [...ways].flatMap(([id, parts]) => (measured.has(id) ? [parts] : [])),
    captureOff,
    wireSpread: Math.max(...spreads),
  };
}

const round = (value: number, digits = 3) => Number(value.toFixed(digits));

function summary(all: readonly Round[]) {
  const told = all.flatMap((one) => one.told);
  const both = (of: readonly number[]) => ({
    n: of.length,
    p50: round(percentile(of, 0.5) ?? Number.NaN),
    p95: round(percentile(of, 0.95) ?? Number.NaN),
  });
  const parts = all.flatMap((one) => one.parts);
  const off = all.flatMap((one) => one.captureOff.map(Math.abs));
  return {
    cameras: all[0]!.cameras,
    arrivals: all.reduce((sum, one) => sum + one.arrivals, 0),
    'crossed to message, s': both(told.map((one) => one.seconds)),
    'of it seen late, s': both(told.flatMap(({ unseen }) => (unseen === undefined ? [] : [unseen]))),
    'from seen to message, s': both(
      told.flatMap((one) => (one.unseen === undefined ? [] : [one.seconds - one.unseen])),
    ),
    parts: Object.fromEntries(
      latencyParts.map((part) => [
        part,
        both(parts.flatMap((one) => (one[part] === undefined ? [] : [one[part]]))),
      ]),
    ),
    'noticed and not true': all.reduce((sum, one) => sum + one.untrue, 0),
    'noticed and not said': all.reduce((sum, one) => sum + one.silences.length, 0),
    'service against wire, moment of capture, s (median, most)': [
      round(median(off)),
      round(Math.max(...off)),
    ],
    'pictures on the wire, unevenness, s (p5 to p95)': round(Math.max(...all.map((one) => one.wireSpread))),
    'frames a second, least': round(Math.min(...all.flatMap((one) => one.framesPerSecond)), 1),
    dropped: all.reduce((sum, one) => sum + one.dropped, 0),
    'cores used': round(median(all.map((one) => one.cores)), 2),
    'load of the machine': round(median(all.map((one) => one.load)), 1),
  };
}

const file = join(packageRoot, 'test', 'bench', 'latency.json');
const before = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as { runs: ReturnType<typeof summary>[] }).runs
  : [];
const runs = new Map(before.map((run) => [run.cameras, run]));
const wanted = values.cameras === undefined ? [1, 4] : [Number(values.cameras)];
const asked = values.clips?.split(',');
try {
  for (const cameras of wanted) {
    const plays =
      asked !== undefined
        ? cameras === 1
          ? asked.map((name) => [name])
          : [asked]
        : cameras === 1
          ? alone.map((name) => [name])
          : rounds;
    const all: Round[] = [];
    for (const names of plays) {
      console.error(`playing ${names.join(', ')}`);
      const one = await play(names);
      all.push(one);
      if (values.each) console.error(JSON.stringify(one));
    }
    const run = summary(all);
    runs.set(run.cameras, run);
    print(run);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (values.write) {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
  const written = {
    date: new Date().toISOString().slice(0, 10),
    machine,
    runs: [...runs.values()].sort((a, b) => a.cameras - b.cameras),
  };
  writeFileSync(file, `${JSON.stringify(written, undefined, 2)}\n`);
}

function print({ parts, ...rest }: ReturnType<typeof summary>): void {
  const row = (name: string, { n, p50, p95 }: { n: number; p50: number; p95: number }) =>
    console.log(
      `${name.padEnd(28)} n ${String(n).padStart(3)}   p50 ${p50.toFixed(3)}   p95 ${p95.toFixed(3)}`,
    );
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value === 'object' && 'p50' in value) row(name, value);
    else console.log(`${name.padEnd(60)} ${value}`);
  }
  for (const [part, value] of Object.entries(parts)) row(`  ${part}`, value);
}
