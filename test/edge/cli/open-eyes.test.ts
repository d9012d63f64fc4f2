import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { keepEyes } from '../../../edge/cli/open-eyes.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { ManualClock } from '../../manual-clock.ts';

const recording = join(packageRoot, 'test', 'quality', 'scenes', 'demo', 'recording.jsonl');

describe('What looks at pictures', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lobby-eyes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const eyesOf = (model: string, clock = new ManualClock(1_000)) => {
    const said: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void said.push(line) });
    return { clock, said, eyes: keepEyes({ model, looksAtHeads: false, clock, log }) };
  };

  test('is not open before a camera needs it, and is opened once for all of them', async () => {
    const { eyes } = eyesOf(recording);
    expect(eyes.now).toBeUndefined();
    const both = Promise.all([eyes.open(), eyes.openAtLast(new AbortController().signal)]);
    const [one, other] = await both;
    expect(one).toBe(other);
    expect(eyes.now).toBe(one);
    await eyes.close();
  });

  test('that cannot be opened ends the start, and for a camera that came later is tried again until it can', async () => {
    const model = join(folder, 'seen.jsonl');
    const { eyes, clock, said } = eyesOf(model);
    await expect(eyes.open()).rejects.toThrow();
    const later = eyes.openAtLast(new AbortController().signal);
    // A file is looked for, which takes as long as the machine likes.
    await vi.waitFor(() => expect(clock.sleeping).toBe(1), { timeout: 20_000 });
    expect(said.join('')).toContain('the detector cannot be opened; trying again');
    copyFileSync(recording, model);
    await clock.advance(30);
    expect((await later)?.detector.name).toContain('recording');
    await eyes.close();
  });

  test('is not waited for by a camera that is taken out meanwhile', async () => {
    const { eyes, clock } = eyesOf(join(folder, 'never.jsonl'));
    const gone = new AbortController();
    const later = eyes.openAtLast(gone.signal);
    await vi.waitFor(() => expect(clock.sleeping).toBe(1), { timeout: 20_000 });
    gone.abort();
    expect(await later).toBeUndefined();
  });
});
