import type { Seconds } from '../units.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Makes a ULID from a moment and a seed: 48 bits of milliseconds, then 80 bits of a generator whose
 * state is the seed. A replay seeds it with a constant and gets the same names each time; the service
 * seeds it from the machine's dice, so that names of two days have nothing to do with each other.
 *
 * @param seed any 32-bit integer; the one returned is for the next call
 */
export function ulid(at: Seconds, seed: number): [id: string, seed: number] {
  let time = Math.max(0, Math.floor(at * 1000));
  let id = '';
  for (let i = 0; i < 10; i++) {
    id = alphabet[time % 32]! + id;
    time = Math.floor(time / 32);
  }
  let state = seed | 0;
  for (let i = 0; i < 16; i++) {
    // mulberry32, by Tommy Ettinger (public domain): one 32-bit state, passes gjrand's tests.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    id += alphabet[(mixed ^ (mixed >>> 14)) >>> 27]!;
  }
  return [id, state];
}
