import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FloorPair, project } from '../../../src/core/geometry/homography.ts';
import {
  assessFloor,
  guessPixel,
  guessSpot,
  measured,
  metresPerPixel,
  shakeOf,
} from '../../../src/core/setup/floor-fit.ts';
import { demoView } from './demo-view.ts';

const camera = demoView.toPixel;
const at = (x: number, y: number, off = { x: 0, y: 0 }): FloorPair => {
  const pixel = project(camera, { x, y });
  return { pixel: { x: pixel.x + off.x, y: pixel.y + off.y }, floor: { x, y } };
};
const corners = [at(-4, -3), at(2, -3), at(2, 1.5), at(-4, 3)];
const viewOf = (pairs: readonly FloorPair[]) => {
  const fit = assessFloor(pairs);
  if (!('view' in fit) || fit.view === undefined) throw new Error(`no floor: ${fit.state}`);
  return fit.view;
};

describe('Floor points', () => {
  it('say how many are lacking until there are four', () => {
    expect(assessFloor([])).toEqual({ state: 'too-few', lacking: 4 });
    expect(assessFloor(corners.slice(1))).toEqual({ state: 'too-few', lacking: 1 });
  });

  it('prove nothing when there are exactly four, however well they fit', () => {
    const fit = assessFloor(corners);
    expect(fit).toMatchObject({ state: 'four' });
    expect('worstMetres' in fit && fit.worstMetres).toBeLessThan(1e-6);
    expect('points' in fit && fit.points.every((one) => one.withoutMetres === undefined)).toBe(true);
    // Control: a point that was aimed half a metre wrong is off by nothing either.
    const wrong = assessFloor([...corners.slice(0, 3), at(-4, 3, { x: 25, y: 3 })]);
    expect('worstMetres' in wrong && wrong.worstMetres).toBeLessThan(1e-6);
  });

  it('fit from the fifth on, and say how far each is off, with it and without it', () => {
    const fit = assessFloor([...corners, at(0, 0, { x: 4, y: 0 })]);
    if (fit.state !== 'fits') throw new Error(fit.state);
    expect(fit.worstMetres).toBeGreaterThan(0.01);
    const fifth = fit.points[4]!;
    // The other four make the floor by themselves: without it, it is off by all of the aim.
    const { toFloor } = viewOf(corners);
    const lands = project(toFloor, {
      x: project(camera, { x: 0, y: 0 }).x + 4,
      y: project(camera, { x: 0, y: 0 }).y,
    });
    expect(fifth.withoutMetres).toBeCloseTo(Math.hypot(lands.x, lands.y), 6);
    expect(fifth.withoutMetres!).toBeGreaterThan(fifth.offMetres);
  });

  it('are said to be crossed when two have changed places', () => {
    const [one, two, three, four] = corners as [FloorPair, FloorPair, FloorPair, FloorPair];
    const swapped = [{ ...one, pixel: two.pixel }, { ...two, pixel: one.pixel }, three, four];
    expect(assessFloor(swapped)).toMatchObject({ state: 'crossed', why: 'crossed' });
    expect(assessFloor(corners).state).not.toBe('crossed');
  });

  it('are said to be in a line when they are, or three of four are', () => {
    expect(assessFloor([at(-4, 0), at(-1, 0), at(2, 0), at(4, 0)])).toMatchObject({ why: 'in-a-line' });
    expect(assessFloor([at(-4, 0), at(0, 0), at(4, 0), at(0, 3)])).toMatchObject({ why: 'in-a-line' });
    expect(assessFloor([at(-4, 0), at(0, 1.5), at(4, 0), at(0, 3)]).state).not.toBe('crossed');
  });

  it('name the one that misses the floor of the others by more than half a metre', () => {
    const far = { ...at(0, 2), floor: { x: 2.5, y: 2 } };
    expect(assessFloor([...corners, at(0, 0), at(2, 1), far])).toMatchObject({
      state: 'crossed',
      why: 'far-off',
      point: 7,
    });
  });

  it('are weak when they are bunched and zones lie elsewhere', () => {
    const bunched = [at(0, 0), at(0.5, 0), at(0.5, 0.5), at(0, 0.5), at(0.2, 0.3)];
    const zone = [{ x: -4, y: -2 }];
    expect(assessFloor(bunched, zone)).toMatchObject({ state: 'weak', why: 'bunched' });
    expect(assessFloor([...corners, at(0, 0)], zone)).toMatchObject({ state: 'fits' });
  });

  it('are weak when a pixel is more than ten centimetres of floor where a zone lies', () => {
    const fit = assessFloor([...corners, at(0, 0)], [{ x: -8, y: -6 }]);
    expect(fit).toMatchObject({ state: 'weak', why: 'coarse' });
    expect('coarsest' in fit && fit.coarsest.metresPerPixel).toBeGreaterThan(0.1);
  });

  const shake = fc.tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
  );
  const places: readonly (readonly [number, number])[] = [
    [-4, -3],
    [2, -3],
    [2, 1.5],
    [-4, 3],
    [0, 0],
    [1, 0],
    [-2, -1],
  ];

  it('aimed a pixel off and no more, put no spot farther off than three times what is told', () => {
    fc.assert(
      fc.property(
        fc.array(shake, { minLength: 7, maxLength: 7 }),
        fc.double({ min: -4, max: 4, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (shakes, x, y) => {
          const aimed = places.map(([a, b], i) => at(a, b, { x: shakes[i]![0], y: shakes[i]![1] }));
          const view = viewOf(aimed);
          const told = shakeOf(aimed, view)({ x, y });
          const lands = project(view.toFloor, project(camera, { x, y }));
          expect(Math.hypot(lands.x - x, lands.y - y)).toBeLessThan(3 * told);
          // Control: what one pixel is on the floor is not enough to say so far from bunched points.
          expect(told).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('shake by what refitting with each point aimed a pixel off gives', () => {
    const pairs = places.map(([x, y]) => at(x, y));
    const view = viewOf(pairs);
    for (const spot of [
      { x: 1, y: 0 },
      { x: -4.5, y: -3.5 },
      { x: 2.5, y: -1 },
    ]) {
      const pixel = project(view.toPixel, spot);
      let squares = 0;
      for (const [index, { pixel: aim, floor }] of pairs.entries()) {
        for (const moved of [
          { x: aim.x + 0.1, y: aim.y },
          { x: aim.x, y: aim.y + 0.1 },
        ]) {
          const other = viewOf(pairs.with(index, { floor, pixel: moved }));
          const lands = project(other.toFloor, pixel);
          squares += Math.hypot(lands.x - spot.x, lands.y - spot.y) ** 2 / 0.01;
        }
      }
      expect(shakeOf(pairs, view)(spot) / Math.sqrt(squares)).toBeCloseTo(1, 1);
    }
  });

  it('find the partner of a point, both ways, and nothing above the horizon or behind the camera', () => {
    const view = viewOf([...corners, at(0, 0)]);
    const pixel = guessPixel(view, { x: 1, y: 2 })!;
    expect(guessSpot(view, pixel)!.x).toBeCloseTo(1, 5);
    expect(guessSpot(view, pixel)!.y).toBeCloseTo(2, 5);
    expect(guessPixel(view, { x: 8, y: 8 })).toBeUndefined();
    expect(guessSpot(view, { x: 400, y: -2000 })).toBeUndefined();
  });

  it('measure what a tape would, and say how much a pixel is near and far', () => {
    const view = viewOf([...corners, at(0, 0)]);
    expect(measured(view, at(0, 0).pixel, at(2.4, 0).pixel)).toBeCloseTo(2.4, 5);
    const [near, far] = [metresPerPixel(view, { x: 2, y: 1.5 }), metresPerPixel(view, { x: -4, y: -3 })];
    expect(far).toBeGreaterThan(near);
    // As a step of one pixel in the worse direction.
    const base = project(camera, { x: -4, y: -3 });
    const moves = Array.from({ length: 360 }, (_, i) => {
      const turn = (i * Math.PI) / 180;
      const there = project(view.toFloor, {
        x: base.x + 1e-4 * Math.cos(turn),
        y: base.y + 1e-4 * Math.sin(turn),
      });
      return Math.hypot(there.x + 4, there.y + 3) / 1e-4;
    });
    expect(far).toBeCloseTo(Math.max(...moves), 3);
  });
});
