import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { endBoxes, startBox } from './box.ts';

/** A disk of a few megabytes that a test may fill, and mount otherwise. */
const disk = mkdtempSync(join(tmpdir(), 'lobby-disk-'));
let mounted = false;

function mount(options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { stdio: 'ignore' });
  mounted = true;
}

function whyNot(): string | undefined {
  try {
    mount('size=1m');
    unmount();
    return undefined;
  } catch {
    return 'mounting a small disk takes root';
  }
}

function unmount(): void {
  if (mounted) execFileSync('umount', ['-l', disk]);
  mounted = false;
}

const reason = whyNot();
const titled = (title: string) => (reason === undefined ? title : `${title} (skipped: ${reason})`);

afterEach(async () => {
  await endBoxes();
  unmount();
});
process.on('exit', () => {
  rmSync(disk, { recursive: true, force: true });
});

describe.skipIf(reason)(titled('The disk of the journal'), () => {
  test('when it is full costs lines and no prompt; when there is room again, the journal says how many', async () => {
    mount('size=40m');
    const box = await startBox({ data: join(disk, 'data') });
    await box.wrist.hears('prompt', () => true, { withinSeconds: 60 });
    // All but what one more database page would take.
    const fill = () => {
      try {
        writeFileSync(join(disk, 'full'), Buffer.alloc(statfsSync(disk).blocks * statfsSync(disk).bsize));
      } catch {
        // It took what there was.
      }
    };
    fill();
    // Whatever is freed is taken too.
    const filling = setInterval(fill, 500);
    await box.service.says(/the journal is not kept: the disk is full|No space left on device/, 90);
    const from = box.wrist.heard.length;
    // Prompts go on all the while.
    await box.wrist.hears('prompt', () => true, { from, withinSeconds: 120 });
    expect((await box.health()).state).not.toBe('gone');
    clearInterval(filling);
    rmSync(join(disk, 'full'));
    const after = await box.rightAgain();
    // Each line that could not be written is told as missing, and everything else is there.
    const gaps = (await box.journal()).filter((line) => line.kind === 'gap');
    expect(gaps.reduce((sum, { lines }) => sum + lines, 0)).toBe(await box.metric('lobby_journal_lost'));
    for (const { since, at } of gaps) expect(Date.parse(since)).toBeLessThanOrEqual(Date.parse(at));
    expect(await box.account('disk full', after)).toMatchObject({ promptsLost: 0 });
  }, 400_000);

  test('when each write takes a quarter of a second costs time and nothing else', async () => {
    const box = await startBox();
    await box.wrist.hears('prompt', () => true, { withinSeconds: 60 });
    box.fail({ slowDisk: 250 });
    const from = box.wrist.heard.length;
    await box.wrist.hears('prompt', () => true, { from, withinSeconds: 150 });
    expect((await box.health()).cameras[0]!.state).not.toBe('lost');
    box.fail({ slowDisk: 0 });
    const cost = await box.account('disk slow: 250 ms a write', await box.rightAgain());
    expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
  });
});
