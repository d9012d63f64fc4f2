import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FileSeen, type ProcessWatch, watchProcess } from '../../../edge/audit/watch-process.ts';

/** Listens, and connects to each port it is told; told `child PORT`, a process of its own connects there. */
const program = `
  const { connect, createServer } = require('node:net');
  const { spawn } = require('node:child_process');
  const { createInterface } = require('node:readline');
  createServer().listen(0, '127.0.0.1');
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [word, port] = line.split(' ');
    if (word !== 'child') return void connect(Number(word), '127.0.0.1');
    const text = "require('node:net').connect(" + Number(port) + ", '127.0.0.1')";
    spawn(process.execPath, ['-e', text], { stdio: 'ignore' });
  });
  console.log('ready');
`;

interface Peer {
  readonly at: string;
  readonly port: number;
  close(): Promise<void>;
}

async function openPeer(): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    at: `127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

describe('What a process writes and where it connects', () => {
  let folder: string;
  let child: ChildProcess;
  let watch: ProcessWatch;
  let peers: readonly Peer[];
  let seen: FileSeen[];

  beforeEach(async () => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'lobby-watch-process-'));
    child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(child.stdout!, 'data');
    peers = await Promise.all([openPeer(), openPeer(), openPeer()]);
    seen = [];
    watch = watchProcess(child.pid!, [folder], (file) => void seen.push(file));
  });
  afterEach(async () => {
    watch.stop();
    const ended = once(child, 'exit');
    child.kill();
    // What it started ends when its connection does.
    for (const peer of peers) await peer.close();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  const tell = (line: string) => child.stdin!.write(`${line}\n`);
  const remotes = () => watch.connections.map(({ protocol, remote }) => `${protocol} ${remote}`);
  const soon = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

  it('is told of each connection, also one that comes long after all others are known', async () => {
    const [first, second] = peers;
    tell(String(first!.port));
    await soon(() => expect(remotes()).toEqual([`tcp ${first!.at}`]));
    tell(String(second!.port));
    await soon(() => expect(remotes()).toContain(`tcp ${second!.at}`));
    // Who listens is connected to nowhere.
    expect(remotes()).toHaveLength(2);
  });

  it('is told of what a process it started connects to', async () => {
    const third = peers[2]!;
    tell(`child ${third.port}`);
    await soon(() => expect(remotes()).toEqual([`tcp ${third.at}`]));
    expect(watch.processes).toBe(2);
  });

  it('is read again when it changes, and when another file takes its name', async () => {
    const file = join(folder, 'kept');
    const texts = () => seen.filter(({ path }) => path === file).map(({ bytes }) => String(bytes));
    writeFileSync(file, 'one');
    await soon(() => expect(texts()).toEqual(['one']));
    writeFileSync(file, 'the second');
    await soon(() => expect(texts()).toContain('the second'));
    const other = join(folder, 'other');
    writeFileSync(other, 'in its place');
    renameSync(other, file);
    writeFileSync(file, 'in its place, changed');
    await soon(() => expect(texts()).toContain('in its place, changed'));
    expect(watch.paths.filter((path) => path === file).length).toBeGreaterThan(1);
  });
});
