import { isAbsolute, resolve } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Answer } from '../../src/ports/journal.ts';
import { shiftDay } from '../../src/service/branch-days.ts';
import { type AskedJournal, askJournal } from '../journals/ask-journal.ts';
import { moveFiles } from '../journals/open-journal.ts';
import type { ExportFormat } from '../journals/store.ts';
import { dayOption } from './command.ts';

interface DataFolder {
  readonly data: string;
}

async function withJournal<Result>(
  { data }: DataFolder,
  work: (journal: AskedJournal) => Promise<Result>,
): Promise<Result> {
  const journal = await askJournal(data);
  try {
    return await work(journal);
  } finally {
    await journal.close();
  }
}

/** Answers one question in SQL, on stdout. */
export async function queryJournal(
  sql: string,
  options: DataFolder & {
    readonly format: 'table' | 'csv' | 'json';
    readonly rows: number;
    readonly seconds: number;
  },
): Promise<void> {
  const { rows, seconds } = options;
  const answer = await withJournal(options, (journal) => journal.query(sql, [], { rows, seconds }));
  process.stdout.write(writers[options.format](answer));
  if (answer.isCut)
    console.error(`There are more than ${rows} rows: ask for more with --rows, or for fewer with LIMIT.`);
}

/** Writes days as files, a file a table. */
export async function exportJournal(
  options: DataFolder & {
    readonly from?: string;
    readonly to?: string;
    readonly out: string;
    readonly format: ExportFormat;
  },
): Promise<void> {
  const out = isAbsolute(options.out) ? options.out : resolve(options.out);
  await withJournal(options, async (journal) => {
    // By the branch's clock they may begin a day later or end a day earlier than by UTC.
    const days = await journal.days();
    const first = days[0]?.day ?? '1970-01-01';
    const last = days.at(-1)?.day ?? first;
    const from = dayOption('from', options.from ?? shiftDay(first, -1));
    const to = dayOption('to', options.to ?? shiftDay(last, 1));
    const { folder, files } = await journal.export(from, to, options.format);
    try {
      await moveFiles(folder, files, out);
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
      throw new LobbyError('LOBBY_EXPORT_FAILED', { what: `${from} to ${to}`, reason }, { cause });
    }
    console.log(`${from} to ${to}: ${files.length} files in ${out}`);
  });
}

/** Lets go of all but the newest days. */
export async function pruneJournal(options: DataFolder & { readonly days: number }): Promise<void> {
  const lines = await withJournal(options, (journal) => journal.prune(options.days));
  console.log(`${lines} lines older than ${options.days} days were dropped`);
}

/** Says what is there and how much room it takes. */
export async function journalStats(options: DataFolder): Promise<void> {
  const [stats, by] = await withJournal(
    options,
    async (journal) => [await journal.stats(), journal.by] as const,
  );
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`asked of ${by === 'service' ? 'the service that runs' : 'the file'}; ${stats.days} days`);
  console.log(
    `${megabytes(stats.usedBytes)} used of a file of ${megabytes(stats.fileBytes)}, ${megabytes(stats.aheadBytes)} written ahead`,
  );
  if (by === 'service') console.log(`the branch allows ${megabytes(stats.mostBytes)}`);
  for (const [kind, lines] of Object.entries(stats.lines))
    if (lines > 0) console.log(`  ${kind.padEnd(9)} ${lines}`);
}

const text = (value: unknown) =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** How an answer is written. A text that a spreadsheet would take for a formula is marked as text. */
export const writers: Readonly<Record<'table' | 'csv' | 'json', (answer: Answer) => string>> = {
  table({ columns, rows }) {
    const cells = [columns.map(({ name }) => name), ...rows.map((row) => row.map(text))];
    const widths = columns.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
    const isNumber = columns.map(({ type }) => /INT|DOUBLE|FLOAT|DECIMAL/.test(type) && !type.includes('['));
    return cells
      .map((row) =>
        row
          .map((cell, c) => (isNumber[c] ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)))
          .join('  ')
          .trimEnd(),
      )
      .map((line) => `${line}\n`)
      .join('');
  },
  csv({ columns, rows }) {
    const cell = (value: unknown) => {
      const one = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : text(value);
      return /[",\n\r]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one;
    };
    return [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
  },
  json: ({ columns, rows }) =>
    `${JSON.stringify(
      rows.map((row) => Object.fromEntries(columns.map(({ name }, c) => [name, row[c]]))),
      null,
      2,
    )}\n`,
};
