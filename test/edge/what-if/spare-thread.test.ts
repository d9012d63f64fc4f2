import { afterEach, describe, expect, it } from 'vitest';
import type { PlayedRow } from '../../../edge/journals/played.ts';
import type { Work } from '../../../edge/what-if/play.ts';
import { createSpareThread, type SpareThread, type Thread } from '../../../edge/what-if/spare-thread.ts';
import { busyBranch } from '../../bench/busy-day.ts';

const today = { ...busyBranch, cameras: [], webhooks: [] };
const asking = (seconds: number): Work => ({
  kind: 'compare',
  today,
  set: { 'wandering.afterSeconds': seconds },
});
const noon = Date.UTC(2026, 10, 24, 12);
/** Somebody walks about in the hall for a minute. */
const rows: readonly PlayedRow[] = Array.from({ length: 60 }, (_, second) => [
  'scene',
  noon + second * 1000,
  JSON.stringify([{ visit: 'k3f9-1', role: 'customer', x: -2 + (second % 12) / 4, y: -1 }]),
]);

async function ask(thread: Thread, seconds: number): Promise<string> {
  await thread.say({ kind: 'begin', work: asking(seconds) });
  await thread.say({ kind: 'rows', rows });
  return JSON.stringify(await thread.say({ kind: 'day' }));
}

describe('A thread that is kept for the next question', () => {
  let spare: SpareThread | undefined;
  afterEach(async () => spare?.close());

  it('is the same thread, and answers as a new one would: of the question before it nothing is left', async () => {
    spare = createSpareThread();
    const first = spare.take();
    const before = await ask(first, 5);
    spare.keep(first);
    const second = spare.take();
    expect(second).toBe(first);
    const after = await ask(second, 40);
    expect(await ask(second, 5)).toBe(before);
    const fresh = spare.take();
    expect(fresh).not.toBe(second);
    expect(await ask(fresh, 40)).toBe(after);
    await Promise.all([second.end(), fresh.end()]);
  });

  it('is not given out once it has ended or broken', async () => {
    spare = createSpareThread();
    spare.ready();
    const ended = spare.take();
    await ended.end();
    spare.keep(ended);
    const broken = spare.take();
    expect(broken).not.toBe(ended);
    await expect(broken.say({ kind: 'rows', rows })).rejects.toThrow(/undefined/);
    expect(broken.isOver()).toBe(true);
    spare.keep(broken);
    const next = spare.take();
    expect(next).not.toBe(broken);
    expect(await ask(next, 5)).toContain('"kind":"result"');
    await Promise.all([broken.end(), next.end()]);
  });
});
