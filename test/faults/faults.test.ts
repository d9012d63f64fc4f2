import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { packageRoot } from '../../edge/package-root.ts';
import { endAll } from '../e2e/service.ts';
import { absent, ffmpeg, gstreamer, titled } from '../peers/tools.ts';
import { endBoxes, type FaultCost, startBox } from './box.ts';
import { expectWell } from './expect-well.ts';
import { figuresBegin, figuresEnd, figureTables } from './figures.ts';
import { flatness, type MemorySample } from './flat.ts';
import { killAtRandom } from './kill-at-random.ts';

const reason = absent(gstreamer, ffmpeg);

afterEach(async () => {
  await endBoxes();
  await endAll();
});

/** The short ones; the long ones are `npm run test:faults`. */
describe.skipIf(reason)(titled('The service', reason), () => {
  test('is right again by itself after its detector hung, its disk was slow, its branch file nonsense and its clock set back', async () => {
    const box = await startBox();
    await box.wrist.hears('health', ({ state }) => state === 'ok', { withinSeconds: 60 });
    const whole = readFileSync(box.branchFile);
    const from = box.wrist.heard.length;
    box.fail({ slowDisk: 100 });
    writeFileSync(box.branchFile, '{ branch: [demo');
    await box.wrist.hears('health', ({ settings }) => settings !== undefined, { from, withinSeconds: 30 });
    box.fail({ detector: 'hangs' });
    await box.service.says(/./);
    await box.wrist.hears('health', ({ cameras }) => cameras[0]!.state === 'quiet', {
      from,
      withinSeconds: 40,
    });
    box.fail({ slowDisk: 0 });
    const back = box.wrist.heard.length;
    writeFileSync(box.branchFile, whole);
    await box.wrist.hears('health', ({ settings, state }) => settings === undefined && state === 'ok', {
      from: back,
      withinSeconds: 60,
    });
    box.fail({ clock: -3600 });
    const seconds = await box.rightAgain();
    expect(await box.account('several at once', seconds)).toMatchObject({
      journalLinesLost: 0,
      promptsLost: 0,
    });
    expect((await box.journal()).filter(({ kind }) => kind === 'begun')).toMatchObject([
      { why: 'start' },
      { why: 'anew' },
    ]);
  }, 240_000);

  test('killed with -9 three times, once of them while it starts, loses no prompt that a wrist has seen', async () => {
    const killed = await killAtRandom(3, 19, 0.4);
    expect(killed).toMatchObject({ whileStarting: 1, reached: 2 });
    expectWell(killed);
  }, 240_000);
});

describe('Memory', () => {
  const samples = (of: (index: number) => number): MemorySample[] =>
    Array.from({ length: 30 }, (_, index) => ({
      atSeconds: 60 * index,
      rssMegabytes: of(index),
      heapMegabytes: 50,
      externalMegabytes: 5,
    }));

  test('that grows is told from memory that does not, whatever it does while it warms up', () => {
    expect(
      flatness(
        samples((index) => (index < 6 ? 10 * index : 300 + (index % 3))),
        'rssMegabytes',
        400,
      ).grew,
    ).toBeLessThan(0.01);
    expect(
      flatness(
        samples((index) => 300 + 2 * index),
        'rssMegabytes',
        400,
      ).grew,
    ).toBeGreaterThan(0.05);
    expect(() =>
      flatness(
        samples(() => 1),
        'rssMegabytes',
        1_700,
      ),
    ).toThrow('at least three looks');
  });
});

const kept = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));

describe('The long runs that are kept here', () => {
  test('lost no prompt in any fault, and told of each line of the journal that was', () => {
    const { faults } = kept('faults.json') as { faults: FaultCost[] };
    for (const part of ['camera', 'broker', 'disk slow', 'clock', 'detector', 'branch file', 'watches']) {
      expect(faults.map(({ fault }) => fault).join('\n')).toContain(part);
    }
    for (const one of faults) expect(one).toMatchObject({ promptsLost: 0 });
  });

  test('were flat within a twentieth for a real hour, and by their heap for a simulated day', () => {
    const { day, real } = kept('soak.json') as Record<
      'day' | 'real',
      { samples: MemorySample[]; hours: number; warmUpSeconds: number }
    >;
    expect(day.hours).toBe(8);
    expect(real.hours).toBe(1);
    expect(flatness(real.samples, 'rssMegabytes', real.warmUpSeconds).grew).toBeLessThanOrEqual(0.05);
    for (const { samples: all, warmUpSeconds } of [day, real]) {
      expect(flatness(all, 'heapMegabytes', warmUpSeconds).grew).toBeLessThanOrEqual(0.05);
    }
  });
});

describe('The page of figures', () => {
  test('says what was measured', () => {
    const page = readFileSync(join(packageRoot, 'docs', 'reliability.md'), 'utf8');
    expect(page.split(figuresBegin)[1]!.split(figuresEnd)[0]!.trim()).toBe(figureTables());
  });
});
