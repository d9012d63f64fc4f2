import { describe, expect, it } from 'vitest';
import { closeUpOf } from '../../../src/core/head/close-up.ts';

describe('The close-up of somebody', () => {
  it('is a square around their upper part, with some room', () => {
    const { left, top, right, bottom } = closeUpOf({ left: 100, top: 200, right: 140, bottom: 300 });
    expect(right - left).toBeCloseTo(87.5);
    expect(bottom - top).toBeCloseTo(87.5);
    expect((left + right) / 2).toBeCloseTo(120);
    expect(top).toBeLessThan(200);
    expect(bottom).toBeGreaterThan(270);
    expect(bottom).toBeLessThan(300);
  });

  it('is as wide as who is wider than tall, and may reach beyond the picture', () => {
    const { left, top, right } = closeUpOf({ left: 0, top: 0, right: 200, bottom: 100 });
    expect(right - left).toBeCloseTo(250);
    expect(left).toBeCloseTo(-25);
    expect(top).toBeLessThan(0);
  });
});
