import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { allLines, askJournal } from '../../edge/journals/ask-journal.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import type { HealthPayload } from '../../src/contract/topics.ts';
import { demo, endAll, type Listener, listen, type Service, startServiceWith } from '../e2e/service.ts';
import { type RtspServer, startRtspServer } from '../peers/rtsp-server.ts';
import type { Failure } from './fail-on-purpose.ts';
import { longClip } from './long-clip.ts';
import { noteFault } from './note-fault.ts';

/** What a fault cost, for `docs/reliability.md`: it is written where it is measured. */
export interface FaultCost {
  readonly fault: string;
  /** From the fault's end until health was `ok` again. */
  readonly rightAgainAfterSeconds: number;
  /** For how long the box said that it could not see, or could not reach the broker. */
  readonly blindSeconds?: number;
  readonly journalLinesLost: number;
  readonly promptsLost: number;
}

/** A real service whose parts a test lets fail, with a wrist that listens. */
export interface Box {
  readonly service: Service;
  readonly wrist: Listener;
  readonly url: string;
  readonly folder: string;
  readonly data: string;
  readonly branchFile: string;
  fail(failure: Failure): void;
  health(): Promise<HealthPayload>;
  metric(name: string): Promise<number>;
  journal(): Promise<readonly JournalLine[]>;
  /** Health is `ok`, and then a prompt comes that was raised after this was asked. @returns seconds to `ok` */
  rightAgain(withinSeconds?: number): Promise<number>;
  /** Every prompt the wrist heard is in the journal; and notes the cost. */
  account(fault: string, rightAgainAfterSeconds: number, blindSeconds?: number): Promise<FaultCost>;
}

const folders: string[] = [];
const cameras: RtspServer[] = [];
const wrists: Listener[] = [];

export interface BoxOptions {
  /** Changes the demo's branch file, whose camera is a real one by RTSP. */
  readonly branch?: (text: string) => string;
  readonly data?: string;
  /** Where the wrist listens; absent: at the embedded broker. */
  readonly broker?: {
    readonly url: string;
    readonly login: { username: string; password: string };
    address(): string;
  };
}

export async function startBox({ branch = (text) => text, data, broker }: BoxOptions = {}): Promise<Box> {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-fault-'));
  folders.push(folder);
  const branchFile = join(folder, 'branch.yaml');
  const camera = await startRtspServer(longClip());
  cameras.push(camera);
  const text = readFileSync(demo.branchFile, 'utf8').replace('source: clip.mp4', `source: ${camera.url}`);
  writeFileSync(branchFile, branch(text));
  const dataFolder = data ?? join(folder, 'data');
  const service = startServiceWith(
    [join(import.meta.dirname, 'fail-on-purpose.ts')],
    ...['run', '--branch', branchFile, '--data', dataFolder, '--threads', '1', '--port', '0'],
    ...(broker === undefined ? ['--mqtt-port', '0'] : ['--broker', broker.address()]),
  );
  const { url, mqttUrl } = await service.addresses(90);
  const wrist = await listen(broker?.url ?? mqttUrl, broker?.login);
  wrists.push(wrist);
  const box: Box = {
    service,
    wrist,
    url,
    folder,
    data: dataFolder,
    branchFile,
    fail: (failure) => void service.child.send(failure),
    health: async () => (await fetch(`${url}/api/v1/health`)).json() as Promise<HealthPayload>,
    async metric(name) {
      const found = new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+]+)$`, 'm').exec(
        await (await fetch(`${url}/metrics`)).text(),
      );
      if (found === null) throw new Error(`there is no figure ${name}`);
      return Number(found[1]);
    },
    async journal() {
      const asked = await askJournal(dataFolder);
      try {
        return await allLines(asked);
      } finally {
        await asked.close();
      }
    },
    async rightAgain(withinSeconds = 60) {
      const from = performance.now();
      const heardBefore = wrist.heard.length;
      await vi.waitFor(
        async () => {
          const health = await box.health();
          if (health.state !== 'ok') throw new Error(JSON.stringify(health));
        },
        { timeout: withinSeconds * 1000, interval: 100 },
      );
      const seconds = (performance.now() - from) / 1000;
      await wrist.hears('prompt', () => true, { from: heardBefore, withinSeconds: 100 });
      return seconds;
    },
    async account(fault, rightAgainAfterSeconds, blindSeconds) {
      // Before the journal is asked: what comes meanwhile is not in its answer.
      const heard = wrist.heard.flatMap((one) =>
        one.kind === 'prompt' ? [one.payload as { id: string; raisedAt: string }] : [],
      );
      const lines = await box.journal();
      const kept = new Set(lines.flatMap((line) => (line.kind === 'prompt' ? [line.id] : [])));
      const gaps = lines.flatMap((line) => (line.kind === 'gap' ? [line] : []));
      // Its line was lost, and is told as missing: among the lines, and not among the prompts nobody knows of.
      const isTold = (at: string) => gaps.some(({ since, at: until }) => since <= at && at <= until);
      const rounded = (value: number) => Math.round(value * 10) / 10;
      const cost: FaultCost = {
        fault,
        rightAgainAfterSeconds: rounded(rightAgainAfterSeconds),
        ...(blindSeconds === undefined ? {} : { blindSeconds: rounded(blindSeconds) }),
        journalLinesLost: lines.reduce((sum, line) => sum + (line.kind === 'gap' ? line.lines : 0), 0),
        promptsLost: heard.filter(({ id, raisedAt }) => !kept.has(id) && !isTold(raisedAt)).length,
      };
      noteFault(cost);
      return cost;
    },
  };
  return box;
}

/** Ends what was started here, and takes its folders away. */
export async function endBoxes(): Promise<void> {
  for (const one of wrists.splice(0)) await one.close();
  await endAll();
  for (const one of cameras.splice(0)) await one.kill();
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true });
}

/** For how long a camera did not look, by what the journal says of it, in seconds. */
export function blindFor(lines: readonly JournalLine[], camera: string): number {
  let since: number | undefined;
  let sum = 0;
  for (const line of lines) {
    if (line.kind !== 'health') continue;
    const at = Date.parse(line.at) / 1000;
    const isLooking = line.cameras.find(({ id }) => id === camera)?.state === 'live';
    if (isLooking && since !== undefined) sum += at - since;
    since = isLooking ? undefined : (since ?? at);
  }
  return sum;
}
