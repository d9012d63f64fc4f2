import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { endBoxes, startBox } from './box.ts';

/** A disk of a few megabytes that a test may fill, and mount otherwise. */
const disk = mkdtempSync(join(tmpdir(), 'lobby-disk-'));
let mounted = false;
/** Takes whatever is freed; a test that fails leaves it to be ended. */
let filling: NodeJS.Timeout | undefined;

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
const noExt4 = existsSync('/sys/fs/ext4')
  ? undefined
  : 'an error in an ext4 is made by its own switch in /sys';
const titled = (title: string) => (reason === undefined ? title : `${title} (skipped: ${reason})`);

afterEach(async () => {
  clearInterval(filling);
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
    filling = setInterval(fill, 500);
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

  test('that becomes one that can only be read costs lines and no prompt, nor the service; once it is another, all is kept again', async () => {
    if (noExt4 !== undefined) throw new Error(noExt4);
    const image = `${disk}.img`;
    try {
      execFileSync('truncate', ['-s', '96M', image]);
      execFileSync('mkfs.ext4', ['-q', '-F', image]);
      const mountImage = (of: string) => {
        execFileSync('mount', ['-o', 'loop,errors=remount-ro', of, disk]);
        mounted = true;
      };
      mountImage(image);
      const box = await startBox({ data: join(disk, 'data') });
      await box.wrist.hears('prompt', () => true, { withinSeconds: 90 });
      // The database is open, and is written to while it happens.
      await box.journal();
      const loop = execFileSync('losetup', ['-j', image], { encoding: 'utf8' }).split(':')[0]!;
      writeFileSync(`/sys/fs/ext4/${basename(loop)}/trigger_fs_error`, '1');
      await box.service.says(/the journal is not kept: the disk can only be read/, 90);
      const from = box.wrist.heard.length;
      await box.wrist.hears('prompt', () => true, { from, withinSeconds: 120 });
      const { payload } = await box.wrist.hears('health', ({ journal }) => journal !== undefined, {
        withinSeconds: 30,
      });
      expect(payload.journal!.code).toBe('LOBBY_JOURNAL_UNWRITTEN');
      expect((await box.health()).state).toBe('ok');
      // As somebody does who puts in another disk with what could be read of the first.
      unmount();
      copyFileSync(image, `${image}.new`);
      spawnSync('e2fsck', ['-fy', `${image}.new`]);
      mountImage(`${image}.new`);
      const at = performance.now();
      await box.service.says(/the journal is kept again/, 90);
      const after = (performance.now() - at) / 1000;
      await box.rightAgain();
      await box.wrist.hears('health', ({ journal }) => journal === undefined, {
        from: box.wrist.heard.length,
        withinSeconds: 100,
      });
      expect(await box.metric('lobby_journal_searchable')).toBe(1);
      const lost = await box.metric('lobby_journal_lost');
      expect(lost).toBeGreaterThan(0);
      // Its sockets are on the first disk: it is asked for what it kept once it has ended.
      await box.service.end('SIGTERM');
      const gaps = (await box.journal()).filter((line) => line.kind === 'gap');
      expect(gaps.reduce((sum, { lines }) => sum + lines, 0)).toBe(lost);
      expect(await box.account('disk can only be read (ext4, after an error in it)', after)).toMatchObject({
        promptsLost: 0,
      });
    } finally {
      await endBoxes();
      unmount();
      for (const end of ['', '.new']) rmSync(image + end, { force: true });
    }
  }, 600_000);

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
