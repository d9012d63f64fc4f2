import type { HappeningKind } from '../behaviours/behaviour.ts';
import type { ZoneKind } from '../floor/zones.ts';

/** What can be noticed at each kind of place, and so cannot while nobody sees it. `hall` is all the floor. */
const rulesAtPlaces: Readonly<Record<ZoneKind | 'hall', readonly HappeningKind[]>> = {
  entrance: ['arrived', 'departed'],
  queue: ['queued', 'left-queue', 'waited-long', 'queue-long', 'divert'],
  service: ['machine-trouble', 'divert'],
  desk: ['divert'],
  vip: ['farewell'],
  staff: [],
  ignore: [],
  hall: ['wandering', 'contacted', 'crowded', 'unattended', 'patrol'],
};

/** The kinds of happenings that need a place to be seen. */
export function rulesAt(place: ZoneKind | 'hall'): readonly HappeningKind[] {
  return rulesAtPlaces[place];
}
