import { execFile } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CameraTls } from '../../../edge/cameras/camera-tls.ts';
import { createCamera } from '../../../edge/cameras/open-camera.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import { LobbyError } from '../../../src/contract/errors.ts';
import { type Certificates, type Identity, makeCertificates, read } from '../../peers/certificates.ts';
import { type RtspServer, startRtspServer } from '../../peers/rtsp-server.ts';
import { absent, ffmpeg, gstreamer, openssl, titled } from '../../peers/tools.ts';

const clip = join(packageRoot, 'edge', 'demo', 'clip.mp4');
const reason = absent(openssl, ffmpeg);
let made: Certificates;
/** The same clip as a part of a playlist is. */
let part: string;
/** Signed by itself, for a name that is not asked for: as cameras come out of their box. */
let own: Identity;
beforeAll(async () => {
  if (reason !== undefined) return;
  made = await makeCertificates();
  part = join(made.folder, 'part.ts');
  own = { cert: join(made.folder, 'own.pem'), key: join(made.folder, 'own-key.pem') };
  const run = promisify(execFile);
  await run('ffmpeg', ['-v', 'error', '-i', clip, '-t', '3', '-c:v', 'copy', '-an', part]);
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=IPCAM-4711', '-keyout', own.key, '-out', own.cert],
  ]);
});
afterAll(() => made?.remove());

const servers: (Server | TlsServer)[] = [];
const cameras: RtspServer[] = [];
/** What reached a server behind its certificate. */
const asked: string[] = [];
afterEach(async () => {
  for (const one of servers.splice(0)) await new Promise((resolve) => one.close(resolve));
  for (const one of cameras.splice(0)) await one.kill();
  asked.length = 0;
});

async function listening(server: Server | TlsServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A clip by HTTPS; `list` is a playlist whose one part is the clip of another server. */
function web(who: Identity, other = 0): Promise<number> {
  return listening(
    createServer(read(who), (request, response) => {
      asked.push(`${request.headers.authorization ?? 'nobody'} ${request.url}`);
      if (request.url === '/list.m3u8') {
        response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' });
        response.end(
          `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nhttps://localhost:${other}/part.ts\n#EXT-X-ENDLIST\n`,
        );
        return;
      }
      if (request.url === '/elsewhere') {
        response.writeHead(302, { location: `https://localhost:${other}/clip` }).end();
        return;
      }
      if (request.url === '/part.ts') {
        response.writeHead(200, { 'content-type': 'video/mp2t' });
        createReadStream(part).pipe(response);
        return;
      }
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const { size } = statSync(clip);
      response.writeHead(206, {
        'content-type': 'video/mp4',
        'accept-ranges': 'bytes',
        'content-length': size - start,
        'content-range': `bytes ${start}-${size - 1}/${size}`,
      });
      createReadStream(clip, { start }).pipe(response);
    }),
  );
}

/** GStreamer's server behind TLS. */
async function secureRtsp(who: Identity): Promise<number> {
  const camera = await startRtspServer(clip);
  cameras.push(camera);
  const port = Number(new URL(camera.url).port);
  return listening(
    createTlsServer(read(who), (outside) => {
      const inside = connect(port, '127.0.0.1');
      outside.pipe(inside).pipe(outside);
      outside.on('error', () => inside.destroy());
      inside.on('error', () => outside.destroy());
    }),
  );
}

/** @returns `pictures`, or the code and the reason why there are none */
async function look(source: string, tls?: CameraTls): Promise<string> {
  const camera = createCamera({
    id: 'hall',
    source,
    pace: 'every-frame',
    clock: systemClock,
    ...(tls === undefined ? {} : { tls }),
  });
  try {
    const request = { framesPerSecond: 5, input: { width: 64, height: 48 }, fit: 'letterbox' } as const;
    const stream = await camera.open(request, new AbortController().signal);
    await stream.close();
    return 'pictures';
  } catch (error) {
    if (!(error instanceof LobbyError)) throw error;
    return `${error.code}: ${error.details.reason}`;
  }
}

const unchecked = { certificateIsNotChecked: true } as const;
const untrusted = (why: string) => `LOBBY_CAMERA_UNTRUSTED: its certificate ${why}`;

describe.skipIf(reason)(titled('A camera by https://', reason), () => {
  it('is seen by the authority that the branch file gives, at its name and at its number', async () => {
    const port = await web(made.server);
    for (const host of ['localhost', '127.0.0.1']) {
      expect(await look(`https://${host}:${port}/clip`, { ca: made.ca })).toBe('pictures');
    }
  });

  it.each<[string, 'server' | 'elsewhere' | 'expired' | 'stranger', string]>([
    ['of an authority that was not named', 'stranger', 'is signed by nobody known here'],
    ['of another name', 'elsewhere', 'is of another name'],
    ['that has expired', 'expired', 'has expired'],
  ])(
    'with a certificate %s is refused, and is told neither a login nor what is wanted',
    async (_, who, why) => {
      const port = await web(made[who]);
      for (const host of ['localhost', '127.0.0.1']) {
        expect(await look(`https://lobby:secret@${host}:${port}/clip`, { ca: made.ca })).toBe(untrusted(why));
      }
      expect(asked).toEqual([]);
      // The control: a service that does not look takes any.
      expect(await look(`https://127.0.0.1:${port}/clip`, unchecked)).toBe('pictures');
    },
  );

  it('whose authority is not given is known by public ones alone', async () => {
    const port = await web(made.server);
    expect(await look(`https://localhost:${port}/clip`)).toBe(untrusted('is signed by nobody known here'));
    expect(asked).toEqual([]);
  });

  it('may be known by its own certificate, whatever name that bears, at its number', async () => {
    const port = await web(own);
    expect(await look(`https://127.0.0.1:${port}/clip`, { ca: own.cert })).toBe('pictures');
    expect(await look(`https://127.0.0.1:${port}/clip`, { ca: made.strangersCa })).toContain('UNTRUSTED');
  });

  it('whose file of an authority is missing, or is none, is not looked at', async () => {
    const port = await web(made.server);
    const at = `https://localhost:${port}/clip`;
    expect(await look(at, { ca: join(made.folder, 'nothing.pem') })).toContain('cannot be read (ENOENT)');
    expect(await look(at, { ca: made.server.key })).toContain('there is no certificate in the file');
    expect(asked).toEqual([]);
  });

  it('cannot lead to another one that shows no such certificate, by a redirect or a playlist', async () => {
    const other = await web(made.stranger);
    const port = await web(made.server, other);
    expect(await look(`https://localhost:${port}/elsewhere`, { ca: made.ca })).not.toBe('pictures');
    expect(asked.filter((one) => one.endsWith('/clip'))).toEqual([]);
    expect(await look(`https://localhost:${port}/list.m3u8`, { ca: made.ca })).toContain(
      'it is a playlist (hls)',
    );
    expect(await look(`https://localhost:${port}/list.m3u8`, unchecked)).toBe('pictures');
  });

  it('over TLS of another kind, of which it cannot be said that FFmpeg looks, is refused', async () => {
    for (const scheme of ['rtmps', 'tls', 'hls+https', 'ftps']) {
      expect(await look(`${scheme}://localhost:9/x`, { ca: made.ca })).toContain('cannot be checked');
    }
  });

  it('that is not there is lost, and not called a stranger', async () => {
    const port = await web(made.server);
    await new Promise((resolve) => servers.splice(0)[0]!.close(resolve));
    expect(await look(`https://localhost:${port}/clip`, { ca: made.ca })).toBe(
      'LOBBY_CAMERA_LOST: nothing listens there',
    );
  });
});

const noRtsp = absent(openssl, gstreamer, ffmpeg);
describe.skipIf(noRtsp)(titled('A camera by rtsps://', noRtsp), () => {
  it('is seen by its authority, and refused by another or when its certificate is not its own', async () => {
    const port = await secureRtsp(made.server);
    expect(await look(`rtsps://localhost:${port}/lobby`, { ca: made.ca })).toBe('pictures');
    expect(await look(`rtsps://127.0.0.1:${port}/lobby`, { ca: made.strangersCa })).toBe(
      untrusted('is signed by nobody known here'),
    );
    const elsewhere = await secureRtsp(made.elsewhere);
    expect(await look(`rtsps://127.0.0.1:${elsewhere}/lobby`, { ca: made.ca })).toBe(
      untrusted('is of another name'),
    );
    expect(await look(`rtsps://127.0.0.1:${elsewhere}/lobby`, unchecked)).toBe('pictures');
  }, 60_000);
});
