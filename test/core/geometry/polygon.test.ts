import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inwardSpeed, placeAtDoor } from '../../../src/core/geometry/entrance.ts';
import {
  clipped,
  contains,
  crossingEdges,
  distanceToSegment,
  isWithin,
  segmentsCross,
  signedArea,
  signedDistance,
} from '../../../src/core/geometry/polygon.ts';

const at = (x: number, y: number) => ({ x, y });
const square = [at(0, 0), at(4, 0), at(4, 4), at(0, 4)];
/** A counter one walks around: a U, open at the top. */
const horseshoe = [at(0, 0), at(6, 0), at(6, 4), at(4, 4), at(4, 2), at(2, 2), at(2, 4), at(0, 4)];
const number = fc.double({ min: -2, max: 8, noNaN: true });
const point = fc.record({ x: number, y: number });

describe('A polygon', () => {
  it('is cut off where a box ends, and nothing is left of it beyond', () => {
    const box = { left: 2, top: 1, right: 9, bottom: 3 };
    expect(Math.abs(signedArea(clipped(square, box)))).toBeCloseTo(4, 9);
    expect(clipped(square, { left: -1, top: -1, right: 5, bottom: 5 })).toEqual(square);
    expect(clipped(square, { left: 5, top: 0, right: 9, bottom: 4 })).toEqual([]);
    fc.assert(
      fc.property(point, (one) => {
        const isIn = one.x > box.left && one.x < box.right && one.y > box.top && one.y < box.bottom;
        expect(contains(clipped(square, box), one)).toBe(isIn && contains(square, one));
      }),
    );
  });

  it('contains what is inside, also where it bends back', () => {
    expect([at(2, 2), at(0.1, 3.9)].map((one) => contains(square, one))).toEqual([true, true]);
    expect([at(5, 2), at(-0.1, 2), at(2, 4.1)].map((one) => contains(square, one))).toEqual([
      false,
      false,
      false,
    ]);
    expect([at(1, 3), at(3, 1), at(5, 3)].map((one) => contains(horseshoe, one))).toEqual([true, true, true]);
    expect(contains(horseshoe, at(3, 3))).toBe(false);
  });

  it('contains the same whichever corner comes first and whichever way round', () => {
    fc.assert(
      fc.property(point, fc.nat(7), (one, turn) => {
        const turned = [...horseshoe.slice(turn), ...horseshoe.slice(0, turn)];
        // On an edge to the last bit, either side is right.
        if (Math.abs(signedDistance(horseshoe, one)) < 1e-9) return;
        expect(contains(turned, one)).toBe(contains(horseshoe, one));
        expect(contains(turned.toReversed(), one)).toBe(contains(horseshoe, one));
      }),
    );
  });

  it('gives a point on a shared edge to exactly one of two neighbours', () => {
    const right = square.map(({ x, y }) => at(x + 4, y));
    for (const y of [0.5, 1, 2, 3.999]) {
      expect([contains(square, at(4, y)), contains(right, at(4, y))].filter(Boolean)).toHaveLength(1);
    }
  });

  it('is as far as its nearest edge: negative inside, positive outside', () => {
    expect(signedDistance(square, at(1, 2))).toBe(-1);
    expect(signedDistance(square, at(7, 2))).toBe(3);
    expect(signedDistance(square, at(7, 8))).toBe(5);
    fc.assert(
      fc.property(point, point, (one, other) => {
        const apart = Math.abs(signedDistance(horseshoe, one) - signedDistance(horseshoe, other));
        // Nobody gets nearer to an edge faster than they walk.
        expect(apart).toBeLessThanOrEqual(Math.hypot(one.x - other.x, one.y - other.y) + 1e-9);
      }),
    );
  });

  it('has within it, or within a step of it, whoever its distance says; whoever is on its edge is within it', () => {
    fc.assert(
      fc.property(point, fc.double({ min: 0, max: 3, noNaN: true }), (one, outside) => {
        const metres = signedDistance(horseshoe, one);
        // To the last bit, either answer is right.
        if (Math.abs(metres - outside) < 1e-9) return;
        expect(isWithin(horseshoe, one, outside)).toBe(metres <= outside);
      }),
    );
    const onTheEdge = [at(0, 0), at(6, 3), at(3, 2), at(1, 4)];
    expect(onTheEdge.map((one) => isWithin(horseshoe, one))).toEqual([true, true, true, true]);
    // Control: in the mouth of the horseshoe one is near it and not in it.
    expect([isWithin(horseshoe, at(3, 3)), isWithin(horseshoe, at(3, 3), 1)]).toEqual([false, true]);
  });

  it('has an area, with the sign of its turning', () => {
    expect(signedArea(square)).toBe(16);
    expect(signedArea(square.toReversed())).toBe(-16);
    expect(signedArea(horseshoe)).toBe(20);
    expect(signedArea([at(0, 0), at(1, 1), at(2, 2)])).toBe(0);
  });

  it('that crosses itself is told by its edges', () => {
    expect(crossingEdges([at(0, 0), at(4, 0), at(0, 4), at(4, 4)])).toEqual([2, 4]);
    expect(crossingEdges(square)).toBeUndefined();
    expect(crossingEdges(horseshoe)).toBeUndefined();
    expect(crossingEdges([at(0, 0), at(4, 0), at(2, 3)])).toBeUndefined();
  });

  it('that touches itself is told too', () => {
    expect(crossingEdges([at(0, 0), at(4, 0), at(4, 4), at(2, 0), at(0, 4)])).toBeDefined();
  });

  it('of corners in order around a middle never crosses, however ragged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.5, max: 5, noNaN: true }), { minLength: 3, maxLength: 12 }),
        (reach) => {
          const star = reach.map((length, i) => {
            const angle = (2 * Math.PI * i) / reach.length;
            return at(length * Math.cos(angle), length * Math.sin(angle));
          });
          // Three corners may have the middle outside; a triangle cannot cross anyway.
          expect(crossingEdges(star)).toBeUndefined();
        },
      ),
    );
  });
});

describe('Two stretches', () => {
  it('cross, touch, or do neither', () => {
    expect(segmentsCross(at(0, 0), at(4, 4), at(0, 4), at(4, 0))).toBe(true);
    expect(segmentsCross(at(0, 0), at(4, 0), at(2, 0), at(2, 3))).toBe(true);
    expect(segmentsCross(at(0, 0), at(4, 0), at(1, 0), at(3, 0))).toBe(true);
    expect(segmentsCross(at(0, 0), at(1, 0), at(2, 0), at(3, 0))).toBe(false);
    expect(segmentsCross(at(0, 0), at(4, 0), at(0, 1), at(4, 1))).toBe(false);
  });

  it('a point is as far from one as from its nearest spot, also of no length', () => {
    expect(distanceToSegment(at(0, 0), at(4, 0), at(2, 3))).toBe(3);
    expect(distanceToSegment(at(0, 0), at(4, 0), at(7, 4))).toBe(5);
    expect(distanceToSegment(at(1, 1), at(1, 1), at(4, 5))).toBe(5);
  });
});

describe('A doorway', () => {
  const door = { from: at(0, 0), to: at(0, 2), inside: at(3, 1) };

  it('tells how deep inside somebody stands, and how far beside the posts', () => {
    expect(placeAtDoor(door, at(1.5, 1))).toEqual({ depth: 1.5, beside: 0 });
    expect(placeAtDoor(door, at(-2, 1))).toEqual({ depth: -2, beside: 0 });
    expect(placeAtDoor(door, at(1, 3)).beside).toBe(1);
    expect(placeAtDoor(door, at(1, -0.5)).beside).toBe(0.5);
  });

  it('is the same whichever post was measured first', () => {
    fc.assert(
      fc.property(point, (one) => {
        const turned = { ...door, from: door.to, to: door.from };
        expect(placeAtDoor(turned, one).depth).toBeCloseTo(placeAtDoor(door, one).depth, 9);
        expect(placeAtDoor(turned, one).beside).toBeCloseTo(placeAtDoor(door, one).beside, 9);
      }),
    );
  });

  it('tells how fast somebody goes in, or out', () => {
    expect(inwardSpeed(door, at(1.2, 5))).toBeCloseTo(1.2, 9);
    expect(inwardSpeed(door, at(-0.4, 0))).toBeCloseTo(-0.4, 9);
    expect(inwardSpeed(door, at(0, 1))).toBeCloseTo(0, 9);
  });
});
