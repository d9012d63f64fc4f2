import { useEffect, useRef, useState } from 'preact/hooks';
import type { CameraTry, CameraTryAsk } from '../../../../src/contract/setup.ts';
import { ask, type Trouble } from '../api.ts';
import type { Language } from '../words.ts';
import type { Login } from './state.ts';
import { type SetupWord, say } from './words.ts';

/** The longest a try takes: the box gives up after so long, and says so. */
const tryWithinSeconds = 10;

export interface Typed {
  readonly source: string;
  readonly user: string;
  readonly password: string;
}

export const toSource = ({ source, user, password }: Typed): { source: string; login?: Login } => ({
  source: source.trim(),
  ...(user.trim() === '' ? {} : { login: { user: user.trim(), password } }),
});

interface FieldParts {
  readonly language: Language;
  readonly typed: Typed;
  readonly onType: (typed: Typed) => void;
  readonly onLeave?: () => void;
  readonly hasLogin?: boolean;
}

/** Where a camera's stream is, and how one logs in to it. */
export function AddressFields({ language, typed, onType, onLeave, hasLogin = false }: FieldParts) {
  const field = (name: keyof Typed, type: 'text' | 'password', label: SetupWord) => (
    <>
      <label for={`address-${name}`}>{say(language, label)}</label>
      <input
        id={`address-${name}`}
        class="text"
        {...({ type } as { type: 'text' })}
        autocomplete={name === 'password' ? 'new-password' : 'off'}
        spellcheck={false}
        value={typed[name]}
        aria-describedby={name === 'source' ? 'address-help' : undefined}
        onInput={({ currentTarget }) => onType({ ...typed, [name]: currentTarget.value })}
        onBlur={onLeave}
      />
    </>
  );
  return (
    <>
      {field('source', 'text', 'address')}
      <p id="address-help" class="second">
        {say(language, 'addressHelp')}
      </p>
      <div class="login-fields">
        <div>{field('user', 'text', 'user')}</div>
        <div>{field('password', 'password', 'password')}</div>
      </div>
      {hasLogin && <p class="second">{say(language, 'loginKept')}</p>}
    </>
  );
}

export interface Trial {
  readonly isTrying: boolean;
  readonly result: CameraTry | undefined;
  readonly trouble: Trouble | undefined;
  readonly begin: (asked: CameraTryAsk) => Promise<void>;
  readonly stop: () => void;
}

/** One try of an address at a time; leaving the page ends it. */
export function useTry(): Trial {
  const [isTrying, setTrying] = useState(false);
  const [result, setResult] = useState<CameraTry>();
  const [trouble, setTrouble] = useState<Trouble>();
  const running = useRef<AbortController | undefined>(undefined);
  const stop = () => {
    running.current?.abort();
    running.current = undefined;
    setTrying(false);
  };
  useEffect(() => () => running.current?.abort(), []);
  return {
    isTrying,
    result,
    trouble,
    stop,
    async begin(asked) {
      running.current?.abort();
      const own = new AbortController();
      running.current = own;
      setTrying(true);
      setResult(undefined);
      setTrouble(undefined);
      const reply = await ask<CameraTry>('/api/v1/setup/cameras/try', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(asked),
        signal: own.signal,
      });
      if (running.current !== own) return;
      running.current = undefined;
      setTrying(false);
      if (reply.ok) setResult(reply.value);
      else setTrouble(reply.trouble);
    },
  };
}

const outcomeWords: Readonly<Record<Exclude<CameraTry['outcome'], 'decodes'>, SetupWord>> = {
  'no-answer': 'noAnswer',
  'wrong-login': 'wrongLogin',
  unsupported: 'unsupported',
  missing: 'missingSource',
};
const sightWords = {
  dark: 'sightDark',
  covered: 'sightCovered',
  defocused: 'sightDefocused',
  frozen: 'sightFrozen',
  'too-slow': 'sightTooSlow',
} as const;

/** What a try is doing, and what came of it: never a picture. */
export function Try({ trial, language }: { readonly trial: Trial; readonly language: Language }) {
  const { isTrying, result, trouble } = trial;
  const t = tryWithinSeconds;
  return (
    <div class="try-result" role="status">
      {isTrying && (
        <p class="trying">
          {say(language, 'trying', { t })}{' '}
          <button type="button" onClick={trial.stop}>
            {say(language, 'stopTrying')}
          </button>
        </p>
      )}
      {result?.outcome === 'decodes' && (
        <>
          <p class="good">
            <span aria-hidden="true">✓</span>{' '}
            {say(language, 'decodes', {
              size: `${result.picture.width}×${result.picture.height}`,
              rate: result.framesPerSecond.toFixed(1),
              asked: result.asked.toFixed(result.asked % 1 === 0 ? 0 : 1),
              t: result.firstFrameAfterSeconds.toFixed(1),
            })}
            {result.firstFrameAgeSeconds !== undefined &&
              ` · ${say(language, 'frameAge', { t: result.firstFrameAgeSeconds.toFixed(1) })}`}
          </p>
          {result.sight !== undefined && <p class="refused">{say(language, sightWords[result.sight])}</p>}
        </>
      )}
      {result !== undefined && result.outcome !== 'decodes' && (
        <p class="refused">
          {say(language, outcomeWords[result.outcome], { t })} <span class="code">{result.trouble.code}</span>
        </p>
      )}
      {trouble !== undefined && trouble.status !== 0 && (
        <p class="refused">
          {say(language, trouble.code === 'LOBBY_TRY_BUSY' ? 'tryBusy' : 'tryRefused')}{' '}
          <span class="code">{trouble.code}</span>
        </p>
      )}
      {trouble?.status === 0 && <p class="refused">{say(language, 'notSavedOffline')}</p>}
    </div>
  );
}
