import type { DraftCamera, DraftZone, SetupDraft } from '../../contract/setup.ts';

type Point = [number, number];

/** A camera as the branch file writes it. */
export interface FileCamera {
  readonly id: string;
  readonly source: string;
  /** How its certificate is known. */
  readonly tls?: { readonly ca: string } | { readonly certificateIsNotChecked: true };
  readonly framesPerSecond?: number;
  readonly floor?: readonly { readonly pixel: Point; readonly metres: Point }[];
}

/** A zone as the branch file writes it, in whichever of the allowed ways. */
export interface FileZone {
  readonly id: string;
  readonly kind: DraftZone['kind'];
  readonly name?: { readonly zh: string; readonly en: string };
  readonly line?: readonly [Point, Point];
  readonly inside?: Point;
  readonly polygon?: readonly Point[];
  readonly places?: number;
  readonly serves?: readonly string[];
  readonly camera?: string;
  readonly pixels?:
    | readonly Point[]
    | {
        readonly polygon?: readonly Point[];
        readonly line?: readonly [Point, Point];
        readonly inside?: Point;
      };
}

/** What of a branch file a set-up is about. */
export interface FileSetup {
  readonly cameras: readonly FileCamera[];
  readonly zones: readonly FileZone[];
}

/** A set-up that is compared with another: what is drawn, and nothing of a login. */
export interface DrawnSetup {
  readonly cameras: readonly (Omit<DraftCamera, 'login'> & { readonly login?: DraftCamera['login'] })[];
  readonly zones: readonly DraftZone[];
}

const usualFramesPerSecond = 5;

/**
 * What the branch file says, as the set-up pages draw it.
 *
 * @param shown an address without its secrets
 */
export function drawnOf({ cameras, zones }: FileSetup, shown: (source: string) => string): DrawnSetup {
  return {
    cameras: cameras.map(({ id, source, framesPerSecond = usualFramesPerSecond, floor = [] }) => ({
      id,
      source: shown(source),
      framesPerSecond,
      floor: floor.map(({ pixel, metres }) => ({ pixel: [...pixel], metres: [...metres] })),
    })),
    zones: zones.map((zone) => drawnZone(zone, cameras)),
  };
}

function drawnZone(zone: FileZone, cameras: readonly FileCamera[]): DraftZone {
  const { id, kind, name, places, serves } = zone;
  const base = {
    id,
    kind,
    ...(name === undefined ? {} : { name: { ...name } }),
    ...(places === undefined ? {} : { places }),
    ...(serves === undefined ? {} : { serves: [...serves] }),
  };
  if (zone.pixels === undefined) return { ...base, ...shapeOf(zone) };
  // A branch whose only camera has no floor need not say whose pixels are meant.
  const camera = zone.camera ?? cameras.find((one) => (one.floor ?? []).length === 0)?.id;
  return { ...base, ...shapeOf(pixelsOf(zone)), ...(camera === undefined ? {} : { camera }) };
}

type Shape = Pick<FileZone, 'polygon' | 'line' | 'inside'>;

function pixelsOf({ kind, pixels, inside }: FileZone): Shape {
  if (!isList(pixels)) return pixels ?? {};
  if (kind !== 'entrance') return { polygon: pixels };
  const line = pixels as readonly [Point, Point];
  return inside === undefined ? { line } : { line, inside };
}

/** Of an entrance its line, of any other kind its corners: what else stands in the file means nothing. */
function shapeOf({ polygon, line, inside }: Shape): Pick<DraftZone, 'polygon' | 'line' | 'inside'> {
  const point = ([x, y]: Point): Point => [x, y];
  return {
    ...(polygon === undefined ? {} : { polygon: polygon.map(point) }),
    ...(line === undefined ? {} : { line: [point(line[0]), point(line[1])] }),
    ...(inside === undefined ? {} : { inside: point(inside) }),
  };
}

/**
 * What the branch file is to say for a draft to be in force. What is as it was is written as it was, to the digit.
 *
 * @param address the address to write for a camera, with its login
 */
export function fileOf(
  draft: Pick<SetupDraft, 'cameras' | 'zones'>,
  now: FileSetup,
  drawn: DrawnSetup,
  address: (camera: DraftCamera) => string,
): FileSetup {
  return {
    cameras: draft.cameras.map((camera) => {
      const before = now.cameras.find(({ id }) => id === camera.id);
      const { id, framesPerSecond } = camera;
      const saysRate = before?.framesPerSecond !== undefined || framesPerSecond !== usualFramesPerSecond;
      const floor = camera.floor.map(
        (pair) => before?.floor?.find((old) => isSame(old, pair)) ?? roundPair(pair),
      );
      return {
        id,
        source: address(camera),
        // Of another machine it says nothing.
        ...(before?.tls !== undefined && isSame(hostOf(before.source), hostOf(address(camera)))
          ? { tls: before.tls }
          : {}),
        ...(saysRate ? { framesPerSecond } : {}),
        ...(floor.length > 0 || (before?.floor !== undefined && before.floor.length === 0) ? { floor } : {}),
      };
    }),
    zones: draft.zones.map((zone) => {
      const before = now.zones.find(({ id }) => id === zone.id);
      const then = drawn.zones.find(({ id }) => id === zone.id);
      if (before !== undefined && then !== undefined && isSame(sorted(then), sorted(zone))) return before;
      return fileZone(zone, then, before);
    }),
  };
}

const hostOf = (source: string): string => (URL.canParse(source) ? new URL(source).hostname : source);

function fileZone(zone: DraftZone, then: DraftZone | undefined, before: FileZone | undefined): FileZone {
  const { id, kind, name, places, serves, camera } = zone;
  const digits = camera === undefined ? 3 : 1;
  const known = [...(then?.polygon ?? []), ...(then?.line ?? []), ...(then?.inside ? [then.inside] : [])];
  const point = (one: Point): Point =>
    known.find(([x, y]) => x === one[0] && y === one[1]) ?? [round(one[0], digits), round(one[1], digits)];
  const shape: Shape =
    kind === 'entrance'
      ? {
          ...(zone.line === undefined ? {} : { line: [point(zone.line[0]), point(zone.line[1])] as const }),
          ...(zone.inside === undefined ? {} : { inside: point(zone.inside) }),
        }
      : zone.polygon === undefined
        ? {}
        : { polygon: zone.polygon.map(point) };
  const base = {
    id,
    kind,
    ...(name === undefined ? {} : { name: { ...name } }),
    ...(places === undefined ? {} : { places }),
    ...(serves === undefined ? {} : { serves: [...serves] }),
  };
  if (camera === undefined) return { ...base, ...shape } as FileZone;
  // Written as it was: a list of corners by itself, or by name.
  const isBare = kind !== 'entrance' && isList(before?.pixels);
  const saysCamera = before === undefined || before.camera !== undefined || then?.camera !== camera;
  return {
    ...base,
    ...(saysCamera ? { camera } : {}),
    pixels: isBare ? (shape.polygon ?? []) : shape,
  } as FileZone;
}

const isList = (pixels: FileZone['pixels']): pixels is readonly Point[] => Array.isArray(pixels);
const round = (value: number, digits: number) => Number(value.toFixed(digits));
const roundPair = ({ pixel, metres }: DraftCamera['floor'][number]) => ({
  pixel: [round(pixel[0], 1), round(pixel[1], 1)] as Point,
  metres: [round(metres[0], 3), round(metres[1], 3)] as Point,
});

/** Keys in one order, absent ones left out. */
function sorted(zone: DraftZone): unknown {
  return Object.entries(zone)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
