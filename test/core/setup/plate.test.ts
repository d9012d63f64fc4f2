import { describe, expect, it } from 'vitest';
import {
  drawPlate,
  emptyPlate,
  growPlate,
  maskOf,
  type Plate,
  plateDefaults,
  readyShare,
} from '../../../src/core/setup/plate.ts';
import type { PixelBox } from '../../../src/core/units.ts';

const size = { width: 60, height: 45 };
const light = 200;
const dark = 40;

/** A light room with somebody dark in a box, as a stream shows it: with a little noise. */
function roomWith(body: PixelBox | undefined, seed: number): Uint8Array {
  const rgb = new Uint8Array(size.width * size.height * 3);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const isBody =
        body !== undefined && x >= body.left && x < body.right && y >= body.top && y < body.bottom;
      const noise = ((x * 7 + y * 13 + seed * 31) % 7) - 3;
      rgb.fill((isBody ? dark : light) + noise, (y * size.width + x) * 3, (y * size.width + x + 1) * 3);
    }
  }
  return rgb;
}
const body = (left: number): PixelBox => ({ left, top: 10, right: left + 10, bottom: 40 });

interface Act {
  readonly seconds: number;
  readonly body?: PixelBox;
  /** Whether the detector finds them, second by second. */
  readonly isFound?: (second: number) => boolean;
}

function build(
  acts: readonly Act[],
  from: { plate: Plate; at: number } = { plate: emptyPlate(size), at: 0 },
) {
  let { plate, at } = from;
  for (const { seconds, body: who, isFound = () => true } of acts) {
    for (let second = 0; second < seconds; second++) {
      at += 1;
      const people = who !== undefined && isFound(second) ? [who] : [];
      plate = growPlate(plate, { at, rgb: roomWith(who, at), people });
    }
  }
  return { plate, at };
}

/** Whether anything dark is shown. */
function showsSomebody(plate: Plate): boolean {
  const rgba = drawPlate(plate);
  return rgba.some((value, i) => i % 4 === 0 && rgba[i + 3] === 255 && value < 150);
}

describe('The empty-lobby plate', () => {
  it('shows nothing before a spot has been empty for long enough, by time and not by frames', () => {
    expect(readyShare(build([{ seconds: 15 }]).plate)).toBe(0);
    expect(readyShare(build([{ seconds: 25 }]).plate)).toBe(1);
    let plate = emptyPlate(size);
    for (let frame = 0; frame < 100; frame++) {
      plate = growPlate(plate, { at: frame / 25, rgb: roomWith(undefined, frame), people: [] });
    }
    expect(readyShare(plate)).toBe(0);
  });

  it('never shows whoever is found, and shows the rest around them meanwhile', () => {
    const { plate, at } = build([{ seconds: 60, body: body(25) }]);
    expect(showsSomebody(plate)).toBe(false);
    expect(readyShare(plate)).toBeGreaterThan(0.2);
    expect(readyShare(plate)).toBeLessThan(0.9);
    expect(readyShare(build([{ seconds: 30 }], { plate, at }).plate)).toBe(1);
    // Control: where detections do not count, they are burnt in.
    expect(showsSomebody(build([{ seconds: 60, body: body(25), isFound: () => false }]).plate)).toBe(true);
  });

  it('does not show whoever stands still and is lost by the detector for most of the time', () => {
    const flickering = (second: number) => second % 30 === 0;
    const { plate } = build([{ seconds: 300, body: body(25), isFound: flickering }]);
    expect(showsSomebody(plate)).toBe(false);
    // Control: without doubt for what looks as it did when they were found, half a minute would be enough.
    expect(plateDefaults.clearSeconds).toBeLessThan(30);
  });

  it('takes a spot away again when it looks otherwise and nobody is found there', () => {
    const { plate, at } = build([{ seconds: 40, body: body(25), isFound: () => false }]);
    expect(showsSomebody(plate)).toBe(true);
    const gone = build([{ seconds: 1 }], { plate, at });
    expect(showsSomebody(gone.plate)).toBe(false);
    expect(gone.plate.revision).toBeGreaterThan(plate.revision);
    expect(readyShare(build([{ seconds: 25 }], gone).plate)).toBe(1);
  });

  it('gets on in a busy lobby: who walks through stops the clock and does not set it back', () => {
    const acts = Array.from({ length: 10 }, (_, i): Act[] => [
      { seconds: 7 },
      { seconds: 3, body: body((i * 13) % 50) },
    ]).flat();
    const { plate } = build(acts);
    expect(showsSomebody(plate)).toBe(false);
    expect(readyShare(plate)).toBe(1);
  });

  it('tells its mask cell by cell, and is transparent where nothing is shown', () => {
    const { plate } = build([{ seconds: 60, body: body(25) }]);
    const mask = maskOf(plate);
    expect(mask).toHaveLength(plate.columns * plate.rows);
    const rgba = drawPlate(plate);
    expect(rgba[3]).toBe(mask[0] === '1' ? 255 : 0);
    const first = mask.indexOf('0');
    const [x, y] = [
      (first % plate.columns) * plateDefaults.cellPixels,
      Math.floor(first / plate.columns) * plateDefaults.cellPixels,
    ];
    expect([...rgba.subarray((y * size.width + x) * 4, (y * size.width + x) * 4 + 4)]).toEqual([0, 0, 0, 0]);
  });
});
