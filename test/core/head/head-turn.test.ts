import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type HeadPoints, turnOf } from '../../../src/core/head/head-turn.ts';
import type { HeadTurn, Person } from '../../../src/core/units.ts';

/** The points of a round head as a camera at its height sees them; x alone matters. */
function headAt(yaw: number, size = 10, middle = 50, score = 0.6): HeadPoints {
  const [sin, cos] = [Math.sin(yaw), Math.cos(yaw)];
  // Across to the person's left, and forward, in head radii.
  const point = (left: number, forward: number) => ({
    x: middle + size * (left * cos + forward * sin),
    y: 20,
    score,
  });
  return [point(0, 1.1), point(0.35, 0.9), point(-0.35, 0.9), point(0.97, 0), point(-0.97, 0)];
}
const apart = (one: number, other: number) =>
  Math.abs(Math.atan2(Math.sin(one - other), Math.cos(one - other)));
const yaws = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });

describe('Where a head is turned', () => {
  it.each([
    ['toward the camera', 0, 0],
    ['to the right of the picture', Math.PI / 2, 1.57],
    ['to the left of it', -Math.PI / 2, -1.57],
  ])('is told: %s', (_, yaw, told) => {
    expect(turnOf(headAt(yaw), 0.35)).toEqual({ yaw: told, score: 0.6 });
  });

  it('is told of who looks away, by their ears having changed places', () => {
    expect(Math.abs(turnOf(headAt(Math.PI), 0.35)!.yaw)).toBeGreaterThan(3.1);
  });

  it('is right to a sixth of a right angle all the way round, if the points are', () => {
    fc.assert(
      fc.property(yaws, (yaw) => {
        expect(apart(turnOf(headAt(yaw), 0.35)!.yaw, yaw)).toBeLessThan(0.26);
      }),
    );
  });

  it('is the same however large the head is in the picture, and wherever', () => {
    fc.assert(
      fc.property(
        yaws,
        fc.integer({ min: 3, max: 90 }),
        fc.integer({ min: 0, max: 900 }),
        (yaw, size, at) => {
          const [here, there] = [turnOf(headAt(yaw), 0.35)!, turnOf(headAt(yaw, size, at), 0.35)!];
          expect(apart(here.yaw, there.yaw)).toBeLessThan(0.011);
        },
      ),
    );
  });

  it('of a mirrored head is the mirrored one', () => {
    fc.assert(
      fc.property(yaws, (yaw) => {
        const [nose, leftEye, rightEye, leftEar, rightEar] = headAt(yaw);
        const flip = (point: typeof nose) => ({ ...point, x: 100 - point.x });
        // In a mirror the left ear is the right one.
        const mirrored = turnOf(
          [flip(nose), flip(rightEye), flip(leftEye), flip(rightEar), flip(leftEar)],
          0,
        );
        expect(
          apart(mirrored!.yaw, -turnOf([nose, leftEye, rightEye, leftEar, rightEar], 0)!.yaw),
        ).toBeLessThan(0.011);
      }),
    );
  });

  it('is not told where the points are too faint', () => {
    expect(turnOf(headAt(1, 10, 50, 0.34), 0.35)).toBeUndefined();
    expect(turnOf(headAt(1, 10, 50, 0.36), 0.35)).toBeDefined();
  });

  it('is not told where the points lie on one spot, or are no numbers', () => {
    expect(turnOf(headAt(0.3, 0.2), 0.35)).toBeUndefined();
    expect(turnOf(headAt(1, 10, 50, Number.NaN), 0.35)).toBeUndefined();
  });

  it('survives a recording as it is: figures of two places, and no minus zero', () => {
    fc.assert(
      fc.property(yaws, fc.double({ min: 0.36, max: 1, noNaN: true }), (yaw, score) => {
        const head = turnOf(headAt(yaw, 10, 50, score), 0.35)!;
        expect(JSON.parse(JSON.stringify(head))).toStrictEqual(head);
        expect(Number(head.yaw.toFixed(2))).toBe(head.yaw);
        expect(Math.abs(head.yaw)).toBeLessThanOrEqual(Math.PI);
      }),
    );
  });

  it('has no field for a point or a picture, and neither has a person', () => {
    expectTypeOf<keyof HeadTurn>().toEqualTypeOf<'yaw' | 'score'>();
    expectTypeOf<keyof Person>().toEqualTypeOf<'box' | 'score' | 'spread' | 'head'>();
    expect(Object.keys(turnOf(headAt(1), 0)!).toSorted()).toEqual(['score', 'yaw']);
  });
});
