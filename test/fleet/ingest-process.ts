import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';

/** `lobby fleet ingest` in a process of its own, as somebody would start it. */
export interface IngestProcess {
  readonly said: string;
  readonly pid: number;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export async function startIngestProcess(args: readonly string[]): Promise<IngestProcess> {
  const main = join(packageRoot, 'edge', 'main.ts');
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', main, 'fleet', 'ingest', ...args], {
    cwd: packageRoot,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('taking what branches tell')) resolve();
    });
    child.once('exit', () => reject(new Error(`it ended: ${said}`)));
  });
  return {
    pid: child.pid!,
    get said() {
      return said;
    },
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}
