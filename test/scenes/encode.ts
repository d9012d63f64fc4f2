import { spawn } from 'node:child_process';

export interface Encoder {
  /** Takes the bytes of a picture; resolves when ffmpeg has taken them, so that no more than one waits in memory. */
  write(rgb: Uint8Array): Promise<void>;
  /** Resolves when the file is complete. */
  close(): Promise<void>;
}

export interface Clip {
  widthPx: number;
  heightPx: number;
  fps: number;
  /** Quality: lower is better and larger. 23 is x264's own default. */
  crf: number;
}

/**
 * An MP4 with H.264, one picture of `width × height × 3` bytes a frame, through the ffmpeg that is on the path.
 *
 * The same bytes on any number of cores: x264 splits its work by threads, so their number is fixed.
 * A whole picture comes every 20 s alone: each costs as much as seconds of people before a still wall.
 */
export function openEncoder(path: string, { widthPx, heightPx, fps, crf }: Clip): Encoder {
  const from = `-f rawvideo -pix_fmt rgb24 -s ${widthPx}x${heightPx} -framerate ${fps} -i -`;
  // Compression as of a careful recorder, at a quarter of veryslow's time and 15 % more bytes.
  const as = `-c:v libx264 -preset slow -threads 2 -crf ${crf} -pix_fmt yuv420p -g ${fps * 20}`;
  const args = `-y -loglevel error ${from} ${as} -fflags +bitexact -flags:v +bitexact -movflags +faststart`;
  const ffmpeg = spawn('ffmpeg', [...args.split(' '), path], { stdio: ['pipe', 'ignore', 'inherit'] });
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
    write: (rgb) =>
      Promise.race([
        ended,
        new Promise<void>((resolve, reject) => {
          ffmpeg.stdin.write(rgb, (error) => (error ? reject(error) : resolve()));
        }),
      ]),
    close() {
      ffmpeg.stdin.end();
      return ended;
    },
  };
}
