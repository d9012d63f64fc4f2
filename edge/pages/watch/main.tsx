import { render } from 'preact';
import { roles, type WearerRole } from '../../../src/core/prompts/kinds.ts';
import { openDevice } from './effects.ts';
import { openLink } from './link.ts';
import { openShell } from './shell.ts';
import { initialState, nextLookAfter, step, type WatchEvent } from './state.ts';
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
  return roles.find((role) => role === wanted) ?? 'manager';
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

// Whoever was given their role in the address keeps it at the next opening.
remember('lobby.role', roleOf());

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
  const { language: before, role: roleBefore } = state;
  const wasOnDuty = state.duty.phase !== 'off';
  // Whoever says that they met somebody is where that was.
  const place =
    event.kind === 'answered' && event.answer === 'met' ? state.open[event.id]?.prompt.place : undefined;
  const [next, effects] = step(state, event);
  state = next;
  tellDuty(event, wasOnDuty, place);
  if (state.role !== roleBefore) remember('lobby.role', state.role);
  if (state.language !== before) remember('lobby.language', state.language);
  show();
  for (const effect of effects) device.do(effect, state.language);
  lookAgain();
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

let look: ReturnType<typeof setTimeout> | undefined;

/** A wrist lives on its battery: the page wakes when there is something new to show, and not before. */
function lookAgain(): void {
  clearTimeout(look);
  look = setTimeout(() => tell({ kind: 'tick' }), nextLookAfter(state));
}

const link = openLink(tell, () => ({ watch: state.watch, role: state.role }));
const shell = openShell(
  ({ id, answer }) => tell({ kind: 'answered', id, answer }),
  (allowed) => tell({ kind: 'may-notify', allowed }),
);
const device = openDevice(link, shell);
show();
lookAgain();
document.addEventListener('visibilitychange', () =>
  tell({ kind: 'visibility', isHidden: document.visibilityState === 'hidden' }),
);
addEventListener('resize', show);
