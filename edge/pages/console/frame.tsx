import type { ComponentChildren, ComponentType } from 'preact';
import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { ask, type Session, send } from './api.ts';
import { BoxLinks, Door } from './door/door.tsx';
import { HealthBar } from './health.tsx';
import { later } from './later.tsx';
import { listen } from './live/link.ts';
import { LivePage } from './live/page.tsx';
import { boxNow, clocksApart, initialLive, type LiveEvent, stepLive } from './live/state.ts';
import type { PageParts } from './page-parts.ts';
import { RulesPage } from './rules/page.tsx';
import { type Preferences, usePreferences } from './settings.ts';
import { duration, type Language, say, type Word } from './words.ts';

export const pages = ['live', 'setup', 'rules', 'figures', 'journal'] as const;
export type PageName = (typeof pages)[number];
const roleOf: Readonly<Record<PageName, Session['role']>> = {
  live: 'viewer',
  setup: 'installer',
  // Whoever may not change them may see them.
  rules: 'viewer',
  figures: 'viewer',
  journal: 'viewer',
};
const roles: readonly Session['role'][] = ['viewer', 'operations', 'installer'];
export const mayDo = (session: Session, role: Session['role']): boolean =>
  roles.indexOf(session.role) >= roles.indexOf(role);

const SetupPage = later(() => import('./setup/page.tsx'));
const WhatIfPage = later(() => import('./rules/what-if/page.tsx'));
const FiguresPage = later(() => import('./figures/page.tsx'));
const JournalPage = later(() => import('./journal/page.tsx'));

/** Rules are here for what lies below their own page. */
const fetchedPages: Readonly<Record<Exclude<PageName, 'live'>, ComponentType<PageParts>>> = {
  setup: SetupPage,
  rules: WhatIfPage,
  figures: FiguresPage,
  journal: JournalPage,
};

const addressNow = (): string => location.pathname + location.search;
const pageNow = (): PageName => pages.find((one) => location.pathname.startsWith(`/${one}`)) ?? 'live';

/** The console: who one is, then the frame with one of its pages. */
export function Console() {
  const [preferences, prefer] = usePreferences();
  const [session, setSession] = useState<Session | 'unknown' | 'none'>('unknown');

  useEffect(() => {
    // In the part of the address that is never sent to a server, nor kept in its log.
    const shown = /token=([^&]+)/.exec(location.hash)?.[1];
    if (shown !== undefined) history.replaceState(null, '', location.pathname + location.search);
    const who =
      shown === undefined
        ? ask<Session>('/api/v1/session')
        : send<Session>('POST', '/api/v1/session', { token: shown });
    void who.then((reply) => setSession(reply.ok ? reply.value : 'none'));
  }, []);

  if (session === 'unknown') return <div class="quiet-page" aria-busy="true" />;
  if (session === 'none') return <Door preferences={preferences} prefer={prefer} onEnter={setSession} />;
  return (
    <Frame
      preferences={preferences}
      prefer={prefer}
      session={session}
      onLeave={() => {
        void send('DELETE', '/api/v1/session');
        setSession('none');
      }}
    />
  );
}

interface FrameParts {
  readonly preferences: Preferences;
  readonly prefer: (change: Partial<Preferences>) => void;
  readonly session: Session;
  readonly onLeave: () => void;
}

const clockFormat = (timezone: string | undefined) =>
  new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(timezone === undefined ? {} : { timeZone: timezone }),
  });

function Frame({ preferences, prefer, session, onLeave }: FrameParts) {
  const { language, theme, keys } = preferences;
  const [page, setPage] = useState(pageNow);
  const [address, setAddress] = useState(addressNow);
  const [live, dispatch] = useReducer(stepLive, Date.now(), initialLive);
  const [sheet, setSheet] = useState(false);
  const tell = useCallback(
    (
      event: LiveEvent extends infer Event
        ? Event extends { at: number }
          ? Omit<Event, 'at'>
          : never
        : never,
    ) => dispatch({ ...event, at: Date.now() } as LiveEvent),
    [],
  );
  useEffect(() => listen(tell, onLeave), []);
  useEffect(() => {
    const ticking = setInterval(() => tell({ kind: 'tick' }), 250);
    return () => clearInterval(ticking);
  }, []);
  const go = (to: PageName, rest = '') => {
    history.pushState(null, '', `/${to}${rest}`);
    setPage(to);
    setAddress(addressNow());
  };
  useEffect(() => {
    const back = () => {
      setPage(pageNow());
      setAddress(addressNow());
    };
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  const act = useRef<(key: KeyboardEvent) => void>(() => undefined);
  act.current = (event) => {
    const target = event.target as HTMLElement;
    if (event.key === 'Escape') return setSheet(false);
    if (
      !keys ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    const number = Number(event.key);
    if (number >= 1 && number <= pages.length) return go(pages[number - 1]!);
    if (event.key === '?') return setSheet(true);
    if (event.key === 'l' || event.key === 'L') return prefer({ language: language === 'zh' ? 'en' : 'zh' });
    if (event.key === 'd' || event.key === 'D') return prefer({ theme: nextTheme[theme] });
    if (page !== 'live') return;
    if (event.key === ' ' && target.tagName !== 'BUTTON') {
      event.preventDefault();
      return tell({ kind: live.heldAt === undefined ? 'frozen' : 'gone-live' });
    }
    const isOnFloor = target.closest('.floor') !== null;
    if (!isOnFloor && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault();
      const step = event.shiftKey ? 60 : 1;
      tell({ kind: 'stepped', seconds: event.key === 'ArrowLeft' ? -step : step });
    }
  };
  useEffect(() => {
    const heard = (event: KeyboardEvent) => act.current(event);
    addEventListener('keydown', heard);
    return () => removeEventListener('keydown', heard);
  }, []);

  const Fetched = fetchedPages[page === 'live' ? 'rules' : page];
  const time = clockFormat(live.plan?.timezone);
  const apart = clocksApart(live);
  return (
    <div class="frame">
      <a class="skip" href="#page">
        {say(language, 'skipToFloor')}
      </a>
      <header class="top">
        <div class="line-one">
          <span class="branch">{say(language, 'branch', { place: named(live.plan?.branch ?? '') })}</span>
          <nav>
            {pages.map((one, index) => {
              const allowed = mayDo(session, roleOf[one]);
              return (
                <a
                  key={one}
                  href={`/${one}`}
                  aria-current={page === one ? 'page' : undefined}
                  aria-disabled={!allowed}
                  aria-keyshortcuts={String(index + 1)}
                  title={
                    allowed ? undefined : say(language, 'roleNeeded', { role: say(language, roleOf[one]) })
                  }
                  onClick={(event) => {
                    event.preventDefault();
                    go(one);
                  }}
                >
                  {say(language, one)}
                </a>
              );
            })}
          </nav>
          <span class="spring" />
          <time class="clock" title={say(language, 'boxTime')}>
            {live.link === 'connecting' ? '–' : time.format(boxNow(live))}
          </time>
          <button
            type="button"
            class="tool"
            onClick={() => prefer({ language: language === 'zh' ? 'en' : 'zh' })}
          >
            <span lang={language === 'zh' ? 'en' : 'zh-CN'}>{say(language, 'otherLanguage')}</span>
          </button>
          <button
            type="button"
            class="tool"
            aria-label={say(language, theme)}
            title={say(language, theme)}
            onClick={() => prefer({ theme: nextTheme[theme] })}
          >
            {themeMarks[theme]}
          </button>
          <button
            type="button"
            class="tool"
            aria-label={say(language, 'keysTitle')}
            onClick={() => setSheet(true)}
          >
            ?
          </button>
          <button type="button" class="tool" onClick={onLeave}>
            {say(language, 'leave')}
          </button>
        </div>
        <HealthBar state={live} language={language} />
        {Math.abs(apart) > 2 && live.link === 'up' && (
          <p class="remark">
            {say(language, 'clockOff', {
              way: say(language, apart < 0 ? 'slow' : 'fast'),
              // Minutes and seconds look like hours and minutes.
              t:
                Math.abs(apart) < 3600
                  ? duration(Math.abs(apart))
                  : say(language, 'hoursApart', { n: Math.round(Math.abs(apart) / 3600) }),
            })}
          </p>
        )}
      </header>
      <main id="page" tabIndex={-1}>
        <h1 class="unseen-by-eyes">{say(language, page)}</h1>
        {!mayDo(session, roleOf[page]) ? (
          <p class="empty-page">{say(language, 'roleNeeded', { role: say(language, roleOf[page]) })}</p>
        ) : page === 'live' ? (
          <LivePage state={live} tell={tell} language={language} go={go} />
        ) : page === 'rules' && !address.startsWith('/rules/what-if') ? (
          <RulesPage live={live} language={language} mayEdit={mayDo(session, 'operations')} go={go} />
        ) : (
          <Fetched {...{ live, language, session, keys, address, go }} />
        )}
      </main>
      {sheet && (
        <Sheet title={say(language, 'keysTitle')} language={language} onClose={() => setSheet(false)}>
          <dl class="keys">
            {keyRows.map(([key, word]) => (
              <>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{say(language, word)}</dd>
              </>
            ))}
          </dl>
          <button type="button" onClick={() => prefer({ keys: !keys })}>
            {say(language, keys ? 'keysOff' : 'keysOn')}
          </button>
          <BoxLinks language={language} />
        </Sheet>
      )}
    </div>
  );
}

/** `harbour-east` as it is written: `Harbour east`. */
const named = (branch: string) => branch.replace(/^./, (letter) => letter.toUpperCase()).replaceAll('-', ' ');

const nextTheme = { system: 'light', light: 'dark', dark: 'system' } as const;
const themeMarks = { system: '◐', light: '○', dark: '●' } as const;
const keyRows: readonly (readonly [string, Word])[] = [
  ['1 … 5', 'keyPages'],
  ['?', 'keySheet'],
  ['L', 'keyLanguage'],
  ['D', 'keyTheme'],
  ['Esc', 'keyClose'],
  ['Space', 'keyFreeze'],
  ['← →', 'keySecond'],
  ['Tab, ↑ ↓', 'keyMarks'],
  ['Ctrl S', 'keySave'],
  ['Ctrl Z, Ctrl Shift Z', 'keyUndo'],
  ['V Z E P R', 'keyTools'],
  ['← ↑ ↓ →', 'keyNudge'],
  ['F', 'keyFlip'],
  ['X', 'keyZoom'],
  ['Delete', 'keyRemove'],
  ['/', 'keyFilter'],
  ['[ ]', 'keyStories'],
  ['T W M', 'keyPeriod'],
  ['X', 'keyCompare'],
  ['J K', 'keyDifference'],
];

/** A sheet over the page: closed by its button, and by Escape. */
export function Sheet(props: {
  readonly title: string;
  readonly language: Language;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = box;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog ref={box} class="sheet" aria-label={props.title} onClose={props.onClose}>
      <div class="sheet-head">
        <h2>{props.title}</h2>
        <button type="button" class="tool" onClick={props.onClose}>
          {say(props.language, 'close')}
        </button>
      </div>
      {props.children}
    </dialog>
  );
}
