import type { SettingsChange, SettingsPayload } from '../../../../src/contract/settings.ts';
import {
  draftOf,
  isSame,
  type ProfileDraft,
  profileOf,
  profileProblem,
  profilesOnBox,
} from './profile-drafts.ts';

/**
 * What the page of rules knows: the settings as they are on the box, and what somebody has typed on top. Nothing
 * here touches the browser. What was typed is theirs until it is saved or taken back: no news changes it.
 */
export interface RulesState {
  readonly base: SettingsPayload;
  /** What was typed, by path; a path that is not there has the box's value. */
  readonly draft: Draft;
  /** Profiles as they are being edited; absent: the box's. */
  readonly profiles?: readonly ProfileDraft[] | undefined;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  readonly why: string;
  /** Somebody saved meanwhile: what is so now, and what was saved since. */
  readonly conflict?: Conflict | undefined;
}

export type Draft = Readonly<Record<string, string>>;
export type SettingRow = SettingsPayload['settings'][number];

/** What was so before a step, which undoing brings back. */
interface Step {
  /** The path it was about; absent: about several. */
  readonly path?: string;
  readonly draft: Draft;
  readonly profiles?: readonly ProfileDraft[] | undefined;
  /** More typing in the same field is the same step. */
  readonly isOpen?: boolean;
}

export interface Conflict {
  readonly current: SettingsPayload;
  readonly since: readonly SettingsChange[];
}

const mostSteps = 100;

export const beginRules = (
  base: SettingsPayload,
  draft: Draft = {},
  why = '',
  profiles?: readonly ProfileDraft[],
): RulesState => ({
  base,
  draft,
  profiles,
  past: [],
  future: [],
  why,
});

/** What a field shows. */
export const textOf = ({ draft }: RulesState, { path, value }: SettingRow): string =>
  draft[path] ?? String(value);

export type Problem = 'number' | 'whole' | 'range';

/** What is wrong with a text as a value. */
export function problemOf(text: string, { least, most, whole }: SettingRow): Problem | undefined {
  const value = toNumber(text);
  if (value === undefined) return 'number';
  if (value < least || value > most) return 'range';
  return whole && !Number.isInteger(value) ? 'whole' : undefined;
}

/** A comma is a point where somebody is used to it. */
export function toNumber(text: string): number | undefined {
  const plain = text.trim().replace(',', '.');
  const value = Number(plain);
  return plain === '' || !Number.isFinite(value) ? undefined : value;
}

export interface Change {
  readonly row: SettingRow;
  readonly from: number;
  readonly to: number;
}

/** What would be saved: what differs from the box and is a value. */
export function changesOf({ base, draft }: RulesState): readonly Change[] {
  return base.settings.flatMap((row) => {
    const text = draft[row.path];
    if (text === undefined || problemOf(text, row) !== undefined) return [];
    const to = toNumber(text)!;
    return to === row.value ? [] : [{ row, from: row.value, to }];
  });
}

/**
 * Values as they are asked to be saved: where the branch's own stands over the bank's and becomes the same, it is taken
 * out of the file, and the setting follows the bank again.
 */
export function askFor(
  base: SettingsPayload,
  values: Readonly<Record<string, number>>,
): { readonly changes: Readonly<Record<string, number>>; readonly back?: readonly string[] } {
  const isBanks = ([path, value]: readonly [string, number]) => {
    const fromBank = base.settings.find((row) => row.path === path)?.fromBank;
    return fromBank?.holds === false && fromBank.value === value;
  };
  const all = Object.entries(values);
  const back = all.filter(isBanks).map(([path]) => path);
  return {
    changes: Object.fromEntries(all.filter((one) => !isBanks(one))),
    ...(back.length === 0 ? {} : { back }),
  };
}

/** Fields whose text is no value, the first one first. */
export const problemsOf = ({ base, draft }: RulesState): readonly SettingRow[] =>
  base.settings.filter((row) => draft[row.path] !== undefined && problemOf(draft[row.path]!, row));

/** All profiles, as the page shows them. */
export const profilesOf = ({ base, profiles }: RulesState): readonly ProfileDraft[] =>
  profiles ?? profilesOnBox(base).map(draftOf);

/** Whether profiles would be saved. */
export const isProfilesChanged = ({ base, profiles }: RulesState): boolean =>
  profiles !== undefined && !isSame(profiles.map(profileOf), profilesOnBox(base));

/** Profiles that cannot be saved as they are. */
export function wrongProfiles(state: RulesState): readonly ProfileDraft[] {
  if (state.profiles === undefined) return [];
  return state.profiles.filter(
    (__, index) => profileProblem(state.profiles!, index, state.base.settings) !== undefined,
  );
}

/**
 * Somebody edits profiles.
 *
 * @param what names the field: more of it is the same step
 */
export function withProfiles(state: RulesState, profiles: readonly ProfileDraft[], what: string): RulesState {
  const last = state.past.at(-1);
  const goesOn = last?.path === what && last.isOpen === true;
  const step = { path: what, draft: state.draft, profiles: state.profiles, isOpen: true };
  return { ...state, profiles, past: goesOn ? state.past : withStep(state.past, step), future: [] };
}

/** Somebody types, or moves a slider. */
export function typed(state: RulesState, path: string, text: string): RulesState {
  const last = state.past.at(-1);
  const goesOn = last?.path === path && last.isOpen === true;
  const past = goesOn
    ? state.past
    : withStep(state.past, { path, draft: state.draft, profiles: state.profiles, isOpen: true });
  return { ...state, draft: { ...state.draft, [path]: text }, past, future: [] };
}

/** A field is left: what is typed next is another step. */
export function settled(state: RulesState): RulesState {
  const last = state.past.at(-1);
  if (last?.isOpen !== true) return state;
  const { isOpen: _, ...closed } = last;
  return { ...state, past: [...state.past.slice(0, -1), closed] };
}

/** Takes back what was typed in one field, or in all. */
export function reset(state: RulesState, path?: string): RulesState {
  const draft = Object.fromEntries(
    Object.entries(state.draft).filter(([one]) => path !== undefined && one !== path),
  );
  const { profiles } = state;
  const step = { draft: state.draft, profiles };
  return {
    ...state,
    draft,
    profiles: path === undefined ? undefined : profiles,
    past: withStep(state.past, path === undefined ? step : { path, ...step }),
    future: [],
  };
}

/** Puts old values into the draft; saving them is another decision. */
export function putBack(state: RulesState, { changes, profiles }: SettingsChange): RulesState {
  const old = Object.fromEntries(Object.entries(changes).map(([path, { from }]) => [path, String(from)]));
  const paths = Object.keys(old);
  const before = { draft: state.draft, profiles: state.profiles };
  const step = paths.length === 1 ? { path: paths[0]!, ...before } : before;
  return {
    ...state,
    draft: { ...state.draft, ...old },
    ...(profiles === undefined
      ? {}
      : { profiles: (profiles.from as readonly Parameters<typeof draftOf>[0][]).map(draftOf) }),
    past: withStep(state.past, step),
    future: [],
  };
}

export function undo(state: RulesState): RulesState {
  const step = state.past.at(-1);
  if (step === undefined) return state;
  const { draft, profiles, isOpen: _, ...name } = step;
  return {
    ...state,
    draft,
    profiles,
    past: state.past.slice(0, -1),
    future: withStep(state.future, { ...name, draft: state.draft, profiles: state.profiles }),
  };
}

export function redo(state: RulesState): RulesState {
  const step = state.future.at(-1);
  if (step === undefined) return state;
  const { draft, profiles, ...name } = step;
  return {
    ...state,
    draft,
    profiles,
    future: state.future.slice(0, -1),
    past: withStep(state.past, { ...name, draft: state.draft, profiles: state.profiles }),
  };
}

/** The box has another version: taken over while nothing is typed, else told of. */
export function heard(state: RulesState, conflict: Conflict): RulesState {
  if (conflict.current.version === state.base.version) return { ...state, base: conflict.current };
  return Object.keys(state.draft).length === 0 && state.profiles === undefined
    ? { ...state, base: conflict.current, conflict: undefined }
    : { ...state, conflict };
}

/** Theirs it is; mine comes back by undoing. */
export function takeTheirs(state: RulesState): RulesState {
  if (state.conflict === undefined) return state;
  const taken = reset(state);
  return { ...taken, base: state.conflict.current, conflict: undefined };
}

/** What was typed, now on top of what is so on the box. */
export function onTop(state: RulesState): RulesState {
  return state.conflict === undefined
    ? state
    : { ...state, base: state.conflict.current, conflict: undefined };
}

/** What was saved is the box's now; what was typed besides, or since, stays. */
export function afterSave({ draft, why, profiles }: RulesState, base: SettingsPayload): RulesState {
  const saved = new Map(base.settings.map(({ path, value }) => [path, value]));
  const left = Object.entries(draft).filter(([path, text]) => toNumber(text) !== saved.get(path));
  const isSaved = profiles === undefined || isSame(profiles.map(profileOf), profilesOnBox(base));
  const rest = isSaved ? undefined : profiles;
  const isAll = left.length === 0 && rest === undefined;
  return beginRules(base, Object.fromEntries(left), isAll ? '' : why, rest);
}

/** Three values side by side: what both began from, theirs, and what was typed here. */
export function compared(state: RulesState): readonly {
  readonly row: SettingRow;
  readonly theirs: number;
  readonly mine: string | undefined;
}[] {
  const current = new Map(state.conflict?.current.settings.map(({ path, value }) => [path, value]));
  return state.base.settings.flatMap((row) => {
    const theirs = current.get(row.path) ?? row.value;
    const mine = state.draft[row.path];
    return theirs === row.value && mine === undefined ? [] : [{ row, theirs, mine }];
  });
}

const withStep = (steps: readonly Step[], step: Step): readonly Step[] => [...steps, step].slice(-mostSteps);

/** Steps of a slider. */
export const sliderSteps = 400;

/** Ranges of seconds to an hour are felt by their parts: 10 to 20 is as far as 1000 to 2000. */
const isWide = ({ least, most }: SettingRow) => least > 0 && most / least > 20;

/** Where on its slider a value is, 0 to `sliderSteps`. */
export function toSlider(value: number, row: SettingRow): number {
  const { least, most } = row;
  const inside = Math.min(most, Math.max(least, value));
  const share = isWide(row)
    ? Math.log(inside / least) / Math.log(most / least)
    : (inside - least) / (most - least);
  return Math.round(share * sliderSteps);
}

/** The value a place on the slider means, in whole steps of the setting. */
export function fromSlider(place: number, row: SettingRow): number {
  const share = place / sliderSteps;
  const { least, most } = row;
  return toStep(isWide(row) ? least * (most / least) ** share : least + share * (most - least), row);
}

/** The nearest value in whole steps, within the range. */
export function toStep(value: number, { least, most, step }: SettingRow): number {
  const nearest = Math.round(value / step) * step;
  return Number(Math.min(most, Math.max(least, nearest)).toFixed(3));
}
