/**
 * Why something a wrist said was not heard. A closed list, so that the figure made from it is bounded.
 *
 * - `not-allowed`: written where a wrist may not write; only the broker inside the service can tell
 * - `retained`: kept by a broker from before; an answer is about now
 * - `too-large`, `not-json`, `unfit`: not of the form of the contract
 * - `too-many`: more than a wrist has reason to say
 * - `unknown`: about no prompt that is open here: it is over, of another branch, or made up
 * - `nothing-new`: said before, or another wrist was first
 * - `full`: as many wrists are known as can be, and none of them can be let go of
 */
export const refusalReasons = [
  'not-allowed',
  'retained',
  'too-large',
  'not-json',
  'unfit',
  'too-many',
  'unknown',
  'nothing-new',
  'full',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** How often, since the start; a reason that has not come up is absent. */
export type Refusals = Readonly<Partial<Record<RefusalReason, number>>>;

export function countRefusal(refusals: Partial<Record<RefusalReason, number>>, reason: RefusalReason): void {
  refusals[reason] = (refusals[reason] ?? 0) + 1;
}

/** All of them together, each reason named. */
export function sumRefusals(all: readonly Refusals[]): Readonly<Record<RefusalReason, number>> {
  const sum = (reason: RefusalReason) => all.reduce((total, one) => total + (one[reason] ?? 0), 0);
  return Object.fromEntries(refusalReasons.map((reason) => [reason, sum(reason)])) as Record<
    RefusalReason,
    number
  >;
}
