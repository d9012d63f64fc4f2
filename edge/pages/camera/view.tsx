import { useState } from 'preact/hooks';
import type { Size } from '../../../src/core/units.ts';
import { adviceOf, feetBand } from './aim.ts';
import { type CameraState, headline } from './state.ts';
import { adviceWords, say, type Word } from './words.ts';

/** What somebody did on the page. */
export type Did =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'language' }
  | { readonly kind: 'aim' }
  | { readonly kind: 'done' }
  | { readonly kind: 'touched'; readonly x: number; readonly y: number }
  | { readonly kind: 'unpair'; readonly sure: boolean }
  | { readonly kind: 'stay' }
  | { readonly kind: 'woke' };

interface Part {
  readonly state: CameraState;
  readonly tell: (did: Did) => void;
  /** Puts the tablet's own picture where it is wanted. */
  readonly show: (place: HTMLElement | null) => void;
}

export function CameraPage({ state, tell, show }: Part) {
  const { pairing, isAiming, picture } = state;
  if (pairing === 'insecure' || pairing === 'asking') return <Told state={state} tell={tell} />;
  if (pairing === 'unpaired') return <Start state={state} tell={tell} />;
  return isAiming && picture === 'seen' ? (
    <Aim state={state} tell={tell} show={show} />
  ) : (
    <Running state={state} tell={tell} />
  );
}

/** A sentence of the catalogue: what stands between backquotes is to be typed as it is. */
function Sentence({ text }: { readonly text: string }) {
  return (
    <>{text.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>))}</>
  );
}

function Language({ state, tell }: Omit<Part, 'show'>) {
  return (
    <button type="button" class="plain" onClick={() => tell({ kind: 'language' })}>
      {say(state.language, 'otherLanguage')}
    </button>
  );
}

function Told({ state, tell }: Omit<Part, 'show'>) {
  const { language, pairing } = state;
  const isInsecure = pairing === 'insecure';
  return (
    <main class="start" data-state={pairing}>
      <h1>{say(language, isInsecure ? 'insecure' : 'asking')}</h1>
      {isInsecure && (
        <p>
          <Sentence text={say(language, 'insecureHelp')} />
        </p>
      )}
      <Language state={state} tell={tell} />
    </main>
  );
}

function Start({ state, tell }: Omit<Part, 'show'>) {
  const { language, refusal, isPairing } = state;
  const send = (event: Event) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement).get('code');
    tell({ kind: 'code', code: String(given ?? '') });
  };
  return (
    <main class="start" data-state="unpaired">
      <h1>{say(language, 'title')}</h1>
      <p>{say(language, 'about')}</p>
      <form onSubmit={send}>
        <label>
          {say(language, 'enterCode')}
          <input
            name="code"
            required
            maxLength={12}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            aria-describedby="help"
          />
        </label>
        <button type="submit" disabled={isPairing}>
          {say(language, 'pair')}
        </button>
      </form>
      <p id="help" role={refusal === undefined ? undefined : 'alert'}>
        <Sentence text={refusal ?? say(language, 'codeHelp')} />
      </p>
      <Language state={state} tell={tell} />
    </main>
  );
}

/** Half heights and widths of the outline, in parts of the picture: somebody who stands at the door. */
function Outline() {
  return (
    <svg class="outline" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <rect
        class="feet"
        x="0"
        width="100"
        y={feetBand.from * 100}
        height={(feetBand.to - feetBand.from) * 100}
      />
      <ellipse cx="50" cy="21" rx="4" ry="7" />
      <path d="M42 32 h16 l2 28 h-4 l-2 26 h-3 l-1 -22 l-1 22 h-3 l-2 -26 h-4 z" />
      <line class="level" x1="0" x2="100" y1="50" y2="50" />
    </svg>
  );
}

/** So far one press of an arrow goes, in parts of the picture. */
const arrowStep = 0.01;
const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const within = (share: number) => Math.min(1, Math.max(0, share));

/** Takes a spot of the picture that lies under it: where it is touched, or where its cross stands, which arrows move. */
function Spot({ label, size, tell }: { label: string; size: Size; tell: Part['tell'] }) {
  const [cross, setCross] = useState({ x: 0.5, y: 0.5 });
  const take = (event: MouseEvent) => {
    const place = (event.currentTarget as HTMLElement).getBoundingClientRect();
    // A click by the keyboard says of no place.
    const { x, y } =
      event.detail === 0
        ? cross
        : {
            x: (event.clientX - place.left) / place.width,
            y: (event.clientY - place.top) / place.height,
          };
    tell({ kind: 'touched', x: Math.round(x * size.width), y: Math.round(y * size.height) });
  };
  const move = (event: KeyboardEvent) => {
    const by = arrows[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setCross(({ x, y }) => ({ x: within(x + by[0] * arrowStep), y: within(y + by[1] * arrowStep) }));
  };
  return (
    <button type="button" class="spot" aria-label={label} onClick={take} onKeyDown={move}>
      <span class="cross" style={{ left: `${cross.x * 100}%`, top: `${cross.y * 100}%` }} />
    </button>
  );
}

function Aim({ state, tell, show }: Part) {
  const { language, people, size, mean, rollDegrees, touched } = state;
  const advice =
    size === undefined
      ? 'nobody'
      : adviceOf({ mean, people, picture: size, ...(rollDegrees === undefined ? {} : { rollDegrees }) });
  const { width = 4, height = 3 } = size ?? {};
  return (
    <main class="aim" data-state="aiming" data-advice={advice}>
      <div class="picture">
        <div class="video" ref={show} />
        <Outline />
        <svg class="found" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {people.map(({ left, top, right, bottom }, index) => (
            <rect key={index} x={left} y={top} width={right - left} height={bottom - top} />
          ))}
          {touched.map(({ x, y }) => (
            <circle key={`${x},${y}`} cx={x} cy={y} r={width / 120} />
          ))}
        </svg>
        <span class="band">{say(language, 'feetHere')}</span>
        <Spot label={say(language, 'tapFloor').replaceAll('`', '')} size={{ width, height }} tell={tell} />
      </div>
      <section>
        <h1 class="advice" aria-live="polite">
          {adviceWords[advice][language]}
        </h1>
        <p>{say(language, 'standHere')}</p>
        <p>
          <Sentence text={say(language, 'tapFloor')} />
        </p>
        {touched.length > 0 && (
          <p class="points">
            {say(language, 'points')} {touched.map(({ x, y }) => `[${x}, ${y}]`).join(' ')}
          </p>
        )}
        <button type="button" onClick={() => tell({ kind: 'done' })}>
          {say(language, 'done')}
        </button>
        <Language state={state} tell={tell} />
      </section>
    </main>
  );
}

function Running({ state, tell }: Omit<Part, 'show'>) {
  const { language, camera, people, framesPerSecond, isKeptAwake, isUnpairing, link } = state;
  const { key, large, small, isWell } = headline(state);
  const button = (word: Word, did: Did) => (
    <button type="button" class="plain" onClick={() => tell(did)}>
      {say(language, word)}
    </button>
  );
  return (
    <main class={isWell ? 'running well' : 'running'} data-state={key}>
      <h1 aria-live="polite">{large}</h1>
      <p>
        <Sentence text={small} />
      </p>
      {!isKeptAwake && <p>{say(language, 'screenMayDim')}</p>}
      <p class="figures">
        <span>{camera?.camera}</span>
        {isWell && <span class="people">{say(language, 'people', { n: people.length })}</span>}
        {framesPerSecond !== undefined && (
          <span class="rate">{say(language, 'framesASecond', { n: framesPerSecond.toFixed(1) })}</span>
        )}
      </p>
      <nav>
        {link === 'replaced' ? button('stay', { kind: 'woke' }) : button('aim', { kind: 'aim' })}
        {isUnpairing ? (
          <>
            {button('reallyUnpair', { kind: 'unpair', sure: true })}
            {button('stay', { kind: 'stay' })}
          </>
        ) : (
          button('unpair', { kind: 'unpair', sure: false })
        )}
        <Language state={state} tell={tell} />
      </nav>
    </main>
  );
}
