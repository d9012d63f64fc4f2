import type { LineOf } from '../../contract/journal.ts';
import type { ChangedBy } from '../../contract/settings.ts';
import { type PlateProgress, plateLeaseSeconds, plateMostSeconds } from '../../contract/setup.ts';
import { fittedSize } from '../../core/detect/fit.ts';
import { drawPlate, emptyPlate, growPlate, maskOf, type Plate, readyShare } from '../../core/setup/plate.ts';
import type { Person, PixelBox, Seconds, Size } from '../../core/units.ts';
import type { Frame } from '../../ports/camera.ts';
import type { Clock } from '../../ports/clock.ts';
import { toMoment } from '../wire.ts';

export interface PlatesOptions {
  readonly clock: Clock;
  /** Writes who began it and when it ended. */
  readonly note: (line: LineOf<'setup'>) => void;
}

/** Empty-lobby plates, each while an installer asks for it. */
export interface Plates {
  /** Begins to build a camera's plate, or goes on with it. */
  begin(camera: string, by: ChangedBy): void;
  /** Whether one is being built now. */
  isBuilding(): boolean;
  /** How far it is; asking keeps it. */
  progress(camera: string): PlateProgress;
  /** The picture, R, G, B, A; absent: there is none yet. Asking keeps it. */
  draw(camera: string): { readonly size: Size; readonly rgba: Uint8Array } | undefined;
  end(camera: string): void;
  /** Shown each frame that was looked at, with whoever was found in it. Takes one a second, of what is being built. */
  look(camera: string, frame: Frame, people: readonly Person[]): void;
}

/** One look a second is enough: what is to be shown must stay for twenty. */
const lookEverySeconds: Seconds = 0.9;
/** More than one would look at, each some ten megabytes. */
const mostPlates = 4;
/** The longer side: enough to aim at a pixel of a full picture. */
const mostPixels = 960;
/** Without a frame that was looked at for so long, it does not get on. */
const blindAfterSeconds: Seconds = 5;

interface Building {
  plate: Plate | undefined;
  picture: Size | undefined;
  readonly by: ChangedBy;
  readonly begunAt: Seconds;
  askedAt: Seconds;
  lookedAt: Seconds;
}

/**
 * Builds plates in memory and nowhere else: a plate begins when an installer asks, ends a minute after they last did
 * and an hour after it began whatever they do, and is gone then. Nothing of it is written, published or logged.
 */
export function createPlates({ clock, note }: PlatesOptions): Plates {
  const building = new Map<string, Building>();

  function tell(what: 'plate-begun' | 'plate-ended', camera: string, by: ChangedBy): void {
    note({
      v: 1,
      at: toMoment(clock.now()),
      kind: 'setup',
      what,
      plate: camera,
      ...(by.kind === 'token' ? { by: by.role, token: by.token } : {}),
    });
  }

  function end(camera: string): void {
    const one = building.get(camera);
    if (one === undefined) return;
    building.delete(camera);
    tell('plate-ended', camera, one.by);
  }

  const endsAt = ({ askedAt, begunAt }: Building) =>
    Math.min(askedAt + plateLeaseSeconds, begunAt + plateMostSeconds);

  /** Also after the clock was set back: then nobody knows how long it has been. */
  function letGo(): void {
    const now = clock.now();
    for (const [camera, one] of building) if (now >= endsAt(one) || now < one.begunAt) end(camera);
  }

  function asked(camera: string): Building | undefined {
    letGo();
    const one = building.get(camera);
    if (one !== undefined) one.askedAt = clock.now();
    return one;
  }

  return {
    begin(camera, by) {
      if (asked(camera) !== undefined) return;
      const now = clock.now();
      const [oldest] = building.keys();
      if (building.size >= mostPlates && oldest !== undefined) end(oldest);
      building.set(camera, {
        plate: undefined,
        picture: undefined,
        by,
        begunAt: now,
        askedAt: now,
        lookedAt: now,
      });
      tell('plate-begun', camera, by);
    },
    progress(camera) {
      const one = asked(camera);
      if (one === undefined) return { v: 1, phase: 'off', ready: 0, revision: 0, blind: false };
      const { plate, picture } = one;
      const ready = plate === undefined ? 0 : readyShare(plate);
      return {
        v: 1,
        phase: plate === undefined ? 'waiting' : ready === 1 ? 'ready' : 'building',
        ready: Number(ready.toFixed(3)),
        ...(picture === undefined ? {} : { picture: { ...picture } }),
        ...(plate === undefined
          ? {}
          : {
              plate: { ...plate.size },
              cells: { columns: plate.columns, rows: plate.rows, mask: maskOf(plate) },
            }),
        revision: plate?.revision ?? 0,
        endsAt: toMoment(endsAt(one)),
        blind: clock.now() - one.lookedAt > blindAfterSeconds,
      };
    },
    draw(camera) {
      const plate = asked(camera)?.plate;
      return plate === undefined ? undefined : { size: plate.size, rgba: drawPlate(plate) };
    },
    isBuilding() {
      letGo();
      return building.size > 0;
    },
    end,
    look(camera, frame, people) {
      if (building.size === 0) return;
      letGo();
      const one = building.get(camera);
      if (one === undefined) return;
      one.lookedAt = clock.now();
      if (one.plate !== undefined && Math.abs(frame.at - one.plate.at) < lookEverySeconds) return;
      const { size, rgb } = pictureOf(frame);
      const { width, height } = frame.camera;
      const isOther = one.picture?.width !== width || one.picture.height !== height;
      const plate = one.plate === undefined || isOther ? emptyPlate(size) : one.plate;
      if (plate.size.width !== size.width || plate.size.height !== size.height) return;
      one.picture = { width, height };
      const scale = size.width / width;
      const boxes = people.map(
        ({ box }): PixelBox => ({
          left: box.left * scale,
          top: box.top * scale,
          right: box.right * scale,
          bottom: box.bottom * scale,
        }),
      );
      one.plate = growPlate(plate, { at: frame.at, rgb, people: boxes });
      // A camera empties its own close-ups.
      if (frame.closeUp === undefined) rgb.fill(0);
    },
  };
}

/** The whole picture as finely as it is had: from the camera's own pixels, else from what the detector is shown. */
function pictureOf(frame: Frame): { readonly size: Size; readonly rgb: Uint8Array } {
  const { width, height } = frame.camera;
  const scale = Math.min(1, mostPixels / Math.max(width, height));
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const whole = frame.closeUp?.({ left: 0, top: 0, right: width, bottom: height }, size);
  return whole === undefined ? cutOf(frame) : { size, rgb: whole };
}

/** What of the detector's input is the picture, without the pads around it. */
function cutOf({ camera, input, fit, rgb }: Frame): { readonly size: Size; readonly rgb: Uint8Array } {
  const size = fittedSize(camera, input);
  const cut = new Uint8Array(size.width * size.height * 3);
  for (let row = 0; row < size.height; row++) {
    const from = ((row + fit.padTop) * input.width + fit.padLeft) * 3;
    cut.set(rgb.subarray(from, from + size.width * 3), row * size.width * 3);
  }
  return { size, rgb: cut };
}
