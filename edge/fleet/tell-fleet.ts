import type { z } from 'zod';
import {
  type FleetHour,
  type FleetMessage,
  type FleetState,
  type fleetMessages,
  stateEverySeconds,
} from '../../src/contract/fleet.ts';
import type { FleetSettings } from '../../src/contract/fleet-settings.ts';
import type { HealthPayload, ReportPayload } from '../../src/contract/topics.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { shiftDay } from '../../src/service/branch-days.ts';
import { toMoment } from '../../src/service/wire.ts';
import { hourSeconds } from './hour-figures.ts';
import type { ToldFile } from './told-file.ts';

export type SayToFleet = <Name extends FleetMessage>(
  name: Name,
  message: z.infer<(typeof fleetMessages)[Name]['schema']>,
) => Promise<boolean>;

export interface FleetTellerOptions {
  readonly branch: string;
  readonly version: string;
  readonly clock: Clock;
  /** Later by so much, so that branches do not all tell at once. Default 0. */
  readonly spreadSeconds?: Seconds;
  /** How far back the journal goes: what is older cannot be told any more. */
  readonly keptDays: number;
  readonly told: ToldFile;
  /** Counts of an hour as they are known now; nothing of one in which the branch was closed. */
  readonly askHour: (hour: Seconds) => Promise<FleetHour | undefined>;
  /** Days of which there is a report, the oldest first, and their reports. */
  readonly reportDays: () => readonly string[];
  readonly report: (day: string) => ReportPayload | undefined;
  readonly health: () => HealthPayload;
  /** What it goes by of what the bank sets; absent: it was given no key. */
  readonly settings?: () => FleetSettings;
  /** Resolves with whether the broker has confirmed it. */
  readonly say: SayToFleet;
  readonly onRemark: (sentence: string) => void;
}

export interface FleetTeller {
  /** Looks once what is due, and tells it; it happens by itself once a minute. */
  look(signal?: AbortSignal): Promise<void>;
  /** Tells at once what of the bank's settings it goes by, if that is news. */
  tellSettings(): Promise<void>;
  /** Goes on until the signal. */
  watch(signal: AbortSignal): Promise<void>;
}

/**
 * How long after its end an hour is told, each time as it is known by then.
 *
 * Half an hour: today's figures, without who is still there. Three hours: nearly everybody has left. A day and a week:
 * the same again, for whatever was lost beyond the branch's broker, of which the branch hears nothing.
 */
const tellAfter: readonly Seconds[] = [1_800, 3 * hourSeconds, 24 * hourSeconds, 168 * hourSeconds];
/** How many days after it was made a report is told. */
const tellDaysAfter: readonly number[] = [0, 7];
/** A box that comes back tells what it owes at this pace: a month of hours in a quarter of an hour, and never a flood. */
const paceSeconds: Seconds = 1;
const lookEverySeconds: Seconds = 60;
const settingsEverySeconds: Seconds = 3_600;
const firstLookSeconds: Seconds = 40;
const daySeconds: Seconds = 86_400;

/** The newest hour that is due to be told so long after its end. */
const newestHour = (now: Seconds, after: Seconds): Seconds =>
  Math.floor((now - after) / hourSeconds) * hourSeconds - hourSeconds;

/**
 * Tells the fleet of a branch: hours and days from the journal, until the branch's broker has confirmed them.
 *
 *     journal ─▶ hour, +30 min, +3 h, +1 d, +7 d ─┐
 *     reports ─▶ day, when made, +7 d ────────────┼─▶ the branch's broker ─▶ its bridge ─▶ …
 *     health  ─▶ state, on change, every 5 min ───┤    (nothing of it waits)
 *     orders  ─▶ settings, on change, every hour ─┘
 *
 * How far it has come is kept on the disk. A box that was off, or whose broker was away, goes on where it stood, the
 * oldest first, one message a second; nothing waits in memory, since all of it is asked of the journal.
 */
export function createFleetTeller(options: FleetTellerOptions): FleetTeller {
  const { branch, version, clock, keptDays, told, say, onRemark, spreadSeconds = 0 } = options;
  const newestDue = (now: Seconds, after: Seconds) => newestHour(now, after + spreadSeconds);
  let isTold = false;
  let saidState = '';
  let saidStateAt = Number.NEGATIVE_INFINITY;
  let saidSettings = '';
  let saidSettingsAt = Number.NEGATIVE_INFINITY;

  /** Cursors by time of telling; a box that is new to the fleet tells the week that its journal may have. */
  function begin(now: Seconds): { hours: Seconds[]; days: (string | null)[] } {
    const kept = told.read();
    const oldest = Math.floor((now - keptDays * daySeconds) / hourSeconds) * hourSeconds;
    const hours = tellAfter.map((after, i) => {
      const due = newestDue(now, after);
      const given = kept?.hours[i];
      const at = given === undefined ? (i === 0 ? due - 7 * daySeconds : due) : Date.parse(given) / 1000;
      // A clock that was set back has told what is now ahead.
      return Math.max(oldest, Math.min(at, due));
    });
    return { hours, days: tellDaysAfter.map((_, i) => kept?.days[i] ?? null) };
  }

  async function tellHours(signal?: AbortSignal): Promise<void> {
    const now = clock.now();
    const { hours, days } = begin(now);
    // Also where nothing is owed: a clock that was set back has moved them.
    told.write({ v: 1, hours: hours.map(toMoment), days });
    const due = tellAfter.map((after) => newestDue(now, after));
    for (;;) {
      const owed = hours.flatMap((at, i) => (at + hourSeconds <= due[i]! ? [at + hourSeconds] : []));
      if (owed.length === 0 || signal?.aborted) return;
      const hour = Math.min(...owed);
      const message = await options.askHour(hour);
      if (message !== undefined && !(await say('hour', message))) return;
      for (const [i, at] of hours.entries())
        if (at + hourSeconds === hour && hour <= due[i]!) hours[i] = hour;
      told.write({ v: 1, hours: hours.map(toMoment), days });
      if (message !== undefined) await clock.sleep(paceSeconds, signal);
    }
  }

  async function tellDays(signal?: AbortSignal): Promise<void> {
    const { hours, days } = begin(clock.now());
    const today = toMoment(clock.now()).slice(0, 10);
    for (const [i, after] of tellDaysAfter.entries()) {
      for (const day of options.reportDays()) {
        if (day <= (days[i] ?? '') || (after > 0 && day > shiftDay(today, -after))) continue;
        if (signal?.aborted) return;
        const report = options.report(day);
        if (report !== undefined && !(await say('day', { v: 1, branch, at: report.at, version, report })))
          return;
        days[i] = day;
        told.write({ v: 1, hours: hours.map(toMoment), days });
        if (report !== undefined) await clock.sleep(paceSeconds, signal);
      }
    }
  }

  async function tellState(): Promise<void> {
    const now = clock.now();
    const state = fleetState(options.health(), { branch, version, at: now });
    const { at: _, latency: __, ...news } = state;
    const text = JSON.stringify(news);
    if (text === saidState && now - saidStateAt < stateEverySeconds) return;
    if (!(await say('state', state))) return;
    saidState = text;
    saidStateAt = now;
  }

  async function tellSettings(): Promise<void> {
    if (options.settings === undefined) return;
    const settings = options.settings();
    const { at, ...news } = settings;
    const text = JSON.stringify(news);
    const now = clock.now();
    if (text === saidSettings && now - saidSettingsAt < settingsEverySeconds) return;
    if (!(await say('settings', settings))) return;
    saidSettings = text;
    saidSettingsAt = now;
  }

  async function look(signal?: AbortSignal): Promise<void> {
    try {
      await tellState();
      await tellSettings();
      await tellDays(signal);
      await tellHours(signal);
      isTold = false;
    } catch (error) {
      if (!isTold) onRemark(`the fleet could not be told (${(error as Error).message}): it is tried again`);
      isTold = true;
    }
  }

  return {
    look,
    tellSettings,
    async watch(signal) {
      await clock.sleep(firstLookSeconds, signal);
      while (!signal.aborted) {
        await look(signal);
        await clock.sleep(lookEverySeconds, signal);
      }
    },
  };
}

/** How much later a branch tells than it might, from its name: 0 to 20 minutes, the same each time. */
export function spreadOf(branch: string): Seconds {
  let hash = 0;
  for (const letter of branch) hash = (hash * 31 + letter.charCodeAt(0)) % 1_201;
  return hash;
}

/** How a box is, as it may leave the branch: no camera's name, no place, and no sentence. */
export function fleetState(
  health: HealthPayload,
  { branch, version, at }: { readonly branch: string; readonly version: string; readonly at: Seconds },
): FleetState {
  const cameras = { live: 0, starting: 0, blind: 0, quiet: 0, lost: 0 };
  for (const { state } of health.cameras) cameras[state] += 1;
  const total = health.latency?.find(({ part }) => part === 'total');
  const codes = [...health.cameras.map(({ trouble }) => trouble), health.settings, health.journal].flatMap(
    (trouble) => (trouble === undefined ? [] : [trouble.code]),
  );
  return {
    v: 1,
    branch,
    at: toMoment(at),
    state: health.state,
    cameras,
    troubles: [...new Set(codes)].sort().slice(0, 32),
    ...(health.nobodyOnDuty === undefined ? {} : { nobodyOnDuty: true }),
    ...(total === undefined
      ? {}
      : { latency: { p50Seconds: total.p50Seconds, p95Seconds: total.p95Seconds } }),
    ...(health.privacy === undefined ? {} : { privacy: health.privacy }),
    version,
  };
}
