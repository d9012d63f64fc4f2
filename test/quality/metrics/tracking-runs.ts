import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trackDefaults } from '../../../src/core/track/track.ts';
import { type MotFrame, parseCameraModel, parseMot, trackMot } from '../../../src/service/mot.ts';
import { type MotBox, readMotBoxes } from './tracking-file.ts';
import type { TrackingRules } from './tracking-steps.ts';

/** HOTA and IDF1 in percent, and how often an identity switched. */
export interface PeerFigures {
  readonly hota: number;
  readonly idf1: number;
  readonly switches: number;
}

/** One sequence with one detector's boxes at one rate, and what published trackers make of it. */
export interface PeerRow {
  /** `MOT17-02/FRCNN`. */
  readonly name: string;
  readonly frames: readonly [first: number, last: number];
  readonly every: number;
  /** By tracker, those alone that have figures here. */
  readonly peers: ReadonlyMap<string, PeerFigures>;
  /** Every box with the identity of whom it covers, and no false ones: more is not in these boxes. */
  readonly ceiling: { readonly hota: number; readonly idf1: number };
}

export interface PeerTable {
  /** Its heading: `Full rate`. */
  readonly rate: string;
  readonly trackers: readonly string[];
  readonly rows: readonly PeerRow[];
}

/**
 * Reads the tables of `PEERS.md`: a heading a rate, a row a sequence, cells `HOTA / IDF1 / switches`.
 *
 * @throws {RangeError} naming the row that does not fit
 */
export function parsePeers(text: string): readonly PeerTable[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const lines = part.split('\n');
      const [heading, , ...rows] = lines.filter((line) => line.startsWith('|')).map(cellsOf);
      const trackers = heading?.slice(3, -1) ?? [];
      return { rate: lines[0]!.trim(), trackers, rows: rows.map((cells) => parseRow(cells, trackers)) };
    });
}

const cellsOf = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

function parseRow(cells: readonly string[], trackers: readonly string[]): PeerRow {
  const [sequence = '', frames = '', every] = cells;
  const [first, last] = frames.split('–').map(Number);
  const [hota, idf1] = numbersOf(cells.at(-1) ?? '');
  const row = {
    name: sequence.replace(/^MOT15\//, ''),
    frames: [first ?? Number.NaN, last ?? Number.NaN] as const,
    every: Number(every),
    peers: new Map(
      trackers.flatMap((tracker, i): [string, PeerFigures][] => {
        const [hota, idf1, switches] = numbersOf(cells[3 + i] ?? '');
        return hota === undefined || idf1 === undefined || switches === undefined
          ? []
          : [[tracker, { hota, idf1, switches }]];
      }),
    ),
    ceiling: { hota: hota ?? Number.NaN, idf1: idf1 ?? Number.NaN },
  };
  if (![...row.frames, row.every, row.ceiling.hota, row.ceiling.idf1].every(Number.isFinite)) {
    throw new RangeError(
      `Cannot read the peers: a row must have frames, every and a ceiling, current value is ${cells.join(' | ')}`,
    );
  }
  return row;
}

const numbersOf = (cell: string): readonly number[] =>
  cell === '–' || cell === '' ? [] : cell.split('/').map(Number);

/** A sequence's boxes, found and true, and what its camera is. */
export interface MotSequence {
  readonly detections: readonly MotFrame[];
  readonly truth: readonly MotBox[];
  readonly truthFile: string;
  readonly framesPerSecond: number;
  readonly benchmark: TrackingRules['benchmark'];
  /** Absent where the sequence has no camera model. */
  readonly floor?: ReturnType<typeof parseCameraModel>;
}

/**
 * Reads one sequence of the tracking data.
 *
 * @param name as in `PEERS.md`: a folder, and after a slash whose boxes where there are several
 */
export function readSequence(dataFolder: string, name: string): MotSequence {
  const [sequence = '', detector] = name.split('/');
  const folder = join(dataFolder, sequence);
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const detections = detector === undefined ? 'det.txt' : `det-${detector.toLowerCase()}.txt`;
  const rate = Number(read('seqinfo.ini').match(/^frameRate=(\d+)/m)?.[1]);
  if (!(rate > 0)) {
    throw new RangeError(`Cannot read ${sequence}: frameRate must be above 0, current value is ${rate}`);
  }
  return {
    detections: parseMot(read(detections), `${sequence}/${detections}`),
    truth: readMotBoxes(read('gt.txt'), `${sequence}/gt.txt`),
    truthFile: join(folder, 'gt.txt'),
    framesPerSecond: rate,
    benchmark: sequence.startsWith('MOT17') ? 'MOT17' : 'MOT15',
    ...(existsSync(join(folder, 'camera.txt')) && { floor: parseCameraModel(read('camera.txt'), sequence) }),
  };
}

/** Follows a sequence as `lobby mot` does, in the picture or on the floor, with the settings that ship. */
export function followSequence(
  { detections, framesPerSecond, floor }: MotSequence,
  every: number,
  plane: 'picture' | 'floor',
): string {
  const lines = trackMot(detections, {
    framesPerSecond,
    every,
    plane: plane === 'floor' && floor !== undefined ? { floor } : {},
    settings: trackDefaults,
  });
  return lines.map((line) => `${line}\n`).join('');
}
