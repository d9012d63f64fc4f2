import { claims } from './claims.ts';
import type { Field } from './fields-of.ts';
import { lifetimeOf } from './lifetimes.ts';
import { errorSentences, logLines } from './log-lines.ts';
import { purposeOf } from './purposes.ts';
import { type Surface, surfaces, type Way, ways } from './surfaces.ts';
import { isWide, mostInARow, mostLetters, whyWide } from './wide.ts';

/** What each way is, above what leaves by it. */
const heads: Readonly<Record<Way, readonly [title: string, about: string]>> = {
  sensing: [
    'The sensing step',
    'What crosses from looking at a picture to understanding a lobby. The picture itself ends here.',
  ],
  mqtt: [
    'MQTT',
    'To the broker, and to whoever may read there: [docs/mqtt.md](mqtt.md) says who. Topics begin with `lobby/v1/{branch}/`.',
  ],
  boxes: [
    'Between boxes of one branch',
    "Only where `--role` says that one box looks and another decides: over the branch's own broker, which lets nobody else read it. [docs/boxes.md](boxes.md).",
  ],
  fleet: [
    'To the fleet of the bank',
    "Only with `--fleet`, and beyond the branch only where its broker has a bridge: counts, of one to four no more than that, and by the hour in fives; and which of the bank's settings hold. [docs/fleet.md](fleet.md).",
  ],
  'home-assistant': [
    'Home Assistant',
    'Only with `homeAssistant` or `--home-assistant`: one message that says which topics its figures are read from. It bears no figure itself.',
  ],
  webhook: ['Webhooks', 'Only to addresses that the branch file names: [docs/webhooks.md](webhooks.md).'],
  http: [
    'HTTP',
    'Answers of the API, each to whoever may ask: [docs/http.md](http.md). First the parts that stand in several of them.',
  ],
  live: [
    'Live events',
    '`GET /api/v1/live`, for tokens of the role viewer and above: what the console shows as it happens.',
  ],
  metrics: ['Metrics', 'For Prometheus. Beside these, the usual ones of a Node.js process.'],
  log: ['The log', 'Sentences on stderr, and what is put into them.'],
  table: ['The journal', 'Tables on the box, in the data folder: [docs/journal.md](journal.md).'],
  file: [
    'Other files of the data folder',
    'For the user of the service alone: [operating](operating.md#what-it-keeps).',
  ],
  asked: [
    'Files and answers somebody asks for at the box',
    'Written where the command says: [docs/cli.md](cli.md).',
  ],
  browser: ['In a browser', 'What the pages keep in the browser of whoever opens them.'],
};

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** What a field may hold, for people. */
export function holds({ kind, most, inARow, part }: Field): string {
  const rows =
    inARow === undefined ? '' : inARow === Number.POSITIVE_INFINITY ? ', several' : `, up to ${inARow}`;
  const letters = most === undefined ? ', any length' : most === 0 ? '' : `, ${most} letters at most`;
  switch (kind) {
    case 'part':
      return `as ${part}`;
    case 'word':
      return `a word of a list${rows}`;
    case 'moment':
      return `a moment${rows}`;
    case 'number':
      return `a number${rows}`;
    case 'name':
      return `a name${letters}${rows}`;
    case 'text':
      return `a text${letters}${rows}`;
    case 'anything':
      return 'JSON';
    case 'bytes':
      return 'bytes';
  }
}

function table(surface: Surface): string {
  const whole = lifetimeOf(surface);
  const rows = surface.fields.map((field) => {
    const own = lifetimeOf(surface, field.path);
    const lives = own === whole ? '' : ` **Lives: ${own}**`;
    const wide = isWide(field) ? ' [Wide](#what-could-be-wide).' : '';
    return `| \`${cell(field.path)}\` | ${cell(holds(field))} | ${cell(purposeOf(surface, field) ?? '')}${cell(lives)}${wide} |`;
  });
  const also =
    surface.also === undefined ? '' : `\n\nAlike: ${surface.also.map((one) => `\`${one}\``).join(', ')}.`;
  const note = surface.note === undefined ? '' : `${surface.note} `;
  return `### \`${surface.name}\`

${note}Lives: ${whole}${also}

| field | holds | purpose |
| ----- | ----- | ------- |
${rows.join('\n')}
`;
}

function claimed(): string {
  return Object.entries(claims)
    .map(
      ([title, all]) =>
        `### ${title}\n\n${all
          .map(
            ({ says, heldBy }) =>
              `- ${says}\n${heldBy.map(([file, test]) => `  - \`${file}\`: "${test}"`).join('\n')}`,
          )
          .join('\n')}\n`,
    )
    .join('\n');
}

function logged(): string {
  const lines = [...new Map(logLines().map((line) => [line.text, line])).values()];
  const rows = lines.map(({ text }) => `| \`${cell(text).replaceAll('`', "'")}\` |`);
  const errors = errorSentences().map(
    ({ code, text }) => `| \`${code}\` | \`${cell(text).replaceAll('`', "'")}\` |`,
  );
  return `Lives: ${lifetimeOf({ way: 'log', name: '' })} What stands in braces is put in, as the code says it.

| sentence |
| -------- |
${rows.join('\n')}

Errors by their codes, in the log, in refusals of the API and on the command line. Each detail is cut at 500 letters.

| code | sentence |
| ---- | -------- |
${errors.join('\n')}
`;
}

function wideOnes(all: readonly Surface[]): string {
  const rows = all.flatMap((surface) =>
    surface.fields
      .filter(isWide)
      .map(
        (field) =>
          `| ${surface.way} | \`${surface.name}\` | \`${field.path}\` | ${holds(field)} | ${whyWide(surface, field) ?? ''} |`,
      ),
  );
  return `| way | of | field | holds | what bounds it |\n| --- | -- | ----- | ----- | -------------- |\n${rows.join('\n')}\n`;
}

/** The whole of docs/privacy.md, from the schemas and the code. */
export async function privacyPage(): Promise<string> {
  const all = await surfaces();
  const count = all.reduce((sum, { fields }) => sum + fields.length, 0);
  const sections = ways.map((way) => {
    const [title, about] = heads[way];
    const body =
      way === 'log'
        ? logged()
        : all
            .filter((one) => one.way === way)
            .map(table)
            .join('\n');
    return `## ${title}\n\n${about}\n\n${body}`;
  });
  return `# Privacy

Everything that leaves the sensing step, the box and the process: ${count} fields, each with what it is for and how long it lives. This page is made from the schemas that the code itself goes by; \`npm run docs:privacy\` writes it, and a test fails while it is not what the code says.

What comes in, requests of the API and settings somebody types, is described in [docs/openapi.json](openapi.json) and [the branch file](branch-file.md). Where it is kept or sent on, it is below.

## What is claimed

Each sentence names the tests that hold it.

${claimed()}
## What could be wide

A picture, an embedding or a fingerprint of a face needs room: bytes, a text of more than ${mostLetters} letters, JSON of any form, or more than ${mostInARow} numbers in a row that have no names. These fields have it, and nothing else has.

${wideOnes(all)}
${sections.join('\n')}`;
}
