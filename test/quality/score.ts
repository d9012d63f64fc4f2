/**
 * `npm run score [-- --clips [lobby …]] [--commit] [--only lobbies,places,waits,wrist,wrist-days,detector,tracker,caviar]`
 *
 * Measures everything that has a truth and prints the scorecard, then what fell against the committed one.
 * `--clips` has the detector look at the lobbies' clips again, at all or at those named, and replaces their
 * recordings; `--heads` has heads alone looked at again, in the boxes there are; `--commit` writes the card and the pages made from it. Parts whose data is not beside the
 * checkout are told, and left as they are committed.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { doorModel } from '../../edge/detectors/models-folder.ts';
import { openDetector } from '../../edge/detectors/open-detector.ts';
import { openHeadWatcher } from '../../edge/detectors/open-head-watcher.ts';
import { type Card, cardToJson, dropsOf, tellDrop, toCard, toText } from './card/card.ts';
import { accuracyPage, pagesOf } from './card/pages.ts';
import { parts } from './card/parts.ts';
import type { Section } from './card/section.ts';
import { isRecorded, knownLobbies, recordClip, recordHeads, recordingFile } from './run-lobby.ts';

const here = import.meta.dirname;
const cardFile = join(here, 'scores.json');

const { values: options, positionals: chosenLobbies } = parseArgs({
  allowPositionals: true,
  options: {
    clips: { type: 'boolean', default: false },
    heads: { type: 'boolean', default: false },
    commit: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const began = performance.now();

if (options.clips || options.heads) await recordAll(options.clips);
for (const { name } of knownLobbies().filter((lobby) => !isRecorded(lobby)))
  console.error(`${name}: left out, it is not recorded; \`npm run score -- --clips ${name}\` does that`);
const chosen = options.only?.split(',');
const sections: Section[] = [];
for (const { name, needs, measure } of parts) {
  if (chosen !== undefined && !chosen.includes(name)) continue;
  if (needs !== undefined && !existsSync(needs)) {
    console.error(`${name}: its data is not beside the checkout`);
    continue;
  }
  const measured = await measure();
  console.log(toText(toCard(measured)));
  sections.push(...measured);
}

const committed: Card = existsSync(cardFile) ? JSON.parse(await readFile(cardFile, 'utf8')) : {};
const drops = dropsOf(committed, sections);
for (const drop of drops) console.log(tellDrop(drop));
if (options.commit) await commit();
else if (drops.length > 0) process.exitCode = 1;
console.error(`${((performance.now() - began) / 1000).toFixed(0)} s`);

async function commit(): Promise<void> {
  // A part that was not measured keeps its lines; the order is the one in which parts are measured.
  const card = { ...committed, ...toCard(sections) };
  await writeFile(cardFile, cardToJson(card));
  for (const { file, text } of pagesOf(card, await readFile(accuracyPage, 'utf8')))
    await writeFile(file, text);
}

async function recordAll(detects: boolean): Promise<void> {
  const detector = await openDetector({ threads: 2 });
  const closer = await openDetector({ model: doorModel, threads: 2 });
  const watcher = await openHeadWatcher();
  for (const lobby of knownLobbies()) {
    if (chosenLobbies.length > 0 && !chosenLobbies.includes(lobby.name)) continue;
    const file = recordingFile(lobby);
    await mkdir(dirname(file), { recursive: true });
    const recording = detects
      ? await recordClip(lobby, detector, watcher, closer)
      : await recordHeads(lobby, watcher);
    await writeFile(file, recording);
    console.error(`${lobby.name} recorded`);
  }
  await detector.close();
  await closer.close();
  await watcher.close();
}
