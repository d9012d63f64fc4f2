import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseDocument } from 'yaml';
import { type Branch, parseBranch, type ThresholdValues } from '../../src/contract/branch.ts';
import { type Profile, profileOn } from '../../src/contract/calendar.ts';
import { describeSettings } from '../../src/contract/describe-settings.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import { profilesSchema, toProfiles } from '../../src/contract/profiles.ts';
import type { ChangedBy, SettingsAsk, SettingsChange, SettingsPayload } from '../../src/contract/settings.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { createDayOf } from '../../src/service/day-of.ts';
import { awaitsRestart } from '../../src/service/settings.ts';
import { toMoment } from '../../src/service/wire.ts';
import { hideLogins } from './hide-logins.ts';
import { openHistory } from './history.ts';
import { ownPaths } from './own-paths.ts';
import type { PrivacyRecord } from './privacy-record.ts';
import { putProfiles } from './put-profiles.ts';
import { putValues } from './put-values.ts';
import { takeValuesOut } from './take-values-out.ts';
import { writeWhole } from './write-whole.ts';

/** Values a bank's bundle puts in the place of the defaults. */
export interface BankValues {
  readonly bundle: string;
  readonly serial: number;
  readonly set: ThresholdValues;
}

export interface BranchStoreOptions {
  /** The branch file. */
  readonly file: string;
  /** What the bank's bundle had in force when the service last ran. */
  readonly bank?: BankValues;
  /** The data folder, for what was before; absent: that is remembered as long as the process lives. */
  readonly folder?: string;
  /** `memory`: the file is never written, as in the demo. */
  readonly keepIn: 'file' | 'memory';
  readonly now: () => Seconds;
  /** The privacy level this box is at: a file that sets a higher one is not taken. */
  readonly privacy?: PrivacyRecord;
  /** Told of another branch in force, however it came. */
  readonly onBranch?: (branch: Branch) => void;
  /** Told of each new version. */
  readonly onSaved?: (change: SettingsChange) => void;
  /** Told of an edit by hand that was taken or refused: for the log. */
  readonly onRemark?: (sentence: string) => void;
  /** Called when a new text is on the disk and the old one still in its place: for tests. */
  readonly beforeRename?: () => void;
}

/** A change of the file by its text. */
export interface Rewrite {
  /** The version it was made on. */
  readonly version: number;
  readonly why: string;
  readonly by: ChangedBy;
  /** @returns the new text and what changed, in words; `undefined`: it cannot be changed safely */
  readonly edit: (
    text: string,
  ) => { readonly text: string; readonly setup: NonNullable<SettingsChange['setup']> } | undefined;
}

type Trouble = Pick<LobbyError, 'code' | 'message' | 'remedy'>;

/**
 * The branch file, its versions, and who made them.
 *
 *     default < the bank's bundle < what the file sets < the profile of the day
 *
 * The bank's values lie beneath the file and are never written into it: what the branch has set itself stays, and what
 * it takes out of its file is the bank's again.
 */
export interface BranchStore {
  /** What is in force. */
  readonly branch: Branch;
  readonly latest: SettingsChange;
  /** Why the file as it stands cannot be used; what was in force before stays so. */
  readonly trouble: Trouble | undefined;
  /** All settings with their values, for a form. */
  view(): SettingsPayload;
  /**
   * Changes settings: checked first, then written, then in force.
   *
   * @throws {LobbyError} `LOBBY_SETTINGS_STALE`, `LOBBY_SETTINGS_UNEXPLAINED`, `LOBBY_SETTINGS_UNCHANGED`,
   *         `LOBBY_SETTING_UNKNOWN`, `LOBBY_SETTING_REFUSED`, `LOBBY_SETTINGS_FILE_BROKEN`,
   *         `LOBBY_SETTINGS_FILE_TANGLED`, `LOBBY_PROFILES_REFUSED`, `LOBBY_SETTINGS_UNWRITABLE`; nothing has
   *         changed then
   */
  save(
    asked: Pick<SettingsAsk, 'version' | 'why'> & {
      readonly changes?: SettingsAsk['changes'];
      readonly profiles?: readonly unknown[] | undefined;
      /** Settings whose own value is taken out of the file. */
      readonly back?: readonly string[] | undefined;
      readonly by: ChangedBy;
      /** What came of these values while they were on trial. */
      readonly shadow?: SettingsChange['shadow'];
    },
  ): SettingsChange;
  /**
   * Values to be put on trial, checked as for a save.
   *
   * @throws {LobbyError} as `save` does; nothing is written
   */
  checkTrial(version: number, set: SettingsAsk['changes']): Readonly<Record<string, number>>;
  /**
   * Puts a bank's bundle beneath the file, at once; `undefined`: none. Nothing is written but what was changed by it,
   * which may be nothing where the branch has set all of it itself.
   */
  useBank(bank: BankValues | undefined, said: Pick<SettingsChange, 'by' | 'why'>): SettingsChange | undefined;
  /** What would be another value if the bank's bundle had these in place of what is beneath the file now. */
  whatWouldChange(set: ThresholdValues): ThresholdValues;
  /** The settings that the file sets itself, by path. */
  readonly own: readonly string[];
  /** What a setting has now, by path; `undefined`: there is none. */
  valueOf(path: string): number | undefined;
  /** Adds to the history what changes nothing that is in force. */
  note(said: Pick<SettingsChange, 'by' | 'why' | 'shadow'>): SettingsChange;
  /**
   * Changes the file's text: checked, written and in force as a `save` is.
   *
   * @throws {LobbyError} as `save` does, and whatever `edit` throws; nothing has changed then
   */
  rewrite(asked: Rewrite): SettingsChange;
  /** The text in force. It may hold logins: what is told of it goes through whoever takes them out. */
  readonly text: string;
  /** The text of a version, of one before the service started without logins; absent: it is not kept. */
  textOf(version: number): string | undefined;
  /** Newest first; `before` leaves out that version and newer ones. */
  history(before?: number): { readonly changes: readonly SettingsChange[]; readonly more: boolean };
  /** Looks whether somebody has edited the file. */
  look(): void;
  /** Looks every other second until the signal. */
  watch(clock: Clock, signal: AbortSignal): Promise<void>;
}

const lookEverySeconds = 2;
const historyPage = 50;
const descriptions = describeSettings();

/**
 * Opens a branch file for being changed.
 *
 * Its version is a count kept in the data folder with the file's hash: a file that was edited by hand, also while the
 * service was down, is a new version by `the file`, so that nobody saves over an edit they have not seen.
 *
 * @throws {LobbyError} `LOBBY_BRANCH_INVALID` where the file cannot be used to begin with, `LOBBY_PRIVACY_RAISED` where
 *         it sets a higher privacy level than the box is at
 */
export function openBranchStore(options: BranchStoreOptions): BranchStore {
  const { file, keepIn, now } = options;
  const name = basename(file);
  let text = readFileSync(file, 'utf8');
  let { bank } = options;
  const parse = (given: string, set = bank?.set) => parseBranch(given, name, set);
  let branch = parse(text);
  insistOnPrivacy(branch);
  const first = branch;
  // Its hours take a restart.
  const dayOf = createDayOf(first.hours?.timezone);
  /** Of the file as it was last seen: in memory alone, what is in force is another text. */
  let seen = hashOf(text);
  let trouble: LobbyError | undefined;
  /** A file that is being written by an editor may be broken for a moment: it is told when it stays so. */
  let suspected: string | undefined;
  const history = openHistory({
    ...(options.folder === undefined ? {} : { folder: options.folder }),
    onTrouble: (sentence) => options.onRemark?.(sentence),
  });

  const left = history.open(keptHashOf(text));
  if (left === undefined || left.hash !== keptHashOf(text)) {
    const before = left?.text === undefined ? undefined : parsedOr(left.text);
    const change = byHand(left?.change.version ?? 0, before ?? branch, branch);
    history.add(change, text, keptHashOf(text));
    if (left !== undefined) options.onSaved?.(change);
  }

  /** @throws {LobbyError} `LOBBY_PRIVACY_RAISED`; else the level is kept, lower or the same */
  function insistOnPrivacy({ privacy: { level } }: Branch): void {
    const { privacy } = options;
    if (privacy === undefined) return;
    if (!privacy.allows(level))
      throw new LobbyError('LOBBY_PRIVACY_RAISED', { file: name, level, kept: privacy.level ?? 'counts' });
    if (privacy.level !== level) privacy.keep(level);
  }

  function byHand(version: number, before: Branch, after: Branch): SettingsChange {
    const other = awaitsRestart(before, after);
    return {
      v: 1,
      version: version + 1,
      at: toMoment(now()),
      by: { kind: 'file' },
      changes: changesBetween(before, after),
      ...profilesBetween(before, after),
      ...(other.length === 0 ? {} : { other: [...other] }),
    };
  }

  function parsedOr(old: string): Branch | undefined {
    try {
      return parse(old);
    } catch {
      return undefined;
    }
  }

  function read(): string | LobbyError {
    const broken = (problem: string, cause: unknown) =>
      new LobbyError('LOBBY_SETTINGS_FILE_BROKEN', { file: name, problem }, { cause });
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      return broken(reasonOf(error), error);
    }
  }

  function look(isSure = false): void {
    const found = read();
    const hash = typeof found === 'string' ? hashOf(found) : found.message;
    if (hash === seen) {
      suspected = undefined;
      if (trouble !== undefined) options.onRemark?.(`the branch file is as before again`);
      trouble = undefined;
      return;
    }
    const next = typeof found === 'string' ? understood(found) : found;
    if (next instanceof LobbyError) {
      const isTold = trouble?.message === next.message;
      if (!isSure && !isTold && suspected !== next.message) {
        suspected = next.message;
        return;
      }
      trouble = next;
      if (!isTold) options.onRemark?.(`${next.message}. ${next.remedy}`);
      return;
    }
    suspected = undefined;
    trouble = undefined;
    seen = hash;
    if (found === text) return;
    const change = byHand(history.latest.version, branch, next);
    text = found as string;
    branch = next;
    history.add(change, text, keptHashOf(text));
    options.onRemark?.(
      `the branch file was edited: version ${change.version}, ${Object.keys(change.changes).join(', ') || 'no threshold'} changed`,
    );
    options.onBranch?.(branch);
    options.onSaved?.(change);
  }

  function understood(found: string): Branch | LobbyError {
    try {
      const next = parse(found);
      insistOnPrivacy(next);
      return next;
    } catch (cause) {
      if (!(cause instanceof LobbyError)) throw cause;
      if (cause.code === 'LOBBY_PRIVACY_RAISED') return cause;
      const problem = String(cause.details.problem);
      const where = String(cause.details.file);
      return new LobbyError('LOBBY_SETTINGS_FILE_BROKEN', { file: where, problem }, { cause });
    }
  }

  /** Whether saving would be refused whatever is asked. */
  function obstacle(): LobbyError | undefined {
    if (trouble !== undefined) return trouble;
    if (keepIn === 'memory') return undefined;
    try {
      const target = realpathSync(file);
      accessSync(target, constants.W_OK);
      accessSync(dirname(target), constants.W_OK);
      return undefined;
    } catch (cause) {
      return new LobbyError('LOBBY_SETTINGS_UNWRITABLE', { file: name, reason: reasonOf(cause) }, { cause });
    }
  }

  /** The newest that changed what is in force. */
  const latestSaved = (): SettingsChange =>
    history.all.findLast(({ shadow }) => shadow === undefined || shadow.how === 'made-live') ??
    history.latest;

  /** @throws {LobbyError} unless the file is as `version` says */
  function insistOn(version: number): SettingsChange {
    look(true);
    if (trouble !== undefined) throw trouble;
    const latest = latestSaved();
    if (version !== latest.version) {
      throw new LobbyError('LOBBY_SETTINGS_STALE', {
        who: nameOf(latest.by),
        version: latest.version,
        asked: version,
      });
    }
    return latest;
  }

  /** @throws {LobbyError} where they are no profiles, told as of a file that holds them */
  function withProfiles(before: string, profiles: readonly unknown[]): string {
    const trial = profilesSchema.safeParse(profiles);
    const next = trial.success ? putProfiles(before, toProfiles(trial.data)) : withAny(before, profiles);
    if (next === undefined)
      throw new LobbyError('LOBBY_SETTINGS_FILE_TANGLED', { path: 'profiles', file: name });
    try {
      parse(next);
      return next;
    } catch (cause) {
      if (!(cause instanceof LobbyError)) throw cause;
      const { problem, hint } = cause.details;
      throw new LobbyError('LOBBY_PROFILES_REFUSED', { problem: problem!, hint: hint! }, { cause });
    }
  }

  function reasonIn(why: string): string {
    const reason = why.trim();
    if (reason === '') throw new LobbyError('LOBBY_SETTINGS_UNEXPLAINED');
    return reason;
  }

  function save(asked: Parameters<BranchStore['save']>[0]): SettingsChange {
    const { version, changes, profiles, back, why, by, shadow } = asked;
    insistOn(version);
    const wanted = checked(changes ?? {});
    const reason = reasonIn(why);
    const without = withoutOwn(back ?? []);
    const changed = Object.entries(wanted).filter(([path, value]) => value !== valueAt(parse(without), path));
    const withValues = putValues(without, Object.fromEntries(changed));
    if (withValues === undefined) {
      throw new LobbyError('LOBBY_SETTINGS_FILE_TANGLED', { path: changed[0]![0], file: name });
    }
    const next = profiles === undefined ? withValues : withProfiles(withValues, profiles);
    const after = parse(next);
    const isUnchanged =
      without === text &&
      Object.keys(changesBetween(branch, after)).length === 0 &&
      profilesBetween(branch, after).profiles === undefined;
    if (isUnchanged) throw new LobbyError('LOBBY_SETTINGS_UNCHANGED', { version });
    return bringIn(next, reason, by, shadow === undefined ? {} : { shadow });
  }

  /** @throws {LobbyError} `LOBBY_SETTING_UNKNOWN`, `LOBBY_SETTINGS_FILE_TANGLED` */
  function withoutOwn(back: readonly string[]): string {
    const unknown = back.find((path) => !isSetting(path));
    if (unknown !== undefined) throw new LobbyError('LOBBY_SETTING_UNKNOWN', { path: unknown.slice(0, 60) });
    const own = ownPaths(text).filter((path) => back.includes(path));
    const next = takeValuesOut(text, own);
    if (next === undefined)
      throw new LobbyError('LOBBY_SETTINGS_FILE_TANGLED', { path: own[0]!, file: name });
    return next;
  }

  function useBank(
    next: BankValues | undefined,
    said: Pick<SettingsChange, 'by' | 'why'>,
  ): SettingsChange | undefined {
    const before = branch;
    bank = next;
    branch = parse(text);
    const changes = changesBetween(before, branch);
    if (Object.keys(changes).length === 0) return undefined;
    const version = history.latest.version + 1;
    const change: SettingsChange = { v: 1, version, at: toMoment(now()), ...said, changes };
    history.add(change, text, keptHashOf(text));
    options.onBranch?.(branch);
    options.onSaved?.(change);
    return change;
  }

  function fromBank(path: string, own: readonly string[]) {
    const value = bank?.set[path];
    if (bank === undefined || value === undefined) return {};
    return { fromBank: { bundle: bank.bundle, value, holds: !own.includes(path) } };
  }

  function rewrite({ version, why, by, edit }: Rewrite): SettingsChange {
    insistOn(version);
    const reason = reasonIn(why);
    const edited = edit(text);
    if (edited === undefined) {
      throw new LobbyError('LOBBY_SETTINGS_FILE_TANGLED', { path: 'cameras and zones', file: name });
    }
    if (edited.text === text) throw new LobbyError('LOBBY_SETTINGS_UNCHANGED', { version });
    return bringIn(edited.text, reason, by, edited.setup.length === 0 ? {} : { setup: edited.setup });
  }

  /** Writes a text and puts it in force. */
  function bringIn(
    next: string,
    why: string,
    by: ChangedBy,
    more: Pick<SettingsChange, 'shadow' | 'setup'>,
  ): SettingsChange {
    const after = parse(next);
    insistOnPrivacy(after);
    const hash = hashOf(next);
    const change: SettingsChange = {
      v: 1,
      version: history.latest.version + 1,
      at: toMoment(now()),
      by,
      why,
      changes: changesBetween(branch, after),
      ...profilesBetween(branch, after),
      ...more,
    };
    if (keepIn === 'memory') history.add(change, next, keptHashOf(next));
    else {
      try {
        history.addWith(change, next, keptHashOf(next), () => writeWhole(file, next, options.beforeRename));
      } catch (cause) {
        throw new LobbyError('LOBBY_SETTINGS_UNWRITABLE', { file: name, reason: reasonOf(cause) }, { cause });
      }
      seen = hash;
    }
    text = next;
    branch = after;
    options.onBranch?.(branch);
    options.onSaved?.(change);
    return change;
  }

  return {
    get branch() {
      return branch;
    },
    get latest() {
      return latestSaved();
    },
    get trouble() {
      return trouble;
    },
    view() {
      const refused = obstacle();
      const inEffect = profileOn(branch.profiles, dayOf(now()));
      const own = bank === undefined ? [] : ownPaths(text);
      return {
        v: 1,
        version: history.latest.version,
        latest: latestSaved(),
        keptIn: keepIn,
        historyKept: options.folder !== undefined,
        awaitsRestart: [...awaitsRestart(first, branch)],
        ...(refused === undefined
          ? {}
          : { cannotSave: { code: refused.code, message: refused.message, remedy: refused.remedy } }),
        today: dayOf(now()),
        profiles: asWire(branch.profiles),
        ...(inEffect === undefined ? {} : { inEffect: inEffect.id }),
        settings: descriptions.map((one) => ({
          ...one,
          value: valueAt(branch, one.path),
          ...fromBank(one.path, own),
        })),
      };
    },
    save,
    checkTrial(version, set) {
      insistOn(version);
      const wanted = Object.entries(checked(set)).filter(([path, value]) => value !== valueAt(branch, path));
      if (wanted.length === 0) throw new LobbyError('LOBBY_SETTINGS_UNCHANGED', { version });
      return Object.fromEntries(wanted);
    },
    useBank,
    whatWouldChange(set) {
      const after = parse(text, set);
      return Object.fromEntries(
        Object.entries(changesBetween(branch, after)).map(([path, { to }]) => [path, to]),
      );
    },
    get own() {
      return ownPaths(text);
    },
    valueOf: (path) => (isSetting(path) ? valueAt(branch, path) : undefined),
    note(said) {
      const { version } = history.latest;
      const change: SettingsChange = { v: 1, version, at: toMoment(now()), ...said, changes: {} };
      history.add(change, text, keptHashOf(text));
      options.onSaved?.(change);
      return change;
    },
    rewrite,
    get text() {
      return text;
    },
    textOf: (version) => (version === history.latest.version ? text : history.textOf(version)),
    history(before = Number.POSITIVE_INFINITY) {
      const older = history.all.filter((one) => one.version < before).reverse();
      // What stands under one version is not parted: whoever asks on asks by version.
      const last = older[historyPage - 1]?.version;
      const changes = older.filter(({ version }, index) => index < historyPage || version === last);
      return { changes, more: older.length > changes.length };
    },
    look: () => look(),
    async watch(clock, signal) {
      while (!signal.aborted) {
        await clock.sleep(lookEverySeconds, signal);
        if (!signal.aborted) look();
      }
    },
  };
}

/**
 * The values that were asked for, each known and within its range.
 *
 * @throws {LobbyError} `LOBBY_SETTING_UNKNOWN`, `LOBBY_SETTING_REFUSED`
 */
export function checked(changes: SettingsAsk['changes']): Readonly<Record<string, number>> {
  const known = new Map(descriptions.map((one) => [one.path, one]));
  return Object.fromEntries(
    Object.entries(changes).map(([path, value]) => {
      const one = known.get(path);
      if (one === undefined) throw new LobbyError('LOBBY_SETTING_UNKNOWN', { path: path.slice(0, 60) });
      const { least, most, unit } = one;
      const isNumber = typeof value === 'number' && Number.isFinite(value);
      if (!isNumber || value < least || value > most || (one.whole && !Number.isInteger(value))) {
        throw new LobbyError('LOBBY_SETTING_REFUSED', {
          path,
          wanted: `${one.whole ? 'a whole number, ' : ''}${least} to ${most} ${unit.en}`,
          value: isNumber ? value : (JSON.stringify(value) ?? 'nothing').slice(0, 40),
          least,
          most,
        });
      }
      return [path, value];
    }),
  );
}

const isSetting = (path: string) => descriptions.some((one) => one.path === path);

/** Whoever made a version, in a sentence. */
function nameOf(by: ChangedBy): string {
  switch (by.kind) {
    case 'file':
      return 'the file';
    case 'fleet':
      return `the bank's bundle ${by.bundle}`;
    case 'token':
      return `${by.role} ${by.token}`;
  }
}

function valueAt(branch: Branch, path: string): number {
  const [group, key] = path.split('.') as [string, string];
  return (branch.thresholds as unknown as Record<string, Record<string, number>>)[group]![key]!;
}

function changesBetween(before: Branch, after: Branch): SettingsChange['changes'] {
  return Object.fromEntries(
    descriptions.flatMap(({ path }) => {
      const [from, to] = [valueAt(before, path), valueAt(after, path)];
      return from === to ? [] : [[path, { from, to }]];
    }),
  );
}

function profilesBetween(before: Branch, after: Branch): Pick<SettingsChange, 'profiles'> {
  const [from, to] = [asWire(before.profiles), asWire(after.profiles)];
  return JSON.stringify(from) === JSON.stringify(to) ? {} : { profiles: { from, to } };
}

const asWire = (profiles: readonly Profile[]): SettingsPayload['profiles'] =>
  structuredClone(profiles) as SettingsPayload['profiles'];

/** For its refusal alone: whatever was sent, as a file would hold it. */
function withAny(text: string, profiles: readonly unknown[]): string {
  const document = parseDocument(text);
  document.set('profiles', profiles);
  return String(document);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
/** What is kept beside a text without logins tells nothing of them either. */
const keptHashOf = (text: string): string => hashOf(hideLogins(text));

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it is gone',
  EROFS: 'it is on a read-only mount',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EBUSY: 'it is mounted by itself, and cannot be replaced: mount its folder',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? code ?? String(error);
}
