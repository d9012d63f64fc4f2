import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpeg } from './tools.ts';

/** What every clip made here shows, unless it says otherwise. */
export const clip = { width: 320, height: 240, framesPerSecond: 10, seconds: 3 } as const;

/**
 * A folder of small clips, made anew for a test file and removed after it.
 *
 * Each picture is one grey that says which it is (`pictureOf`), so that a test can tell from the
 * pixels alone which one it was given.
 */
export class Clips {
  readonly folder = mkdtempSync(join(tmpdir(), 'lobby-clips-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  /** @param name its ending says the container; @param more options for FFmpeg, after the usual ones */
  make(name: string, more: readonly string[] = [], seconds: number = clip.seconds): string {
    const counted = `color=black:size=${clip.width}x${clip.height}:rate=${clip.framesPerSecond}:duration=${seconds},format=gray,geq=lum='mod(N,30)*6+20',format=yuv420p`;
    const codec = /\.(mp4|mkv|ts)$/.test(name)
      ? [
          '-c:v',
          'libx264',
          '-preset',
          'ultrafast',
          '-qp',
          '10',
          '-g',
          '10',
          '-bf',
          '0',
          '-pix_fmt',
          'yuv420p',
        ]
      : [];
    return this.#run(name, ['-f', 'lavfi', '-i', counted, ...codec, ...more]);
  }

  /** Left half white, right half black. */
  makeHalves(name: string): string {
    const halves = `color=black:size=${clip.width}x${clip.height}:rate=10:duration=0.5,drawbox=w=${clip.width / 2}:color=white:t=fill`;
    return this.#run(name, [
      '-f',
      'lavfi',
      '-i',
      halves,
      '-c:v',
      'libx264',
      '-qp',
      '1',
      '-pix_fmt',
      'yuv420p',
    ]);
  }

  makeSound(name: string): string {
    return this.#run(name, ['-f', 'lavfi', '-i', 'sine=duration=1']);
  }

  /** The first part of a clip: a copy that was not finished. */
  cut(name: string, of: string, share: number): string {
    const whole = readFileSync(of);
    writeFileSync(this.path(name), whole.subarray(0, Math.floor(whole.length * share)));
    return this.path(name);
  }

  write(name: string, content: string | Buffer): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(name: string, args: readonly string[]): string {
    execFileSync(ffmpeg.command, ['-v', 'error', '-y', ...args, this.path(name)]);
    return this.path(name);
  }
}

/** Which picture of a clip a grey belongs to. */
export function pictureOf(grey: number): number {
  return Math.round((grey - 20) / 6);
}
