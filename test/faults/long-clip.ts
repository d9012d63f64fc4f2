import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demo } from '../e2e/service.ts';
import { ffmpeg } from '../peers/tools.ts';

const made = new Map<string, string>();

/** The demo's clip many times in a row: a camera that plays longer than any test. `more` are options for FFmpeg. */
export function longClip(more: readonly string[] = ['-c', 'copy'], rounds = 15): string {
  const key = `${rounds} ${more.join(' ')}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'lobby-long-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'long.mp4');
  execFileSync(ffmpeg.command, [
    '-v',
    'error',
    '-stream_loop',
    String(rounds - 1),
    '-i',
    demo.clip,
    ...more,
    file,
  ]);
  made.set(key, file);
  return file;
}
