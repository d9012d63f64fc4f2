import { sessionSeconds } from '../../../edge/access/sessions.ts';
import { journalSettingsSchema } from '../../../src/contract/journal.ts';
import type { Surface } from './surfaces.ts';

const { days, megabytes } = journalSettingsSchema.parse({});

/** As long as the journal keeps a day. */
const journalDays = `\`journal.days\`, ${days} unless told; the oldest days go earlier when all take more than \`journal.megabytes\`, ${megabytes} unless told`;
/** An answer is made for whoever asks, and is not kept by the box. */
const answered = 'Made when it is asked for, and not kept by the box; a page holds it while it is open.';

interface Lifetime {
  readonly whole: string;
  /** Of fields that live otherwise, by path. */
  readonly fields?: Readonly<Record<string, string>>;
}

/**
 * How long each thing lives: true to what the code does, one entry a thing that leaves, a way's own for those that have
 * none. A key is `way name`, or a way alone.
 */
export const lifetimes: Readonly<Record<string, Lifetime>> = {
  sensing: {
    whole:
      'In memory until the step that takes it in is done: some hundredths of a second. What the tracker remembers of it ends with the stay.',
  },
  'mqtt prompt': {
    whole: 'Not retained. Waits for the broker until `expiresAt`, and is not sent after it.',
  },
  'mqtt promptState': { whole: 'Not retained. Waits for the broker as long as its prompt is of use.' },
  'mqtt ack': { whole: 'Not retained; kept in the journal as a line `ack`.' },
  'mqtt duty': {
    whole: 'Not retained; kept in `prompts.json`, and in the journal as a line `duty`.',
    fields: { place: 'One minute in memory; kept nowhere.' },
  },
  'mqtt lobby': {
    whole: 'Retained: replaced within 10 s. A broker keeps the last one when the box is gone.',
  },
  'mqtt health': {
    whole: 'Retained: replaced within 10 s. A broker keeps the last one when the box is gone.',
  },
  'mqtt report': { whole: "Retained: replaced by the next day's." },
  boxes: {
    whole:
      'Not retained: in memory of the box that decides, for 0.3 s, until it is in its order; kept nowhere.',
  },
  'boxes sensor': {
    whole: 'Retained: replaced within 10 s. A broker keeps the last one when the box is gone.',
  },
  fleet: {
    whole:
      "Not retained. Waits in the branch's broker while the line to the bank is down; in the bank's store for the months that `lobby fleet ingest --keep-months` says, 25 unless told.",
  },
  'fleet fleet/state': {
    whole: "Not retained, and waits nowhere. In the bank's store the last word of each branch is kept.",
  },
  'fleet fleet/settings': {
    whole:
      "Not retained. Waits in the branch's broker while the line to the bank is down; in the bank's store as long as that keeps it.",
  },
  'boxes lease': {
    whole:
      'Retained: replaced within 0.3 s. A broker keeps the last one when all boxes that decide are gone.',
  },
  'boxes deciding': {
    whole:
      'Retained: replaced within a second, and who has left is not in the next one. A broker keeps the last one when all boxes that decide are gone; after a minute nobody goes on from who was there. The broker of `docker/` keeps it in memory alone.',
  },
  'boxes standing': {
    whole:
      'Retained: replaced by the next order that is taken. A broker keeps the last one when all boxes that decide are gone.',
  },
  'home-assistant': { whole: 'Retained until the option is off and the box has been started so.' },
  webhook: {
    whole:
      'Posted until `expiresAt`, a state for five minutes; then it waits no longer. What the other side keeps is its own affair.',
  },
  http: { whole: answered },
  'http GET /api/v1/minutes': { whole: 'In memory for an hour; gone with a restart.' },
  'http POST /api/v1/session': {
    whole: `A cookie of the browser for ${sessionSeconds / 3600} hours, or until it is left; on the box in memory.`,
  },
  'http POST /api/v1/camera/pairing': {
    whole: 'A cookie of the browser for 400 days, or until the pairing is revoked; on the box as a hash.',
  },
  'http GET /api/v1/figures': { whole: `From the journal: ${journalDays}.` },
  'http GET /api/v1/figures.csv': { whole: `From the journal: ${journalDays}.` },
  'http GET /api/v1/report': { whole: `From the journal and \`reports/\`: ${journalDays}.` },
  'http GET /api/v1/journal': { whole: `From the journal: ${journalDays}.` },
  'http GET /api/v1/journal/visits/{visit}': { whole: `From the journal: ${journalDays}.` },
  'http GET /api/v1/what-if/scenes': { whole: `From the journal: ${journalDays}.` },
  'http POST /api/v1/what-if': { whole: 'The latest eight answers are in memory; gone with a restart.' },
  'http GET /api/v1/setup/cameras/{id}/plate': {
    whole: 'In memory while a page asks for it; let go of with the page, and with a restart.',
  },
  live: { whole: 'Sent as it happens, and not kept for it; a page holds it while it is open.' },
  'live event line': { whole: 'The last ten minutes are in memory for whoever opens the page.' },
  metrics: { whole: 'Counted in memory; gone with a restart. What Prometheus keeps is its own affair.' },
  log: { whole: 'On stderr; whoever runs the service keeps it: journald, Docker, or nobody.' },
  table: { whole: `${journalDays[0]!.toUpperCase()}${journalDays.slice(1)}.` },
  'file journal.duckdb, journal/ahead-*.jsonl': {
    whole: `${journalDays[0]!.toUpperCase()}${journalDays.slice(1)}.`,
  },
  'file prompts.json': { whole: 'Replaced at each change; the last one stays when the service has ended.' },
  'file outbox.jsonl': { whole: 'Until the broker has it or it has expired, and the file is written anew.' },
  'file shadow.json': { whole: 'As long as values are on trial.' },
  'file paired-pages.json': {
    whole: 'A code until it was used or its ten minutes are over; a page until it is revoked.',
  },
  'file tokens.json': { whole: 'Until the token is revoked.' },
  'file settings/history.jsonl': { whole: 'The newest 500 changes, or a few more.' },
  'file settings/*.yaml, and the branch file itself': {
    whole: 'The newest 200 texts; the branch file as long as somebody leaves it there.',
  },
  'file bank-settings.json': { whole: 'Replaced by the next order of the bank; the last one stays.' },
  'file fleet.json': { whole: 'Replaced as the fleet is told; the last one stays.' },
  'file run.json': { whole: 'Replaced at each start.' },
  'file walk-test.json': { whole: 'Until the next walk test is accepted.' },
  'file reports/*': { whole: `As many days as the journal: \`journal.days\`, ${days} unless told.` },
  asked: { whole: 'Until whoever asked for it deletes it.' },
  browser: { whole: "Until the browser's data are cleared." },
};

/** @returns nothing where neither the thing nor its way has an entry */
export function lifetimeOf({ way, name }: Pick<Surface, 'way' | 'name'>, path = ''): string | undefined {
  const own = lifetimes[`${way} ${name}`] ?? lifetimes[way];
  return own?.fields?.[path.replaceAll(/\[\]|\{\}/g, '')] ?? own?.whole;
}
