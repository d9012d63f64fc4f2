import type { SettingsPayload } from '../../../../../src/contract/settings.ts';
import { mostDays } from '../../../../../src/contract/what-if.ts';
import type { Trouble } from '../../api.ts';
import { type Language, say as sayOfFrame } from '../../words.ts';
import { rangeOf } from '../row.tsx';
import { say, type Word } from './words.ts';

const wordOf: Readonly<Record<string, Word>> = {
  LOBBY_WHAT_IF_NO_JOURNAL: 'noJournal',
  LOBBY_WHAT_IF_EMPTY: 'empty',
  LOBBY_WHAT_IF_NO_PLACES: 'noPlaces',
  LOBBY_WHAT_IF_PERIOD: 'badPeriod',
  LOBBY_WHAT_IF_BUSY: 'busy',
  LOBBY_WHAT_IF_STALE: 'stale',
  LOBBY_SHADOW_RUNNING: 'trialAlready',
};

/** Why there is no answer, in the page's language. */
export function troubleInWords(trouble: Trouble, settings: SettingsPayload, language: Language): string {
  const { details } = trouble as Trouble & { details?: Readonly<Record<string, string | number>> };
  const row = settings.settings.find(({ path }) => path === details?.path);
  if (trouble.code === 'LOBBY_SETTING_REFUSED' && row !== undefined) {
    return say(language, 'outOfRange', {
      name: row.title[language],
      range: rangeOf(row, language),
      value: String(details?.value),
    });
  }
  if (trouble.status === 0) return say(language, 'offline');
  if (trouble.status === 403) {
    return sayOfFrame(language, 'roleNeeded', { role: sayOfFrame(language, 'operations') });
  }
  return say(language, wordOf[trouble.code] ?? 'failed', { n: mostDays });
}
