import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreTracks, type TrackingScores } from './tracking.ts';
import { type MotBox, readMotBoxes } from './tracking-file.ts';
import { agreesWithReference, noReference } from './tracking-reference.ts';
import { bestPairs } from './tracking-steps.ts';

const width = 40;
const height = 100;

function at(frame: number, id: number, left: number, category = 1): MotBox {
  return { frame, id, box: { left, top: 0, right: left + width, bottom: height }, confidence: 1, category };
}

/** Somebody who stands in one place, from one frame to another, both included. */
function stand(id: number, left: number, from: number, to: number, category = 1): MotBox[] {
  return Array.from({ length: to - from + 1 }, (_, i) => at(from + i, id, left, category));
}

const without = (boxes: readonly MotBox[], id: number, ...frames: readonly number[]) =>
  boxes.filter((one) => one.id !== id || !frames.includes(one.frame));
const shifted = (boxes: readonly MotBox[], by: number) =>
  boxes.map(({ box, ...one }) => ({ ...one, box: { ...box, left: box.left + by, right: box.right + by } }));
const relabelled = (boxes: readonly MotBox[], label: (box: MotBox) => number) =>
  boxes.map((one) => ({ ...one, id: label(one) }));

/** Two people for ten frames, a metre or two apart: twenty boxes. */
const two = [...stand(1, 0, 1, 10), ...stand(2, 200, 1, 10)];
const score = (truth: readonly MotBox[], result: readonly MotBox[]) =>
  scoreTracks(truth, result, { benchmark: 'MOT17' });
const perfect: TrackingScores = {
  hota: 1,
  detA: 1,
  assA: 1,
  locA: 1,
  mota: 1,
  motp: 1,
  idf1: 1,
  idp: 1,
  idr: 1,
  switches: 0,
  fragments: 0,
  found: 20,
  false: 0,
  missed: 0,
  mostlyTracked: 2,
  partlyTracked: 0,
  mostlyLost: 0,
};

/** Every figure within rounding. */
function expectScores(scores: TrackingScores, expected: Partial<TrackingScores>) {
  for (const [name, value] of Object.entries(expected)) {
    expect(scores[name as keyof TrackingScores], name).toBeCloseTo(value, 9);
  }
}

describe('Tracking scores', () => {
  it('everybody followed as they are scores full marks', () => {
    expectScores(score(two, two), perfect);
  });

  it('a result without a box misses everybody, and tells nothing false', () => {
    expectScores(score(two, []), {
      ...{ hota: 0, detA: 0, assA: 0, mota: 0, idf1: 0, idp: 0, idr: 0, switches: 0, fragments: 0 },
      ...{ found: 0, false: 0, missed: 20, mostlyTracked: 0, partlyTracked: 0, mostlyLost: 2 },
    });
  });

  it('boxes where nobody is are false, every one', () => {
    expectScores(score([], two), {
      hota: 0,
      mota: -20,
      idf1: 0,
      found: 0,
      false: 20,
      missed: 0,
      mostlyLost: 0,
    });
  });

  it('boxes that overlap by a third are wrong at .5, and right for HOTA up to .3', () => {
    expectScores(score(two, shifted(two, width / 2)), {
      ...{ found: 0, false: 20, missed: 20, mota: -1, motp: 0, idf1: 0 },
      ...{ hota: 6 / 19, detA: 6 / 19, assA: 6 / 19, locA: (6 / 3 + 13) / 19 },
    });
  });

  it('boxes that overlap nobody are wrong everywhere', () => {
    expectScores(score(two, shifted(two, width)), { hota: 0, detA: 0, assA: 0, mota: -1, idf1: 0, found: 0 });
  });

  it('an overlap of exactly a half counts', () => {
    const truth = stand(1, 0, 1, 10);
    const half = truth.map(({ box, ...one }) => ({ ...one, box: { ...box, bottom: height / 2 } }));
    expectScores(score(truth, half), { found: 10, motp: 0.5, idf1: 1, detA: 10 / 19 });
  });

  it('everybody told twice costs half the precision, and nothing else', () => {
    const twice = [...two, ...relabelled(two, ({ id }) => id + 10)];
    expectScores(score(two, twice), {
      ...perfect,
      ...{ false: 20, mota: 0, detA: 0.5, hota: Math.sqrt(0.5), idf1: 2 / 3, idp: 0.5 },
    });
  });

  it('identities swapped halfway are two switches; half the boxes bear the right one', () => {
    const swapped = relabelled(two, ({ id, frame }) => (frame <= 5 ? id : 3 - id));
    expectScores(score(two, swapped), {
      ...perfect,
      ...{ switches: 2, mota: 0.9, assA: 1 / 3, hota: Math.sqrt(1 / 3), idf1: 0.5, idp: 0.5, idr: 0.5 },
    });
  });

  it('one identity for two people, one after the other, is no switch but follows neither', () => {
    const truth = [...stand(1, 0, 1, 5), ...stand(2, 200, 6, 10)];
    expectScores(
      score(
        truth,
        relabelled(truth, () => 7),
      ),
      {
        ...perfect,
        ...{ found: 10, assA: 0.5, hota: Math.sqrt(0.5), idf1: 0.5, idp: 0.5, idr: 0.5 },
      },
    );
  });

  it('somebody lost twice and found again under their identity is two fragments and no switch', () => {
    const gaps = without(two, 1, 4, 5, 6, 9);
    expectScores(score(two, gaps), {
      ...perfect,
      ...{ found: 16, missed: 4, fragments: 2, mota: 0.8, detA: 0.8, mostlyTracked: 1, partlyTracked: 1 },
      ...{ assA: (6 * 0.6 + 10) / 16, hota: Math.sqrt((0.8 * (6 * 0.6 + 10)) / 16), idf1: 32 / 36, idr: 0.8 },
    });
  });

  it('somebody lost and found again as another is a fragment and a switch', () => {
    const another = relabelled(without(two, 1, 5), ({ id, frame }) => (id === 1 && frame > 5 ? 9 : id));
    expectScores(score(two, another), { fragments: 1, switches: 1, found: 19, mota: 0.9, idf1: 30 / 39 });
  });

  it('who is found in 80 % of their frames is followed in part, and in 20 % too', () => {
    const tracked = (frames: number) => {
      const { mostlyTracked, partlyTracked, mostlyLost } = score(
        two,
        two.filter(({ id, frame }) => id === 2 || frame <= frames),
      );
      return [mostlyTracked, partlyTracked, mostlyLost];
    };
    expect([9, 8, 2, 1].map(tracked)).toEqual([
      [2, 0, 0],
      [1, 1, 0],
      [1, 1, 0],
      [1, 0, 1],
    ]);
  });

  it('an identity stays with whom it was on while it fits, though it fits another better', () => {
    // A second person steps to where the first one's box is told; the first box still fits by more than half.
    const truth = [...stand(1, 0, 1, 2), at(2, 2, 10)];
    const result = [at(1, 1, 0), at(2, 1, 10)];
    expectScores(score(truth, result), { found: 2, switches: 0, motp: (1 + 30 / 50) / 2 });
    // Control: without the frame before, the better fit is taken.
    expectScores(score(truth.slice(1), result.slice(1)), { found: 1, motp: 1 });
  });

  it('a frame in which nobody is told ends nothing: who goes on after it is no fragment', () => {
    const alone = stand(1, 0, 1, 10);
    expectScores(score(alone, without(alone, 1, 5)), { found: 9, missed: 1, fragments: 0, switches: 0 });
  });

  it('HOTA prefers a lasting partner to a stray box that fits better', () => {
    // Two thirds of the box all along, and in one frame another identity in the very place.
    const alone = stand(1, 0, 1, 10);
    expectScores(score(alone, [...shifted(alone, 8), at(5, 2, 0)]), {
      ...{ assA: 13 / 19, detA: (13 / 19) * (10 / 11), hota: (13 / 19) * Math.sqrt(10 / 11) },
    });
  });

  it('boxes that fit less tightly cost tightness and HOTA alone', () => {
    const loose = score(two, shifted(two, 5));
    expectScores(loose, {
      ...perfect,
      hota: loose.hota,
      detA: loose.detA,
      assA: loose.assA,
      locA: loose.locA,
      motp: 7 / 9,
    });
    for (const name of ['hota', 'detA', 'assA', 'locA'] as const) expect(loose[name], name).toBeLessThan(1);
  });

  it('false boxes cost precision and not recall; missed ones recall and not precision', () => {
    const more = score(two, [...two, ...stand(3, 400, 1, 5)]);
    expectScores(more, {
      ...perfect,
      false: 5,
      mota: 0.75,
      detA: 0.8,
      hota: Math.sqrt(0.8),
      idp: 0.8,
      idf1: 40 / 45,
    });
    const fewer = score(two, without(two, 1, 8, 9, 10));
    expectScores(fewer, {
      found: 17,
      missed: 3,
      mota: 0.85,
      detA: 0.85,
      idr: 0.85,
      idp: 1,
      idf1: 34 / 37,
      fragments: 0,
    });
  });

  it('who follows a distractor is neither rewarded nor punished, nor is who does not', () => {
    for (const distractor of [2, 7, 8, 12]) {
      const truth = [...two, ...stand(3, 400, 1, 10, distractor)];
      expectScores(score(truth, truth), perfect);
      expectScores(score(truth, two), perfect);
    }
  });

  it('control: who follows anything else that is no pedestrian is wrong', () => {
    const truth = [...two, ...stand(3, 400, 1, 10, 3)];
    expectScores(score(truth, truth), { found: 20, false: 10, mota: 0.5 });
    expectScores(score(truth, two), perfect);
  });

  it('a pedestrian before a distractor is still found', () => {
    const truth = [...two, ...stand(3, 5, 1, 10, 8)];
    expectScores(score(truth, two), perfect);
    expectScores(score(truth, truth), perfect);
  });

  it('a box that is less than half on a distractor is false', () => {
    const truth = [...two, ...stand(3, 400, 1, 10, 8)];
    expectScores(score(truth, [...two, ...stand(3, 430, 1, 10)]), { found: 20, false: 10, mota: 0.5 });
  });

  it('by the rules of MOT15 categories are not read, and boxes without confidence do not count', () => {
    const truth = [
      ...two,
      ...stand(3, 400, 1, 10, -1),
      ...stand(4, 600, 1, 10).map((one) => ({ ...one, confidence: 0 })),
    ];
    const scores = scoreTracks(truth, truth, { benchmark: 'MOT15' });
    expectScores(scores, { found: 30, missed: 0, false: 10 });
  });

  it('of every second frame, or of some frames alone, only those count', () => {
    const wrongElsewhere = two.filter(({ frame }) => frame % 2 === 1 && frame > 4);
    const rules = { benchmark: 'MOT17', every: 2, frames: [4, 9] } as const;
    // Frames 5, 7 and 9: counted from frame 1, wherever the window begins.
    expectScores(scoreTracks(two, wrongElsewhere, rules), { ...perfect, found: 6 });
    expectScores(scoreTracks(two, wrongElsewhere, { ...rules, every: 1 }), { found: 6, missed: 6 });
  });

  it('an identity that is in two places at once has no score', () => {
    expect(() => score(two, [...two, at(4, 1, 400)])).toThrow(
      'Cannot score the result: an identity must appear once a frame, current value is 1 twice in frame 4',
    );
    expect(() => score([...two, at(4, 1, 400)], two)).toThrow('Cannot score the truth');
  });

  it('a line that is no box is refused by its number', () => {
    expect(readMotBoxes('3,7,10,20,40,100,0.5,8\n\n1,2,0,0,4,10\n', 'gt.txt')).toEqual([
      { frame: 3, id: 7, box: { left: 10, top: 20, right: 50, bottom: 120 }, confidence: 0.5, category: 8 },
      { frame: 1, id: 2, box: { left: 0, top: 0, right: 4, bottom: 10 }, confidence: 1, category: 1 },
    ]);
    for (const line of ['1,2,3,4,5', '0,1,0,0,4,10', '1.5,1,0,0,4,10', '1,a,0,0,4,10', '-1,1,0,0,4,10']) {
      expect(() => readMotBoxes(`1,1,0,0,4,10\n${line}`, 'gt.txt'), line).toThrow('Cannot read gt.txt:2');
    }
  });
});

describe('Whatever is tracked', () => {
  /** Paths in so little room that boxes meet, overlap alike, and lie in one place. */
  const anyPaths = fc
    .array(
      fc.array(fc.option(fc.tuple(fc.nat(6), fc.constantFrom(1, 1, 1, 3, 8)), { nil: undefined }), {
        maxLength: 6,
      }),
      { maxLength: 4 },
    )
    .map((paths) =>
      paths.flatMap((path, i) =>
        path.flatMap((place, frame) => (place ? [at(frame + 1, i + 1, place[0] * 8, place[1])] : [])),
      ),
    );
  const anyBenchmark = fc.constantFrom('MOT15', 'MOT17');

  it('other labels for the same identities change nothing', () => {
    const anyLabels = fc.uniqueArray(fc.integer(), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        anyPaths,
        anyPaths,
        anyLabels,
        anyLabels,
        anyBenchmark,
        (truth, result, ours, theirs, benchmark) => {
          const again = scoreTracks(
            relabelled(truth, ({ id }) => ours[id - 1]!),
            relabelled(result, ({ id }) => theirs[id - 1]!),
            { benchmark },
          );
          expect(again).toEqual(scoreTracks(truth, result, { benchmark }));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('another order of lines changes nothing', () => {
    const anyOrder = anyPaths.chain((boxes) =>
      fc.tuple(fc.constant(boxes), fc.shuffledSubarray(boxes, { minLength: boxes.length })),
    );
    fc.assert(
      fc.property(
        anyOrder,
        anyOrder,
        anyBenchmark,
        ([truth, truthAgain], [result, resultAgain], benchmark) => {
          expect(scoreTracks(truthAgain, resultAgain, { benchmark })).toEqual(
            scoreTracks(truth, result, { benchmark }),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('another order changes nothing where a pedestrian and a distractor stand in one place', () => {
    const at = (id: number, left: number, category: number) => ({
      frame: 1,
      id,
      box: { left, top: 0, right: left + 40, bottom: 100 },
      confidence: 1,
      category,
    });
    const truth = [at(1, 16, 1), at(2, 16, 8), at(3, 0, 1)];
    const result = [at(1, 8, 1)];
    expect(scoreTracks(truth.toReversed(), result, { benchmark: 'MOT17' })).toEqual(
      scoreTracks(truth, result, { benchmark: 'MOT17' }),
    );
  });

  it('counts add up and shares are shares', () => {
    fc.assert(
      fc.property(anyPaths, anyPaths, (truth, result) => {
        const scores = scoreTracks(truth, result, { benchmark: 'MOT15' });
        expect(scores.found + scores.missed).toBe(truth.length);
        expect(scores.found + scores.false).toBe(result.length);
        expect(scores.mostlyTracked + scores.partlyTracked + scores.mostlyLost).toBe(
          new Set(truth.map(({ id }) => id)).size,
        );
        for (const name of ['hota', 'detA', 'assA', 'locA', 'motp', 'idf1', 'idp', 'idr'] as const) {
          expect(scores[name], name).toBeGreaterThanOrEqual(0);
          expect(scores[name], name).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(scores.mota).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('pairs are worth as much as the best of all ways there are', () => {
    const mostByForce = (worths: readonly (readonly number[])[], taken: readonly number[] = []): number => {
      const [row, ...rest] = worths;
      if (row === undefined) return 0;
      const ways = row.flatMap((worth, j) =>
        taken.includes(j) ? [] : [worth + mostByForce(rest, [...taken, j])],
      );
      return Math.max(mostByForce(rest, taken), ...ways);
    };
    const anyWorth = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(1000));
    const anyWorths = fc
      .nat(5)
      .chain((columns) =>
        fc.array(fc.array(anyWorth, { minLength: columns, maxLength: columns }), { maxLength: 5 }),
      );
    fc.assert(
      fc.property(anyWorths, (worths) => {
        const pairs = bestPairs(worths);
        expect(pairs.reduce((sum, [i, j]) => sum + worths[i]![j]!, 0)).toBeCloseTo(mostByForce(worths), 6);
        expect(pairs.every(([i, j]) => worths[i]![j]! > 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

agreesWithReference(['About 5 frames a second'], noReference);
