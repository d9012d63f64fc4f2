/**
 * The words for quantities. They are plain numbers at run time; the names tell readers which unit
 * and which space a number lives in, and the points of two spaces cannot be mixed up.
 */

/** A moment or a duration in seconds. Moments count from the stream's own zero (a clip's first frame, or 1970). */
export type Seconds = number;
/** A length on the floor, in metres. */
export type Metres = number;
/** A length in the full camera frame, in pixels. */
export type Pixels = number;

declare const space: unique symbol;

/** A point in the full camera frame: x to the right, y down, origin top left, in pixels. */
export interface PixelPoint {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly [space]?: 'pixel';
}

/** A point on the branch's floor, in metres; origin and axes are the branch's own choice. */
export interface FloorPoint {
  readonly x: Metres;
  readonly y: Metres;
  readonly [space]?: 'floor';
}

/** An axis-parallel box in the full camera frame, in pixels; `left < right`, `top < bottom`. */
export interface PixelBox {
  readonly left: Pixels;
  readonly top: Pixels;
  readonly right: Pixels;
  readonly bottom: Pixels;
}

/** Somebody the detector saw in one frame: where, and how sure it is (0 to 1). Nothing else about them exists. */
export interface Person {
  readonly box: PixelBox;
  readonly score: number;
}

/** Width and height of a picture, in pixels. */
export interface Size {
  readonly width: Pixels;
  readonly height: Pixels;
}
