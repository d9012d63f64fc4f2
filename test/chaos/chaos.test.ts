import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JournalLine } from '../../src/contract/journal.ts';
import { mosquitto } from '../e2e/mosquitto.ts';
import { absent, titled } from '../peers/tools.ts';
import { type Evidence, judge, type WristLog } from './judge.ts';
import { type ChaosReport, runChaos } from './run-chaos.ts';

const id = (number: number) => String(number).padStart(26, '0');
const moment = (seconds: number) => new Date(seconds * 1000).toISOString();
const raisedLine = (number: number): JournalLine => ({
  v: 1,
  at: moment(100),
  kind: 'prompt',
  change: 'raised',
  id: id(number),
  prompt: 'divert',
  place: 'z1',
  people: 2,
  urgency: 'soon',
  waitedSeconds: 0,
  raisedAt: moment(100),
  expiresAt: moment(103),
});
const endLine = (number: number): JournalLine => ({
  v: 1,
  at: moment(102),
  kind: 'state',
  id: id(number),
  phase: 'met',
});
const at = (seconds: number, number = 1) => ({ id: id(number), at: seconds, expiresAt: 103 });
const wrist = (changes: Partial<WristLog> = {}): WristLog => ({
  watch: 'w-1',
  came: [{ ...at(101), by: 'prompt' }],
  takenIn: [at(101)],
  shown: [at(101)],
  ...changes,
});
const evidence = (changes: Partial<Evidence> = {}): Evidence => ({
  raised: [id(1)],
  journal: [raisedLine(1), endLine(1)],
  wrists: [wrist(), wrist({ watch: 'w-2' })],
  ...changes,
});
const fine = { lostFromJournal: 0, cameLate: 0, shownLate: 0, shownTwice: 0 };

describe('The judge of chaos', () => {
  test('finds nothing where a prompt was written, came in time and was shown once on each wrist', () => {
    expect(judge(evidence())).toMatchObject({ ...fine, raised: 1, shown: 1, withoutEnd: 0, endedAgain: 0 });
  });

  test.each([
    ['a prompt the service raised', evidence({ raised: [id(1), id(2)] })],
    ['a prompt a wrist got', evidence({ wrists: [wrist({ came: [{ ...at(101, 2), by: 'lobby' }] })] })],
  ])('finds %s that is not in the journal', (_, given) => {
    expect(judge(given)).toMatchObject({ ...fine, lostFromJournal: 1 });
  });

  test.each([
    ['came', { cameLate: 1 }, wrist({ came: [{ ...at(103), by: 'prompt' }] })],
    ['was taken in', { shownLate: 1 }, wrist({ takenIn: [at(104)] })],
    ['was shown', { shownLate: 1 }, wrist({ shown: [at(104)] })],
  ])('finds a prompt that %s after it had expired', (_, found, one) => {
    expect(judge(evidence({ wrists: [one] }))).toMatchObject({ ...fine, ...found });
  });

  test('finds a prompt that one wrist showed twice, and lets one that came twice be', () => {
    const twice = wrist({ shown: [at(101), at(102)] });
    expect(judge(evidence({ wrists: [twice] }))).toMatchObject({ ...fine, shownTwice: 1 });
    const back = wrist({ takenIn: [at(101), at(102)] });
    expect(judge(evidence({ wrists: [back] }))).toMatchObject({ ...fine, shownTwice: 1 });
    const again = wrist({
      came: [
        { ...at(101), by: 'prompt' },
        { ...at(102), by: 'prompt' },
      ],
    });
    expect(judge(evidence({ wrists: [again] }))).toMatchObject({ ...fine, cameAgain: 1 });
  });

  test('counts what was begun and not ended, and what was ended more than once', () => {
    const journal = [raisedLine(1), raisedLine(2), endLine(1), endLine(1)];
    expect(judge(evidence({ journal }))).toMatchObject({ withoutEnd: 1, endedAgain: 1, ended: { met: 1 } });
  });
});

/** A kill leaves at most what was under way in that instant, in the journal and nowhere else. */
function expectWell(report: ChaosReport): void {
  expect(report).toMatchObject({ ...fine, tornLines: 0 });
  expect(report.withoutEnd).toBeLessThanOrEqual(report.serviceKilled);
  expect(report.endedAgain).toBeLessThanOrEqual(report.serviceKilled * 3);
  expect(report.shown).toBeGreaterThan(0);
  expect(report.serviceKilled * report.serviceCutOff * report.wristsCutOff).toBeGreaterThan(0);
}

describe('Prompts through trouble', () => {
  test.skipIf(absent(mosquitto))(
    titled(
      'are none of them lost, late or twice while service, network and Mosquitto are killed',
      absent(mosquitto),
    ),
    async () => {
      const report = await runChaos({
        prompts: 200,
        seed: 11,
        broker: 'mosquitto',
        perSecond: 100,
        wellSeconds: 2,
      });
      expectWell(report);
      expect(report.brokerKilled).toBeGreaterThan(0);
    },
    120_000,
  );

  test('are none of them lost, late or twice while the service is killed with the broker in it', async () => {
    expectWell(
      await runChaos({ prompts: 200, seed: 12, broker: 'embedded', perSecond: 100, wellSeconds: 2 }),
    );
  }, 120_000);

  test('were none of them lost, late or twice in the long run that is kept here', () => {
    const { runs } = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', 'bench', 'chaos.json'), 'utf8'),
    ) as { runs: ChaosReport[] };
    expect(runs.map(({ broker }) => broker)).toContain('mosquitto');
    for (const run of runs) {
      expectWell(run);
      if (run.broker === 'mosquitto') expect(run.raised).toBeGreaterThanOrEqual(10_000);
    }
  });
});
