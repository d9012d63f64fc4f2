import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { switchOption } from '../../edge/cli/command.ts';
import { makeKeys } from '../../edge/cli/fleet-bundle.ts';
import { orderedBox, type SettingsKeyOptions } from '../../edge/cli/settings-key.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { systemdAnalyze as analyze, titled } from '../peers/tools.ts';

const folder = join(packageRoot, 'docker');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

interface Service {
  readonly image?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly network_mode?: string;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly pids_limit?: number;
  readonly ulimits?: Readonly<Record<string, number>>;
  readonly profiles: readonly string[];
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
}
const files = ['compose.yaml', 'compose.boxes.yaml', 'fleet/compose.yaml'];
const each = files.flatMap((file) => {
  const { services } = parse(read(file), { merge: true }) as { services: Readonly<Record<string, Service>> };
  return Object.entries(services);
});
const settings = (mounted: string) => {
  const [file] = mounted.split(':');
  const path = [join(folder, file!), join(folder, 'fleet', file!)].find((one) => existsSync(one));
  return path !== undefined && /\.conf$/.test(path) ? readFileSync(path, 'utf8') : '';
};
/** A broker whose settings demand a certificate of whoever comes by MQTT. */
const asksForCertificates = ({ volumes = [] }: Service) =>
  volumes.some((one) => /^require_certificate true$|^ +verify_and_map: true$/m.test(settings(one)));
const hasOptions = ({ command = [] }: Service, ...options: readonly string[]) =>
  options.every((option) => command.some((one) => one.startsWith(option)));

const unitFiles = [
  'lobby-sense.service',
  'lobby-fleet.service',
  'lobby-rollout.service',
  'lobby-uplink.service',
  'lobby-uplink-watch.service',
  'lobby-uplink-watch.timer',
  ...['sense', 'decide', 'broker'].map((role) => `lobby-sense.service.d/${role}.conf`),
];
const units = unitFiles.map((name) => read(join('systemd', name)));

/** Whatever runs a box that decides on a broker of its own: its name, its options, and what its file sets. */
const withOwnBroker = (
  [
    ...each.map(([name, { command = [] }]) => [name, command, {}] as const),
    ...unitFiles.map((file, i) => {
      const unit = units[i]!;
      const [, words = ''] = /^ExecStart=\/usr.* edge\/main\.ts (.+)$/m.exec(unit) ?? [];
      const set = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, key, value]) => [key!, value!]);
      return [basename(file), words.split(' '), Object.fromEntries(set)] as const;
    }),
  ] as readonly (readonly [string, readonly string[], Readonly<Record<string, string>>])[]
).filter(
  ([, words]) =>
    words[0] === 'run' &&
    words.some((one) => /^--broker(=|$)/.test(one)) &&
    !/role[= ]sense/.test(words.join(' ')),
);

describe('A container', () => {
  test('there is one for each way to run it', () => {
    expect(each.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['box', ['embedded']],
      ['box-of-branch', ['branch']],
      ['box-on-mosquitto', ['mosquitto']],
      ['mosquitto', ['mosquitto']],
      ['sense', ['sense']],
      ['decide', ['decide']],
      ['mosquitto', ['broker']],
      ['nats', ['node']],
      ['ingest', ['store']],
      ['rollout', ['rollout']],
      ['postgres', ['store']],
      ['grafana', ['store']],
    ]);
  });

  test.each(each)('%s has no rights, and cannot write to its root', (_, service) => {
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add).toBeUndefined();
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.privileged).toBeUndefined();
    expect(service.network_mode).toBeUndefined();
    expect(service.tmpfs?.[0]).toMatch(/^\/tmp/);
    expect(service.pids_limit).toBeGreaterThan(0);
    // What was in memory must not be left on a disk by a crash.
    expect(service.ulimits).toMatchObject({ core: 0 });
  });

  test.each(each)(
    '%s writes to its volume alone: what is mounted from the machine is read',
    (_, { volumes = [] }) => {
      const written = volumes.filter((volume) => !volume.endsWith(':ro'));
      expect(written.filter((volume) => !/^(state|nats|postgres|grafana):\/var\/lib\//.test(volume))).toEqual(
        [],
      );
    },
  );

  test.each(each)('%s is published beyond this machine only with TLS and logins', (_, service) => {
    const { command = [], ports = [] } = service;
    const ownTls = hasOptions(service, '--tls-cert=', '--tls-key=');
    const isSecured =
      asksForCertificates(service) ||
      (ownTls && (hasOptions(service, '--watch-password-file=') || hasOptions(service, '--broker-cert=')));
    // Whoever looks, and what fills the store, listen nowhere.
    const listens = !command.includes('--role=sense') && command[0] !== 'fleet';
    expect(ports.length > 0).toBe(listens && !/^postgres/.test(service.image ?? ''));
    for (const port of ports) {
      if (!isSecured) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    }
    const saysOpen = command.some((one) => one.startsWith('--open-without-'));
    if (command[0] === 'run' && listens) expect(saysOpen).toBe(!isSecured);
  });

  test('is started with options that there are', () => {
    const main = readFileSync(join(packageRoot, 'edge', 'main.ts'), 'utf8');
    const used = each
      .flatMap(([, { image, command = [] }]) => (image?.startsWith('lobby-sense:') ? command : []))
      .filter((one) => one.startsWith('--'));
    const dockerfile = [...read('Dockerfile').matchAll(/"(--(?!import)[a-z-]+)"/g)].map(
      ([, option]) => option!,
    );
    const started = units.flatMap((unit) => [...unit.matchAll(/^ExecStart=\/usr.* edge\/main\.ts (.+)$/gm)]);
    expect(started).toHaveLength(6);
    used.push(...started.flatMap(([, words]) => words!.split(' ').filter((one) => one.startsWith('--'))));
    for (const option of [...used, ...dockerfile]) {
      expect(main).toMatch(new RegExp(`'${option.split('=')[0]}(?: [<[]|')`));
    }
    expect(used.length + dockerfile.length).toBeGreaterThan(15);
  });

  test.each(withOwnBroker)(
    '%s hears nothing of the bank until its installer says so, and its settings by a key when they do',
    async (_, words, usual) => {
      const asGiven = (set: Readonly<Record<string, string>>) => {
        const optionOf = (name: string) => {
          const [word] = words.filter((one) => one.startsWith(`--${name}=`));
          return word!
            .slice(name.length + 3)
            .replaceAll(/\$\{(\w+)(?::-([^}]*))?\}/g, (__, key, other) => set[key] ?? usual[key] ?? other);
        };
        return {
          fleet: switchOption('fleet')(optionOf('fleet')),
          settingsKey: optionOf('settings-key'),
          fleetGroup: optionOf('fleet-group'),
          broker: 'mqtts://broker.branch.example:8883',
        };
      };
      const remarks: string[] = [];
      const ordered = (options: SettingsKeyOptions) =>
        orderedBox(options, 'harbour', (remark) => remarks.push(remark));
      const asIs = asGiven({});
      expect(asIs.fleet).toBe(false);
      expect(await ordered(asIs)).toBeUndefined();

      const here = mkdtempSync(join(tmpdir(), 'lobby-key-'));
      try {
        const { publicFile } = makeKeys(join(here, 'installer.pem'));
        const set = { LOBBY_FLEET: 'on', LOBBY_SETTINGS_KEY: publicFile, LOBBY_FLEET_GROUP: 'pilot' };
        expect(asGiven(set).fleet).toBe(true);
        expect(await ordered(asGiven(set))).toMatchObject({ branch: 'harbour', group: 'pilot' });
        expect(await ordered(asGiven({ ...set, LOBBY_FLEET_GROUP: '' }))).toMatchObject({ group: 'all' });
      } finally {
        rmSync(here, { recursive: true, force: true });
      }
      expect(remarks).toEqual([]);
    },
  );

  test('the installer’s key is asked for wherever a box that decides has a broker of its own', () => {
    expect(withOwnBroker.map(([name]) => name)).toEqual([
      'box-on-mosquitto',
      'decide',
      'decide.conf',
      'broker.conf',
    ]);
  });

  test('runs as the user of its image, which is not root', () => {
    const last = read('Dockerfile')
      .split(/^FROM /m)
      .at(-1)!;
    expect(last).toMatch(/^USER node$/m);
    expect(last.indexOf('\nUSER node')).toBeLessThan(last.indexOf('\nENTRYPOINT'));
  });
});

describe('The image', () => {
  test('leaves out what ONNX Runtime brings for other systems and processors, and keeps its own', () => {
    const [, clean] = /^RUN (find node_modules\/onnxruntime-node.*)$/m.exec(read('Dockerfile'))!;
    const here = mkdtempSync(join(tmpdir(), 'lobby-image-'));
    try {
      const bin = join('node_modules', 'onnxruntime-node', 'bin', 'napi-v6');
      for (const of of ['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64']) {
        mkdirSync(join(here, bin, of), { recursive: true });
        writeFileSync(join(here, bin, of, 'native.node'), '');
      }
      execFileSync('sh', ['-c', clean!], { cwd: here });
      expect(readdirSync(join(here, bin)).flatMap((system) => readdirSync(join(here, bin, system)))).toEqual([
        process.arch,
      ]);
      // Where it lies in the package as it is installed: another version may lay it elsewhere.
      const native = join(packageRoot, bin, process.platform, process.arch);
      expect(readdirSync(native)).toContain('onnxruntime_binding.node');
    } finally {
      rmSync(here, { recursive: true, force: true });
    }
  });
});

describe('The unit of systemd', () => {
  const file = join(folder, 'systemd', 'lobby-sense.service');
  const unit = readFileSync(file, 'utf8');
  const settingOf = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];

  test('starts what is there, as a user of its own', () => {
    const [node, ...args] = settingOf('ExecStart')!.split(' ');
    expect(node).toBe('/usr/bin/node');
    expect(existsSync(join(packageRoot, args.find((one) => one.endsWith('main.ts'))!))).toBe(true);
    expect(settingOf('User')).toBe('lobby');
    expect(settingOf('StateDirectoryMode')).toBe('0700');
    expect(settingOf('UMask')).toBe('0077');
    expect(settingOf('CapabilityBoundingSet')).toBe('');
    expect(settingOf('LimitCORE')).toBe('0');
  });

  describe.skipIf(analyze.absent)(titled('as systemd-analyze sees it', analyze.absent), () => {
    const scoreOf = (path: string) => {
      const told = execFileSync('systemd-analyze', ['security', '--offline=true', '--no-pager', path], {
        encoding: 'utf8',
      });
      return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(told)![1]);
    };

    test.each(['lobby-fleet.service', 'lobby-rollout.service', 'lobby-uplink.service'])(
      '%s, of the way to the bank, is exposed no more',
      (name) => {
        expect(scoreOf(join(folder, 'systemd', name))).toBeLessThanOrEqual(scoreOf(file));
      },
    );

    test('is exposed as little as docs/operating.md says', () => {
      const said = Number(
        /exposure of (\d\.\d)/.exec(readFileSync(join(packageRoot, 'docs', 'operating.md'), 'utf8'))![1],
      );
      expect(said).toBeLessThan(2);
      // Another version of systemd may weigh a little differently.
      expect(Math.abs(scoreOf(file) - said)).toBeLessThanOrEqual(0.3);
    });
  });
});
