import { neverHolds, type Profile } from '../../../../src/contract/calendar.ts';
import type { Day } from '../../../../src/contract/hours.ts';
import type { SettingsPayload } from '../../../../src/contract/settings.ts';
import { problemOf, type SettingRow, toNumber } from './state.ts';

/** A profile while it is edited: values as they were typed. Nothing here touches the browser. */
export interface ProfileDraft {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly weekdays: readonly Day[];
  readonly ofMonth: readonly number[];
  readonly dates: readonly string[];
  /** By path, in the order in which they were added. */
  readonly values: Readonly<Record<string, string>>;
}

export const mostProfiles = 8;

/** What the box has, as it is edited. */
export function draftOf({ id, name, days, thresholds }: Profile): ProfileDraft {
  const values = Object.entries(thresholds).flatMap(([group, all]) =>
    Object.entries(all ?? {}).flatMap(([key, value]) =>
      value === undefined ? [] : [[`${group}.${key}`, String(value)] as const],
    ),
  );
  return {
    id,
    zh: name?.zh ?? '',
    en: name?.en ?? '',
    weekdays: days.weekdays ?? [],
    ofMonth: days.ofMonth ?? [],
    dates: days.dates ?? [],
    values: Object.fromEntries(values),
  };
}

/** The way back. A name in one language is its name in both. */
export function profileOf({ id, zh, en, weekdays, ofMonth, dates, values }: ProfileDraft): Profile {
  const [inChinese, inEnglish] = [zh.trim() || en.trim(), en.trim() || zh.trim()];
  const thresholds: Record<string, Record<string, number>> = {};
  for (const [path, text] of Object.entries(values)) {
    const [group, key] = path.split('.') as [string, string];
    thresholds[group] = { ...thresholds[group], [key]: toNumber(text) ?? Number.NaN };
  }
  return {
    id,
    ...(inChinese === '' ? {} : { name: { zh: inChinese, en: inEnglish } }),
    days: {
      ...(weekdays.length === 0 ? {} : { weekdays: [...weekdays] }),
      ...(ofMonth.length === 0 ? {} : { ofMonth: [...ofMonth].sort((a, b) => a - b) }),
      ...(dates.length === 0 ? {} : { dates: [...dates].sort() }),
    },
    thresholds,
  };
}

export type ProfileProblem = 'name-missing' | 'name-long' | 'name-twice' | 'days-missing' | 'value';

/** What is wrong with one of them, the first thing first. */
export function profileProblem(
  all: readonly ProfileDraft[],
  index: number,
  rows: readonly SettingRow[],
): ProfileProblem | undefined {
  const one = all[index]!;
  const { name } = profileOf(one);
  const isNew = name === undefined;
  if (isNew && (one.zh + one.en).trim() === '' && one.id.startsWith('profile-')) return 'name-missing';
  if (name !== undefined) {
    if ([...name.zh].length > 12 || name.en.length > 24) return 'name-long';
    const others = all.filter((__, other) => other !== index).map((other) => profileOf(other).name);
    if (others.some((other) => other?.zh === name.zh || other?.en === name.en)) return 'name-twice';
  }
  if (one.weekdays.length + one.ofMonth.length + one.dates.length === 0) return 'days-missing';
  const isWrong = Object.entries(one.values).some(([path, text]) => {
    const row = rows.find((known) => known.path === path);
    return row === undefined || problemOf(text, row) !== undefined;
  });
  return isWrong ? 'value' : undefined;
}

export const isNever = (all: readonly ProfileDraft[], index: number): boolean =>
  neverHolds(all.map(profileOf), index);

/** A new one, first in the row: what is made for a few days is to hold on them. */
export function added(all: readonly ProfileDraft[]): readonly ProfileDraft[] {
  let n = 1;
  while (all.some(({ id }) => id === `profile-${n}`)) n += 1;
  const one: ProfileDraft = {
    id: `profile-${n}`,
    zh: '',
    en: '',
    weekdays: [],
    ofMonth: [],
    dates: [],
    values: {},
  };
  return [one, ...all];
}

/** Swaps two neighbours. */
export function moved(all: readonly ProfileDraft[], index: number, by: -1 | 1): readonly ProfileDraft[] {
  const next = [...all];
  const [one] = next.splice(index, 1);
  next.splice(index + by, 0, one!);
  return next;
}

/** Whether two lists mean the same. */
export const isSame = (one: readonly Profile[], other: readonly Profile[]): boolean =>
  JSON.stringify(one.map(plain)) === JSON.stringify(other.map(plain));

const plain = (profile: Profile) => {
  const { id, name, days, thresholds } = profileOf(draftOf(profile));
  const groups = Object.entries(thresholds)
    .map(([group, values]) => [group, Object.entries(values ?? {}).sort()] as const)
    .sort();
  return [id, name, days.weekdays, days.ofMonth, days.dates, groups];
};

/** One thing that differs between two lists of profiles, for a summary and for the history. */
export type ProfileChange = { readonly profile: Profile } & (
  | { readonly kind: 'added' | 'removed' | 'days' | 'renamed' }
  | { readonly kind: 'value'; readonly path: string; readonly from?: number; readonly to?: number }
);

export function profileChanges(
  from: readonly Profile[],
  to: readonly Profile[],
): { readonly changes: readonly ProfileChange[]; readonly isReordered: boolean } {
  const changes: ProfileChange[] = [];
  for (const profile of to) {
    const before = from.find(({ id }) => id === profile.id);
    if (before === undefined) {
      changes.push({ kind: 'added', profile });
      continue;
    }
    const [was, is] = [draftOf(before), draftOf(profile)];
    if (was.zh !== is.zh || was.en !== is.en) changes.push({ kind: 'renamed', profile });
    const days = ({ weekdays, ofMonth, dates }: ProfileDraft) => JSON.stringify([weekdays, ofMonth, dates]);
    if (days(was) !== days(is)) changes.push({ kind: 'days', profile });
    for (const path of new Set([...Object.keys(was.values), ...Object.keys(is.values)])) {
      const [old, now] = [was.values[path], is.values[path]];
      if (old === now) continue;
      changes.push({
        kind: 'value',
        profile,
        path,
        ...(old === undefined ? {} : { from: Number(old) }),
        ...(now === undefined ? {} : { to: Number(now) }),
      });
    }
  }
  for (const profile of from) {
    if (!to.some(({ id }) => id === profile.id)) changes.push({ kind: 'removed', profile });
  }
  const kept = (list: readonly Profile[], other: readonly Profile[]) =>
    list.filter(({ id }) => other.some((one) => one.id === id)).map(({ id }) => id);
  return { changes, isReordered: kept(from, to).join() !== kept(to, from).join() };
}

/** The box's list, as the page's own type has it. */
export const profilesOnBox = (base: Pick<SettingsPayload, 'profiles'>): readonly Profile[] =>
  base.profiles as readonly Profile[];
