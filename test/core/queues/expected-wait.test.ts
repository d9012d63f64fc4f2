import { describe, expect, it } from 'vitest';
import { expectedWait, holdServices } from '../../../src/core/queues/expected-wait.ts';

const minutes = Array.from({ length: 12 }, () => 60);
const serving = { waiting: 0, elapsed: [0], free: 0, services: holdServices(minutes) };

describe('What a newcomer will wait', () => {
  it('is what remains of the service, and one for each party ahead', () => {
    const none = expectedWait(serving)!;
    expect(none).toBeGreaterThan(50);
    expect(none).toBeLessThan(65);
    expect(expectedWait({ ...serving, waiting: 3 })! - none).toBeCloseTo(180);
    expect(expectedWait({ ...serving, elapsed: [40] })!).toBeLessThan(none - 30);
  });

  it('is shared between the counters that serve', () => {
    const one = expectedWait({ ...serving, waiting: 4 })!;
    const two = expectedWait({ ...serving, waiting: 4, elapsed: [0, 0] })!;
    expect(two).toBeCloseTo(one / 2, 0);
  });

  it('is nothing at a free counter', () => {
    expect(expectedWait({ ...serving, elapsed: [], free: 1 })).toBe(0);
  });

  it('is not known before three services, and while nobody serves', () => {
    expect(expectedWait({ ...serving, services: holdServices([60, 60]) })).toBeUndefined();
    expect(expectedWait({ ...serving, elapsed: [] })).toBeUndefined();
  });

  it('is not made long by one case that took all morning', () => {
    const long = expectedWait({ ...serving, waiting: 4, services: holdServices([...minutes, 7200]) })!;
    expect(long).toBeLessThan(1.4 * expectedWait({ ...serving, waiting: 4 })!);
  });
});
