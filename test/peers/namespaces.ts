import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import type { Tool } from './tools.ts';

/** Networks of one's own need root, and the kernel to allow them. */
function mayMakeNetworks(): boolean {
  const name = `lobby-try-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', name], { stdio: 'ignore' }).status === 0;
  if (made) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
  return made;
}

export const namespaces: Tool =
  process.env.CI || mayMakeNetworks()
    ? { command: 'ip' }
    : { command: 'ip', absent: 'network namespaces cannot be made: it takes root and iproute2' };

/** A machine beside this one, as far as its network goes: joined to this one by one cable, which can be pulled. */
export interface Machine {
  /** Put before a command, it runs there. */
  readonly within: readonly string[];
  /** This machine's address on the cable. */
  readonly here: string;
  /** Pulls the cable: nothing is refused, everything is lost. */
  cut(): void;
  mend(): void;
  close(): void;
}

const ip = (...args: readonly string[]) =>
  void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** Addresses for benchmarks (RFC 2544), which no network has. */
export function addMachine(): Machine {
  const [name, near, far] = ['lobby', 'ln', 'lf'].map(
    (one) => `${one}-${randomInt(36 ** 6).toString(36)}`,
  ) as [string, string, string];
  const net = `198.18.${randomInt(256)}.${randomInt(64) * 4}`.split('.');
  const at = (n: number) => [...net.slice(0, 3), Number(net[3]) + n].join('.');
  ip('netns', 'add', name);
  const close = () => {
    spawnSync('ip', ['link', 'del', near], { stdio: 'ignore' });
    spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
  };
  try {
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
    ip('link', 'set', far, 'netns', name);
    ip('addr', 'add', `${at(1)}/30`, 'dev', near);
    ip('link', 'set', near, 'up');
    ip('netns', 'exec', name, 'ip', 'addr', 'add', `${at(2)}/30`, 'dev', far);
    ip('netns', 'exec', name, 'ip', 'link', 'set', 'lo', 'up');
    ip('netns', 'exec', name, 'ip', 'link', 'set', far, 'up');
  } catch (error) {
    close();
    throw error;
  }
  return {
    within: ['ip', 'netns', 'exec', name],
    here: at(1),
    // On its own side: this one keeps the address the broker listens on.
    cut: () => ip('netns', 'exec', name, 'ip', 'link', 'set', far, 'down'),
    mend: () => ip('netns', 'exec', name, 'ip', 'link', 'set', far, 'up'),
    close,
  };
}
