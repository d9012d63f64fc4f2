/**
 * `npm run audit`: what is known against the packages of the lock file, tools for building too. Ends with 1 when something
 * is, and no exception explains it, and with 2 when it cannot be asked.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';
import { exceptionsSchema, judgeAudit } from './judge-audit.ts';

const exceptions = exceptionsSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'audit-exceptions.json'), 'utf8')),
);
const { stdout } = spawnSync('npm', ['audit', '--package-lock-only', '--json'], {
  cwd: packageRoot,
  encoding: 'utf8',
});
const report = (() => {
  try {
    return JSON.parse(stdout) as unknown;
  } catch {
    return undefined;
  }
})();
const known = judgeAudit(report, exceptions, new Date().toISOString().slice(0, 10));
if (known === undefined) {
  const { message } = (report ?? {}) as { message?: string };
  console.error(`Cannot audit: the registry gave no report${message === undefined ? '' : ` (${message.split(' - ')[0]})`}.
Ask where the registry has an audit. Nothing is known either way.`);
  process.exitCode = 2;
} else if (known.length > 0) {
  for (const one of known)
    console.error(`${one.severity.padEnd(8)} ${one.package}: ${one.title} (${one.advisory})`);
  console.error('Take a version without it, or explain it in test/release/audit-exceptions.json.');
  process.exitCode = 1;
} else console.log(`Nothing is known against what is installed, but for ${exceptions.length} explained.`);
