import { createHash } from 'node:crypto';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  type FleetSettings,
  type SettingsOrder,
  type SettingsRefusal,
  type StandingPayload,
  settingsOrderSchema,
} from '../../src/contract/fleet-settings.ts';
import { refusalsInWords } from '../../src/contract/refusals-in-words.ts';
import type { ChangedBy } from '../../src/contract/settings.ts';
import type { HealthPayload } from '../../src/contract/topics.ts';
import { inFives } from '../../src/core/figures/share.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import {
  bundleInForce,
  isFurther,
  joinStanding,
  judgeOrder,
  type OrderedBox,
  readOrder,
  type Seals,
  type Standing,
  type TakenOrder,
} from '../../src/service/judge-order.ts';
import { toMoment } from '../../src/service/wire.ts';
import { readSaid } from '../brokers/read-said.ts';
import type { BankValues, BranchStore } from '../settings/branch-store.ts';
import type { ShadowStore } from '../settings/shadow-store.ts';
import { again, asKept, type Kept, type KeptOrders } from './kept-orders.ts';
import { openSigned } from './signed.ts';

/** Ed25519 and SHA-256, of Node.js. */
export const seals: Seals = {
  open: openSigned,
  digestOf: (bytes) => createHash('sha256').update(bytes).digest('hex'),
};

export interface SettingsOfBankOptions {
  readonly box: OrderedBox;
  readonly version: string;
  readonly kept: KeptOrders;
  readonly settings: BranchStore;
  readonly shadow: ShadowStore;
  readonly now: () => Seconds;
  /** Told when an order was taken: the bank waits to hear of it. */
  readonly onNews: () => void;
  readonly onRemark: (sentence: string) => void;
}

/** A box that was given no key goes by nothing of the bank: what was on trial for it is not any more. */
export function endTrialOfBank(shadow: ShadowStore): void {
  const { shadow: trial } = shadow.view();
  if (trial?.by.kind === 'fleet')
    shadow.end({ why: 'There is no key of an installer any more', by: trial.by });
}

/** What the bank has set, and what becomes of what it sets. */
export interface SettingsOfBank {
  /**
   * Takes what came on the topic of orders.
   *
   * @param isKept whether the broker had kept it from before: that one is older than what was taken is no replay then
   */
  hear(payload: Buffer, isKept: boolean): void;
  /** Takes over what the box that decides goes by, where that is further. */
  join(said: StandingPayload): void;
  /** What this box goes by, for the others that can decide; nothing: it has taken no order. */
  toTell(): StandingPayload | undefined;
  /** Looks whether what is to be tried can be tried now. */
  look(): void;
  /** Looks every ten seconds until the signal. */
  watch(clock: Clock, signal: AbortSignal): Promise<void>;
  /** What the bank is told. */
  told(): FleetSettings;
  /** What became of orders since the start: taken, or refused by why. */
  readonly orders: NonNullable<HealthPayload['bankOrders']>;
}

/** As large as an order may be; one of the contract takes 35 KB at most. */
const mostOrderBytes = 65_536;
const lookEverySeconds: Seconds = 10;
/** As long as any trial may last. */
const trialDays = 28;
/** What a broker had ready for a box that was away comes within seconds of its return. */
const onItsWayFor: Seconds = 60;
/** The same refusal is told so often at most: a retained order comes again at each return. */
const tellAgainAfter: Seconds = 3_600;

/** The values that lie beneath the branch file while an order stands so. */
export function valuesOf(standing: Standing): BankValues | undefined {
  const held = bundleInForce(standing);
  if (held === undefined) return undefined;
  const { bundle, serial, set } = held.bundle;
  return { bundle, serial, set };
}

/**
 * Goes by what the bank orders, as far as the installer's key has signed it.
 *
 *     order ─▶ signed? for this box? in its turn? ─┬─ refused: counted, told ──────────────▶ fleet/settings
 *                                                  └─ taken: kept ─┬─ live, undone: beneath the branch file
 *                                                                  └─ shadow: on trial, as the console's are
 */
export function createSettingsOfBank(options: SettingsOfBankOptions): SettingsOfBank {
  const { box, kept, settings, shadow, now, onNews, onRemark } = options;
  let { standing, wasTried } = kept.found as Kept;
  /** Whether all that was ever taken here is about one bundle. */
  let isNew = standing.last === undefined;
  /** When the box that decides was further than this one, and what this one had taken until then. */
  let leapt: { readonly over: TakenOrder | undefined; readonly at: Seconds } | undefined;
  const refused: Partial<Record<SettingsRefusal, number>> = {};
  const remarkedAt = new Map<SettingsRefusal, Seconds>();
  let taken = 0;
  let lastRefusedAt: Seconds | undefined;

  function refuse(why: SettingsRefusal): void {
    refused[why] = (refused[why] ?? 0) + 1;
    const at = now();
    lastRefusedAt = at;
    if (at - (remarkedAt.get(why) ?? Number.NEGATIVE_INFINITY) < tellAgainAfter) return;
    remarkedAt.set(why, at);
    onRemark(`settings of the bank were refused: ${refusalsInWords[why].en} (${why})`);
  }

  /** Whether the box that decides was heard before an order that was on its way to this box, too. */
  function wasLeaptOver(order: SettingsOrder): boolean {
    if (leapt === undefined || now() - leapt.at > onItsWayFor) return false;
    const read = readOrder(order, box);
    return !('refused' in read) && isFurther(read, leapt.over);
  }

  /** Whether the bundle's values and the branch's own are thresholds together. */
  function goWith({ bundle, step }: TakenOrder): boolean {
    if (step.state === 'undone') return true;
    try {
      settings.whatWouldChange(bundle.set);
      return true;
    } catch (error) {
      if (error instanceof LobbyError) return false;
      throw error;
    }
  }

  function take(next: Standing): void {
    const { step, bundle } = next.last!;
    if (standing.last !== undefined && standing.last.digest !== next.last!.digest) isNew = false;
    endTrial(`The bank's next order: ${bundle.bundle}, ${step.state}`);
    standing = next;
    wasTried = false;
    taken += 1;
    kept.write({ standing, wasTried });
    onRemark(
      `settings of the bank: bundle ${bundle.bundle} (${bundle.serial}), step ${step.n}, ${step.state}`,
    );
    settings.useBank(valuesOf(standing), { by: byOf(next.last!), why: whyOf(next.last!) });
    look();
    onNews();
  }

  /** The trial of the bank, and nobody else's. */
  function ownTrial() {
    const { shadow: trial } = shadow.view();
    return trial?.by.kind === 'fleet' ? trial : undefined;
  }

  function endTrial(why: string): void {
    const trial = ownTrial();
    if (trial !== undefined) shadow.end({ why: why.slice(0, 300), by: trial.by });
  }

  function look(): void {
    const { last } = standing;
    const trial = ownTrial();
    if (last?.step.state !== 'shadow') {
      if (trial !== undefined) endTrial('No order of the bank asks for it any more');
      return;
    }
    const wanted = settings.whatWouldChange(last.bundle.set);
    const isOf = trial?.by.kind === 'fleet' && trial.by.serial === last.bundle.serial;
    if (trial !== undefined) {
      const tried = Object.fromEntries(Object.entries(trial.set).map(([path, { to }]) => [path, to]));
      if (isOf && isSame(tried, wanted)) return;
      endTrial('The branch has set some of it itself');
      wasTried = false;
    }
    if (wasTried || Object.keys(wanted).length === 0 || shadow.view().shadow !== undefined) return;
    begin(last, wanted);
  }

  function begin(order: TakenOrder, set: Readonly<Record<string, number>>): void {
    const { version } = settings.latest;
    try {
      shadow.begin({ version, set, why: whyOf(order), days: trialDays, by: byOf(order) });
    } catch (error) {
      // A branch file that is broken for now: it is tried again.
      if (error instanceof LobbyError) return;
      throw error;
    }
    wasTried = true;
    kept.write({ standing, wasTried });
  }

  function told(): FleetSettings {
    const { last } = standing;
    const held = bundleInForce(standing);
    const about = [last, held].flatMap((one) => Object.keys(one?.bundle.set ?? {}));
    return {
      v: 1,
      branch: box.branch,
      at: toMoment(now()),
      group: box.group,
      version: options.version,
      ...(last === undefined
        ? {}
        : {
            order: {
              bundle: last.bundle.bundle,
              serial: last.bundle.serial,
              n: last.step.n,
              state: last.step.state,
              since: toMoment(last.since),
            },
          }),
      ...(held === undefined ? {} : { inForce: { bundle: held.bundle.bundle, serial: held.bundle.serial } }),
      own: settings.own.filter((path) => about.includes(path)).slice(0, 100),
      ...trialToTell(),
      refused: { ...refused },
    };
  }

  function trialToTell(): Pick<FleetSettings, 'tried' | 'notTried'> {
    const { last } = standing;
    if (last?.step.state !== 'shadow') return {};
    const { shadow: trial } = shadow.view();
    if (trial?.by.kind === 'fleet') {
      return {
        tried: {
          wouldHaveBuzzed: inFives(trial.wouldHaveBuzzed),
          liveBuzzed: inFives(trial.liveBuzzed),
        },
      };
    }
    if (trial !== undefined) return { notTried: 'own-trial' };
    const isNothing = Object.keys(settings.whatWouldChange(last.bundle.set)).length === 0;
    return isNothing ? { notTried: 'nothing-new' } : {};
  }

  return {
    hear(payload, isKept) {
      if (payload.length > mostOrderBytes) return refuse('too-large');
      const read = readSaid(payload, settingsOrderSchema);
      if (typeof read === 'string') return refuse('unfit');
      const judged = judgeOrder(standing, read.said, box, now());
      if (judged.kind === 'refused') {
        const isOlder = judged.why === 'older-step' || judged.why === 'older-bundle';
        if (!isOlder || !(isKept || wasLeaptOver(read.said))) refuse(judged.why);
      } else if (judged.kind === 'taken') {
        if (goWith(judged.standing.last!)) take(judged.standing);
        else refuse('out-of-range');
      }
    },
    join({ last: lastSaid, before: beforeSaid }) {
      const last = again(lastSaid, box);
      if ('refused' in last) return refuse(last.refused);
      const before = beforeSaid && again(beforeSaid, box);
      if (before !== undefined && 'refused' in before) return refuse(before.refused);
      if (before !== undefined && before.step.state !== 'live') return refuse('unfit');
      const theirs = { last, ...(before === undefined ? {} : { before }) };
      const judged = joinStanding(standing, theirs, isNew);
      if (judged.kind === 'refused') refuse(judged.why);
      else if (judged.kind === 'taken') {
        if (!goWith(last)) return refuse('out-of-range');
        leapt = { over: standing.last, at: now() };
        take(judged.standing);
      }
    },
    toTell() {
      const { last, before } = standing;
      if (last === undefined) return undefined;
      return { v: 1, last: asKept(last), ...(before === undefined ? {} : { before: asKept(before) }) };
    },
    look,
    async watch(clock, signal) {
      while (!signal.aborted) {
        await clock.sleep(lookEverySeconds, signal);
        if (!signal.aborted) look();
      }
    },
    told,
    get orders() {
      return {
        taken,
        refused: { ...refused },
        ...(lastRefusedAt === undefined ? {} : { lastRefusedAt: toMoment(lastRefusedAt) }),
      };
    },
  };
}

const byOf = ({ bundle: { bundle, serial }, step: { state } }: TakenOrder): ChangedBy => ({
  kind: 'fleet',
  bundle,
  serial,
  state,
});

const whyOf = ({ bundle: { bundle, why } }: TakenOrder): string =>
  why.trim() === '' ? `Bundle ${bundle} of the bank` : why;

const isSame = (one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([path, value]) => other[path] === value);
