import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Branch, parseBranch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import type { PrivacyLevel } from '../../src/contract/privacy.ts';
import { createDayOf } from '../../src/service/day-of.ts';
import { loginOf } from '../brokers/dial.ts';
import { packageRoot } from '../package-root.ts';
import { assessment } from '../papers/assessment.ts';
import { factsOf, type Given, type RunChoices } from '../papers/facts.ts';
import { notice } from '../papers/notice.ts';
import { record } from '../papers/record.ts';
import { openPrivacyRecord } from '../settings/privacy-record.ts';
import { readRun } from '../settings/run-record.ts';
import { systemClock } from '../system-clock.ts';
import { readBranch, readText, writeText } from './files.ts';

export interface PapersOptions extends RunChoices, Given {
  readonly branch: string;
  readonly out: string;
  /** A data folder: papers are of how the service was last started with it, and no option says otherwise. */
  readonly data?: string;
}

/** What `run` is told, by the options that say so. */
const runOptions = {
  host: '--host',
  broker: '--broker',
  homeAssistant: '--home-assistant',
  fleet: '--fleet',
  tlsCert: '--tls-cert',
  tlsClientCa: '--tls-client-ca',
  watchPasswordFile: '--watch-password-file',
} as const satisfies Record<keyof RunChoices, string>;

/** Longer ones would push a notice beyond its page. */
const mostLetters = 120;
const papers = { notice, record, assessment } as const;

/**
 * Writes the papers of one box, each in both languages, from its branch file and how it is run: as its data folder
 * says, or as options do. What it cannot know is a blank, or what was given.
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
  const choices = options.data === undefined ? options : choicesIn(options.data, options);
  // Read first: it says what is wrong with the file, also that it is not there.
  await readBranch(file);
  const text = await readText(file);
  const asWritten = parseBranch(text, file);
  const branch = { ...asWritten, privacy: { ...asWritten.privacy, level: levelIn(options.data, asWritten) } };
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const today = createDayOf(branch.hours?.timezone)(systemClock.now());
  const facts = factsOf({ branch, text, choices, given, version, today });
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

/**
 * How the service was last started.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID` where an option says it too: the paper would be of neither
 */
function choicesIn(folder: string, options: PapersOptions): RunChoices {
  for (const [key, option] of Object.entries(runOptions) as [keyof RunChoices, string][]) {
    if (options[key] === undefined) continue;
    const problem = '--data says how the service is run';
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: option.slice(2),
      problem,
      value: String(options[key]),
    });
  }
  const { host, broker, homeAssistant, fleet, tls, clientCertificates, logins } = readRun(folder);
  return {
    host,
    ...(broker === undefined ? {} : { broker }),
    homeAssistant,
    ...(fleet === true ? { fleet } : {}),
    ...(tls ? { tlsCert: 'given' } : {}),
    ...(clientCertificates ? { tlsClientCa: 'given' } : {}),
    ...(logins ? { watchPasswordFile: 'given' } : {}),
  };
}

/** The level the box is at, which a branch file can lower and not raise. */
function levelIn(folder: string | undefined, branch: Branch): PrivacyLevel {
  const record = folder === undefined ? undefined : openPrivacyRecord(folder);
  const { level } = branch.privacy;
  return record?.allows(level) === false ? (record.level ?? level) : level;
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
