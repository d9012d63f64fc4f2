import type { Branch } from '../contract/branch.ts';
import { type DoorWindow, doorWindows } from '../core/detect/door-window.ts';
import { isCut, isWithin, lookCloser } from '../core/detect/look-closer.ts';
import { aroundPart, boxInPicture, movedBy, type PicturePart, withinPart } from '../core/detect/part.ts';
import { turnPicture } from '../core/detect/turn-picture.ts';
import type { Person, PixelBox, Size } from '../core/units.ts';
import type { Frame } from '../ports/camera.ts';
import type { Detector } from '../ports/detector.ts';
import type { PeopleSeen } from './run-camera.ts';

/** Who looks more closely at a camera's doors, and where those are. */
export interface DoorLooking {
  /** Its input is what a part of a picture is scaled to. Absent: doors are where a move is urgent, and no more. */
  readonly detector?: Detector;
  /** The camera's id in the branch. */
  readonly camera: string;
  /** As it is now: doors and how a camera sees the floor may be changed while it runs. */
  readonly branch: () => Branch;
}

/** Where the doors of one camera are in its picture. Worked out anew when the branch changes. */
export function createDoorWindows(looking: DoorLooking): (frame: Frame) => readonly DoorWindow[] {
  let known: { readonly branch: Branch; readonly frame: Size } | undefined;
  let windows: readonly DoorWindow[] = [];
  return ({ camera: frame, fit, input }) => {
    const branch = looking.branch();
    const isKnown =
      known?.branch === branch && known.frame.width === frame.width && known.frame.height === frame.height;
    if (!isKnown) {
      const { floor } = branch.cameras.find(({ id }) => id === looking.camera) ?? {};
      const zones = branch.zones.map(({ zone }) => zone);
      const shown = Math.min(fit.scaleX, fit.scaleY);
      windows =
        floor === undefined ? [] : doorWindows(floor, zones, frame, shown, looking.detector?.input ?? input);
      known = { branch, frame };
    }
    return windows;
  };
}

/**
 * Looks at one part of the camera's own picture, which has more pixels than what the detector sees of the whole.
 *
 * @returns whom it shows, in pixels of the frame; nothing where no closer picture can be had
 */
export async function seePart(
  frame: Frame,
  part: PicturePart,
  detector: Detector,
): Promise<readonly Person[] | undefined> {
  const { input } = detector;
  const { at, camera } = frame;
  const { region, turn } = part;
  if (turn === 0) {
    const rgb = frame.closeUp?.(region, input);
    return rgb && detector.detect({ at, camera, input, fit: fitOf(region, input), rgb });
  }
  const rgb = cutTurned(frame, part, input);
  if (rgb === undefined) return undefined;
  try {
    // A turned part reaches where the picture has nothing: it is a picture of its own, and nothing is clipped to the other.
    const { left, top, right, bottom } = region;
    const alone = { width: right - left, height: bottom - top };
    const fit = fitOf({ left: 0, top: 0, right: alone.width, bottom: alone.height }, input);
    const people = await detector.detect({ at, camera: alone, input, fit, rgb });
    return people.map((person) => ({ ...person, box: boxInPicture(movedBy(person.box, left, top), part) }));
  } finally {
    rgb.fill(0);
  }
}

function cutTurned(frame: Frame, part: PicturePart, input: Size): Uint8Array | undefined {
  const around = aroundPart(part);
  const scale = input.width / (part.region.right - part.region.left);
  // What is shown larger is scaled once, by the turn; what is shown smaller is first brought to that size.
  const most = Math.min(1, scale);
  const size = {
    width: Math.round((around.right - around.left) * most),
    height: Math.round((around.bottom - around.top) * most),
  };
  const rgb = frame.closeUp?.(around, size);
  return rgb && turnPicture({ size, rgb }, part.turn, scale / most, input);
}

/** A door, or a part in which something moved. */
export type PartToSee = PicturePart & Partial<Pick<DoorWindow, 'zone'>>;

/**
 * Looks at some parts and at nothing else. Whoever an edge of a window cuts off is not told: they are partly beyond it.
 *
 * @returns whom they show, highest score first, and the parts that were looked at: none where no closer picture can be had
 */
export async function seePartsAlone(
  frame: Frame,
  parts: readonly PartToSee[],
  detector: Detector,
  note: (part: PartToSee, people: readonly Person[]) => void,
): Promise<Pick<PeopleSeen, 'people' | 'within'>> {
  const within: PixelBox[] = [];
  const people: Person[] = [];
  for (const part of parts) {
    const shown = await seePart(frame, part, detector);
    if (shown === undefined) continue;
    note(part, shown);
    // Parts beside each other overlap: each tells whom the other did not.
    const news = shown.filter(({ box }) => !within.some((other) => isWithin(box, other)));
    people.push(...news.filter(({ box }) => !isCut(box, part, frame.camera)));
    within.push(withinPart(part));
  }
  return { within, people: people.sort((one, other) => other.score - one.score) };
}

/** As if the whole frame had been scaled until the region fills the input: most of it lies beyond. */
function fitOf(region: PixelBox, input: Size): Frame['fit'] {
  const scaleX = input.width / (region.right - region.left);
  const scaleY = input.height / (region.bottom - region.top);
  return { scaleX, scaleY, padLeft: -region.left * scaleX, padTop: -region.top * scaleY };
}

/** Looks at all far doors of a frame and puts what is seen in the place of what the whole picture shows there. */
export async function seeDoors(
  frame: Frame,
  people: readonly Person[],
  windows: readonly DoorWindow[],
  detector: Detector,
): Promise<readonly Person[]> {
  let seen = people;
  for (const window of windows.filter(({ isWorthTwo }) => isWorthTwo)) {
    const closer = await seePart(frame, window, detector);
    if (closer !== undefined) seen = lookCloser(seen, closer, window, frame.camera);
  }
  return seen;
}
