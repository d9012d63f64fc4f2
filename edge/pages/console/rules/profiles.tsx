import { useState } from 'preact/hooks';
import { dayAfter, profileOn, weekdayOf } from '../../../../src/contract/calendar.ts';
import { days as weekdays } from '../../../../src/contract/hours.ts';
import type { SettingsPayload } from '../../../../src/contract/settings.ts';
import type { Language } from '../words.ts';
import {
  added,
  draftOf,
  isNever,
  mostProfiles,
  moved,
  type ProfileDraft,
  type ProfileProblem,
  profileOf,
  profileProblem,
  profilesOnBox,
} from './profile-drafts.ts';
import { Row, withUnit } from './row.tsx';
import { problemOf } from './state.ts';
import { type RulesWord, sayRules as say } from './words.ts';

interface Parts {
  readonly base: SettingsPayload;
  readonly all: readonly ProfileDraft[];
  /** The one that is looked at; absent: the base. */
  readonly chosen: string | undefined;
  readonly language: Language;
  readonly disabled: boolean;
  readonly onChoose: (id: string | undefined) => void;
  /** @param what names the field, so that undoing takes back all that was typed in it */
  readonly onEdit: (next: readonly ProfileDraft[], what: string) => void;
  readonly onLeave: () => void;
}

/** What a profile is called; one without a name by its id. */
export const nameOf = ({ id, zh, en }: ProfileDraft, language: Language): string => {
  const name = language === 'zh' ? zh.trim() || en.trim() : en.trim() || zh.trim();
  return name !== '' ? name : /^profile-\d+$/.test(id) ? say(language, 'newProfile', { n: id.slice(8) }) : id;
};

const problemWords: Readonly<Record<Exclude<ProfileProblem, 'value'>, RulesWord>> = {
  'name-missing': 'nameMissing',
  'name-long': 'nameLong',
  'name-twice': 'nameTwice',
  'days-missing': 'daysMissing',
};

/** `Sat 28 Nov`, `11 月 28 日 周六`: a day of a calendar, which no time zone moves. */
export function dayInWords(day: string, language: Language): string {
  const moment = new Date(`${day}T12:00:00.000Z`);
  if (language === 'zh') {
    return `${moment.getUTCMonth() + 1} 月 ${moment.getUTCDate()} 日 ${say('zh', weekdayOf(day))}`;
  }
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
    .format(moment)
    .replace(',', '');
}

/** Sets of values for some days: which there are, which day has which, and the one that is being edited. */
export function Profiles(parts: Parts) {
  const { base, all, chosen, language, disabled, onChoose, onEdit } = parts;
  const today = profileOn(all.map(profileOf), base.today);
  const nameOfId = (id: string | undefined) => {
    const one = all.find((known) => known.id === id);
    return one === undefined ? say(language, 'base') : nameOf(one, language);
  };
  const index = all.findIndex(({ id }) => id === chosen);
  const tab = (id: string | undefined) => (
    <button
      key={id ?? ''}
      type="button"
      class="profile-tab"
      aria-pressed={chosen === id}
      onClick={() => onChoose(id)}
    >
      {nameOfId(id)}
      {today?.id === id && <span class="today-mark">{say(language, 'today')}</span>}
    </button>
  );
  return (
    <section class="group profiles" aria-labelledby="profiles-head">
      <h2 id="profiles-head">{say(language, 'profiles')}</h2>
      <div class="profile-row">
        {all.map(({ id }) => tab(id))}
        {tab(undefined)}
        <span class="spring" />
        <button
          type="button"
          disabled={disabled || all.length >= mostProfiles}
          onClick={() => {
            const next = added(all);
            onEdit(next, '');
            onChoose(next[0]!.id);
          }}
        >
          {say(language, 'addProfile')}
        </button>
      </div>
      <p class="profile-today">
        {say(language, 'todayIs', { day: dayInWords(base.today, language), name: nameOfId(today?.id) })}
        {all.length > 1 && <span class="second"> {say(language, 'orderHint')}</span>}
      </p>
      {all.length === 0 && <p class="second profile-today">{say(language, 'noProfiles')}</p>}
      {index >= 0 && <Editor key={all[index]!.id} {...parts} index={index} one={all[index]!} />}
      {all.length > 0 && <Calendar base={base} all={all} language={language} chosen={chosen} />}
    </section>
  );
}

function Editor(parts: Parts & { readonly index: number; readonly one: ProfileDraft }) {
  const { base, all, index, one, language, disabled, onEdit, onLeave, onChoose } = parts;
  const [date, setDate] = useState('');
  const put = (change: Partial<ProfileDraft>, what: string) =>
    onEdit(
      all.map((other) => (other.id === one.id ? { ...other, ...change } : other)),
      `${one.id} ${what}`,
    );
  const problem = profileProblem(all, index, base.settings);
  const toggle = <Value,>(list: readonly Value[], value: Value): readonly Value[] =>
    list.includes(value) ? list.filter((other) => other !== value) : [...list, value];
  const rows = Object.keys(one.values).flatMap((path) => {
    const row = base.settings.find((known) => known.path === path);
    return row === undefined ? [] : [row];
  });
  const onBox = profilesOnBox(base).find(({ id }) => id === one.id);
  const saved = onBox === undefined ? undefined : draftOf(onBox);
  const free = base.settings.filter(({ path }) => one.values[path] === undefined);
  const isWrongName = problem?.startsWith('name') === true;
  const addDate = () => {
    if (date === '' || one.dates.includes(date) || one.dates.length >= 60) return;
    put({ dates: [...one.dates, date].sort() }, 'dates');
    setDate('');
  };
  return (
    <fieldset class="bare profile-editor" disabled={disabled}>
      <legend class="unseen-by-eyes">{nameOf(one, language)}</legend>
      <div class="profile-names">
        {(['zh', 'en'] as const).map((which) => (
          <label key={which}>
            <span>{say(language, which === 'zh' ? 'inChinese' : 'inEnglish')}</span>
            <input
              id={`${one.id}-${which}`}
              lang={which === 'zh' ? 'zh-CN' : 'en'}
              autocomplete="off"
              value={one[which]}
              aria-invalid={isWrongName}
              aria-describedby="profile-problem"
              onInput={({ currentTarget: { value } }) => put({ [which]: value }, which)}
              onBlur={onLeave}
            />
          </label>
        ))}
      </div>
      <fieldset class="bare days">
        <legend>{say(language, 'daysOf')}</legend>
        <fieldset class="bare days-line" aria-label={say(language, 'weekdays')}>
          <span class="second">{say(language, 'weekdays')}</span>
          {weekdays.map((day) => (
            <button
              key={day}
              type="button"
              class="day-toggle"
              aria-pressed={one.weekdays.includes(day)}
              onClick={() => put({ weekdays: toggle(one.weekdays, day) }, 'weekdays')}
            >
              {say(language, day)}
            </button>
          ))}
        </fieldset>
        <fieldset class="bare days-line" aria-label={say(language, 'ofMonth')}>
          <span class="second">{say(language, 'ofMonth')}</span>
          <div class="month-days">
            {Array.from({ length: 31 }, (_, n) => n + 1).map((n) => (
              <button
                key={n}
                type="button"
                class="day-toggle"
                aria-pressed={one.ofMonth.includes(n)}
                onClick={() => put({ ofMonth: toggle(one.ofMonth, n) }, 'ofMonth')}
              >
                {n}
              </button>
            ))}
          </div>
        </fieldset>
        <fieldset class="bare days-line" aria-label={say(language, 'dates')}>
          <span class="second">{say(language, 'dates')}</span>
          <input
            type="date"
            aria-label={say(language, 'dates')}
            value={date}
            onInput={({ currentTarget: { value } }) => setDate(value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              addDate();
            }}
          />
          <button type="button" disabled={date === ''} onClick={addDate}>
            {say(language, 'addDate')}
          </button>
          {one.dates.map((day) => (
            <button
              key={day}
              type="button"
              class="chosen-date"
              aria-label={say(language, 'removeDate', { day: dayInWords(day, language) })}
              onClick={() => put({ dates: one.dates.filter((other) => other !== day) }, 'dates')}
            >
              {dayInWords(day, language)} {day.slice(0, 4)} <span aria-hidden="true">✕</span>
            </button>
          ))}
        </fieldset>
        <p class="second">{say(language, 'daysMerge')}</p>
      </fieldset>
      <p id="profile-problem" class={problem === undefined || problem === 'value' ? '' : 'refused'}>
        {problem !== undefined && problem !== 'value' && say(language, problemWords[problem])}
      </p>
      {problem === undefined && isNever(all, index) && (
        <p class="refused" role="status">
          {say(language, 'never')}
        </p>
      )}
      <h3>{say(language, 'values')}</h3>
      {rows.length === 0 && <p class="second">{say(language, 'noValues')}</p>}
      {rows.map((row) => {
        const text = one.values[row.path]!;
        const baseText = withUnit(row.value, row, language);
        const before = saved?.values[row.path] ?? String(row.value);
        return (
          <Row
            key={row.path}
            row={{ ...row, value: Number(before) }}
            text={text}
            within={one.id}
            problem={problemOf(text, row)}
            isChanged={text.trim() !== before}
            otherwise={say(language, 'baseOf', { n: baseText })}
            language={language}
            onType={(next) => put({ values: { ...one.values, [row.path]: next } }, row.path)}
            onLeave={onLeave}
            onReset={() => put({ values: { ...one.values, [row.path]: before } }, `${row.path} `)}
          >
            <p>
              <button
                type="button"
                class="tool"
                aria-label={`${say(language, 'takeOut')}: ${row.title[language]}`}
                onClick={() => {
                  const { [row.path]: _, ...rest } = one.values;
                  put({ values: rest }, `${row.path}  `);
                }}
              >
                {say(language, 'takeOut')}
              </button>
            </p>
          </Row>
        );
      })}
      <div class="profile-actions">
        <label>
          <span>{say(language, 'addValue')}</span>
          <select
            value=""
            onChange={({ currentTarget }) => {
              const row = free.find(({ path }) => path === currentTarget.value);
              currentTarget.value = '';
              if (row === undefined) return;
              put({ values: { ...one.values, [row.path]: String(row.value) } }, `${row.path} added`);
            }}
          >
            <option value="">{say(language, 'chooseValue')}</option>
            {free.map((row) => (
              <option key={row.path} value={row.path}>
                {row.group[language]} · {row.title[language]}
              </option>
            ))}
          </select>
        </label>
        <span class="spring" />
        <button type="button" disabled={index === 0} onClick={() => onEdit(moved(all, index, -1), '')}>
          {say(language, 'earlier')}
        </button>
        <button
          type="button"
          disabled={index === all.length - 1}
          onClick={() => onEdit(moved(all, index, 1), '')}
        >
          {say(language, 'later')}
        </button>
        <button
          type="button"
          onClick={() => {
            onEdit(
              all.filter(({ id }) => id !== one.id),
              '',
            );
            onChoose(undefined);
          }}
        >
          {say(language, 'removeProfile')}
        </button>
      </div>
    </fieldset>
  );
}

/** Four weeks from today, in weeks that begin on Monday: which day has which profile, also of what is being typed. */
function Calendar({ base, all, language, chosen }: Pick<Parts, 'base' | 'all' | 'language' | 'chosen'>) {
  const profiles = all.map(profileOf);
  const first = dayAfter(base.today, -weekdays.indexOf(weekdayOf(base.today)));
  const last = dayAfter(base.today, 27);
  const weeks: string[][] = [];
  for (let monday = first; monday <= last; monday = dayAfter(monday, 7)) {
    weeks.push(weekdays.map((_, n) => dayAfter(monday, n)));
  }
  const cell = (day: string) => {
    if (day < base.today || day > last) return <td key={day} class="outside" />;
    const found = profileOn(profiles, day);
    const one = all.find(({ id }) => id === found?.id);
    const date = new Date(`${day}T12:00:00.000Z`);
    const isToday = day === base.today;
    const number =
      date.getUTCDate() === 1
        ? dayInWords(day, language).replace(language === 'zh' ? / \S+$/ : /^\S+ /, '')
        : String(date.getUTCDate());
    return (
      <td
        key={day}
        class={`${isToday ? 'today' : ''} ${one === undefined ? '' : 'has-profile'} ${
          one !== undefined && one.id === chosen ? 'of-chosen' : ''
        }`}
        aria-current={isToday ? 'date' : undefined}
      >
        <span class="day-number">
          {number}
          {isToday && ` · ${say(language, 'today')}`}
        </span>{' '}
        <span class="day-profile">{one === undefined ? say(language, 'base') : nameOf(one, language)}</span>
      </td>
    );
  };
  return (
    <table class="calendar">
      <caption>
        {say(language, 'calendar')}
        <span class="unseen-by-eyes">
          {say(language, 'calendarOf', { day: dayInWords(base.today, language) })}
        </span>
      </caption>
      <thead>
        <tr>
          {weekdays.map((day) => (
            <th key={day} scope="col">
              {say(language, day)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>{week.map(cell)}</tr>
        ))}
      </tbody>
    </table>
  );
}
