import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openPairings, type Pairings } from '../../../edge/access/pairings.ts';
import { createPageCameras, type PageCameras } from '../../../edge/cameras/page-cameras.ts';
import { linkPath, takePages } from '../../../edge/http/page-camera.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import type { PageSays } from '../../../src/contract/browser-camera.ts';
import { browserSource, closeCodes } from '../../../src/contract/browser-camera-limits.ts';
import { type CameraOutput, runCamera } from '../../../src/service/run-camera.ts';

let server: Server;
let address: string;
let pages: PageCameras;
let pairings: Pairings;
let token: string;
let taken: { close(): void };
const remarks: string[] = [];
const over: AbortController[] = [];

beforeEach(async () => {
  pairings = openPairings({ now: () => systemClock.now() });
  token = pairings.pair(pairings.makeCode('door').code)!.token;
  pages = createPageCameras({ clock: systemClock, onRemark: (remark) => remarks.push(remark) });
  server = createServer();
  const cameras = () => [{ id: 'door', source: browserSource, framesPerSecond: 5 }];
  taken = takePages(server, { pairings, pages, clock: systemClock, cameras }, true);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}${linkPath}`;
});
afterEach(async () => {
  for (const one of over.splice(0)) one.abort();
  taken.close();
  server.close();
  remarks.splice(0);
});

/** A page that was let in, and how it was let go of. */
async function page(shown = token) {
  const socket = new WebSocket(address, { headers: { cookie: `lobby-page=${shown}` } });
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'open');
  const say = (told: PageSays | object) => socket.send(JSON.stringify(told));
  return { socket, closed, say };
}

/** Runs the camera, and keeps what it tells. */
function runDoor(): CameraOutput[] {
  const told: CameraOutput[] = [];
  const end = new AbortController();
  over.push(end);
  void runCamera({
    id: 'door',
    ...pages.of('door'),
    clock: systemClock,
    request: { framesPerSecond: 5, input: { width: 1, height: 1 }, fit: 'letterbox' },
    retry: { firstSeconds: 0.05, mostSeconds: 0.05 },
    signal: end.signal,
    tell: (output) => told.push(output),
  });
  return told;
}

const begin = { kind: 'begin', width: 640, height: 480 } as const;
const now = () => Math.round(systemClock.now() * 1_000) / 1_000;
const somebody = { left: 100, top: 60, right: 180, bottom: 400, score: 90, headDegrees: 90, headScore: 80 };
const lastHealth = (told: readonly CameraOutput[]) =>
  told.findLast((one) => one.kind === 'health')?.health ?? expect.fail('no health was told');

describe('A page in a browser, as a camera', () => {
  test('tells people at the time they were seen, and is live', async () => {
    const told = runDoor();
    const { socket, say } = await page();
    const heard: string[] = [];
    socket.on('message', (text) => heard.push(String(text)));
    say(begin);
    await vi.waitFor(() => expect(heard.join()).toContain('"framesPerSecond":5'));
    const at = now() - 0.12;
    say({ kind: 'people', at, people: [somebody] });
    const seen = await vi.waitFor(() => told.find((one) => one.kind === 'people') ?? expect.fail());
    expect(seen).toMatchObject({ at, people: [{ box: { left: 100, bottom: 400 }, score: 0.9 }] });
    expect(seen.people[0]!.head!.yaw).toBeCloseTo(Math.PI / 2);
    expect(seen.took!.decodeSeconds).toBeGreaterThanOrEqual(0.12);
    expect(lastHealth(told)).toMatchObject({ state: 'live', codec: 'browser', picture: { width: 640 } });
  });

  test('is blind when the page says that its lens is covered, and lost, with its reason, when it says why it sees nothing', async () => {
    const told = runDoor();
    const { say } = await page();
    say(begin);
    await vi.waitFor(() => {
      say({ kind: 'blind', at: now(), why: 'covered', told: true });
      expect(lastHealth(told)).toMatchObject({ state: 'blind', lastError: { code: 'LOBBY_CAMERA_COVERED' } });
    });
    expect(told.some((one) => one.kind === 'blind' && one.why === 'covered')).toBe(true);
    say({ kind: 'trouble', why: 'hidden' });
    await vi.waitFor(() =>
      expect(lastHealth(told)).toMatchObject({ state: 'lost', lastError: { code: 'LOBBY_PAGE_HIDDEN' } }),
    );
    say(begin);
    await vi.waitFor(() => {
      say({ kind: 'people', at: now(), people: [] });
      expect(lastHealth(told).state).toBe('live');
    });
  });

  test('that tells of the future is let go of, and what it tells too late is passed over', async () => {
    const told = runDoor();
    const { say, closed } = await page();
    say(begin);
    await vi.waitFor(() => {
      say({ kind: 'people', at: now(), people: [] });
      expect(lastHealth(told).state).toBe('live');
    });
    say({ kind: 'people', at: now() - 4, people: [somebody] });
    say({ kind: 'people', at: now(), people: [] });
    say({ kind: 'people', at: now() + 0.5, people: [somebody] });
    expect(await closed).toBe(closeCodes.clock);
    expect(told.some((one) => one.kind === 'people' && one.people.length > 0)).toBe(false);
    await vi.waitFor(() => expect(lastHealth(told).lastError?.code).toBe('LOBBY_PAGE_CLOCK'), 8_000);
  });

  const people = (more: object) => ({ kind: 'people', at: now(), people: [{ ...somebody, ...more }] });
  test.each<[string, () => object]>([
    ['landmarks', () => people({ landmarks: [[0.5, 0.5]] })],
    [
      'a picture',
      () => ({ kind: 'people', at: now(), people: [], picture: 'data:image/png;base64,iVBORw0K' }),
    ],
    ['edges finer than a pixel', () => people({ left: 100.123456 })],
    [
      'more people than near ones are',
      () => ({ kind: 'people', at: now(), people: Array(9).fill(somebody) }),
    ],
    ['a kind of its own', () => ({ kind: 'face', at: now() })],
  ])('that tells %s is let go of', async (_what, said) => {
    const { say, closed } = await page();
    say(said());
    expect(await closed).toBe(closeCodes.nonsense);
    expect(remarks.join()).toMatch(/camera door: page [a-z0-9]{6} said what no page says/);
  });

  test('that says too much at once, or too long a thing, is let go of', async () => {
    const talkative = await page();
    for (let said = 0; said < 200; said++) talkative.say({ kind: 'ping', sent: said });
    expect(await talkative.closed).toBe(closeCodes.nonsense);
    const wordy = await page();
    wordy.say({ kind: 'ping', sent: 1, more: 'x'.repeat(3_000) });
    // Code 1009 of the WebSocket: too big.
    expect(await wordy.closed).toBe(1_009);
  });

  test('is one: another one of the same pairing takes its place; and one whose pairing is taken back goes', async () => {
    const first = await page();
    const second = await page();
    expect(await first.closed).toBe(closeCodes.replaced);
    pairings.revoke(pairings.list[0]!.id);
    expect(await second.closed).toBe(closeCodes.unpaired);
  });

  test('is let in by its cookie alone, and from a page of the box alone', async () => {
    const refusal = async (headers: Record<string, string>) => {
      const socket = new WebSocket(address, { headers });
      const [error] = (await once(socket, 'error')) as [Error];
      return error.message;
    };
    expect(await refusal({})).toMatch(/401/);
    expect(await refusal({ cookie: 'lobby-page=lobby-page-guessed' })).toMatch(/401/);
    expect(await refusal({ cookie: `lobby-page=${token}`, origin: 'https://elsewhere.example' })).toMatch(
      /403/,
    );
  });
});
