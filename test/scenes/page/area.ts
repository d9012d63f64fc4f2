import type * as THREE from 'three';
import type { Lens } from './lens.ts';

/** Part of the picture, in pixels from its top left corner; `right` and `bottom` are just outside it. */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The same part in the picture and in the perfect picture before the lens. */
export interface Patch<T> {
  out: Area;
  wide: Area;
  holds: T[];
}

const MARGIN_PX = 4;

/** Where points in the world may show: the smallest part of both pictures that holds them all, or `null`. */
export function patchOf<T>(
  points: readonly THREE.Vector3[],
  camera: THREE.PerspectiveCamera,
  lens: Lens,
  holds: T,
): Patch<T> | null {
  const { wide, width, height } = lens;
  const out = nothing();
  const straight = nothing();
  const seen = points.map((point) => point.clone().applyMatrix4(camera.matrixWorldInverse));
  // Partly behind the camera: it may be anywhere.
  if (seen.some(({ z }) => z > -camera.near)) {
    if (seen.every(({ z }) => z > -camera.near)) return null;
    return {
      out: { left: 0, top: 0, right: width, bottom: height },
      wide: { left: 0, top: 0, right: wide.width, bottom: wide.height },
      holds: [holds],
    };
  }
  const focal = wide.height / Math.tan((wide.verticalDegrees * Math.PI) / 360) / height;
  const flat = seen.map(({ x, y, z }) => [(-focal * x) / z, (focal * y) / z] as const);
  // The bent outline of a box is within the bent edges between its corners, near enough for so small a k.
  for (const [n, [x, y]] of flat.entries()) {
    grow(straight, wide.width / 2 + (x * height) / 2, wide.height / 2 + (y * height) / 2);
    for (const [x2, y2] of flat.slice(n))
      for (const share of [0, 0.33, 0.67])
        grow(out, ...lens.bend(x + (x2 - x) * share, y + (y2 - y) * share));
  }
  const kept = clip(out, width, height);
  return kept && { out: kept, wide: clip(straight, wide.width, wide.height) ?? kept, holds: [holds] };
}

/** Joins patches that overlap so much that drawing them together is less work. */
export function joined<T>(patches: readonly Patch<T>[]): Patch<T>[] {
  const left = [...patches];
  for (let i = 0; i < left.length; i++) {
    for (let j = i + 1; j < left.length; j++) {
      const [a, b] = [left[i]!, left[j]!];
      if (!overlaps(a.out, b.out)) continue;
      const whole = {
        out: union(a.out, b.out),
        wide: union(a.wide, b.wide),
        holds: [...a.holds, ...b.holds],
      };
      if (size(whole.out) > 1.2 * (size(a.out) + size(b.out))) continue;
      left.splice(j, 1);
      left[i] = whole;
      i = -1;
      break;
    }
  }
  return left;
}

export const overlaps = (a: Area, b: Area): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const size = (a: Area): number => (a.right - a.left) * (a.bottom - a.top);
const union = (a: Area, b: Area): Area => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
});
const nothing = (): Area => ({ left: 1e9, top: 1e9, right: -1e9, bottom: -1e9 });

function grow(area: Area, x: number, y: number): void {
  area.left = Math.min(area.left, x);
  area.top = Math.min(area.top, y);
  area.right = Math.max(area.right, x);
  area.bottom = Math.max(area.bottom, y);
}

function clip({ left, top, right, bottom }: Area, width: number, height: number): Area | null {
  const kept = {
    left: Math.max(0, Math.floor(left) - MARGIN_PX),
    top: Math.max(0, Math.floor(top) - MARGIN_PX),
    right: Math.min(width, Math.ceil(right) + MARGIN_PX),
    bottom: Math.min(height, Math.ceil(bottom) + MARGIN_PX),
  };
  return kept.left < kept.right && kept.top < kept.bottom ? kept : null;
}
