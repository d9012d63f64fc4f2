import type { SettingsChange, SettingsHistory, SettingsPayload } from '../../../../src/contract/settings.ts';
import { type Language, say } from '../words.ts';
import { withUnit } from './row.tsx';

/** Who made a version: a role and a token's name, or the file. */
export const whoOf = ({ by }: SettingsChange, language: Language): string =>
  by.kind === 'file' ? say(language, 'theFile') : `${say(language, by.role)} ${by.token}`;

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
            <li key={one.version} class="version">
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
              {changes.length === 0 && (
                <p class="second">
                  {say(
                    language,
                    one.version === 1 ? 'asFound' : one.other === undefined ? 'noThreshold' : 'otherKeys',
                  )}
                </p>
              )}
              {changes.length > 0 && (
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
