import fc from 'fast-check';
import { type Leg, moved, stay, to, type Walk, walk } from '../core/story.ts';

/** How long the stories are, and how many frames a second they are seen at: steps of exactly 0.25 s. */
export const storySeconds = 50;
export const storyFps = 4;

const grid = (min: number, max: number) => fc.integer({ min: min * 10, max: max * 10 }).map((n) => n / 10);
const leg: fc.Arbitrary<Leg> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(grid(-4.5, 5), grid(-3.5, 4), grid(0.5, 1.5)).map((all) => to(...all)) },
  { weight: 2, arbitrary: fc.integer({ min: 2, max: 15 }).map(stay) },
  // To the queue, to where others stand, and out, often enough that something happens.
  { weight: 3, arbitrary: fc.constantFrom(to(3, -2), to(2.6, -2.6), to(-1, 0), to(-0.5, 0.8), to(-6.5, 0)) },
);
/** In from the street, from the staff door, or there already. */
const start = fc.oneof(
  { weight: 4, arbitrary: grid(-0.8, 0.8).map((y): [number, number] => [-6.5, y]) },
  { weight: 2, arbitrary: grid(-0.8, 0.8).map((x): [number, number] => [x, 4]) },
  { weight: 1, arbitrary: fc.tuple(grid(-3, 4), grid(-3, 3)) },
);
const anyWalk: fc.Arbitrary<Walk> = fc
  .record({
    quarters: fc.integer({ min: 0, max: 60 }),
    start,
    legs: fc.array(leg, { minLength: 2, maxLength: 6 }),
  })
  .map(({ quarters, start, legs }) => {
    const first = start[1] === 4 ? stay(2) : to(start[0] + 2.5, 0);
    // A hair off the grid: nobody stands exactly as far from a zone as a threshold says.
    const one = moved(walk(quarters / 4, start, first, ...legs), ({ x, y }) => ({
      x: x + 0.0137,
      y: y + 0.0173,
    }));
    const script = JSON.stringify({ from: quarters / 4, start, legs: [first, ...legs] });
    return Object.assign(one, { [fc.toStringMethod]: () => script });
  });

/** A handful of people who come, walk, stand, queue, meet and go as chance will have it. */
export const anyStory: fc.Arbitrary<readonly Walk[]> = fc.array(anyWalk, { minLength: 2, maxLength: 5 });
