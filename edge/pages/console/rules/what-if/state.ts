import type { Difference, WhatIf } from '../../../../../src/contract/what-if.ts';

/** Fewer visits than this say nothing as a share. */
export const leastVisits = 30;
/** Past this, the replay is not to be relied on. */
const mostDisagreePercent = 10;

/** By how much of its prompts the replay by today's values differs from life, in percent. */
export const disagreementOf = ({ agreement: { said, same, extra } }: WhatIf): number =>
  said === 0 ? (extra > 0 ? 100 : 0) : ((said - same + extra) / said) * 100;

export const isReliable = (result: WhatIf): boolean => disagreementOf(result) <= mostDisagreePercent;

/** A week is whole with seven days asked for, and five of them there: a branch may be closed on two. */
export function isWholeWeek(from: string, to: string, result: WhatIf): boolean {
  const asked = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  return asked >= 7 && result.days.filter(({ seenHours }) => seenHours > 0).length >= 5;
}

export type Outcome = 'never' | 'late' | 'in-time' | 'nobody';

export function outcomeOf({ customer }: Difference, targetSeconds: number): Outcome {
  if (customer === undefined) return 'nobody';
  if (customer.metAfterSeconds === 'never') return 'never';
  return customer.metAfterSeconds > targetSeconds ? 'late' : 'in-time';
}

/** By what became of the customer: never met first, then whoever waited longest, then those about nobody. */
export function byOutcome(differences: readonly Difference[]): readonly Difference[] {
  const weight = ({ customer }: Difference) =>
    customer === undefined
      ? -1
      : customer.metAfterSeconds === 'never'
        ? Number.POSITIVE_INFINITY
        : customer.metAfterSeconds;
  return [...differences].sort((a, b) => {
    const [first, second] = [weight(a), weight(b)];
    return first === second ? a.at.localeCompare(b.at) : second - first;
  });
}

export interface Filter {
  readonly kind?: string | undefined;
  readonly place?: string | undefined;
  readonly hour?: string | undefined;
  readonly outcome?: string | undefined;
}

export const filtered = (
  differences: readonly Difference[],
  { kind, place, hour, outcome }: Filter,
  hourOf: (at: string) => string,
  targetSeconds: number,
): readonly Difference[] =>
  differences.filter(
    (one) =>
      (kind === undefined || one.kind === kind) &&
      (place === undefined || one.place === place) &&
      (hour === undefined || hourOf(one.at) === hour) &&
      (outcome === undefined || outcomeOf(one, targetSeconds) === outcome),
  );

/** `+0.2`, `−3`, `0`: a number with its sign, and no colour. */
export function signed(value: number, digits = 0): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return '0';
  return value < 0 ? `−${text}` : `+${text}`;
}
