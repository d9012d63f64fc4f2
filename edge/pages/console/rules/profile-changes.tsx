import type { SettingsPayload } from '../../../../src/contract/settings.ts';
import type { Language } from '../words.ts';
import { draftOf, type ProfileChange } from './profile-drafts.ts';
import { nameOf } from './profiles.tsx';
import { withUnit } from './row.tsx';
import { sayRules as say } from './words.ts';

interface Parts {
  readonly changes: readonly ProfileChange[];
  readonly isReordered: boolean;
  readonly base: SettingsPayload;
  readonly language: Language;
}

/** What differs between two lists of profiles, a line each. */
export function ProfileChanges({ changes, isReordered, base, language }: Parts) {
  const line = (one: ProfileChange) => {
    const name = nameOf(draftOf(one.profile), language);
    if (one.kind !== 'value') {
      const word = one.kind === 'days' ? 'daysChanged' : one.kind;
      return `${name} · ${say(language, word, { name })}`;
    }
    const row = base.settings.find(({ path }) => path === one.path);
    if (row === undefined) return `${name} · ${one.path}`;
    const text = (value: number | undefined) =>
      value === undefined ? say(language, 'isBase') : withUnit(value, row, language);
    return (
      <>
        {say(language, 'inProfile', { name, title: row.title[language] })}{' '}
        <span class="from-to">
          {text(one.from)} → {text(one.to)}
        </span>
      </>
    );
  };
  return (
    <ul class="profile-changes">
      {changes.map((one) => (
        <li key={`${one.profile.id} ${one.kind} ${one.kind === 'value' ? one.path : ''}`}>{line(one)}</li>
      ))}
      {isReordered && <li>{say(language, 'orderChanged')}</li>}
    </ul>
  );
}
