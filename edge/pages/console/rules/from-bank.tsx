import type { Language } from '../words.ts';
import { withUnit } from './row.tsx';
import { type SettingRow, toNumber } from './state.ts';
import { sayRules as say } from './words.ts';

interface Parts {
  readonly row: SettingRow;
  /** What the field shows now. */
  readonly text: string;
  readonly language: Language;
  /** Puts the bank's value into the field. */
  readonly onBack: (text: string) => void;
}

/** Whose value a setting has, where the bank sets it too, and the way back to the bank's. */
export function FromBank({ row, text, language, onBack }: Parts) {
  const { fromBank } = row;
  if (fromBank === undefined) return null;
  const { bundle, value, holds } = fromBank;
  if (holds) return <p class="from-bank">{say(language, 'fromBank', { bundle })}</p>;
  if (value !== row.value && toNumber(text) === value) {
    return <p class="from-bank">{say(language, 'willFollow', { bundle })}</p>;
  }
  return (
    <p class="from-bank">
      {say(language, 'ownOverBank', { bundle, value: withUnit(value, row, language) })}
      {value !== row.value && (
        <button
          type="button"
          class="tool"
          aria-label={`${say(language, 'backToBank')}: ${row.title[language]}`}
          onClick={() => onBack(String(value))}
        >
          {say(language, 'backToBank')}
        </button>
      )}
    </p>
  );
}
