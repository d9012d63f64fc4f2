import { camerasOf, fileOf, seenBy } from './cameras.ts';
import { chance } from './chance.ts';
import type { CameraPose, Point, Scene, Zone } from './scene.ts';
import { calibrationOf, type Truth } from './truth.ts';

/** By how many pixels a click misses the mark on the floor that was meant, at most, each way. */
const CLICK_PX = 2;

/**
 * The branch file an installer would have written for this lobby, with a clip for each camera.
 *
 * One camera's pairs are exact. Several cameras' are as a hand with a mouse leaves them, whole pixels and off by
 * up to `CLICK_PX`: no two cameras quite agree where on the floor somebody stands.
 */
export function branchOf(scene: Scene): string {
  const { entrance } = scene;
  return [
    `branch: ${scene.name}`,
    'cameras:',
    ...camerasOf(scene).flatMap((camera, n) => [
      `  - id: ${camera.id}`,
      `    source: ${fileOf(scene, camera, 'clip')}`,
      '    floor:',
      ...markedIn(scene, camera, n).map(
        (pair) => `      - { pixel: ${point(pair.pixel)}, metres: ${point(pair.floor)} }`,
      ),
    ]),
    'zones:',
    `  - { id: ${entrance.id}, kind: entrance, line: ${points(entrance.line)}, inside: ${point(entrance.inside)} }`,
    ...scene.zones.map(
      (z) => `  - { id: ${z.id}, kind: ${z.kind}, ${nameOf(z.name)}polygon: ${points(z.polygon)} }`,
    ),
    'thresholds:',
    ...Object.entries(scene.thresholds).map(
      ([name, values]) =>
        `  ${name}: { ${Object.entries(values)
          .map(([key, value]) => `${key}: ${value}`)
          .join(', ')} }`,
    ),
    '',
  ].join('\n');
}

function markedIn(scene: Scene, camera: CameraPose, n: number): Truth['calibration'] {
  const exact = calibrationOf(seenBy(scene, camera));
  if (!scene.further?.length) return exact;
  const random = chance(scene.seed * 101 + n);
  const clicked = (pixel: number): number => Math.round(pixel + CLICK_PX * (2 * random() - 1));
  return exact.map(({ floor, pixel: [x, y] }) => ({ floor, pixel: [clicked(x), clicked(y)] }));
}

const nameOf = (name: Zone['name']): string => (name ? `name: { zh: ${name.zh}, en: ${name.en} }, ` : '');
const point = ([x, y]: Point): string => `[${x}, ${y}]`;
const points = (all: readonly Point[]): string => `[${all.map(point).join(', ')}]`;
