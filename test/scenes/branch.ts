import type { Point, Scene, Zone } from './scene.ts';
import { calibrationOf } from './truth.ts';

/** The branch file an installer would have written for this lobby, with `clip.mp4` for a camera. */
export function branchOf(scene: Scene): string {
  const { entrance } = scene;
  return [
    `branch: ${scene.name}`,
    'cameras:',
    `  - id: ${scene.camera.id}`,
    '    source: clip.mp4',
    '    floor:',
    ...calibrationOf(scene).map(
      (pair) => `      - { pixel: ${point(pair.pixel)}, metres: ${point(pair.floor)} }`,
    ),
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

const nameOf = (name: Zone['name']): string => (name ? `name: { zh: ${name.zh}, en: ${name.en} }, ` : '');
const point = ([x, y]: Point): string => `[${x}, ${y}]`;
const points = (all: readonly Point[]): string => `[${all.map(point).join(', ')}]`;
