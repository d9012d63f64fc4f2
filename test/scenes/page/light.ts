import { chance } from '../chance.ts';
import type { Light, Scene } from '../scene.ts';

/** How long a tube behaves itself, or doesn't, before chance decides again. */
const SPELL_SECONDS = 1.7;
/** The shortest flash. */
const FLASH_SECONDS = 0.1;

/** How bright the hall is at a time. */
export function levelAt({ light, seed }: Pick<Scene, 'light' | 'seed'>, t: number): number {
  return slowly(light, t) * (isOut(light, seed, t) ? 1 - light.flicker!.share : 1);
}

function slowly({ level, changes = [] }: Light, t: number): number {
  let before = { at: 0, level };
  for (const change of changes) {
    if (t < change.at)
      return before.level + ((change.level - before.level) * (t - before.at)) / (change.at - before.at);
    before = change;
  }
  return before.level;
}

/** By fits and starts: half the spells are quiet, and in the others every flash is a toss of a coin. */
function isOut({ flicker }: Light, seed: number, t: number): boolean {
  if (!flicker || t < flicker.from || t > flicker.to) return false;
  const toss = (salt: number, seconds: number): number =>
    chance(seed * 1009 + salt + 7919 * Math.floor(t / seconds + 1e-6))();
  return toss(1, SPELL_SECONDS) < 0.5 && toss(2, FLASH_SECONDS) < 0.5;
}
