import type { AreaZone } from '../floor/zones.ts';
import { signedDistance } from '../geometry/polygon.ts';
import type { Seconds } from '../units.ts';
import { speedOf, type Visit } from '../visits/visit.ts';
import { type Behaviour, type Happening, isGuest, type Scene } from './behaviour.ts';

/** Somebody in a queue zone, or on their way through it. */
export interface QueueMember {
  readonly visit: string;
  readonly zone: string;
  readonly insideSince: Seconds;
  /** When they were taken to queue; absent while they may be walking through. */
  readonly queuedAt?: Seconds;
  /** Since when they have been seen outside the zone without a break. */
  readonly outsideSince?: Seconds;
  readonly saidWaitedLong?: true;
}

export interface QueueState {
  /** In order of coming in: the order they will be served in. */
  readonly members: readonly QueueMember[];
  /** Queues already said to be long; removed once they are two shorter. */
  readonly saidLong: readonly string[];
}

/** Standing still in the zone for this long is queueing; one who walks through does not stand. */
const settleSeconds = 1.2;
/** Staying in the zone this long is queueing, however restless. */
const restlessSeconds = 4;
/** Somebody nobody saw come in may be a reflection, or half of somebody else: they must stay this long. */
const unknownSeconds = 5;
/** Below this a person stands. A slow walk is 0.8 m/s. */
export const standingMetresPerSecond = 0.45;
/** Queues bulge: members may be this far outside the drawn zone. */
const bulgeMetres = 0.4;
/** Leaning out for a leaflet is not leaving. */
const leaveAfterSeconds = 1.5;

/**
 * Follows who stands in which queue: `queued` once they have taken a place, `left-queue` once they
 * have been out of it for a moment, `waited-long` and `queue-long` by threshold.
 *
 *     in zone  ░░░████████████████████████░░░
 *                 │  └ queued             │ └ left-queue
 *                 insideSince             outsideSince
 *
 * Somebody hidden behind others is still in the queue: only being seen elsewhere, leaving the
 * lobby, or being out of sight for longer than the visit's memory ends it.
 */
export const queueing: Behaviour<QueueState> = {
  begin: { members: [], saidLong: [] },
  notice(state, scene) {
    const happenings: Happening[] = [];
    const members: QueueMember[] = [];
    const zones = scene.zones.filter((zone): zone is AreaZone => zone.kind === 'queue');
    const visits = new Map(scene.visits.map((visit) => [visit.id, visit]));

    for (const member of state.members) {
      const visit = visits.get(member.visit);
      const zone = zones.find((one) => one.id === member.zone);
      const [kept, happening] = keepMember(member, visit, zone, scene);
      if (kept !== undefined) members.push(kept);
      if (happening !== undefined) happenings.push(happening);
    }
    const known = new Set(members.map((member) => member.visit));
    for (const visit of scene.visits) {
      if (known.has(visit.id) || !isGuest(visit) || visit.seenAt !== scene.at) continue;
      const zone = zones.find(
        (one) => one.plane === visit.plane && signedDistance(one.polygon, visit.at) <= 0,
      );
      if (zone !== undefined) members.push({ visit: visit.id, zone: zone.id, insideSince: scene.at });
    }

    for (const [i, member] of members.entries()) {
      const visit = visits.get(member.visit)!;
      if (member.queuedAt === undefined || member.saidWaitedLong) continue;
      const waitedSeconds = scene.at - member.queuedAt;
      if (waitedSeconds < scene.thresholds.queue.waitSeconds) continue;
      happenings.push({ ...about(visit, scene, member.zone), kind: 'waited-long', waitedSeconds });
      members[i] = { ...member, saidWaitedLong: true };
    }
    const [saidLong, long] = noticeLength(state.saidLong, members, zones, scene);
    return [{ members, saidLong }, [...happenings, ...long]];
  },
  pause: (state, unwatched) => ({
    ...state,
    members: state.members.map((member) => {
      const seconds = unwatched.get(member.visit) ?? 0;
      if (seconds === 0) return member;
      const { insideSince, queuedAt, outsideSince } = member;
      return {
        ...member,
        insideSince: insideSince + seconds,
        ...(queuedAt === undefined ? {} : { queuedAt: queuedAt + seconds }),
        ...(outsideSince === undefined ? {} : { outsideSince: outsideSince + seconds }),
      };
    }),
  }),
};

function keepMember(
  member: QueueMember,
  visit: Visit | undefined,
  zone: AreaZone | undefined,
  scene: Scene,
): [QueueMember | undefined, Happening?] {
  const end = (): [undefined, Happening?] => {
    const before = visit ?? scene.changes.find((change) => change.visit.id === member.visit)?.visit;
    if (member.queuedAt === undefined || before === undefined || before.role === 'staff') return [undefined];
    // Gone while nobody could look: when they left, and whether they were served, cannot be told.
    if (before.unwatchedSeconds !== undefined || before.foundAt === scene.at) return [undefined];
    const waitedSeconds = (member.outsideSince ?? scene.at) - member.queuedAt;
    return [
      undefined,
      { ...about(before, scene, member.zone), kind: 'left-queue', waitedSeconds, served: null },
    ];
  };
  if (visit === undefined || zone === undefined || !isGuest(visit)) return end();
  if (visit.seenAt !== scene.at) return [member];

  const outside = signedDistance(zone.polygon, visit.at) / visit.unit;
  if (outside > (member.queuedAt === undefined ? 0 : bulgeMetres)) {
    const outsideSince = member.outsideSince ?? scene.at;
    const isElsewhere = visit.foundAt === scene.at;
    // Whoever only walked through is gone at once; a member may lean out.
    if (member.queuedAt === undefined || isElsewhere || scene.at - outsideSince >= leaveAfterSeconds) {
      return end();
    }
    return [{ ...member, outsideSince }];
  }
  const { outsideSince: _, ...inside } = member;
  if (inside.queuedAt !== undefined) return [inside];
  const stay = scene.at - inside.insideSince;
  const settled = stay >= settleSeconds && speedOf(visit) < standingMetresPerSecond;
  if (!settled && stay < restlessSeconds) return [inside];
  if (visit.role === 'unknown' && stay < unknownSeconds) return [inside];
  return [
    { ...inside, queuedAt: scene.at },
    { ...about(visit, scene, zone.id), kind: 'queued' },
  ];
}

function noticeLength(
  saidLong: readonly string[],
  members: readonly QueueMember[],
  zones: readonly AreaZone[],
  scene: Scene,
): [readonly string[], readonly Happening[]] {
  const happenings: Happening[] = [];
  const next: string[] = [];
  const limit = scene.thresholds.queue.length;
  for (const zone of zones) {
    const people = members.filter((one) => one.zone === zone.id && one.queuedAt !== undefined).length;
    const said = saidLong.includes(zone.id);
    if (people >= limit && !said) {
      happenings.push({
        at: scene.at,
        kind: 'queue-long',
        role: 'customer',
        zone: zone.id,
        plane: zone.plane,
        people,
      });
    }
    // Where one person already makes a long queue, an empty one is not long.
    if (people >= limit || (said && people > Math.max(0, limit - 2))) next.push(zone.id);
  }
  return [next, happenings];
}

function about(visit: Visit, scene: Scene, zone: string) {
  return {
    at: scene.at,
    visit: visit.id,
    role: visit.role === 'unknown' ? ('customer' as const) : visit.role,
    zone,
    plane: visit.plane,
    where: visit.at,
  };
}
