import { writeFileSync } from 'node:fs';
import { LobbyError } from '../../src/contract/errors.ts';
import type { FiguresPayload } from '../../src/contract/figures.ts';
import { toPlanPayload } from '../../src/service/floor-wire.ts';
import { placeName } from '../../src/service/wire.ts';
import { defaultDataFolder } from '../data/open-data.ts';
import { askFigures } from '../figures/ask-figures.ts';
import { figuresCsv } from '../figures/figures-csv.ts';
import { figuresOfBranch } from '../figures/figures-of-branch.ts';
import { reportHtml } from '../figures/report-html.ts';
import { reportPayload } from '../figures/report-payload.ts';
import { askJournal } from '../journals/ask-journal.ts';
import { cardsOf, comparisonOf, equalOf, notesOf, sentenceOf } from '../pages/console/figures/told.ts';
import { systemClock } from '../system-clock.ts';
import { readBranch } from './files.ts';

export interface ReportOptions {
  readonly branch: string;
  readonly data?: string;
  readonly day?: string;
  readonly language: 'zh' | 'en';
  readonly format: 'text' | 'html' | 'csv' | 'json';
  readonly out?: string;
}

/**
 * Tells the figures of a day, or writes them into a file. The service may be running; nothing is published, and the
 * reports it makes by itself stay as they are.
 */
export async function tellReport(options: ReportOptions): Promise<void> {
  const { language, format, out } = options;
  const branch = await readBranch(options.branch);
  const nameOf = (zone: string, spoken: 'zh' | 'en') => placeName(branch, zone)[spoken];
  const journal = await askJournal(options.data ?? defaultDataFolder(branch.id));
  let figures: FiguresPayload;
  try {
    figures = await askFigures(
      figuresOfBranch(journal, () => branch, systemClock),
      {
        ...(options.day === undefined ? {} : { day: options.day }),
        compare: 'same-weekday',
        short: 'in',
      },
    );
  } finally {
    await journal.close();
  }
  const writers = {
    text: () => reportText(figures, language, (zone) => nameOf(zone, language)),
    html: () => reportHtml({ figures, language, plan: toPlanPayload(branch), nameOf }),
    csv: () => figuresCsv(figures),
    json: () => `${JSON.stringify(reportPayload(figures), null, 2)}\n`,
  };
  const text = writers[format]();
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(out, text, { mode: 0o600 });
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new LobbyError('LOBBY_EXPORT_FAILED', { what: `the report to ${out}`, reason }, { cause });
  }
}

/** The sentence first, then a figure a line. */
export function reportText(
  figures: FiguresPayload,
  language: 'zh' | 'en',
  nameOf: (zone: string) => string,
): string {
  const telling = { figures, language, nameOf, leaves: true };
  const comparison = comparisonOf(telling);
  return `${[
    sentenceOf(telling),
    ...(comparison === undefined ? [] : [comparison]),
    ...notesOf(telling),
    ...(figures.hasLines
      ? [
          '',
          ...cardsOf(telling).map(({ title, main, unit, second, of, was }) =>
            [`${title}: ${`${main} ${unit}`.trim()}`, second, of, was].filter(Boolean).join(' · '),
          ),
          '',
          ...equalOf(telling),
        ]
      : []),
  ].join('\n')}\n`;
}
