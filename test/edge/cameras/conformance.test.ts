import { afterAll } from 'vitest';
import { createCamera } from '../../../edge/cameras/open-camera.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import type { Frame } from '../../../src/ports/camera.ts';
import { type CameraUnderTest, cameraConformance } from '../../conformance/camera.ts';
import { startClipServer } from '../../peers/clip-server.ts';
import { Clips, clip, pictureOf } from '../../peers/clips.ts';
import { startRtspServer } from '../../peers/rtsp-server.ts';
import { absent, ffmpeg, gstreamer } from '../../peers/tools.ts';

const clips = new Clips();
afterAll(() => clips.remove());

const id = 'hall';
const clock = systemClock;
const { width, height, framesPerSecond, seconds } = clip;
const scene = { size: { width, height }, framesPerSecond, seconds };
const numberOf = ({ rgb, input }: Frame): number =>
  pictureOf(rgb[(input.height / 2) * input.width * 3 + (input.width / 2) * 3]!);
const nothing = async () => undefined;

const onFile = (name: string) => async (): Promise<CameraUnderTest> => ({
  ...scene,
  numberOf,
  camera: createCamera({ id, source: clips.make(name), pace: 'every-frame', clock }),
  gone: createCamera({ id, source: clips.path('nothing.mp4'), pace: 'every-frame', clock }),
  isLossless: true,
  isClip: true,
  close: nothing,
});

cameraConformance('an MP4 file', onFile('counted.mp4'), absent(ffmpeg));
cameraConformance('an AVI file', onFile('counted.avi'), absent(ffmpeg));

cameraConformance(
  'a file played as it happens',
  async () => ({
    ...scene,
    numberOf,
    camera: createCamera({ id, source: clips.make('paced.mp4'), pace: 'as-it-happens', clock }),
    gone: createCamera({ id, source: clips.path('nothing.mp4'), pace: 'as-it-happens', clock }),
    isLossless: false,
    isClip: true,
    close: nothing,
  }),
  absent(ffmpeg),
);

cameraConformance(
  'a clip over HTTP',
  async () => {
    const server = await startClipServer(clips.make('served.mp4'), { login: 'lobby:secret' });
    const source = server.url.replace('//', '//lobby:secret@');
    return {
      ...scene,
      numberOf,
      camera: createCamera({ id, source, pace: 'every-frame', clock }),
      gone: createCamera({ id, source: source.replace('/clip', '/nothing'), pace: 'every-frame', clock }),
      isLossless: true,
      isClip: true,
      close: () => server.close(),
    };
  },
  absent(ffmpeg),
);

cameraConformance(
  'an RTSP stream',
  async () => {
    const server = await startRtspServer(clips.make('streamed.mp4'), { login: 'lobby:secret' });
    const source = server.url.replace('//', '//lobby:secret@');
    return {
      ...scene,
      numberOf,
      camera: createCamera({ id, source, pace: 'as-it-happens', clock }),
      gone: createCamera({ id, source: `${source}-nothing`, pace: 'as-it-happens', clock }),
      isLossless: false,
      isClip: false,
      close: () => server.kill(),
    };
  },
  absent(ffmpeg, gstreamer),
);
