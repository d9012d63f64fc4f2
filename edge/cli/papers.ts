import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseBranch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import { createDayOf } from '../../src/service/day-of.ts';
import { loginOf } from '../brokers/dial.ts';
import { packageRoot } from '../package-root.ts';
import { assessment } from '../papers/assessment.ts';
import { factsOf, type Given, type RunChoices } from '../papers/facts.ts';
import { notice } from '../papers/notice.ts';
import { record } from '../papers/record.ts';
import { systemClock } from '../system-clock.ts';
import { readBranch, readText, writeText } from './files.ts';

export interface PapersOptions extends RunChoices, Given {
  readonly branch: string;
  readonly out: string;
}

/** Longer ones would push a notice beyond its page. */
const mostLetters = 120;
const papers = { notice, record, assessment } as const;

/**
 * Writes the papers of one box, each in both languages, from its branch file and the options it is run with. What it
 * cannot know is a blank, or what was given.
 *
 * @returns the files
 * @throws {LobbyError} `LOBBY_BRANCH_*`, `LOBBY_OPTION_INVALID`, `LOBBY_FILE_UNWRITABLE`
 */
export async function writePapers(options: PapersOptions): Promise<readonly string[]> {
  const { branch: file, out, controller, contact, officer, basis, broker } = options;
  const given = Object.fromEntries(
    Object.entries({ controller, contact, officer, basis }).flatMap(([option, value]) =>
      value === undefined ? [] : [[option, checked(option, value)]],
    ),
  ) as Given;
  if (broker !== undefined) loginOf(broker);
  // Read first: it says what is wrong with the file, also that it is not there.
  await readBranch(file);
  const text = await readText(file);
  const branch = parseBranch(text, file);
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const today = createDayOf(branch.hours?.timezone)(systemClock.now());
  const facts = factsOf({ branch, text, choices: options, given, version, today });
  const written: string[] = [];
  for (const [name, paper] of Object.entries(papers)) {
    for (const language of ['zh', 'en'] as const) {
      const path = join(out, `${name}.${language}.html`);
      await writeText(path, paper(facts, language));
      written.push(path);
    }
  }
  return written;
}

function checked(option: string, value: string): string {
  const text = value.trim();
  if (text !== '' && text.length <= mostLetters) return text;
  throw new LobbyError('LOBBY_OPTION_INVALID', {
    option,
    problem: `it must have 1 to ${mostLetters} letters`,
    value,
  });
}
