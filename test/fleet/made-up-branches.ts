import { createHash } from 'node:crypto';
import { stepType } from '../../edge/fleet/bundle.ts';
import { openSigned } from '../../edge/fleet/signed.ts';
import type { FleetHour, FleetState } from '../../src/contract/fleet.ts';
import {
  type FleetSettings,
  type SettingsOrder,
  type SettingsStep,
  settingsStepSchema,
} from '../../src/contract/fleet-settings.ts';
import { inFives } from '../../src/core/figures/share.ts';
import type { Seconds } from '../../src/core/units.ts';
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
 * @param stepKey the key they believe; others' steps throw
 * @param fares by bundle: how a branch fares where its values hold
 */
export function madeUpBranches(options: {
  readonly names: readonly string[];
  readonly group: string;
  readonly stepKey: string;
  readonly fares?: Readonly<Record<string, Fares>>;
  readonly refuses?: (branch: string) => boolean;
  readonly wouldHaveBuzzed?: number;
}): MadeUpBranches {
  const { names, group, stepKey, fares = {}, refuses = () => false, wouldHaveBuzzed = 50 } = options;
  const took = new Map<string, SettingsStep & { since: Seconds }>();
  const refused = new Map<string, number>();
  const taken: SettingsStep[] = [];
  const again: SettingsStep[] = [];
  const say = (branch: string, now: Seconds): FleetSettings => {
    const last = took.get(branch);
    const count = refused.get(branch);
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
              bundle: last.bundle,
              serial: last.serial,
              n: last.n,
              state: last.state,
              since: moment(last.since),
            },
          }),
      ...(last?.state === 'live' ? { inForce: { bundle: last.bundle, serial: last.serial } } : {}),
      own: [],
      ...(last?.state === 'shadow' ? { tried: { wouldHaveBuzzed, liveBuzzed: 50 } } : {}),
      refused: count === undefined ? {} : { 'unknown-setting': count },
    };
  };
  return {
    names,
    taken,
    again,
    say,
    hear(order, now) {
      const opened = openSigned(order.step, stepType, [stepKey]);
      if ('refused' in opened) throw new Error(`a step was signed by another: ${opened.refused}`);
      const step = settingsStepSchema.parse(JSON.parse(opened.bytes.toString('utf8')));
      const { branch } = step;
      if (refuses(branch)) {
        refused.set(branch, (refused.get(branch) ?? 0) + 1);
        return say(branch, now);
      }
      const last = took.get(branch);
      if (
        last !== undefined &&
        (step.serial < last.serial || (step.serial === last.serial && step.n <= last.n))
      ) {
        again.push(step);
        return undefined;
      }
      took.set(branch, { ...step, since: now });
      taken.push(step);
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
      const last = took.get(branch);
      const isLive = last?.state === 'live' && last.since <= hour;
      const { inTime } = (isLive ? fares[last.bundle] : undefined) ?? { inTime: 0.9 };
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
