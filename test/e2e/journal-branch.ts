import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { openTokens } from '../../edge/access/tokens.ts';
import { startServer } from '../../edge/http/server.ts';
import { createJournalPages } from '../../edge/journals/journal-pages.ts';
import { openJournal } from '../../edge/journals/open-journal.ts';
import { type JournalLine, journalSettingsSchema } from '../../src/contract/journal.ts';
import type { HealthPayload, LobbyPayload } from '../../src/contract/topics.ts';
import { createLive } from '../../src/service/live.ts';
import { ManualClock } from '../manual-clock.ts';
import { morning, morningAt, settingsOfMorning } from '../morning.ts';
import { builtPages } from './pages.ts';

const timezone = 'UTC';
const names: readonly (readonly [string, 'entrance' | 'queue', string, string])[] = [
  ['main-door', 'entrance', '门口', 'Door'],
  ['cash', 'queue', '现金区', 'Cash'],
];

/** A box with the journal of a morning, which goes on as a test writes it; `journal: false` is one that keeps none. */
export async function keepJournal(options: { readonly journal?: false } = {}) {
  const pagesFolder = await builtPages();
  const folder = mkdtempSync(join(tmpdir(), 'lobby-journal-'));
  const clock = new ManualClock(Date.parse(morningAt('10:45:00')) / 1000);
  const now = () => clock.now();
  const tokens = openTokens({ now });
  const live = createLive(now, () => 'today');
  const journal = openJournal({
    folder,
    branch: 'harbour',
    settings: journalSettingsSchema.parse({}),
    clock,
    timezone,
  });
  for (const line of morning()) journal.write(line);
  // The database is opened now, and not while a page waits.
  await journal.takeIn();
  const settings = settingsOfMorning();
  const zones = names.map(([id, kind, zh, en]) => ({ id, kind, name: { zh, en } }));
  const moment = () => new Date(now() * 1000).toISOString();
  const lobby = (): LobbyPayload => ({
    v: 1,
    at: moment(),
    inLobby: 0,
    toGreet: 0,
    inQueue: 0,
    staffSeen: 0,
    zones,
    open: [],
  });
  const health = (): HealthPayload => ({ v: 1, state: 'ok', at: moment(), cameras: [] });
  const server = await startServer({
    branch: 'harbour',
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
      plan: () => ({ v: 1, branch: 'harbour', timezone, targetSeconds: 30, mostInTenMinutes: 6, zones }),
      floor: () => ({ v: 1, at: moment(), people: [] }),
      lobby,
      health,
      minutes: live.minutes,
      recent: live.recent,
      onLine: live.onLine,
      ...(options.journal === false
        ? {}
        : { journal: createJournalPages({ journal, settings, keptDays: 30, now }) }),
    },
  });
  return {
    url: server.url,
    token: tokens.issue('viewer').text,
    clock,
    /** Writes lines as the service does: to the journal, and to whoever looks. */
    write(...lines: readonly JournalLine[]) {
      for (const line of lines) {
        journal.write(line);
        live.note(line);
      }
    },
    async close() {
      await server.close();
      await journal.close();
      rmSync(folder, { recursive: true });
    },
  };
}
