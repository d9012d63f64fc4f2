import type { Branch } from '../contract/branch.ts';
import type { ThresholdSettings } from '../contract/thresholds.ts';
import { promptDefaults } from '../core/prompts/decide.ts';
import type { CoreSettings } from '../core/step.ts';
import { trackDefaults } from '../core/track/track.ts';
import type { Seconds } from '../core/units.ts';
import { visitDefaults } from '../core/visits/follow-visits.ts';
import { createInForce } from './in-force.ts';

/**
 * What the core needs of a branch. The same for the live service, a replay and a what-if.
 *
 * @param thresholds those that hold on the day in question; absent: the base, of a day without a profile
 */
export function settingsOf(
  branch: Branch,
  thresholds: Branch['thresholds'] = branch.thresholds,
): CoreSettings {
  const { mostInTenMinutes, sustainedInTenMinutes, passOnSeconds } = thresholds.prompts;
  return {
    cameras: branch.cameras.map(({ id, floor }) => (floor === undefined ? { id } : { id, floor })),
    zones: branch.zones.map(({ zone }) => zone),
    thresholds,
    track: trackDefaults,
    visits: visitDefaults,
    prompts: {
      ...promptDefaults,
      budget: mostInTenMinutes,
      sustained: Math.min(mostInTenMinutes, sustainedInTenMinutes),
      passOnSeconds: { now: passOnSeconds, soon: 3 * passOnSeconds },
    },
  };
}

/** Before this, a moment counts from a clip's first frame. */
const firstMoment: Seconds = Date.UTC(2000, 0, 1) / 1000;

/** What the core needs of a branch at a moment: by the thresholds of that day. */
export function createSettingsAt(branch: Branch): (at: Seconds) => CoreSettings {
  const inForce = createInForce(branch);
  const base = settingsOf(branch);
  let known: { readonly thresholds: ThresholdSettings; readonly settings: CoreSettings } | undefined;
  return (at) => {
    if (branch.profiles.length === 0 || at < firstMoment) return base;
    const { thresholds } = inForce(at);
    if (known?.thresholds !== thresholds) known = { thresholds, settings: settingsOf(branch, thresholds) };
    return known.settings;
  };
}

/**
 * What of a branch is other than before and is taken over only by a restart, by its key in the file. Thresholds,
 * their profiles, cameras and zones are not among it: they are taken over at once.
 */
export function awaitsRestart(before: Branch, after: Branch): readonly string[] {
  const keys = ['id', 'heads', 'hours', 'webhooks', 'homeAssistant', 'journal'] as const;
  const differs = (key: (typeof keys)[number]) => JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  return keys.filter(differs).map((key) => (key === 'id' ? 'branch' : key));
}

/** Thresholds with some values put in, by path: `queue.waitSeconds`. */
export function withValues(
  thresholds: ThresholdSettings,
  values: Readonly<Record<string, number>>,
): ThresholdSettings {
  const groups: Record<string, Record<string, number>> = structuredClone(thresholds);
  for (const [path, value] of Object.entries(values)) {
    const [group, key] = path.split('.') as [string, string];
    groups[group] = { ...groups[group], [key]: value };
  }
  return groups as unknown as ThresholdSettings;
}
