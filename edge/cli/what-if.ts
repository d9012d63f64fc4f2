import { parseBranch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import type { ReadableJournal } from '../../src/ports/journal.ts';
import { createWhatIf, type StoryFigures, type WhatIf } from '../../src/service/what-if.ts';
import { askJournal } from '../journals/ask-journal.ts';
import { putValues } from '../settings/put-values.ts';
import { readBranch, readText } from './files.ts';

export interface WhatIfOptions {
  readonly branch: string;
  readonly data: string;
  /** `wandering.afterSeconds=20`, as often as there are values to try. */
  readonly set: readonly string[];
  /** Days of the journal, `2026-11-24`; absent: all there are. */
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** What a day that is played back is made from; the rest of the journal follows from it. */
const kinds: readonly JournalLine['kind'][] = [
  'scene',
  'verdict',
  'prompt',
  'stay',
  'duty',
  'ack',
  'health',
  'begun',
];
const dayMs = 86_400_000;

/**
 * Plays the journal back by the thresholds of the branch file and by a draft of them, and prints both side by side.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID` where a value cannot be read, `LOBBY_BRANCH_INVALID` where it is out of
 *         range, and what `askJournal` throws
 */
export async function tellWhatIf(options: WhatIfOptions): Promise<void> {
  const today = await readBranch(options.branch);
  const draft = parseBranch(withValues(await readText(options.branch), options.set), options.branch);
  const journal = await askJournal(options.data);
  try {
    const whatIf = createWhatIf(today, draft);
    for await (const line of played(journal, options)) whatIf.take(line);
    const result = whatIf.result();
    process.stdout.write(options.json === true ? `${JSON.stringify(result, null, 2)}\n` : told(result));
  } finally {
    await journal.close();
  }
}

function withValues(text: string, set: readonly string[]): string {
  const values = Object.fromEntries(
    set.map((one) => {
      const [, path, number] = /^([a-zA-Z]+\.[a-zA-Z]+)=(.+)$/.exec(one) ?? [];
      const value = Number(number);
      if (path === undefined || number?.trim() === '' || !Number.isFinite(value)) {
        throw new LobbyError('LOBBY_OPTION_INVALID', {
          option: 'set',
          problem: 'it must be a threshold and a number, such as wandering.afterSeconds=20',
          value: one,
        });
      }
      return [path, value];
    }),
  );
  const changed = putValues(text, values);
  if (changed === undefined) {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'set',
      problem: 'the branch file writes this threshold in a way that cannot be changed safely',
      value: set.join(' '),
    });
  }
  return changed;
}

/** Lines of the days that are asked for, oldest first, an hour's scenes in memory at a time and no more. */
async function* played(
  journal: Pick<ReadableJournal, 'lines' | 'days'>,
  { from, to }: Pick<WhatIfOptions, 'from' | 'to'>,
): AsyncGenerator<JournalLine> {
  for (const { day } of await journal.days()) {
    if ((from !== undefined && day < from) || (to !== undefined && day > to)) continue;
    // A day of the branch begins at another hour of the machine's: half a day on either side is looked at for it.
    const begins = Date.parse(`${day}T00:00:00Z`) - dayMs / 2;
    for (let hour = begins; hour < begins + dayMs; hour += 3_600_000) {
      const lines: JournalLine[] = [];
      for (let before: number | undefined; ; ) {
        const page = await journal.lines({
          from: new Date(hour).toISOString(),
          to: new Date(hour + 3_600_000).toISOString(),
          kinds,
          limit: 1_000,
          ...(before === undefined ? {} : { before }),
        });
        lines.push(...page.lines.map(({ line }) => line));
        before = page.before;
        if (before === undefined) break;
      }
      yield* lines.reverse();
    }
  }
}

/** The story in words: what changes for the wearers, for service, for silence; in this order, and no overall score. */
export function told(result: WhatIf): string {
  const { now, draft, agreement, differing, met } = result;
  const row = (name: string, of: (figures: StoryFigures) => number, digits = 0) => {
    const change = of(draft) - of(now);
    const sign = change > 0 ? '+' : '';
    return `${name.padEnd(28)}${of(now).toFixed(digits).padStart(9)}${of(draft).toFixed(digits).padStart(9)}${`${sign}${change.toFixed(digits)}`.padStart(12)}`;
  };
  const kept = ({ silences }: StoryFigures) => Object.values(silences).reduce((sum, one) => sum + one, 0);
  const { gone, new: added, moved } = differing;
  const unmet = result.differences.filter(
    ({ how, metAfterSeconds }) => how === 'gone' && metAfterSeconds === 'never',
  ).length;
  return [
    `Seen ${result.seenHours.toFixed(1)} h, ${met.arrivals} arrivals. Replay agrees with life: ${agreement.same} of ${agreement.said} prompts, ${agreement.extra} besides.`,
    `With the draft prompts vanish ${gone}, appear ${added}, come at another time ${moved}.${gone === 0 ? '' : ` Of those that vanish ${unmet} were about customers who were never met.`}`,
    '',
    `${''.padEnd(28)}${'now'.padStart(9)}${'draft'.padStart(9)}${'difference'.padStart(12)}`,
    row('prompts an hour', ({ promptsAnHour }) => promptsAnHour, 1),
    row('buzzes a wrist in 10 min', ({ buzzesInTen }) => buzzesInTen.mean, 1),
    row('busiest 10 min', ({ buzzesInTen }) => buzzesInTen.most),
    row('told of within 5 s', ({ toldInTime }) => toldInTime),
    row('told of later', ({ toldLate }) => toldLate),
    row('expired untaken', ({ expired }) => expired),
    row('kept quiet', kept),
    '',
    `Met within the target: ${met.within} of ${met.arrivals}, never met ${met.never}; as it happened.`,
    'No replay knows how staff would have moved: contacts are as they were.',
    '',
  ].join('\n');
}
