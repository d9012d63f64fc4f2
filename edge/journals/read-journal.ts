import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type JournalLine, journalLineSchema } from '../../src/contract/journal.ts';
import { dayFile } from './file-journal.ts';

export interface ReadJournalOptions {
  /** First and last UTC day, `2026-11-24`; absent: all there are. */
  readonly from?: string;
  readonly to?: string;
  /** Told of each line that cannot be read: torn by a power cut, or damaged since. */
  readonly onTorn?: (file: string) => void;
}

/** Reads a journal, oldest day first, each day in the order in which it was written. It may be written meanwhile. */
export async function* readJournal(
  folder: string,
  { from = '', to = '9999', onTorn }: ReadJournalOptions = {},
): AsyncGenerator<JournalLine> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.sort()) {
    const day = dayFile.exec(name)?.[1];
    if (day === undefined || day < from || day > to) continue;
    for await (const text of createInterface({ input: createReadStream(join(folder, name)) })) {
      if (text === '') continue;
      const line = lineOf(text);
      if (line === undefined) onTorn?.(name);
      else yield line;
    }
  }
}

function lineOf(text: string): JournalLine | undefined {
  try {
    return journalLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
