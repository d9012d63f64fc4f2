import { useRef, useState } from 'preact/hooks';
import type { SettingsConflict, SettingsPayload, ShadowPayload } from '../../../../src/contract/settings.ts';
import { send, type Trouble } from '../api.ts';
import { Sheet } from '../frame.tsx';
import { type Language, promptWords, say as sayOfFrame } from '../words.ts';
import { whoOf } from './history.tsx';
import { withUnit } from './row.tsx';
import type { Conflict, SettingRow } from './state.ts';
import { sayRules as say } from './words.ts';

export type Trial = NonNullable<ShadowPayload['shadow']>;

interface ChipParts {
  readonly trial: Trial | undefined;
  readonly row: SettingRow;
  readonly language: Language;
  readonly dayOf: (at: string) => string;
}

/** On the rule concerned: since when another value is tried, and what it would have done. */
export function TrialChip({ trial, row, language, dayOf }: ChipParts) {
  const value = trial?.set[row.path];
  if (trial === undefined || value === undefined) return null;
  return (
    <p class="trial-chip">
      <span aria-hidden="true">◌</span>{' '}
      {say(language, trial.isOver ? 'chipOver' : 'chip', {
        value: withUnit(value.to, row, language),
        since: dayOf(trial.since),
        count: trial.wouldHaveBuzzed,
      })}
    </p>
  );
}

interface Parts {
  readonly trial: Trial;
  readonly base: SettingsPayload;
  readonly language: Language;
  readonly mayEdit: boolean;
  readonly timeOf: (at: string) => string;
  readonly nameOfPlace: (place: string) => string;
  readonly onTrial: (now: Trial | undefined) => void;
  readonly onSaved: (saved: SettingsPayload) => void;
  readonly onConflict: (conflict: Conflict) => void;
}

const shownExamples = 6;

/** What is on trial, what came of it until now, and the decision. */
export function TrialPanel(parts: Parts) {
  const { trial, base, language, mayEdit, timeOf } = parts;
  const [asks, setAsks] = useState<'live' | 'end'>();
  const who = whoOf(trial, language);
  const values = Object.entries(trial.set).flatMap(([path, change]) => {
    const row = base.settings.find((known) => known.path === path);
    return row === undefined ? [] : [{ row, ...change }];
  });
  return (
    <section class="trial" aria-labelledby="trial-head">
      <h2 id="trial-head">{say(language, 'trial')}</h2>
      {trial.isOver && <p class="refused">{say(language, 'trialOver', { days: trial.days })}</p>}
      {values.map(({ row, from, to }) => (
        <p key={row.path} class="version-change">
          {row.title[language]}{' '}
          <span class="from-to">
            {withUnit(from, row, language)} → {withUnit(to, row, language)}
          </span>
        </p>
      ))}
      <p class="version-why">{trial.why}</p>
      <p class="second">
        {say(language, 'trialSince', { who, since: timeOf(trial.since), until: timeOf(trial.until) })}
      </p>
      <dl class="trial-counts">
        <div>
          <dt>{say(language, 'wouldBuzz')}</dt>
          <dd>{trial.wouldHaveBuzzed}</dd>
        </div>
        <div>
          <dt>{say(language, 'reallyBuzzed')}</dt>
          <dd>{trial.liveBuzzed}</dd>
        </div>
      </dl>
      {trial.examples.length === 0 ? (
        <p class="second">{say(language, 'noExamples')}</p>
      ) : (
        <>
          <h3>{say(language, 'examples', { n: Math.min(shownExamples, trial.examples.length) })}</h3>
          <ul class="trial-examples">
            {trial.examples.slice(0, shownExamples).map(({ at, prompt, place, only }) => (
              <li key={`${at} ${prompt} ${place} ${only}`}>
                <b>
                  <span aria-hidden="true">{only === 'shadow' ? '▲' : '△'}</span>{' '}
                  {say(language, only === 'shadow' ? 'onlyShadow' : 'onlyLive')}
                </b>{' '}
                <time dateTime={at}>{timeOf(at)}</time> {parts.nameOfPlace(place)} ·{' '}
                {promptWords[prompt][language]}
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="second">{say(language, 'cannotKnow')}</p>
      <p class="choices">
        <button type="button" class="main-button" disabled={!mayEdit} onClick={() => setAsks('live')}>
          {say(language, 'makeLive')}
        </button>
        <button type="button" disabled={!mayEdit} onClick={() => setAsks('end')}>
          {say(language, 'endTrial')}
        </button>
      </p>
      {asks !== undefined && (
        <Decision {...parts} which={asks} values={values} onClose={() => setAsks(undefined)} />
      )}
    </section>
  );
}

interface DecisionParts extends Parts {
  readonly which: 'live' | 'end';
  readonly values: readonly { readonly row: SettingRow; readonly from: number; readonly to: number }[];
  readonly onClose: () => void;
}

/** Why the trial is made live, or ended: it is asked each time. */
function Decision(parts: DecisionParts) {
  const { which, values, base, language, onClose } = parts;
  const [why, setWhy] = useState('');
  const [asksWhy, setAsksWhy] = useState(false);
  const [isSending, setSending] = useState(false);
  const [refused, setRefused] = useState<Trouble>();
  const field = useRef<HTMLInputElement>(null);

  async function decide(): Promise<void> {
    if (why.trim() === '') {
      setAsksWhy(true);
      return void field.current?.focus();
    }
    setSending(true);
    const trouble = which === 'live' ? await makeLive() : await end();
    setSending(false);
    if (trouble === undefined) return onClose();
    setRefused(trouble);
  }

  async function makeLive(): Promise<Trouble | undefined> {
    const reply = await send<SettingsPayload>('POST', '/api/v1/shadow/live', { version: base.version, why });
    if (reply.ok) {
      parts.onTrial(undefined);
      parts.onSaved(reply.value);
      return undefined;
    }
    if (reply.trouble.code !== 'LOBBY_SETTINGS_STALE') return reply.trouble;
    const { current, since } = reply.trouble as Trouble & SettingsConflict;
    parts.onConflict({ current, since });
    return undefined;
  }

  async function end(): Promise<Trouble | undefined> {
    const reply = await send<ShadowPayload>('DELETE', `/api/v1/shadow?why=${encodeURIComponent(why)}`);
    if (!reply.ok) return reply.trouble;
    parts.onTrial(undefined);
    return undefined;
  }

  return (
    <Sheet
      title={say(language, which === 'live' ? 'makeLiveTitle' : 'endTitle')}
      language={language}
      onClose={onClose}
    >
      <form
        class="decision"
        onSubmit={(event) => {
          event.preventDefault();
          void decide();
        }}
      >
        {values.map(({ row, from, to }) => (
          <p key={row.path}>
            {row.title[language]}{' '}
            <span class="from-to">
              {withUnit(from, row, language)} → {withUnit(to, row, language)}
            </span>
          </p>
        ))}
        <p class="second">
          {which === 'live' ? sayOfFrame(language, 'summaryEffect') : say(language, 'endEffect')}
        </p>
        <label for="trial-why">{sayOfFrame(language, 'why')}</label>
        <input
          id="trial-why"
          ref={field}
          autocomplete="off"
          maxLength={300}
          value={why}
          required
          aria-invalid={asksWhy && why.trim() === ''}
          aria-describedby="trial-why-asked"
          onInput={({ currentTarget: { value } }) => setWhy(value)}
        />
        <p id="trial-why-asked" class={asksWhy && why.trim() === '' ? 'refused' : 'unseen-by-eyes'}>
          {sayOfFrame(language, 'whyAsked')}
        </p>
        {refused !== undefined && (
          <p class="refused" role="alert">
            {say(language, 'notDone')} <span class="code">{refused.code}</span>
          </p>
        )}
        <p class="choices">
          <button type="submit" class="main-button" disabled={isSending}>
            {say(language, which === 'live' ? 'makeLive' : 'endTrial')}
          </button>
        </p>
      </form>
    </Sheet>
  );
}
