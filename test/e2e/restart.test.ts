import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allLines, askJournal } from '../../edge/journals/ask-journal.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import { demo, endAll, type Listener, listen, startService } from './service.ts';

let folder: string;
const listeners: Listener[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-restart-'));
});
afterEach(async () => {
  await endAll();
  for (const one of listeners.splice(0)) await one.close();
  rmSync(folder, { recursive: true });
});

async function journal(): Promise<readonly JournalLine[]> {
  const asked = await askJournal(join(folder, 'data'));
  try {
    return await allLines(asked);
  } finally {
    await asked.close();
  }
}

describe('A service that is killed', () => {
  const start = () =>
    startService(
      ...['run', '--branch', demo.branchFile, '--data', join(folder, 'data'), '--threads', '1'],
      ...['--port', '0', '--mqtt-port', '0'],
    );

  test('knows its open prompts when it is back, and its journal misses nothing that a wrist has seen', async () => {
    const first = start();
    const before = await listen((await first.addresses()).mqttUrl);
    listeners.push(before);
    const { payload } = await before.hears('prompt', () => true, { withinSeconds: 25 });
    expect(await first.end('SIGKILL')).toMatchObject({ by: 'SIGKILL' });
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    expect(await journal()).toContainEqual(
      expect.objectContaining({ kind: 'prompt', change: 'raised', id: payload.id, prompt: payload.kind }),
    );

    const second = start();
    const after = await listen((await second.addresses()).mqttUrl);
    listeners.push(after);
    const { payload: lobby } = await after.hears('lobby', ({ open }) => open.length > 0);
    expect(lobby.open[0]!.prompt).toEqual(payload);
    expect(second.printed).toMatch(/of the prompts from before [1-9]\d* are still open/);
    const begun = (await journal()).filter(({ kind }) => kind === 'begun');
    expect(begun).toMatchObject([{ why: 'start' }, { why: 'start', open: 1 }]);

    const third = start();
    await third.says(/another service of this branch runs in it/);
    expect((await third.ended).by).toBe(1);
  });
});
