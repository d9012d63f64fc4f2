import type { Seconds } from '../units.ts';

/** Something of one camera, by when it was captured. */
export interface Captured {
  readonly camera: string;
  readonly at: Seconds;
}

/** What waits until nothing older can come any more. */
export interface Ordering<Item extends Captured> {
  /** By rising capture time; the same moments by the cameras' names, so that a scene has one story whatever came first. */
  readonly waiting: readonly Item[];
  /** Everything up to there has been let through. */
  readonly upTo: Seconds;
  /** When each camera's newest was captured. */
  readonly newest: Readonly<Record<string, Seconds>>;
}

export interface OrderingRules {
  /** How long after its capture something is waited for at most. */
  readonly latenessSeconds: Seconds;
  /** How many may wait; over it the oldest go first, in time or not. */
  readonly most: number;
}

/** Moments travel in whole milliseconds: two that differ by less are the same. */
const sameMoment: Seconds = 0.000_9;

export function nothingWaiting<Item extends Captured>(): Ordering<Item> {
  return { waiting: [], upTo: Number.NEGATIVE_INFINITY, newest: {} };
}

/**
 * Takes in one item.
 *
 * @returns what waits now; and whether it came too late: what was captured after it has been let through
 */
export function putInOrder<Item extends Captured>(
  ordering: Ordering<Item>,
  item: Item,
): readonly [Ordering<Item>, isLate: boolean] {
  if (item.at < ordering.upTo - sameMoment) return [ordering, true];
  const isAfter = ({ at, camera }: Item) =>
    Math.abs(at - item.at) < sameMoment ? camera > item.camera : at > item.at;
  const after = ordering.waiting.findIndex(isAfter);
  const index = after < 0 ? ordering.waiting.length : after;
  const newest = Math.max(ordering.newest[item.camera] ?? Number.NEGATIVE_INFINITY, item.at);
  return [
    {
      ...ordering,
      waiting: ordering.waiting.toSpliced(index, 0, item),
      newest: { ...ordering.newest, [item.camera]: newest },
    },
    false,
  ];
}

/**
 * Lets through what nothing older can come before: each camera that is spoken to us has said something as new, or it
 * has been waited for as long as it is waited for.
 *
 *     door  ──●────────●────────●──▶         ● captured
 *     hall  ─────●───────·········▶          · not here yet
 *             through │ waits for the hall, until 0.3 s after its capture
 *
 * @param now by the clock the capture times are of
 * @param awaited the cameras that are speaking; the others are not waited for
 * @returns what waits still, and what goes through, by rising capture time
 */
export function letThrough<Item extends Captured>(
  ordering: Ordering<Item>,
  now: Seconds,
  awaited: readonly string[],
  { latenessSeconds, most }: OrderingRules,
): readonly [Ordering<Item>, readonly Item[]] {
  const heardOfAll = awaited.reduce(
    (least, camera) => Math.min(least, ordering.newest[camera] ?? Number.NEGATIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  );
  const until = Math.max(heardOfAll, now - latenessSeconds);
  const tooMany = Math.max(0, ordering.waiting.length - most);
  const ready = ordering.waiting.filter(({ at }, index) => index < tooMany || at <= until + sameMoment);
  if (ready.length === 0) return [ordering, ready];
  const upTo = Math.max(ordering.upTo, ready.at(-1)!.at);
  return [{ ...ordering, waiting: ordering.waiting.slice(ready.length), upTo }, ready];
}
