import type { CameraPose, Scene } from './scene.ts';

/** All cameras of a scene, the first one first. */
export const camerasOf = ({ camera, further = [] }: Scene): readonly CameraPose[] => [camera, ...further];

/** The same scene as one of its cameras sees it alone. */
export const seenBy = (scene: Scene, camera: CameraPose): Scene => ({ ...scene, camera });

/** `clip.mp4` and `boxes.json`; where there are several cameras, `clip-hall.mp4` and `boxes-hall.json`. */
export function fileOf(scene: Scene, camera: CameraPose, kind: 'clip' | 'boxes'): string {
  const name = scene.further?.length ? `${kind}-${camera.id}` : kind;
  return kind === 'clip' ? `${name}.mp4` : `${name}.json`;
}
