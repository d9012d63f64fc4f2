import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../edge/package-root.ts';
import { tryCamera } from '../../../edge/setup/try-camera.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import { cameraTrySchema } from '../../../src/contract/setup.ts';
import { ManualClock } from '../../manual-clock.ts';
import { type RtspServer, startRtspServer } from '../../peers/rtsp-server.ts';
import { gstreamer } from '../../peers/tools.ts';

const clip = join(packageRoot, 'edge', 'demo', 'clip.mp4');
const never = new AbortController().signal;
const trying = (source: string, more: Partial<Parameters<typeof tryCamera>[0]> = {}) =>
  tryCamera({
    source,
    shown: 'as it is shown',
    called: 'new-one',
    framesPerSecond: 5,
    clock: systemClock,
    signal: never,
    ...more,
  }).then((tried) => cameraTrySchema.parse(tried));

/** A machine that takes the connection and never says a word. */
let mute: Server;
beforeAll(async () => {
  mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void mute.close());
const mutePort = () => (mute.address() as { port: number }).port;

describe('A camera that is tried', () => {
  it('says what it gives: size, codec, how many pictures a second, and how soon the first came', async () => {
    expect(await trying(clip)).toMatchObject({
      outcome: 'decodes',
      source: 'as it is shown',
      picture: { width: 960, height: 540 },
      codec: 'h264',
      asked: 5,
    });
  });

  it('says that there is nothing at that address, and what to do, within a moment', async () => {
    const tried = await trying('rtsp://127.0.0.1:9/nothing');
    expect(tried).toMatchObject({ outcome: 'no-answer', trouble: { code: 'LOBBY_CAMERA_LOST' } });
    expect('trouble' in tried && tried.trouble.remedy).toContain('try again');
  });

  it('is given up after ten seconds when it says nothing', async () => {
    const clock = new ManualClock(0);
    const tried = trying(`rtsp://127.0.0.1:${mutePort()}/mute`, { clock });
    await clock.advance(10.1);
    expect(await tried).toMatchObject({
      outcome: 'no-answer',
      trouble: { message: 'No frame from new-one for 10 s' },
    });
  });

  it('is let go of when whoever asked goes away', async () => {
    const gone = new AbortController();
    const tried = trying(`rtsp://127.0.0.1:${mutePort()}/mute`, { signal: gone.signal });
    gone.abort(new Error('gone'));
    await expect(tried).rejects.toThrow('gone');
  });

  it('is not supported where what comes is no video', async () => {
    expect(await trying(join(packageRoot, 'package.json'))).toMatchObject({
      outcome: 'unsupported',
      trouble: { code: 'LOBBY_CAMERA_UNREADABLE' },
    });
    expect(await trying(join(packageRoot, 'no-such-clip.mp4'))).toMatchObject({ outcome: 'missing' });
  });
});

describe.skipIf(gstreamer.absent !== undefined)(
  `A camera on the network that is tried${gstreamer.absent === undefined ? '' : ` (${gstreamer.absent})`}`,
  () => {
    let server: RtspServer | undefined;
    afterEach(() => server?.kill());

    it('is tried as the service opens it, with its login, and neither is told again', async () => {
      server = await startRtspServer(clip, { login: 'lobby:secret' });
      const right = await trying(server.url.replace('//', '//lobby:secret@'));
      expect(right).toMatchObject({ outcome: 'decodes', codec: 'h264' });
      expect('framesPerSecond' in right && right.framesPerSecond).toBeGreaterThan(2);
      const wrong = await trying(server.url.replace('//', '//lobby:wrong@'));
      expect(wrong).toMatchObject({ outcome: 'wrong-login', trouble: { code: 'LOBBY_CAMERA_REFUSED' } });
      expect(JSON.stringify([right, wrong])).not.toMatch(/secret|wrong@|lobby:/);
    });
  },
);
