/**
 * `npx tsx test/scenes/render.ts <scene file> <out folder> [--at 3,12.5] [--truth] [--crf 28]`
 *
 * Writes `clip.mp4`, `truth.json` and `branch.yaml`. With `--at` only stills of those seconds, to look at;
 * with `--truth` no pictures at all, which takes a second and prints the story.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { branchOf } from './branch.ts';
import { openDrawing } from './draw.ts';
import { openEncoder } from './encode.ts';
import type { Scene } from './scene.ts';
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
await mkdir(out, { recursive: true });

const truth = truthOf(scene);
for (const { t, kind, person, customer, zone } of truth.events)
  console.log(`${t.toFixed(1).padStart(5)}  ${person.padEnd(4)} ${kind} ${customer ?? zone ?? ''}`);

const moments = momentsOf(simulate(scene), scene);
if (values.at) await stills(values.at.split(',').map(Number));
else {
  await writeFile(join(out, 'truth.json'), `${JSON.stringify(truth)}\n`);
  await writeFile(join(out, 'branch.yaml'), branchOf(scene));
  if (!values.truth) await clip();
}

async function stills(seconds: readonly number[]): Promise<void> {
  const drawing = await openDrawing(scene);
  for (const second of seconds) {
    const at = Math.round(second * scene.camera.fps);
    // Two frames before it, so that what moves has begun to.
    for (const moment of moments.slice(Math.max(0, at - 2), at)) await drawing.draw(moment);
    const moment = moments[at];
    if (moment) await writePng(join(out!, `at-${second}.png`), await drawing.draw(moment));
  }
  await drawing.close();
}

async function clip(): Promise<void> {
  const drawing = await openDrawing(scene);
  const crf = Number(values.crf ?? scene.crf ?? 28);
  const encoder = openEncoder(join(out!, 'clip.mp4'), { ...scene.camera, crf });
  const began = performance.now();
  let written = Promise.resolve();
  for (const [n, moment] of moments.entries()) {
    const rgb = await drawing.draw(moment);
    // The next is drawn while ffmpeg takes this one.
    await written;
    written = encoder.write(rgb);
    if (n % 100 === 99)
      console.log(`${n + 1} of ${moments.length} frames, ${perFrame(began, n + 1)} ms each`);
  }
  await written;
  await encoder.close();
  await drawing.close();
}

async function writePng(path: string, rgb: Uint8Array): Promise<void> {
  const { widthPx: width, heightPx: height } = scene.camera;
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
}

function perFrame(began: number, frames: number): string {
  return ((performance.now() - began) / frames).toFixed(0);
}
