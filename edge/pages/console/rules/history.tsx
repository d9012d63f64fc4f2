import type { Profile } from '../../../../src/contract/calendar.ts';
import type { SettingsChange, SettingsHistory, SettingsPayload } from '../../../../src/contract/settings.ts';
import { type Language, say } from '../words.ts';
import { ProfileChanges } from './profile-changes.tsx';
import { profileChanges } from './profile-drafts.ts';
import { withUnit } from './row.tsx';
import { sayRules } from './words.ts';

/** Who made a version: a role and a token's name, the file, or the bank and its bundle. */
export function whoOf({ by }: Pick<SettingsChange, 'by'>, language: Language): string {
  switch (by.kind) {
    case 'file':
      return say(language, 'theFile');
    case 'fleet':
      return [say(language, 'fleet'), by.bundle]
        .concat(by.state === 'undone' ? [sayRules(language, 'undoneByBank')] : [])
        .join(' · ');
    case 'token':
      return `${say(language, by.role)} ${by.token}`;
  }
}

/** The box's time of a moment: of today by the clock alone, else with its day. */
export function momentOf(at: string, language: Language, timezone: string | undefined, now: number): string {
  const zone = timezone === undefined ? {} : { timeZone: timezone };
  const partsOf = (moment: number) => {
    const format = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
      weekday: 'short',
      day: 'numeric',
      month: language === 'zh' ? 'numeric' : 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      ...zone,
    });
    return Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  };
  const { weekday, day, month, hour, minute, second } = partsOf(Date.parse(at));
  const today = partsOf(now);
  const time = `${hour}:${minute}:${second}`;
  if (day === today.day && month === today.month) return time;
  return language === 'zh'
    ? `${month?.replace('月', '')} 月 ${day?.replace('日', '')} 日 ${weekday} ${time}`
    : `${weekday} ${day} ${month} ${time}`;
}

interface Parts {
  readonly history: SettingsHistory | undefined;
  readonly base: SettingsPayload;
  readonly language: Language;
  readonly timeOf: (at: string) => string;
  readonly mayEdit: boolean;
  readonly onPutBack: (change: SettingsChange) => void;
  readonly onOlder: () => void;
}

/** Who changed what, when and why, newest first; each can be put back into the form. */
export function History({ history, base, language, timeOf, mayEdit, onPutBack, onOlder }: Parts) {
  const rowOf = (path: string) => base.settings.find((row) => row.path === path);
  return (
    <section class="history">
      <h2>{say(language, 'history')}</h2>
      <ol>
        {history?.changes.map((one) => {
          const changes = Object.entries(one.changes).flatMap(([path, change]) => {
            const row = rowOf(path);
            return row === undefined ? [] : [{ row, ...change }];
          });
          return (
            <li key={`${one.version} ${one.at} ${one.shadow?.how ?? ''}`} class="version">
              <p class="version-head">
                <b>{whoOf(one, language)}</b> <time>{timeOf(one.at)}</time>
                <span class="spring" />
                <span class="second">{say(language, 'versionIs', { version: one.version })}</span>
              </p>
              {one.why !== undefined && <p class="version-why">{one.why}</p>}
              {changes.map(({ row, from, to }) => (
                <p key={row.path} class="version-change">
                  {row.title[language]}{' '}
                  <span class="from-to">
                    {withUnit(from, row, language)} → {withUnit(to, row, language)}
                  </span>
                </p>
              ))}
              {one.profiles !== undefined && (
                <ProfileChanges
                  {...profileChanges(
                    one.profiles.from as readonly Profile[],
                    one.profiles.to as readonly Profile[],
                  )}
                  base={base}
                  language={language}
                />
              )}
              {one.shadow !== undefined && <Trial shadow={one.shadow} base={base} language={language} />}
              {changes.length === 0 && one.profiles === undefined && one.shadow === undefined && (
                <p class="second">
                  {say(
                    language,
                    one.version === 1 ? 'asFound' : one.other === undefined ? 'noThreshold' : 'otherKeys',
                  )}
                </p>
              )}
              {(changes.length > 0 || one.profiles !== undefined) && (
                <button
                  type="button"
                  disabled={!mayEdit}
                  aria-label={`${say(language, 'putBack')}: ${say(language, 'versionIs', { version: one.version })}`}
                  onClick={() => onPutBack(one)}
                >
                  {say(language, 'putBack')}
                </button>
              )}
            </li>
          );
        })}
      </ol>
      {history?.more === true ? (
        <button type="button" onClick={onOlder}>
          {say(language, 'older')}
        </button>
      ) : (
        history !== undefined && <p class="second">{say(language, 'historyEnds')}</p>
      )}
    </section>
  );
}

/** Values that went on trial, or came off it. */
function Trial(parts: {
  readonly shadow: NonNullable<SettingsChange['shadow']>;
  readonly base: SettingsPayload;
  readonly language: Language;
}) {
  const { shadow, base, language } = parts;
  const { how, set, days = 0, wouldHaveBuzzed = 0, liveBuzzed = 0 } = shadow;
  const counts = { would: wouldHaveBuzzed, live: liveBuzzed };
  return (
    <>
      <p>
        {how === 'begun'
          ? sayRules(language, 'begunHow', { n: days })
          : sayRules(language, how === 'ended' ? 'endedHow' : 'liveHow', counts)}
      </p>
      {how !== 'made-live' &&
        Object.entries(set).map(([path, value]) => {
          const row = base.settings.find((known) => known.path === path);
          return row === undefined ? null : (
            <p key={path} class="version-change">
              {row.title[language]} <span class="from-to">→ {withUnit(value, row, language)}</span>
            </p>
          );
        })}
    </>
  );
}
