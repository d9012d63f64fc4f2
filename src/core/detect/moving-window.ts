import { areaOf, boxAroundAll, sharedArea } from '../track/boxes.ts';
import type { Person, PixelBox, Pixels, Size } from '../units.ts';
import type { PicturePart } from './part.ts';

/** Somebody who moved may reach so far beyond what changed: a share of the frame's width. */
const margin = 0.03;
/** People are not shown larger than this, of what the whole picture shows them as: the rest is more of the hall. */
const mostGain = 1.6;

/**
 * The part of a picture in which everything that moved is shown, with whoever it moved by, no smaller than in the
 * whole picture.
 *
 *      ┌──────────────────────────┐
 *      │      ┌───────────┐       │
 *      │      │ ▓▓  o     │   o   │   ▓ moved, o stands still
 *      │      │ ▓▓        │       │
 *      │  o   └───────────┘       │
 *      └──────────────────────────┘
 *
 * @param moved in pixels of the frame
 * @param people as they were seen last: of whom a part moved all is shown
 * @param shown how large the whole picture shows things to the detector: its input's pixels for one of the frame
 * @param size of the picture the part is looked at in
 * @returns nothing where they are too far apart for one part
 */
export function movingWindow(
  moved: PixelBox,
  people: readonly Person[],
  frame: Size,
  shown: number,
  size: Size,
): PicturePart | undefined {
  const touched = people.filter(({ box }) => sharedArea(box, moved) > 0.1 * areaOf(box));
  const beyond = margin * frame.width;
  const around = boxAroundAll([moved, ...touched.map(({ box }) => box)]);
  const all = {
    left: Math.max(0, around.left - beyond),
    top: Math.max(0, around.top - beyond),
    right: Math.min(frame.width, around.right + beyond),
    bottom: Math.min(frame.height, around.bottom + beyond),
  };
  const gain = Math.min(
    mostGain,
    size.width / (all.right - all.left) / shown,
    size.height / (all.bottom - all.top) / shown,
  );
  if (gain < 1) return undefined;
  const [wide, high] = [size.width / shown / gain, size.height / shown / gain];
  const left = placed(all.left, all.right, wide, frame.width);
  const top = placed(all.top, all.bottom, high, frame.height);
  return { region: { left, top, right: left + wide, bottom: top + high }, turn: 0 };
}

/** Where a stretch of such a length begins that has another in its middle, and as little as can be beyond the frame. */
function placed(from: Pixels, to: Pixels, length: Pixels, most: Pixels): Pixels {
  const begin = (from + to - length) / 2;
  return length > most ? (most - length) / 2 : Math.min(most - length, Math.max(0, begin));
}
