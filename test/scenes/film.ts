import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BOXES_EVERY_SECONDS, type Boxes, boxesOf } from './boxes.ts';
import { branchOf } from './branch.ts';
import { camerasOf, fileOf, seenBy } from './cameras.ts';
import { DRAWING_VERSION, openDrawing } from './draw.ts';
import { openEncoder } from './encode.ts';
import type { CameraPose, Scene } from './scene.ts';
import { momentsOf, simulate } from './simulate.ts';
import { truthOf } from './truth.ts';

/** Some 1.3 MB for the demo's minute, and a detector finds people in it at the scores of the stills. */
const CRF = 28;

export interface Filming {
  /** Quality of the clip; the scene's own unless told. */
  crf?: number | undefined;
  /** Hears of each frame when it is drawn: how many are, and how many milliseconds each has taken. */
  progress?(frames: number, of: number, msEach: number): void;
}

/** Writes the story's truth and branch file; takes a second. */
export async function writeStory(scene: Scene, out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'truth.json'), `${JSON.stringify(truthOf(scene))}\n`);
  await writeFile(join(out, 'branch.yaml'), branchOf(scene));
}

/** Writes a clip for each camera, and after each, so that it stands for a finished clip, its boxes. */
export async function film(scene: Scene, out: string, filming: Filming = {}): Promise<void> {
  await mkdir(out, { recursive: true });
  for (const camera of camerasOf(scene)) await filmCamera(scene, camera, out, filming);
}

async function filmCamera(
  scene: Scene,
  camera: CameraPose,
  out: string,
  { crf, progress }: Filming,
): Promise<void> {
  const view = seenBy(scene, camera);
  const moments = momentsOf(simulate(scene), view);
  const boxes: Boxes = {
    made: fingerprint(scene, crf),
    width: camera.widthPx,
    height: camera.heightPx,
    frames: [],
  };
  const drawing = await openDrawing(view);
  try {
    const quality = crf ?? scene.crf ?? CRF;
    const encoder = openEncoder(join(out, fileOf(scene, camera, 'clip')), { ...camera, crf: quality });
    const began = performance.now();
    let written = Promise.resolve();
    for (const [n, moment] of moments.entries()) {
      const rgb = await drawing.draw(moment);
      // The next is drawn while ffmpeg takes this one.
      await written;
      written = encoder.write(rgb);
      if (n % (BOXES_EVERY_SECONDS * camera.fps) === 0)
        boxes.frames.push({ t: n / camera.fps, people: boxesOf(await drawing.count(moment)) });
      progress?.(n + 1, moments.length, (performance.now() - began) / (n + 1));
    }
    await written;
    await encoder.close();
  } finally {
    await drawing.close();
  }
  await writeFile(join(out, fileOf(scene, camera, 'boxes')), `${JSON.stringify(boxes)}\n`);
}

/** Changes with anything that changes the clip: the scene, how it plays, how it is drawn. */
export function fingerprint(scene: Scene, crf?: number): string {
  const all = [DRAWING_VERSION, crf ?? scene.crf ?? CRF, scene, momentsOf(simulate(scene), scene)];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
