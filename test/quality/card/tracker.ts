import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mean } from '../metrics/statistics.ts';
import { scoreTracks, type TrackingScores } from '../metrics/tracking.ts';
import { readMotBoxes } from '../metrics/tracking-file.ts';
import {
  followSequence,
  type PeerRow,
  type PeerTable,
  parsePeers,
  readSequence,
} from '../metrics/tracking-runs.ts';
import type { Figure, Row, Section } from './section.ts';

type Plane = 'picture' | 'floor';

/** One sequence with one detector's boxes at one rate, followed by the tracker that ships. */
interface TrackedRow {
  readonly rate: string;
  readonly peer: PeerRow;
  readonly picture: TrackingScores;
  /** Absent where the sequence has no camera model. */
  readonly floor?: TrackingScores;
}

/**
 * Measures the tracker that ships on the boxes of public detectors, and sets it beside published trackers.
 *
 * @param dataFolder holds `PEERS.md` and a folder a sequence
 * @returns nothing where the data is not there
 */
export async function trackerSections(dataFolder: string): Promise<readonly Section[]> {
  const peersFile = join(dataFolder, 'PEERS.md');
  if (!existsSync(peersFile)) return [];
  const tables = parsePeers(await readFile(peersFile, 'utf8'));
  const tracked = tables.flatMap(({ rate, rows }) => rows.map((row) => follow(dataFolder, rate, row)));
  return [sequenceSection(tables, tracked), peerSection(tables, tracked)];
}

function follow(dataFolder: string, rate: string, peer: PeerRow): TrackedRow {
  const sequence = readSequence(dataFolder, peer.name);
  const { name, every, frames } = peer;
  const { truth, benchmark } = sequence;
  const scoreOn = (plane: Plane) =>
    scoreTracks(truth, readMotBoxes(followSequence(sequence, every, plane), name), {
      benchmark,
      every,
      frames,
    });
  return {
    rate,
    peer,
    picture: scoreOn('picture'),
    ...(sequence.floor && { floor: scoreOn('floor') }),
  };
}

const points = (name: string, tolerance: number, better: Figure['better'] = 'higher'): Figure => ({
  name,
  digits: 1,
  better,
  tolerance,
});

/** A sequence is one story: in the shortest a single switch moves HOTA by a point. Means move less. */
const sequenceTolerance = 1;
const meanTolerance = 0.3;

function sequenceSection(tables: readonly PeerTable[], tracked: readonly TrackedRow[]): Section {
  return {
    id: 'tracker',
    title: 'Tracker: sequences',
    about:
      'Public detections of MOTChallenge sequences, without pictures, frame by frame, with the settings that ship; in percent, by the definitions of TrackEval. “On the floor” knows the camera model, as with floor points in a branch file. The best peer is the best published tracker for that figure on the same boxes; the ceiling gives every box the identity of whom it covers and drops the false ones. YOLOX saw the first half of each MOT17 sequence in its training, so the second half alone is scored. MOT17-09 and ADL-Rundle-6 are the same scene. The data is CC BY-NC-SA and no part of the project.',
    figures: [
      ...['HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1'].map((name) => points(name, sequenceTolerance)),
      { name: 'switches', digits: 0, better: 'lower', tolerance: 5 },
      ...['best peer HOTA', 'best peer IDF1', 'ceiling HOTA', 'ceiling IDF1'].map((name) =>
        points(name, 0, 'neither'),
      ),
    ],
    rows: tables.flatMap((table) => {
      const rows = tracked.filter(({ rate }) => rate === table.rate);
      const rate = table.rate.toLowerCase();
      return [
        ...rows.map(({ peer, picture }): Row => {
          const peers = [...peer.peers.values()];
          return {
            name: `${peer.name}, ${rate}`,
            values: [
              ...told(picture),
              ...best(peers.map(({ hota, idf1 }) => [hota, idf1])),
              peer.ceiling.hota,
              peer.ceiling.idf1,
            ],
          };
        }),
        {
          name: `mean, ${rate}`,
          values: [
            ...meansOf(rows.map(({ picture }) => told(picture))),
            ...best(
              complete(table).map((tracker) =>
                meansOf(rows.map((row) => peerValues(row, tracker).slice(0, 2))),
              ),
            ),
            ...meansOf(rows.map(({ peer }) => [peer.ceiling.hota, peer.ceiling.idf1])),
          ],
        },
        ...rows.flatMap(({ peer, floor }): Row[] =>
          floor ? [{ name: `${peer.name} on the floor, ${rate}`, values: told(floor) }] : [],
        ),
      ];
    }),
  };
}

function peerSection(tables: readonly PeerTable[], tracked: readonly TrackedRow[]): Section {
  const ratesOf = (rows: readonly TrackedRow[], valuesOf: (row: TrackedRow) => readonly number[]) =>
    tables.flatMap(({ rate }) => meansOf(rows.filter((row) => row.rate === rate).map(valuesOf)));
  const withFloor = tracked.filter(({ floor }) => floor !== undefined);
  const known = tables.map(complete).reduce((one, other) => one.filter((name) => other.includes(name)));
  const partial = (tables[0]?.trackers ?? []).filter(
    (name) => !known.includes(name) && withFloor.every(({ peer }) => peer.peers.has(name)),
  );
  const peers = known
    .map((name): Row => ({ name, values: ratesOf(tracked, (row) => peerValues(row, name)), held: false }))
    .sort((one, other) => lastHota(other) - lastHota(one));
  return {
    id: 'tracker-peers',
    title: 'Tracker: beside published ones',
    about: `Means over the same sequences: HOTA, IDF1 in percent, and identity switches a sequence. Published trackers are in their own defaults at full rate and in the best of their documented settings at about 5 frames a second, the rate of the service; ordered by HOTA there. They are means of rounded figures, so the last digit may be off by one. The last rows are of the sequences alone that have a camera model, which ${partial.join(', ')} needs.`,
    figures: tables.flatMap(({ rate }) => [
      points(`HOTA, ${rate.toLowerCase()}`, meanTolerance),
      points(`IDF1, ${rate.toLowerCase()}`, meanTolerance),
      { name: `switches, ${rate.toLowerCase()}`, digits: 1, better: 'lower' as const, tolerance: 2 },
    ]),
    rows: [
      { name: 'lobby-sense', values: ratesOf(tracked, ({ picture }) => toldShort(picture)) },
      ...peers,
      {
        name: 'ceiling',
        values: tables.flatMap(({ rate }) => [
          ...meansOf(
            tracked
              .filter((row) => row.rate === rate)
              .map(({ peer }) => [peer.ceiling.hota, peer.ceiling.idf1]),
          ),
          null,
        ]),
        held: false,
      },
      {
        name: 'with a camera model: lobby-sense in the picture',
        values: ratesOf(withFloor, ({ picture }) => toldShort(picture)),
      },
      {
        name: 'with a camera model: lobby-sense on the floor',
        values: ratesOf(withFloor, ({ floor }) => toldShort(floor!)),
      },
      ...partial.map(
        (name): Row => ({
          name: `with a camera model: ${name}`,
          values: ratesOf(withFloor, (row) => peerValues(row, name)),
          held: false,
        }),
      ),
    ],
  };
}

const told = ({ hota, detA, assA, mota, idf1, switches }: TrackingScores): readonly number[] => [
  ...[hota, detA, assA, mota, idf1].map((share) => 100 * share),
  switches,
];

const toldShort = ({ hota, idf1, switches }: TrackingScores): readonly number[] => [
  100 * hota,
  100 * idf1,
  switches,
];

function peerValues({ peer }: TrackedRow, tracker: string): readonly number[] {
  const { hota, idf1, switches } = peer.peers.get(tracker)!;
  return [hota, idf1, switches];
}

/** The trackers that have figures on every sequence: only their means are of the same thing. */
const complete = ({ trackers, rows }: PeerTable): readonly string[] =>
  trackers.filter((tracker) => rows.every(({ peers }) => peers.has(tracker)));

/** Column by column. */
const meansOf = (rows: readonly (readonly number[])[]): readonly number[] =>
  (rows[0] ?? []).map((_, column) => mean(rows.map((row) => row[column]!))!);

/** The greatest of each column. */
const best = (rows: readonly (readonly number[])[]): readonly number[] =>
  (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!)));

/** At the rate of the service, the last of the tables. */
const lastHota = ({ values }: Row): number => values.at(-3) ?? 0;
