import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { endAll } from '../e2e/service.ts';
import { absent, ffmpeg, gstreamer, titled } from '../peers/tools.ts';
import { endBoxes, startBox } from './box.ts';
import { expectWell } from './expect-well.ts';
import { killAtRandom, linesIn } from './kill-at-random.ts';
import { noteFault } from './note-fault.ts';

const reason = absent(gstreamer, ffmpeg);

afterEach(async () => {
  await endBoxes();
  await endAll();
});

describe.skipIf(reason)(titled('The power', reason), () => {
  test('that goes in the middle of a write leaves a journal that opens, and lacks the last second at most', async () => {
    const box = await startBox();
    await box.wrist.hears('prompt', () => true, { withinSeconds: 90 });
    const cuts = 12;
    const lost: number[] = [];
    for (let cut = 0; cut < cuts; cut += 1) {
      await new Promise((resolve) => setTimeout(resolve, 700 + 613 * (cut % 5)));
      const before = await box.journal();
      const copy = join(box.folder, `cut-${cut}`);
      // What was not synced may be missing or in pieces: a copy while it is written is the like of it.
      cpSync(box.data, copy, { recursive: true, filter: (path) => !/(?:ask-journal|in-use)$/.test(path) });
      const after = await linesIn(copy);
      const kept = new Set(after.map((line) => JSON.stringify(line)));
      const missing = before.filter((line) => !kept.has(JSON.stringify(line)));
      lost.push(missing.length);
      expect(after.length).toBeGreaterThan(0);
      expect(
        new Set(after.filter(({ kind }) => kind === 'prompt').map((line) => JSON.stringify(line))).size,
      ).toBe(after.filter(({ kind }) => kind === 'prompt').length);
      rmSync(copy, { recursive: true });
    }
    expect(lost).toEqual(lost.map(() => 0));
    await box.account(`power cut: ${cuts} copies mid-write, each opened`, 0);
  });

  test('and kill -9 at random moments: nothing a wrist has seen is missing, nothing is there twice', async () => {
    const kills = Number(process.env.LOBBY_KILLS ?? 200);
    const report = await killAtRandom(kills, Number(process.env.LOBBY_SEED ?? 5), 0.3);
    expectWell(report);
    noteFault({
      fault: `killed with -9, ${kills} times (${report.whileStarting} of them while it was starting)`,
      rightAgainAfterSeconds: Math.round(report.okAfterSeconds * 10) / 10,
      journalLinesLost: report.linesLost,
      promptsLost: report.promptsLost,
    });
  }, 7_200_000);
});
