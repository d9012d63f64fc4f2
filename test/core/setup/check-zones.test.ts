import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitFloorView, project } from '../../../src/core/geometry/homography.ts';
import {
  checkZones,
  type DrawnView,
  type DrawnZone,
  seenBy,
  sureTo,
} from '../../../src/core/setup/check-zones.ts';
import { demoView } from './demo-view.ts';

const camera = demoView.toPixel;
const spots = [
  { x: -4, y: -3 },
  { x: 2, y: -3 },
  { x: 2, y: 1.5 },
  { x: -4, y: 3 },
  { x: 0, y: 0 },
];
const hall: DrawnView = {
  camera: 'hall',
  view: fitFloorView(spots.map((floor) => ({ pixel: project(camera, floor), floor })))!,
  picture: { width: 960, height: 540 },
  spots,
};
const square = (id: string, x: number, y: number, side = 1, more: Partial<DrawnZone> = {}): DrawnZone => ({
  id,
  kind: 'queue',
  polygon: [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
  ],
  ...more,
});
const kinds = (zones: readonly DrawnZone[], views: readonly DrawnView[] = [hall]) =>
  checkZones(zones, views).map(({ zone, severity, kind }) => `${zone} ${severity} ${kind}`);

describe('Zones as they are drawn', () => {
  it('have nothing to be said of when they are right', () => {
    expect(kinds([square('cash', -1, -1), square('desk', 1, -1)])).toEqual([]);
  });

  it('say which two edges cross, and which corner to move', () => {
    const bow: DrawnZone = {
      id: 'cash',
      kind: 'queue',
      polygon: [
        [0, 0],
        [2, 0],
        [0, 1],
        [2, 1],
        [1, 2],
      ],
    };
    const [remark] = checkZones([bow], [hall]);
    expect(remark).toMatchObject({ kind: 'crosses-itself', severity: 'error' });
    if (remark?.kind !== 'crosses-itself') throw new Error('no remark');
    const without = bow.polygon!.filter((_, index) => index !== remark.move - 1);
    expect(kinds([{ ...bow, polygon: without }])).toEqual([]);
  });

  it('need three corners and an area, an entrance a line and a point beside it', () => {
    expect(
      kinds([
        {
          id: 'a',
          kind: 'desk',
          polygon: [
            [0, 0],
            [1, 0],
          ],
        },
      ]),
    ).toEqual(['a error too-few-corners']);
    expect(
      kinds([
        {
          id: 'a',
          kind: 'desk',
          polygon: [
            [0, 0],
            [1, 0],
            [2, 0],
          ],
        },
      ]),
    ).toEqual(['a error no-area']);
    expect(
      kinds([
        {
          id: 'd',
          kind: 'entrance',
          line: [
            [0, 0],
            [0, 1],
          ],
        },
      ]),
    ).toEqual(['d error no-line']);
    const door: DrawnZone = {
      id: 'd',
      kind: 'entrance',
      line: [
        [0, 0],
        [0, 1],
      ],
      inside: [0, 0.4],
    };
    expect(kinds([door])).toEqual(['d error inside-on-line']);
    expect(kinds([{ ...door, inside: [0.5, 0.4] }])).toEqual([]);
  });

  it('are off the floor when they are in pixels by mistake, or behind the camera', () => {
    expect(kinds([square('cash', 400, 300, 60)])).toEqual(['cash error off-the-floor']);
    expect(kinds([square('cash', 8, 8)])).toEqual(['cash error off-the-floor']);
  });

  it('warn of a place no camera sees, and of one where a pixel is too much floor', () => {
    const [left, right] = [square('left', -1, 5, 2), square('far', -8.5, -6)];
    expect(kinds([left])).toEqual(['left warning unseen']);
    expect(kinds([right])).toEqual(['far warning too-far']);
  });

  it('warn of an overlap with its area, and say for whom people there count', () => {
    const remarks = checkZones([square('cash', 0, 0, 2), square('desk', 1, 1, 2)], [hall]);
    expect(remarks).toMatchObject([{ zone: 'cash', kind: 'overlaps', with: 'desk', counts: 'cash' }]);
    expect(remarks[0]?.kind === 'overlaps' && remarks[0].squareMetres).toBeCloseTo(1, 1);
    expect(kinds([square('cash', 0, 0), square('desk', 1, 0)])).toEqual([]);
  });

  it('refuse a name that a wrist has no room for', () => {
    const named = (zh: string, en: string) => square('cash', 0, 0, 1, { name: { zh, en } });
    expect(kinds([named('现金业务办理区', 'Cash')])).toEqual(['cash error name-too-long']);
    expect(kinds([named('现金区', 'Cash desks')])).toEqual(['cash error name-too-long']);
    expect(kinds([named('现金办理区', 'Cash desk')])).toEqual([]);
  });

  it('are held against no floor when no camera has one', () => {
    expect(kinds([square('cash', 400, 300, 60)], [])).toEqual([]);
  });

  it('tell which camera sees how much, and how surely', () => {
    expect(seenBy(square('cash', -1, -1), [hall])).toEqual([{ camera: 'hall', share: 1 }]);
    const { near, far } = sureTo(square('cash', -3, -2, 3), [hall])!;
    expect(near).toBeGreaterThan(0.01);
    expect(far).toBeGreaterThan(near);
    expect(sureTo(square('cash', 8, 8), [hall])).toBeUndefined();
  });

  // Eighths of a metre: whether edges touch is then exact.
  const coordinate = fc.integer({ min: -24, max: 24 }).map((eighths) => eighths / 8);
  const ring = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 8 });

  it('say the same wherever the first corner is and whichever way round they are drawn', () => {
    fc.assert(
      fc.property(ring, fc.nat(7), (polygon, from) => {
        const start = from % polygon.length;
        const turned = [...polygon.slice(start), ...polygon.slice(0, start)];
        const errors = (corners: typeof polygon) =>
          kinds([{ id: 'a', kind: 'desk', polygon: corners }]).filter((one) => one.includes('error'));
        expect(errors(turned)).toEqual(errors(polygon));
        expect(errors(polygon.toReversed())).toEqual(errors(polygon));
      }),
    );
  });
});
