import { floorPlane } from '../../../../src/core/floor/zones.ts';
import {
  belowHorizon,
  type FloorView,
  type Homography,
  project,
} from '../../../../src/core/geometry/homography.ts';
import type { Spot } from './shape.ts';

/**
 * How one of the two pictures lies on the screen, and what of which plane is where on it.
 *
 *     plate   picture pixels ── scale ──▶ screen       metres ── fit ──▶ pixels ── scale ──▶ screen
 *     plan    metres ── scale ──▶ screen
 */
export interface Lens {
  readonly side: 'pixel' | 'metres';
  readonly width: number;
  readonly height: number;
  /** Screen pixels to a pixel of the picture, or to a metre. */
  readonly scale: number;
  /** The camera whose plate it is; absent: the plan. */
  readonly camera?: string;
  readonly view?: FloorView | undefined;
  /** Own coordinates, pixels of the picture or metres, to the screen. */
  toScreen(own: Spot): Spot;
  fromScreen(screen: Spot): Spot;
}

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Zoom {
  readonly by: number;
  /** Where on the screen nothing moves. */
  readonly around: Spot;
}

export function lensOf(
  side: Lens['side'],
  frame: Frame,
  { width, height }: { readonly width: number; readonly height: number },
  rest: {
    readonly camera?: string;
    readonly view?: FloorView | undefined;
    readonly zoom?: Zoom | undefined;
  } = {},
): Lens {
  const fit = Math.min(width / (frame.right - frame.left), height / (frame.bottom - frame.top));
  const dx = (width - fit * (frame.right - frame.left)) / 2 - frame.left * fit;
  const dy = (height - fit * (frame.bottom - frame.top)) / 2 - frame.top * fit;
  const { by, around } = rest.zoom ?? { by: 1, around: { x: 0, y: 0 } };
  const scale = fit * by;
  const [ox, oy] = [(dx - around.x) * by + around.x, (dy - around.y) * by + around.y];
  return {
    side,
    width,
    height,
    scale,
    ...(rest.camera === undefined ? {} : { camera: rest.camera }),
    ...(rest.view === undefined ? {} : { view: rest.view }),
    toScreen: ({ x, y }) => ({ x: x * scale + ox, y: y * scale + oy }),
    fromScreen: ({ x, y }) => ({ x: (x - ox) / scale, y: (y - oy) / scale }),
  };
}

/** Nearer to the camera's own plane than this, a spot's picture is beyond any screen. Share of the nearest in view. */
const leastDepth = 0.02;

/** How far before the camera a floor spot is, in units in which the floor points are about 1. */
const depthOf = (h: Homography, unit: number, { x, y }: Spot) => (h[6] * x + h[7] * y + h[8]) / unit;

/** What of a plane's spot is seen on this picture; nothing behind the camera, or of another camera's pixels. */
export function seen(lens: Lens, plane: string, spot: Spot): Spot | undefined {
  if (lens.side === 'metres') return plane === floorPlane ? lens.toScreen(spot) : undefined;
  if (plane === lens.camera) return lens.toScreen(spot);
  if (plane !== floorPlane || lens.view === undefined) return undefined;
  const { toPixel } = lens.view;
  if (depthOf(toPixel, unitOf(toPixel), spot) < leastDepth) return undefined;
  return lens.toScreen(project(toPixel, spot));
}

const unitOf = (h: Homography) => Math.max(1e-9, Math.abs(h[8]), Math.hypot(h[6], h[7]));

/** Where on a plane a place on the screen is; nothing above the horizon. */
export function meant(lens: Lens, plane: string, screen: Spot): Spot | undefined {
  const own = lens.fromScreen(screen);
  if (lens.side === 'metres') return plane === floorPlane ? own : undefined;
  if (plane === lens.camera) return own;
  if (plane !== floorPlane || lens.view === undefined) return undefined;
  if (belowHorizon(lens.view.toFloor, own) <= 0) return undefined;
  return project(lens.view.toFloor, own);
}

/** An outline on this picture, cut off where it goes behind the camera. */
export function outline(
  lens: Lens,
  plane: string,
  corners: readonly Spot[],
  isClosed: boolean,
): readonly Spot[] {
  if (lens.side === 'metres' || plane === lens.camera) {
    return corners.flatMap((corner) => seen(lens, plane, corner) ?? []);
  }
  if (plane !== floorPlane || lens.view === undefined) return [];
  const { toPixel } = lens.view;
  const unit = unitOf(toPixel);
  const depths = corners.map((corner) => depthOf(toPixel, unit, corner) - leastDepth);
  const kept: Spot[] = [];
  const last = isClosed ? corners.length : corners.length - 1;
  for (let index = 0; index < last; index += 1) {
    const next = (index + 1) % corners.length;
    const [from, to, here, there] = [corners[index]!, corners[next]!, depths[index]!, depths[next]!];
    if (here >= 0) kept.push(from);
    if (here >= 0 !== there >= 0) {
      const part = here / (here - there);
      kept.push({ x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) });
    }
    if (!isClosed && index === last - 1 && there >= 0) kept.push(to);
  }
  return kept.map((one) => lens.toScreen(project(toPixel, one)));
}

export const pathOf = (spots: readonly Spot[], isClosed: boolean): string =>
  spots.length < 2
    ? ''
    : `M ${spots.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join(' L ')}${isClosed ? ' Z' : ''}`;

/** More lines than these are a slip of the pen, and would only be slow. */
const mostLines = 60;

/** Lines a metre apart over a stretch of floor. */
export function gridLines({ left, top, right, bottom }: Frame): readonly (readonly [Spot, Spot])[] {
  const whole = (low: number, high: number) => {
    const from = Math.ceil(low);
    const count = Math.min(mostLines, Math.max(0, Math.floor(high) - from + 1));
    return Array.from({ length: count }, (_, index) => from + index);
  };
  const [xs, ys] = [whole(left, right), whole(top, bottom)];
  const [x0, x1, y0, y1] = [xs[0] ?? 0, xs.at(-1) ?? 0, ys[0] ?? 0, ys.at(-1) ?? 0];
  return [
    ...xs.map(
      (x) =>
        [
          { x, y: y0 },
          { x, y: y1 },
        ] as const,
    ),
    ...ys.map(
      (y) =>
        [
          { x: x0, y },
          { x: x1, y },
        ] as const,
    ),
  ];
}

/** The stretch of floor that spots lie on, with a margin; at least some metres each way. */
export function frameOf(spots: readonly Spot[], margin: number, least: number): Frame {
  if (spots.length === 0) return { left: -least / 2, top: -least / 2, right: least / 2, bottom: least / 2 };
  const axis = (values: readonly number[]): [number, number] => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const missing = Math.max(0, least - (high - low)) / 2;
    return [low - missing - margin, high + missing + margin];
  };
  const [left, right] = axis(spots.map(({ x }) => x));
  const [top, bottom] = axis(spots.map(({ y }) => y));
  return { left, top, right, bottom };
}

/** The horizon on a picture, from edge to edge; nothing if it lies outside. */
export function horizon(
  { toFloor }: FloorView,
  { width, height }: { readonly width: number; readonly height: number },
): readonly [Spot, Spot] | undefined {
  const [a, b, c] = [toFloor[6], toFloor[7], toFloor[8]];
  if (Math.abs(b) < 1e-12) return undefined;
  const at = (x: number) => -(a * x + c) / b;
  const [from, to] = [at(0), at(width)];
  const isIn = (y: number) => y >= 0 && y <= height;
  return isIn(from) || isIn(to)
    ? [
        { x: 0, y: from },
        { x: width, y: to },
      ]
    : undefined;
}
