import { describe, expect, it } from 'vitest';
import { cutOut } from '../../../edge/detectors/cut-out.ts';
import { fitInto } from '../../../src/core/detect/fit.ts';
import type { Frame } from '../../../src/ports/camera.ts';

const camera = { width: 400, height: 200 };
const input = { width: 100, height: 100 };
const fit = fitInto(camera, input, 'letterbox');
/** Red grows across, green down, in steps of the camera's pixels ⁄ 4; the pads are bright blue. */
function sloping(): Frame {
  const rgb = new Uint8Array(input.width * input.height * 3);
  for (let row = 0; row < input.height; row++) {
    for (let column = 0; column < input.width; column++) {
      const inside = row >= fit.padTop && row < input.height - fit.padTop;
      rgb.set(
        inside ? [column * 2, (row - fit.padTop) * 4, 0] : [0, 0, 255],
        (row * input.width + column) * 3,
      );
    }
  }
  return { at: 0, camera, input, fit, rgb };
}
const size = { width: 40, height: 20 };
const pixel = (cut: Uint8Array, column: number, row: number) => [
  ...cut.subarray((row * size.width + column) * 3, (row * size.width + column) * 3 + 3),
];

describe('A part cut out of the picture a detector sees', () => {
  it('shows what lies there, scaled', () => {
    const cut = cutOut(sloping(), { left: 100, top: 60, right: 300, bottom: 160 }, size);
    // The middle of the region is the middle of the picture.
    expect(pixel(cut, 20, 10)[0]).toBeCloseTo(99 + 1.25, -1);
    const [first, last] = [pixel(cut, 0, 0), pixel(cut, 39, 19)];
    expect(first[0]).toBeLessThan(55);
    expect(last[0]).toBeGreaterThan(145);
    expect(first[1]).toBeLessThan(last[1]! - 80);
  });

  it('is grey beyond the picture, and shows nothing of the pads around it', () => {
    const cut = cutOut(sloping(), { left: -200, top: -100, right: 200, bottom: 100 }, size);
    expect(pixel(cut, 10, 15)).toEqual([114, 114, 114]);
    expect(pixel(cut, 30, 5)).toEqual([114, 114, 114]);
    expect(pixel(cut, 30, 15)[2]).toBeLessThan(10);
    const whole = cutOut(sloping(), { left: 0, top: 4, right: 400, bottom: 196 }, size);
    expect([...whole].filter((_, index) => index % 3 === 2).every((blue) => blue < 20)).toBe(true);
  });

  it('is all grey where nothing of the picture lies', () => {
    const cut = cutOut(sloping(), { left: 900, top: 0, right: 1000, bottom: 50 }, size);
    expect(cut.every((byte) => byte === 114)).toBe(true);
  });
});
