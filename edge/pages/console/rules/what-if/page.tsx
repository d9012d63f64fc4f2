import './what-if.css';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { SettingsPayload } from '../../../../../src/contract/settings.ts';
import type { WhatIfDays } from '../../../../../src/contract/what-if.ts';
import { ask, type Trouble } from '../../api.ts';
import { mayDo } from '../../frame.tsx';
import { boxNow } from '../../live/state.ts';
import type { PageParts } from '../../page-parts.ts';
import { say as sayOfFrame } from '../../words.ts';
import { momentOf, whoOf } from '../history.tsx';
import { Row, withUnit } from '../row.tsx';
import {
  afterSave,
  beginRules,
  changesOf,
  type Draft,
  heard,
  onTop,
  problemOf,
  problemsOf,
  type RulesState,
  settled,
  takeTheirs,
  textOf,
  typed,
} from '../state.ts';
import { addressOf, askedOf } from './address.ts';
import { momentsOf } from './moments.ts';
import { Save } from './save.tsx';
import { isReliable, isWholeWeek } from './state.ts';
import { Results } from './stories.tsx';
import { Suggest } from './suggest.tsx';
import { troubleInWords } from './trouble.ts';
import { useWhatIf } from './use-what-if.ts';
import { say } from './words.ts';

const dayMs = 86_400_000;
/** Somebody types: what they typed is tried when it has stayed as it is for so long. */
const settleMs = 400;

/** Before a threshold is changed: what would it have done, in days that were? */
export function Page(parts: PageParts) {
  const { language, session } = parts;
  if (!mayDo(session, 'operations')) {
    return (
      <p class="empty-page">
        {sayOfFrame(language, 'roleNeeded', { role: sayOfFrame(language, 'operations') })}
      </p>
    );
  }
  return <WhatIfPage {...parts} />;
}

function WhatIfPage({ live, language, session, keys, address, go }: PageParts) {
  const [state, setState] = useState<RulesState>();
  const [days, setDays] = useState<WhatIfDays['days']>();
  const [unread, setUnread] = useState<Trouble>();
  const [done, setDone] = useState<string>();
  const [period, setPeriod] = useState<{ readonly from: string; readonly to: string }>();
  const change = (next: (before: RulesState) => RulesState) =>
    setState((before) => (before === undefined ? before : next(before)));

  useEffect(() => {
    void ask<SettingsPayload>('/api/v1/settings').then((reply) => {
      if (!reply.ok) return setUnread(reply.trouble);
      const { value: current } = reply;
      setState((before) =>
        before === undefined
          ? beginRules(current, knownOf(askedOf(address).set, current))
          : heard(before, { current, since: [current.latest] }),
      );
    });
  }, [live.settings, live.link]);
  useEffect(() => {
    void ask<WhatIfDays>('/api/v1/what-if/days').then((reply) => {
      if (!reply.ok) return setUnread(reply.trouble);
      setUnread(undefined);
      const known = reply.value.days;
      setDays(known);
      const { from, to } = askedOf(address);
      const last = known.at(-1)?.day;
      if (from !== undefined && to !== undefined) setPeriod({ from, to });
      else if (last !== undefined) setPeriod(weekTo(last));
    });
  }, []);
  // Gone back to: what the address says then.
  useEffect(() => {
    const { from, to, set } = askedOf(address);
    if (from !== undefined && to !== undefined) setPeriod({ from, to });
    change((before) => ({ ...before, draft: knownOf(set, before.base) }));
  }, [address]);

  const moments = useMemo(() => momentsOf(live.plan?.timezone, language), [live.plan?.timezone, language]);
  const changes = state === undefined ? [] : changesOf(state);
  const set = Object.fromEntries(changes.map(({ row, to }) => [row.path, to]));
  const wrong = state === undefined ? [] : problemsOf(state);
  useEffect(() => {
    if (period === undefined || state === undefined) return;
    // Kept in the address as it changes, without a step back for each digit.
    const rest = addressOf({ ...period, set: state.draft });
    history.replaceState(null, '', `/rules/what-if${rest}`);
  }, [period, state?.draft]);

  const question =
    state === undefined || period === undefined || days === undefined || days.length === 0
      ? undefined
      : changes.length === 0 || wrong.length > 0
        ? undefined
        : { version: state.base.version, ...period, set };
  const [asking, cancel, again] = useWhatIf('/api/v1/what-if', question, settleMs);
  const { payload, trouble, isOpen } = asking;
  const result = payload?.result;

  if (unread !== undefined) {
    return (
      <p class="empty-page" role="alert">
        {say(language, unread.code === 'LOBBY_WHAT_IF_NO_JOURNAL' ? 'noJournal' : 'offline')}
      </p>
    );
  }
  if (state === undefined || days === undefined) {
    return (
      <p class="empty-page" aria-busy="true">
        {say(language, 'reading')}
      </p>
    );
  }
  if (days.length === 0 || period === undefined)
    return <p class="empty-page">{say(language, 'noJournal')}</p>;

  const { base, conflict } = state;
  const names = new Map(live.plan?.zones.map(({ id, name }) => [id, name[language]]));
  const placeName = (place: string) =>
    names.get(place) ?? (place === 'hall' ? sayOfFrame(language, 'hall') : place);
  const chosen = base.settings.filter(({ path }) => state.draft[path] !== undefined);
  const last = days.at(-1)!.day;
  // One value stands for itself; several are told apart by what they are of.
  const values = changes
    .map(({ row, to }) =>
      changes.length === 1
        ? withUnit(to, row, language)
        : `${row.group[language]} ${withUnit(to, row, language)}`,
    )
    .join(say(language, 'sep'));
  const timeOf = (at: string) => momentOf(at, language, live.plan?.timezone, boxNow(live));
  const isPart = result !== undefined && !isOpen && !isWholeWeek(period.from, period.to, result);
  const isOld =
    payload !== undefined && result !== undefined && payload.version !== (conflict?.current ?? base).version;

  return (
    <div class="what-if-page">
      <form class="draft" aria-label={say(language, 'draft')} onSubmit={(event) => event.preventDefault()}>
        <fieldset class="period">
          <legend>{say(language, 'period')}</legend>
          <label>
            {say(language, 'from')}{' '}
            <input
              type="date"
              value={period.from}
              min={days[0]!.day}
              max={last}
              onChange={({ currentTarget: { value } }) =>
                value !== '' && setPeriod({ ...period, from: value })
              }
            />
          </label>
          <label>
            {say(language, 'to')}{' '}
            <input
              type="date"
              value={period.to}
              min={days[0]!.day}
              max={last}
              onChange={({ currentTarget: { value } }) => value !== '' && setPeriod({ ...period, to: value })}
            />
          </label>
          <span class="choices">
            <button type="button" class="tool" onClick={() => setPeriod({ from: last, to: last })}>
              {say(language, 'lastDay')}
            </button>
            <button type="button" class="tool" onClick={() => setPeriod(weekTo(last))}>
              {say(language, 'lastWeek')}
            </button>
          </span>
        </fieldset>
        {chosen.map((row) => {
          const text = textOf(state, row);
          return (
            <Row
              key={row.path}
              row={row}
              text={text}
              problem={problemOf(text, row)}
              isChanged={text !== String(row.value)}
              language={language}
              onType={(next) => change((before) => typed(before, row.path, next))}
              onLeave={() => change(settled)}
              onReset={() => change((before) => ({ ...before, draft: without(before.draft, row.path) }))}
            />
          );
        })}
        <label class="add">
          {say(language, 'addThreshold')}
          <select
            value=""
            onChange={({ currentTarget }) => {
              const row = base.settings.find(({ path }) => path === currentTarget.value);
              currentTarget.value = '';
              if (row === undefined) return;
              change((before) => typed(before, row.path, String(row.value)));
              requestAnimationFrame(() => document.getElementById(`value-${row.path}`)?.focus());
            }}
          >
            <option value="">{say(language, 'choose')}</option>
            {base.settings
              .filter(({ path }) => state.draft[path] === undefined)
              .map((row) => (
                <option key={row.path} value={row.path}>
                  {row.group[language]} · {row.title[language]}
                </option>
              ))}
          </select>
        </label>
        <Suggest
          settings={base}
          from={period.from}
          to={period.to}
          moments={moments}
          language={language}
          onUse={(path, value) => change((before) => settled(typed(before, path, String(value))))}
        />
        <a
          href="/rules"
          onClick={(event) => {
            event.preventDefault();
            go('rules');
          }}
        >
          {say(language, 'toRules')}
        </a>
      </form>
      <div class={`answers ${isOpen && result !== undefined ? 'running' : ''}`}>
        <div class="notes">
          {conflict !== undefined && (
            <div class="note strong" role="alert">
              <p>
                {sayOfFrame(language, 'somebodySaved', {
                  who: whoOf(conflict.current.latest, language),
                  version: conflict.current.version,
                  t: timeOf(conflict.current.latest.at),
                })}
              </p>
              <div class="choices">
                <button type="button" onClick={() => change(takeTheirs)}>
                  {sayOfFrame(language, 'takeTheirs')}
                </button>
                <button type="button" onClick={() => change(onTop)}>
                  {sayOfFrame(language, 'putMineOnTop')}
                </button>
              </div>
            </div>
          )}
          {isOld && <p class="note">{say(language, 'olderVersion')}</p>}
          {trouble !== undefined && (
            <p class="note strong" role="alert">
              {troubleInWords(trouble, base, language)} <span class="code">{trouble.code}</span>{' '}
              <button type="button" onClick={again}>
                {say(language, 'again')}
              </button>
            </p>
          )}
        </div>
        <p class="saved" role="status">
          {done !== undefined && (
            <>
              <span class="saved-mark" aria-hidden="true">
                ✓
              </span>{' '}
              {done}
            </>
          )}
        </p>
        <p class="progress" role="status">
          {isOpen && (
            <>
              {payload?.state === 'waiting'
                ? say(language, 'waiting')
                : payload?.progress.doneTo === undefined || payload.state !== 'running'
                  ? say(language, 'starting')
                  : say(language, 'running', {
                      day: moments.dayName(payload.progress.doneTo),
                      n: payload.progress.daysLeft,
                    })}{' '}
              <button type="button" onClick={cancel}>
                {say(language, 'cancel')}
              </button>
            </>
          )}
          {payload?.state === 'cancelled' && !isOpen && (
            <>
              {say(language, 'cancelled')} {result !== undefined && say(language, 'soFar')}{' '}
              <button type="button" onClick={again}>
                {say(language, 'again')}
              </button>
            </>
          )}
          {question === undefined && wrong.length === 0 && done === undefined && say(language, 'changeFirst')}
        </p>
        {result !== undefined && payload !== undefined && question !== undefined && (
          <div class={isPart && session.role !== 'installer' ? 'greyed' : ''}>
            {isPart && <p class="note">{say(language, 'partWeek')}</p>}
            <Results
              {...{ result, values, placeName, moments, language, keys }}
              plan={live.plan}
              version={payload.version}
            />
          </div>
        )}
        {result !== undefined && question !== undefined && !isOpen && (
          <Save
            {...{ state, language }}
            isSure={!isPart && isReliable(result)}
            onSaved={(saved) => {
              setDone(sayOfFrame(language, 'inEffect', { t: timeOf(saved.latest.at) }));
              change((before) => afterSave(before, saved));
            }}
            onTrial={(until) => setDone(say(language, 'trialBegun', { t: timeOf(until) }))}
            onConflict={(found) => change((before) => ({ ...before, conflict: found }))}
          />
        )}
      </div>
    </div>
  );
}

const weekTo = (last: string) => ({
  from: new Date(Date.parse(last) - 6 * dayMs).toISOString().slice(0, 10),
  to: last,
});

const without = (draft: Draft, path: string): Draft =>
  Object.fromEntries(Object.entries(draft).filter(([one]) => one !== path));

/** Values of an address that are of thresholds there are. */
const knownOf = (set: Draft, { settings }: SettingsPayload): Draft =>
  Object.fromEntries(Object.entries(set).filter(([path]) => settings.some((row) => row.path === path)));
