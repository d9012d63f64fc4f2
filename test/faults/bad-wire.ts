import { connect, createServer, type Socket } from 'node:net';
import { listen } from '../../edge/http/listen.ts';
import { createChance } from '../chaos/chance.ts';

export type WireState =
  | 'well'
  /** Not one byte more, and nobody is told: a cable that was pulled out of a switch in between. */
  | 'stalled'
  /** So little a second that a picture takes minutes. */
  | 'slow'
  /** One byte in a hundred is another one. */
  | 'garbled'
  /** What comes is noise from the first byte on. */
  | 'noise';

/** A wire to a port of this machine, whose way back goes bad and well again while it is used. */
export interface BadWire {
  readonly port: number;
  be(state: WireState): void;
  close(): Promise<void>;
}

const slowBytesASecond = 2_000;

export async function layBadWire(toPort: number): Promise<BadWire> {
  const chance = createChance(5);
  const sockets = new Set<Socket>();
  const held = new Set<() => void>();
  let state: WireState = 'well';
  const spoil = (data: Buffer): Buffer => {
    if (state === 'noise') return Buffer.from(data.map(() => Math.floor(chance.next() * 256)));
    if (state === 'garbled') {
      return Buffer.from(data.map((byte) => (chance.next() < 0.01 ? Math.floor(chance.next() * 256) : byte)));
    }
    return data;
  };
  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    near.on('close', () => {
      sockets.delete(near);
      far.destroy();
    });
    far.on('close', () => {
      sockets.delete(far);
      near.destroy();
    });
    near.pipe(far);
    const goOn = () => far.resume();
    held.add(goOn);
    far.on('data', (data: Buffer) => {
      if (state === 'stalled') {
        far.pause();
        far.unshift(data);
        return;
      }
      near.write(spoil(data));
      if (state !== 'slow') return;
      far.pause();
      setTimeout(goOn, (data.length / slowBytesASecond) * 1000).unref();
    });
    far.on('close', () => held.delete(goOn));
  });
  const port = await listen(server, { host: '127.0.0.1', port: 0, option: 'port' });
  return {
    port,
    be(next) {
      state = next;
      if (next !== 'stalled') for (const goOn of held) goOn();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
