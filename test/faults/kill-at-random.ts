import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allLines, askJournal } from '../../edge/journals/ask-journal.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import { createChance } from '../chaos/chance.ts';
import { demo, listen, startService } from '../e2e/service.ts';
import { startRtspServer } from '../peers/rtsp-server.ts';
import { longClip } from './long-clip.ts';

export interface Killed {
  readonly kills: number;
  /** Of those: before its addresses were printed, while it still opens what it keeps. */
  readonly whileStarting: number;
  readonly promptsSeen: number;
  /** Seen on a wrist, and not in the journal. */
  readonly promptsLost: number;
  readonly promptsTwice: number;
  /** Lines that the journal says are missing: a kill may tear the one that is being written. */
  readonly linesLost: number;
  /** From the last start to health `ok`. */
  readonly okAfterSeconds: number;
  readonly begun: number;
  readonly reached: number;
  readonly printedAtLast: string;
}

/** Starts the real service on a real camera and kills it with -9 at random moments, over and over, on one data folder. */
export async function killAtRandom(kills: number, seed: number, earlyShare: number): Promise<Killed> {
  const chance = createChance(seed);
  const folder = mkdtempSync(join(tmpdir(), 'lobby-kills-'));
  const camera = await startRtspServer(longClip());
  const data = join(folder, 'data');
  const branch = join(folder, 'branch.yaml');
  writeFileSync(
    branch,
    readFileSync(demo.branchFile, 'utf8').replace('source: clip.mp4', `source: ${camera.url}`),
  );
  const start = () =>
    startService(
      ...['run', '--branch', branch, '--data', data, '--threads', '1', '--port', '0', '--mqtt-port', '0'],
    );
  const seen = new Set<string>();
  let whileStarting = 0;
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const service = start();
      if (chance.next() < earlyShare) {
        whileStarting += 1;
        await new Promise((resolve) => setTimeout(resolve, chance.between(300, 4_000)));
        await service.end('SIGKILL');
        continue;
      }
      const { mqttUrl } = await service.addresses(90);
      const wrist = await listen(mqttUrl);
      await new Promise((resolve) => setTimeout(resolve, chance.between(0, 7_000)));
      await service.end('SIGKILL');
      for (const one of wrist.heard) if (one.kind === 'prompt') seen.add((one.payload as { id: string }).id);
      await wrist.close();
    }
    const at = performance.now();
    const last = start();
    const wrist = await listen((await last.addresses(90)).mqttUrl);
    await wrist.hears('health', ({ state }) => state === 'ok', { withinSeconds: 60 });
    const okAfterSeconds = (performance.now() - at) / 1000;
    await wrist.hears('prompt', () => true, { withinSeconds: 100 });
    await wrist.close();
    const { by } = await last.end('SIGTERM');
    if (by !== 0) throw new Error(`the last one ended by ${by}`);
    const lines = await linesIn(data);
    const prompts = lines.flatMap((line) =>
      line.kind === 'prompt' && line.change === 'raised' ? [line.id] : [],
    );
    return {
      kills,
      whileStarting,
      promptsSeen: seen.size,
      promptsLost: [...seen].filter((id) => !prompts.includes(id)).length,
      promptsTwice: prompts.length - new Set(prompts).size,
      linesLost: lines.reduce((sum, line) => sum + (line.kind === 'gap' ? line.lines : 0), 0),
      okAfterSeconds,
      begun: lines.filter(({ kind }) => kind === 'begun').length,
      reached: kills - whileStarting,
      printedAtLast: last.printed,
    };
  } finally {
    await camera.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function linesIn(data: string): Promise<readonly JournalLine[]> {
  const asked = await askJournal(data);
  try {
    return await allLines(asked);
  } finally {
    await asked.close();
  }
}
