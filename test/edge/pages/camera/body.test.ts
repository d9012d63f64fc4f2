import { describe, expect, test } from 'vitest';
import { adviceOf } from '../../../../edge/pages/camera/aim.ts';
import { type Landmark, peopleOf } from '../../../../edge/pages/camera/body.ts';
import { pageSaysSchema } from '../../../../src/contract/browser-camera.ts';

const picture = { width: 640, height: 480 };

/** Somebody who stands upright and faces the camera, from `top` to `bottom`; what is lower than `seenTo` is hidden. */
function standing(
  top: number,
  bottom: number,
  { seenTo = picture.height, x = 320, face = 0 } = {},
): Landmark[] {
  const height = bottom - top;
  const at = (share: number, beside = 0): Landmark => {
    const y = top + share * height;
    return {
      x: (x + beside * height) / picture.width,
      y: y / picture.height,
      visibility: y < seenTo ? 0.95 : 0.2,
    };
  };
  const body = Array.from({ length: 33 }, () => at(0.4));
  const put = (index: number, share: number, beside: number) => {
    body[index] = at(share, beside);
  };
  put(0, 0.075, face * 0.03);
  put(2, 0.064, 0.015 + face * 0.03);
  put(5, 0.064, -0.015 + face * 0.03);
  put(7, 0.07, 0.04);
  put(8, 0.07, -0.04);
  for (const [left, share, beside] of [
    [11, 0.182, 0.11],
    [23, 0.47, 0.05],
    [25, 0.715, 0.05],
    [27, 0.96, 0.05],
    [29, 0.98, 0.05],
    [31, 1, 0.05],
  ] as const) {
    put(left, share, beside);
    put(left + 1, share, -beside);
  }
  return body;
}

describe('People as a page tells of them', () => {
  test('are boxes from crown to shoes, and nothing of their points', () => {
    const [person] = peopleOf([standing(100, 400)], picture);
    expect(Object.keys(person!).sort()).toEqual([
      'bottom',
      'headDegrees',
      'headScore',
      'left',
      'right',
      'score',
      'top',
    ]);
    expect(person!.bottom).toBe(400);
    expect(Math.abs(person!.top - 100)).toBeLessThan(6);
    expect(Math.abs((person!.left + person!.right) / 2 - 320)).toBeLessThan(2);
  });

  test('are boxes to the same place where a counter hides the feet, and say how far off that may be', () => {
    const whole = peopleOf([standing(100, 400)], picture)[0]!;
    const cases = [
      [370, 0.08],
      [300, 0.15],
      [200, 0.3],
    ] as const;
    for (const [seenTo, off] of cases) {
      const [hidden] = peopleOf([standing(100, 400, { seenTo })], picture);
      expect(Math.abs(hidden!.bottom - whole.bottom)).toBeLessThan(12);
      expect(hidden!.bottomOffPx).toBeCloseTo(off * 300, -1);
    }
  });

  test('turn their heads to the side of the picture that they look to', () => {
    const yaw = (face: number) => peopleOf([standing(100, 400, { face })], picture)[0]!.headDegrees!;
    expect(Math.abs(yaw(0))).toBeLessThan(5);
    expect(yaw(1)).toBeGreaterThan(30);
    expect(yaw(-1)).toBeLessThan(-30);
  });

  test('are told once where one body was found twice, and are eight at most', () => {
    expect(peopleOf([standing(100, 400), standing(104, 402, { x: 323 })], picture)).toHaveLength(1);
    expect(peopleOf([standing(100, 400), standing(100, 400, { x: 500 })], picture)).toHaveLength(2);
    const row = Array.from({ length: 10 }, (_, index) => standing(100, 200, { x: 30 + index * 60 }));
    expect(peopleOf(row, picture)).toHaveLength(8);
  });

  test('fit what the box takes', () => {
    const people = peopleOf([standing(-60, 700), standing(100, 400, { seenTo: 200 })], picture);
    expect(pageSaysSchema.safeParse({ kind: 'people', at: 1_790_000_000.123, people }).error).toBeUndefined();
  });
});

describe('Whoever mounts the tablet is told', () => {
  const seen = (body: Landmark[], more = {}) =>
    adviceOf({ mean: 120, people: peopleOf([body], picture), picture, ...more });

  test.each([
    ['good', standing(60, 400)],
    ['far', standing(200, 340)],
    ['near', standing(-40, 620)],
    ['feet', standing(150, 470)],
  ] as const)('%s', (advice, body) => {
    expect(seen(body)).toBe(advice);
  });

  test('that it is dark, tilted or sees nobody, before anything else', () => {
    expect(seen(standing(60, 400), { mean: 20 })).toBe('dark');
    expect(seen(standing(60, 400), { rollDegrees: -12 })).toBe('tilted');
    expect(adviceOf({ mean: 120, people: [], picture })).toBe('nobody');
  });
});
