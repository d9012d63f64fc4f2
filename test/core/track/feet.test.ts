import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feetOfBody, feetOfCovered, feetOfStranger } from '../../../src/core/track/feet.ts';
import type { EdgeSpread, Person } from '../../../src/core/units.ts';

const sharp: EdgeSpread = { left: 2, top: 2, right: 2, bottom: 2 };
const person = (top: number, bottom: number, spread?: EdgeSpread, score = 0.8): Person => ({
  box: { left: 100, top, right: 140, bottom },
  score,
  ...(spread === undefined ? {} : { spread }),
});
const known = { height: 100, heightOff: 4, sightings: 20 };

describe('Where the feet are', () => {
  it('is where the box ends, if that edge is sharp and the body is as tall as it was', () => {
    const { box, spread } = feetOfBody(person(100, 200, sharp), known, 0.035);
    expect(box.bottom).toBeCloseTo(200, 6);
    expect(spread.down).toBeLessThan(0.04 * 100);
  });

  it('is told by the head where the detector does not see the lower edge well', () => {
    const vague = { ...sharp, bottom: 30 };
    // A counter: the box ends at any height, and the head says 200.
    const { box } = feetOfBody(person(100, 185, vague), known, 0.035);
    expect(box.bottom).toBeGreaterThan(195);
    expect(feetOfBody(person(100, 196, vague), known, 0.035).box.bottom).toBeGreaterThan(199.5);
  });

  it('is told by the lower edge where the head is not seen well', () => {
    const vague = { ...sharp, top: 30 };
    expect(feetOfBody(person(120, 200, vague), { ...known, height: 80 }, 0.035).box.bottom).toBe(200);
    expect(feetOfBody(person(107, 204, vague), known, 0.035).box.bottom).toBeCloseTo(204, 0);
  });

  it('is told by the head of a body that shows half, however sharp the edge of what is in front', () => {
    expect(feetOfBody(person(100, 150, sharp), known, 0.035).box.bottom).toBeGreaterThan(198);
  });

  it('is less told by the head of somebody whose height is hardly known', () => {
    const box = person(100, 190, { ...sharp, bottom: 8 });
    const of = (heightOff: number) => feetOfBody(box, { ...known, heightOff }, 0.035).box.bottom;
    expect(of(15)).toBeLessThan(of(4));
  });

  it('is less told by a lower edge that is where somebody nearer begins', () => {
    const box = person(100, 192, sharp);
    const of = (isCovered: boolean) => feetOfBody(box, { ...known, isCovered }, 0.035);
    expect(of(true).box.bottom).toBeGreaterThan(of(false).box.bottom);
    expect(of(true).edges.lower).toBeGreaterThan(2 * of(false).edges.lower);
    expect(of(true).edges.upper).toBe(of(false).edges.upper);
  });

  it('is told by how much of the body shows, where the detector says nothing of its edges', () => {
    const { box, spread } = feetOfBody(person(100, 200), known, 0.035);
    expect(box).toEqual(person(100, 200).box);
    expect(spread.across).toBeCloseTo(3.5, 9);
    expect(spread.down).toBeCloseTo(3.5, 9);
    expect(feetOfBody(person(100, 150), known, 0.035).box.bottom).toBe(200);
    expect(feetOfBody(person(100, 200, undefined, 0.2), known, 0.035).spread.down).toBeCloseTo(10.5, 9);
  });

  it('of a stranger is where the box ends, and as far off as the detector says', () => {
    const vague = { ...sharp, bottom: 30 };
    expect(feetOfStranger(person(100, 200, vague), 0.035).box).toEqual(person(100, 200).box);
    const down = (spread?: EdgeSpread) => feetOfStranger(person(100, 200, spread), 0.035).spread.down;
    expect(down(vague)).toBe(30);
    expect(down(sharp)).toBeCloseTo(3, 9);
    expect(down()).toBeCloseTo(3.5, 9);
  });

  it('of a stranger behind somebody is somewhere below where the box ends, and the head is as sharp as ever', () => {
    const { edges } = feetOfCovered(person(100, 200, sharp), 0.035);
    expect(edges.lower).toBeGreaterThan(20);
    expect(edges.upper).toBeLessThan(5);
    expect(feetOfCovered(person(100, 200), 0.035).edges.upper).toBeLessThan(5);
  });

  it('lies between where the box ends and where the head says, and is never above the head', () => {
    const off = fc.double({ min: 0, max: 200, noNaN: true });
    const spreads = fc.record({ left: off, top: off, right: off, bottom: off });
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 400 }),
        fc.option(spreads, { nil: undefined }),
        fc.integer({ min: 10, max: 400 }),
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        (tall, spread, height, sightings, score) => {
          const { box, spread: told } = feetOfBody(
            person(100, 100 + tall, spread, score),
            { height, heightOff: 0.06 * height, sightings },
            0.035,
          );
          expect(box.bottom).toBeGreaterThanOrEqual(Math.min(100 + tall, 100 + height) - 1e-6);
          expect(box.bottom).toBeLessThanOrEqual(Math.max(100 + tall, 100 + height) + 1e-6);
          expect(box.bottom).toBeGreaterThan(100);
          expect(told.down).toBeGreaterThanOrEqual(1);
          expect(Number.isFinite(told.down + told.across)).toBe(true);
        },
      ),
    );
  });
});
