import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { openTokens } from '../../edge/access/tokens.ts';
import { startServer } from '../../edge/http/server.ts';
import { type OpenJournal, openJournal } from '../../edge/journals/open-journal.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { openBranchStore } from '../../edge/settings/branch-store.ts';
import { openShadowStore } from '../../edge/settings/shadow-store.ts';
import { createWhatIfs } from '../../edge/what-if/what-ifs.ts';
import type { Branch } from '../../src/contract/branch.ts';
import { type JournalLine, journalSettingsSchema } from '../../src/contract/journal.ts';
import { toPlanPayload } from '../../src/service/floor-wire.ts';
import { createLive } from '../../src/service/live.ts';
import { ManualClock } from '../manual-clock.ts';
import { journalOf } from '../quality/journal-of.ts';
import { builtPages } from './pages.ts';

export const demoBranch = join(packageRoot, 'edge', 'demo', 'branch.yaml');
/** A Monday. */
export const firstDay = Date.UTC(2026, 10, 16);
const dayMs = 86_400_000;
const dayOf = (index: number) => new Date(firstDay + index * dayMs).toISOString().slice(0, 10);

/** The demo's morning again and again, as a box would have kept it: so often a day, half an hour apart from nine on. */
export function mornings(days: number, aDay: number): readonly JournalLine[] {
  const { lines } = journalOf('demo');
  const began = Date.parse(lines[0]!.at);
  const all: JournalLine[] = [];
  for (let round = 0; round < days * aDay; round += 1) {
    const shift = firstDay + Math.floor(round / aDay) * dayMs + (18 + (round % aDay)) * 1_800_000 - began;
    const text = JSON.stringify(lines)
      .replace(
        /"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g,
        (_, at) => `"${new Date(Date.parse(at) + shift).toISOString()}"`,
      )
      .replace(/"k3f9-(\d+)"/g, (_, count) => `"k3f9-${Number(count) + round * 1_000}"`)
      // The end of a prompt's name: each is told once.
      .replace(/"([0-9A-HJKMNP-TV-Z]{22})([0-9A-HJKMNP-TV-Z]{4})"/g, (_, name, end) => {
        const next = (Number.parseInt(end.replace(/[^0-9A-F]/g, '0'), 16) + round * 97) & 0xffff;
        return `"${name}${next.toString(16).toUpperCase().padStart(4, '0')}"`;
      });
    all.push(...(JSON.parse(text) as JournalLine[]));
  }
  return all;
}

export interface AskedBranch {
  /** Absent: the demo's. */
  readonly file?: string;
  /** Absent: no journal is kept. */
  readonly lines?: readonly JournalLine[];
  readonly now?: number;
}

/** A box with a journal of past days, its console and tokens; no camera runs. */
export async function runAsked({ file = demoBranch, lines, now }: AskedBranch) {
  const pagesFolder = await builtPages();
  const folder = mkdtempSync(join(tmpdir(), 'lobby-asked-'));
  const branchFile = join(folder, 'branch.yaml');
  copyFileSync(file, branchFile);
  const last = lines?.at(-1);
  const clock = new ManualClock(
    now ?? (last === undefined ? firstDay / 1000 : Date.parse(last.at) / 1000 + dayMs / 1000),
  );
  const tokens = openTokens({ now: () => clock.now() });
  const settings = openBranchStore({
    file: branchFile,
    folder: join(folder, 'settings'),
    keepIn: 'file',
    now: () => clock.now(),
  });
  let journal: OpenJournal | undefined;
  if (lines !== undefined) {
    journal = openJournal({
      folder,
      branch: settings.branch.id,
      ...(settings.branch.hours === undefined ? {} : { timezone: settings.branch.hours.timezone }),
      settings: journalSettingsSchema.parse({ days: 366, megabytes: 2_000 }),
      clock,
    });
    for (const line of lines) journal.write(line);
    await journal.takeIn();
  }
  const whatIfs = createWhatIfs({ journal, settings, clock });
  const shadow = openShadowStore({
    branch: settings.branch.id,
    settings,
    now: () => clock.now(),
    onTrial: () => undefined,
  });
  const live = createLive(
    () => clock.now(),
    () => 'today',
  );
  const lobby = () => ({
    v: 1 as const,
    at: new Date(clock.now() * 1000).toISOString(),
    inLobby: 0,
    toGreet: 0,
    inQueue: 0,
    staffSeen: 0,
    onDuty: 0,
    zones: [],
    open: [],
  });
  const health = () => ({
    v: 1 as const,
    state: 'ok' as const,
    at: new Date(clock.now() * 1000).toISOString(),
    cameras: [],
  });
  const branchNow = (): Branch => settings.branch;
  const server = await startServer({
    branch: settings.branch.id,
    places: [],
    health,
    lobby,
    metrics: new Registry(),
    clock,
    pagesFolder,
    port: 0,
    console: {
      tokens,
      clock,
      plan: () => toPlanPayload(branchNow()),
      floor: () => ({ v: 1, at: new Date(clock.now() * 1000).toISOString(), people: [] }),
      lobby,
      health,
      minutes: live.minutes,
      recent: live.recent,
      onLine: live.onLine,
      settings,
      shadow,
      whatIfs,
    },
  });
  return {
    url: server.url,
    folder,
    file: branchFile,
    tokens,
    settings,
    shadow,
    clock,
    journal,
    whatIfs,
    day: dayOf,
    text: () => readFileSync(branchFile, 'utf8'),
    async close() {
      await server.close();
      await whatIfs.close();
      await journal?.close();
      rmSync(folder, { recursive: true });
    },
  };
}
