import { describe, expect, it } from 'vitest';
import { healAfterSeconds, noSight, tellAfterSeconds } from '../../../src/core/sight/judge-sight.ts';
import type { BlindReason } from '../../../src/core/sight/watch.ts';
import { behind, blurred, dimmed, judge, type Paint, roomOf, shifted, turned } from './pictures.ts';

const room = roomOf();
const learnt = judge([{ seconds: 15, paint: room }]).state;
const faults: readonly (readonly [string, BlindReason, Paint])[] = [
  ['the light is off', 'dark', dimmed(room, 0.02)],
  ['a cloth hangs before it', 'covered', () => 140],
  ['a bag leaves a strip of it free', 'covered', behind(room, 0, 0.85)],
  ['it is out of focus', 'defocused', blurred(room, 4)],
  ['it was nudged by a fiftieth of its width', 'moved', shifted(room, 7, 4)],
  ['it was turned by five degrees', 'moved', turned(room, 5)],
  ['it looks somewhere else', 'moved', roomOf(99)],
];

describe('A camera is told as blind', () => {
  it.each(faults)('when %s: in time, with the reason, until it is well again', (_, why, paint) => {
    const { told } = judge(
      [
        { seconds: 12, paint },
        { seconds: 6, paint: room },
      ],
      learnt,
    );
    expect(told).toMatchObject([{ why }]);
    const begun = learnt.at! + 0.2;
    expect(told[0]!.from - begun).toBeCloseTo(tellAfterSeconds[why], 1);
    expect(told[0]!.until! - begun - 12).toBeCloseTo(healAfterSeconds, 1);
  });

  it.each([1.5, 2, 12])('as soon at %d frames a second', (fps) => {
    const state = judge([{ seconds: 20, paint: room, fps }]).state;
    for (const [, why, paint] of faults.slice(0, 5)) {
      const { told } = judge([{ seconds: 8, paint, fps }], state);
      expect(told).toMatchObject([{ why }]);
      expect(told[0]!.from - state.at!).toBeLessThan(tellAfterSeconds[why] + 2 / fps + 0.3);
    }
  });

  it('when its picture stands still, though it never did before', () => {
    const lively = judge([{ seconds: 30, paint: room }]).state;
    const { told } = judge(
      [
        { seconds: 8, paint: room, still: true },
        { seconds: 5, paint: room },
      ],
      lively,
    );
    expect(told).toMatchObject([{ why: 'frozen' }]);
    expect(told[0]!.from - lively.at!).toBeLessThan(tellAfterSeconds.frozen + 1);
    expect(told[0]!.until).toBeDefined();
  });

  it('when it gives too few frames, and not for a stall of some seconds', () => {
    const slow = judge([{ seconds: 40, paint: room, fps: 0.6 }], learnt);
    expect(slow.told).toMatchObject([{ why: 'too-slow' }]);
    expect(judge([{ seconds: 40, paint: room, fps: 1.2 }], learnt).told).toEqual([]);
    const stalled = judge(
      [
        { seconds: 9, paint: room, fps: 0.25 },
        { seconds: 20, paint: room },
      ],
      learnt,
    );
    expect(stalled.told).toEqual([]);
  });

  it('from its first picture on, if it shows nothing at all', () => {
    expect(judge([{ seconds: 4, paint: () => 0 }]).told).toMatchObject([{ why: 'dark' }]);
    expect(judge([{ seconds: 4, paint: () => 180 }]).told).toMatchObject([{ why: 'covered' }]);
  });
});

describe('A frame is not trusted', () => {
  it.each(faults)('from the first on when %s, before anything is told', (_, why, paint) => {
    const { verdicts, told } = judge([{ seconds: 1, paint }], learnt);
    expect(told).toEqual([]);
    expect(verdicts.every((one) => !one.trusted && one.why === why)).toBe(true);
  });

  it('control: a good one is', () => {
    expect(judge([{ seconds: 3, paint: room }], learnt).verdicts.every(({ trusted }) => trusted)).toBe(true);
  });
});

describe('A camera is not blind', () => {
  it('when people stand before half of what it sees', () => {
    const crowd = behind(behind(room, 0.05, 0.3, 0.3), 0.45, 0.75, 0.25);
    const { told, verdicts } = judge([{ seconds: 30, paint: crowd }], learnt);
    expect(told).toEqual([]);
    expect(verdicts.every(({ trusted }) => trusted)).toBe(true);
  });

  it('when somebody hides all of it for a second', () => {
    const wiped = judge(
      [
        { seconds: 1, paint: () => 90 },
        { seconds: 5, paint: room },
      ],
      learnt,
    );
    expect(wiped.told).toEqual([]);
  });

  it('when evening falls slowly, or half the lamps go out at once', () => {
    const lights = Array.from({ length: 61 }, (_, i) => dimmed(room, 1 - i / 75));
    const evening = (at: number): Paint => lights[Math.min(60, Math.floor(at / 2))]!;
    expect(judge([{ seconds: 120, paint: room, over: evening, fps: 1.5 }], learnt).told).toEqual([]);
    expect(judge([{ seconds: 20, paint: dimmed(room, 0.3) }], learnt).told).toEqual([]);
  });

  it('when an empty lobby is rendered without noise: to the byte the same is nothing new there', () => {
    const { told } = judge([{ seconds: 60, paint: room, noise: 0 }]);
    expect(told).toEqual([]);
  });

  it('when it smooths its noise away and only somebody who walks moves in it', () => {
    const walking = (at: number): Paint => behind(room, (at % 10) / 11, (at % 10) / 11 + 0.1, 0.3);
    const { told } = judge([
      { seconds: 40, paint: room, over: walking, noise: 0 },
      { seconds: 30, paint: room, noise: 0 },
    ]);
    expect(told).toEqual([]);
  });
});

describe('What is learnt', () => {
  it('is never learnt from a fault: a camera that was moved stays so until its view comes back', () => {
    const { told } = judge(
      [
        { seconds: 150, paint: shifted(room, 9, 0), fps: 1.5 },
        { seconds: 6, paint: room },
      ],
      learnt,
    );
    expect(told).toHaveLength(1);
    expect(told[0]!.until! - learnt.at!).toBeGreaterThan(150);
  });

  it('does not go along with a mount that sags a hair at a time', () => {
    const stages = Array.from({ length: 14 }, (_, i) => shifted(room, 0, i));
    const sagging = (at: number): Paint => stages[Math.floor(at / 30)]!;
    const { told } = judge([{ seconds: 400, paint: room, over: sagging, fps: 1.5 }]);
    expect(told).toMatchObject([{ why: 'moved' }]);
  });

  it('follows furniture that was put somewhere else', () => {
    const cabinet = behind(room, 0.6, 0.8, 0.4);
    const { state, told } = judge([{ seconds: 150, paint: cabinet, fps: 1.5 }], learnt);
    expect(told).toEqual([]);
    expect(judge([{ seconds: 5, paint: cabinet }], state).verdicts.every(({ trusted }) => trusted)).toBe(
      true,
    );
  });

  it('is plain data of bounded size, and leaves what it was given as it was', () => {
    const before = JSON.stringify(learnt);
    const later = judge([{ seconds: 60, paint: room }], learnt).state;
    expect(JSON.stringify(learnt)).toBe(before);
    expect(JSON.parse(JSON.stringify(later))).toEqual(later);
    expect(later.framesAt.length).toBeLessThanOrEqual(51);
    expect(JSON.stringify(noSight).length).toBeLessThan(100);
  });
});
