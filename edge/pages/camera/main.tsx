import { render } from 'preact';
import type { PageCamera } from '../../../src/contract/browser-camera.ts';
import { momentOf } from './clock.ts';
import { type Finder, fitDelegate, openFinder } from './finder.ts';
import { type Link, openLink } from './link.ts';
import { type Look, type Looking, startLooking } from './look.ts';
import { type CameraState, firstState, troubleOf } from './state.ts';
import { keepAwake } from './stay-awake.ts';
import { CameraPage, type Did } from './view.tsx';
import { type Language, say } from './words.ts';

const asked = new URLSearchParams(location.search);
const root = document.getElementById('camera')!;
const corner = document.getElementById('corner')!;
const video = document.createElement('video');
video.muted = true;
video.playsInline = true;
corner.append(video);

function languageOf(): Language {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem('lobby.language');
  } catch {
    // A browser that keeps nothing is no trouble.
  }
  return (asked.get('lang') ?? kept ?? navigator.language).toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

let state = firstState(languageOf(), isSecureContext && navigator.mediaDevices !== undefined);
let link: Link | undefined;
let finder: Finder | undefined;
let looking: Looking | undefined;
let troubleTold: string | undefined;
let sizeTold = '';
const looksAt: number[] = [];

function change(part: Partial<CameraState>): void {
  state = { ...state, ...part };
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
  tellState();
  render(<CameraPage state={state} tell={did} show={show} />, root);
}

/**
 * The one element that ever holds the picture. It never leaves the document, or the browser would stop it: while it is
 * shown nowhere it waits in a corner.
 */
function show(place: HTMLElement | null): void {
  (place ?? corner).append(video);
  void video.play().catch(() => undefined);
}

/** Tells the box that it is well, or why not; once, and again on each new link. */
function tellState(): void {
  if (link?.isUp !== true || state.pairing !== 'paired') return;
  const trouble = troubleOf(state) ?? (link.time === undefined ? 'clock-unknown' : undefined);
  if (trouble !== undefined) {
    if (trouble !== troubleTold) link.say({ kind: 'trouble', why: trouble });
    troubleTold = trouble;
    return;
  }
  const { size } = state;
  if (size === undefined) return;
  const told = `${size.width}x${size.height}`;
  if (troubleTold !== undefined || sizeTold !== told) link.say({ kind: 'begin', ...size });
  troubleTold = undefined;
  sizeTold = told;
}

function looked({ takenMs, picture, people, sight, mean }: Look): void {
  const now = performance.now();
  looksAt.push(now);
  while (looksAt[0]! < now - 5_000) looksAt.shift();
  const time = link?.time;
  const { blind: _, ...rest } = state;
  state = rest;
  change({
    people,
    isStalled: false,
    size: picture,
    mean,
    isTimeKnown: time !== undefined,
    ...(sight.blind === undefined ? {} : { blind: sight.blind.why }),
    ...(looksAt.length > 2
      ? { framesPerSecond: ((looksAt.length - 1) * 1_000) / (looksAt.at(-1)! - looksAt[0]!) }
      : {}),
  });
  if (time === undefined || troubleOf(state) !== undefined) return;
  const at = momentOf(time, takenMs);
  const why = sight.blind?.why ?? sight.why;
  if (sight.trusted || why === undefined) link?.say({ kind: 'people', at, people: [...people] });
  else link?.say({ kind: 'blind', at, why, told: sight.blind !== undefined });
}

async function openPicture(): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: {
      facingMode: { ideal: 'environment' },
      width: { ideal: 960 },
      height: { ideal: 720 },
      frameRate: { ideal: 15 },
    },
  });
  // A camera that is pulled out, or taken by another program.
  for (const track of stream.getTracks()) track.onended = () => change({ picture: 'absent' });
  video.srcObject = stream;
  await video.play();
}

const modelRetryMs = 10_000;
/** What was seen longer ago is not now. */
const stalledAfterMs = 3_000;

async function start(camera: PageCamera): Promise<void> {
  change({ camera, pairing: 'paired' });
  connect();
  try {
    await openPicture();
  } catch (error) {
    const isDenied = error instanceof DOMException && error.name === 'NotAllowedError';
    return change({ picture: isDenied ? 'denied' : 'absent' });
  }
  change({ picture: 'seen' });
  void keepAwake((isKept) => change({ isKeptAwake: isKept }));
  await openModel(camera);
}

async function openModel(camera: PageCamera): Promise<void> {
  const reply = await fetch('/api/v1/camera/model').catch(() => undefined);
  if (reply?.ok !== true) {
    change({ model: 'missing' });
    setTimeout(() => void openModel(camera), modelRetryMs);
    return;
  }
  try {
    const bytes = new Uint8Array(await reply.arrayBuffer());
    finder = await openFinder(bytes, asked.get('delegate') === 'cpu' ? 'CPU' : fitDelegate());
  } catch (error) {
    console.warn(error);
    return change({ model: 'cannot-run' });
  }
  change({ model: 'ready' });
  looking = startLooking(video, finder, looked);
  looking.framesPerSecond = camera.framesPerSecond;
}

function connect(): void {
  link?.close();
  const address = new URL('/api/v1/camera/link', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  link = openLink(
    address.href,
    {
      welcome(framesPerSecond) {
        if (looking !== undefined) looking.framesPerSecond = framesPerSecond;
      },
      end(why) {
        if (why === 'unpaired') location.reload();
        else change({ link: why, isTimeKnown: false });
      },
    },
    () => {
      troubleTold = undefined;
      sizeTold = '';
      change({ link: 'up' });
    },
  );
}

async function ask(): Promise<void> {
  const reply = await fetch('/api/v1/camera').catch(() => undefined);
  if (reply?.ok === true) return start((await reply.json()) as PageCamera);
  if (reply?.status === 401 || reply?.status === 404) return change({ pairing: 'unpaired' });
  setTimeout(() => void ask(), 2_000);
}

async function pair(code: string): Promise<void> {
  change({ isPairing: true });
  const reply = await fetch('/api/v1/camera/pairing', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  }).catch(() => undefined);
  change({ isPairing: false });
  if (reply?.ok === true) {
    change({ isAiming: true });
    return start((await reply.json()) as PageCamera);
  }
  const refusal = (await reply?.json().catch(() => undefined)) as { code?: string } | undefined;
  const word =
    refusal === undefined
      ? 'offlineHelp'
      : refusal.code === 'LOBBY_TOO_MANY_TRIES'
        ? 'tooManyTries'
        : refusal.code === 'LOBBY_CODE_WRONG'
          ? 'wrongCode'
          : 'notPaired';
  change({ refusal: say(state.language, word) });
}

function did(what: Did): void {
  switch (what.kind) {
    case 'code':
      void pair(what.code);
      return;
    case 'language': {
      const language = state.language === 'zh' ? 'en' : 'zh';
      try {
        localStorage.setItem('lobby.language', language);
      } catch {
        // Asked again next time.
      }
      change({ language });
      return;
    }
    case 'aim':
      change({ isAiming: true, touched: [] });
      return;
    case 'done':
      // It may stand otherwise than before: that is no camera that has moved by itself.
      looking?.forget();
      change({ isAiming: false });
      return;
    case 'touched':
      change({ touched: [...state.touched.slice(-5), { x: what.x, y: what.y }] });
      return;
    case 'unpair':
      if (!what.sure) change({ isUnpairing: true });
      else void fetch('/api/v1/camera/pairing', { method: 'DELETE' }).finally(() => location.reload());
      return;
    case 'stay':
      change({ isUnpairing: false });
      return;
    case 'woke':
      connect();
      return;
  }
}

addEventListener('deviceorientation', (event) => {
  const { beta, gamma } = event as DeviceOrientationEvent;
  if (beta === null || gamma === null || !state.isAiming) return;
  // How far the picture is turned: gamma where it stands upright, beta where it lies on its side.
  const isWide = innerWidth > innerHeight;
  const roll = Math.round(isWide ? (Math.abs(gamma) > 45 ? beta : gamma) : gamma);
  if (roll !== state.rollDegrees) change({ rollDegrees: roll });
});
document.addEventListener('visibilitychange', () =>
  change({ isHidden: document.visibilityState === 'hidden' }),
);
// Time becomes known between looks, or is lost, and looks stop: also where no look is had.
setInterval(() => {
  const isStalled = looking !== undefined && performance.now() - (looksAt.at(-1) ?? 0) > stalledAfterMs;
  if (isStalled && video.paused) void video.play().catch(() => undefined);
  change({ isTimeKnown: link?.time !== undefined, isStalled });
}, 1_000);

change({});
if (state.pairing === 'asking') void ask();
