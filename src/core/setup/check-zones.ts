import { floorPlane, type Zone, type ZoneKind } from '../floor/zones.ts';
import { placeAtDoor } from '../geometry/entrance.ts';
import { type FloorView, isBefore, project } from '../geometry/homography.ts';
import { contains, crossingEdges, type PlanePoint, signedArea } from '../geometry/polygon.ts';
import { findUpright, seeAbove } from '../geometry/upright.ts';
import { canSee, shareSeen } from '../sight/coverage.ts';
import type { FloorPoint, Metres, Size } from '../units.ts';
import { metresPerPixel, mostMetresPerPixel } from './floor-fit.ts';

type Point = readonly [number, number];

/** A zone as it is being drawn: perhaps not one yet. */
export interface DrawnZone {
  readonly id: string;
  readonly kind: ZoneKind;
  readonly name?: { readonly zh: string; readonly en: string } | undefined;
  readonly polygon?: readonly Point[] | undefined;
  readonly line?: readonly [Point, Point] | undefined;
  readonly inside?: Point | undefined;
  /** Present: its points are pixels of this camera. */
  readonly camera?: string | undefined;
}

/** A camera with a floor, as zones are held against it. */
export interface DrawnView {
  readonly camera: string;
  readonly view: FloorView;
  /** Size of its picture; absent: not known, and then it is taken to show all before it. */
  readonly picture?: Size | undefined;
  /** Its floor points: a zone far from all of them is a slip of the pen. */
  readonly spots: readonly FloorPoint[];
}

/** What is wrong with a zone, or could be better. Errors stop a save; warnings do not. */
export type ZoneRemark = { readonly zone: string } & (
  | { readonly severity: 'error'; readonly kind: 'too-few-corners'; readonly corners: number }
  /** Edges and corner are counted from 1; edge n runs from corner n to the next. */
  | {
      readonly severity: 'error';
      readonly kind: 'crosses-itself';
      readonly edges: readonly [number, number];
      readonly move: number;
    }
  | { readonly severity: 'error'; readonly kind: 'no-area' | 'no-line' | 'inside-on-line' }
  | {
      readonly severity: 'error';
      readonly kind: 'off-the-floor';
      /** How far its worst corner is from the nearest floor point; absent: it lies behind every camera. */
      readonly metres?: Metres;
    }
  | {
      readonly severity: 'error';
      readonly kind: 'name-too-long';
      readonly language: 'zh' | 'en';
      readonly letters: number;
      readonly most: number;
    }
  | {
      readonly severity: 'warning';
      readonly kind: 'too-far';
      /** What a pixel is at its coarsest corner, by the camera that sees that best. */
      readonly metresPerPixel: Metres;
    }
  | {
      readonly severity: 'warning';
      readonly kind: 'overlaps';
      readonly with: string;
      readonly squareMetres: number;
      /** Whom people in both count for. */
      readonly counts: string;
    }
  | { readonly severity: 'warning'; readonly kind: 'unseen' }
);

/** What a wrist has room for. */
export const mostLetters = { zh: 5, en: 9 } as const;
/** A zone farther than this from every floor point is off the floor: the branch file refuses it. */
export const mostReachMetres: Metres = 30;
/** Less than this is a line drawn twice by an unsteady hand. */
const leastOverlap = 0.1;
/** Samples along each side of an overlap. */
const steps = 60;

/**
 * Checks zones as they are drawn.
 *
 * @param zones in the order of the branch file: where two overlap, people count for the first
 * @param views cameras with a floor; none: whether anything is on the floor is not known
 * @returns of each zone in turn, errors first
 */
export function checkZones(zones: readonly DrawnZone[], views: readonly DrawnView[]): readonly ZoneRemark[] {
  return zones.flatMap((zone, index) => {
    const errors = errorsOf(zone, views);
    if (errors.some(({ kind }) => kind !== 'name-too-long')) return errors;
    return [...errors, ...warningsOf(zone, index, zones, views)];
  });
}

/** Whether a zone is whole enough to be one. */
export function asZone(drawn: DrawnZone): Zone | undefined {
  const plane = drawn.camera ?? floorPlane;
  if (drawn.kind === 'entrance') {
    if (drawn.line === undefined || drawn.inside === undefined) return undefined;
    const [from, to] = drawn.line;
    const door = { from: toPoint(from), to: toPoint(to), inside: toPoint(drawn.inside) };
    return { id: drawn.id, kind: 'entrance', plane, door };
  }
  if ((drawn.polygon?.length ?? 0) < 3) return undefined;
  return { id: drawn.id, kind: drawn.kind, plane, polygon: drawn.polygon!.map(toPoint) };
}

function errorsOf(zone: DrawnZone, views: readonly DrawnView[]): ZoneRemark[] {
  const error = { zone: zone.id, severity: 'error' as const };
  const names = (['zh', 'en'] as const).flatMap((language): ZoneRemark[] => {
    const letters = zone.name?.[language].length ?? 0;
    const most = mostLetters[language];
    return letters > most ? [{ ...error, kind: 'name-too-long', language, letters, most }] : [];
  });
  const shape = shapeError(zone);
  if (shape !== undefined) return [{ ...error, ...shape } as ZoneRemark, ...names];
  const off = zone.camera === undefined ? offTheFloor(pointsOf(zone), views) : undefined;
  return off === undefined ? names : [{ ...error, kind: 'off-the-floor', ...off }, ...names];
}

function shapeError(zone: DrawnZone) {
  if (zone.kind === 'entrance') {
    const whole = asZone(zone);
    if (whole?.kind !== 'entrance') return { kind: 'no-line' };
    const { from, to, inside } = whole.door;
    if (Math.hypot(to.x - from.x, to.y - from.y) < 1e-6) return { kind: 'no-line' };
    return Math.abs(placeAtDoor(whole.door, inside).depth) < 0.01 ? { kind: 'inside-on-line' } : undefined;
  }
  const corners = (zone.polygon ?? []).map(toPoint);
  if (corners.length < 3) return { kind: 'too-few-corners', corners: corners.length };
  const edges = crossingEdges(corners);
  if (edges !== undefined) return { kind: 'crosses-itself', edges, move: cornerToMove(corners, edges) };
  return Math.abs(signedArea(corners)) < 1e-6 ? { kind: 'no-area' } : undefined;
}

/** The corner that, taken out, leaves no edges crossing; else the one where the later edge ends. */
function cornerToMove(corners: readonly PlanePoint[], [, later]: readonly [number, number]): number {
  const count = corners.length;
  const candidates = corners.map((_, index) => (later - 1 + index) % count);
  const found = candidates.find(
    (left) => count > 3 && crossingEdges(corners.filter((_, index) => index !== left)) === undefined,
  );
  return (found ?? later % count) + 1;
}

function offTheFloor(points: readonly PlanePoint[], views: readonly DrawnView[]) {
  if (views.length === 0) return undefined;
  const spots = views.flatMap((one) => one.spots);
  const reach = Math.max(
    ...points.map((point) => Math.min(...spots.map(({ x, y }) => Math.hypot(x - point.x, y - point.y)))),
  );
  if (reach > mostReachMetres) return { metres: reach };
  return views.some(({ view }) => points.some((point) => isBefore(view.toPixel, point))) ? undefined : {};
}

function warningsOf(
  zone: DrawnZone,
  index: number,
  zones: readonly DrawnZone[],
  views: readonly DrawnView[],
): ZoneRemark[] {
  const warning = { zone: zone.id, severity: 'warning' as const };
  const remarks: ZoneRemark[] = [];
  if (zone.camera === undefined && views.length > 0) {
    const seen = seenBy(zone, views);
    const coarsest = coarsestOf(zone, views);
    if (!seen.some(({ share }) => share >= 1 / 3)) remarks.push({ ...warning, kind: 'unseen' });
    else if (coarsest > mostMetresPerPixel) {
      remarks.push({ ...warning, kind: 'too-far', metresPerPixel: coarsest });
    }
  }
  for (const other of zones.slice(index + 1)) {
    if (other.camera !== zone.camera || other.kind === 'entrance' || zone.kind === 'entrance') continue;
    const squareMetres = overlapOf(zone.polygon?.map(toPoint), other.polygon?.map(toPoint));
    if (squareMetres < (zone.camera === undefined ? leastOverlap : 1)) continue;
    remarks.push({ ...warning, kind: 'overlaps', with: other.id, squareMetres, counts: zone.id });
  }
  return remarks;
}

/** Which cameras show how much of a zone, the most first. */
export function seenBy(
  zone: DrawnZone,
  views: readonly DrawnView[],
): readonly { readonly camera: string; readonly share: number }[] {
  const whole = asZone(zone);
  if (whole === undefined) return [];
  return views
    .map((one) => ({ camera: one.camera, share: shareSeen(viewpointOf(one), whole) }))
    .filter(({ share }) => share > 0)
    .sort((one, other) => other.share - one.share);
}

/**
 * How surely the box knows where in a zone somebody stands, at the corner nearest to a camera and at the one farthest:
 * the lower edge of a body is known to three hundredths of its height, and a pixel there is so much floor.
 *
 * @returns nothing where no camera sees it
 */
export function sureTo(
  zone: DrawnZone,
  views: readonly DrawnView[],
): { readonly near: Metres; readonly far: Metres } | undefined {
  const sure = pointsOf(zone)
    .map((point) => Math.min(...seeing(point, views).map((one) => footOff(one, point))))
    .filter(Number.isFinite);
  return sure.length === 0 ? undefined : { near: Math.min(...sure), far: Math.max(...sure) };
}

/** No edge of a body is better known than this, as a share of its height: `feetOfBody` goes by it. */
const sharpestShare = 0.03;
/** Somebody of middling height. */
const bodyMetres: Metres = 1.7;

function footOff({ view, picture }: DrawnView, point: PlanePoint): Metres {
  const feet = project(view.toPixel, point);
  const upright = picture === undefined ? undefined : findUpright(view.toPixel, picture);
  const head = upright === undefined ? undefined : seeAbove(upright, point, bodyMetres);
  const height = head === undefined ? 0 : Math.hypot(head.x - feet.x, head.y - feet.y);
  return Math.max(1, sharpestShare * height) * metresPerPixel(view, point);
}

function coarsestOf(zone: DrawnZone, views: readonly DrawnView[]): Metres {
  const each = pointsOf(zone)
    .map((point) => Math.min(...seeing(point, views).map(({ view }) => metresPerPixel(view, point))))
    .filter(Number.isFinite);
  return Math.max(0, ...each);
}

const viewpointOf = ({ camera, view, picture }: DrawnView) => ({
  id: camera,
  floor: view,
  ...(picture === undefined ? {} : { frame: picture }),
});

const seeing = (point: PlanePoint, views: readonly DrawnView[]) =>
  views.filter((one) => canSee(viewpointOf(one), floorPlane, point));

const toPoint = ([x, y]: Point): PlanePoint => ({ x, y });

function pointsOf({ polygon, line }: DrawnZone): readonly PlanePoint[] {
  return [...(polygon ?? []), ...(line ?? [])].map(toPoint);
}

/** The area two polygons share, to some hundredths, by sampling the box both reach into. */
function overlapOf(one: readonly PlanePoint[] = [], other: readonly PlanePoint[] = []): number {
  if (one.length < 3 || other.length < 3) return 0;
  const span = (axis: 'x' | 'y') => {
    const ends = [one, other].map((points) => points.map((point) => point[axis]));
    return [
      Math.max(...ends.map((e) => Math.min(...e))),
      Math.min(...ends.map((e) => Math.max(...e))),
    ] as const;
  };
  const [left, right] = span('x');
  const [low, high] = span('y');
  if (!(right > left && high > low)) return 0;
  let inBoth = 0;
  for (let row = 0; row < steps; row++) {
    for (let column = 0; column < steps; column++) {
      const point = {
        x: left + ((right - left) * (column + 0.5)) / steps,
        y: low + ((high - low) * (row + 0.5)) / steps,
      };
      if (contains(one, point) && contains(other, point)) inBoth += 1;
    }
  }
  return (inBoth / (steps * steps)) * (right - left) * (high - low);
}
