/**
 * Works something out, or takes what was made of the same before.
 *
 * @param name what is worked out
 * @param from all that it is worked out from, compared by identity: what is not listed must be the same for all
 */
export type Once = <Result>(name: string, from: readonly unknown[], work: () => Result) => Result;

/** Nothing is shared: each time it is worked out. */
export const eachTime: Once = (_name, _from, work) => work();

/**
 * Remembers what was first made of one input, for stories of one day that are played beside each other: what two
 * settings do not differ in is worked out once. It is thrown away with the input.
 *
 *     today ──▶ arrived · queueing · wandering ──▶ prompts
 *                  ║         ║
 *     draft ──▶ the same, the same, wandering ──▶ prompts
 */
export function shareOnce(): Once {
  const known = new Map<string, { readonly from: readonly unknown[]; readonly result: unknown }>();
  return <Result>(name: string, from: readonly unknown[], work: () => Result): Result => {
    const before = known.get(name);
    if (before !== undefined && areSame(before.from, from)) return before.result as Result;
    const result = work();
    if (before === undefined) known.set(name, { from, result });
    return result;
  };
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
}
