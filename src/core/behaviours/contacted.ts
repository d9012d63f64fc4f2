import { floorPlane } from '../floor/zones.ts';
import { contains } from '../geometry/polygon.ts';
import type { Metres, Seconds } from '../units.ts';
import { facing, type Heading, headingOf } from '../visits/heading.ts';
import { staffLogOdds } from '../visits/role.ts';
import { metresFrom, speedOf, type Visit } from '../visits/visit.ts';
import { type Behaviour, type Happening, isGuest, type Scene } from './behaviour.ts';

/** A guest and a member of staff who are, or lately were, close together. */
export interface Meeting {
  readonly visit: string;
  readonly staff: string;
  /** How long they have been together, weighed by how plainly: `contact.forSeconds` of it is a contact. */
  readonly togetherSeconds: Seconds;
  /** When they were last near each other. */
  readonly lastAt: Seconds;
  /** When the two were last looked at, near or not: time together is counted from look to look. */
  readonly lookedAt: Seconds;
}

export interface ContactState {
  readonly meetings: readonly Meeting[];
  /** Visits that have been met, each until it ends; also those of whom it is not told. */
  readonly met: readonly { readonly visit: string; readonly at: Seconds }[];
}

/** A shorter break does not end a meeting: somebody walked between them, or the detector blinked. */
const breakSeconds: Seconds = 1.2;
/** Staff who stand before a customer hide them from the camera behind: who stood there stands there still, this long. */
const hiddenSeconds: Seconds = 6;
/** What is not seen counts for half. */
const hiddenShare = 0.5;
/** Up to this share of `contact.withinMetres` nearness counts in full; at the whole of it for half. */
const fullNearness = 0.85;
/** Who has begun to speak leans back, and boxes jitter. */
const leanMetres: Metres = 0.25;
/** Below the first two stand, past the second somebody walks past. */
const [standingSpeed, passingSpeed] = [0.5, 0.9];
/** Who walk side by side keep their distance; two whose ways cross do so for a second or two. Half of it counts. */
const [parallelSpeed, partingSpeed] = [0.3, 0.7];
const besideShare = 0.5;
/** Turned away, as their last steps show it: people turn to whom they speak with, so it counts for little and not for nothing. */
const turnedAwayShare = 0.2;
/** Whoever has walked up to staff will be turned to. */
const cameUpShare = 0.6;
const facesSquarely = 0.7;
/** Staff who walk straight up to somebody who stands have begun to greet them with the last steps. */
const walksUpShare = 0.3;
const guestTurnedAwayShare = 0.6;
/** Staff speak with one, or with those who stand equally before them. */
const equalShare = 0.8;
/** The arm's length at which half as far is not twice as near. */
const armMetres: Metres = 0.5;
/** Whoever is this likely a customer may be told to have been met: log-odds. */
const customerEnough = -0.5;
/** Whoever came in this soon after each other, and has kept this near since, came together. */
const togetherWithin: Seconds = 6;
const togetherMetres: Metres = 1.3;
const togetherMostMetres: Metres = 1.6;

/**
 * Sees whether a customer was met: a staff dot and a customer dot together long enough to have spoken.
 *
 * Time together is weighed: in full for two who stand within reach of each other, and whose last steps led
 * to each other or are not known; less for one at arm's length of the limit, hidden for a moment, or turned
 * away; not at all for whoever walks past. Staff among several meet the one they face, and whoever came
 * together with that one and stands by: a family is spoken to as one.
 *
 *     weight  ░░▒▒████████████ hidden ▒▒▒▒████      ← together for `forSeconds`: contacted
 *
 * Somebody of whom nothing says that they are a customer (who was there before the service, say) may be met
 * without a word: their prompt ends, and no figure counts them.
 *
 * Needs metres: on a camera without floor points nobody is ever seen to be met.
 */
export const contacted = {
  begin: { meetings: [], met: [] } as ContactState,
  notice(state: ContactState, scene: Scene): [ContactState, readonly Happening[]] {
    const { at } = scene;
    const { forSeconds } = scene.thresholds.contact;
    const alive = new Map(scene.visits.map((visit) => [visit.id, visit]));
    const met = state.met.filter((one) => alive.has(one.visit));
    const known = new Set(met.map((one) => one.visit));
    const present = scene.visits.filter((visit) => visit.plane === floorPlane && isThere(visit, at));
    const guests = present.filter(isGuest);
    const before = byStaff(state.meetings);
    const { withinMetres } = scene.thresholds.contact;
    const headings = new Headings(at);
    const followed = new Set<Meeting>();
    const happenings: Happening[] = [];
    const meetings: Meeting[] = [];

    const meet = (guest: Visit) => {
      known.add(guest.id);
      met.push({ visit: guest.id, at });
      if (isCustomerEnough(guest, at)) happenings.push(contactOf(guest, at));
    };

    for (const staff of present) {
      if (staff.role !== 'staff') continue;
      const own = before.get(staff.id);
      // Nothing begins between two who are out of each other's reach.
      const near = guests.filter(
        (guest) => own?.has(guest.id) || metresFrom(guest, staff.at) <= withinMetres,
      );
      if (near.length === 0) continue;
      const heading = headings.of(staff);
      const weights = near.map((guest) => weigh(guest, staff, headings, own?.get(guest.id), scene));
      const shares = near.map((guest, i) =>
        weights[i] === 0 ? 0 : weights[i]! * attention(guest, staff, heading),
      );
      const most = Math.max(0, ...shares);
      for (const [i, guest] of near.entries()) {
        const meeting = own?.get(guest.id);
        if (meeting !== undefined) followed.add(meeting);
        const isLooked = guest.seenAt === at || staff.seenAt === at;
        // A frame of a camera that sees neither of them says nothing about them.
        if (!isLooked) {
          if (meeting !== undefined) meetings.push(meeting);
          continue;
        }
        const weighs = weights[i]!;
        const weight = shares[i]! >= equalShare * most ? weighs : 0;
        const next = goOn(meeting, guest, staff, weighs > 0, weight, at);
        if (next === undefined) continue;
        meetings.push(next);
        if (known.has(guest.id) || next.togetherSeconds < forSeconds - 1e-9) continue;
        meet(guest);
        for (const other of guests) {
          if (!known.has(other.id) && isBy(other, guest, staff, scene)) meet(other);
        }
      }
    }
    // Meetings with somebody out of sight for a moment go on.
    for (const meeting of state.meetings) {
      if (followed.has(meeting)) continue;
      if (!alive.has(meeting.visit) || !alive.has(meeting.staff)) continue;
      if (at - meeting.lastAt < breakSeconds) meetings.push({ ...meeting, lookedAt: at });
    }
    return [{ meetings, met }, happenings];
  },
  // A meeting goes on from where it was when sight went.
  pause: (state, unwatched) => ({
    ...state,
    meetings: state.meetings.map((one) => {
      const seconds = Math.max(unwatched.get(one.visit) ?? 0, unwatched.get(one.staff) ?? 0);
      return seconds === 0 ? one : { ...one, lastAt: one.lastAt + seconds, lookedAt: one.lookedAt + seconds };
    }),
  }),
} satisfies Behaviour<ContactState>;

/** Meetings by the member of staff, then by the visit. */
function byStaff(meetings: readonly Meeting[]): ReadonlyMap<string, ReadonlyMap<string, Meeting>> {
  const all = new Map<string, Map<string, Meeting>>();
  for (const one of meetings) {
    const own = all.get(one.staff) ?? new Map<string, Meeting>();
    all.set(one.staff, own.set(one.visit, one));
  }
  return all;
}

/** Which way everybody faces at one moment: read off each path once, however many they are weighed against. */
class Headings {
  readonly #at: Seconds;
  readonly #known = new Map<string, Heading | undefined>();

  constructor(at: Seconds) {
    this.#at = at;
  }

  of(visit: Visit): Heading | undefined {
    const known = this.#known.get(visit.id);
    if (known !== undefined || this.#known.has(visit.id)) return known;
    const heading = headingOf(visit, this.#at);
    this.#known.set(visit.id, heading);
    return heading;
  }
}

/** In sight, or hidden for a moment. */
function isThere(visit: Visit, at: Seconds): boolean {
  return at - visit.seenAt < hiddenSeconds;
}

/** Who was lost while they stood, stands; who was lost while they walked up to somebody, has walked up to them. */
function mayStand(visit: Visit, other: Visit, heading: Heading | undefined): boolean {
  return speedOf(visit) < standingSpeed || (facing(visit, other.at, heading) ?? 0) > facesSquarely;
}

function isCustomerEnough(visit: Visit, at: Seconds): boolean {
  return visit.role === 'customer' || staffLogOdds(visit, at) <= customerEnough;
}

/** However seldom anybody looks, no more than this is taken to have gone by unseen. */
const mostBetweenLooksSeconds: Seconds = 0.2;

function goOn(
  meeting: Meeting | undefined,
  guest: Visit,
  staff: Visit,
  isNear: boolean,
  weight: number,
  at: Seconds,
): Meeting | undefined {
  if (meeting === undefined) {
    if (!isNear) return undefined;
    return { visit: guest.id, staff: staff.id, togetherSeconds: 0, lastAt: at, lookedAt: at };
  }
  const dt = Math.min(1, at - meeting.lookedAt);
  if (isNear) {
    // They came together between two looks: counted from the one before they were first seen so.
    const seconds = meeting.togetherSeconds === 0 ? dt + Math.min(dt, mostBetweenLooksSeconds) : dt;
    return {
      ...meeting,
      togetherSeconds: meeting.togetherSeconds + weight * seconds,
      lastAt: at,
      lookedAt: at,
    };
  }
  if (at - meeting.lastAt < breakSeconds) return { ...meeting, lookedAt: at };
  // Short meetings don't add up: what was together is lost as fast as it came.
  const left = meeting.togetherSeconds - dt;
  return left <= 0 ? undefined : { ...meeting, togetherSeconds: left, lookedAt: at };
}

/** How plainly two are together now: 0 to 1. */
function weigh(
  guest: Visit,
  staff: Visit,
  headings: Headings,
  meeting: Meeting | undefined,
  scene: Scene,
): number {
  const { at } = scene;
  const { withinMetres } = scene.thresholds.contact;
  const metres = metresFrom(guest, staff.at);
  if (metres > withinMetres + (meeting === undefined ? 0 : leanMetres)) return 0;
  const near = between(metres, fullNearness * withinMetres, withinMetres, 1, 0.5);
  const [guestSeen, staffSeen] = [at - guest.seenAt < 0.5, at - staff.seenAt < 0.5];
  if (!guestSeen && !staffSeen) return 0;
  if (!guestSeen && !mayStand(guest, staff, headings.of(guest))) return 0;
  if (!staffSeen && !mayStand(staff, guest, headings.of(staff))) return 0;
  const seen = guestSeen && staffSeen ? 1 : hiddenShare;
  const [guestSpeed, staffSpeed] = [guestSeen ? speedOf(guest) : 0, staffSeen ? speedOf(staff) : 0];
  const apart = guestSeen && staffSeen ? metresPerSecondBetween(guest, staff) : 0;
  if (guestSpeed > standingSpeed && staffSpeed > standingSpeed) {
    return near * seen * between(apart, parallelSpeed, partingSpeed, besideShare, 0);
  }
  const slow = between(Math.min(Math.max(guestSpeed, staffSpeed), apart), standingSpeed, passingSpeed, 1, 0);
  const comesUp =
    guestSpeed <= standingSpeed && (facing(staff, guest.at, headings.of(staff)) ?? 0) > facesSquarely;
  const walksUp = comesUp ? walksUpShare : 0;
  if (slow === 0) return near * seen * walksUp;
  const together = slow * turned(guest, headings.of(guest), staff, headings.of(staff));
  return near * seen * Math.max(together, walksUp);
}

/** Of several, staff speak with whom they face and whom they stand nearer to. */
function attention(guest: Visit, staff: Visit, staffHeading: Heading | undefined): number {
  const faces = facing(staff, guest.at, staffHeading) ?? 1;
  return (1 + faces) / 2 / (metresFrom(guest, staff.at) + armMetres);
}

/** How much the two are turned to each other, as far as their last steps show it. */
function turned(
  guest: Visit,
  guestHeading: Heading | undefined,
  staff: Visit,
  staffHeading: Heading | undefined,
): number {
  const staffFaces = facing(staff, guest.at, staffHeading);
  const guestFaces = facing(guest, staff.at, guestHeading);
  const ofStaff = staffFaces === undefined ? 1 : between(staffFaces, -0.5, 0.1, turnedAwayShare, 1);
  const ofGuest = guestFaces === undefined ? 1 : between(guestFaces, -0.6, 0, guestTurnedAwayShare, 1);
  const cameUp = guestFaces !== undefined && guestFaces > facesSquarely ? cameUpShare : 0;
  return Math.max(ofStaff * ofGuest, cameUp);
}

/** Whether somebody came with a guest who was just met, and stands by. */
function isBy(other: Visit, guest: Visit, staff: Visit, scene: Scene): boolean {
  const { at } = scene;
  if (other.id === guest.id || other.arrivedAt === undefined || guest.arrivedAt === undefined) return false;
  const metres = metresFrom(other, staff.at);
  if (metres > scene.thresholds.contact.withinMetres) return false;
  // Who stands in a queue behind them, as seen from staff, is the next in the line.
  const isInLine = scene.zones.some(
    (zone) => zone.kind === 'queue' && zone.plane === other.plane && contains(zone.polygon, other.at),
  );
  if (isInLine && metres > metresFrom(guest, staff.at) + armMetres) return false;
  if (Math.abs(other.arrivedAt - guest.arrivedAt) > togetherWithin || other.door !== guest.door) return false;
  if (at - other.seenAt >= 1 || speedOf(other) >= passingSpeed) return false;
  const since = Math.max(other.arrivedAt, guest.arrivedAt);
  const distances = other.path.flatMap((point) => {
    if (point.at < since) return [];
    const near = guest.path.find((one) => Math.abs(one.at - point.at) < 0.3);
    return near === undefined ? [] : [Math.hypot(point.x - near.x, point.y - near.y) / guest.unit];
  });
  if (distances.length < 3) return false;
  const mean = distances.reduce((sum, one) => sum + one, 0) / distances.length;
  return mean < togetherMetres && metresFrom(other, guest.at) < togetherMostMetres;
}

/** Straight from one value to another between two ends, and level beyond them. */
function between(value: number, low: number, high: number, atLow: number, atHigh: number): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return atLow + share * (atHigh - atLow);
}

function metresPerSecondBetween(a: Visit, b: Visit): number {
  return Math.hypot(a.velocity.x - b.velocity.x, a.velocity.y - b.velocity.y) / a.unit;
}

function contactOf(guest: Visit, at: Seconds): Happening {
  return {
    at,
    kind: 'contacted',
    visit: guest.id,
    role: guest.role,
    plane: guest.plane,
    where: guest.at,
    waitedSeconds: at - (guest.arrivedAt ?? guest.bornAt),
  };
}

/** Takes contacts as they are known to have been, once a visit: no meeting is looked for. */
export function tellContacts(
  state: ContactState,
  { at, visits }: Pick<Scene, 'at' | 'visits'>,
  contacts: ReadonlySet<string>,
): [ContactState, readonly Happening[]] {
  const alive = new Set(visits.map(({ id }) => id));
  const met = state.met.filter(({ visit }) => alive.has(visit));
  const known = new Set(met.map(({ visit }) => visit));
  const now = visits.filter(({ id }) => contacts.has(id) && !known.has(id));
  return [
    { meetings: [], met: [...met, ...now.map(({ id }) => ({ visit: id, at }))] },
    now.map((guest) => contactOf(guest, at)),
  ];
}
