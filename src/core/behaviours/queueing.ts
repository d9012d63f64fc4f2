import type { AreaZone } from '../floor/zones.ts';
import { isWithin, type PlanePoint } from '../geometry/polygon.ts';
import {
  type Counter,
  counterMetres,
  forgetOld,
  nearestCounter,
  noteMistake,
  noteService,
  noteStand,
  servicesOf,
  trusted,
} from '../queues/counters.ts';
import { expectedWait, type HeldServices, holdServices } from '../queues/expected-wait.ts';
import { between, costAt, placeInLine } from '../queues/line.ts';
import { areParty } from '../queues/party.ts';
import type { Seconds } from '../units.ts';
import { metresFrom, speedOf, type Visit } from '../visits/visit.ts';
import { type Behaviour, type Happening, isGuest, type Scene } from './behaviour.ts';

/**
 * Where somebody in a queue zone stands in their errand.
 *
 *     entering ──▶ waiting ──▶ served ──▶ done        being served is not queueing
 *                   ▲  │          └─ in a place of its own beside the zone: called
 *                   └─ away: stepped out, and their place is kept for a while
 */
export type QueuePhase = 'entering' | 'waiting' | 'away' | 'served' | 'called' | 'done';

/** Somebody in a queue zone, on their way through it, or expected back in it. */
export interface QueueMember {
  readonly visit: string;
  readonly zone: string;
  readonly phase: QueuePhase;
  readonly insideSince: Seconds;
  /** Since when they have not gone far from `spot`. */
  readonly spotSince: Seconds;
  readonly spot: PlanePoint;
  /** Since when they have stood, while they do. */
  readonly stillSince?: Seconds;
  /** Where they stood last. */
  readonly stoodAt?: PlanePoint;
  /** Where they stood last for `restSeconds` and more. */
  readonly restedAt?: PlanePoint;
  /** When they came to rest in their place; absent while they may be walking through. */
  readonly queuedAt?: Seconds;
  /** Since when they have been seen outside the zone without a break. */
  readonly outsideSince?: Seconds;
  readonly servedSince?: Seconds;
  readonly servedUntil?: Seconds;
  /** The counter they are served at; absent for whoever only came along. */
  readonly counter?: number;
  /** The visit they came with, who was in this queue before them. */
  readonly party?: string;
  /** How many were passed over when they were served: they had queued longer, and wait still. */
  readonly jumped?: number;
}

/** What is learnt of one queue: where its people are served, and for how long. */
export interface QueueCounters {
  readonly zone: string;
  readonly counters: readonly Counter[];
  /** What follows from `counters`; absent: too few services were seen. */
  readonly services: HeldServices | undefined;
}

export interface QueueState {
  /** In the order in which they stand, zone by zone as they came; not more than there are visits. */
  readonly members: readonly QueueMember[];
  /** At most one entry a queue zone; what was not seen for half a day is let go of. */
  readonly learnt: readonly QueueCounters[];
}

/** Nobody takes a place sooner after coming in; one who walks through does not stand. */
const settleSeconds = 1.2;
/** Standing for this long is standing: a walker slows down at a corner. */
const stillSeconds = 0.35;
/** Who stands for so long has not only let somebody pass: from here it counts where they stood. */
const restSeconds = 2;
/** Staying within a few steps for this long is queueing, however restless. */
const restlessSeconds = 4;
const restlessMetres = 1.7;
/** Somebody nobody saw come in may be a reflection, or half of somebody else: they must stay this long. */
const unknownSeconds = 3;
/** So many behind somebody are more than places told apart badly: they stand in the midst of a line. */
const midstOfLine = 2;
/** Below this a person stands. A slow walk is 0.8 m/s. */
export const standingMetresPerSecond = 0.45;
/** Queues bulge, and feet that are half hidden are seen beside them: who stands may be this far outside the drawn zone. */
const bulgeMetres = 0.4;
/** Leaning out for a leaflet is not leaving. */
const leaveAfterSeconds = 1.5;
/** Who stands so near a counter is served there. The next in line keeps 0.8 m and more. */
const atCounterMetres = 0.65;
/** Who came along stands this near. */
const besideMetres = 1.6;
/** Who has gone so far from where they were served is done. */
const doneMetres = 1;
/** A counter whose customer has been out of sight for so long, and at which another stands, is the other's. */
const lostSeconds = 2;
/** Who has been served and is out of sight for so long has gone, whoever stood in the way. */
const goneSeconds = 6;
/** A shorter stop at a counter is a word, and says nothing of how long people are served. */
const leastServiceSeconds = 2;
/** A place must be so much better before somebody is moved in the order, in metres of way. */
const orderMetres = 0.5;
/** Feet that are seen elsewhere by less have not moved. */
const shiftMetres = 0.2;
/** Moving up by less leaves the order alone. */
const moveMetres = 0.7;
/** Who came so little earlier has not been passed over. */
const togetherSeconds = 3;
/** A desk or machine this near to a queue's zone is where its people are served. */
const adjoiningMetres = 0.5;
/** While people wait, a counter that is free for longer is closed; while nobody does, it is open for longer. */
const steppingUpSeconds = 10;
const idleSeconds = 600;

/**
 * Follows who stands in which queue and where in it: `queued` once they have taken a place, `left-queue`
 * once they have given it up, served or not. What is too long a wait is `longQueues`' matter: no threshold for it
 * is read here.
 *
 *     in zone  ░░░████████████████▓▓▓▓▓▓▓▓░░░
 *                 │  └ queued     │       │ └ left-queue, served
 *                 queuedAt        servedSince
 *
 * The clock of waiting runs from coming to rest to being served. Who is served has a place in the zone, and
 * is neither waiting nor counted in the queue's length. Where people are served is learnt: where the first of
 * an empty queue stands, and where those stood last who had queued longest. A desk or self-service zone that
 * adjoins the queue is where it is served instead.
 *
 * Who steps out unserved keeps the place for `queue.awaySeconds`; who comes back to it has not left, and who
 * joins again at the end has. Somebody hidden behind others is still in the queue.
 */
export const queueing: Behaviour<QueueState> = {
  begin: { members: [], learnt: [] },
  notice(state, scene) {
    const queues = new Queues(state, scene);
    queues.follow();
    queues.enter();
    queues.settle();
    queues.serve();
    return queues.close();
  },
  pause: (state, unwatched) => ({
    ...state,
    members: state.members.map((member) => {
      const seconds = unwatched.get(member.visit) ?? 0;
      return seconds === 0 ? member : later(member, seconds);
    }),
  }),
};

const clocks = [
  'insideSince',
  'spotSince',
  'stillSince',
  'queuedAt',
  'outsideSince',
  'servedSince',
  'servedUntil',
] as const;

/** The same member, with every clock put off. */
function later(member: QueueMember, seconds: Seconds): QueueMember {
  const moved = clocks.flatMap((key) => {
    const at = member[key];
    return at === undefined ? [] : [[key, at + seconds] as const];
  });
  return { ...member, ...Object.fromEntries(moved) };
}

/** One moment's work on the state, in the order of its methods. Lives no longer than the moment. */
class Queues {
  readonly #scene: Scene;
  readonly #at: Seconds;
  readonly #before: QueueState;
  readonly #zones: ReadonlyMap<string, AreaZone>;
  readonly #visits: ReadonlyMap<string, Visit>;
  readonly #learnt: Map<string, readonly Counter[]>;
  readonly #happenings: Happening[] = [];
  #members: QueueMember[] = [];

  constructor(state: QueueState, scene: Scene) {
    this.#before = state;
    this.#scene = scene;
    this.#at = scene.at;
    const zones = scene.zones.filter((zone): zone is AreaZone => zone.kind === 'queue');
    this.#zones = new Map(zones.map((zone) => [zone.id, zone]));
    this.#visits = new Map(scene.visits.map((visit) => [visit.id, visit]));
    this.#learnt = new Map();
    for (const { zone, counters } of state.learnt) {
      const kept = forgetOld(counters, scene.at);
      if (kept.length > 0) this.#learnt.set(zone, kept);
    }
  }

  /** Those who were there: where they are now, and who of them has left. */
  follow(): void {
    for (const member of this.#before.members) {
      const visit = this.#visits.get(member.visit);
      const zone = this.#zones.get(member.zone);
      const kept =
        visit === undefined || zone === undefined || !isGuest(visit)
          ? this.#gone(member, visit)
          : visit.seenAt === this.#at
            ? this.#seen(member, visit, zone)
            : this.#unseen(member, visit);
      if (kept !== undefined) this.#members.push(kept);
    }
  }

  /** Those who have come into a queue zone. */
  enter(): void {
    const known = new Set(this.#members.map((member) => member.visit));
    for (const visit of this.#visits.values()) {
      if (known.has(visit.id) || !isGuest(visit) || visit.seenAt !== this.#at) continue;
      const zone = this.#zoneOf(visit);
      if (zone !== undefined) this.#members.push(entering(visit, zone.id, this.#at));
    }
  }

  /** Those who have come to rest: they take a place, or the one they left. */
  settle(): void {
    for (const member of [...this.#members]) {
      const visit = this.#visits.get(member.visit)!;
      if (visit.seenAt !== this.#at) continue;
      const isInside = member.outsideSince === undefined;
      if (member.phase === 'away') this.#comeBack(member, visit);
      else if (member.phase === 'entering' && isInside) this.#takePlace(member, visit);
      else if (member.phase === 'waiting' && isInside) this.#moveUp(member, visit);
    }
  }

  /** Those whose turn has come. */
  serve(): void {
    for (const member of [...this.#members]) {
      const visit = this.#visits.get(member.visit)!;
      if (visit.seenAt !== this.#at) continue;
      if (member.phase === 'waiting' || member.phase === 'done') this.#stepUp(member, visit);
      else if (member.phase === 'called') this.#standAtPlace(member, visit);
    }
    // Who came with them is served with them.
    for (const member of [...this.#members]) {
      if (member.party === undefined || member.phase !== 'waiting') continue;
      const leader = this.#members.find((one) => one.visit === member.party && one.zone === member.zone);
      if (leader?.phase !== 'served') continue;
      const near = metresFrom(this.#visits.get(member.visit)!, this.#visits.get(leader.visit)!.at);
      if (near > besideMetres) continue;
      this.#replace(member, { ...member, phase: 'served', servedSince: this.#at });
    }
  }

  close(): [QueueState, readonly Happening[]] {
    const learnt = [...this.#learnt].map(([zone, counters]) => this.#learntOf(zone, counters));
    return [{ members: this.#members, learnt }, this.#happenings];
  }

  #seen(member: QueueMember, visit: Visit, zone: AreaZone): QueueMember | undefined {
    const at = this.#at;
    if (member.phase === 'called') return this.#atPlace(member, visit);
    const here = stepped(member, visit, at);
    // Who still walks and is outside is walking past.
    const isPassing = member.phase === 'entering' && here.stillSince === undefined;
    if (isWithin(zone.polygon, visit.at, isPassing ? 0 : bulgeMetres * visit.unit)) {
      const { outsideSince } = here;
      const inside = outsideSince === undefined ? here : backInside(here);
      if (member.phase === 'served') return this.#checkDone(inside, visit);
      // Until they stand again, who comes back is still away.
      if (member.phase === 'away' && outsideSince !== undefined) return { ...inside, outsideSince };
      return inside;
    }
    const outsideSince = member.outsideSince ?? at;
    const out = { ...here, outsideSince };
    // A member may lean out, and the way to the end of a bending line may cut a corner.
    if (member.phase === 'entering') return at - outsideSince < leaveAfterSeconds ? out : undefined;
    // Found elsewhere after nobody could look: when they left, and whether they were served, cannot be told.
    if (visit.foundAt === at) return undefined;
    if (at - outsideSince < leaveAfterSeconds) return out;
    if (member.phase === 'served' || member.phase === 'done') return this.#leave(out, visit, true);
    const place = this.#adjoining(zone).find((one) => isIn(one, visit));
    if (place !== undefined) {
      this.#tellLeft(out, visit, true);
      return { ...out, phase: 'called', servedSince: outsideSince };
    }
    if (member.phase === 'waiting') this.#noteLeaving(out, visit);
    const isOver = at - outsideSince >= this.#scene.thresholds.queue.awaySeconds;
    const isElsewhere = isStanding(here, at) && this.#zoneOf(visit) !== undefined;
    if (!isOver && !isElsewhere) return { ...out, phase: 'away' };
    return this.#leave({ ...out, phase: 'away' }, visit, this.#isSure(out) ? false : null);
  }

  #unseen(member: QueueMember, visit: Visit): QueueMember | undefined {
    if (member.phase === 'done' && this.#at - visit.seenAt > goneSeconds)
      return this.#leave(member, visit, true);
    if (member.phase === 'entering' || member.outsideSince === undefined) return member;
    if (this.#at - member.outsideSince < this.#scene.thresholds.queue.awaySeconds) return member;
    return this.#leave(member, visit, servedOf(member, this.#isSure(member) ? false : null));
  }

  #gone(member: QueueMember, visit: Visit | undefined): undefined {
    const change = this.#scene.changes.find((one) => one.visit.id === member.visit);
    const before = visit ?? change?.visit;
    if (before === undefined || member.phase === 'entering' || before.role === 'staff') return undefined;
    // Gone while nobody could look: when they left, and whether they were served, cannot be told.
    if (before.unwatchedSeconds !== undefined || before.foundAt === this.#at) return undefined;
    const walkedOut = member.phase === 'away' || before.phase === 'left';
    return this.#leave(member, before, servedOf(member, walkedOut ? false : null));
  }

  /** Takes somebody out of the queue for good. */
  #leave(member: QueueMember, visit: Visit, served: boolean | null): undefined {
    if (member.phase === 'called') return undefined;
    if (member.phase !== 'away') this.#noteLeaving(member, visit);
    const isLost = this.#at - visit.seenAt > lostSeconds;
    const ended = member.phase === 'served' && !isLost ? this.#endService(member) : member;
    this.#tellLeft(ended, visit, served);
    return undefined;
  }

  #tellLeft(member: QueueMember, visit: Visit, served: boolean | null): void {
    const { queuedAt, servedSince, outsideSince, jumped } = member;
    const until = outsideSince ?? this.#at;
    const servedSeconds = servedSince === undefined ? undefined : (member.servedUntil ?? until) - servedSince;
    const figures = {
      ...(servedSeconds === undefined ? {} : { servedSeconds: Math.max(0, servedSeconds) }),
      ...(jumped === undefined || jumped === 0 ? {} : { jumped }),
    };
    this.#happenings.push({
      ...this.#about(visit, member.zone),
      kind: 'left-queue',
      waitedSeconds: Math.max(0, (servedSince ?? until) - queuedAt!),
      served,
      ...(Object.keys(figures).length === 0 ? {} : { figures }),
    });
  }

  #takePlace(member: QueueMember, visit: Visit): void {
    const at = this.#at;
    const stay = at - member.insideSince;
    if (visit.role === 'unknown' && stay < unknownSeconds) return;
    const settled = stay >= settleSeconds && isStanding(member, at);
    const restless = at - member.spotSince >= restlessSeconds && stay >= restlessSeconds;
    if (!settled && !restless) return;
    const others = this.#members.filter(
      (one) => one.zone === member.zone && one.phase !== 'entering' && one.phase !== 'called',
    );
    const leader = others.find(
      (one) => one.party === undefined && areParty(visit, this.#visits.get(one.visit)!),
    );
    const party = leader === undefined ? {} : { party: leader.visit };
    const queuedAt = Math.max(member.insideSince, settled ? member.stillSince! : at);
    const queued: QueueMember = { ...member, phase: 'waiting', queuedAt, stoodAt: visit.at, ...party };
    const waiting = others.filter((one) => one.phase === 'waiting');
    const line = waiting.filter((one) => this.#isInPlace(one));
    const place = this.#placeOf(queued, visit, line, orderMetres);
    this.#remove(member);
    this.#insert(queued, line[place]);
    const before = line[place] === undefined ? waiting : waiting.slice(0, waiting.indexOf(line[place]));
    const ahead = new Set(before.map((one) => one.party ?? one.visit));
    ahead.delete(leader?.visit ?? '');
    const expectedSeconds = expectedOf(
      this.#members.filter((one) => one.zone === member.zone),
      this.#learntOf(member.zone, this.#countersOf(member.zone)),
      at,
      ahead.size,
    );
    // Who comes to light in the midst of a line has stood in it: they were hidden, or lost and told of before.
    const wasThere = line.length - place >= midstOfLine && this.#cameToLightIn(visit, member.zone);
    if (!wasThere)
      this.#happenings.push({
        ...this.#about(visit, member.zone),
        kind: 'queued',
        figures: { ahead: ahead.size, ...(expectedSeconds === undefined ? {} : { expectedSeconds }) },
      });
    // Not who stops halfway, while another who came before is on the way; nor who was there when sight began.
    const isFirst = this.#members.every(
      (one) =>
        one.visit === member.visit ||
        one.zone !== member.zone ||
        one.phase === 'away' ||
        one.insideSince > member.insideSince,
    );
    if (isFirst && leader === undefined) this.#guess(member.zone, visit);
  }

  /** Whether somebody came into sight in a queue's zone, at first or after they were lost, and did not walk into it. */
  #cameToLightIn(visit: Visit, zone: string): boolean {
    const where = visit.belief?.appearedWhere ?? visit.bornWhere;
    return isWithin(this.#zones.get(zone)!.polygon, where, bulgeMetres * visit.unit);
  }

  /** Where the first to come into an empty queue stands is likely where it is served. */
  #guess(zone: string, visit: Visit): void {
    if (this.#adjoining(this.#zones.get(zone)!).length > 0) return;
    const counters = this.#countersOf(zone);
    const reach = counterMetres * visit.unit;
    const known = nearestCounter(counters, visit.at, reach);
    if (known !== undefined && trusted(counters).includes(known)) return;
    this.#learn(zone, noteStand(counters, visit.at, 0.5, this.#at, reach));
  }

  /** Where those stood last who were served, or had queued longest, is where people are served. */
  #noteLeaving(member: QueueMember, visit: Visit): void {
    const { queuedAt, restedAt, zone, party, counter } = member;
    if (queuedAt === undefined || restedAt === undefined || party !== undefined) return;
    if (this.#adjoining(this.#zones.get(zone)!).length > 0) return;
    const reach = counterMetres * visit.unit;
    const known = nearestCounter(this.#countersOf(zone), restedAt, reach);
    if (this.#isLongest(member) || (counter !== undefined && known?.id === counter))
      this.#learn(zone, noteStand(this.#countersOf(zone), restedAt, 1, this.#at, reach));
  }

  /** Whether nobody waits or is served in the zone who queued before them. */
  #isLongest({ visit, zone, queuedAt }: QueueMember): boolean {
    return this.#before.members.every(
      (one) =>
        one.visit === visit ||
        one.zone !== zone ||
        (one.phase !== 'waiting' && one.phase !== 'served') ||
        one.queuedAt === undefined ||
        one.queuedAt >= queuedAt!,
    );
  }

  #moveUp(member: QueueMember, visit: Visit): void {
    if (!isStanding(member, this.#at)) return;
    const { stoodAt } = member;
    const metres = stoodAt === undefined ? 0 : between(stoodAt, visit.at) / visit.unit;
    if (metres < shiftMetres) return;
    const moved = { ...member, stoodAt: visit.at };
    if (metres < moveMetres) {
      this.#replace(member, moved);
      return;
    }
    const line = this.#lineOf(member.zone).filter((one) => this.#isInPlace(one));
    this.#replace(member, moved);
    const others = line.filter((one) => one !== member);
    const place = this.#placeOf(moved, visit, others, 0);
    const now = line.indexOf(member);
    if (place === now) return;
    const points = others.map((one) => this.#visits.get(one.visit)!.at);
    const front = this.#frontOf(member.zone, visit);
    const gain = costAt(points, front, visit.at, now) - costAt(points, front, visit.at, place);
    if (gain < orderMetres * visit.unit) return;
    this.#remove(moved);
    this.#insert(moved, others[place]);
  }

  #comeBack(member: QueueMember, visit: Visit): void {
    const zone = this.#zones.get(member.zone)!;
    const isBack = isWithin(zone.polygon, visit.at, bulgeMetres * visit.unit);
    if (!isBack || !isStanding(member, this.#at)) return;
    const line = this.#lineOf(member.zone).filter((one) => this.#isInPlace(one));
    const own = this.#members.indexOf(member);
    const behind = line.findIndex((one) => this.#members.indexOf(one) > own);
    const place = this.#placeOf(member, visit, line, 0);
    const { outsideSince: _, ...back } = member;
    if (behind < 0 || place <= behind) {
      const resumed: QueueMember = { ...back, phase: 'waiting', stoodAt: visit.at };
      this.#replace(member, resumed);
      const next = line[place];
      if (next === undefined || this.#members.indexOf(next) > own) return;
      this.#remove(resumed);
      this.#insert(resumed, next);
      return;
    }
    // Joined again behind others: the place was given up, and this is another.
    this.#remove(member);
    this.#tellLeft(member, visit, false);
    this.#members.push({ ...entering(visit, member.zone, this.#at), insideSince: back.spotSince });
  }

  #stepUp(member: QueueMember, visit: Visit): void {
    if (!isStanding(member, this.#at) || this.#isLed(member)) return;
    if (member.phase === 'done') {
      // Whoever has been served goes; who stands on was on the way to where it is served.
      const went = between(member.stoodAt ?? visit.at, visit.at) > doneMetres * visit.unit;
      if (!went || this.#at - member.stillSince! < restSeconds) return;
      if (member.counter !== undefined)
        this.#learn(member.zone, noteMistake(this.#countersOf(member.zone), member.counter));
      this.#guess(member.zone, visit);
    }
    const counter = nearestCounter(
      trusted(this.#countersOf(member.zone)),
      visit.at,
      atCounterMetres * visit.unit,
    );
    if (counter === undefined || this.#isTaken(counter, member)) return;
    const passed = this.#lineOf(member.zone).filter(
      (one) =>
        one !== member && one.party !== member.visit && one.queuedAt! < member.queuedAt! - togetherSeconds,
    );
    const { servedUntil: _, ...rest } = member;
    this.#replace(member, {
      ...rest,
      phase: 'served',
      stoodAt: visit.at,
      servedSince: Math.max(member.queuedAt!, member.stillSince!),
      counter: counter.id,
      jumped: passed.length,
    });
  }

  /** Whether somebody came with another who is still in the line before them. */
  #isLed(member: QueueMember): boolean {
    if (member.party === undefined) return false;
    return this.#members.some(
      (one) =>
        one.visit === member.party &&
        one.zone === member.zone &&
        (one.phase === 'waiting' || one.phase === 'served'),
    );
  }

  #isTaken(counter: Counter, by: QueueMember): boolean {
    return this.#members.some((one) => {
      if (one === by || one.zone !== by.zone || one.phase !== 'served' || one.counter !== counter.id)
        return false;
      if (this.#at - this.#visits.get(one.visit)!.seenAt <= lostSeconds) return true;
      this.#replace(one, { ...one, phase: 'done', servedUntil: this.#at });
      return false;
    });
  }

  #checkDone(member: QueueMember, visit: Visit): QueueMember {
    const stood = member.stoodAt ?? visit.at;
    if (between(stood, visit.at) < doneMetres * visit.unit) return member;
    return { ...this.#endService(member), phase: 'done' };
  }

  #endService(member: QueueMember): QueueMember {
    const seconds = this.#at - member.servedSince!;
    if (member.counter !== undefined && seconds >= leastServiceSeconds)
      this.#learn(member.zone, noteService(this.#countersOf(member.zone), member.counter, this.#at, seconds));
    return { ...member, servedUntil: this.#at };
  }

  /** Served in a place of its own: there until they leave it. */
  #atPlace(member: QueueMember, visit: Visit): QueueMember | undefined {
    const zone = this.#zones.get(member.zone)!;
    if (this.#adjoining(zone).some((one) => isIn(one, visit))) return stepped(member, visit, this.#at);
    this.#endService(member);
    return undefined;
  }

  #standAtPlace(member: QueueMember, visit: Visit): void {
    if (member.counter !== undefined || !isStanding(member, this.#at)) return;
    const reach = counterMetres * visit.unit;
    const counters = noteStand(this.#countersOf(member.zone), visit.at, 1, this.#at, reach);
    this.#learn(member.zone, counters);
    this.#replace(member, { ...member, counter: nearestCounter(counters, visit.at)!.id });
  }

  #placeOf(self: QueueMember, visit: Visit, line: readonly QueueMember[], reach: number): number {
    const points = line.map((one) => this.#visits.get(one.visit)!.at);
    return placeInLine(points, this.#frontOf(self.zone, visit), visit.at, reach * visit.unit);
  }

  /** Whether somebody can be put in order with: who walks is on the way up, or off. */
  #isInPlace(member: QueueMember): boolean {
    return isStanding(member, this.#at) || this.#visits.get(member.visit)!.seenAt < this.#at;
  }

  #frontOf(zone: string, visit: Visit): PlanePoint | undefined {
    return nearestCounter(trusted(this.#countersOf(zone)), visit.at);
  }

  #lineOf(zone: string): readonly QueueMember[] {
    return this.#members.filter((one) => one.zone === zone && one.phase === 'waiting');
  }

  /** Whether it is known well enough where people are served to say that somebody was not. */
  #isSure(member: QueueMember): boolean {
    const counters = this.#countersOf(member.zone);
    return (
      this.#adjoining(this.#zones.get(member.zone)!).length > 0 ||
      counters.some((one) => one.weight >= 1) ||
      (counters.length > 0 && !this.#isLongest(member))
    );
  }

  #adjoining(zone: AreaZone): readonly AreaZone[] {
    return this.#scene.zones.filter(
      (one): one is AreaZone =>
        (one.kind === 'desk' || one.kind === 'service') &&
        one.plane === zone.plane &&
        adjoin(one.polygon, zone.polygon),
    );
  }

  #zoneOf(visit: Visit): AreaZone | undefined {
    for (const zone of this.#zones.values())
      if (zone.plane === visit.plane && isWithin(zone.polygon, visit.at)) return zone;
    return undefined;
  }

  #countersOf(zone: string): readonly Counter[] {
    return this.#learnt.get(zone) ?? [];
  }

  /** As it was, where nothing new was learnt: most looks teach nothing. */
  #learntOf(zone: string, counters: readonly Counter[]): QueueCounters {
    const before = this.#before.learnt.find((one) => one.zone === zone && one.counters === counters);
    return before ?? { zone, counters, services: holdServices(servicesOf(counters)) };
  }

  #learn(zone: string, counters: readonly Counter[]): void {
    this.#learnt.set(zone, counters);
  }

  #replace(member: QueueMember, by: QueueMember): void {
    this.#members[this.#members.indexOf(member)] = by;
  }

  #remove(member: QueueMember): void {
    this.#members.splice(this.#members.indexOf(member), 1);
  }

  /** Puts somebody before another, or at the end. */
  #insert(member: QueueMember, before: QueueMember | undefined): void {
    const index = before === undefined ? this.#members.length : this.#members.indexOf(before);
    this.#members.splice(index, 0, member);
  }

  #about(visit: Visit, zone: string) {
    return {
      at: this.#at,
      visit: visit.id,
      role: visit.role === 'unknown' ? ('customer' as const) : visit.role,
      zone,
      plane: visit.plane,
      where: visit.at,
    };
  }
}

function entering(visit: Visit, zone: string, at: Seconds): QueueMember {
  return { visit: visit.id, zone, phase: 'entering', insideSince: at, spotSince: at, spot: visit.at };
}

/** The same member a moment later: whether they stand, and around where they have been. */
function stepped(member: QueueMember, visit: Visit, at: Seconds): QueueMember {
  const { stillSince } = member;
  const stands = speedOf(visit) < standingMetresPerSecond;
  const strayed = between(member.spot, visit.at) > restlessMetres * visit.unit;
  const rested = stands && stillSince !== undefined && at - stillSince >= restSeconds;
  let next = member;
  if (stands && stillSince === undefined) next = { ...next, stillSince: at };
  if (!stands && stillSince !== undefined) next = onTheMove(next);
  if (rested && !isSame(next.restedAt, visit.at)) next = { ...next, restedAt: visit.at };
  return strayed ? { ...next, spot: visit.at, spotSince: at } : next;
}

const isSame = (a: PlanePoint | undefined, b: PlanePoint): boolean =>
  a !== undefined && a.x === b.x && a.y === b.y;

function onTheMove({ stillSince: _, ...member }: QueueMember): QueueMember {
  return member;
}

function backInside({ outsideSince: _, ...member }: QueueMember): QueueMember {
  return member;
}

const isStanding = (member: QueueMember, at: Seconds): boolean =>
  member.stillSince !== undefined && at - member.stillSince >= stillSeconds;

const isIn = (zone: AreaZone, visit: Visit): boolean => isWithin(zone.polygon, visit.at, 0.3 * visit.unit);

/** Two zones that lie beside each other: a corner of one is on the other's edge, or nearly. */
function adjoin(a: AreaZone['polygon'], b: AreaZone['polygon']): boolean {
  const near = (points: AreaZone['polygon'], of: AreaZone['polygon']) =>
    points.some((point) => isWithin(of, point, adjoiningMetres));
  return near(a, b) || near(b, a);
}

/** Whether somebody was served, as far as their phase says; else what is given. */
function servedOf({ phase }: QueueMember, otherwise: boolean | null): boolean | null {
  return phase === 'served' || phase === 'done' ? true : otherwise;
}

/** A queue as others see it. */
export interface QueueView {
  readonly zone: string;
  /** Who waits in it, in order. */
  readonly visits: readonly string[];
  /** Who is being served, also in a place beside it. */
  readonly served: readonly string[];
  /** Everybody who has a place in the zone: who waits, and who is being served there. */
  readonly people: number;
  /** How long each has waited, in the same order as `visits`. */
  readonly waitedSeconds: readonly Seconds[];
  readonly longestSeconds: Seconds;
  /** What a newcomer would wait; absent until it is known. */
  readonly expectedWaitSeconds?: Seconds;
}

/** Queues in which somebody has a place, if only one that is kept, or of which it is known how long a newcomer would wait. */
export function viewQueues(state: QueueState, at: Seconds): readonly QueueView[] {
  const zones = state.learnt.map((one) => one.zone);
  for (const { zone, phase } of state.members) {
    if (phase !== 'entering' && !zones.includes(zone)) zones.push(zone);
  }
  const views: QueueView[] = [];
  for (const zone of zones) {
    const view = viewQueue(zone, state, at);
    if (view !== undefined) views.push(view);
  }
  return views;
}

function viewQueue(zone: string, state: QueueState, at: Seconds): QueueView | undefined {
  let isKnown = false;
  let people = 0;
  const line: QueueMember[] = [];
  const members: QueueMember[] = [];
  const served: string[] = [];
  for (const member of state.members) {
    if (member.zone !== zone || member.phase === 'entering') continue;
    isKnown = true;
    if (member.phase === 'away') continue;
    members.push(member);
    if (member.phase === 'waiting') line.push(member);
    else served.push(member.visit);
    if (member.phase !== 'called') people += 1;
  }
  const learnt = state.learnt.find((one) => one.zone === zone);
  const expected = learnt === undefined ? undefined : expectedOf(members, learnt, at, partiesIn(line));
  if (!isKnown && expected === undefined) return undefined;
  const waitedSeconds = line.map((one) => at - one.queuedAt!);
  return {
    zone,
    visits: line.map((one) => one.visit),
    served,
    people,
    waitedSeconds,
    longestSeconds: waitedSeconds.reduce((most, one) => Math.max(most, one), 0),
    ...(expected === undefined ? {} : { expectedWaitSeconds: expected }),
  };
}

/** Who came together is served together. */
const partiesIn = (line: readonly QueueMember[]): number =>
  new Set(line.map((one) => one.party ?? one.visit)).size;

function expectedOf(
  members: readonly QueueMember[],
  { counters, services }: QueueCounters,
  at: Seconds,
  waiting: number,
): Seconds | undefined {
  if (services === undefined) return undefined;
  const busy = members.filter(
    (one) => one.counter !== undefined && (one.phase === 'served' || one.phase === 'called'),
  );
  const openSeconds = waiting > 0 ? steppingUpSeconds : idleSeconds;
  return expectedWait({
    waiting,
    elapsed: busy.map((one) => at - one.servedSince!),
    free: counters.filter(
      ({ id, freedAt }) =>
        freedAt !== undefined && at - freedAt < openSeconds && !busy.some((one) => one.counter === id),
    ).length,
    services,
  });
}
