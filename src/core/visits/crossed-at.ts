import type { EntranceZone } from '../floor/zones.ts';
import { placeAtDoor } from '../geometry/entrance.ts';
import type { Seconds } from '../units.ts';
import type { PathPoint, Visit } from './visit.ts';

/**
 * When somebody who has just been believed to come in crossed the door's line, as far as they were seen.
 *
 *     path     ○───────○── line ──○───────● believed
 *                            ↑ crossed: where the way between the last point outside and the next meets it
 *
 * Whoever was first seen inside the line, hidden by a door leaf or another while they crossed it, is taken to
 * have crossed it when they were first seen. So it is never earlier than the truth by more than the jitter of
 * feet, and may be later: what was not seen cannot be known here.
 *
 * @returns nothing of a stay that begins with somebody long inside, who has come back without being seen to
 */
export function crossedAt(visit: Visit, zone: EntranceZone): Seconds | undefined {
  const now: PathPoint = { at: visit.seenAt, ...visit.at };
  if (visit.bornAt >= now.at) return undefined;
  const points = [...visit.path.filter(({ at }) => at < now.at), now];
  const depths = points.map((point) => placeAtDoor(zone.door, point).depth);
  const outside = depths.findLastIndex((depth) => depth <= 0);
  const before = points[outside];
  const after = points[outside + 1];
  if (before === undefined || after === undefined) return visit.bornAt;
  const share = -depths[outside]! / (depths[outside + 1]! - depths[outside]!);
  return before.at + share * (after.at - before.at);
}
