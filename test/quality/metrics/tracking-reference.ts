import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../edge/package-root.ts';
import { absent, scipy, titled } from '../../peers/tools.ts';
import { scoreTracks, type TrackingScores } from './tracking.ts';
import { readMotBoxes } from './tracking-file.ts';
import { followSequence, type MotSequence, type PeerRow, parsePeers, readSequence } from './tracking-runs.ts';

/** The rates at which peers were measured. */
export type Rate = 'Full rate' | 'About 5 frames a second';

const data = join(packageRoot, '..', 'shared', 'data', 'mot');
const reference = join(packageRoot, '..', 'shared', 'tools', 'mot-evaluate.py');
/** Why it cannot be asked here. */
export const noReference: string | undefined = [data, reference].every(existsSync)
  ? absent(scipy)
  : 'the tracking data and the reference are not beside the checkout';

/**
 * Holds every figure of ours against the reference's, on real sequences at these rates.
 *
 * @param lacking why it is skipped; absent: it is not
 */
export function agreesWithReference(rates: readonly Rate[], lacking?: string): void {
  describe.skipIf(lacking)(titled('The reference of behaviour, on the same boxes,', lacking), () => {
    const names = {
      ...{ hota: 'HOTA', detA: 'DetA', assA: 'AssA', locA: 'LocA', mota: 'MOTA', motp: 'MOTP' },
      ...{ idf1: 'IDF1', idp: 'IDP', idr: 'IDR', switches: 'IDsw', fragments: 'Frag' },
      ...{
        found: 'TP',
        false: 'FP',
        missed: 'FN',
        mostlyTracked: 'MT',
        partlyTracked: 'PT',
        mostlyLost: 'ML',
      },
    } as const;
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'tracking-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const rowsAt = (rate: string): readonly PeerRow[] => {
      const tables = parsePeers(readFileSync(join(data, 'PEERS.md'), 'utf8'));
      return tables.find((table) => table.rate === rate)!.rows;
    };

    /** Boxes in the order of the detections, as if that were who they are: a result as bad as can be. */
    function asDetected({ detections }: MotSequence, every: number): string {
      return detections
        .filter(({ frame }) => (frame - 1) % every === 0)
        .flatMap(({ frame, people }) =>
          people.map(({ box: { left, top, right, bottom } }, i) =>
            [frame, i + 1, left, top, right - left, bottom - top, 1].join(','),
          ),
        )
        .join('\n');
    }

    function expectAgreement(sequence: MotSequence, { name, every, frames }: PeerRow, text: string) {
      const { benchmark, truth, truthFile } = sequence;
      const file = join(folder, 'result.txt');
      writeFileSync(file, text);
      const [first, last] = frames.map(String);
      const options = ['--every', `${every}`, '--frames', first!, last!, '--benchmark', benchmark];
      const told = JSON.parse(
        execFileSync(scipy.command, [reference, '--gt', truthFile, '--result', file, ...options], {
          encoding: 'utf8',
        }),
      );
      const scores = scoreTracks(truth, readMotBoxes(text, name), { benchmark, every, frames });
      expect(scores.found, name).toBeGreaterThan(10);
      for (const [ours, theirs] of Object.entries(names)) {
        // The reference rounds to six digits.
        const apart = Math.abs(scores[ours as keyof TrackingScores] - told[theirs]);
        expect(apart, `${name}, ${ours}`).toBeLessThan(6e-7);
      }
    }

    it.each(rates)(
      'has the same figures to six digits on every sequence: %s',
      (rate) => {
        const rows = rowsAt(rate);
        expect(rows).toHaveLength(7);
        for (const row of rows) {
          const sequence = readSequence(data, row.name);
          expectAgreement(sequence, row, followSequence(sequence, row.every, 'picture'));
          if (sequence.floor) expectAgreement(sequence, row, followSequence(sequence, row.every, 'floor'));
          expectAgreement(sequence, row, asDetected(sequence, row.every));
        }
      },
      120_000,
    );

    it.each(rates)('never has to choose between boxes in one place: %s', (rate) => {
      for (const { name, every } of rowsAt(rate)) {
        const sequence = readSequence(data, name);
        const result = readMotBoxes(followSequence(sequence, every, 'picture'), name);
        for (const boxes of [sequence.truth, result]) {
          const places = boxes.map(({ frame, box }) => JSON.stringify([frame, box]));
          expect(new Set(places).size, name).toBe(places.length);
        }
      }
    });
  });
}
