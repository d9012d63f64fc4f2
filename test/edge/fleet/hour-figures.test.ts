import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figuresOfBranch } from '../../../edge/figures/figures-of-branch.ts';
import { askHour } from '../../../edge/fleet/hour-figures.ts';
import { type OpenJournal, openJournal } from '../../../edge/journals/open-journal.ts';
import { parseBranch } from '../../../src/contract/branch.ts';
import { fleetHourSchema } from '../../../src/contract/fleet.ts';
import { inFives } from '../../../src/core/figures/share.ts';
import { written } from '../../e2e/figures-branch.ts';
import { ManualClock } from '../../manual-clock.ts';
import { madeUpDay, timezone } from '../figures/made-up-day.ts';

const at = (moment: string) => Date.parse(moment) / 1_000;
const branch = parseBranch(written, 'branch.yaml');
const clock = new ManualClock(at('2026-03-12T12:00:00Z'));
let folder: string;
let journal: OpenJournal;
const hourOf = (moment: string) =>
  askHour(
    figuresOfBranch(journal, () => branch, clock),
    at(moment),
    '0.1.0',
  );

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-hours-'));
  journal = openJournal({ folder, branch: 'harbour', timezone, settings: branch.journal, clock });
  const day = { day: '2026-03-12', customers: 240, off: ['14:00', '14:20'] as const };
  for (const line of madeUpDay({ ...day, unseen: [['main-door', '11:10', '11:48']] })) journal.write(line);
});
afterAll(async () => {
  await journal.close();
  rmSync(folder, { recursive: true });
});

describe('The counts of an hour', () => {
  it('are in fives, of one to four only that, and fit the contract', async () => {
    // Ten to eleven in the morning, in Shanghai.
    const hour = fleetHourSchema.parse(await hourOf('2026-03-12T02:00:00Z'));
    expect(hour).toMatchObject({
      branch: 'harbour',
      openMinutes: 60,
      recordedMinutes: 60,
      targetSeconds: 30,
    });
    const counts = [hour.came, hour.inTime, hour.neverMet, hour.waits, hour.prompts, hour.buzzes];
    expect(counts).toContain('< 5');
    expect(counts.filter((count) => count !== '< 5' && count % 5 !== 0)).toEqual([]);
    expect(hour.medianSeconds).toBeGreaterThan(3);
  });

  it('are those that the journal has, to the nearest five', async () => {
    const { rows } = await journal.query(
      "SELECT count(*) FROM stays WHERE arrivedAt >= TIMESTAMP '2026-03-12 02:00:00' AND arrivedAt < TIMESTAMP '2026-03-12 03:00:00'",
      [],
      { rows: 1, seconds: 10 },
    );
    const came = Number(rows[0]![0]);
    expect(came).toBeGreaterThan(30);
    expect((await hourOf('2026-03-12T02:00:00Z'))!.came).toBe(inFives(came));
  });

  it('say how long nobody could see, and how long the service did not run', async () => {
    expect(await hourOf('2026-03-12T03:00:00Z')).toMatchObject({
      blindSeconds: 38 * 60,
      recordedMinutes: 60,
    });
    expect(await hourOf('2026-03-12T06:00:00Z')).toMatchObject({ blindSeconds: 0, recordedMinutes: 40 });
  });

  it('are none of an hour in which the branch was closed, and all naught of one in which it was open and off', async () => {
    expect(await hourOf('2026-03-12T20:00:00Z')).toBeUndefined();
    expect(await hourOf('2026-03-13T02:00:00Z')).toMatchObject({
      came: 0,
      openMinutes: 60,
      recordedMinutes: 0,
    });
  });

  it('are none of what lies before the journal, which was let go of or never there', async () => {
    expect(await hourOf('2026-03-12T01:00:00Z')).toMatchObject({ openMinutes: 60 });
    expect(await hourOf('2026-03-11T02:00:00Z')).toBeUndefined();
  });
});
