import type { Light } from '../scene.ts';

/** How bright the hall is at a time. */
export function levelAt({ level, changes = [] }: Light, t: number): number {
  let before = { at: 0, level };
  for (const change of changes) {
    if (t < change.at)
      return before.level + ((change.level - before.level) * (t - before.at)) / (change.at - before.at);
    before = change;
  }
  return before.level;
}
