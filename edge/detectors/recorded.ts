import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import { parseRecording } from '../../src/contract/recording.ts';
import type { Person, Seconds } from '../../src/core/units.ts';
import type { Detector } from '../../src/ports/detector.ts';

/** A recording's moments are rounded to a thousandth; two frames of a camera are farther apart than this. */
const sameMoment: Seconds = 0.015;

/**
 * A recording in the place of a model: of each frame it answers who was seen at its moment when the recording was made,
 * and looks at no pixel. For running a clip again without looking again, and for holding a model of now against one of
 * then.
 *
 * Frames of moments that the recording does not have, or in which nobody could look, have nobody in them.
 *
 * @param file as `lobby replay --record` writes it, of one camera
 * @throws {LobbyError} `LOBBY_FILE_MISSING`, `LOBBY_FILE_INVALID`
 */
export async function openRecorded(file: string): Promise<Detector> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new LobbyError('LOBBY_FILE_MISSING', { file }, { cause });
  });
  const moments: { readonly at: Seconds; readonly people: readonly Person[] }[] = [];
  const cameras = new Set<string>();
  for (const one of parseRecording(text, file)) {
    cameras.add(one.camera);
    if (one.kind !== 'people') continue;
    // What was known of heads was found by another model: here are boxes and scores.
    const people = one.people.map(({ box, score, spread }) => ({ box, score, ...(spread && { spread }) }));
    moments.push({ at: one.at, people: people.toSorted((a, b) => b.score - a.score) });
  }
  if (cameras.size > 1) {
    throw new LobbyError('LOBBY_FILE_INVALID', {
      file,
      problem: `it is of ${cameras.size} cameras, and a frame does not say of which it is`,
      hint: 'Give one of a single camera, or replay it as --source.',
    });
  }
  // Pictures are asked for small: nobody looks at them.
  const input = { width: 64, height: 36 };
  let isOpen = true;
  return {
    name: `${basename(file)} on a recording`,
    input,
    fit: 'letterbox',
    async detect({ at, rgb }) {
      if (!isOpen) throw new Error(`Cannot detect: ${file} must be open, it was closed`);
      const bytes = input.width * input.height * 3;
      if (rgb.length !== bytes) {
        throw new RangeError(
          `Cannot detect: a frame must be of ${bytes} bytes, current value is ${rgb.length}`,
        );
      }
      return nearest(moments, at).map((person) => structuredClone(person));
    },
    async close() {
      isOpen = false;
    },
  };
}

/** By halves, since a day has some hundred thousand moments. */
function nearest(
  moments: readonly { readonly at: Seconds; readonly people: readonly Person[] }[],
  at: Seconds,
): readonly Person[] {
  let [first, beyond] = [0, moments.length];
  while (first < beyond) {
    const middle = (first + beyond) >> 1;
    if (moments[middle]!.at < at - sameMoment) first = middle + 1;
    else beyond = middle;
  }
  const found = moments[first];
  return found !== undefined && found.at <= at + sameMoment ? found.people : [];
}
