import {
  closeSync,
  type FSWatcher,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  watch,
} from 'node:fs';
import { join } from 'node:path';

/** What was in a file, each time it was seen to have changed. */
export interface FileSeen {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A connection of the process to somewhere. */
export interface Connection {
  readonly protocol: 'tcp' | 'udp';
  readonly local: string;
  readonly remote: string;
}

export interface ProcessWatch {
  /** Files that were there and gone before they could be opened. */
  readonly unread: readonly string[];
  /** Every file that was read below the watched folders. */
  readonly paths: readonly string[];
  /** Files it had open for writing outside the watched folders. */
  readonly elsewhere: readonly string[];
  readonly connections: readonly Connection[];
  /** Different files that were read, and how often any was. */
  readonly files: number;
  readonly readings: number;
  /** How many processes were looked at: the one, and those it started. */
  readonly processes: number;
  /** Reads all once more, and lets go. */
  stop(): void;
}

const lookEveryMs = 50;
/** Sockets that are known are asked for anew so often. One that is not known yet is asked for at each look. */
const allSocketsEveryMs = 1_000;
/** A file is not looked at anew more often than this however often it changes, unless it is small. */
const largeBytes = 1024 * 1024;
const largeEveryMs = 3_000;
/** Of a larger file only so much is read at a time: the journal's is a tenth of that. */
const mostBytes = 256 * 1024 * 1024;

interface Held {
  path: string;
  readonly descriptor: number;
  state: string;
  readAt: number;
}

/** Processes that share a network, and the numbers of their sockets. */
interface Network {
  /** One of them: its tables are those of all. */
  readonly pid: number;
  readonly sockets: Set<string>;
}

/**
 * A process and those it started, and those they started, that are there now: the journal's database is in one of its
 * own.
 */
export function processesOf(pid: number): readonly number[] {
  const all = [pid];
  for (const one of all) {
    let threads: string[];
    try {
      threads = readdirSync(`/proc/${one}/task`);
    } catch {
      continue;
    }
    for (const thread of threads) {
      try {
        const children = readFileSync(`/proc/${one}/task/${thread}/children`, 'utf8').trim();
        if (children !== '') all.push(...children.split(' ').map(Number));
      } catch {
        // A thread that has ended meanwhile.
      }
    }
  }
  return all;
}

/**
 * Watches which files a process and those it starts write and to where they connect: by the file system's own word and by looking twenty
 * times a second, at folders, at what they have open, and at their sockets. A file is opened as soon as it is seen, and so
 * can be read after it was deleted. One that is made and deleted within some milliseconds may be missed by looking,
 * and is then known by name.
 *
 * @param folders what is written below these is read
 * @param onFile told what is in a file whenever that has changed
 */
export function watchProcess(
  pid: number,
  folders: readonly string[],
  onFile: (seen: FileSeen) => void,
): ProcessWatch {
  const held = new Map<string, Held>();
  const seenPaths = new Set<string>();
  const unread = new Set<string>();
  const elsewhere = new Set<string>();
  const connections = new Map<string, Connection>();
  const seenProcesses = new Set<number>();
  /** Sockets that are what they were when the tables were read: no connection of theirs is still to come. */
  let settled: ReadonlySet<string> = new Set<string>();
  let allSocketsAt = 0;
  let readings = 0;
  let isOver = false;

  function hold(path: string, by: string = path): void {
    // One question instead of opening it: most files are those that were there at the look before.
    const there = statSync(by, { throwIfNoEntry: false });
    const before = there === undefined ? undefined : held.get(`${there.dev}:${there.ino}`);
    if (before !== undefined) {
      seenPaths.add(path);
      unread.delete(path);
      if (by === path) before.path = path;
      return;
    }
    let descriptor: number;
    try {
      descriptor = openSync(by, 'r');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' || by !== path) seenPaths.add(path);
      // What cannot be opened and yet is there is a socket.
      else if (!seenPaths.has(path)) unread.add(path);
      return;
    }
    const stats = fstatSync(descriptor);
    const key = `${stats.dev}:${stats.ino}`;
    seenPaths.add(path);
    unread.delete(path);
    const known = held.get(key);
    if (known !== undefined || !stats.isFile()) {
      closeSync(descriptor);
      if (known !== undefined && by === path) known.path = path;
      return;
    }
    held.set(key, { path, descriptor, state: '', readAt: 0 });
  }

  function readChanged(isLast: boolean): void {
    for (const one of held.values()) {
      const { size, mtimeMs, nlink } = fstatSync(one.descriptor);
      const state = `${size}:${mtimeMs}`;
      if (state === one.state || size === 0) continue;
      const now = Date.now();
      if (!isLast && nlink > 0 && size > largeBytes && now - one.readAt < largeEveryMs) continue;
      one.state = state;
      one.readAt = now;
      const bytes = Buffer.alloc(Math.min(size, mostBytes));
      const read = readSync(one.descriptor, bytes, 0, bytes.length, 0);
      readings += 1;
      onFile({ path: one.path, bytes: bytes.subarray(0, read) });
    }
  }

  function lookAtFolders(): void {
    for (const folder of folders) {
      let entries: ReturnType<typeof readEntries>;
      try {
        entries = readEntries(folder);
      } catch {
        continue;
      }
      for (const path of entries) hold(path);
    }
  }

  function lookAtProcesses(): void {
    const networks = new Map<string, Network>();
    for (const one of processesOf(pid)) {
      const sockets = lookAtProcess(one);
      const name = networkOf(one);
      const known = networks.get(name);
      if (known === undefined) networks.set(name, { pid: one, sockets });
      else for (const socket of sockets) known.sockets.add(socket);
    }
    lookAtSockets([...networks.values()]);
  }

  /** @returns the numbers of its sockets */
  function lookAtProcess(pid: number): Set<string> {
    seenProcesses.add(pid);
    const sockets = new Set<string>();
    let descriptors: string[];
    try {
      descriptors = readdirSync(`/proc/${pid}/fd`);
    } catch {
      return sockets;
    }
    for (const descriptor of descriptors) {
      let target: string;
      try {
        target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      } catch {
        continue;
      }
      const socket = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (socket !== undefined) sockets.add(socket);
      if (!target.startsWith('/') || /^\/(dev|proc|sys)\/(?!shm)/.test(target)) continue;
      if (!isForWriting(pid, descriptor)) continue;
      const path = target.replace(/ \(deleted\)$/, '');
      if (!folders.some((folder) => path.startsWith(`${folder}/`))) elsewhere.add(path);
      hold(path, `/proc/${pid}/fd/${descriptor}`);
    }
    return sockets;
  }

  /**
   * Reads what is connected to where. The tables of TCP take the system milliseconds each, however few connections
   * there are, and a look at them for each process took all the time there was: they are read once for all processes
   * of a network, and only while one of them has a socket of which it is not known what it is.
   */
  function lookAtSockets(networks: readonly Network[]): void {
    const isTimeForAll = Date.now() - allSocketsAt >= allSocketsEveryMs;
    if (isTimeForAll) allSocketsAt = Date.now();
    const still = new Set<string>();
    for (const { pid, sockets } of networks) {
      const note = (protocol: 'tcp' | 'udp', text: string) => {
        for (const one of parseSockets(text, sockets))
          connections.set(`${protocol} ${one.local} ${one.remote}`, { protocol, ...one });
      };
      const others = new Set(unixSocketsIn(readTable(pid, 'unix')));
      for (const table of ['udp', 'udp6']) {
        const text = readTable(pid, table);
        note('udp', text);
        for (const socket of socketsIn(text)) others.add(socket);
      }
      const isSettled = (socket: string) => settled.has(socket) || others.has(socket);
      const mayBeNew = [...sockets].some((socket) => !isSettled(socket));
      for (const socket of sockets) if (settled.has(socket) && !isTimeForAll) still.add(socket);
      if (!mayBeNew && !isTimeForAll) continue;
      for (const table of ['tcp', 'tcp6']) {
        const text = readTable(pid, table);
        note('tcp', text);
        for (const socket of socketsIn(text, settledStates)) if (sockets.has(socket)) still.add(socket);
      }
    }
    settled = still;
  }

  const watchers: FSWatcher[] = folders.map((folder) =>
    watch(folder, { recursive: true }, (_event, name) => {
      if (name !== null && !isOver) hold(join(folder, name.toString()));
    }).on('error', () => undefined),
  );
  const look = (isLast = false) => {
    lookAtFolders();
    lookAtProcesses();
    readChanged(isLast);
  };
  const timer = setInterval(look, lookEveryMs);
  look();
  return {
    get unread() {
      return [...unread].sort();
    },
    get elsewhere() {
      return [...elsewhere].sort();
    },
    get paths() {
      return [...held.values()].map(({ path }) => path).sort();
    },
    get connections() {
      return [...connections.values()];
    },
    get files() {
      return held.size;
    },
    get processes() {
      return seenProcesses.size;
    },
    get readings() {
      return readings;
    },
    stop() {
      if (isOver) return;
      clearInterval(timer);
      look(true);
      isOver = true;
      for (const watcher of watchers) watcher.close();
      for (const { descriptor } of held.values()) closeSync(descriptor);
    },
  };
}

function readEntries(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** By the flags the system tells: the last two bits are how it was opened. */
function isForWriting(pid: number, descriptor: string): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0;
  } catch {
    return false;
  }
}

/** Which network a process has; one that has ended meanwhile has one of its own. */
function networkOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return `of ${pid}`;
  }
}

function readTable(pid: number, table: string): string {
  try {
    return readFileSync(`/proc/${pid}/net/${table}`, 'utf8');
  } catch {
    return '';
  }
}

/** Connected, and listening: a socket in any other state may yet be connected to somewhere else. */
const settledStates: ReadonlySet<string> = new Set(['01', '0A']);

/** The numbers of all sockets in `/proc/net/tcp` and its like, or of those in these states. */
function socketsIn(text: string, states?: ReadonlySet<string>): string[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, , , state, , , , , , inode] = line.trim().split(/\s+/);
      return inode === undefined || state === undefined || states?.has(state) === false ? [] : [inode];
    });
}

/** The numbers of all sockets in `/proc/net/unix`. */
function unixSocketsIn(text: string): string[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => line.trim().split(/\s+/)[6] ?? []);
}

/**
 * Reads `/proc/net/tcp` and its like: what is connected to somewhere; listening ones are left out.
 *
 * @param own numbers of the sockets that are the process's
 */
export function parseSockets(text: string, own: ReadonlySet<string>): Omit<Connection, 'protocol'>[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local, remote, , , , , , , inode] = line.trim().split(/\s+/);
      if (local === undefined || remote === undefined || inode === undefined || !own.has(inode)) return [];
      const to = addressOf(remote);
      return to.endsWith(':0') ? [] : [{ local: addressOf(local), remote: to }];
    });
}

/** From `0100007F:1F90` to `127.0.0.1:8080`: words of four bytes, each back to front. */
function addressOf(text: string): string {
  const [address = '', port = ''] = text.split(':');
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  const isV4 = bytes.length === 4;
  const mapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  const shown = isV4
    ? bytes.join('.')
    : mapped
      ? bytes.slice(12).join('.')
      : `[${(Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':')}]`;
  return `${shown}:${Number.parseInt(port, 16)}`;
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return /^127\./.test(address) || /^\[(0:){7}1\]/.test(address);
}
