import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare } from '../../../edge/cli/models-compare.ts';
import { compareDetectors } from '../../../edge/detectors/compare-models.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { type BoxesTruth, parseBoxes } from '../../../src/contract/true-boxes.ts';
import type { Person } from '../../../src/core/units.ts';
import type { Detector } from '../../../src/ports/detector.ts';

const clip = join(packageRoot, 'edge', 'demo', 'clip.mp4');
const file = join(packageRoot, 'edge', 'demo', 'boxes.json');
const whole = parseBoxes(readFileSync(file, 'utf8'), file);
const truth: BoxesTruth = { ...whole, frames: whole.frames.slice(0, 6) };

/** One that knows who is there, moved by so many pixels; `asked` is told of each look. */
function knowing(name: string, across: number, asked: (name: string) => void): Detector {
  return {
    name,
    input: { width: 64, height: 36 },
    fit: 'letterbox',
    async detect({ at }) {
      asked(name);
      const { people } = truth.frames.find(({ t }) => Math.abs(t - at) < 0.02)!;
      return people.map(
        ({ box: [left, top, width, height] }): Person => ({
          box: { left: left + across, top, right: left + width + across, bottom: top + height },
          score: 0.9,
        }),
      );
    },
    close: async () => undefined,
  };
}

describe('Comparing models', () => {
  it('holds each against the same frames, in turn and then the other way round', async () => {
    const looks: string[] = [];
    const note = (name: string) => void looks.push(name);
    const { pictures, people, detectors } = await compareDetectors(
      [knowing('right', 0, note), knowing('beside', 500, note)],
      clip,
      truth,
    );
    expect(pictures).toBe(6);
    expect(people).toBeGreaterThan(5);
    expect(detectors).toMatchObject([
      { name: 'right', ap50: 1, recallLow: 1, recallSure: 1, precisionSure: 1 },
      { name: 'beside', recallSure: 0 },
    ]);
    expect(looks.slice(0, 4)).toEqual(['right', 'beside', 'beside', 'right']);
    expect(looks).toHaveLength(12);
  });

  it('refuses a truth of another clip: of another size, or of moments there are not', async () => {
    const note = () => undefined;
    const others: readonly [BoxesTruth, RegExp][] = [
      [{ ...truth, width: 640 }, /its picture is 960×540/],
      [{ ...truth, frames: [{ t: 0.05, people: [] }] }, /no frame at 0\.05 s/],
    ];
    for (const [other, problem] of others) {
      await expect(compareDetectors([knowing('right', 0, note)], clip, other)).rejects.toThrow(problem);
    }
  });

  it('prints a table of the model that ships against a recording of another day, and wants clip and truth together', async () => {
    const lines: string[] = [];
    const { log } = console;
    console.log = (line: string) => void lines.push(line);
    try {
      await compare([join(packageRoot, 'test', 'quality', 'scenes', 'demo', 'recording.jsonl')], {});
    } finally {
      console.log = log;
    }
    expect(lines[0]).toMatch(/^33 frames of the demo, 133 people/);
    expect(lines[1]).toMatch(/^detector +AP50 +AP50:95 +recall at 0\.15/);
    const [, ap50] = /recording\.jsonl on a recording +(\d\.\d{3})/.exec(lines[1]!)!;
    expect(Number(ap50)).toBeGreaterThan(0.9);
    await expect(compare([], { clip })).rejects.toMatchObject({ code: 'LOBBY_OPTION_INVALID' });
  });

  it.each([
    ['{', /not JSON/],
    ['{"width":9,"height":9,"frames":[]}', /frames/],
    [
      '{"width":9,"height":9,"frames":[{"t":2,"people":[]},{"t":1,"people":[]}]}',
      /frames\.1\.t: it must be later/,
    ],
    ['{"width":9,"height":9,"frames":[{"t":1,"people":[{"box":[1,2,3]}]}]}', /frames\.0\.people\.0\.box/],
  ])('refuses boxes that are none: %s', (text, problem) => {
    expect(() => parseBoxes(text, 'boxes.json')).toThrow(problem);
  });
});
