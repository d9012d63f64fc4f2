import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fitOf,
  inWords,
  marksOf,
  partnerOf,
  remarksOf,
  viewsOf,
} from '../../../../edge/pages/console/setup/checks.ts';
import {
  frameOf,
  gridLines,
  horizon,
  lensOf,
  meant,
  outline,
  seen,
} from '../../../../edge/pages/console/setup/lens.ts';
import { coordinate, length, readCoordinate } from '../../../../edge/pages/console/setup/names.ts';
import { beginEditor, type Draft, usePoint } from '../../../../edge/pages/console/setup/state.ts';
import {
  fitFloorView,
  type Homography,
  isBefore,
  project,
} from '../../../../src/core/geometry/homography.ts';

/** A camera 3 m up at the near wall that looks into the hall: x to the right, y away from it. */
const toPixel: Homography = [800, 640, 2560, 0, 120, 2600, 0, 1, 4];
const spots = [
  [-3, 0],
  [3, 0],
  [3, 8],
  [-3, 8],
  [0, 3],
  [1, 6],
] as const;
const pairs = spots.map(([x, y], index) => ({
  key: String(index + 1),
  metres: { x, y },
  pixel: project(toPixel, { x, y }),
}));
const view = fitFloorView(pairs.map(({ pixel, metres }) => ({ pixel, floor: metres })))!;
const plate = (zoom?: { by: number; around: { x: number; y: number } }) =>
  lensOf(
    'pixel',
    { left: 0, top: 0, right: 1280, bottom: 720 },
    { width: 640, height: 400 },
    { camera: 'hall', view, zoom },
  );
const plan = lensOf('metres', { left: -5, top: -1, right: 5, bottom: 9 }, { width: 500, height: 600 });
const onFloor = fc.record({
  x: fc.double({ min: -4, max: 4, noNaN: true }),
  y: fc.double({ min: -1, max: 9, noNaN: true }),
});
const draft: Draft = {
  cameras: [{ id: 'hall', source: 'rtsp://10.0.0.9/', framesPerSecond: 5, floor: pairs }],
  zones: [
    {
      id: 'cash',
      kind: 'queue',
      plane: 'floor',
      name: { zh: '现金区', en: 'Cash' },
      corners: [
        { x: -2, y: 2 },
        { x: 0, y: 2 },
        { x: 0, y: 5 },
        { x: -2, y: 5 },
      ],
    },
    {
      id: 'desk',
      kind: 'desk',
      plane: 'floor',
      corners: [
        { x: -1, y: 3 },
        { x: 2, y: 3 },
        { x: 2, y: 4 },
        { x: -1, y: 4 },
      ],
    },
  ],
};

describe('the two pictures that are drawn on', () => {
  test('mean the spot that is seen under the pointer, on both, however far they are zoomed', () => {
    fc.assert(
      fc.property(onFloor, fc.integer({ min: 1, max: 4 }), (spot, by) => {
        for (const lens of [plan, plate({ by, around: { x: 300, y: 200 } })]) {
          const back = meant(lens, 'floor', seen(lens, 'floor', spot)!)!;
          expect(Math.hypot(back.x - spot.x, back.y - spot.y)).toBeLessThan(1e-6);
        }
      }),
    );
  });

  test('do not move where the pointer is when they are zoomed', () => {
    const around = { x: 300, y: 200 };
    const spot = meant(plate(), 'floor', around)!;
    const there = seen(plate({ by: 3, around }), 'floor', spot)!;
    expect(Math.hypot(there.x - around.x, there.y - around.y)).toBeLessThan(1e-6);
  });

  test('mean nothing above the horizon, and nothing on the other camera’s picture', () => {
    const line = horizon(view, { width: 1280, height: 720 })!;
    const above = plate().toScreen({ x: 600, y: line[0].y - 20 });
    const below = plate().toScreen({ x: 600, y: line[0].y + 20 });
    expect(meant(plate(), 'floor', above)).toBeUndefined();
    expect(meant(plate(), 'floor', below)).toBeDefined();
    expect(seen(plate(), 'side', { x: 5, y: 5 })).toBeUndefined();
    expect(seen(plan, 'hall', { x: 5, y: 5 })).toBeUndefined();
  });

  test('cut an outline off where it goes behind the camera, instead of drawing it upside down', () => {
    const behind = { x: 0, y: -9 };
    expect(isBefore(view.toPixel, behind)).toBe(false);
    const shape = [{ x: -1, y: 2 }, { x: 1, y: 2 }, behind];
    const drawn = outline(plate(), 'floor', shape, true);
    expect(drawn).toHaveLength(4);
    const near = seen(plate(), 'floor', shape[0]!)!;
    // Nearer to the camera is lower in the picture: what is cut off lies below what is seen.
    for (const { y } of drawn) expect(y).toBeGreaterThanOrEqual(near.y - 1e-6);
    // The control: the point behind the camera itself would be drawn above.
    expect(plate().toScreen(project(view.toPixel, behind)).y).toBeLessThan(near.y);
  });

  test('have a grid line each metre, and no more than are of use', () => {
    expect(gridLines({ left: -1.5, top: 0, right: 2, bottom: 3 })).toHaveLength(4 + 4);
    expect(gridLines({ left: 0, top: 0, right: 5000, bottom: 5000 }).length).toBeLessThanOrEqual(120);
  });

  test('show at least some metres, also of nothing', () => {
    expect(frameOf([], 1, 6)).toEqual({ left: -3, top: -3, right: 3, bottom: 3 });
    expect(frameOf([{ x: 0, y: 0 }], 1, 6)).toEqual({ left: -4, top: -4, right: 4, bottom: 4 });
  });
});

describe('where the other side of a new point is shown', () => {
  test('is where the fit puts it, as soon as there is one', () => {
    const fit = fitOf(draft, 'hall');
    const at = project(toPixel, { x: 0.5, y: 4 });
    const spot = partnerOf(fit, pairs, 'pixel', at, { x: 9, y: 9 });
    expect([spot.x, spot.y].map((value) => Number(value.toFixed(3)))).toEqual([0.5, 4]);
    const back = partnerOf(fit, pairs, 'metres', { x: 0.5, y: 4 }, { x: 9, y: 9 });
    expect(Math.hypot(back.x - at.x, back.y - at.y)).toBeLessThan(1e-3);
  });

  test('is among the points near it before there is a fit, and in the middle before there is a point', () => {
    const few = { state: 'too-few', lacking: 2 } as const;
    const spot = partnerOf(few, pairs.slice(0, 2), 'pixel', pairs[0]!.pixel, { x: 9, y: 9 });
    expect(Math.hypot(spot.x + 3, spot.y)).toBeLessThan(0.01);
    expect(partnerOf(few, [], 'pixel', { x: 1, y: 1 }, { x: 9, y: 9 })).toEqual({ x: 9, y: 9 });
  });

  test('is not counted in the fit while it is a guess or left out', () => {
    const state = usePoint(beginEditor(draft), 'hall', '6', false);
    const fit = fitOf(state.draft, 'hall');
    expect('points' in fit && fit.points).toHaveLength(5);
  });
});

describe('remarks', () => {
  test('stand where they are about, in few words there and with what to do below', () => {
    const setup = undefined;
    const remarks = remarksOf(draft, viewsOf(draft, setup));
    const overlap = remarks.find(({ kind }) => kind === 'overlaps')!;
    const mark = marksOf(draft, [overlap], 'en')[0]!;
    expect(mark.text).toMatch(/^overlap 1\.0 m²$/);
    expect(mark.at.x).toBeGreaterThan(-1.01);
    expect(mark.at.x).toBeLessThan(2.01);
    expect(inWords(overlap, draft, 'en')).toBe(
      'Cash and Desk overlap by 1.0 m²: people there count for Cash. If that is wrong, move an edge.',
    );
    expect(inWords(overlap, draft, 'zh')).toBe(
      '现金区与柜台重叠 1.0 平方米：站在那里的人算现金区的。如果不对，请移动一条边。',
    );
  });
});

describe('typed coordinates', () => {
  test('are read as they are written here: a true minus, a comma, spaces', () => {
    expect([' −3.20 ', '-3,2', '4', '', 'x', '1e999'].map(readCoordinate)).toEqual([
      -3.2,
      -3.2,
      4,
      undefined,
      undefined,
      undefined,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: -99999, max: 99999 }), (hundredths) => {
        expect(readCoordinate(coordinate(hundredths / 100, true))).toBeCloseTo(hundredths / 100, 9);
      }),
    );
  });

  test('lengths are centimetres below a metre, then metres', () => {
    expect([0.004, 0.06, 0.994, 1.5, Number.NaN].map((value) => length(value, 'en'))).toEqual([
      '0.4 cm',
      '6 cm',
      '99 cm',
      '1.50 m',
      '–',
    ]);
  });
});
