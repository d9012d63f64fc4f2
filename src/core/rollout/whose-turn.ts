/**
 * Orders branches for a bundle: by dice that are thrown by both names, so that it is another order for each bundle, and
 * the same one whenever it is asked for. Whoever is among the first is among more of the first as well.
 *
 * @param bundle what tells bundles apart: a digest
 */
export function inTurn(branches: readonly string[], bundle: string): readonly string[] {
  return branches
    .map((branch) => ({ branch, dice: throwDice(`${bundle} ${branch}`) }))
    .sort((a, b) => a.dice - b.dice || (a.branch < b.branch ? -1 : 1))
    .map(({ branch }) => branch);
}

/** FNV-1a with the finish of MurmurHash3, both in the public domain: names that differ in a digit lie far apart. */
function throwDice(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** How many of so many branches may go by a bundle at a step. */
export function placesOf(members: number, share: number, leastBranches: number): number {
  return Math.min(members, Math.max(1, leastBranches, Math.ceil(share * members - 1e-9)));
}

/**
 * Whom to let in: the first in turn, until as many go by it as may. Nobody who does is put out for another who came
 * later and would have been before them.
 *
 * @param live branches that were told to go by it, of these members or not
 */
export function toLetIn(options: {
  readonly members: readonly string[];
  readonly live: readonly string[];
  readonly bundle: string;
  readonly share: number;
  readonly leastBranches: number;
}): readonly string[] {
  const { members, bundle, share, leastBranches } = options;
  const live = new Set(options.live);
  const free = placesOf(members.length, share, leastBranches) - live.size;
  if (free <= 0) return [];
  return inTurn(
    members.filter((branch) => !live.has(branch)),
    bundle,
  ).slice(0, free);
}
