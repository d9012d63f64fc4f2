import { join } from 'node:path';
import type { AuditReport, CheckName } from '../../../edge/audit/report.ts';
import { packageRoot } from '../../../edge/package-root.ts';

/** The branch that is audited. */
export const branch: string = join(packageRoot, 'edge', 'demo', 'branch.yaml');
/** As `npm run lobby` and docker/ start the service. */
export const environment: NodeJS.ProcessEnv = {
  ...process.env,
  MALLOC_MMAP_THRESHOLD_: '65536',
  NODE_OPTIONS: '',
};
export const minutes = 60_000;

export type Found = Omit<AuditReport, 'key'>;

/** What one check found, a line each. */
export const findingsOf = ({ checks }: Found, check: CheckName): string[] =>
  checks
    .find((one) => one.check === check)!
    .findings.map(({ code, where, about }) => `${code} ${where} ${about}`);
