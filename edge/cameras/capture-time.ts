import type { Seconds } from '../../src/core/units.ts';

/**
 * Seconds since a source's first picture, from presentation stamps that may be missing, begin
 * anywhere and begin again.
 *
 * What comes out always grows: a stamp that goes back (a camera that restarted, a clip that begins
 * again) is taken as the picture after the last one, one frame later.
 */
export class MediaTime {
  #zero: Seconds | undefined;
  #last: Seconds | undefined;

  /**
   * @param stamp the picture's presentation time in seconds, absent if the source gives none
   * @param frameSeconds how long a picture stays, for those without a stamp of use
   */
  read(stamp: Seconds | undefined, frameSeconds: Seconds): Seconds {
    const following = this.#last === undefined ? 0 : this.#last + frameSeconds;
    let time = following;
    if (stamp !== undefined) {
      const measured = this.#zero === undefined ? undefined : stamp - this.#zero;
      if (measured !== undefined && (this.#last === undefined || measured > this.#last)) time = measured;
      else this.#zero = stamp - following;
    }
    this.#last = time;
    return time;
  }
}

/**
 * Which pictures to take so that so many a second remain, told by their time and not by their number.
 *
 *     source, 12 a second   |  |  |  |  |  |  |  |  |
 *     due, 5 a second       ↓       ↓       ↓
 *     taken                 ×        ×     ×
 *
 * The marks stand fast, so a picture that comes a little after its mark does not move the next one:
 * over a minute the rate is the one asked for, or the source's own if that is lower.
 */
export class TakingMarks {
  readonly #perSecond: number;
  #due: Seconds = 0;

  constructor(framesPerSecond: number) {
    this.#perSecond = framesPerSecond;
  }

  /** @param time seconds since the first picture, growing from call to call */
  takes(time: Seconds): boolean {
    // Stamps are rounded to the container's clock, at worst a millisecond.
    const reached = time + 0.001;
    if (reached < this.#due) return false;
    this.#due = (Math.floor(reached * this.#perSecond) + 1) / this.#perSecond;
    return true;
  }
}

/** A camera clock that runs slow is followed at this rate; quartz is some 0.00005 off, cheap cameras ten times that. */
const DRIFT_PER_SECOND = 0.0005;
/** Further off than this is no delay of the network but a clock that was set. */
const NEW_CLOCK_AFTER: Seconds = 10;
/** Two pictures never share a moment. */
const LEAST_STEP: Seconds = 0.001;
/** A source that still comes faster than life after this long is one that does so always. */
const BACKLOG_AT_MOST: Seconds = 1;

/**
 * When a live picture was taken, in seconds since 1970: the camera's own spacing, hung on the
 * earliest arrival.
 *
 *     stamps of the camera    |    |    |    |    |       even
 *     arrivals                 |     |  |     |   |       jittered by the network: never too early,
 *     moments given           |    |    |    |    |       so the least delay seen is nearest to the truth
 *
 * The least delay seen so far sets the offset between the two clocks. Since the camera's clock may
 * run slower than ours, the offset creeps up at 0.5 ms a second; if it runs faster, the next early
 * arrival corrects it at once. A picture more than 10 s off the mark means one of the clocks was
 * set: the offset is taken anew from it. Moments always grow, by 1 ms at least.
 *
 * What came in while the stream was being opened is handed over in one go, and nobody knows when it
 * arrived. Those pictures get no moment; the first to get one is the first that had to be waited for.
 */
export class ArrivalTime {
  #offset: Seconds | undefined;
  #beganAt: Seconds | undefined;
  #isSettled = false;
  #lastMedia: Seconds = 0;
  #lastArrival: Seconds = 0;
  #lastMoment = Number.NEGATIVE_INFINITY;

  /**
   * @param media seconds since the source's first picture, by the camera's stamps
   * @param arrivedAt when it came in here, in seconds since 1970
   * @returns undefined for a picture of the backlog
   */
  moment(media: Seconds, arrivedAt: Seconds): Seconds | undefined {
    const step = media - this.#lastMedia;
    const wait = arrivedAt - this.#lastArrival;
    this.#lastMedia = media;
    this.#lastArrival = arrivedAt;
    this.#follow(arrivedAt - media, step);
    if (!this.#isSettled) {
      const isFirst = this.#beganAt === undefined;
      this.#beganAt ??= arrivedAt;
      this.#isSettled = !isFirst && (wait >= step / 2 || arrivedAt - this.#beganAt >= BACKLOG_AT_MOST);
      if (!this.#isSettled) return undefined;
    }
    this.#lastMoment = Math.max(media + this.#offset!, this.#lastMoment + LEAST_STEP);
    return this.#lastMoment;
  }

  #follow(delay: Seconds, step: Seconds): void {
    const late = this.#offset === undefined ? 0 : delay - this.#offset;
    if (this.#offset === undefined || late > NEW_CLOCK_AFTER) this.#offset = delay;
    else this.#offset += Math.min(late, DRIFT_PER_SECOND * step);
  }
}
