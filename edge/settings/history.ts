import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type SettingsChange, settingsChangeSchema } from '../../src/contract/settings.ts';
import { hideLogins } from './hide-logins.ts';

export const historyLineSchema = z.strictObject({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  change: settingsChangeSchema,
});
type Line = z.infer<typeof historyLineSchema>;

/** Versions of a branch file: what was changed in each, and its text. */
export interface SettingsHistory {
  readonly latest: SettingsChange;
  /** Oldest first. */
  readonly all: readonly SettingsChange[];
  /** The text of a version, since the service started as it was, and else without logins; absent: it is not kept. */
  textOf(version: number): string | undefined;
  /**
   * What was before.
   *
   * @param hash of the file as it stands, without logins, as all hashes here: of a text that is known but for a
   *        password, a hash would be a way to try passwords; a version that was being written when the service was killed counts if the
   *        file has become it, and is forgotten if not
   */
  open(hash: string): (Line & { readonly text?: string }) | undefined;
  /** Adds a version that is in the file already; a disk that takes nothing is told of, and it is remembered. */
  add(change: SettingsChange, text: string, hash: string): void;
  /** Adds a version that `put` brings into the file. @throws what `put` or the disk throws; nothing is added then */
  addWith(change: SettingsChange, text: string, hash: string, put: () => void): void;
}

const mostFiles = 200;
const mostLines = 500;
/** Texts that are remembered as they were. */
const mostRemembered = 20;
/** The list is written anew after so many more, and not at each. */
const slackLines = 100;

/**
 * Keeps versions in `settings/` of a data folder: a list, `history.jsonl`, and the text of each of the newest 200,
 * `000042.yaml`. A branch file may hold a login; what is kept of it does not, so that whoever backs the folder up, or
 * carries the box away, has no more copies of it than there are of the file.
 */
export function openHistory(options: {
  readonly folder?: string;
  readonly onTrouble: (sentence: string) => void;
}): SettingsHistory {
  const folder = options.folder === undefined ? undefined : join(options.folder, 'settings');
  let lines: Line[] = [];
  let texts: readonly { readonly version: number; readonly text: string }[] = [];
  const at = (name: string) => join(folder!, name);
  const fileOf = (version: number) => `${String(version).padStart(6, '0')}.yaml`;

  function append(line: Line): void {
    const list = openSync(at('history.jsonl'), 'a', 0o600);
    try {
      writeSync(list, `${JSON.stringify(line)}\n`);
      fsyncSync(list);
    } finally {
      closeSync(list);
    }
  }

  function remember(line: Line, text?: string): void {
    lines = [...lines, line].slice(-mostLines);
    if (text !== undefined) {
      texts = [...texts, { version: line.change.version, text }].slice(-mostRemembered);
    }
  }

  /** Takes away what is older than the bounds. */
  function trim(): void {
    const texts = readdirSync(folder!).filter((name) => /^\d{6,}\.yaml$/.test(name));
    const oldest = texts.sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
    for (const name of oldest.slice(0, -mostFiles)) rmSync(at(name), { force: true });
    const listed = readFileSync(at('history.jsonl'), 'utf8').split('\n').length - 1;
    if (listed <= mostLines + slackLines) return;
    writeFileSync(at('history.new'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''), {
      mode: 0o600,
    });
    renameSync(at('history.new'), at('history.jsonl'));
  }

  function read(): Line[] {
    let text = '';
    try {
      text = readFileSync(at('history.jsonl'), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    // A line that was cut off by a power cut is passed over; what it was to say lies in `pending.json`.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(at('history.jsonl'), '\n');
    return text.split('\n').flatMap((line) => lineOf(line) ?? []);
  }

  /** What was kept by a version of the service that kept logins too. */
  function hideOlder(): void {
    for (const name of readdirSync(folder!).filter((one) => /^\d{6,}\.yaml$/.test(one))) {
      const text = readFileSync(at(name), 'utf8');
      const hidden = hideLogins(text);
      if (hidden !== text) writeFileSync(at(name), hidden);
    }
  }

  function readText(name: string): string | undefined {
    try {
      return readFileSync(at(name), 'utf8');
    } catch {
      return undefined;
    }
  }

  return {
    get latest() {
      return lines.at(-1)!.change;
    },
    get all() {
      return lines.map(({ change }) => change);
    },
    textOf(version) {
      const remembered = texts.findLast((one) => one.version === version)?.text;
      return remembered ?? (folder === undefined ? undefined : readText(fileOf(version)));
    },
    open(hash) {
      if (folder === undefined) return undefined;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        lines = read().slice(-mostLines);
        hideOlder();
        const pending = lineOf(readText('pending.json') ?? '');
        const known = lines.at(-1)?.change.version ?? 0;
        if (pending !== undefined && pending.hash === hash && pending.change.version > known) {
          append(pending);
          remember(pending);
        }
        rmSync(at('pending.json'), { force: true });
      } catch (error) {
        options.onTrouble(`who changed settings before is not known: ${String(error)}`);
      }
      const last = lines.at(-1);
      if (last === undefined) return undefined;
      const text = readText(fileOf(last.change.version));
      return { ...last, ...(text === undefined ? {} : { text }) };
    },
    add(change, text, hash) {
      const line = { hash, change };
      remember(line, text);
      if (folder === undefined) return;
      try {
        writeFileSync(at(fileOf(change.version)), hideLogins(text), { mode: 0o600 });
        append(line);
        trim();
      } catch (error) {
        options.onTrouble(`version ${change.version} of the settings is not kept: ${String(error)}`);
      }
    },
    addWith(change, text, hash, put) {
      const line = { hash, change };
      if (folder === undefined) {
        put();
        remember(line, text);
        return;
      }
      writeFileSync(at(fileOf(change.version)), hideLogins(text), { mode: 0o600 });
      writeFileSync(at('pending.json'), JSON.stringify(line), { mode: 0o600, flush: true });
      try {
        put();
      } catch (error) {
        rmSync(at('pending.json'), { force: true });
        rmSync(at(fileOf(change.version)), { force: true });
        throw error;
      }
      remember(line, text);
      try {
        append(line);
        rmSync(at('pending.json'), { force: true });
        trim();
      } catch (error) {
        // The next start finds it pending.
        options.onTrouble(`that version ${change.version} was saved is not written down: ${String(error)}`);
      }
    },
  };
}

function lineOf(text: string): Line | undefined {
  if (text === '') return undefined;
  try {
    return historyLineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
