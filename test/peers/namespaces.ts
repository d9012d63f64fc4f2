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

/** A machine of a network that can be parted. */
export interface NetworkMachine {
  /** Put before a command, it runs there. */
  readonly within: readonly string[];
  /** Where it is reached, from here and from the others. */
  readonly address: string;
}

/** Some machines that reach each other and this one over a switch between them. */
export interface Network {
  readonly machines: readonly NetworkMachine[];
  /** Parts one from all others: nothing is refused, everything between them is lost. This machine reaches both sides. */
  part(machine: number): void;
  /** Joins what was parted. */
  join(): void;
  close(): void;
}

/** Addresses for benchmarks (RFC 2544), which no network has. */
export function addNetwork(size: number): Network {
  const mark = randomInt(36 ** 5).toString(36);
  const net = `198.19.${randomInt(256)}`;
  const switching = `lobby-sw-${mark}`;
  const names = Array.from({ length: size }, (_, i) => `lobby-${mark}-${i}`);
  const inside = (name: string, ...args: readonly string[]) => ip('netns', 'exec', name, 'ip', ...args);
  const close = () => {
    for (const name of [...names, switching]) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
    spawnSync('ip', ['link', 'del', `lh-${mark}`], { stdio: 'ignore' });
  };
  /** A cable from the switch, which has the address before that of its other end. */
  const wire = (n: number, end: string) => {
    const plug = `ls${n}-${mark}`;
    ip('link', 'add', end, 'type', 'veth', 'peer', 'name', plug);
    ip('link', 'set', plug, 'netns', switching);
    inside(switching, 'addr', 'add', `${net}.${4 * n + 1}/30`, 'dev', plug);
    inside(switching, 'link', 'set', plug, 'up');
    return { own: `${net}.${4 * n + 2}`, by: `${net}.${4 * n + 1}` };
  };
  let parted: readonly (readonly string[])[] = [];
  try {
    ip('netns', 'add', switching);
    execFileSync('ip', ['netns', 'exec', switching, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
    const { own: here, by } = wire(0, `lh-${mark}`);
    ip('addr', 'add', `${here}/30`, 'dev', `lh-${mark}`);
    ip('link', 'set', `lh-${mark}`, 'up');
    ip('route', 'add', `${net}.0/24`, 'via', by);
    const addresses = names.map((name, i) => {
      ip('netns', 'add', name);
      const end = `ln${i}-${mark}`;
      const { own, by } = wire(i + 1, end);
      ip('link', 'set', end, 'netns', name);
      inside(name, 'addr', 'add', `${own}/30`, 'dev', end);
      for (const one of ['lo', end]) inside(name, 'link', 'set', one, 'up');
      inside(name, 'route', 'add', 'default', 'via', by);
      return own;
    });
    return {
      machines: names.map((name, i) => ({
        within: ['ip', 'netns', 'exec', name],
        address: addresses[i]!,
      })),
      part(machine) {
        const one = addresses[machine]!;
        parted = addresses
          .filter((other) => other !== one)
          .flatMap((other) => [
            ['from', one, 'to', other],
            ['from', other, 'to', one],
          ]);
        for (const rule of parted) inside(switching, 'rule', 'add', ...rule, 'blackhole');
      },
      join() {
        for (const rule of parted) inside(switching, 'rule', 'del', ...rule, 'blackhole');
        parted = [];
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
