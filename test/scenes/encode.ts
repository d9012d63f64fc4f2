import { spawn } from 'node:child_process';

export interface Encoder {
  /** Resolves when ffmpeg has taken the picture, so that no more than one waits in memory. */
  write(png: Buffer): Promise<void>;
  /** Resolves when the file is complete. */
  close(): Promise<void>;
}

/**
 * An MP4 with H.264, one PNG a frame, through the ffmpeg that is on the path.
 *
 * @param crf quality: lower is better and larger. 23 is x264's own default; at 28 a minute of the demo
 *            is some 1.3 MB, and a detector finds people in it at the scores of the stills.
 * A whole picture comes every 20 s alone: each costs as much as seconds of people before a still wall.
 */
export function openEncoder(path: string, fps: number, crf: number): Encoder {
  const args = `-y -loglevel error -f image2pipe -c:v png -framerate ${fps} -i - -c:v libx264 -preset veryslow`;
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...args.split(' '),
      '-crf',
      `${crf}`,
      '-pix_fmt',
      'yuv420p',
      '-g',
      `${fps * 20}`,
      '-movflags',
      '+faststart',
      path,
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  const ended = new Promise<void>((resolve, reject) => {
    ffmpeg.once('error', (cause) =>
      reject(new Error('Cannot encode: ffmpeg must be on the path', { cause })),
    );
    ffmpeg.once('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`Cannot encode ${path}: ffmpeg must succeed, it ended with ${code}`)),
    );
  });
  // Whoever writes hears of it first; without this a failure before `close` would be nobody's.
  ended.catch(() => {});
  return {
    write: (png) =>
      Promise.race([
        ended,
        new Promise<void>((resolve, reject) => {
          ffmpeg.stdin.write(png, (error) => (error ? reject(error) : resolve()));
        }),
      ]),
    close() {
      ffmpeg.stdin.end();
      return ended;
    },
  };
}
