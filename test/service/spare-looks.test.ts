import { describe, expect, it } from 'vitest';
import { columns, type Reading, rows } from '../../src/core/sight/read-picture.ts';
import { createSpareLooks } from '../../src/service/spare-looks.ts';
import { chance } from '../scenes/chance.ts';

const frame = { width: 640, height: 360 };
const somebody = { box: { left: 1, top: 1, right: 2, bottom: 3 }, score: 0.9 };
const door = {
  zone: 'door',
  region: { left: 0, top: 0, right: 100, bottom: 100 },
  isWorthTwo: true,
  isEnough: true,
  turn: 0,
};

/** An empty hall with a sensor's grain, in another light, or with a square that has changed. */
function picture(seed: number, { light = 0, at }: { light?: number; at?: readonly [number, number] } = {}) {
  const random = chance(seed);
  const cells = Array.from({ length: columns * rows }, (_, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    const isChanged = at !== undefined && Math.abs(x - at[0]) < 2 && Math.abs(y - at[1]) < 2;
    return Math.round(900 + 3 * x + light + 12 * (random() - 0.5) + (isChanged ? 200 : 0));
  });
  return { at: 0, cells, mean: 100, spread: 10, sharpness: 50 } satisfies Reading;
}

function begin() {
  const spare = createSpareLooks();
  spare.note(picture(1));
  expect(spare.need(10, [door], frame)).toBe('hall');
  spare.looked(10, [somebody]);
  return spare;
}

describe('A picture in which nothing moved since the last look', () => {
  it('needs no look, whatever its grain and though the light has changed, and the same people are there', () => {
    const spare = begin();
    for (const [i, light] of [0, 60, -200].entries()) {
      spare.note(picture(2 + i, { light }));
      expect(spare.need(10.2 + 0.2 * i, [door], frame)).toBe('nothing');
    }
    expect(spare.people).toEqual([somebody]);
  });

  it('is looked at all the same once a second: whoever stands still is confirmed', () => {
    const spare = begin();
    spare.note(picture(3));
    expect(spare.need(10.8, [door], frame)).toBe('nothing');
    expect(spare.need(11, [door], frame)).toBe('hall');
  });

  it('is told where something moved beside its doors, and a lone speck is nothing that moved', () => {
    const spare = begin();
    spare.note(picture(3, { at: [100, 50] }));
    const moved = spare.movedBeyond([], frame)!;
    const cell = { wide: frame.width / columns, high: frame.height / rows };
    expect(moved.left).toBeCloseTo(99 * cell.wide, 6);
    expect(moved.right).toBeCloseTo(102 * cell.wide, 6);
    expect(moved.top).toBeCloseTo(49 * cell.high, 6);
    expect(moved.bottom).toBeCloseTo(52 * cell.high, 6);
    const around = { left: 0, top: 0, right: frame.width, bottom: frame.height };
    expect(spare.movedBeyond([around], frame)).toBeUndefined();
    const speck = picture(4);
    speck.cells[30 * columns + 60]! += 400;
    spare.note(speck);
    expect(spare.movedBeyond([], frame)).toBeUndefined();
  });

  it('is looked at where something moved, and at once where that is at a door', () => {
    const spare = begin();
    spare.note(picture(3, { at: [100, 50] }));
    expect(spare.need(10.2, [door], frame)).toBe('hall');
    expect(spare.needsDoor(door, frame)).toBe(false);
    spare.note(picture(4, { at: [10, 10] }));
    expect(spare.need(10.2, [door], frame)).toBe('door');
    expect(spare.needsDoor(door, frame)).toBe(true);
  });

  it('is held against the last look and not the last picture: who creeps is noticed', () => {
    const spare = begin();
    const [empty, full] = [picture(1), picture(1, { at: [100, 50] })];
    const creep = (by: number) =>
      spare.note({
        ...empty,
        cells: empty.cells.map((light, i) => light + ((full.cells[i]! - light) * by) / 200),
      });
    creep(20);
    expect(spare.need(10.2, [], frame)).toBe('nothing');
    creep(40);
    expect(spare.need(10.4, [], frame)).toBe('hall');
  });

  it('holds nobody once what was seen cannot be trusted any more', () => {
    const spare = begin();
    spare.forget();
    spare.note(picture(2));
    expect(spare.need(10.2, [door], frame)).toBe('hall');
    expect(spare.people).toEqual([]);
  });
});
