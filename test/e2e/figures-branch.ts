import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { openTokens } from '../../edge/access/tokens.ts';
import { figuresOfBranch } from '../../edge/figures/figures-of-branch.ts';
import { reportHtml } from '../../edge/figures/report-html.ts';
import { serveFigures } from '../../edge/figures/serve-figures.ts';
import { startServer } from '../../edge/http/server.ts';
import { openJournal } from '../../edge/journals/open-journal.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import { toPlanPayload } from '../../src/service/floor-wire.ts';
import { placeName } from '../../src/service/wire.ts';
import { timezone } from '../edge/figures/made-up-day.ts';
import { ManualClock } from '../manual-clock.ts';
import { builtPages } from './pages.ts';

export const written = `branch: harbour
cameras:
  - id: hall
    source: rtsp://127.0.0.1/hall
    floor:
      - { pixel: [40, 60], metres: [-6, -3] }
      - { pixel: [1240, 60], metres: [6, -3] }
      - { pixel: [1240, 760], metres: [6, 4] }
      - { pixel: [40, 760], metres: [-6, 4] }
zones:
  - { id: main-door, kind: entrance, name: { zh: 门口, en: Door }, line: [[-5.2, 0], [-5.2, 2]], inside: [-3, 1] }
  - { id: side-door, kind: entrance, name: { zh: 侧门, en: Side }, line: [[-1, -2.8], [1, -2.8]], inside: [0, -1] }
  - { id: cash, kind: queue, name: { zh: 现金区, en: Cash }, polygon: [[1, -2.5], [3, -2.5], [3, 1.5], [1, 1.5]] }
  - { id: advice, kind: queue, name: { zh: 理财, en: Advice }, polygon: [[3.5, 1.5], [5.5, 1.5], [5.5, 3.8], [3.5, 3.8]] }
  - { id: self-service, kind: service, name: { zh: 自助区, en: Machines }, polygon: [[-5, 2.6], [-2, 2.6], [-2, 3.8], [-5, 3.8]] }
hours: { timezone: ${timezone}, monday: ["09:00-17:00"], tuesday: ["09:00-17:00"], wednesday: ["09:00-17:00"], thursday: ["09:00-17:00"], friday: ["09:00-17:00"] }
journal: { sceneSeconds: 30 }
thresholds:
  contact: { targetSeconds: 30 }
`;

/** A box whose journal has some days, and whose clock stands where a test puts it. */
export async function runFiguresBox(lines: readonly JournalLine[], now: string) {
  const pagesFolder = await builtPages();
  const folder = mkdtempSync(join(tmpdir(), 'lobby-figures-page-'));
  const branch = parseBranch(written, 'branch.yaml');
  const clock = new ManualClock(Date.parse(now) / 1000);
  const journal = openJournal({
    folder,
    branch: branch.id,
    timezone,
    settings: branch.journal,
    clock,
  });
  for (const line of lines) journal.write(line);
  const tokens = openTokens({ now: () => clock.now() });
  const moment = () => new Date(clock.now() * 1000).toISOString();
  const figures = serveFigures(figuresOfBranch(journal, () => branch, clock));
  const server = await startServer({
    branch: branch.id,
    places: [],
    health: () => ({ v: 1, state: 'ok', at: moment(), cameras: [] }),
    lobby: () => ({ v: 1, at: moment(), zones: [], open: [] }),
    metrics: new Registry(),
    clock,
    pagesFolder,
    port: 0,
    console: {
      tokens,
      clock,
      plan: () => toPlanPayload(branch),
      floor: () => ({ v: 1, at: moment(), people: [] }),
      lobby: () => ({ v: 1, at: moment(), zones: [], open: [] }),
      health: () => ({ v: 1, state: 'ok', at: moment(), cameras: [] }),
      minutes: () => ({ v: 1, minutes: [], doors: {} }),
      recent: () => [],
      onLine: () => () => undefined,
      figures,
      reports: {
        html: (found, language) =>
          reportHtml({
            figures: found,
            language,
            plan: toPlanPayload(branch),
            nameOf: (zone, spoken) => placeName(branch, zone)[spoken],
          }),
        read: () => undefined,
      },
    },
  });
  return {
    url: server.url,
    tokens,
    journal,
    clock,
    async close() {
      await server.close();
      await journal.close();
      rmSync(folder, { recursive: true });
    },
  };
}
