import { describe, expect, it } from 'vitest';
import type { Zone } from '../../../src/core/floor/zones.ts';
import { canSee, seenZones, type Viewpoint } from '../../../src/core/sight/coverage.ts';
import { rulesAt } from '../../../src/core/sight/rules.ts';
import { blindZonesOf, noWatch, unseenZonesOf, unwatched, watch } from '../../../src/core/sight/watch.ts';
import { bodyMetres, camera, cameraAt, cash, door, zones } from '../story.ts';

const frame = { width: 1280, height: 720 };
const hall: Viewpoint = { id: 'hall', floor: camera.floor!, frame };
const rectangle = (id: string, [x, y]: readonly [number, number], [width, height] = [1, 1]): Zone => ({
  id,
  kind: 'queue',
  plane: 'floor',
  polygon: [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ],
});

describe('A camera sees', () => {
  it('the zones its picture shows', () => {
    expect(seenZones(hall, zones)).toEqual(zones.map(({ id }) => id));
  });

  it('no zone that lies beside its picture, or behind it', () => {
    expect(seenZones(hall, [rectangle('beside', [30, 0]), rectangle('behind', [0, -20])])).toEqual([]);
  });

  it('a zone of which it shows a third, and not one of which it shows less', () => {
    // The right edge of the picture, at the middle of the floor.
    let edge = 0;
    while (canSee(hall, 'floor', { x: edge, y: 0 })) edge += 0.01;
    const zoneWith = (share: number) => rectangle('cut', [edge - 4 * share, -0.05], [4, 0.1]);
    expect(seenZones(hall, [zoneWith(0.45)])).toEqual(['cut']);
    expect(seenZones(hall, [zoneWith(0.2)])).toEqual([]);
  });

  it('everything before it while its picture is not known', () => {
    const { frame: _, ...unknown } = hall;
    expect(seenZones(unknown, [rectangle('beside', [30, 0]), rectangle('behind', [0, -20])])).toEqual([
      'beside',
    ]);
  });

  it('without floor points, the zones in its own pixels', () => {
    const inPixels: Zone = { ...rectangle('mine', [10, 10], [50, 50]), plane: 'door-camera' } as Zone;
    expect(seenZones({ id: 'door-camera' }, [inPixels, cash])).toEqual(['mine']);
  });

  it('somebody close below it, whose feet the picture cuts off', () => {
    let low = 0;
    while (camera.see({ x: 0, y: low }, 0).y < frame.height * 1.2) low -= 0.01;
    expect(camera.see({ x: 0, y: low }, bodyMetres).y).toBeLessThan(frame.height);
    expect(canSee(hall, 'floor', { x: 0, y: low })).toBe(true);
  });
});

describe('A zone is blind', () => {
  const door2: Viewpoint = { id: 'side', floor: cameraAt('side', [8, 0, 4], [0, 0]).floor!, frame };
  const looks = (at: number, before = noWatch, by = hall) => watch(before, at, by, true, zones);
  const waits = (at: number, before = noWatch, by = hall) => watch(before, at, by, false, zones);

  it('when the one camera that sees it has not looked for two seconds', () => {
    const state = looks(10);
    expect(blindZonesOf(state, 11.9).size).toBe(0);
    expect([...blindZonesOf(waits(12, state), 12)]).toEqual(zones.map(({ id }) => id));
    expect(blindZonesOf(looks(14, waits(12, state)), 14).size).toBe(0);
  });

  it('not while another camera looks at it', () => {
    const both = waits(20, looks(20, looks(10), door2));
    expect(blindZonesOf(both, 20).has(door.id)).toBe(false);
    expect(blindZonesOf(waits(23, both), 23).has(door.id)).toBe(true);
  });

  it('not for being out of every picture: that is another matter, and told apart', () => {
    const far = rectangle('vault', [30, 0]);
    const state = watch(noWatch, 1, hall, true, [...zones, far]);
    expect(blindZonesOf(state, 1).has('vault')).toBe(false);
    expect([...unseenZonesOf(state, [...zones, far], [hall])]).toEqual(['vault']);
    expect(unseenZonesOf(noWatch, [...zones, far], [hall]).size).toBe(0);
  });

  it('and each place with a rule says which goes unnoticed', () => {
    expect(rulesAt('entrance')).toEqual(['arrived', 'departed']);
    expect(rulesAt('hall')).toContain('wandering');
  });

  it('gives back the time nobody could look, beyond the two seconds a look is good for', () => {
    const at = { plane: 'floor', at: { x: 0, y: 0 } };
    const state = looks(10);
    expect(unwatched(state, 11, 12, [hall])).toBeUndefined();
    expect(unwatched(state, 10, 40, [hall])!(at)).toBeCloseTo(28);
    expect(unwatched(state, 39, 40, [hall])!(at)).toBeCloseTo(1);
    expect(unwatched(looks(39, state, door2), 39, 40, [hall, door2])!(at)).toBe(0);
    expect(unwatched(state, 39, 40, [hall])!({ plane: 'floor', at: { x: 60, y: 0 } })).toBe(0);
  });
});
