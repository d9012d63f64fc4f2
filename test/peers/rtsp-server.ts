import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { gstreamer } from './tools.ts';

/** A running RTSP server with one clip, on the loopback address. */
export interface RtspServer {
  readonly port: number;
  readonly url: string;
  /** Stops it in its tracks: the connection stands and says nothing, as when a camera hangs. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
  /** As when the plug is pulled. */
  kill(): Promise<void>;
}

/** @param login `name:password` that clients must give; @param port to listen on, 0 for any free one */
export async function startRtspServer(clip: string, { login = '', port = 0 } = {}): Promise<RtspServer> {
  const script = fileURLToPath(new URL('rtsp-server.py', import.meta.url));
  const args = [script, clip, '--port', String(port), ...(login ? ['--login', login] : [])];
  const child = spawn(gstreamer.command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const listening = await firstLine(child);
  const found = /^port (\d+)/.exec(listening);
  if (!found) throw new Error(`the RTSP server did not start: ${listening || 'it ended'}`);
  return {
    port: Number(found[1]),
    url: `rtsp://127.0.0.1:${found[1]}/lobby`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then(() => '');
  const said = once(child.stdout!, 'data').then(([data]) => String(data));
  return Promise.race([said, ended]);
}
