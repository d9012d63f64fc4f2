/**
 * `npx tsx test/scenes/render-all.ts [name …]`
 *
 * Renders the library's scenes, or those named, into `test/quality/scenes/<name>/`. What is there already and
 * would come out the same is left alone, so two processes with lists of their own may share the work.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readBoxes } from './boxes.ts';
import { camerasOf, fileOf } from './cameras.ts';
import { film, fingerprint, writeStory } from './film.ts';
import type { Scene } from './scene.ts';

const library = fileURLToPath(new URL('library', import.meta.url));
const results = fileURLToPath(new URL('../quality/scenes', import.meta.url));
/** `people.ts` is the scenes' wardrobe; the demo's clip is the product's own. */
const NO_SCENES = ['people', 'demo'];

const all = (await readdir(library))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => !NO_SCENES.includes(name))
  .sort();
const names = process.argv.slice(2).length ? process.argv.slice(2) : all;

for (const name of names) {
  const scene = await sceneOf(name);
  const out = join(results, name);
  const made = await Promise.all(
    camerasOf(scene).map((camera) =>
      readBoxes(join(out, fileOf(scene, camera, 'boxes'))).then(
        (boxes) => boxes.made,
        () => undefined,
      ),
    ),
  );
  if (made.every((one) => one === fingerprint(scene))) {
    console.log(`${name}: as it was`);
    continue;
  }
  await writeStory(scene, out);
  await film(scene, out, {
    progress(frames, of, msEach) {
      if (frames % 100 === 0 || frames === of)
        console.log(`${name}: ${frames} of ${of} frames, ${msEach.toFixed(0)} ms each`);
    },
  });
}

async function sceneOf(name: string): Promise<Scene> {
  const { default: scene } = (await import(pathToFileURL(join(library, `${name}.ts`)).href)) as {
    default?: Scene;
  };
  if (!scene) throw new Error(`Cannot render ${name}: its file must have a scene as its default export`);
  return scene;
}
