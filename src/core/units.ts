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

/**
 * Where a head is turned, as seen from the camera. It tells left from right well and near from far less well, is
 * some 22° off in the middle of cases, and more for the small and the half hidden; it tells nothing of where the
 * eyes look, nor of up and down. Believe a movement that is seen several times, never one figure alone.
 */
export interface HeadTurn {
  /**
   * Radians, -π to π: 0 faces the camera, π⁄2 looks to the right of the picture, -π⁄2 to its left, ±π away. Two
   * cameras give one head two figures.
   */
  readonly yaw: number;
  /** 0 to 1: how sure the points are that it is reckoned from. */
  readonly score: number;
}

/** How far off each edge of a box may be: standard deviations, in pixels. */
export interface EdgeSpread {
  readonly left: Pixels;
  readonly top: Pixels;
  readonly right: Pixels;
  readonly bottom: Pixels;
}

/** Somebody the detector saw in one frame: where, and how sure it is (0 to 1). Nothing else about them exists. */
export interface Person {
  readonly box: PixelBox;
  readonly score: number;
  /** As the detector itself reckons it: feet behind a counter make a vague lower edge. Absent: it does not. */
  readonly spread?: EdgeSpread;
  /** Where their head was turned; of those alone who were looked at and could be made out. */
  readonly head?: HeadTurn;
}

/** Width and height of a picture, in pixels. */
export interface Size {
  readonly width: Pixels;
  readonly height: Pixels;
}
