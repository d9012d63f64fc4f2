import { expect } from 'vitest';
import type { Killed } from './kill-at-random.ts';

/** A kill costs the line that is being written, which is told as missing, and nothing else. */
export function expectWell(report: Killed): void {
  expect(report).toMatchObject({ promptsLost: 0, promptsTwice: 0 });
  expect(report.begun).toBeGreaterThanOrEqual(report.reached + 1);
  expect(report.begun).toBeLessThanOrEqual(report.kills + 1);
  expect(report.linesLost).toBeLessThanOrEqual(report.kills);
  expect(report.printedAtLast).not.toMatch(/put aside|kept aside|cannot be used/);
}
