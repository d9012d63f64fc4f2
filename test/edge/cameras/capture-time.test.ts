import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrivalTime, MediaTime, TakingMarks } from '../../../edge/cameras/capture-time.ts';

describe('media time', () => {
  it('counts from the first stamp, wherever that is', () => {
    const time = new MediaTime();
    expect([500, 500.1, 500.3].map((stamp) => time.read(stamp, 0.1))).toEqual([
      0,
      expect.closeTo(0.1),
      expect.closeTo(0.3),
    ]);
  });

  it('takes a picture without a stamp as one frame after the last', () => {
    const time = new MediaTime();
    expect([undefined, 7.5, undefined, 7.7].map((stamp) => time.read(stamp, 0.1))).toEqual([
      0,
      0.1,
      0.2,
      expect.closeTo(0.3),
    ]);
  });

  it('goes on one frame later when the stamps go back, as when a clip begins again', () => {
    const time = new MediaTime();
    expect([8, 8.1, 2, 2.5].map((stamp) => time.read(stamp, 0.1))).toEqual(
      [0, 0.1, 0.2, 0.7].map((at) => expect.closeTo(at)),
    );
  });

  it('always grows, whatever the stamps', () => {
    const stamp = fc.option(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(stamp, { minLength: 2 }), (stamps) => {
        const time = new MediaTime();
        const read = stamps.map((one) => time.read(one, 0.04));
        return read.every((at, index) => index === 0 || at > read[index - 1]!);
      }),
    );
  });
});

describe('marks for taking pictures', () => {
  /** How many of a source's pictures are taken in a minute. */
  const takenOf = (sourceRate: number, asked: number, jitter: (n: number) => number = () => 0) => {
    const marks = new TakingMarks(asked);
    let taken = 0;
    for (let n = 0; n < sourceRate * 60; n += 1) if (marks.takes(n / sourceRate + jitter(n))) taken += 1;
    return taken;
  };

  it('keep the rate asked, whatever the source gives above it', () => {
    for (const rate of [5, 6, 10, 12, 12.5, 15, 24, 25, 29.97, 30]) {
      expect(takenOf(rate, 5)).toBeGreaterThanOrEqual(299);
      expect(takenOf(rate, 5)).toBeLessThanOrEqual(301);
    }
  });

  it('keep the rate when the source jitters', () => {
    expect(takenOf(25, 5, (n) => ((n * 7) % 5) * 0.007)).toBeGreaterThan(297);
  });

  it('take all that a slow source gives', () => {
    expect(takenOf(2, 5)).toBe(120);
  });

  it('are not caught by counting: after a gap there is no rush to make up for it', () => {
    const marks = new TakingMarks(5);
    const times = [0, 0.1, 0.2, 30, 30.1, 30.2, 30.3, 30.4];
    expect(times.filter((time) => marks.takes(time))).toEqual([0, 0.2, 30, 30.2, 30.4]);
  });
});

describe('the time a live picture was taken', () => {
  const START = 1_700_000_000;
  /** 10 pictures a second, the network holding each back by so much. */
  const moments = (delays: readonly number[], clockRuns = 1) => {
    const time = new ArrivalTime();
    return delays.map((delay, n) => time.moment((n / 10) * clockRuns, START + n / 10 + delay));
  };

  it('is not known for those that piled up while the stream was opened', () => {
    const time = new ArrivalTime();
    const given = Array.from({ length: 10 }, (_, n) => time.moment(n / 10, START + 1));
    expect(given).toEqual(Array.from({ length: 10 }, () => undefined));
    expect(time.moment(1, START + 1.08)).toBeCloseTo(START + 1.08);
  });

  it('is given after a second all the same, to a source that is always faster than life', () => {
    const time = new ArrivalTime();
    const given = Array.from({ length: 40 }, (_, n) => time.moment(n, START + n * 0.05));
    expect(given[19]).toBeUndefined();
    expect(given[21]).toBeDefined();
  });

  it('is as even as the camera, though the network jitters', () => {
    const given = moments(Array.from({ length: 200 }, (_, n) => 0.02 + ((n * 37) % 11) * 0.01)).slice(20);
    const steps = given.slice(1).map((moment, index) => moment! - given[index]!);
    for (const step of steps) expect(Math.abs(step - 0.1)).toBeLessThan(0.001);
  });

  it('leans on the least delay seen', () => {
    expect(moments([0.1, 0.1, 0.02, 0.1, 0.1]).at(-1)).toBeCloseTo(START + 0.4 + 0.02, 3);
  });

  it('follows a camera clock that runs slow or fast by 0.03 % for an hour', () => {
    for (const runs of [0.9997, 1.0003]) {
      const given = moments(
        Array.from({ length: 36_000 }, () => 0.03),
        runs,
      );
      expect(Math.abs(given.at(-1)! - (START + 3599.9 + 0.03))).toBeLessThan(0.05);
    }
  });

  it('starts anew when a clock was set, and still grows', () => {
    const time = new ArrivalTime();
    time.moment(0, START);
    const before = time.moment(0.1, START + 0.1)!;
    const after = time.moment(0.2, START + 3600)!;
    expect(after).toBeCloseTo(START + 3600);
    expect(after).toBeGreaterThan(before);
  });

  it('always grows', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { minLength: 3 }), (delays) => {
        const given = moments(delays).filter((moment) => moment !== undefined);
        return given.every((moment, index) => index === 0 || moment > given[index - 1]!);
      }),
    );
  });
});
