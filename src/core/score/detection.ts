/**
 * How well people are found in pictures, by the definition COCO has made common (Lin et al., "Microsoft
 * COCO: Common Objects in Context", 2014), for the one class that matters here.
 *
 *     boxes found ──▶ match, surest first ──▶ right, wrong or neither ──▶ precision at each recall ──▶ AP
 *     true people ──▶
 *
 * Everything here is arithmetic on boxes: no picture, no model, no clock.
 */
import { overlapOf } from '../detect/suppress.ts';
import type { Person, PixelBox, Pixels } from '../units.ts';

/** Somebody who truly is in a picture. */
export interface TruePerson {
  readonly box: PixelBox;
  /**
   * Absent for somebody who must be found.
   *
   * - `one`: somebody of whom too little shows to ask for them. One box found there counts neither as right
   *   nor as wrong; a second one is wrong.
   * - `crowd`: a region of people nobody counted (`iscrowd`). Any number of boxes that lie in it count as neither.
   */
  readonly ignore?: 'one' | 'crowd';
}

/** One picture: who was found in it, in any order, and who is in it. */
export interface JudgedPicture {
  readonly found: readonly Person[];
  readonly truth: readonly TruePerson[];
}

/** IoU .50 to .95 in steps of .05: how tightly a box must fit before it counts. */
export const overlapSteps: readonly number[] = Array.from({ length: 10 }, (_, i) => (50 + 5 * i) / 100);
/**
 * Recall 0 to 1 in hundredths, where precision is read off. Multiplied and not divided, as COCO's own program
 * does: 57 × 0.01 is a hair above 57 of 100, and figures are to agree to the last digit.
 */
const recallSteps: readonly number[] = Array.from({ length: 101 }, (_, i) => i * 0.01);
/** COCO looks at no more boxes a picture than this, the surest. */
const mostBoxes = 100;

/** A box found, and what became of it. */
interface Verdict {
  readonly score: number;
  readonly kind: 'right' | 'wrong' | 'neither';
}

interface Matching {
  /** Surest first. */
  readonly verdicts: readonly Verdict[];
  /** Whom of `truth` a box was given to. */
  readonly met: ReadonlySet<TruePerson>;
}

/**
 * Gives boxes to people: the surest box chooses first and takes whom it overlaps most, if by at least
 * `overlap`; nobody is taken twice. Only a box that fits nobody who counts may fall to an ignored person.
 */
function matchPicture({ found, truth }: JudgedPicture, overlap: number): Matching {
  const met = new Set<TruePerson>();
  const counted = truth.filter(({ ignore }) => ignore === undefined);
  const ignored = truth.filter(({ ignore }) => ignore !== undefined);
  const choose = (person: Person, among: readonly TruePerson[]): TruePerson | undefined => {
    let best: TruePerson | undefined;
    let most = overlap;
    for (const one of among) {
      if (met.has(one) && one.ignore !== 'crowd') continue;
      const shared =
        one.ignore === 'crowd' ? shareInside(person.box, one.box) : overlapOf(person.box, one.box);
      // Of two that fit equally well the later one is taken, as COCO's own program does.
      if (shared < most) continue;
      best = one;
      most = shared;
    }
    return best;
  };
  const surest = [...found].sort((a, b) => b.score - a.score).slice(0, mostBoxes);
  const verdicts = surest.map((person): Verdict => {
    const one = choose(person, counted) ?? choose(person, ignored);
    if (one === undefined) return { score: person.score, kind: 'wrong' };
    met.add(one);
    return { score: person.score, kind: one.ignore === undefined ? 'right' : 'neither' };
  });
  return { verdicts, met };
}

/** How much of a box lies inside a region, 0 to 1: a crowd is larger than anybody in it. */
function shareInside(box: PixelBox, region: PixelBox): number {
  const width = Math.min(box.right, region.right) - Math.max(box.left, region.left);
  const height = Math.min(box.bottom, region.bottom) - Math.max(box.top, region.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / ((box.right - box.left) * (box.bottom - box.top));
}

function countedIn(pictures: readonly JudgedPicture[]): number {
  return pictures.reduce((sum, { truth }) => sum + truth.filter(({ ignore }) => !ignore).length, 0);
}

/**
 * Average precision at one overlap: all boxes of all pictures in one line, surest first; precision is read
 * off at 101 recalls, each time the best that this recall or a higher one reaches, and averaged.
 *
 *     precision                    A wrong box costs only what comes after it: one that is surer
 *     1 ┤████████                  than every right box costs most, one that is less sure than
 *       │████████▁▁▁▁▁▁            the last right box costs nothing.
 *     0 ┼──────────────▶ recall 1
 *
 * Equal scores keep the order of the pictures.
 *
 * @param overlap IoU from which a box counts, 0 to 1
 * @returns 0 to 1; `null` if there is nobody to find
 */
export function averagePrecision(pictures: readonly JudgedPicture[], overlap: number): number | null {
  const people = countedIn(pictures);
  if (people === 0) return null;
  const line = pictures
    .flatMap((picture) => matchPicture(picture, overlap).verdicts)
    .filter(({ kind }) => kind !== 'neither')
    .sort((a, b) => b.score - a.score);
  let right = 0;
  const points = line.map(({ kind }, index) => {
    if (kind === 'right') right += 1;
    return { recall: right / people, precision: right / (index + 1) };
  });
  let best = 0;
  let step = recallSteps.length - 1;
  let sum = 0;
  for (let i = points.length - 1; i >= 0; i--) {
    // Steps above this recall are reached by later points alone.
    for (; step >= 0 && recallSteps[step]! > points[i]!.recall; step--) sum += best;
    best = Math.max(best, points[i]!.precision);
  }
  return (sum + best * (step + 1)) / recallSteps.length;
}

/**
 * Average precision over all of `overlapSteps`, the figure detectors are ranked by ("AP50:95").
 * Boxes that sit loosely on people lower it where AP at .5 does not.
 *
 * @returns 0 to 1; `null` if there is nobody to find
 */
export function averagePrecisionOverSteps(pictures: readonly JudgedPicture[]): number | null {
  const values = overlapSteps.flatMap((overlap) => averagePrecision(pictures, overlap) ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface AtScore {
  /** Boxes below this score are taken as not found. */
  readonly score: number;
  /** IoU from which a box counts; .5 unless told. */
  readonly overlap?: number;
}

function above(picture: JudgedPicture, score: number): JudgedPicture {
  return { ...picture, found: picture.found.filter((person) => person.score >= score) };
}

/** Share of people who were found at all by boxes of at least this score; `null` if there is nobody to find. */
export function recallAt(pictures: readonly JudgedPicture[], at: AtScore): number | null {
  return recallByHeight(pictures, [{ from: 0, to: Number.POSITIVE_INFINITY }], at)[0]!.recall;
}

/**
 * Share of the boxes of at least this score that are somebody, each person once; what fell to ignored people
 * is left out.
 *
 * @returns 0 to 1; `null` if there is no box to judge
 */
export function precisionAt(
  pictures: readonly JudgedPicture[],
  { score, overlap = 0.5 }: AtScore,
): number | null {
  const kinds = pictures.flatMap((picture) => matchPicture(above(picture, score), overlap).verdicts);
  const judged = kinds.filter(({ kind }) => kind !== 'neither');
  return judged.length === 0 ? null : judged.filter(({ kind }) => kind === 'right').length / judged.length;
}

/** Heights of true boxes in pixels: `from` belongs to the band, `to` to the next one. */
export interface HeightBand {
  readonly from: Pixels;
  readonly to: Pixels;
}

/**
 * Recall of people by how tall their true box is: near or far, whole or cut.
 *
 * Boxes are given to people before people are sorted into bands, so a box around the tall person in front
 * is not held against the short one behind.
 *
 * @returns one a band, in their order; `recall` is `null` where the band has nobody
 */
export function recallByHeight(
  pictures: readonly JudgedPicture[],
  bands: readonly HeightBand[],
  { score, overlap = 0.5 }: AtScore,
): readonly { readonly people: number; readonly recall: number | null }[] {
  const everybody = pictures.flatMap((picture) => {
    const { met } = matchPicture(above(picture, score), overlap);
    return picture.truth
      .filter(({ ignore }) => ignore === undefined)
      .map((one) => ({ height: one.box.bottom - one.box.top, isFound: met.has(one) }));
  });
  return bands.map(({ from, to }) => {
    const inBand = everybody.filter(({ height }) => height >= from && height < to);
    const found = inBand.filter(({ isFound }) => isFound).length;
    return { people: inBand.length, recall: inBand.length === 0 ? null : found / inBand.length };
  });
}
