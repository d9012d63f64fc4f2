/**
 * `npm run score [-- --clips] [--commit] [--only lobbies,detector,tracker,caviar]`
 *
 * Measures everything that has a truth and prints the scorecard, then what fell against the committed one.
 * `--clips` has the detector look at the lobbies' clips again, in place of their recordings; with `--commit`
 * the recordings are written anew, and the card to `scores.json` and `scores.md`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDetector } from '../../edge/detectors/open-detector.ts';
import { type Card, dropsOf, tellDrop, toCard, toMarkdown, toText } from './card/card.ts';
import { lobbySections } from './card/lobbies.ts';
import type { Section } from './card/section.ts';
import { knownLobbies, recordClip, recordingFile } from './run-lobby.ts';

const here = import.meta.dirname;
const cardFile = join(here, 'scores.json');

const { values: options } = parseArgs({
  options: {
    clips: { type: 'boolean', default: false },
    commit: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const began = performance.now();

if (options.clips) await recordAll();
const sections: readonly Section[] = await lobbySections(knownLobbies());
console.log(toText(sections));

const committed: Card = existsSync(cardFile) ? JSON.parse(await readFile(cardFile, 'utf8')) : {};
const drops = dropsOf(committed, sections);
for (const drop of drops) console.log(tellDrop(drop));
if (options.commit) {
  await writeFile(cardFile, `${JSON.stringify({ ...committed, ...toCard(sections) }, null, 1)}\n`);
  await writeFile(join(here, 'scores.md'), toMarkdown(sections));
} else if (drops.length > 0) process.exitCode = 1;
console.error(`${((performance.now() - began) / 1000).toFixed(0)} s`);

async function recordAll(): Promise<void> {
  const detector = await openDetector({ threads: 2 });
  for (const lobby of knownLobbies()) {
    const file = recordingFile(lobby);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await recordClip(lobby, detector));
    console.error(`${lobby.name} recorded`);
  }
  await detector.close();
}
