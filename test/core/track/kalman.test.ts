import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginMotion, correct, type Motion, predict, surprise } from '../../../src/core/track/kalman.ts';

const measured = (x: number, y: number, sigma = 0.1) => ({
  at: { x, y },
  spread: [sigma ** 2, 0, 0, sigma ** 2] as const,
});
const [wander, settle] = [1, 1.5];
const walking: Motion = { ...beginMotion(measured(0, 0), 1.2), vx: 1.2, vy: -0.3 };
const spreadOf = ({ position }: Motion) => position[0] + position[3];
const anyTime = fc.double({ min: 0.01, max: 3, noNaN: true });

describe('A belief about where somebody is', () => {
  it('is moved as far by two half steps as by a whole one', () => {
    fc.assert(
      fc.property(anyTime, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (dt, share) => {
        const whole = predict(walking, dt, wander, settle);
        const halves = predict(
          predict(walking, dt * share, wander, settle),
          dt * (1 - share),
          wander,
          settle,
        );
        for (const key of ['x', 'y', 'vx', 'vy'] as const) expect(halves[key]).toBeCloseTo(whole[key], 9);
      }),
    );
  });

  it('goes on at the pace it had, and fades: nobody walks on for ever behind a pillar', () => {
    const soon = predict(walking, 0.2, wander, settle);
    expect(soon.x).toBeGreaterThan(0.2);
    expect(soon.x).toBeLessThan(0.24);
    const late = predict(walking, 60, wander, settle);
    expect(late.x).toBeCloseTo(1.2 * settle, 6);
    expect(Math.hypot(late.vx, late.vy)).toBeLessThan(1e-9);
  });

  it('is less sure the longer nobody has seen them', () => {
    fc.assert(
      fc.property(anyTime, anyTime, (one, more) => {
        const [sooner, later] = [
          predict(walking, one, wander, settle),
          predict(walking, one + more, wander, settle),
        ];
        expect(spreadOf(later)).toBeGreaterThan(spreadOf(sooner));
        expect(spreadOf(sooner)).toBeGreaterThan(spreadOf(walking));
      }),
    );
  });

  it('stays as it is when no time passes', () => {
    expect(predict(walking, 0, wander, settle)).toBe(walking);
  });

  it('is surer after every sight, and lies between what was thought and what was seen', () => {
    fc.assert(
      fc.property(anyTime, fc.double({ min: -2, max: 2, noNaN: true }), (dt, x) => {
        const before = predict(walking, dt, wander, settle);
        const after = correct(before, measured(x, 0));
        expect(spreadOf(after)).toBeLessThan(spreadOf(before));
        expect(after.x).toBeGreaterThanOrEqual(Math.min(before.x, x) - 1e-9);
        expect(after.x).toBeLessThanOrEqual(Math.max(before.x, x) + 1e-9);
      }),
    );
  });

  it('learns how fast somebody walks from seeing them, at any frame rate', () => {
    for (const fps of [1, 2, 5, 12, 25]) {
      let motion = beginMotion(measured(0, 0, 0.03), 1.2);
      for (let n = 1; n <= 4 * fps; n++) {
        motion = correct(predict(motion, 1 / fps, wander, settle), measured((1.2 * n) / fps, 0, 0.03));
      }
      expect(motion.vx).toBeGreaterThan(0.8);
      expect(motion.vx).toBeLessThan(1.6);
      expect(motion.x).toBeCloseTo(4.8, 0);
    }
  });

  it('is more surprised by what is farther, and minds it less when it is vague', () => {
    const near = surprise(walking, measured(0.1, 0)).squared;
    const far = surprise(walking, measured(1, 0)).squared;
    const vague = surprise(predict(walking, 2, wander, settle), measured(3, 0));
    expect(far).toBeGreaterThan(near * 50);
    expect(vague.squared).toBeLessThan(surprise(walking, measured(3, 0)).squared);
  });
});
