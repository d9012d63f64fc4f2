import { overlapOf } from '../../../src/core/detect/suppress.ts';
import { assign } from '../../../src/core/track/assign.ts';
import type { MotBox } from './tracking-file.ts';

/** What is scored, and by whose rules. */
export interface TrackingRules {
  /**
   * `MOT15`: every box of the truth counts that has a confidence.
   * `MOT17`: pedestrians alone count; who follows a distractor is neither rewarded nor punished.
   */
  readonly benchmark: 'MOT15' | 'MOT17';
  /** Frames 1, 1 + every, 1 + 2 × every … alone. */
  readonly every?: number;
  /** First and last frame, both included; absent: all. The phase of `every` stays that of frame 1. */
  readonly frames?: readonly [first: number, last: number];
}

/** Everybody who truly is in one frame and everybody said to be, by number. */
export interface Step {
  readonly truth: readonly number[];
  readonly result: readonly number[];
  /** Intersection over union, `truth` × `result`. */
  readonly overlaps: readonly (readonly number[])[];
}

/** Truth and result, ready to be compared: the boxes that count, frame by frame. */
export interface Steps {
  readonly steps: readonly Step[];
  /** Boxes of each identity, by its number; 0 for one of whom no box counts. */
  readonly truthSizes: readonly number[];
  readonly resultSizes: readonly number[];
  readonly truthBoxes: number;
  readonly resultBoxes: number;
}

/** From this overlap on a box shows a person, by every rule of MOTChallenge. */
export const leastOverlap = 0.5;
/** So that an overlap that is .5 but for rounding counts as .5. */
export const rounding = Number.EPSILON;

const pedestrian = 1;
/** By the rules of MOT17: somebody on a vehicle, somebody who never moves, a distractor, a reflection. */
const distractors = [2, 7, 8, 12];

/**
 * Picks the boxes that count and compares them, frame by frame.
 *
 * Identities are numbered by where they are seen, not by their labels or by the order of lines: two pairings
 * may be equally good (two boxes alike), and which one is taken then hangs on neither.
 *
 * @throws {RangeError} if an identity appears twice in a frame; no score of that means anything
 */
export function compareFrames(
  truth: readonly MotBox[],
  result: readonly MotBox[],
  { benchmark, every = 1, frames: [first, last] = [1, Number.POSITIVE_INFINITY] }: TrackingRules,
): Steps {
  const isWanted = ({ frame }: MotBox) => frame >= first && frame <= last && (frame - 1) % every === 0;
  const truthIn = groups(numbered(truth.filter(isWanted), 'truth'), ({ frame }) => frame);
  const resultIn = groups(numbered(result.filter(isWanted), 'result'), ({ frame }) => frame);
  const truthSizes: number[] = [];
  const resultSizes: number[] = [];
  const frames = [...new Set([...truthIn.keys(), ...resultIn.keys()])].sort((one, other) => one - other);
  const steps = frames.map((frame): Step => {
    const there = truthIn.get(frame) ?? [];
    const said = resultIn.get(frame) ?? [];
    const counted = there.filter(
      ({ confidence, category }) =>
        Math.trunc(confidence) !== 0 && (benchmark === 'MOT15' || category === pedestrian),
    );
    const idle = benchmark === 'MOT15' ? new Set() : onDistractors(there, said);
    const judged = said.filter((one) => !idle.has(one));
    for (const { number } of counted) truthSizes[number] = (truthSizes[number] ?? 0) + 1;
    for (const { number } of judged) resultSizes[number] = (resultSizes[number] ?? 0) + 1;
    return {
      truth: counted.map(({ number }) => number),
      result: judged.map(({ number }) => number),
      overlaps: overlapsOf(counted, judged),
    };
  });
  return {
    steps,
    truthSizes: Array.from(truthSizes, (size) => size ?? 0),
    resultSizes: Array.from(resultSizes, (size) => size ?? 0),
    truthBoxes: steps.reduce((sum, step) => sum + step.truth.length, 0),
    resultBoxes: steps.reduce((sum, step) => sum + step.result.length, 0),
  };
}

/**
 * Pairs rows with columns one to one so that the sum of worths is greatest. Pairs worth nothing are not made:
 * no score would count them.
 *
 * @param worths rows × columns, 0 or more
 */
export function bestPairs(worths: readonly (readonly number[])[]): readonly (readonly [number, number])[] {
  return assign(
    worths.map((row) => row.map((worth) => -worth)),
    0,
  ).flatMap((column, row) => (column < 0 ? [] : [[row, column] as const]));
}

/** The boxes whose best partner in the whole truth, counted or not, is a distractor. */
function onDistractors(truth: readonly NumberedBox[], result: readonly NumberedBox[]): Set<NumberedBox> {
  const worths = overlapsOf(truth, result).map((row) =>
    row.map((overlap) => (overlap < leastOverlap - rounding ? 0 : overlap)),
  );
  return new Set(
    bestPairs(worths).flatMap(([row, column]) =>
      distractors.includes(truth[row]!.category) ? [result[column]!] : [],
    ),
  );
}

const overlapsOf = (rows: readonly MotBox[], columns: readonly MotBox[]): number[][] =>
  rows.map((row) => columns.map((column) => overlapOf(row.box, column.box)));

interface NumberedBox extends MotBox {
  readonly number: number;
}

function numbered(boxes: readonly MotBox[], name: string): readonly NumberedBox[] {
  const paths = [...groups(boxes, ({ id }) => id).values()].map((path) =>
    path.toSorted((one, other) => one.frame - other.frame),
  );
  for (const path of paths) {
    const again = path.find(({ frame }, i) => path[i + 1]?.frame === frame);
    if (again !== undefined) {
      throw new RangeError(
        `Cannot score the ${name}: an identity must appear once a frame, current value is ${again.id} twice in frame ${again.frame}`,
      );
    }
  }
  return paths.sort(byPath).flatMap((path, number) => path.map((box) => ({ ...box, number })));
}

/**
 * Who is seen first, then who stands further left, up …, then by category: a pedestrian and a distractor in
 * one place are not the same. Of two paths alike so far, the one that ends.
 */
function byPath(one: readonly MotBox[], other: readonly MotBox[]): number {
  for (const [i, mine] of one.entries()) {
    const theirs = other[i];
    if (theirs === undefined) return 1;
    const order =
      mine.frame - theirs.frame ||
      mine.box.left - theirs.box.left ||
      mine.box.top - theirs.box.top ||
      mine.box.right - theirs.box.right ||
      mine.box.bottom - theirs.box.bottom ||
      mine.category - theirs.category ||
      mine.confidence - theirs.confidence;
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function groups<Item>(items: readonly Item[], keyOf: (item: Item) => number): Map<number, Item[]> {
  const found = new Map<number, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = found.get(key);
    if (group === undefined) found.set(key, [item]);
    else group.push(item);
  }
  return found;
}
