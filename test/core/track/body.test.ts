import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { project } from '../../../src/core/geometry/homography.ts';
import {
  type Body,
  correctBody,
  type EdgesOff,
  expectEdges,
  moveStature,
  newStature,
} from '../../../src/core/track/body.ts';
import { beginMotion, predict } from '../../../src/core/track/kalman.ts';
import { leanAt, measure, scaleAt, shoeOf, viewOf } from '../../../src/core/track/view.ts';
import type { PixelBox } from '../../../src/core/units.ts';
import { chance } from '../../scenes/chance.ts';
import { cameraAt } from './camera-at.ts';

const camera = cameraAt(15);
const plane = { ...viewOf(camera), floor: camera.floor };
const off: EdgesOff = { across: 2, lower: 2, upper: 2 };
const hidden: EdgesOff = { ...off, lower: 60 };

/** The box of somebody so tall at a place; `shows` of it from the head down. */
function boxAt(at: { x: number; y: number }, tall: number, shows = 1): PixelBox {
  const shoe = project(plane.floor.toPixel, shoeOf(plane, at));
  const [middle, height] = [shoe.x - leanAt(plane, at) / 2, tall * scaleAt(plane, at)];
  const top = shoe.y - height;
  return { left: middle - 12, top, right: middle + 12, bottom: top + shows * height };
}

const begin = (at: { x: number; y: number }, build: number): Body => ({
  motion: beginMotion({ at, spread: [0.04, 0, 0, 0.04] }, 1.2),
  build,
  stature: newStature,
});

/** Comes from 14 m off at 1.2 m/s, looked at five times a second; from some moment on the feet are hidden. */
function comeNearer({ hiddenFrom = 99, noise = 0, guess = 1.7, tall = 1.6 } = {}): Body & { y: number } {
  const random = chance(7);
  let body = begin({ x: 0.5, y: 14 }, guess);
  let y = 14;
  for (let i = 0; i < 20; i++) {
    y -= 0.24;
    const at = { x: 0.5, y };
    const motion = predict(body.motion, 0.2, 1, 1.5);
    body = { ...body, motion, stature: moveStature(body.stature, body.motion, 0.2, 1.5) };
    const isHidden = i >= hiddenFrom;
    const exact = boxAt(at, tall, isHidden ? 0.6 : 1);
    const shake = () => noise * (2 * random() - 1);
    const box = { ...exact, top: exact.top + shake(), bottom: exact.bottom + shake() };
    body = correctBody(body, box, isHidden ? hidden : off, isHidden ? at : measuredAt(box), plane);
  }
  return { ...body, y };
}
const measuredAt = (box: PixelBox) => measure(box, plane, { across: 2, down: 2 }).at;

describe('Place and height, believed together', () => {
  it('are learnt while the feet are seen: how tall somebody is, and where they have got to', () => {
    const { motion, build, stature, y } = comeNearer({ noise: 2 });
    expect(motion.x).toBeCloseTo(0.5, 1);
    expect(Math.abs(motion.y - y)).toBeLessThan(0.15);
    expect(Math.abs(build - 1.6)).toBeLessThan(0.04);
    expect(Math.sqrt(stature.variance)).toBeLessThan(0.06);
  });

  it('tell from the head alone how far somebody has come whose feet were seen before', () => {
    const { motion, build, y } = comeNearer({ hiddenFrom: 8, noise: 1 });
    expect(Math.abs(motion.y - y)).toBeLessThan(0.35);
    expect(Math.abs(build - 1.6)).toBeLessThan(0.05);
  });

  it('control: of whose feet nothing was ever seen, the head tells no place better than the height is known', () => {
    const { motion, y } = comeNearer({ hiddenFrom: 0, guess: 1.9 });
    const off = Math.abs(motion.y - y);
    expect(off).toBeGreaterThan(0.5);
    expect(3 * Math.sqrt(motion.position[3])).toBeGreaterThan(off);
  });

  it('do not take somebody for smaller because something hides their feet', () => {
    const seen = comeNearer({ hiddenFrom: 8 }).build;
    expect(Math.abs(seen - comeNearer().build)).toBeLessThan(0.05);
  });

  it('hang together: whoever is taller than was thought is nearer, if they are known by their head alone', () => {
    const at = { x: 0, y: 10 };
    const body = correctBody(begin(at, 1.6), boxAt(at, 1.6), hidden, at, plane);
    expect(body.stature.place[1]).toBeLessThan(0);
  });

  it('say where each edge of the next box should be, and how far off', () => {
    const at = { x: 1, y: 9 };
    const edges = expectEdges(begin(at, 1.7), plane);
    const box = boxAt(at, 1.7);
    expect(edges.lower.at).toBeCloseTo(box.bottom, 6);
    expect(edges.upper.at).toBeCloseTo(box.top, 6);
    expect(edges.middle.at).toBeCloseTo((box.left + box.right) / 2, 6);
    expect(edges.upper.off).toBeGreaterThan(edges.lower.off);
  });

  it('take little from an edge that is the picture’s', () => {
    const { frame } = camera;
    const at = { x: 0, y: 3.2 };
    const whole = boxAt(at, 1.7);
    const body = begin(at, 1.7);
    const cut = correctBody(body, { ...whole, bottom: frame.height }, off, at, plane);
    const unframed = { ...plane, frame: { ...frame, height: 5_000 } };
    const believed = correctBody(body, { ...whole, bottom: frame.height }, off, at, unframed);
    // Control: were the edge their feet's, they would stand well behind where they do.
    expect(believed.motion.y - at.y).toBeGreaterThan(3 * Math.abs(cut.motion.y - at.y));
  });

  it('stay sane whatever boxes come: every variance above 0, every number a number', () => {
    const edge = fc.double({ min: -200, max: 900, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(edge, edge, edge, edge), { minLength: 1, maxLength: 30 }), (edges) => {
        let body = begin({ x: 0, y: 8 }, 1.7);
        for (const [a, b, c, d] of edges) {
          const box = {
            left: a,
            top: Math.min(b, d),
            right: a + 20 + Math.abs(c),
            bottom: Math.max(b, d) + 1,
          };
          const motion = predict(body.motion, 0.2, 1, 1.5);
          body = correctBody({ ...body, motion }, box, off, { x: 0, y: 8 }, plane);
          const { position, velocity } = body.motion;
          const variances = [position[0], position[3], velocity[0], velocity[3], body.stature.variance];
          expect(variances.every((one) => one > 0 && Number.isFinite(one))).toBe(true);
          expect([body.motion.x, body.motion.y, body.build].every(Number.isFinite)).toBe(true);
        }
      }),
    );
  });

  it('are known less well with every second and every metre', () => {
    const standing = beginMotion({ at: { x: 0, y: 0 }, spread: [1, 0, 0, 1] }, 1);
    const walking = { ...standing, vx: 1.2 };
    const varianceOf = (motion: typeof standing, dt: number) =>
      moveStature(newStature, motion, dt, 1.5).variance;
    expect(varianceOf(standing, 1)).toBeGreaterThan(newStature.variance);
    expect(varianceOf(walking, 1)).toBeGreaterThan(varianceOf(standing, 1));
    expect(varianceOf(walking, 0)).toBe(newStature.variance);
  });
});
