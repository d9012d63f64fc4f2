import { useEffect, useState } from 'preact/hooks';
import type { HealthPayload } from '../../../../src/contract/topics.ts';
import { ask, type Session, send } from '../api.ts';
import type { Preferences } from '../settings.ts';
import { type Language, say as sayFrame } from '../words.ts';
import { say } from './words.ts';
import './door.css';

const askEveryMs = 5_000;

interface Parts {
  readonly preferences: Preferences;
  readonly prefer: (change: Partial<Preferences>) => void;
  readonly onEnter: (session: Session) => void;
}

/**
 * What whoever comes without a token sees: what this box is, how it goes, and the way to the watch, which needs none.
 */
export function Door({ preferences: { language }, prefer, onEnter }: Parts) {
  const [token, setToken] = useState('');
  const [trouble, setTrouble] = useState<string>();
  // From another machine a box tells its state alone, and the rest to whoever has entered.
  const [isReticent, setReticent] = useState(false);
  const enter = async (event: Event) => {
    event.preventDefault();
    const reply = await send<Session>('POST', '/api/v1/session', { token: token.trim() });
    if (reply.ok) onEnter(reply.value);
    else setTrouble(reply.trouble.status === 401 ? sayFrame(language, 'tokenWrong') : reply.trouble.message);
  };
  return (
    <main class="door">
      <div class="inside">
        <button
          type="button"
          class="tool languages"
          onClick={() => prefer({ language: language === 'zh' ? 'en' : 'zh' })}
        >
          <span lang={language === 'zh' ? 'en' : 'zh-CN'}>{sayFrame(language, 'otherLanguage')}</span>
        </button>
        <p>{say(language, 'about')}</p>
        <form onSubmit={enter}>
          <h1>{sayFrame(language, 'tokenAsk')}</h1>
          <label for="token">{sayFrame(language, 'token')}</label>
          <input
            id="token"
            type="password"
            autocomplete="current-password"
            value={token}
            aria-describedby="token-help"
            aria-invalid={trouble !== undefined}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
          {trouble !== undefined && <p role="alert">{trouble}</p>}
          <p id="token-help" class="second">
            {sayFrame(language, 'tokenHelp')}
          </p>
          <button type="submit" class="main-button">
            {sayFrame(language, 'enter')}
          </button>
        </form>
        <HowItGoes language={language} onTold={(health) => setReticent(health.cameras === undefined)} />
        <BoxLinks language={language} withoutReads={isReticent} />
      </div>
    </main>
  );
}

type Told = Pick<HealthPayload, 'state'> & Partial<HealthPayload>;

function HowItGoes({
  language,
  onTold,
}: {
  readonly language: Language;
  readonly onTold: (health: Told) => void;
}) {
  const [health, setHealth] = useState<Told | 'unknown'>();
  useEffect(() => {
    const read = async () => {
      const reply = await ask<Told>('/api/v1/health');
      // A box that sees nothing answers with 503, and its state.
      const told = reply.ok ? reply.value : (reply.trouble as unknown as Told);
      const isHealth = typeof told.state === 'string';
      setHealth(isHealth ? told : 'unknown');
      if (isHealth) onTold(told);
    };
    void read();
    const reading = setInterval(read, askEveryMs);
    return () => clearInterval(reading);
  }, []);
  if (health === undefined) return <p role="status" />;
  if (health === 'unknown') return <p role="status">{say(language, 'unknown')}</p>;
  const total = health.latency?.find(({ part }) => part === 'total');
  return (
    <p role="status">
      {say(language, health.state)}{' '}
      {total !== undefined && say(language, 'toWrist', { n: total.prompts, t: total.p95Seconds.toFixed(1) })}
    </p>
  );
}

/** The other addresses of the box. */
export function BoxLinks({
  language,
  withoutReads = false,
}: {
  readonly language: Language;
  /** Leaves out what would ask for a token. */
  readonly withoutReads?: boolean;
}) {
  return (
    <nav class="box-links" aria-label={say(language, 'onThisBox')}>
      <h2>{say(language, 'onThisBox')}</h2>
      <ul>
        <li>
          <a href={`/watch?lang=${language}`}>{say(language, 'watch')}</a>{' '}
          <span class="second">{say(language, 'watchAbout')}</span>
        </li>
        <li>
          <a href="/docs">{say(language, 'docs')}</a>
        </li>
        <li>
          <a href="/api/v1/health">{say(language, 'health')}</a>
        </li>
        {!withoutReads && (
          <>
            <li>
              <a href="/api/v1/lobby">{say(language, 'lobby')}</a>
            </li>
            <li>
              <a href="/metrics">{say(language, 'metrics')}</a>
            </li>
          </>
        )}
      </ul>
    </nav>
  );
}
