import type { Branch } from '../../src/contract/branch.ts';
import type { FiguresPayload } from '../../src/contract/figures.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { createBranchDays } from '../../src/service/branch-days.ts';
import { toPlanPayload } from '../../src/service/floor-wire.ts';
import { placeName } from '../../src/service/wire.ts';
import type { Data } from '../data/open-data.ts';
import { createReports, type Reports, type ReportsOptions } from './keep-reports.ts';
import { reportHtml } from './report-html.ts';
import type { Figures } from './serve-figures.ts';

export interface BranchReports extends Reports {
  html(figures: FiguresPayload, language: 'zh' | 'en'): string;
}

/** The reports of a branch, by its own hours, with its own names, in its data folder. */
export function reportsOfBranch({
  branch,
  data,
  ...rest
}: {
  readonly branch: Branch;
  readonly data: Pick<Data, 'folder' | 'journal'>;
  readonly figures: Figures;
  readonly clock: Clock;
} & Pick<ReportsOptions, 'inLobby' | 'publish' | 'onRemark'>): BranchReports {
  const html = (figures: FiguresPayload, language: 'zh' | 'en') =>
    reportHtml({
      figures,
      language,
      plan: toPlanPayload(branch),
      nameOf: (zone, spoken) => placeName(branch, zone)[spoken],
    });
  const reports = createReports({
    ...rest,
    folder: data.folder,
    journal: data.journal,
    keptDays: branch.journal.days,
    ...(branch.hours === undefined ? {} : { hours: branch.hours }),
    days: createBranchDays(branch.hours?.timezone),
    html,
  });
  return { ...reports, html };
}
