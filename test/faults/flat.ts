/** What a process held at one moment, after what could be collected had been. */
export interface MemorySample {
  readonly atSeconds: number;
  readonly rssMegabytes: number;
  readonly heapMegabytes: number;
  readonly externalMegabytes: number;
}

export interface Flatness {
  /** What was held in the first third after warm-up, and in the last: medians. */
  readonly from: number;
  readonly to: number;
  /** By how much the one is above the other, as a share: 0.05 is 5 %. */
  readonly grew: number;
}

/**
 * Whether memory stays where it is once everything has been used. Medians of thirds: one look that falls into a
 * question's answer says nothing of a leak, and a leak is in all of the last third.
 *
 * @param afterSeconds looks before this are warm-up: models, decoders, pages and caches are loaded when first used
 */
export function flatness(
  samples: readonly MemorySample[],
  of: 'rssMegabytes' | 'heapMegabytes',
  afterSeconds: number,
): Flatness {
  const warm = samples.filter(({ atSeconds }) => atSeconds >= afterSeconds);
  const third = Math.floor(warm.length / 3);
  if (third < 1)
    throw new RangeError(`Cannot judge: at least three looks after ${afterSeconds} s are needed`);
  const middle = (some: readonly MemorySample[]) =>
    some.map((one) => one[of]).sort((a, b) => a - b)[some.length >> 1]!;
  const [from, to] = [middle(warm.slice(0, third)), middle(warm.slice(-third))];
  return { from, to, grew: to / from - 1 };
}
