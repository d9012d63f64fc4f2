import { describe, expect, it } from 'vitest';
import { runAudit } from '../../../edge/audit/run-audit.ts';
import { auditBranch } from '../../../edge/cli/audit.ts';
import { branch, environment, type Found, findingsOf, minutes } from './audited.ts';

const remarksOf = ({ checks }: Found) => checks.flatMap(({ remarks }) => remarks.map(({ code }) => code));

describe('An audit of a branch', () => {
  it('passes the service as it is, having seen people and the mark on them', {
    timeout: 8 * minutes,
  }, async () => {
    const report = await runAudit({ branch, version: 'test', environment });
    const told = report.checks.map(({ check }) => [check, findingsOf(report, check)]);
    expect(told).toEqual(report.checks.map(({ check }) => [check, []]));
    expect(report.outcome).toBe('passed');
    const sight = report.checks.find(({ check }) => check === 'sight')!.measured;
    expect(sight.people).toBeGreaterThan(0);
    expect(sight.marks).toBe(1);
    expect(remarksOf(report)).not.toContain('memory-refused');
  });

  it('of a box that decides is refused, with what to audit instead', async () => {
    await expect(auditBranch({ branch, lang: 'en', role: 'decide' })).rejects.toMatchObject({
      code: 'LOBBY_OPTION_INVALID',
      message: expect.stringMatching(/has no picture: audit those that look, with sense/),
    });
  });
});
