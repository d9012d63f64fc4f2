import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import mqtt from 'mqtt';
import { packageRoot } from '../../edge/package-root.ts';
import { healthSchema, type PromptPayload, topicsOf } from '../../src/contract/topics.ts';
import { startRtspServer } from '../peers/rtsp-server.ts';
import { ffmpeg } from '../peers/tools.ts';
import { familyRss } from './family-memory.ts';
import type { MemorySample } from './flat.ts';

export interface RealSoakOptions {
  readonly hours: number;
  readonly onSample?: (sample: MemorySample) => void;
}

export interface RealSoak {
  readonly samples: readonly MemorySample[];
  readonly promptsHeard: number;
  readonly answered: number;
  readonly healthAtEnd: string;
  readonly journalLost: number;
  readonly streamsBegun: number;
}

/** The clip is played so often in a row before the camera ends its stream, as cameras do now and then. */
const roundsAStream = 18;
const sampleEverySeconds = 30;

/**
 * The real service on a real RTSP stream for hours, with a wrist on duty that answers every prompt, and somebody who
 * looks at health, lobby and figures now and then. Memory is asked for as it goes, after a collection.
 *
 *     GStreamer ──rtsp──▶ lobby run ──mqtt──▶ a wrist
 *                            ▲ http, ipc: health, lobby, memory
 */
export async function soakReal({ hours, onSample }: RealSoakOptions): Promise<RealSoak> {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-soak-'));
  const demo = join(packageRoot, 'edge', 'demo');
  const clip = join(folder, 'long.mp4');
  execFileSync(ffmpeg.command, [
    ...['-v', 'error', '-stream_loop', String(roundsAStream - 1)],
    ...['-i', join(demo, 'clip.mp4'), '-c', 'copy', clip],
  ]);
  const camera = await startRtspServer(clip);
  const branch = join(folder, 'branch.yaml');
  const text = readFileSync(join(demo, 'branch.yaml'), 'utf8');
  writeFileSync(branch, text.replace('source: clip.mp4', `source: ${camera.url}`));
  const child = spawn(
    process.execPath,
    [
      ...['--expose-gc', '--import', 'tsx', '--import', join(import.meta.dirname, 'tell-memory.ts')],
      ...['edge/main.ts', 'run', '--branch', branch, '--data', join(folder, 'data')],
      ...['--port', '0', '--mqtt-port', '0', '--threads', '1'],
    ],
    { cwd: packageRoot, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  let printed = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      printed = (printed + more).slice(-100_000);
    });
  }
  const gone = once(child, 'exit');
  try {
    while (!/mqtts?:\/\/[\w.]+:\d+/.test(printed) || !/http:\/\/[\w.]+:\d+/.test(printed)) {
      if (child.exitCode !== null) throw new Error(`the service ended: ${printed}`);
      await wait(100);
    }
    const url = /http:\/\/[\w.]+:\d+/.exec(printed)![0];
    const topics = topicsOf('demo');
    const wrist = await mqtt.connectAsync(/mqtts?:\/\/[\w.]+:\d+/.exec(printed)![0]);
    let promptsHeard = 0;
    let answered = 0;
    const said = (payload: object) => JSON.stringify({ v: 1, watch: 'w-soak', role: 'manager', ...payload });
    wrist.on('message', (topic, bytes) => {
      if (topic !== topics.prompt) return;
      const { id } = JSON.parse(bytes.toString()) as PromptPayload;
      promptsHeard += 1;
      for (const answer of ['delivered', 'seen', 'accepted', 'met'].slice(0, 2 + (promptsHeard % 3))) {
        wrist.publish(topics.ack, said({ id, answer }), { qos: 1 });
        answered += 1;
      }
    });
    await wrist.subscribeAsync([topics.prompt, topics.promptStates, topics.lobby, topics.health], { qos: 1 });
    await wrist.publishAsync(topics.duty, said({ onDuty: true }), { qos: 1 });

    const samples: MemorySample[] = [];
    const startedAt = performance.now();
    const seconds = () => (performance.now() - startedAt) / 1000;
    let streamsBegun = 0;
    let wasLive = false;
    let health = 'starting';
    while (seconds() < hours * 3600) {
      await wait(sampleEverySeconds * 1000);
      const looked = healthSchema.parse(await (await fetch(`${url}/api/v1/health`)).json());
      health = looked.state;
      const isLive = looked.cameras[0]!.state === 'live';
      if (isLive && !wasLive) streamsBegun += 1;
      wasLive = isLive;
      await (await fetch(`${url}/api/v1/lobby`)).arrayBuffer();
      await (await fetch(`${url}/metrics`)).arrayBuffer();
      const answer = once(child, 'message') as Promise<[{ memory: NodeJS.MemoryUsage }]>;
      child.send('memory');
      const [{ memory }] = await answer;
      const sample = {
        atSeconds: Math.round(seconds()),
        rssMegabytes: familyRss(child.pid!) / 1e6,
        heapMegabytes: memory.heapUsed / 1e6,
        externalMegabytes: memory.external / 1e6,
      };
      samples.push(sample);
      onSample?.(sample);
    }
    const metrics = await (await fetch(`${url}/metrics`)).text();
    await wrist.endAsync();
    return {
      samples,
      promptsHeard,
      answered,
      healthAtEnd: health,
      journalLost: Number(/^lobby_journal_lost\S* (\d+)/m.exec(metrics)?.[1] ?? Number.NaN),
      streamsBegun,
    };
  } finally {
    child.kill('SIGTERM');
    await gone;
    await camera.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
