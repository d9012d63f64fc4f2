import { createHash } from 'node:crypto';
import { seals } from '../../edge/fleet/settings-of-bank.ts';
import type { FleetHour, FleetState } from '../../src/contract/fleet.ts';
import {
  type FleetSettings,
  type SettingsOrder,
  type SettingsRefusal,
  type SettingsStep,
  settingsStepSchema,
} from '../../src/contract/fleet-settings.ts';
import { inFives } from '../../src/core/figures/share.ts';
import type { Seconds } from '../../src/core/units.ts';
import { bundleInForce, judgeOrder, type Standing } from '../../src/service/judge-order.ts';
import { madeUpHour } from './made-up-fleet.ts';

/** How a branch fares under a bundle, in place of its usual. */
export interface Fares {
  /** Of customers, met within the target. */
  readonly inTime: number;
}

/** Branches that take orders as boxes do, and tell hours of made-up customers. */
export interface MadeUpBranches {
  readonly names: readonly string[];
  /** Each step that a branch took, in order. */
  readonly taken: readonly SettingsStep[];
  /** Steps of this branch that came again although it had taken them, or were older. */
  readonly again: readonly SettingsStep[];
  /** @returns what the branch says then; nothing where it had taken that before */
  hear(order: SettingsOrder, now: Seconds): FleetSettings | undefined;
  say(branch: string, now: Seconds): FleetSettings;
  state(branch: string, now: Seconds): FleetState;
  /** An hour, as it is told three hours after its end. */
  hour(branch: string, hour: Seconds): FleetHour;
}

const moment = (at: Seconds) => new Date(at * 1_000).toISOString();

/** Dice that fall the same each time, from 0 to 1. */
const dice = (seed: string): number => createHash('sha256').update(seed).digest().readUInt32BE() / 2 ** 32;

/**
 * @param installerKey the public key they believe
 * @param fares by bundle: how a branch fares where its values hold
 */
export function madeUpBranches(options: {
  readonly names: readonly string[];
  readonly group: string;
  readonly installerKey: string;
  readonly fares?: Readonly<Record<string, Fares>>;
  readonly refuses?: (branch: string) => boolean;
  readonly wouldHaveBuzzed?: number;
}): MadeUpBranches {
  const { names, group, installerKey, fares = {}, refuses = () => false, wouldHaveBuzzed = 50 } = options;
  const standing = new Map<string, Standing>();
  const refused = new Map<string, FleetSettings['refused']>();
  const taken: SettingsStep[] = [];
  const again: SettingsStep[] = [];
  const say = (branch: string, now: Seconds): FleetSettings => {
    const { last, before } = standing.get(branch) ?? {};
    const holds = bundleInForce({ ...(last && { last }), ...(before && { before }) })?.bundle;
    return {
      v: 1,
      branch,
      at: moment(now),
      group,
      version: '0.1.0',
      ...(last === undefined
        ? {}
        : {
            order: {
              bundle: last.step.bundle,
              serial: last.step.serial,
              n: last.step.n,
              state: last.step.state,
              since: moment(last.since),
            },
          }),
      ...(holds === undefined ? {} : { inForce: { bundle: holds.bundle, serial: holds.serial } }),
      own: [],
      ...(last?.step.state === 'shadow' ? { tried: { wouldHaveBuzzed, liveBuzzed: 50 } } : {}),
      refused: refused.get(branch) ?? {},
    };
  };
  return {
    names,
    taken,
    again,
    say,
    hear(order, now) {
      // Whom it is for stands in the step; whether they take it, the box's own judge says.
      const { branch } = settingsStepSchema.parse(
        JSON.parse(Buffer.from(order.step.payload, 'base64').toString('utf8')),
      );
      const refuse = (why: SettingsRefusal) => {
        refused.set(branch, { ...refused.get(branch), [why]: (refused.get(branch)?.[why] ?? 0) + 1 });
        return say(branch, now);
      };
      if (refuses(branch)) return refuse('unknown-setting');
      const box = { branch, group, keys: [installerKey], seals };
      const judged = judgeOrder(standing.get(branch) ?? {}, order, box, now);
      if (judged.kind === 'refused') return refuse(judged.why);
      if (judged.kind === 'known') {
        again.push(standing.get(branch)!.last!.step);
        return undefined;
      }
      standing.set(branch, judged.standing);
      taken.push(judged.standing.last!.step);
      return say(branch, now);
    },
    state: (branch, now) => ({
      v: 1,
      branch,
      at: moment(now),
      state: 'ok',
      cameras: { live: 2, starting: 0, blind: 0, quiet: 0, lost: 0 },
      troubles: [],
      version: '0.1.0',
    }),
    hour(branch, hour) {
      const last = standing.get(branch)?.last;
      const isLive = last?.step.state === 'live' && last.since <= hour;
      const { inTime } = (isLive ? fares[last.step.bundle] : undefined) ?? { inTime: 0.9 };
      const came = 20 + 5 * Math.floor(9 * dice(`${branch} ${hour} came`));
      const met = Math.min(came, came * (inTime + 0.12 * (dice(`${branch} ${hour} met`) - 0.5)));
      return madeUpHour(branch, moment(hour), {
        at: moment(hour + 4 * 3_600),
        came,
        inTime: inFives(Math.round(met)),
        waitP90Seconds: 280 + 60 * dice(`${branch} ${hour} wait`),
        mostInTenMinutes: 3 + Math.floor(3 * dice(`${branch} ${hour} most`)),
      });
    },
  };
}
