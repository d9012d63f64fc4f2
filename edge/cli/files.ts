import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { type Branch, type BranchCamera, parseBranch } from '../../src/contract/branch.ts';
import { browserSource } from '../../src/contract/browser-camera-limits.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import { keepPrivate, refuseWritable } from '../access/file-modes.ts';
import type { CameraTls } from '../cameras/camera-tls.ts';
import { withoutSecrets } from '../cameras/source-address.ts';

/** Reads and checks a branch file. */
export async function readBranch(file: string): Promise<Branch> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) throw new LobbyError('LOBBY_BRANCH_MISSING', { file }, { cause });
    throw new LobbyError(
      'LOBBY_FILE_INVALID',
      { file, problem: reasonOf(cause), hint: 'Give the path of a branch file.' },
      { cause },
    );
  }
  return parseBranch(text, file);
}

/**
 * Holds that not everybody may change a branch file: whoever can, says which cameras are watched and where prompts go.
 * Where it bears a login, it is told that everybody may read it.
 *
 * @throws {LobbyError} `LOBBY_FILE_OPEN`
 */
export function checkBranchMode(file: string, branch: Branch, onRemark: (sentence: string) => void): void {
  const addresses = [...branch.cameras.map(({ source }) => source), ...branch.webhooks.map(({ url }) => url)];
  if (addresses.some((one) => withoutSecrets(one) !== one)) keepPrivate(file, onRemark);
  else refuseWritable(file);
}

/** A camera's source as the branch file means it: paths are relative to the file. */
export function sourceOf(branchFile: string, source: string): string {
  if (source === browserSource) return source;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source) || isAbsolute(source)) return source;
  return resolve(dirname(branchFile), source);
}

/** How a camera's certificate is known, with its file where it is: relative to the branch file, like its source. */
export function tlsOf(branchFile: string, tls: BranchCamera['tls']): { readonly tls?: CameraTls } {
  if (tls === undefined) return {};
  return { tls: 'ca' in tls ? { ca: resolve(dirname(branchFile), tls.ca) } : tls };
}

export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) throw new LobbyError('LOBBY_FILE_MISSING', { file }, { cause });
    throw new LobbyError(
      'LOBBY_FILE_INVALID',
      { file, problem: reasonOf(cause), hint: 'Give the path of a text file.' },
      { cause },
    );
  }
}

/** Writes a whole file, making its folder if need be. */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(resolve(file)), { recursive: true });
    await writeFile(file, text);
  } catch (cause) {
    throw new LobbyError('LOBBY_FILE_UNWRITABLE', { file, reason: reasonOf(cause) }, { cause });
  }
}

export function jsonLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The system's own words without its call and path: `permission denied`. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[A-Z]+: /, '').replace(/, \w+( '.*')?$/, '');
}
