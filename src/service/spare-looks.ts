import type { DoorWindow } from '../core/detect/door-window.ts';
import { aroundPart } from '../core/detect/part.ts';
import type { Reading } from '../core/sight/read-picture.ts';
import { isStirred, type Stir, stirBetween, stirredBox } from '../core/sight/stir.ts';
import type { Person, PixelBox, Seconds, Size } from '../core/units.ts';

/** What of a picture has to be looked at. `nothing`: whoever was seen last is there still. */
export type Need = 'nothing' | 'hall' | 'door';

/**
 * Tells which pictures of one camera need no look, since nothing in them moved since the last one.
 *
 *     picture moved   ▓ ▓ ░ ░ ░ ░ ░ ░ ▓ ▓
 *     looked at       ● ●         ●   ● ●      at least once a second
 *     the same again      ○ ○ ○ ○   ○          whoever stands still goes on being seen
 *
 * Nobody is lost who stands still: they are told as they were seen, and it is looked whether they are there once a
 * second. It holds one picture's brightness in cells, and nobody can ask for it.
 */
export interface SpareLooks {
  /** Shown each picture as it comes. */
  note(reading: Reading): void;
  /** @param doors where the doors of this camera are in its picture; each is also a place where a move is urgent */
  need(at: Seconds, doors: readonly DoorWindow[], frame: Size): Need;
  /** Whether something moved at a door since the last look. */
  needsDoor(door: DoorWindow, frame: Size): boolean;
  /** The box around all that moved outside some parts since the last look; nothing where nothing is known to have. */
  movedBeyond(parts: readonly PixelBox[], frame: Size): PixelBox | undefined;
  /** The picture noted last was looked at, and these are in it. */
  looked(at: Seconds, people: readonly Person[]): void;
  /** Nothing that was seen holds any more: the picture could not be trusted, or the camera was lost. */
  forget(): void;
  /** Whoever was seen at the last look. */
  readonly people: readonly Person[];
}

/** Whoever stands still is looked at so often, and so are doors at which nothing moves. */
export const lookEverySeconds: Seconds = 1;
/** Moments of pictures are sums of fractions. */
const hair: Seconds = 1e-3;

export function createSpareLooks(): SpareLooks {
  let cells: readonly number[] | undefined;
  let last: { readonly at: Seconds; readonly cells: readonly number[] } | undefined;
  let people: readonly Person[] = [];
  let stir: Stir | undefined;

  function isDue(at: Seconds): boolean {
    return last === undefined || at < last.at || at - last.at > lookEverySeconds - hair;
  }

  return {
    note(reading) {
      ({ cells } = reading);
      stir = last === undefined ? undefined : stirBetween(last.cells, cells);
    },
    need(at, doors, frame) {
      if (stir === undefined || last === undefined) return 'hall';
      if (doors.some((door) => isStirred(stir!, aroundPart(door), frame))) return 'door';
      return isDue(at) || isStirred(stir) ? 'hall' : 'nothing';
    },
    needsDoor: (door, frame) => stir === undefined || isStirred(stir, aroundPart(door), frame),
    movedBeyond: (parts, frame) => (stir === undefined ? undefined : stirredBox(stir, frame, parts)),
    looked(at, seen) {
      if (cells === undefined) return;
      last = { at, cells };
      // A head turned a moment ago was turned then.
      people = seen.map(({ head: _, ...person }) => person);
    },
    forget() {
      last = undefined;
      stir = undefined;
      people = [];
    },
    get people() {
      return people;
    },
  };
}
