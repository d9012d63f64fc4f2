import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePeers } from '../metrics/tracking-runs.ts';
import { dropsOf, toCard } from './card.ts';
import type { Section } from './section.ts';
import { trackerSections } from './tracker.ts';

const peers = `# Peers

## Full rate

| sequence | frames | every | Near | Floored | ceiling |
|---|---|---|---|---|---|
| MOT15/Hall | 1–20 | 1 | 60.0 / 70.0 / 4 | – | 90.0 / 95.0 |
| MOT17-Door/FRCNN | 1–20 | 1 | 40.0 / 50.0 / 8 | 50.0 / 40.0 / 2 | 80.0 / 85.0 |

Some words between the tables.

## Half of it

| sequence | frames | every | Near | Floored | ceiling |
|---|---|---|---|---|---|
| MOT15/Hall | 1–20 | 2 | 50.0 / 60.0 / 3 | – | 90.0 / 95.0 |
| MOT17-Door/FRCNN | 11–20 | 2 | 30.0 / 40.0 / 6 | 45.0 / 35.0 / 1 | 80.0 / 85.0 |
`;

/** A camera 3 m up that looks 20° down. */
const camera = `RotationMatrices
1 0 0
0 -0.34202 -0.93969
0 0.93969 -0.34202

TranslationVectors
0 2819.08 1026.06

IntrinsicMatrix
800 0 320
0 800 240
0 0 1
`;

/** Two people who walk towards each other on two lines, at ten frames a second. */
const walk = Array.from({ length: 20 }, (_, i) => [
  { frame: i + 1, id: 1, box: [100 + 6 * i, 120, 60, 160] },
  { frame: i + 1, id: 2, box: [500 - 6 * i, 180, 80, 220] },
]).flat();
const truth = walk.map(({ frame, id, box }) => [frame, id, ...box, 1, 1, 1].join(','));
const seen = walk.map(({ frame, box }) => [frame, -1, ...box, 0.9].join(','));

let data: string;

function writeSequence(name: string, files: Readonly<Record<string, string>>) {
  mkdirSync(join(data, name));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(data, name, file), text);
}

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'tracker-card-'));
  writeFileSync(join(data, 'PEERS.md'), peers);
  const common = { 'gt.txt': truth.join('\n'), 'seqinfo.ini': '[Sequence]\nframeRate=10\n' };
  writeSequence('Hall', { ...common, 'det.txt': seen.join('\n') });
  writeSequence('MOT17-Door', { ...common, 'det-frcnn.txt': seen.join('\n'), 'camera.txt': camera });
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

/** Full marks from 98 on: what is written is where people are believed to be, which is within pixels of their boxes. */
const whole = (values: readonly (number | null)[] | undefined) =>
  values?.map((value) => (value === null ? null : value > 98 ? 100 : Math.round(value)));
const valuesOf = ({ rows }: Section, name: string) => whole(rows.find((row) => row.name === name)?.values);

describe('The tracker on the card', () => {
  it('has no section where the data is not there', async () => {
    expect(await trackerSections(join(data, 'elsewhere'))).toEqual([]);
  });

  it('scores full marks where everybody is seen at once, beside the best peer and the ceiling', async () => {
    const [sequences] = await trackerSections(data);
    const perfect = [100, 100, 100, 100, 100, 0];
    expect(sequences!.figures.map(({ name }) => name)).toEqual([
      ...['HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1', 'switches'],
      ...['best peer HOTA', 'best peer IDF1', 'ceiling HOTA', 'ceiling IDF1'],
    ]);
    expect(valuesOf(sequences!, 'Hall, full rate')).toEqual([...perfect, 60, 70, 90, 95]);
    expect(valuesOf(sequences!, 'MOT17-Door/FRCNN, full rate')).toEqual([...perfect, 50, 50, 80, 85]);
    expect(valuesOf(sequences!, 'MOT17-Door/FRCNN on the floor, full rate')).toEqual(perfect);
    expect(valuesOf(sequences!, 'Hall on the floor, full rate')).toBeUndefined();
    // One peer has no figures on the hall, so that its mean is of something else.
    expect(valuesOf(sequences!, 'mean, full rate')).toEqual([...perfect, 50, 60, 85, 90]);
    expect(valuesOf(sequences!, 'mean, half of it')).toEqual([...perfect, 40, 50, 85, 90]);
  });

  it('stands beside every peer that has the same sequences, and holds none of them', async () => {
    const [, beside] = await trackerSections(data);
    expect(beside!.rows.map((row) => ({ ...row, values: whole(row.values) }))).toEqual([
      { name: 'lobby-sense', values: [100, 100, 0, 100, 100, 0] },
      { name: 'Near', values: [50, 60, 6, 40, 50, 5], held: false },
      { name: 'ceiling', values: [85, 90, null, 85, 90, null], held: false },
      { name: 'with a camera model: lobby-sense in the picture', values: [100, 100, 0, 100, 100, 0] },
      { name: 'with a camera model: lobby-sense on the floor', values: [100, 100, 0, 100, 100, 0] },
      { name: 'with a camera model: Floored', values: [50, 40, 2, 45, 35, 1], held: false },
    ]);
  });

  it('falls where people go unseen, and the card names the rows', async () => {
    const card = toCard(await trackerSections(data));
    const blink = seen.filter((line) => !/^(7|8|9|10|11|12|13|14|15),/.test(line));
    writeFileSync(join(data, 'Hall', 'det.txt'), blink.join('\n'));
    const drops = dropsOf(card, await trackerSections(data));
    const fallen = new Set(drops.map(({ section, row }) => `${section}: ${row}`));
    expect([...fallen]).toEqual([
      'tracker: Hall, full rate',
      'tracker: mean, full rate',
      'tracker: Hall, half of it',
      'tracker: mean, half of it',
      'tracker-peers: lobby-sense',
    ]);
  });

  it('looks at the frames and the rate that the peers were scored on', async () => {
    const wrongEarly = seen.map((line) =>
      /^([1-9]|10),/.test(line) ? line.replace(/,0\.9$/, ',0.1') : line,
    );
    writeFileSync(join(data, 'MOT17-Door', 'det-frcnn.txt'), wrongEarly.join('\n'));
    const [sequences] = await trackerSections(data);
    expect(valuesOf(sequences!, 'MOT17-Door/FRCNN, full rate')![1]).toBe(50);
    expect(valuesOf(sequences!, 'MOT17-Door/FRCNN, half of it')![1]).toBe(100);
  });

  it('refuses a table of peers that it cannot read', () => {
    expect(() => parsePeers(peers.replace('1–20', 'all'))).toThrow('Cannot read the peers');
    expect(() => parsePeers(peers.replace('90.0 / 95.0', '–'))).toThrow('Cannot read the peers');
  });
});
