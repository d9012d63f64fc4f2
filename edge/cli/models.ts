import { join } from 'node:path';
import { modelsFolder, readManifest, readOwnManifest } from '../detectors/models-folder.ts';
import { ownModelsFolder } from '../detectors/published.ts';
import { verifyModels } from '../detectors/verify-models.ts';

/** Lists the models that are here: those that ship, then those of the user's folder. */
export async function listModels({
  models: folder = ownModelsFolder(),
}: {
  models?: string;
} = {}): Promise<void> {
  const { models, headWatchers } = await readManifest();
  const own = await readOwnManifest(folder);
  const all = [
    ...models.map((model) => ({ ...model, what: model.head })),
    ...headWatchers.map((model) => ({ ...model, what: 'heads' })),
    ...own.models.map((model) => ({ ...model, what: `${model.head}, added from ${model.origin}` })),
  ];
  for (const { id, what, input, licence, files } of all) {
    console.log(`${id}  ${what}, ${input.width}×${input.height}, ${licence}`);
    for (const [runtime, parts] of Object.entries(files)) {
      for (const { path, bytes } of parts ?? []) {
        console.log(`  ${runtime.padEnd(12)} ${path} (${(bytes / 1e6).toFixed(1)} MB)`);
      }
    }
  }
}

/** Checks every model's hash, and runs it, on its golden image where it has one. @returns whether all is well */
export async function checkModels({ models }: { models?: string } = {}): Promise<boolean> {
  const report = await verifyModels({ own: models ?? ownModelsFolder() });
  for (const verdict of report.verdicts) {
    const { ok, name, people, yaw, milliseconds, problem, remedy } = verdict;
    const found =
      people !== undefined
        ? `, ${people.found} of ${people.expected} people found`
        : yaw !== undefined
          ? `, a head turned by ${yaw.found ?? 'nothing'} of ${yaw.expected}`
          : '';
    const took = milliseconds === undefined ? '' : `, ${milliseconds.toFixed(0)} ms`;
    console.log(`${ok ? '✓' : '✕'} ${name ?? `${verdict.model} on ${verdict.runtime}`}${found}${took}`);
    if (problem !== undefined) console.log(`  ${problem}. ${remedy ?? ''}`.trimEnd());
  }
  return report.ok;
}

/** Makes the models again from their published source; needs the npm registry. */
export async function buildModels(): Promise<void> {
  // The scripts are not part of the installed service: only a checkout has them.
  const scripts: string[] = ['build-nanodet.ts', 'build-movenet.ts'].map((name) => join(modelsFolder, name));
  const [nanodet, movenet] = (await Promise.all(scripts.map((script) => import(script)))) as [
    {
      buildNanodet: (folder?: string, shape?: unknown) => Promise<unknown>;
      wholePicture: unknown;
      door: unknown;
    },
    { buildMovenet: () => Promise<unknown> },
  ];
  for (const shape of [nanodet.wholePicture, nanodet.door])
    console.log(JSON.stringify(await nanodet.buildNanodet(undefined, shape), null, 2));
  console.log(JSON.stringify(await movenet.buildMovenet(), null, 2));
}
