/**
 * `npx tsx test/scenes/render.ts <scene file> <out folder> [--at 3,12.5] [--truth] [--crf 28]`
 *
 * Writes `clip.mp4`, `truth.json`, `branch.yaml` and `boxes.json`; of several cameras a clip and boxes each. With `--at` only stills of those seconds, to
 * look at; with `--truth` no pictures at all, which takes a second and prints the story.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { camerasOf, seenBy } from './cameras.ts';
import { openDrawing } from './draw.ts';
import { film, writeStory } from './film.ts';
import type { CameraPose, Scene } from './scene.ts';
import { momentsOf, simulate } from './simulate.ts';
import { truthOf } from './truth.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    at: { type: 'string' },
    truth: { type: 'boolean', default: false },
    crf: { type: 'string' },
  },
});
const [sceneFile, out] = positionals;
if (!sceneFile || !out)
  throw new Error('Cannot render: a scene file and a folder for the result must be named');

const { default: scene } = (await import(pathToFileURL(resolve(sceneFile)).href)) as { default: Scene };

for (const { t, kind, person, customer, zone } of truthOf(scene).events)
  console.log(`${t.toFixed(1).padStart(5)}  ${person.padEnd(4)} ${kind} ${customer ?? zone ?? ''}`);

if (values.at) {
  for (const camera of camerasOf(scene)) await stills(camera, values.at.split(',').map(Number), out);
} else {
  await writeStory(scene, out);
  if (!values.truth)
    await film(scene, out, {
      crf: values.crf === undefined ? undefined : Number(values.crf),
      progress(frames, of, msEach) {
        if (frames % 100 === 0) console.log(`${frames} of ${of} frames, ${msEach.toFixed(0)} ms each`);
      },
    });
}

async function stills(camera: CameraPose, seconds: readonly number[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const view = seenBy(scene, camera);
  const moments = momentsOf(simulate(scene), view);
  const { widthPx: width, heightPx: height, fps } = camera;
  const of = scene.further?.length ? `-${camera.id}` : '';
  const drawing = await openDrawing(view);
  for (const second of seconds) {
    const at = Math.round(second * fps);
    // Two frames before it, so that what moves has begun to.
    for (const moment of moments.slice(Math.max(0, at - 2), at)) await drawing.draw(moment);
    const moment = moments[at];
    if (!moment) continue;
    const rgb = await drawing.draw(moment);
    await sharp(rgb, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(folder, `at-${second}${of}.png`));
  }
  await drawing.close();
}
