import { useEffect, useRef, useState } from 'preact/hooks';
import type { Profile } from '../../../../src/contract/calendar.ts';
import type {
  SettingsChange,
  SettingsConflict,
  SettingsHistory,
  SettingsPayload,
  ShadowPayload,
} from '../../../../src/contract/settings.ts';
import { ask, send, type Trouble } from '../api.ts';
import { Sheet } from '../frame.tsx';
import { boxNow, type LiveState } from '../live/state.ts';
import type { PageParts } from '../page-parts.ts';
import { type Language, say } from '../words.ts';
import { FromBank } from './from-bank.tsx';
import { History, momentOf, whoOf } from './history.tsx';
import { ProfileChanges } from './profile-changes.tsx';
import { type ProfileDraft, profileChanges, profileOf, profilesOnBox } from './profile-drafts.ts';
import { dayInWords, nameOf, Profiles } from './profiles.tsx';
import { Row, rangeOf, withUnit } from './row.tsx';
import { addressOf } from './what-if/address.ts';
import './rules.css';
import { type Trial, TrialChip, TrialPanel } from './shadow.tsx';
import {
  afterSave,
  askFor,
  beginRules,
  type Conflict,
  changesOf,
  compared,
  type Draft,
  heard,
  isProfilesChanged,
  onTop,
  problemOf,
  problemsOf,
  profilesOf,
  putBack,
  type RulesState,
  redo,
  reset,
  settled,
  takeTheirs,
  textOf,
  typed,
  undo,
  withProfiles,
  wrongProfiles,
} from './state.ts';
import { sayRules } from './words.ts';

interface Parts {
  readonly live: LiveState;
  readonly language: Language;
  /** Whether whoever looks may change anything. */
  readonly mayEdit: boolean;
  readonly go: PageParts['go'];
}

/** What was typed outlasts a look at another page, in this tab alone. */
const draftName = 'lobby.rules';
/** What is on trial is counted by the box: a look every so often is enough. */
const trialEveryMs = 5_000;
const trialDays = 7;

interface Kept {
  readonly draft: Draft;
  readonly why: string;
  readonly profiles?: readonly ProfileDraft[] | undefined;
}

function keptDraft(): Kept {
  try {
    const kept = JSON.parse(sessionStorage.getItem(draftName) ?? '{}') as Partial<Kept>;
    return { draft: kept.draft ?? {}, why: kept.why ?? '', profiles: kept.profiles };
  } catch {
    return { draft: {}, why: '' };
  }
}

function keepDraft({ draft, why, profiles }: RulesState): void {
  try {
    sessionStorage.setItem(draftName, JSON.stringify({ draft, why, profiles }));
  } catch {
    // A browser that keeps nothing loses it with the page.
  }
}

/** Thresholds, what each does both ways, and who changed them. */
export function RulesPage({ live, language, mayEdit, go }: Parts) {
  const [state, setState] = useState<RulesState>();
  const [history, setHistory] = useState<SettingsHistory>();
  const [unread, setUnread] = useState<Trouble>();
  const [sheet, setSheet] = useState<'summary' | 'conflict'>();
  const [refused, setRefused] = useState<Trouble>();
  const [saved, setSaved] = useState<SettingsChange>();
  const [isSaving, setSaving] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const [asksWhy, setAsksWhy] = useState(false);
  const [trial, setTrial] = useState<Trial>();
  const [trialSaid, setTrialSaid] = useState<'trialBegun' | 'trialEnded'>();
  const [isTrying, setTrying] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const why = useRef<HTMLInputElement>(null);
  const change = (next: (before: RulesState) => RulesState) =>
    setState((before) => (before === undefined ? before : next(before)));

  async function readHistory(): Promise<void> {
    const reply = await ask<SettingsHistory>('/api/v1/settings/history');
    if (reply.ok) setHistory(reply.value);
  }
  async function readOlder(): Promise<void> {
    const before = history?.changes.at(-1)?.version;
    const reply = await ask<SettingsHistory>(`/api/v1/settings/history?before=${before}`);
    if (reply.ok) {
      setHistory((known) => ({
        ...reply.value,
        changes: [...(known?.changes ?? []), ...reply.value.changes],
      }));
    }
  }
  async function read(): Promise<void> {
    const reply = await ask<SettingsPayload>('/api/v1/settings');
    if (!reply.ok) return setUnread(reply.trouble);
    setUnread(undefined);
    const { value: current } = reply;
    setState((before) => {
      if (before !== undefined) return heard(before, { current, since: [current.latest] });
      const kept = keptDraft();
      return beginRules(current, mayEdit ? kept.draft : {}, kept.why, mayEdit ? kept.profiles : undefined);
    });
    void readHistory();
  }
  async function readTrial(): Promise<void> {
    const reply = await ask<ShadowPayload>('/api/v1/shadow');
    if (reply.ok) setTrial(reply.value.shadow);
  }
  useEffect(() => {
    void readTrial();
    const reading = setInterval(() => void readTrial(), trialEveryMs);
    return () => clearInterval(reading);
  }, [live.settings, live.link]);
  // The box tells its version each second; another than this page's is read.
  useEffect(() => void read(), [live.settings, live.link]);
  useEffect(() => {
    if (state !== undefined && mayEdit) keepDraft(state);
  }, [state]);

  const changes = state === undefined ? [] : changesOf(state);
  const wrong = state === undefined ? [] : problemsOf(state);
  const wrongOnes = state === undefined ? [] : wrongProfiles(state);
  const isOtherProfiles = state !== undefined && isProfilesChanged(state);
  const changeCount = changes.length + (isOtherProfiles ? 1 : 0);

  function toSummary(): void {
    if (state === undefined || !mayEdit || isSaving) return;
    setRefused(undefined);
    const [first] = wrong;
    if (first !== undefined) {
      setChosen(undefined);
      return void setTimeout(() => document.getElementById(`value-${first.path}`)?.focus());
    }
    const [wrongOne] = wrongOnes;
    if (wrongOne !== undefined) {
      setChosen(wrongOne.id);
      return void setTimeout(() => document.getElementById(`${wrongOne.id}-${language}`)?.focus());
    }
    if (changeCount === 0) return;
    setTrying(false);
    if (state.why.trim() === '') {
      setAsksWhy(true);
      return void why.current?.focus();
    }
    setSheet('summary');
  }

  async function save(
    from: RulesState,
    values: Readonly<Record<string, number>>,
    reason: string,
    profiles?: readonly Profile[],
  ): Promise<void> {
    setSaving(true);
    setTrialSaid(undefined);
    const reply = await send<SettingsPayload>('PUT', '/api/v1/settings', {
      version: from.base.version,
      ...askFor(from.base, values),
      ...(profiles === undefined ? {} : { profiles }),
      why: reason,
    });
    setSaving(false);
    if (reply.ok) {
      setSheet(undefined);
      setSaved(reply.value.latest);
      setState((now) => afterSave(now ?? from, reply.value));
      void readHistory();
      return;
    }
    const { trouble } = reply;
    if (trouble.code === 'LOBBY_SETTINGS_STALE') {
      const { current, since } = trouble as Trouble & SettingsConflict;
      setState({ ...from, conflict: { current, since } });
      setSheet('conflict');
      void readHistory();
    } else {
      setSheet(undefined);
      setRefused(trouble);
    }
  }
  const saveDraft = (from: RulesState) => {
    const values = Object.fromEntries(changesOf(from).map(({ row, to }) => [row.path, to]));
    const profiles = isProfilesChanged(from) ? profilesOf(from).map(profileOf) : undefined;
    if (Object.keys(values).length === 0 && profiles === undefined) return setSheet(undefined);
    void save(from, values, from.why, profiles);
  };
  const takeBack = (from: RulesState, { version, changes: were, profiles }: SettingsChange) =>
    void save(
      from,
      Object.fromEntries(Object.entries(were).map(([path, one]) => [path, one.from])),
      say(language, 'undoWhy', { version }),
      profiles?.from as readonly Profile[] | undefined,
    );
  /** The draft goes on trial, and out of the form: what holds is unchanged. */
  async function tryDraft(from: RulesState): Promise<void> {
    setSaving(true);
    const set = Object.fromEntries(changesOf(from).map(({ row, to }) => [row.path, to]));
    const reply = await send<ShadowPayload>('POST', '/api/v1/shadow', {
      version: from.base.version,
      set,
      why: from.why,
      days: trialDays,
    });
    setSaving(false);
    if (reply.ok) {
      setSheet(undefined);
      setSaved(undefined);
      setTrialSaid('trialBegun');
      setTrial(reply.value.shadow);
      setState((now) => ({ ...reset(now ?? from), why: '' }));
      void readHistory();
      return;
    }
    const { trouble } = reply;
    if (trouble.code === 'LOBBY_SETTINGS_STALE') {
      const { current, since } = trouble as Trouble & SettingsConflict;
      conflicted({ current, since });
    } else {
      setSheet(undefined);
      setRefused(trouble);
    }
  }
  const conflicted = (met: Conflict) => {
    change((before) => ({ ...before, conflict: met }));
    setSheet('conflict');
    void readHistory();
  };
  /** Old values are looked at before they are saved: they are in the form when one comes back. */
  const lookBack = (one: SettingsChange) => {
    change((before) => {
      const next = putBack(before, one);
      keepDraft(next);
      return next;
    });
    if (one.profiles !== undefined) setChosen(one.profiles.from[0]?.id);
    const old = Object.entries(one.changes).map(([path, { from }]) => [path, from] as const);
    if (old.length > 0) go('rules', `/what-if${addressOf({ set: Object.fromEntries(old) })}`);
  };

  /** A sheet tells that it was closed after another has taken its place: that one stays. */
  const closed = (which: typeof sheet) => setSheet((now) => (now === which ? undefined : now));

  const act = useRef<(event: KeyboardEvent) => void>(() => undefined);
  act.current = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || sheet !== undefined) return;
    const key = event.key.toLowerCase();
    if (key === 's') {
      event.preventDefault();
      toSummary();
    } else if (key === 'z' && (event.target as HTMLElement).id !== 'why') {
      event.preventDefault();
      change(event.shiftKey ? redo : undo);
    }
  };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => act.current(event);
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);

  if (state === undefined) {
    return (
      <p class="empty-page" role={unread === undefined ? undefined : 'alert'}>
        {unread === undefined ? say(language, 'readingRules') : say(language, 'rulesUnread')}
      </p>
    );
  }
  const { base, conflict } = state;
  const profiles = profilesOf(state);
  const titleOf = (path: string | undefined) => {
    const ofProfile = profiles.find(({ id }) => path?.startsWith(`${id} `));
    if (ofProfile !== undefined) return nameOf(ofProfile, language);
    if (path === '') return sayRules(language, 'severalProfiles');
    return base.settings.find((row) => row.path === path)?.title[language] ?? say(language, 'severalValues');
  };
  const lastStep = state.past.at(-1);
  const nextStep = state.future.at(-1);
  const groups = base.settings.filter(
    ({ group }, index) => base.settings.findIndex((row) => row.group.id === group.id) === index,
  );
  const timeOf = (at: string) => momentOf(at, language, live.plan?.timezone, boxNow(live));
  const somebody =
    conflict &&
    say(language, 'somebodySaved', {
      who: whoOf(conflict.current.latest, language),
      version: conflict.current.version,
      t: timeOf(conflict.current.latest.at),
    });
  const choices = (
    <>
      <button
        type="button"
        onClick={() => {
          change(takeTheirs);
          setSheet(undefined);
        }}
      >
        {say(language, 'takeTheirs')}
      </button>
      <button
        type="button"
        onClick={() => {
          const next = onTop(state);
          if (next.why.trim() !== '') return saveDraft(next);
          setState(next);
          setSheet(undefined);
          setAsksWhy(true);
          why.current?.focus();
        }}
      >
        {say(language, 'putMineOnTop')}
      </button>
    </>
  );
  const tried = addressOf({ set: Object.fromEntries(changes.map(({ row, to }) => [row.path, to])) });
  const mayChange = mayEdit && base.cannotSave === undefined;

  return (
    <div class="rules">
      <form
        class="thresholds"
        aria-label={say(language, 'thresholds')}
        onSubmit={(event) => {
          event.preventDefault();
          toSummary();
        }}
      >
        <div class="notes">
          {!mayEdit && (
            <p class="note">{say(language, 'roleNeeded', { role: say(language, 'operations') })}</p>
          )}
          {base.keptIn === 'memory' && <p class="note">{say(language, 'keptInMemory')}</p>}
          {base.keptIn === 'file' && !base.historyKept && (
            <p class="note">{say(language, 'historyNotKept')}</p>
          )}
          {base.awaitsRestart.length > 0 && <p class="note">{say(language, 'awaitsRestart')}</p>}
          {base.cannotSave !== undefined && (
            <p class="note strong" role="alert">
              {say(
                language,
                base.cannotSave.code === 'LOBBY_SETTINGS_FILE_BROKEN' ? 'fileBroken' : 'fileUnwritable',
              )}{' '}
              <span class="code">
                {base.cannotSave.code} {/\S+\.ya?ml:\d+/.exec(base.cannotSave.message)?.[0]}
              </span>
            </p>
          )}
          {conflict !== undefined && (
            <div class="note strong" role="alert">
              <p>{somebody}</p>
              <div class="choices">
                <button type="button" onClick={() => setSheet('conflict')}>
                  {say(language, 'compare')}
                </button>
                {choices}
              </div>
            </div>
          )}
        </div>
        <Profiles
          base={base}
          all={profiles}
          chosen={chosen}
          language={language}
          disabled={!mayChange}
          onChoose={setChosen}
          onEdit={(next, what) => change((before) => withProfiles(before, next, what))}
          onLeave={() => change(settled)}
        />
        <fieldset class="bare" disabled={!mayChange} hidden={chosen !== undefined}>
          {groups.map(({ group }) => (
            <section key={group.id} class="group" aria-labelledby={`group-${group.id}`}>
              <h2 id={`group-${group.id}`}>{group[language]}</h2>
              {base.settings
                .filter((row) => row.group.id === group.id)
                .map((row) => {
                  const text = textOf(state, row);
                  return (
                    <Row
                      key={row.path}
                      row={row}
                      text={text}
                      problem={problemOf(text, row)}
                      isChanged={state.draft[row.path] !== undefined && text !== String(row.value)}
                      language={language}
                      onType={(next) => change((before) => typed(before, row.path, next))}
                      onLeave={() => change(settled)}
                      onReset={() => change((before) => reset(before, row.path))}
                    >
                      <FromBank
                        row={row}
                        text={text}
                        language={language}
                        onBack={(value) => change((before) => settled(typed(before, row.path, value)))}
                      />
                      <TrialChip
                        trial={trial}
                        row={row}
                        language={language}
                        dayOf={(at) => dayInWords(localDay(at, live.plan?.timezone), language)}
                      />
                    </Row>
                  );
                })}
            </section>
          ))}
        </fieldset>
        <div class="save-bar">
          <p class="saved" role="status">
            {trialSaid !== undefined && sayRules(language, trialSaid)}
            {saved !== undefined && (
              <>
                <span class="saved-mark" aria-hidden="true">
                  ✓
                </span>{' '}
                {say(language, 'inEffect', { t: timeOf(saved.at) })}{' '}
                {(Object.keys(saved.changes).length > 0 || saved.profiles !== undefined) &&
                  saved.version === base.version && (
                    <button type="button" onClick={() => takeBack(state, saved)}>
                      {say(language, 'undo')}
                    </button>
                  )}
              </>
            )}
          </p>
          {refused !== undefined && (
            <p class="refused" role="alert">
              {refusedInWords(refused, base, language)} <span class="code">{refused.code}</span>
            </p>
          )}
          <div class="save-line">
            <span class="changed-count" aria-live="polite">
              {say(language, 'changedCount', { n: changeCount })}
              {wrong.length + wrongOnes.length > 0 &&
                ` · ${say(language, 'wrongCount', { n: wrong.length + wrongOnes.length })}`}
              {wrongOnes[0] !== undefined &&
                ` · ${sayRules(language, 'fixProfile', { name: nameOf(wrongOnes[0], language) })}`}
            </span>
            <button
              type="button"
              class="tool"
              disabled={lastStep === undefined}
              aria-keyshortcuts="Control+Z"
              title={lastStep && say(language, 'undoStep', { name: titleOf(lastStep.path) })}
              onClick={() => change(undo)}
            >
              {say(language, 'undo')}
            </button>
            <button
              type="button"
              class="tool"
              disabled={nextStep === undefined}
              aria-keyshortcuts="Control+Shift+Z"
              title={nextStep && say(language, 'redoStep', { name: titleOf(nextStep.path) })}
              onClick={() => change(redo)}
            >
              {say(language, 'redo')}
            </button>
            <button
              type="button"
              class="tool"
              disabled={changeCount + wrong.length + wrongOnes.length === 0}
              onClick={() => {
                change((before) => reset(before));
                setChosen(undefined);
              }}
            >
              {say(language, 'resetAll')}
            </button>
          </div>
          <div class="save-line">
            <label for="why">{say(language, 'why')}</label>
            <input
              id="why"
              ref={why}
              autocomplete="off"
              maxLength={300}
              disabled={!mayChange}
              value={state.why}
              placeholder={say(language, 'whyExample')}
              required
              aria-invalid={asksWhy && state.why.trim() === ''}
              aria-describedby="why-asked"
              onInput={({ currentTarget: { value } }) => change((before) => ({ ...before, why: value }))}
            />
            <button
              type="submit"
              class="main-button"
              disabled={!mayChange || changeCount + wrong.length + wrongOnes.length === 0}
              aria-keyshortcuts="Control+S"
            >
              {say(language, 'save')}
            </button>
          </div>
          <p id="why-asked" class={asksWhy && state.why.trim() === '' ? 'refused' : 'unseen-by-eyes'}>
            {say(language, 'whyAsked')}
          </p>
        </div>
      </form>
      <aside class={`beside ${isOpen ? 'open' : ''}`} aria-label={say(language, 'besideLabel')}>
        <button type="button" class="beside-handle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {trial !== undefined && `${sayRules(language, 'trial')} · `}
          {say(language, 'whatIf')} · {say(language, 'history')}{' '}
          <span aria-hidden="true">{isOpen ? '▾' : '▴'}</span>
        </button>
        {trial !== undefined && (
          <TrialPanel
            trial={trial}
            base={base}
            language={language}
            mayEdit={mayChange}
            timeOf={timeOf}
            nameOfPlace={(place) => nameOfPlace(live, place, language)}
            onTrial={(now) => {
              setTrial(now);
              setSaved(undefined);
              setTrialSaid('trialEnded');
              void readHistory();
            }}
            onSaved={(next) => {
              setTrialSaid(undefined);
              setSaved(next.latest);
              setState((now) => (now === undefined ? now : afterSave(now, next)));
              void readHistory();
            }}
            onConflict={conflicted}
          />
        )}
        <section class="what-if">
          <h2>{say(language, 'whatIf')}</h2>
          {mayEdit ? (
            <a
              href={`/rules/what-if${tried}`}
              onClick={(event) => {
                event.preventDefault();
                go('rules', `/what-if${tried}`);
              }}
            >
              {say(language, changes.length === 0 ? 'whatIfOpen' : 'whatIfTry')}
            </a>
          ) : (
            <p>{say(language, 'roleNeeded', { role: say(language, 'operations') })}</p>
          )}
        </section>
        <History
          history={history}
          base={base}
          language={language}
          timeOf={timeOf}
          mayEdit={mayChange}
          onPutBack={lookBack}
          onOlder={() => void readOlder()}
        />
      </aside>
      {sheet === 'summary' && (
        <Sheet title={say(language, 'summaryTitle')} language={language} onClose={() => closed('summary')}>
          <ul class="summary">
            {changes.map(({ row, from, to }) => (
              <li key={row.path}>
                <b>{row.title[language]}</b>
                <span class="from-to">
                  {withUnit(from, row, language)} → {withUnit(to, row, language)}
                </span>
                <span class="second">{(to < from ? row.less : row.more)[language]}</span>
              </li>
            ))}
          </ul>
          {isOtherProfiles && (
            <ProfileChanges
              {...profileChanges(profilesOnBox(base), profiles.map(profileOf))}
              base={base}
              language={language}
            />
          )}
          <p>
            <span class="second">{say(language, 'why')}</span> {state.why}
          </p>
          <fieldset class="bare when">
            <legend class="unseen-by-eyes">{sayRules(language, 'when')}</legend>
            <label>
              <input
                type="radio"
                name="when"
                checked={isTrying}
                disabled={isOtherProfiles || trial !== undefined || changes.length === 0}
                onChange={() => setTrying(true)}
              />{' '}
              {sayRules(language, 'shadowDays')}
            </label>
            <label>
              <input type="radio" name="when" checked={!isTrying} onChange={() => setTrying(false)} />{' '}
              {sayRules(language, 'liveNow')}
            </label>
            {(isOtherProfiles || trial !== undefined) && (
              <p class="second">{sayRules(language, trial === undefined ? 'trialBaseOnly' : 'trialRuns')}</p>
            )}
          </fieldset>
          <p class="second">{say(language, base.keptIn === 'memory' ? 'keptInMemory' : 'summaryEffect')}</p>
          <p class="choices">
            <button
              type="button"
              class="main-button"
              disabled={isSaving}
              onClick={() => (isTrying ? void tryDraft(state) : saveDraft(state))}
            >
              {isTrying ? sayRules(language, 'tryNow') : say(language, 'saveNow')}
            </button>
            <button type="button" onClick={() => setSheet(undefined)}>
              {say(language, 'goOnEditing')}
            </button>
          </p>
        </Sheet>
      )}
      {sheet === 'conflict' && conflict !== undefined && (
        <Sheet title={say(language, 'conflictTitle')} language={language} onClose={() => closed('conflict')}>
          <p>{somebody}</p>
          <Compared state={state} language={language} />
          {conflict.since.map(
            (one) =>
              one.why !== undefined && (
                <p key={one.version} class="second">
                  {whoOf(one, language)} · {one.why}
                </p>
              ),
          )}
          <div class="choices">{choices}</div>
        </Sheet>
      )}
    </div>
  );
}

/** A place as the floor's plan calls it. */
function nameOfPlace(live: LiveState, place: string, language: Language): string {
  return live.plan?.zones.find(({ id }) => id === place)?.name[language] ?? place;
}

/** The day of a moment by the branch's own calendar. */
function localDay(at: string, timezone: string | undefined): string {
  const zone = timezone === undefined ? {} : { timeZone: timezone };
  const format = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...zone,
  });
  return format.format(Date.parse(at));
}

/** Both versions, side by side, and what both began from. */
function Compared({ state, language }: { readonly state: RulesState; readonly language: Language }) {
  return (
    <table class="compared">
      <thead>
        <tr>
          <th scope="col">{say(language, 'settingHead')}</th>
          <th scope="col">{say(language, 'before')}</th>
          <th scope="col">{say(language, 'theirs')}</th>
          <th scope="col">{say(language, 'mine')}</th>
        </tr>
      </thead>
      <tbody>
        {compared(state).map(({ row, theirs, mine }) => (
          <tr key={row.path}>
            <th scope="row">{row.title[language]}</th>
            <td>{withUnit(row.value, row, language)}</td>
            <td class={theirs === row.value ? '' : 'other'}>{withUnit(theirs, row, language)}</td>
            <td class={mine === undefined ? '' : 'other'}>
              {mine === undefined ? '–' : withUnit(mine, row, language)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Why it was not saved, in the page's language. */
function refusedInWords(trouble: Trouble, base: SettingsPayload, language: Language): string {
  const { details } = trouble as Trouble & { details?: Readonly<Record<string, string | number>> };
  const row = base.settings.find(({ path }) => path === details?.path);
  if (trouble.code === 'LOBBY_SETTING_REFUSED' && row !== undefined) {
    return say(language, 'notSavedRange', {
      name: row.title[language],
      range: rangeOf(row, language),
      value: String(details?.value),
    });
  }
  if (trouble.code === 'LOBBY_PROFILES_REFUSED') return sayRules(language, 'profileRefused');
  if (trouble.code === 'LOBBY_SHADOW_RUNNING') return sayRules(language, 'trialRuns');
  if (trouble.status === 0) return say(language, 'notSavedOffline');
  if (trouble.status === 403) {
    return say(language, 'roleNeeded', { role: say(language, 'operations') });
  }
  if (trouble.code === 'LOBBY_SETTINGS_UNWRITABLE') return say(language, 'fileUnwritable');
  if (trouble.code === 'LOBBY_SETTINGS_FILE_BROKEN') return say(language, 'fileBroken');
  if (trouble.code === 'LOBBY_SETTINGS_FILE_TANGLED') return say(language, 'fileTangled');
  return say(language, 'notSaved');
}
