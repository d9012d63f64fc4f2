import type { Branch } from '../contract/branch.ts';
import { promptDefaults } from '../core/prompts/decide.ts';
import type { CoreSettings } from '../core/step.ts';
import { trackDefaults } from '../core/track/track.ts';
import { visitDefaults } from '../core/visits/follow-visits.ts';

/** What the core needs of a branch. The same for the live service, a replay and a what-if. */
export function settingsOf(branch: Branch): CoreSettings {
  const { mostInTenMinutes, sustainedInTenMinutes, passOnSeconds } = branch.thresholds.prompts;
  return {
    cameras: branch.cameras.map(({ id, floor }) => (floor === undefined ? { id } : { id, floor })),
    zones: branch.zones.map(({ zone }) => zone),
    thresholds: branch.thresholds,
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

/**
 * What of a branch is other than before and is taken over only by a restart, by its key in the file. Thresholds are
 * not among it: they are taken over at once.
 */
export function awaitsRestart(before: Branch, after: Branch): readonly string[] {
  const keys = ['id', 'cameras', 'zones', 'heads', 'hours', 'webhooks', 'homeAssistant', 'journal'] as const;
  const differs = (key: (typeof keys)[number]) => JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  return keys.filter(differs).map((key) => (key === 'id' ? 'branch' : key));
}
