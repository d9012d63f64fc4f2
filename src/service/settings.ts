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
