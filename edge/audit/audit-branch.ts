import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { parseBranch } from '../../src/contract/branch.ts';
import { readBranch } from '../cli/files.ts';
import { packageRoot } from '../package-root.ts';
import { enlarged, shown } from './make-clip.ts';

/** The branch file the audit runs, and what is not as in the one that was given. */
export interface AuditBranch {
  readonly id: string;
  readonly text: string;
  /** The one camera there is. */
  readonly camera: string;
  readonly replaced: readonly ReplacedPart[];
  /** The environment variables that hold the secrets of its webhooks, and where each posts to. */
  readonly secretVariables: readonly string[];
}

export type ReplacedPart = 'cameras' | 'zones' | 'hours' | 'webhooks' | 'home-assistant' | 'export';

interface RawBranch {
  branch: string;
  cameras: { id: string; framesPerSecond?: number }[];
  webhooks?: Record<string, unknown>[];
  journal?: Record<string, unknown>;
  [key: string]: unknown;
}

interface RawDemo {
  cameras: { floor: { pixel: [number, number]; metres: [number, number] }[] }[];
  zones: unknown;
}

/**
 * The branch file with the audit's clip as its camera: thresholds, profiles, what is kept and what is switched on are
 * as they are. Cameras and zones are the clip's, webhooks post to the audit alone, nothing is exported, it is always
 * open, and Home Assistant is told too, so that this way out is seen as well.
 *
 * @param receiver where webhooks post to
 * @throws {LobbyError} as reading a branch file does
 */
export async function auditBranch(file: string, clip: string, receiver: string): Promise<AuditBranch> {
  await readBranch(file);
  const raw = parse(await readFile(file, 'utf8')) as RawBranch;
  const demo = parse(await readFile(join(packageRoot, 'edge', 'demo', 'branch.yaml'), 'utf8')) as RawDemo;
  const first = raw.cameras[0]!;
  const floor = demo.cameras[0]!.floor.map(({ pixel: [x, y], metres }) => ({
    pixel: [(x - shown.left) * enlarged, (y - shown.top) * enlarged],
    metres,
  }));
  const replaced: ReplacedPart[] = ['cameras', 'zones'];
  const hooks = raw.webhooks ?? [];
  // One at least, so that what webhooks tell is looked at too.
  const posted = hooks.length === 0 ? [{}] : hooks;
  const secretVariables = posted.map((_, index) => `LOBBY_AUDIT_WEBHOOK_${index}`);
  const { hours, ...rest } = raw;
  if (hours !== undefined) replaced.push('hours');
  if (hooks.length > 0) replaced.push('webhooks');
  if (raw.homeAssistant !== true) replaced.push('home-assistant');
  const { exportTo, ...journal } = raw.journal ?? {};
  if (exportTo !== undefined) replaced.push('export');
  const made = {
    ...rest,
    cameras: [
      {
        id: first.id,
        source: clip,
        ...(first.framesPerSecond === undefined ? {} : { framesPerSecond: first.framesPerSecond }),
        floor,
      },
    ],
    zones: demo.zones,
    webhooks: posted.map(({ roles, kinds }: Record<string, unknown>, index) => ({
      url: receiver,
      secretVariable: secretVariables[index]!,
      ...(roles === undefined ? {} : { roles }),
      ...(kinds === undefined ? {} : { kinds }),
    })),
    homeAssistant: true,
    ...(raw.journal === undefined ? {} : { journal }),
  };
  const text = stringify(made);
  parseBranch(text, file);
  return { id: raw.branch, text, camera: first.id, replaced, secretVariables };
}
