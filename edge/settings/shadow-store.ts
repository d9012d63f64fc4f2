import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  type ChangedBy,
  type KeptShadow,
  keptShadowSchema,
  type SettingsChange,
  type ShadowAsk,
  type ShadowPayload,
  type TriedPrompt,
} from '../../src/contract/settings.ts';
import type { Prompt } from '../../src/core/prompts/prompt.ts';
import { saysTheSame } from '../../src/core/shadow.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { toMoment } from '../../src/service/wire.ts';
import { putAside } from '../data/put-aside.ts';
import type { BranchStore } from './branch-store.ts';

export interface ShadowStoreOptions {
  /** `shadow.json` of the data folder; absent: a restart ends the trial. */
  readonly file?: string;
  readonly branch: string;
  readonly settings: BranchStore;
  readonly now: () => Seconds;
  /** Told which values are on trial from now on; `undefined`: none. */
  readonly onTrial: (values: Readonly<Record<string, number>> | undefined) => void;
  /** Told of trouble with the file, and of a trial that ended by itself: for the log. */
  readonly onRemark?: (sentence: string) => void;
}

/** Values on trial beside those in force, one set at a time. */
export interface ShadowStore {
  view(): ShadowPayload;
  /**
   * Begins to try values.
   *
   * @throws {LobbyError} `LOBBY_SHADOW_RUNNING`, `LOBBY_SETTINGS_UNEXPLAINED`, and what `BranchStore.checkTrial` throws
   */
  begin(asked: ShadowAsk & { readonly by: ChangedBy }): void;
  /** @throws {LobbyError} `LOBBY_SHADOW_NONE`, `LOBBY_SETTINGS_UNEXPLAINED` */
  end(asked: { readonly why: string; readonly by: ChangedBy }): void;
  /** Saves what was tried. @throws {LobbyError} `LOBBY_SHADOW_NONE`, and what `BranchStore.save` throws */
  makeLive(asked: { readonly version: number; readonly why: string; readonly by: ChangedBy }): SettingsChange;
  /** Takes a prompt that was said, or one that would have been. */
  count(side: 'live' | 'shadow', prompt: Pick<Prompt, 'raisedAt' | 'kind' | 'place' | 'people'>): void;
  /** Looks whether its time is over, and whether somebody has saved what is tried. */
  look(): void;
  /** Looks every ten seconds until the signal, and keeps what was counted. */
  watch(clock: Clock, signal: AbortSignal): Promise<void>;
}

const daySeconds: Seconds = 86_400;
const lookEverySeconds: Seconds = 10;
const mostRecent = 60;
const mostExamples = 40;

/**
 * Opens what is on trial. It outlives a restart: values, since when, why and what was counted lie in the data folder,
 * and not in the branch file, which says what holds.
 */
export function openShadowStore(options: ShadowStoreOptions): ShadowStore {
  const { file, settings, now, onTrial } = options;
  let kept = read();
  let isDirty = false;
  let isMakingLive = false;

  const isOver = ({ until }: KeptShadow) => Date.parse(until) / 1000 <= now();
  /** What the lobby was last told; a set of values is told once. */
  let running = false;
  const run = (values: Readonly<Record<string, number>> | undefined) => {
    running = values !== undefined;
    onTrial(values);
  };

  function read(): KeptShadow | undefined {
    if (file === undefined) return undefined;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        options.onRemark?.(`what was on trial cannot be read: ${putAside(file)}`);
      }
      return undefined;
    }
    try {
      const found = keptShadowSchema.parse(JSON.parse(text));
      if (found.branch === options.branch) return found;
    } catch {
      // Put aside as one of another branch is.
    }
    options.onRemark?.(`what was on trial is damaged, or of another branch: ${putAside(file)}`);
    return undefined;
  }

  function keep(): void {
    isDirty = false;
    if (file === undefined) return;
    try {
      if (kept === undefined) rmSync(file, { force: true });
      else {
        writeFileSync(`${file}.new`, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
        renameSync(`${file}.new`, file);
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      options.onRemark?.(`a restart would forget what is on trial: it cannot be written (${code})`);
    }
  }

  function ended(said: Pick<SettingsChange, 'by' | 'why'> | undefined): void {
    const over = kept!;
    kept = undefined;
    run(undefined);
    keep();
    if (said !== undefined) settings.note({ ...said, shadow: { how: 'ended', ...sumOf(over) } });
  }

  const sumOf = ({ set, wouldHaveBuzzed, liveBuzzed }: KeptShadow) => ({ set, wouldHaveBuzzed, liveBuzzed });

  function insist(): KeptShadow {
    if (kept === undefined) throw new LobbyError('LOBBY_SHADOW_NONE');
    return kept;
  }

  function explained(why: string): string {
    const reason = why.trim();
    if (reason === '') throw new LobbyError('LOBBY_SETTINGS_UNEXPLAINED');
    return reason;
  }

  function look(): void {
    if (kept === undefined || isMakingLive) return;
    const values = Object.entries(kept.set);
    // A version that no longer knows a setting, or has its value, leaves nothing to try.
    if (values.every(([path, value]) => (settings.valueOf(path) ?? value) === value)) {
      options.onRemark?.('what was on trial holds now: the trial is over');
      ended({ by: settings.latest.by, why: settings.latest.why ?? 'The file has these values now' });
      return;
    }
    if (running && isOver(kept)) {
      options.onRemark?.(`values were on trial for ${kept.days} days: make them live, or end it`);
      run(undefined);
    }
    if (isDirty) keep();
  }

  function examples({ recent }: KeptShadow): NonNullable<ShadowPayload['shadow']>['examples'] {
    const alike = (one: TriedPrompt) => ({
      kind: one.prompt,
      place: one.place,
      at: Date.parse(one.at) / 1000,
    });
    const unmatched = (of: 'shadow' | 'live', others: readonly TriedPrompt[]) =>
      recent[of]
        .filter((one) => !others.some((other) => saysTheSame(alike(one), alike(other))))
        .map((one) => ({ ...one, only: of }));
    return [...unmatched('shadow', recent.live), ...unmatched('live', recent.shadow)]
      .sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
      .slice(0, mostExamples);
  }

  if (kept !== undefined && !isOver(kept)) run(kept.set);
  look();
  return {
    view() {
      look();
      if (kept === undefined) return { v: 1 };
      const { since, until, days, by, why, version, wouldHaveBuzzed, liveBuzzed } = kept;
      return {
        v: 1,
        shadow: {
          since,
          until,
          days,
          isOver: isOver(kept),
          by,
          why,
          version,
          set: Object.fromEntries(
            Object.entries(kept.set).map(([path, to]) => [path, { from: settings.valueOf(path) ?? to, to }]),
          ),
          wouldHaveBuzzed,
          liveBuzzed,
          examples: examples(kept),
        },
      };
    },
    begin({ version, set, why, days, by }) {
      if (kept !== undefined) throw new LobbyError('LOBBY_SHADOW_RUNNING', { since: kept.since });
      const values = settings.checkTrial(version, set);
      const reason = explained(why);
      kept = {
        v: 1,
        branch: options.branch,
        since: toMoment(now()),
        until: toMoment(now() + days * daySeconds),
        days,
        by,
        why: reason,
        version,
        set: { ...values },
        wouldHaveBuzzed: 0,
        liveBuzzed: 0,
        recent: { shadow: [], live: [] },
      };
      keep();
      run(kept.set);
      settings.note({ by, why: reason, shadow: { how: 'begun', set: { ...values }, days } });
    },
    end({ why, by }) {
      insist();
      ended({ by, why: explained(why) });
    },
    makeLive({ version, why, by }) {
      const { set } = insist();
      isMakingLive = true;
      try {
        const change = settings.save({
          version,
          changes: set,
          why,
          by,
          shadow: { how: 'made-live', ...sumOf(kept!) },
        });
        ended(undefined);
        return change;
      } finally {
        isMakingLive = false;
      }
    },
    count(side, { raisedAt, kind, place, people }) {
      if (kept === undefined || !running) return;
      const one: TriedPrompt = { at: toMoment(raisedAt), prompt: kind, place, people };
      const recent = { ...kept.recent, [side]: [...kept.recent[side], one].slice(-mostRecent) };
      const key = side === 'live' ? 'liveBuzzed' : 'wouldHaveBuzzed';
      kept = { ...kept, recent, [key]: kept[key] + 1 };
      isDirty = true;
    },
    look,
    async watch(clock, signal) {
      while (!signal.aborted) {
        await clock.sleep(lookEverySeconds, signal);
        look();
      }
    },
  };
}
