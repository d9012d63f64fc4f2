import { writeFile } from 'node:fs/promises';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Size } from '../../src/core/units.ts';
import { addModel } from '../detectors/add-model.ts';
import type { Said } from '../detectors/propose-entry.ts';
import { drawBoxes } from '../detectors/trial-frame.ts';
import { writePng } from '../detectors/write-png.ts';

export interface AddOptions {
  readonly models?: string;
  readonly name?: string;
  readonly licence?: string;
  readonly head?: Said['head'];
  readonly size?: Size;
  readonly channels?: Said['channels'];
  readonly mean?: Said['mean'];
  readonly scale?: Said['scale'];
  readonly fit?: Said['fit'];
  readonly classes?: number;
  readonly personClass?: number;
  readonly boxOrder?: Said['boxOrder'];
  readonly boxUnit?: Said['boxUnit'];
  readonly scores?: Said['scores'];
  readonly scoreThreshold?: number;
  readonly greatestOverlap?: number;
  readonly frame?: string;
  readonly at?: number;
  readonly picture?: string;
  readonly dryRun?: boolean;
}

const froms = {
  graph: 'from the file',
  asked: 'as you said',
  usual: 'not in the file, so as usual',
} as const;

/**
 * Adds a model, and tells what was taken from the file, what was assumed, and what it found. A picture is written where
 * one is asked for, of the frame it was tried on, and nowhere else.
 */
export async function add(file: string, options: AddOptions): Promise<void> {
  const { models, name, licence, frame, at, picture, dryRun, personClass, ...said } = options;
  const { entry, known, trial, keptIn } = await addModel({
    file,
    said: { ...(said as Said), ...(personClass === undefined ? {} : { person: personClass }) },
    ...(models === undefined ? {} : { folder: models }),
    ...(name === undefined ? {} : { id: name }),
    ...(licence === undefined ? {} : { licence }),
    ...(frame === undefined ? {} : { frame }),
    ...(at === undefined ? {} : { at }),
    isDryRun: dryRun === true,
  });
  const { bytes, sha256 } = entry.files.onnxruntime![0]!;
  console.log(`${entry.id}: ${entry.title}, ${(bytes / 1e6).toFixed(1)} MB, sha256 ${sha256}`);
  for (const { what, value, from, option } of known) {
    const change = option === undefined || from !== 'usual' ? '' : ` (${option})`;
    console.log(`  ${what.padEnd(10)} ${value.padEnd(28)} ${froms[from]}${change}`);
  }
  const { people, expected, milliseconds } = trial;
  console.log(`\n${trial.name}, ${milliseconds.toFixed(0)} ms a picture`);
  const where = frame ?? 'the picture that ships';
  const of =
    expected === undefined
      ? ''
      : `, ${expected.found} of the ${expected.there} who are there at 0.5 and above`;
  console.log(`${people.length} found on ${where}${of}`);
  for (const { box, score } of people.slice(0, 20)) {
    const [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom].map(Math.round);
    console.log(`  ${score.toFixed(2)}  from ${left}, ${top} to ${right}, ${bottom}`);
  }
  if (people.length > 20) console.log(`  and ${people.length - 20} less sure`);
  if (people.length === 0 || expected?.found === 0) {
    const usual = known.flatMap(({ from, option }) => (from === 'usual' && option ? [option] : []));
    console.log(`It sees nobody who is there. What was assumed may be wrong: ${usual.join(', ')}`);
  }
  if (picture !== undefined) {
    await writeFile(picture, writePng(trial.frame.input, drawBoxes(trial.frame, people))).catch(
      (cause: Error) => {
        throw new LobbyError('LOBBY_FILE_UNWRITABLE', { file: picture, reason: cause.message }, { cause });
      },
    );
    console.log(`\n${picture} is that frame with boxes: people are to be seen on it`);
  }
  if (dryRun === true) console.log(`\nNothing was kept. The entry:\n${JSON.stringify(entry, null, 2)}`);
  else console.log(`\nKept in ${keptIn}; \`--model ${entry.id}\` uses it. Licence: ${entry.licence}`);
}
