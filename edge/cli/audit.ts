import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  type AuditReport,
  type AuditRole,
  fingerprintOf,
  isSigned,
  openAuditKey,
  signReport,
} from '../audit/report.ts';
import { runAudit } from '../audit/run-audit.ts';
import { type AuditLanguage, stepInWords, tellReport } from '../audit/words.ts';
import { defaultDataFolder } from '../data/open-data.ts';
import { ownModelsFolder } from '../detectors/published.ts';
import { packageRoot } from '../package-root.ts';
import { readBranch } from './files.ts';

export interface AuditCommand {
  readonly branch?: string;
  readonly data?: string;
  /** As for `run`; default `all`. */
  readonly role?: AuditRole | 'decide';
  readonly out?: string;
  readonly lang: AuditLanguage;
  readonly model?: string;
  readonly runtime?: string;
  readonly provider?: string;
  readonly models?: string;
  readonly threads?: number;
  readonly check?: string;
  readonly key?: string;
}

/**
 * Audits a branch: runs it on a clip made for the purpose, and writes a signed report.
 *
 * @returns whether everything was looked at, and nothing found
 */
export async function auditBranch(command: AuditCommand): Promise<boolean> {
  const { branch: file, lang } = command;
  if (file === undefined) {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'branch',
      problem: 'it must say which branch is audited, or --check which report is checked',
      value: 'absent',
    });
  }
  const { role = 'all' } = command;
  if (role === 'decide') {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'role',
      problem: 'a box that decides has no picture: audit those that look, with sense, and the pages with all',
      value: role,
    });
  }
  const folder = command.data ?? defaultDataFolder((await readBranch(file)).id);
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const begun = Date.now();
  const ownModels = resolve(command.models ?? ownModelsFolder());
  const found = await runAudit({
    branch: file,
    version,
    ownModels,
    role,
    args: [
      ...(command.model === undefined ? [] : ['--model', command.model]),
      ...(command.runtime === undefined ? [] : ['--runtime', command.runtime]),
      ...(command.threads === undefined ? [] : ['--threads', String(command.threads)]),
      ...(command.provider === undefined ? [] : ['--provider', command.provider]),
      // The service of the audit has a home of its own, in which no model is.
      '--models',
      ownModels,
    ],
    onStep: (step) =>
      console.error(`${((Date.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${stepInWords(step, lang)}`),
  });
  const key = openAuditKey(folder);
  const report: AuditReport = { ...found, key: fingerprintOf(key.publicPem) };
  const { text, signature } = signReport(report, key);
  const out = resolve(command.out ?? join(folder, 'audits'));
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const name = join(out, `audit-${report.madeAt.replace(/[:.]/g, '-')}`);
  const told = tellReport(report, lang);
  writeFileSync(`${name}.json`, text, { mode: 0o600 });
  writeFileSync(`${name}.json.sig`, signature, { mode: 0o600 });
  writeFileSync(`${name}.txt`, told, { mode: 0o600 });
  console.log(`${told}\n${name}.json\n${name}.json.sig\n${key.publicFile}\n${key.publicPem}`);
  return report.outcome === 'passed';
}

/**
 * Checks who signed a report, and tells it.
 *
 * @returns whether the signature is of this very report by that key
 */
export function checkReport({ check = '', key, data, lang }: AuditCommand): boolean {
  const read = (file: string) => {
    if (!existsSync(file)) throw new LobbyError('LOBBY_FILE_MISSING', { file });
    return readFileSync(file);
  };
  const bytes = read(check);
  const signature = read(`${check}.sig`);
  // Where the audit wrote it: the folder above that of the reports.
  const keyFile = key ?? join(data ?? dirname(dirname(resolve(check))), 'audit-key.pub.pem');
  const publicPem = read(keyFile).toString('utf8');
  let isGood = false;
  let report: AuditReport | undefined;
  let fingerprint = '';
  try {
    fingerprint = fingerprintOf(publicPem);
    isGood = isSigned(bytes, signature, publicPem);
    report = JSON.parse(bytes.toString('utf8')) as AuditReport;
  } catch (cause) {
    if (fingerprint === '') {
      const details = {
        file: keyFile,
        problem: 'it is no public key',
        hint: 'Give the audit-key.pub.pem of the box.',
      };
      throw new LobbyError('LOBBY_FILE_INVALID', details, { cause });
    }
    isGood = false;
  }
  if (isGood && report !== undefined) process.stdout.write(tellReport(report, lang));
  console.log(
    {
      en: isGood
        ? `\nThe signature is good. Compare the fingerprint of the key with the one you noted: ${fingerprint}`
        : `The signature is NOT of this report by this key: ${fingerprint}`,
      zh: isGood
        ? `\n签名有效。请核对密钥指纹与您所记是否一致：${fingerprint}`
        : `签名与此报告或此密钥不符：${fingerprint}`,
    }[lang],
  );
  return isGood;
}
