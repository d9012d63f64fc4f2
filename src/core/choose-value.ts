/** What an aim is about, over one stretch of days. */
export interface Quantities {
  /** Most buzzes of one wrist in any ten minutes. */
  readonly buzzes: number;
  readonly arrivals: number;
  /** Arrivals that were told of in time. */
  readonly inTime: number;
}

/** At most so many buzzes, and at least so much of the arrivals told of in time. */
export interface Aim {
  readonly buzzes: number;
  readonly percent: number;
}

export type Choice =
  | { readonly found: true; readonly value: number }
  | {
      readonly found: false;
      /** The value that comes nearest to the aim. */
      readonly value: number;
      /** What it fails by; 0: that half is satisfied. */
      readonly buzzesOver: number;
      readonly percentShort: number;
    };

/** Of arrivals, in percent; where nobody arrived nobody was told of late. */
export const percentOf = ({ arrivals, inTime }: Quantities): number =>
  arrivals === 0 ? 100 : (inTime / arrivals) * 100;

/** What a stretch misses an aim by. */
export const missOf = (quantities: Quantities, aim: Aim) => ({
  buzzesOver: Math.max(0, quantities.buzzes - aim.buzzes),
  percentShort: Math.max(0, aim.percent - percentOf(quantities)),
});

export function satisfies(quantities: Quantities, aim: Aim): boolean {
  const { buzzesOver, percentShort } = missOf(quantities, aim);
  return buzzesOver === 0 && percentShort === 0;
}

/**
 * Chooses a value of a threshold by what each of those that were tried came to.
 *
 *     buzzes   ▇▇▆▅▄▄▃▂      at most 4 ─────┐
 *     in time  ▇▇▇▇▇▆▄▂      at least 95 % ─┴▶ ░░░▒▒▒░░ feasible: the one with most to spare
 *
 * Today's value stays where it satisfies the aim: nothing is changed for its own sake. Else it is the one that has most
 * to spare in the half where it has less of it, since another week is never quite like this one; of equals the one
 * nearest to today's. Where none does, the one that misses by least.
 *
 * @param tried at least one; their order makes no difference
 */
export function chooseValue(
  tried: readonly { readonly value: number; readonly quantities: Quantities }[],
  today: number,
  aim: Aim,
): Choice {
  const rated = tried.map(({ value, quantities }) => {
    const { buzzesOver, percentShort } = missOf(quantities, aim);
    // Each half in parts of what it allows, so that a buzz and a percent can be weighed.
    const spareBuzzes = (aim.buzzes - quantities.buzzes) / aim.buzzes;
    const sparePercent = (percentOf(quantities) - aim.percent) / Math.max(1, 100 - aim.percent);
    return {
      value,
      buzzesOver,
      percentShort,
      isFeasible: buzzesOver === 0 && percentShort === 0,
      spare: Math.min(spareBuzzes, sparePercent),
      misses: buzzesOver / aim.buzzes + percentShort / aim.percent,
      far: Math.abs(value - today),
    };
  });
  const feasible = rated.filter(({ isFeasible }) => isFeasible);
  if (feasible.some(({ value }) => value === today)) return { found: true, value: today };
  const [best] = feasible.sort((a, b) => b.spare - a.spare || a.far - b.far || a.value - b.value);
  if (best !== undefined) return { found: true, value: best.value };
  const [nearest] = rated.sort((a, b) => a.misses - b.misses || a.far - b.far || a.value - b.value);
  if (nearest === undefined) throw new RangeError('a value must have been tried');
  const { value, buzzesOver, percentShort } = nearest;
  return { found: false, value, buzzesOver, percentShort };
}

/**
 * Values worth trying around today's: finely near it, and up to sixteen times and down to a sixteenth, in steps of the
 * setting and within its range; all there are where these are few.
 *
 * @returns in order, today's among them; at most 11
 */
export function valuesToTry(
  today: number,
  { least, most, step }: { readonly least: number; readonly most: number; readonly step: number },
): readonly number[] {
  const values = new Set([today]);
  const count = Math.floor((most - least) / step) + 1;
  if (count <= 10)
    for (let index = 0; index < count; index += 1) values.add(inSteps(least + index * step, step));
  else {
    for (const doublings of [-4, -3, -2, -1, -0.5, 0.5, 1, 2, 3, 4]) {
      const wanted = today * 2 ** doublings;
      const stepped = inSteps(Math.round(wanted / step) * step, step);
      values.add(Math.min(most, Math.max(least, stepped)));
    }
  }
  return [...values].sort((a, b) => a - b);
}

/** Without what binary numbers add: 0.3 and not 0.30000000000000004. */
const inSteps = (value: number, step: number) => Number(value.toFixed(step < 1 ? 3 : 0));
