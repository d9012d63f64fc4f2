import { render } from 'preact';
import { roles, type WearerRole } from '../../../src/core/prompts/kinds.ts';
import { openDevice } from './effects.ts';
import { openLink } from './link.ts';
import { initialState, step, type WatchEvent } from './state.ts';
import { type Tell, Watch } from './view.tsx';
import type { Language } from './words.ts';

/** Something kept by this browser; a browser that keeps nothing is no trouble. */
function remembered(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(name: string, value: string, where: () => Storage = () => localStorage): void {
  try {
    where().setItem(name, value);
  } catch {
    // Asked again next time.
  }
}

const asked = new URLSearchParams(location.search);

function languageOf(): Language {
  const wanted = asked.get('lang') ?? remembered('lobby.language') ?? navigator.language;
  return wanted.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

function roleOf(): WearerRole {
  const wanted = asked.get('role') ?? remembered('lobby.role');
  const role = roles.find((role) => role === wanted) ?? 'manager';
  remember('lobby.role', role);
  return role;
}

/** Random and kept until the page is closed, so that a reload does not lose what this wrist took. */
function watchOf(): string {
  try {
    const kept = sessionStorage.getItem('lobby.watch');
    if (kept !== null) return kept;
  } catch {
    // A new one, then.
  }
  const [first, second] = crypto.getRandomValues(new Uint32Array(2));
  const made = `w-${first!.toString(36)}${second!.toString(36)}`;
  remember('lobby.watch', made, () => sessionStorage);
  return made;
}

const root = document.getElementById('watch')!;
let state = initialState({
  language: languageOf(),
  role: roleOf(),
  watch: watchOf(),
  canVibrate: typeof navigator.vibrate === 'function',
  onDuty: asked.get('duty') === 'on',
  at: Date.now(),
});

const tell: Tell = (told) => {
  const event = { ...told, at: Date.now() } as WatchEvent;
  const before = state.language;
  const wasOnDuty = state.duty.phase !== 'off';
  // Whoever says that they met somebody is where that was.
  const place =
    event.kind === 'answered' && event.answer === 'met' ? state.open[event.id]?.prompt.place : undefined;
  const [next, effects] = step(state, event);
  state = next;
  tellDuty(event, wasOnDuty, place);
  if (state.language !== before) remember('lobby.language', state.language);
  show();
  for (const effect of effects) device.do(effect, state.language);
};

/** The box is told when duty begins and ends, again whenever a link comes up, and where somebody was met. */
function tellDuty(event: WatchEvent, wasOnDuty: boolean, place: string | undefined): void {
  const onDuty = state.duty.phase !== 'off';
  const isBack = event.kind === 'link-up' && onDuty;
  const isNews = onDuty !== wasOnDuty || isBack || event.kind === 'quiet' || place !== undefined;
  if (!isNews) return;
  const { watch, role, quietUntil, now } = state;
  const isZone = place !== undefined && place !== 'hall';
  const quietSeconds = quietUntil === undefined ? 0 : Math.max(0, (quietUntil - now) / 1000);
  const isQuietNews = event.kind === 'quiet' || (isBack && quietSeconds > 0);
  link.tellDuty({
    v: 1,
    watch,
    role,
    onDuty,
    ...(isQuietNews ? { quietSeconds } : {}),
    ...(isZone ? { place } : {}),
  });
}

function show(): void {
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
  document.title = 'lobby-sense';
  render(<Watch state={state} tell={tell} />, root);
}

const link = openLink(tell, { watch: state.watch, role: state.role });
const device = openDevice(link);
show();
// Seconds are shown; half of one is what they may be late by.
setInterval(() => tell({ kind: 'tick' }), 500);
document.addEventListener('visibilitychange', () =>
  tell({ kind: 'visibility', isHidden: document.visibilityState === 'hidden' }),
);
addEventListener('resize', show);
