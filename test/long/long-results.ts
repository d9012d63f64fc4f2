import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';

/** What came of one long test. */
export interface LongTest {
  /** Its file and its full title, as `file: describe > test`. */
  readonly test: string;
  readonly passed: boolean;
  /** How long it took. */
  readonly seconds: number;
}

/** What is kept of the long tests: of the newest run of each file. */
export interface LongResults {
  readonly date: string;
  /** Processors and Node. */
  readonly machine: string;
  /** SHA-256 of each file as it was run: one that was changed has to be run anew. */
  readonly files: Readonly<Record<string, string>>;
  readonly tests: readonly LongTest[];
}

export const longFile: string = join(import.meta.dirname, 'long.json');

/** @throws {Error} if nothing is kept */
export const readLong = (): LongResults => JSON.parse(readFileSync(longFile, 'utf8')) as LongResults;

/** @param file from the project's folder */
export const digestOf = (file: string): string =>
  createHash('sha256')
    .update(readFileSync(join(packageRoot, file)))
    .digest('hex');

/** As `vitest list` writes it too. */
export const nameOf = (file: string, title: string): string => `${file}: ${title}`;
