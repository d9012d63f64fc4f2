import { parseBranch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import type { StoryFigures, WhatIf } from '../../src/contract/what-if.ts';
import { createWhatIf, draftOf } from '../../src/service/what-if.ts';
import { askJournal } from '../journals/ask-journal.ts';
import { createPlayedLines, playedPages } from '../journals/played.ts';
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

/**
 * Plays the journal back by the thresholds of the branch file and by a draft of them, and prints both side by side.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID` where a value cannot be read, `LOBBY_BRANCH_INVALID` where it is out of
 *         range, and what `askJournal` throws
 */
export async function tellWhatIf(options: WhatIfOptions): Promise<void> {
  const today = await readBranch(options.branch);
  const values = valuesOf(options.set);
  // As a save would write it: what is out of range or shared by an alias is refused the same way.
  const written = putValues(await readText(options.branch), values);
  if (written === undefined) {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'set',
      problem: 'the branch file writes this threshold in a way that cannot be changed safely',
      value: options.set.join(' '),
    });
  }
  parseBranch(written, options.branch);
  const draft = draftOf(today, values);
  const journal = await askJournal(options.data);
  try {
    const whatIf = createWhatIf(today, draft);
    const { from, to } = options;
    const linesOf = createPlayedLines();
    let isFirst = true;
    for (const { day } of await journal.days()) {
      if ((from !== undefined && day < from) || (to !== undefined && day > to)) continue;
      for await (const rows of playedPages(journal, day, today.hours?.timezone, isFirst)) {
        for (const line of linesOf(rows)) whatIf.take(line);
      }
      isFirst = false;
    }
    const result = whatIf.result();
    process.stdout.write(options.json === true ? `${JSON.stringify(result, null, 2)}\n` : told(result));
  } finally {
    await journal.close();
  }
}

function valuesOf(set: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
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
}

/** The story in words: what changes for the wearers, for service, for silence; in this order, and no overall score. */
export function told(result: WhatIf): string {
  const { now, draft, agreement, differing, met } = result;
  const row = (name: string, of: (figures: StoryFigures) => number, digits = 0) => {
    const change = of(draft) - of(now);
    const sign = change > 0 ? '+' : '';
    return `${name.padEnd(28)}${of(now).toFixed(digits).padStart(9)}${of(draft).toFixed(digits).padStart(9)}${`${sign}${change.toFixed(digits)}`.padStart(12)}`;
  };
  const kept = ({ silences }: StoryFigures) =>
    Object.values(silences).reduce<number>((sum, one) => sum + one, 0);
  const { gone, new: added, moved } = differing;
  return [
    `Seen ${result.seenHours.toFixed(1)} h, ${met.arrivals} arrivals. Replay agrees with life: ${agreement.same} of ${agreement.said} prompts, ${agreement.extra} besides.`,
    `With the draft prompts vanish ${gone}, appear ${added}, come at another time ${moved}.${gone === 0 ? '' : ` Of those that vanish ${result.became.never} were about customers who were never met.`}`,
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
