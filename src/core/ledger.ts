import type { Happening } from './behaviours/behaviour.ts';
import type { PromptKind } from './prompts/kinds.ts';
import type { PromptChange } from './prompts/prompt.ts';
import type { Seconds } from './units.ts';
import type { VisitChange } from './visits/follow-visits.ts';
import type { Visit } from './visits/visit.ts';

/**
 * One arrival, and what became of it: the line a branch's book would have for it. It says nothing about who
 * it was; `visit` means nothing outside this run.
 */
export interface Stay {
  readonly visit: string;
  /** The entrance they came in by. */
  readonly door?: string;
  readonly arrivedAt: Seconds;
  /** The first prompt that was raised about them. */
  readonly promptedAt?: Seconds;
  readonly prompt?: PromptKind;
  /** When a wearer said they would go. */
  readonly acceptedAt?: Seconds;
  /** First contact; absent for somebody never met. */
  readonly metAt?: Seconds;
  /** Whether a camera saw it or a wearer said so. */
  readonly metBy?: 'seen' | 'answered';
  /** How long nobody could look at where they were: a contact may have been missed then. */
  readonly blindSeconds?: Seconds;
  readonly endedAt?: Seconds;
  /** `departed` through a door, or `lost` from sight for good. Absent while they are there. */
  readonly ended?: 'departed' | 'lost';
}

/** The stays of those who are in the lobby, in order of arrival: no more than there are visits. */
export interface LedgerState {
  readonly open: readonly Stay[];
}

export const noStays: LedgerState = { open: [] };

export interface LedgerScene {
  readonly at: Seconds;
  readonly visits: readonly Visit[];
  readonly visitChanges: readonly VisitChange[];
  readonly happenings: readonly Happening[];
  readonly prompts: readonly PromptChange[];
  /** Whether somebody was met, told or not. */
  readonly met: ReadonlySet<string>;
  /** How long nobody could look at where somebody is, of the time since the last call. */
  readonly unwatched?: (visit: Visit) => Seconds;
}

/**
 * Keeps the book of arrivals: who was sent for, who was met after how long, and who never.
 *
 *     arrived ─▶ prompted ─▶ accepted ─▶ met ─▶ departed
 *        └──────────── never met ────────────────▶ departed, lost
 *
 * Somebody who turns out to be staff is struck out: they were no arrival.
 *
 * @returns the new state, then the stays that ended, each once, in order of arrival
 */
export function keepLedger(state: LedgerState, scene: LedgerScene): [LedgerState, readonly Stay[]] {
  const { at } = scene;
  const stays = new Map(state.open.map((stay) => [stay.visit, stay]));
  for (const { kind, visit, at: arrivedAt, zone } of scene.happenings) {
    if (kind !== 'arrived' || visit === undefined || stays.has(visit)) continue;
    stays.set(visit, { visit, ...(zone === undefined ? {} : { door: zone }), arrivedAt });
  }
  if (stays.size === 0) return [state, []];
  const change = (visit: string, how: (stay: Stay) => Stay) => {
    const stay = stays.get(visit);
    if (stay !== undefined) stays.set(visit, how(stay));
  };
  for (const { kind, prompt } of scene.prompts) {
    if (kind !== 'state') {
      // While nobody is on duty a prompt sends nobody, nor does one that is shown in silence.
      if (prompt.watches?.length === 0 || prompt.silent) continue;
      for (const visit of prompt.visits) {
        change(visit, (stay) =>
          stay.promptedAt === undefined ? { ...stay, promptedAt: at, prompt: prompt.kind } : stay,
        );
      }
    } else if (prompt.phase === 'accepted') {
      for (const visit of prompt.visits) change(visit, (stay) => ({ acceptedAt: at, ...stay }));
    }
  }
  const visits = new Map(scene.visits.map((visit) => [visit.id, visit]));
  const answered = new Set(
    scene.prompts
      .filter(({ prompt, reason }) => prompt.phase === 'met' && reason === 'answered')
      .flatMap(({ prompt }) => prompt.visits),
  );
  for (const stay of stays.values()) {
    if (stay.metAt !== undefined) continue;
    if (scene.met.has(stay.visit)) stays.set(stay.visit, { ...stay, metAt: at, metBy: 'seen' });
    else if (answered.has(stay.visit)) stays.set(stay.visit, { ...stay, metAt: at, metBy: 'answered' });
    else {
      const visit = visits.get(stay.visit);
      const blind = visit === undefined ? 0 : (scene.unwatched?.(visit) ?? 0);
      if (blind > 0) stays.set(stay.visit, { ...stay, blindSeconds: (stay.blindSeconds ?? 0) + blind });
    }
  }
  const left = new Set(scene.visitChanges.filter((one) => one.kind === 'left').map(({ visit }) => visit.id));
  const open: Stay[] = [];
  const closed: Stay[] = [];
  for (const stay of stays.values()) {
    const visit = visits.get(stay.visit);
    if (visit?.role === 'staff') continue;
    if (left.has(stay.visit)) closed.push({ ...stay, endedAt: at, ended: 'departed' });
    else if (visit === undefined) closed.push({ ...stay, endedAt: at, ended: 'lost' });
    else open.push(stay);
  }
  return [{ open }, closed];
}

/** Upper ends of the classes that times to first contact are counted in, in seconds. */
export const contactBounds: readonly Seconds[] = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600];

/**
 * Sums over stays. Whoever was never met is in `stays`, and in no class: however they are divided, they
 * count as a failure.
 */
export interface ContactSums {
  readonly stays: number;
  readonly met: number;
  readonly inTime: number;
  /** Those sent for. */
  readonly prompted: number;
  /** Met, by class: not longer than each of `contactBounds`; those who waited longer are in none. */
  readonly within: readonly number[];
  /** Of those met, for the mean; those never met have no time to add. */
  readonly metSeconds: Seconds;
}

export const noContactSums: ContactSums = {
  stays: 0,
  met: 0,
  inTime: 0,
  prompted: 0,
  within: contactBounds.map(() => 0),
  metSeconds: 0,
};

/** How long somebody waited for their first contact: for ever, if they were never met. */
export function waitOf(stay: Stay): Seconds {
  return stay.metAt === undefined ? Number.POSITIVE_INFINITY : stay.metAt - stay.arrivedAt;
}

/** Adds a stay that has ended. */
export function addStay(sums: ContactSums, stay: Stay, targetSeconds: Seconds): ContactSums {
  const wait = waitOf(stay);
  const isMet = Number.isFinite(wait);
  return {
    stays: sums.stays + 1,
    met: sums.met + (isMet ? 1 : 0),
    inTime: sums.inTime + (wait <= targetSeconds ? 1 : 0),
    prompted: sums.prompted + (stay.promptedAt === undefined ? 0 : 1),
    within: contactBounds.map((bound, i) => sums.within[i]! + (wait <= bound ? 1 : 0)),
    metSeconds: sums.metSeconds + (isMet ? wait : 0),
  };
}

/** First contact, for people to read. Shares are of all arrivals, never of those met. */
export interface FirstContact {
  readonly arrivals: number;
  readonly met: number;
  readonly neverMet: number;
  /** Met within the branch's target. */
  readonly inTime: number;
  /** 0 to 1; 0 where nobody arrived. */
  readonly shareMet: number;
  readonly shareInTime: number;
  /** Of all arrivals, those never met as infinitely late; `Infinity` if half of them were never met. */
  readonly medianSeconds: Seconds;
  /** Nine in ten waited no longer. */
  readonly p90Seconds: Seconds;
  /** Still there, not met, and not beyond the target yet: of them nothing can be said, and nothing is. */
  readonly undecided: number;
}

/**
 * What stays say about first contact.
 *
 * @param stays ended or not
 * @param now whoever is there, was not met and has waited longer than the target by now counts as not met
 */
export function firstContactOf(stays: readonly Stay[], targetSeconds: Seconds, now: Seconds): FirstContact {
  const decided = stays.filter(
    (stay) => stay.ended !== undefined || stay.metAt !== undefined || now - stay.arrivedAt > targetSeconds,
  );
  const waits = decided.map(waitOf).sort((a, b) => a - b);
  const met = waits.filter(Number.isFinite).length;
  const inTime = waits.filter((wait) => wait <= targetSeconds).length;
  const arrivals = waits.length;
  const rank = (share: number) =>
    waits[Math.max(0, Math.ceil(share * arrivals) - 1)] ?? Number.POSITIVE_INFINITY;
  return {
    arrivals,
    met,
    neverMet: arrivals - met,
    inTime,
    shareMet: arrivals === 0 ? 0 : met / arrivals,
    shareInTime: arrivals === 0 ? 0 : inTime / arrivals,
    medianSeconds: rank(0.5),
    p90Seconds: rank(0.9),
    undecided: stays.length - arrivals,
  };
}
