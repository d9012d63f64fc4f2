import { useRef, useState } from 'preact/hooks';
import type {
  SettingsConflict,
  SettingsPayload,
  ShadowPayload,
} from '../../../../../src/contract/settings.ts';
import { send, type Trouble } from '../../api.ts';
import { type Language, say as sayOfFrame } from '../../words.ts';
import { type Conflict, changesOf, type RulesState } from '../state.ts';
import { troubleInWords } from './trouble.ts';
import { say } from './words.ts';

interface Parts {
  readonly state: RulesState;
  readonly language: Language;
  /** What the answer rests on is enough to decide by. */
  readonly isSure: boolean;
  readonly onSaved: (saved: SettingsPayload) => void;
  readonly onTrial: (until: string) => void;
  readonly onConflict: (conflict: Conflict) => void;
}

const trialDays = 7;

/** The draft is saved from here, with the reason: it has been seen what it would have done. */
export function Save({ state, language, isSure, onSaved, onTrial, onConflict }: Parts) {
  const [when, setWhen] = useState<'trial' | 'live'>('live');
  const [why, setWhy] = useState('');
  const [asksWhy, setAsksWhy] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [refused, setRefused] = useState<Trouble>();
  const field = useRef<HTMLInputElement>(null);
  const { base } = state;
  const changes = changesOf(state);
  const mayNot = base.cannotSave !== undefined;

  async function save(): Promise<void> {
    if (why.trim() === '') {
      setAsksWhy(true);
      return void field.current?.focus();
    }
    setSaving(true);
    setRefused(undefined);
    const { version } = base;
    const values = Object.fromEntries(changes.map(({ row, to }) => [row.path, to]));
    const reply =
      when === 'live'
        ? await send<SettingsPayload>('PUT', '/api/v1/settings', { version, changes: values, why })
        : await send<ShadowPayload>('POST', '/api/v1/shadow', { version, set: values, why, days: trialDays });
    setSaving(false);
    if (reply.ok) {
      if ('settings' in reply.value) onSaved(reply.value);
      else onTrial(reply.value.shadow?.until ?? '');
      return;
    }
    if (reply.trouble.code === 'LOBBY_SETTINGS_STALE') {
      const { current, since } = reply.trouble as Trouble & SettingsConflict;
      onConflict({ current, since });
    } else setRefused(reply.trouble);
  }

  return (
    <form
      class="save-bar"
      aria-label={sayOfFrame(language, 'save')}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {refused !== undefined && (
        <p class="refused" role="alert">
          {sayOfFrame(language, 'notSaved')} {troubleInWords(refused, base, language)}{' '}
          <span class="code">{refused.code}</span>
        </p>
      )}
      <div class="save-line">
        <label for="why">{sayOfFrame(language, 'why')}</label>
        <input
          id="why"
          ref={field}
          autocomplete="off"
          maxLength={300}
          disabled={mayNot}
          value={why}
          placeholder={sayOfFrame(language, 'whyExample')}
          aria-invalid={asksWhy && why.trim() === ''}
          aria-describedby="why-asked"
          onInput={({ currentTarget: { value } }) => setWhy(value)}
        />
        <fieldset class="bare when">
          <legend class="unseen-by-eyes">{say(language, 'when')}</legend>
          {(['trial', 'live'] as const).map((one) => (
            <label key={one}>
              <input type="radio" name="when" checked={when === one} onChange={() => setWhen(one)} />{' '}
              {say(language, one === 'live' ? 'liveNow' : 'onTrial', { n: trialDays })}
            </label>
          ))}
        </fieldset>
        <button
          type="submit"
          class={isSure ? 'main-button' : ''}
          disabled={mayNot || isSaving || changes.length === 0}
        >
          {sayOfFrame(language, 'save')}
        </button>
      </div>
      <p id="why-asked" class={asksWhy && why.trim() === '' ? 'refused' : 'unseen-by-eyes'}>
        {sayOfFrame(language, 'whyAsked')}
      </p>
      {mayNot && <p class="refused">{sayOfFrame(language, 'fileUnwritable')}</p>}
    </form>
  );
}
