import type { AreaZone } from '../floor/zones.ts';
import { contains, isWithin } from '../geometry/polygon.ts';
import type { Metres, Seconds } from '../units.ts';
import { speedOf, type Visit } from '../visits/visit.ts';
import { type Behaviour, type Happening, isGuest } from './behaviour.ts';
import type { LobbyScene } from './lobby-scene.ts';
import { standingMetresPerSecond } from './queueing.ts';

/** Somebody in a self-service place who was seen to walk in. What is absent is `undefined` and not left out. */
export interface MachineStay {
  readonly visit: string;
  readonly zone: string;
  /** Since when they have stood; absent while they walk. */
  readonly standingSince: Seconds | undefined;
  /** Since when they have been at the machine: the beginning of the first standing that was more than a pause. */
  readonly since: Seconds | undefined;
  /** When they were last seen there. */
  readonly insideAt: Seconds;
  readonly outsideSince: Seconds | undefined;
}

/** What is known of one self-service place. */
export interface MachinePlace {
  readonly zone: string;
  /** Lengths of stays, newest last; at most `mostStays`. */
  readonly usual: readonly Seconds[];
  /** The last `lately` stays. */
  readonly recent: readonly { readonly at: Seconds; readonly seconds: Seconds; readonly short: boolean }[];
  /** Since when people leave it fast; absent while they don't. */
  readonly troubleAt?: Seconds;
  /** Short stays since then. */
  readonly shortSince?: number;
}

export interface MachineState {
  /** One a guest in a self-service place. */
  readonly stays: readonly MachineStay[];
  /** One a self-service place that was ever used. */
  readonly places: readonly MachinePlace[];
}

/** Who stands for less has stopped on the way through. */
const pauseSeconds: Seconds = 1.5;
/** Who was at a machine for less has looked at it and gone on. */
const leastSeconds: Seconds = 3;
/** Who is a step outside for a moment has left. */
const outsideMetres: Metres = 0.3;
const leaveSeconds: Seconds = 1;
/** Who was out of sight for longer before being seen outside left at a time nobody knows. */
const unseenSeconds: Seconds = 3;
/** Trouble is `short` of the last `lately` stays, none of them older than `latelySeconds`. */
const lately = 4;
const short = 3;
const latelySeconds: Seconds = 3600;
const mostStays = 40;
/** Until there is more to go by, a stay takes a minute: this many of them stand in for what was not seen yet. */
const priorStays = 3;
const priorSeconds: Seconds = 60;
/** A stay of this part of a usual one shows that the machine works. */
const worksShare = 0.5;
/** So many short stays in a row are not trouble, but how the place is used now: what is usual is learnt anew. */
const anewAfter = 12;

/**
 * Sees when people leave a self-service place unusually fast: three of the last four stays shorter
 * than `shortPercent` of what is usual there. Worth a look at the machine. Said once, until somebody
 * has stayed again as one does.
 *
 *     stays, s   74  61  88  70   9  66  11   8
 *                                  └─ 3 of 4 ─┘ machine-trouble
 *
 * What is usual is the middle of the last stays, learnt from `leastStays` on. A stay counts if
 * somebody was seen to walk up, stand and walk away: who walks through does not stand, and of whom the
 * camera lost sight nobody knows how long they stayed. Nothing is said of one machine among several in
 * one zone unless most who come leave: draw a zone for each to know which.
 */
export const machineTrouble: Behaviour<MachineState, LobbyScene> = {
  begin: { stays: [], places: [] },
  notice(state, scene) {
    const zones = scene.zones.filter((zone): zone is AreaZone => zone.kind === 'service');
    if (zones.length === 0) return [state, []];
    const visits = new Map(scene.visits.map((visit) => [visit.id, visit]));
    const stays: MachineStay[] = [];
    const ended: { readonly zone: AreaZone; readonly seconds: Seconds }[] = [];

    for (const before of state.stays) {
      const visit = visits.get(before.visit);
      const zone = zones.find((one) => one.id === before.zone);
      if (visit === undefined || zone === undefined || visit.role === 'staff') continue;
      if (scene.blindZones.has(zone.id)) continue;
      const [after, seconds] = followStay(before, visit, zone, scene.at);
      if (after !== undefined) stays.push(after);
      if (seconds !== undefined) ended.push({ zone, seconds });
    }
    const known = new Set(stays.map((stay) => stay.visit));
    for (const visit of scene.visits) {
      if (known.has(visit.id) || !isGuest(visit) || visit.seenAt !== scene.at) continue;
      const zone = zones.find((one) => one.plane === visit.plane && contains(one.polygon, visit.at));
      // Whoever was first seen there may have been there for long.
      if (zone === undefined || contains(zone.polygon, visit.bornWhere)) continue;
      if (scene.blindZones.has(zone.id)) continue;
      stays.push(stand(undefined, visit, zone, scene.at));
    }

    const happenings: Happening[] = [];
    let places = state.places;
    for (const { zone, seconds } of ended) {
      const before = places.find((one) => one.zone === zone.id) ?? { zone: zone.id, usual: [], recent: [] };
      const [after, happening] = learn(before, zone, seconds, scene);
      places = [...places.filter((one) => one.zone !== zone.id), after];
      if (happening !== undefined) happenings.push(happening);
    }
    return [{ stays, places }, happenings];
  },
};

/** @returns the stay while it goes on; how long it was once it is over and was one */
function followStay(
  stay: MachineStay,
  visit: Visit,
  zone: AreaZone,
  at: Seconds,
): [MachineStay | undefined, (Seconds | undefined)?] {
  if (visit.seenAt !== at) return [stay];
  if (!isWithin(zone.polygon, visit.at, outsideMetres * visit.unit)) {
    if (stay.outsideSince === undefined && at - stay.insideAt > unseenSeconds) return [undefined];
    const outsideSince = stay.outsideSince ?? at;
    if (at - outsideSince < leaveSeconds) return [{ ...stay, outsideSince }];
    const seconds = stay.since === undefined ? 0 : outsideSince - stay.since;
    return [undefined, seconds >= leastSeconds ? seconds : undefined];
  }
  return [stand(stay, visit, zone, at)];
}

/** Follows whether somebody in the place stands, and takes them to be at the machine once they have. */
function stand(before: MachineStay | undefined, visit: Visit, zone: AreaZone, at: Seconds): MachineStay {
  const isStanding = speedOf(visit) < standingMetresPerSecond;
  const standingSince = isStanding ? (before?.standingSince ?? at) : undefined;
  const isThere = standingSince !== undefined && at - standingSince >= pauseSeconds;
  const since = before?.since ?? (isThere ? standingSince : undefined);
  return { visit: visit.id, zone: zone.id, standingSince, since, insideAt: at, outsideSince: undefined };
}

function learn(
  place: MachinePlace,
  zone: AreaZone,
  seconds: Seconds,
  scene: LobbyScene,
): [MachinePlace, Happening?] {
  const { at } = scene;
  const { shortPercent, leastStays } = scene.thresholds.machines;
  const isKnown = place.usual.length >= leastStays;
  const usualSeconds = usualOf(place.usual);
  const isShort = isKnown && seconds <= (shortPercent / 100) * usualSeconds;
  const recent = [...place.recent, { at, seconds, short: isShort }]
    .filter((one) => at - one.at <= latelySeconds)
    .slice(-lately);
  const usual = [...place.usual, seconds].slice(-mostStays);
  const about = { at, role: 'customer', zone: zone.id, plane: zone.plane } as const;

  if (place.troubleAt !== undefined) {
    const shortSince = (place.shortSince ?? 0) + (isShort ? 1 : 0);
    const works = seconds >= worksShare * usualSeconds;
    const anew = shortSince >= anewAfter;
    if (!works && !anew) return [{ ...place, recent, shortSince }];
    const over: Happening = {
      ...about,
      kind: 'over',
      of: 'machine-trouble',
      because: 'eased',
      waitedSeconds: at - place.troubleAt,
    };
    return [{ zone: zone.id, usual: anew ? [] : place.usual, recent: [] }, over];
  }
  const shorts = recent.filter((one) => one.short);
  // The one that tips the scale must be short itself: nothing is wrong with a machine somebody just used.
  if (!isShort || shorts.length < short) return [{ zone: zone.id, usual, recent }];
  const happening: Happening = {
    ...about,
    kind: 'machine-trouble',
    figures: {
      short: shorts.length,
      of: recent.length,
      shortSeconds: middle(shorts.map((one) => one.seconds)),
      usualSeconds,
    },
  };
  // What is usual is what was before the trouble.
  const healthy = usual.slice(0, Math.max(leastStays, usual.length - shorts.length));
  return [{ zone: zone.id, usual: healthy, recent, troubleAt: at, shortSince: 0 }, happening];
}

/** The middle of the stays, steadied by what stays take as a rule. */
function usualOf(stays: readonly Seconds[]): Seconds {
  return middle([...stays, ...Array.from({ length: priorStays }, () => priorSeconds)]);
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
