import type { EntranceZone } from '../floor/zones.ts';
import { placeAtDoor } from '../geometry/entrance.ts';
import type { Seconds } from '../units.ts';
import type { PathPoint, Visit } from './visit.ts';

/** Nobody knows when in so long a gap in sight they crossed; between two looks at one frame a second lies less. */
const mostGapSeconds: Seconds = 1.2;
/** Who has stood inside the line for longer may have been there before: another's track, or somebody who waits. */
const mostStandingSeconds: Seconds = 2;

/**
 * When somebody who has just been believed to come in crossed the door's line, as far as they were seen.
 *
 *     path     ○───────○── line ──○───────● believed
 *                            ↑ crossed: where the way between the last point outside and the next meets it
 *
 * Whoever was hidden by a door leaf or another while they crossed it is taken to have crossed it when they came to
 * light inside. So it may be later than the truth: what was not seen cannot be known here.
 *
 * @returns nothing where it cannot be told: of whoever was first seen inside the line and stood there for a while,
 *          and of a stay that begins with somebody long inside, who has come back without being seen to
 */
export function crossedAt(visit: Visit, zone: EntranceZone): Seconds | undefined {
  const now: PathPoint = { at: visit.seenAt, ...visit.at };
  if (visit.bornAt >= now.at) return undefined;
  const points = [...visit.path.filter(({ at }) => at < now.at), now];
  const depths = points.map((point) => placeAtDoor(zone.door, point).depth);
  const outside = depths.findLastIndex((depth) => depth <= 0);
  const before = points[outside];
  const after = points[outside + 1];
  if (before === undefined || after === undefined) {
    return now.at - visit.bornAt > mostStandingSeconds ? undefined : visit.bornAt;
  }
  if (after.at - before.at > mostGapSeconds) return after.at;
  const share = -depths[outside]! / (depths[outside + 1]! - depths[outside]!);
  return before.at + share * (after.at - before.at);
}
