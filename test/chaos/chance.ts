/** Dice that fall alike for one seed. */
export interface Chance {
  /** From 0 up to 1. */
  next(): number;
  between(from: number, to: number): number;
  pick<One>(all: readonly One[]): One;
}

export function createChance(seed: number): Chance {
  let state = seed | 0;
  const next = () => {
    // mulberry32, by Tommy Ettinger (public domain).
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (from, to) => from + (to - from) * next(),
    pick: (all) => all[Math.floor(next() * all.length)]!,
  };
}
