import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PromptPayload } from '../../../src/contract/topics.ts';
import { type Answer, haptics, type PromptKind, roles } from '../../../src/core/prompts/kinds.ts';
import {
  boxNow,
  type Held,
  type Notice,
  type Outcome,
  type Pending,
  type Screen,
  screenOf,
  type WatchEvent,
  type WatchState,
} from './state.ts';
import { duration, type Language, reasons, roleNames, say, type Word, words } from './words.ts';

export type Tell = (
  event: WatchEvent extends infer Event ? (Event extends { at: number } ? Omit<Event, 'at'> : never) : never,
) => void;

interface Parts {
  readonly state: WatchState;
  readonly tell: Tell;
}

/**
 * One line that is never cut: its type steps down until it fits, no further than `least`, then wraps.
 * Sizes are those of the style sheet, so that each shape of screen keeps its own.
 */
function Line({ kind, least = 14, children }: { kind: string; least?: number; children: ComponentChildren }) {
  const line = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = line;
    if (current === null) return;
    current.style.fontSize = '';
    current.classList.remove('wraps');
    let size = Number.parseFloat(getComputedStyle(current).fontSize);
    while (current.scrollWidth > current.clientWidth && size > least) {
      size = Math.max(least, size - 2);
      current.style.fontSize = `${size}px`;
    }
    if (current.scrollWidth > current.clientWidth) current.classList.add('wraps');
  });
  return (
    <div ref={line} class={`line ${kind}`}>
      {children}
    </div>
  );
}

/** Words with their numbers kept whole: a number and its measure word never part at a line's end. */
function whole(text: string): ComponentChildren {
  return text
    .split(/(\d[\d:]*(?: [\u3400-\u9fff]| s)?)/)
    .map((part, index) => (index % 2 === 1 ? <span class="whole">{part}</span> : part));
}

const clockTime = (ms: number): string =>
  new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** What is said after the place, in two lines: `自助区 · 请查看设备 · 客户离开快` becomes the last two. */
function linesOf(prompt: PromptPayload, language: Language): readonly [what: string, rest: string] {
  const text = prompt.say[language];
  const start = `${prompt.placeName[language]} · `;
  const said = text.startsWith(start) ? text.slice(start.length) : text;
  const [what = said, ...rest] = said.split(' · ');
  return [what, rest.join(' · ')];
}

/** What a running time is called; what has none says why instead. */
const sinceWords: Partial<Record<string, Word>> = {
  'ask-queue': 'longest',
  patrol: 'unvisited',
  attend: 'noStaff',
};
/** It came to this wrist because nobody else took it. */
const isPassedToMe = (state: WatchState, { passedOn }: PromptPayload): boolean => passedOn?.to === state.role;

/** Lines below the two figures of the idle screen, the most telling first. */
const mostSmallLines = 2;

const untimed: readonly string[] = ['divert', 'support', 'see-off', 'check-machine'];

/** The bar along the edge: its colour says how soon, its hatching that something is not seen. */
function EdgeBar({ look }: { look: 'now' | 'soon' | 'when-free' | 'unseen' }) {
  return (
    <div class={`edge ${look}`} aria-hidden="true">
      <svg viewBox="0 0 192 192" role="presentation">
        <path d="M 8.9 63.3 A 93 93 0 0 1 183.1 63.3" fill="none" stroke-width="6" />
      </svg>
    </div>
  );
}

function Mark({ kind }: { kind: 'tick' | 'cross' | 'hatch' }) {
  return (
    <svg class={`mark ${kind}`} viewBox="0 0 24 24" aria-hidden="true">
      {kind === 'tick' && <path d="M4 13l5 5L20 6" />}
      {kind === 'cross' && <path d="M5 5l14 14M19 5L5 19" />}
      {kind === 'hatch' && <path d="M2 9L9 2M2 16L16 2M2 22L22 2M8 22L22 8M15 22l7-7M2 2h20v20H2z" />}
    </svg>
  );
}

function AnswerButton(props: {
  readonly answer: Answer;
  readonly word: Word;
  readonly place: string;
  readonly held: Held;
  readonly pending: Pending | undefined;
  readonly language: Language;
  readonly tell: Tell;
}) {
  const { answer, word, place, held, pending, language, tell } = props;
  const waiting = pending !== undefined && !pending.failed;
  const own = pending?.answer === answer;
  return (
    <button
      type="button"
      class={`answer ${place}${own ? (waiting ? ' sending' : ' failed') : ''}`}
      aria-busy={own && waiting}
      disabled={waiting && !own}
      onClick={() => tell({ kind: 'answered', id: held.prompt.id, answer })}
    >
      {say(language, word)}
    </button>
  );
}

function PromptScreen({
  state,
  tell,
  screen,
}: Parts & { screen: Extract<Screen, { kind: 'prompt' | 'going' }> }) {
  const { language } = state;
  const { held, seconds, pending } = screen;
  const { prompt } = held;
  const going = screen.kind === 'going';
  const place = prompt.placeName[language];
  const time = duration(seconds);
  const [what, rest] = linesOf(prompt, language);
  const word = isPassedToMe(state, prompt) ? 'passedToYou' : sinceWords[prompt.kind];
  const since =
    word !== undefined ? say(language, word, { t: time }) : untimed.includes(prompt.kind) ? rest : time;
  const common = { held, pending, language, tell };
  return (
    <>
      <EdgeBar look={prompt.urgency} />
      <Line kind="place">{going ? say(language, 'youGo', { place }) : place}</Line>
      {/* Every kind there is fits at 24 or larger; a branch's own longer words had better be small than cut. */}
      <Line kind="what" least={16}>
        {whole(what)}
      </Line>
      <Line kind="since">
        {pending === undefined ? whole(since) : say(language, pending.failed ? 'notSent' : 'sending')}
      </Line>
      <div class={`answers ${going ? 'two' : 'three'}`}>
        {going ? (
          <>
            <AnswerButton answer="met" word="met" place="likely" {...common} />
            <AnswerButton answer="undo" word="undo" place="side" {...common} />
          </>
        ) : (
          <>
            <AnswerButton answer="met" word="met" place="side" {...common} />
            <AnswerButton answer="accepted" word="going" place="likely" {...common} />
            <AnswerButton answer="not-needed" word="skip" place="side" {...common} />
          </>
        )}
      </div>
    </>
  );
}

const outcomeWords: Record<Outcome, Word> = {
  met: 'met',
  skipped: 'skipped',
  'skipped-by': 'skippedBy',
  left: 'left',
  merged: 'merged',
  over: 'over',
  withdrawn: 'withdrawn',
  expired: 'expired',
  'taken-by': 'takenBy',
};

function outcomeText(language: Language, { outcome, by }: Pick<Notice, 'outcome' | 'by'>): string {
  const unnamed = outcome === 'skipped-by' && by === undefined;
  return say(language, unnamed ? 'skipped' : outcomeWords[outcome], {
    role: by === undefined ? '' : roleNames[by][language],
  });
}

function NoticeScreen({ state, notice }: { state: WatchState; notice: Notice }) {
  const { language } = state;
  const place = notice.place[language];
  return (
    <div class="middle">
      <Line kind="big" least={20}>
        {notice.outcome === 'met' && <Mark kind="tick" />}
        {outcomeText(language, notice)}
      </Line>
      <Line kind="small">
        {notice.outcome === 'met' ? `${place} ${duration(notice.afterSeconds)}` : place}
      </Line>
    </div>
  );
}

function StartScreen({ state, tell }: Parts) {
  const { language } = state;
  return (
    <button type="button" class="middle whole-screen" onClick={() => tell({ kind: 'duty-began' })}>
      <Line kind="big" least={20}>
        {say(language, 'tapToStart')}
      </Line>
      <div class="several small">{say(language, state.buzz === 'vibration' ? 'willBuzz' : 'willSound')}</div>
      <div class="small quiet">
        {state.lobby?.nobodyOnDuty ? say(language, 'nobodyThere') : roleNames[state.role][language]}
      </div>
    </button>
  );
}

function AskingScreen({ state, tell }: Parts) {
  const { language } = state;
  return (
    <>
      <div class="middle high">
        <Line kind="big" least={20}>
          {say(language, state.buzz === 'vibration' ? 'didItBuzz' : 'didItSound')}
        </Line>
      </div>
      <div class="answers pair">
        <button type="button" class="answer" onClick={() => tell({ kind: 'felt', felt: false })}>
          {say(language, 'no')}
        </button>
        <button type="button" class="answer likely" onClick={() => tell({ kind: 'felt', felt: true })}>
          {say(language, 'yes')}
        </button>
      </div>
    </>
  );
}

function AdvisingScreen({ state, tell }: Parts) {
  const { language } = state;
  return (
    <>
      <div class="middle high">
        <Line kind="small">{say(language, 'turnOn')}</Line>
        <Line kind="small">{say(language, 'soundInstead')}</Line>
      </div>
      <div class="answers one">
        <button type="button" class="answer likely" onClick={() => tell({ kind: 'advice-read' })}>
          {say(language, 'understood')}
        </button>
      </div>
    </>
  );
}

/** Whoever leaves is told what that means: to whom it goes, or that nobody hears of customers any more. */
function LeavingScreen({ state, tell, others }: Parts & { others: number | undefined }) {
  const { language } = state;
  const isHandOver = others !== undefined && others > 0;
  return (
    <>
      <div class="middle high">
        <Line kind="big" least={20}>
          {say(language, 'leaveNow')}
        </Line>
        {others !== undefined && (
          <Line kind="small">
            {whole(isHandOver ? say(language, 'othersOnDuty', { n: others }) : say(language, 'nobodyOnDuty'))}
          </Line>
        )}
      </div>
      <div class="answers pair leave">
        <button type="button" class="answer" onClick={() => tell({ kind: 'stayed' })}>
          {say(language, 'stay')}
        </button>
        <button type="button" class="answer likely" onClick={() => tell({ kind: 'duty-ended' })}>
          {say(language, isHandOver ? 'handOver' : 'offDuty')}
        </button>
      </div>
    </>
  );
}

function NoLinkScreen({
  state,
  screen,
}: {
  state: WatchState;
  screen: Extract<Screen, { kind: 'no-link' }>;
}) {
  const { language } = state;
  const box = screen.reason === 'box';
  return (
    <div class="middle">
      <Line kind="big" least={20}>
        <Mark kind="cross" />
        {say(language, box ? 'boxOffline' : 'noLink')}
      </Line>
      <Line kind="count">{duration(screen.seconds)}</Line>
      <Line kind="small">{say(language, 'noPromptsNow')}</Line>
      <Line kind="small">{say(language, box ? 'comesBack' : 'reconnecting')}</Line>
    </div>
  );
}

function UnseenScreen({ state, screen }: { state: WatchState; screen: Extract<Screen, { kind: 'unseen' }> }) {
  const { language } = state;
  const names = screen.places.map((name) => name[language]);
  const one = !screen.all && names.length === 1;
  const title = screen.all
    ? say(language, 'unseen', { place: say(language, 'wholeLobby') })
    : one
      ? say(language, 'unseen', { place: names[0]! })
      : say(language, 'unseenMany', { n: names.length });
  return (
    <>
      <EdgeBar look="unseen" />
      <div class="middle">
        <Line kind="big" least={20}>
          <Mark kind="hatch" />
          {title}
        </Line>
        <Line kind="count">{duration(screen.seconds)}</Line>
        {!one && !screen.all && <Line kind="small">{names.join(language === 'zh' ? '、' : ', ')}</Line>}
        {one && <Line kind="small">{say(language, 'pleaseWatch', { place: names[0]! })}</Line>}
        {screen.all ? (
          <Line kind="small">{say(language, 'pleaseWatchAll')}</Line>
        ) : (
          <Line kind="small">{say(language, 'othersFine')}</Line>
        )}
      </div>
    </>
  );
}

function IdleScreen({ state, screen }: { state: WatchState; screen: Extract<Screen, { kind: 'idle' }> }) {
  const { language, missed } = state;
  const { lobby, dimmed } = screen;
  const quiet = state.quietUntil === undefined ? undefined : (state.quietUntil - state.now) / 1000;
  const longest = lobby?.zones
    .filter(({ expectedWaitSeconds }) => (expectedWaitSeconds ?? 0) > 0)
    .sort((one, other) => (other.expectedWaitSeconds ?? 0) - (one.expectedWaitSeconds ?? 0))[0];
  // The box may find the branch closed with people still in it: then they are what matters.
  const isShut = lobby?.closed === true && (lobby.inLobby ?? 0) === 0;
  const small = [
    ...(missed === undefined ? [] : [say(language, 'missed', { n: missed })]),
    ...(quiet === undefined ? [] : [say(language, 'quietFor', { t: duration(quiet) })]),
    ...(lobby?.closed && !isShut ? [say(language, 'closed')] : []),
    ...(longest === undefined || quiet !== undefined
      ? []
      : [
          say(language, 'expectedWait', {
            place: longest.name[language],
            t: duration(longest.expectedWaitSeconds ?? 0),
          }),
        ]),
    ...(lobby?.onDuty === undefined ? [] : [say(language, 'onDuty', { n: lobby.onDuty })]),
  ].slice(0, mostSmallLines);
  if (isShut) {
    return (
      <div class={`middle${dimmed ? ' dimmed' : ''}`}>
        <Line kind="big" least={20}>
          {say(language, 'closed')}
        </Line>
        {!dimmed && lobby.opensAt !== undefined && (
          <Line kind="medium">{say(language, 'opensAt', { t: lobby.opensAt })}</Line>
        )}
      </div>
    );
  }
  return (
    <div class={`middle${dimmed ? ' dimmed' : ''}`}>
      <Line kind="big" least={20}>
        {whole(say(language, 'toGreet', { n: lobby?.toGreet ?? '–' }))}
      </Line>
      {!dimmed && (
        <>
          <Line kind="medium">
            <span class="whole">{say(language, 'inLobby', { n: lobby?.inLobby ?? '–' })}</span>
            <span class="gap" />
            <span class="whole">{say(language, 'inQueue', { n: lobby?.inQueue ?? '–' })}</span>
          </Line>
          {small.map((line) => (
            <Line key={line} kind="small">
              {whole(line)}
            </Line>
          ))}
        </>
      )}
    </div>
  );
}

function First({ state, tell, screen }: Parts & { screen: Screen }) {
  switch (screen.kind) {
    case 'start':
      return <StartScreen state={state} tell={tell} />;
    case 'asking':
      return <AskingScreen state={state} tell={tell} />;
    case 'advising':
      return <AdvisingScreen state={state} tell={tell} />;
    case 'leaving':
      return <LeavingScreen state={state} tell={tell} others={screen.others} />;
    case 'connecting':
      return (
        <div class="middle">
          <Line kind="small">{say(state.language, 'connecting')}</Line>
        </div>
      );
    case 'no-link':
      return <NoLinkScreen state={state} screen={screen} />;
    case 'notice':
      return <NoticeScreen state={state} notice={screen.notice} />;
    case 'prompt':
    case 'going':
      return <PromptScreen state={state} tell={tell} screen={screen} />;
    case 'unseen':
      return <UnseenScreen state={state} screen={screen} />;
    case 'idle':
      return <IdleScreen state={state} screen={screen} />;
  }
}

/** Below the first screen, by scrolling: what to say, why, what was, and the few settings there are. */
function Second({ state, tell, screen }: Parts & { screen: Screen }) {
  const { language } = state;
  const held = screen.kind === 'prompt' || screen.kind === 'going' ? screen.held : undefined;
  const reason = held === undefined ? undefined : reasons[held.prompt.kind as PromptKind]?.[language];
  const onDuty = state.duty.phase === 'on' || state.duty.phase === 'leaving';
  return (
    <section class="second">
      {held && (
        <div class="words">
          <h2>{say(language, 'sayThis')}</h2>
          <p class="speak">{held.prompt.words[language]}</p>
          {reason && (
            <>
              <h2>{say(language, 'why')}</h2>
              <p>{reason}</p>
            </>
          )}
        </div>
      )}
      {onDuty && (
        <div class="past">
          <h2>{say(language, 'lastFive')}</h2>
          {state.past.length === 0 ? (
            <p>{say(language, 'noneYet')}</p>
          ) : (
            <ol>
              {state.past.map((past) => (
                <li key={past.id}>
                  <span class="at">{clockTime(past.at + state.boxAheadMs)}</span>
                  <span>{whole(past.say[language])}</span>
                  <span class="outcome">{outcomeText(language, past)}</span>
                </li>
              ))}
            </ol>
          )}
        </div>
      )}
      {!onDuty && state.buzz === 'vibration' && (
        <div class="practice">
          <h2>{say(language, 'feelTheFour')}</h2>
          {haptics.map((haptic) => (
            <button key={haptic} type="button" onClick={() => tell({ kind: 'try', haptic })}>
              {say(language, haptic)}
            </button>
          ))}
        </div>
      )}
      <div class="settings">
        {onDuty ? (
          <p>{roleNames[state.role][language]}</p>
        ) : (
          <button
            type="button"
            onClick={() =>
              tell({ kind: 'role', role: roles[(roles.indexOf(state.role) + 1) % roles.length]! })
            }
          >
            {roleNames[state.role][language]}
          </button>
        )}
        {onDuty && state.mayNotify === false && <p>{say(language, 'keepOpen')}</p>}
        <button
          type="button"
          lang={language === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => tell({ kind: 'language', language: language === 'zh' ? 'en' : 'zh' })}
        >
          {words[language].otherLanguage}
        </button>
        {onDuty && (
          <button
            type="button"
            onClick={() => tell({ kind: 'quiet', seconds: state.quietUntil === undefined ? 600 : 0 })}
          >
            {say(language, state.quietUntil === undefined ? 'quietTen' : 'quietOver')}
          </button>
        )}
        {onDuty && (
          <button type="button" onClick={() => tell({ kind: 'leave-asked' })}>
            {say(language, 'offDuty')}
          </button>
        )}
      </div>
    </section>
  );
}

/** For ears: a new prompt at once, everything else when there is a pause. */
function Spoken({ state, screen }: { state: WatchState; screen: Screen }) {
  const { language } = state;
  const urgent = screen.kind === 'prompt' ? screen.held.prompt.say[language] : '';
  const calm = screen.kind === 'notice' ? outcomeText(language, screen.notice) : '';
  return (
    <div class="spoken">
      <div aria-live="assertive">{urgent}</div>
      <div aria-live="polite">{calm}</div>
    </div>
  );
}

export function Watch({ state, tell }: Parts) {
  const screen = screenOf(state);
  return (
    <main class={`screen-${screen.kind}`} onPointerDown={() => tell({ kind: 'touched' })}>
      <section class="first">
        <div class="time">{clockTime(boxNow(state))}</div>
        <First state={state} tell={tell} screen={screen} />
      </section>
      <Second state={state} tell={tell} screen={screen} />
      <Spoken state={state} screen={screen} />
    </main>
  );
}
