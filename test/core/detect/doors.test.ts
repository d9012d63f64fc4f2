import { describe, expect, it } from 'vitest';
import { doorWindows } from '../../../src/core/detect/door-window.ts';
import { lookCloser } from '../../../src/core/detect/look-closer.ts';
import { middleOf, turned } from '../../../src/core/detect/part.ts';
import type { Zone } from '../../../src/core/floor/zones.ts';
import { fitFloorView, project } from '../../../src/core/geometry/homography.ts';
import type { Person, PixelBox } from '../../../src/core/units.ts';

const frame = { width: 960, height: 540 };
const size = { width: 320, height: 256 };
const shown = 2 / 3;

/** A camera 3 m up that looks down by so much along y, with a focal length in pixels. */
const lookingDown =
  (by: number, focal: number) =>
  (x: number, y: number, z = 0) => {
    const [sin, cos] = [Math.sin(by), Math.cos(by)];
    const down = 3 - z;
    const far = y * cos + down * sin;
    return { x: 480 + (focal * x) / far, y: 270 + (focal * (down * cos - y * sin)) / far };
  };
const toPixel = lookingDown(0.35, 800);
const spots = [-3, 0, 3].flatMap((x) => [4, 8, 14].map((y) => ({ x, y })));
const floor = fitFloorView(spots.map((spot) => ({ pixel: toPixel(spot.x, spot.y), floor: spot })))!;
const door = (y: number): Zone => ({
  id: `door-${y}`,
  plane: 'floor',
  kind: 'entrance',
  door: { from: { x: -1, y }, to: { x: 1, y }, inside: { x: 0, y: y - 1 } },
});

describe('A door in the picture', () => {
  it('is the part in which people stand who come in by it, head and feet, of the shape it is looked at in', () => {
    const [window] = doorWindows(floor, [door(14)], frame, shown, size);
    const { left, top, right, bottom } = window!.region;
    expect((right - left) / (bottom - top)).toBeCloseTo(size.width / size.height, 6);
    for (const [x, y] of [
      [-1, 14],
      [1, 14],
      [0, 12.5],
      [0, 14.6],
    ] as const) {
      for (const z of [0, 1.85]) {
        const seen = toPixel(x, y, z);
        expect(seen.x > left && seen.x < right && seen.y > top && seen.y < bottom).toBe(true);
      }
    }
    // Control: further in one is beyond it.
    expect(project(floor.toPixel, { x: 0, y: 8 }).y).toBeGreaterThan(bottom);
  });

  it('is worth a closer look when it is far, and not when it is near', () => {
    const windows = doorWindows(floor, [door(14), door(6)], frame, shown, size);
    expect(windows.map(({ zone, isWorthTwo }) => [zone, isWorthTwo])).toEqual([
      ['door-14', true],
      ['door-6', false],
    ]);
  });

  it('is enough by itself where it shows people large enough, and not where it is most of the picture', () => {
    const windows = doorWindows(floor, [door(14), door(6), door(3.6)], frame, shown, size);
    expect(windows.map(({ zone, isEnough }) => [zone, isEnough])).toEqual([
      ['door-14', true],
      ['door-6', true],
      ['door-3.6', false],
    ]);
  });

  it('is turned until people stand upright in it, where they lean by 13° or more', () => {
    const steep = lookingDown(0.7, 400);
    const view = fitFloorView(spots.map((spot) => ({ pixel: steep(spot.x, spot.y), floor: spot })))!;
    const beside = (x: number): Zone => ({
      ...{ id: `door-${x}`, plane: 'floor', kind: 'entrance' },
      door: { from: { x, y: 3.4 }, to: { x, y: 5.4 }, inside: { x: x - Math.sign(x), y: 4.4 } },
    });
    for (const x of [-4, 4]) {
      const [window] = doorWindows(view, [beside(x)], frame, shown, size);
      const at = { x: x - 0.6 * Math.sign(x), y: 4.4 };
      const middle = middleOf(window!.region);
      const inPart = (z: number) => turned(steep(at.x, at.y, z), middle, -window!.turn);
      expect(Math.abs(inPart(1.9).x - inPart(0).x)).toBeLessThan(1);
      // Control: in the picture they lean outwards.
      expect((steep(at.x, at.y, 1.9).x - steep(at.x, at.y).x) * Math.sign(x)).toBeGreaterThan(40);
      for (const z of [0, 1.85]) {
        const seen = inPart(z);
        const { left, top, right, bottom } = window!.region;
        expect(seen.x > left && seen.x < right && seen.y > top && seen.y < bottom).toBe(true);
      }
      expect(window!.isWorthTwo).toBe(true);
    }
    const [ahead] = doorWindows(floor, [door(14)], frame, shown, size);
    expect(ahead!.turn).toBe(0);
  });

  it('is none where its place is partly behind the camera, or beyond the picture, or no entrance', () => {
    expect(doorWindows(floor, [door(-1)], frame, shown, size)).toEqual([]);
    const beside = {
      ...door(14),
      door: { from: { x: 40, y: 14 }, to: { x: 42, y: 14 }, inside: { x: 41, y: 13 } },
    };
    expect(doorWindows(floor, [beside as Zone], frame, shown, size)).toEqual([]);
    const hall: Zone = { id: 'hall', plane: 'floor', kind: 'queue', polygon: spots.slice(0, 3) };
    expect(doorWindows(floor, [hall], frame, shown, size)).toEqual([]);
  });
});

describe('A closer look', () => {
  const part = { region: { left: 400, top: 100, right: 600, bottom: 260 }, turn: 0 };
  const at = (left: number, top: number, right: number, bottom: number, score: number): Person => ({
    box: { left, top, right, bottom },
    score,
  });
  const boxes = (people: readonly Person[]): PixelBox[] => people.map(({ box }) => box);

  it('shows feet where they are: its box takes the place of the coarse one, and all others stay', () => {
    const coarse = at(450, 120, 470, 160, 0.6);
    const close = at(450, 120, 471, 166, 0.7);
    const elsewhere = at(100, 200, 160, 400, 0.8);
    expect(lookCloser([elsewhere, coarse], [close], part, frame)).toEqual([elsewhere, close]);
  });

  it('finds who was not found, and lets go of faint boxes it does not show, not of sure ones', () => {
    const [faint, sure] = [at(500, 120, 520, 160, 0.3), at(540, 120, 560, 160, 0.6)];
    const found = at(450, 120, 471, 166, 0.5);
    expect(lookCloser([sure, faint], [found], part, frame)).toEqual([sure, found]);
  });

  it('says nothing of whom its edge cuts, and of whoever stands half beyond it', () => {
    const cut = at(450, 200, 480, 259, 0.7);
    expect(lookCloser([], [cut], part, frame)).toEqual([]);
    const whole = at(500, 190, 540, 320, 0.6);
    const upper = at(502, 191, 538, 255, 0.8);
    expect(boxes(lookCloser([whole], [upper], part, frame))).toEqual([whole.box]);
    // Control: beyond the picture there is nobody to be cut off.
    const atEdge = { region: { ...part.region, left: -20 }, turn: 0 };
    const leftmost = at(-19, 150, 20, 220, 0.7);
    expect(lookCloser([], [leftmost], atEdge, frame)).toEqual([leftmost]);
  });
});
