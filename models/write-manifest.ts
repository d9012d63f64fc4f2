import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type HeadWatcherEntry,
  type ManifestText,
  type ModelEntry,
  manifestSchema,
} from '../src/contract/manifest.ts';

/** Puts an entry into the manifest in the place of the one of the same id, beside those of other models. */
export async function writeManifest(
  folder: string,
  made: { readonly model: ModelEntry } | { readonly headWatcher: HeadWatcherEntry },
): Promise<void> {
  const file = join(folder, 'manifest.json');
  const before = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as ManifestText)
    : { version: 1 as const, models: [] };
  const put = <Entry extends { readonly id: string }>(entries: readonly Entry[], made: Entry) =>
    entries.some(({ id }) => id === made.id)
      ? entries.map((entry) => (entry.id === made.id ? made : entry))
      : [...entries, made];
  const { models, headWatchers = [] } = before;
  const after: ManifestText =
    'model' in made
      ? { ...before, models: put(models, made.model) }
      : { ...before, headWatchers: put(headWatchers, made.headWatcher) };
  await writeFile(file, `${JSON.stringify(manifestSchema.parse(after), null, 2)}\n`);
}
