import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { processesOf } from '../../edge/audit/watch-process.ts';
import { askJournal } from '../../edge/journals/ask-journal.ts';
import { createChance } from '../chaos/chance.ts';
import { type Box, blindFor, endBoxes, startBox } from './box.ts';
import { mutate } from './mutate.ts';

afterEach(endBoxes);

const started = async (): Promise<Box> => {
  const box = await startBox();
  await box.wrist.hears('prompt', () => true, { withinSeconds: 90 });
  return box;
};

describe('The clock of the machine', () => {
  test.each([
    ['back', -3600],
    ['forth', 3600],
  ])(
    'set %s an hour costs who is in the lobby at most: prompts come again, by the new time',
    async (way, jump) => {
      const box = await started();
      box.fail({ clock: jump });
      const seconds = await box.rightAgain();
      const { at } = await box.health();
      expect(Math.abs(Date.parse(at) / 1000 - (Date.now() / 1000 + jump))).toBeLessThan(30);
      const prompt = box.wrist.heard.findLast(({ kind }) => kind === 'prompt')!.payload as {
        raisedAt: string;
        expiresAt: string;
      };
      expect(Math.abs(Date.parse(prompt.raisedAt) / 1000 - (Date.now() / 1000 + jump))).toBeLessThan(200);
      const cost = await box.account(`clock set ${way} an hour`, seconds);
      expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
    },
  );
});

describe("The detector's thread", () => {
  test.each([
    ['ends', 'detector thread ended'],
    ['hangs', 'detector thread hung'],
  ] as const)('that %s is told as blindness, and begun anew by itself', async (detector, fault) => {
    const box = await started();
    const from = box.wrist.heard.length;
    const at = performance.now();
    box.fail({ detector });
    if (detector === 'hangs') {
      const { payload } = await box.wrist.hears('health', ({ cameras }) => cameras[0]!.state !== 'live', {
        from,
        withinSeconds: 40,
      });
      expect(payload.state).toBe('blind');
    }
    await box.rightAgain(90);
    const cost = await box.account(
      fault,
      (performance.now() - at) / 1000,
      blindFor(await box.journal(), 'hall'),
    );
    expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
    // One that ends between two pictures costs none of them.
    expect(await box.metric('lobby_camera_detector_errors')).toBeGreaterThanOrEqual(
      detector === 'hangs' ? 1 : 0,
    );
  });
});

describe('The thread of a what-if', () => {
  interface Told {
    readonly id: string;
    readonly state: string;
    readonly trouble?: { readonly code: string };
  }
  /** Asks what another threshold would have made of today, and waits for the answer. */
  async function ask(box: Box): Promise<Told> {
    const [, token] = /#token=(\S+)/.exec(box.service.printed)!;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const get = async (path: string) => (await fetch(`${box.url}/api/v1/${path}`, { headers })).json();
    const { days } = (await get('what-if/days')) as { days: { day: string }[] };
    const { version } = (await get('settings')) as { version: number };
    const body = JSON.stringify({
      version,
      from: days.at(-1)!.day,
      to: days.at(-1)!.day,
      set: { 'wandering.afterSeconds': 12 },
    });
    const asked = await fetch(`${box.url}/api/v1/what-if`, { method: 'POST', headers, body });
    expect(asked.status).toBe(202);
    const { id } = (await asked.json()) as Told;
    return vi.waitFor(
      async () => {
        const told = (await get(`what-if/${id}`)) as Told;
        expect(['done', 'failed']).toContain(told.state);
        return told;
      },
      { timeout: 60_000, interval: 100 },
    );
  }

  test.each([
    ['ends in the midst of a question', 'ends', 'what-if thread ended'],
    ['has no memory left', 'starves', 'what-if thread out of memory'],
  ] as const)('that %s costs that question, and the next is answered', async (_, whatIf, fault) => {
    const box = await started();
    box.fail({ whatIf });
    expect(await ask(box)).toMatchObject({ state: 'failed', trouble: { code: 'LOBBY_WHAT_IF_FAILED' } });
    box.fail({ whatIf: 'works' });
    const at = performance.now();
    expect((await box.health()).state).toBe('ok');
    expect(await ask(box)).toMatchObject({ state: 'done' });
    const seconds = (performance.now() - at) / 1000;
    await box.rightAgain();
    const cost = await box.account(fault, seconds);
    expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
  });
});

describe("The process of the journal's database", () => {
  const processOf = (box: Box) =>
    processesOf(box.service.child.pid!).find((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('store-child');
      } catch {
        return false;
      }
    })!;

  test('that crashes again and again costs no line and no prompt, and is begun anew', async () => {
    const box = await started();
    await box.journal();
    const crashes = 4;
    for (let crash = 0; crash < crashes; crash += 1) {
      await vi.waitFor(() => expect(processOf(box)).toBeDefined(), { timeout: 60_000, interval: 50 });
      process.kill(processOf(box), crash % 2 === 0 ? 'SIGSEGV' : 'SIGKILL');
      await vi.waitFor(async () => expect(await box.metric('lobby_journal_process_ends')).toBe(crash + 1), {
        timeout: 20_000,
        interval: 50,
      });
    }
    const at = performance.now();
    expect((await box.health()).state).toBe('ok');
    await vi.waitFor(async () => expect(await box.metric('lobby_journal_searchable')).toBe(1), {
      timeout: 60_000,
      interval: 50,
    });
    const after = (performance.now() - at) / 1000;
    await box.rightAgain();
    const cost = await box.account(`journal's process ended ${crashes} times in a row`, after);
    expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
  });

  test('that takes memory without end is ended by its bound, and costs no line and no prompt', async () => {
    const box = await started();
    const asked = await askJournal(box.data);
    expect(asked.by).toBe('service');
    // An answer of half a gigabyte, as a fault in it might hold on to.
    const asking = asked.query("SELECT i, repeat('x', 9000) || i FROM range(100000) r(i)", [], {
      rows: 100_000,
      seconds: 60,
    });
    await expect(asking).rejects.toMatchObject({ code: 'LOBBY_JOURNAL_UNSEARCHABLE' });
    const at = performance.now();
    expect(await box.metric('lobby_journal_process_ends')).toBe(1);
    await vi.waitFor(async () => expect(await box.metric('lobby_journal_searchable')).toBe(1), {
      timeout: 60_000,
      interval: 50,
    });
    const after = (performance.now() - at) / 1000;
    await box.rightAgain();
    const cost = await box.account("journal's process took memory without end", after);
    expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
  });
});

describe('The branch file', () => {
  test('changed to nonsense while the service runs changes nothing, and says so until it is whole again', async () => {
    const box = await started();
    const whole = readFileSync(box.branchFile);
    const chance = createChance(3);
    for (let turn = 0; turn < 6; turn += 1) {
      const nonsense =
        turn === 0 ? Buffer.from('\u0000\u0001{[') : turn === 1 ? Buffer.alloc(0) : mutate([whole], chance);
      writeFileSync(box.branchFile, nonsense);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
    const from = box.wrist.heard.length;
    writeFileSync(box.branchFile, '{ branch: [demo');
    const { payload } = await box.wrist.hears('health', ({ settings }) => settings !== undefined, {
      from,
      withinSeconds: 20,
    });
    expect(payload.settings!.code).toMatch(/^LOBBY_/);
    await box.wrist.hears('prompt', () => true, { from, withinSeconds: 100 });
    const back = performance.now();
    const before = box.wrist.heard.length;
    writeFileSync(`${box.branchFile}.whole`, whole);
    copyFileSync(join(`${box.branchFile}.whole`), box.branchFile);
    await box.wrist.hears('health', ({ settings }) => settings === undefined, {
      from: before,
      withinSeconds: 30,
    });
    const seconds = (performance.now() - back) / 1000;
    await box.rightAgain();
    const cost = await box.account('branch file changed to nonsense seven times', seconds);
    expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
  });
});
