import { signedDistance } from '../../src/core/geometry/polygon.ts';
import { bearing, crossing, distance, side, within, wrapped } from './plane.ts';
import type { Figure, Point, Scene, Zone } from './scene.ts';
import type { Instant } from './simulate.ts';

export interface TruthEvent {
  t: number;
  kind: 'arrival' | 'departure' | 'queue-start' | 'queue-end' | 'wander-start' | 'wander-end' | 'contact';
  person: string;
  zone?: string;
  customer?: string;
  /** Of a `queue-end`: since when they, or whom they came with, were served; absent if they were not. */
  servedFrom?: number;
}

/** Slower than this is standing: the sway of somebody who moves up by a hand's breadth is not walking. */
const STANDING_SPEED = 0.2;
/** Two people who face each other within this have met; the scene's own speaking distance is 0.9 m. */
const MET_METRES = 1.1;
const MET_RADIANS = 0.6;
/** Staff who pause for less have let somebody pass. */
const MET_SECONDS = 1;
/** How far off those are met who stand by; the service's own distance for a contact is the same unless set. */
const STANDING_BY_METRES = 1.6;
/** Standing about: in so many places, so far apart, and in none for longer. */
const ABOUT_PLACES = 4;
const ABOUT_METRES = 1;
const SETTLED_SECONDS = 8;
/** Less is a pause, to let somebody pass. */
const REST_SECONDS = 0.5;
/** A desk this near to a line is where its people are served; who is called there comes within the seconds. */
const BESIDE_METRES = 0.5;
const CALLED_SECONDS = 8;

/**
 * What happened, read from where people were.
 *
 * - `arrival`, `departure`: the feet cross the entrance line, to a fraction of a step.
 * - `queue-start`: a customer comes to rest in a queue zone, for half a second or more; `queue-end`: they set
 *   off from their last place in it. Moving up in between is neither. Who waits in the zone beside somebody
 *   they came with has taken a place as well: from where people stand nobody could tell, and the zone is as full.
 *   Who goes off for something and comes back to a place that was kept has not left it.
 * - `contact`: a member of staff has come to rest within 1.1 m of a customer, facing them, and stays
 *   for a second or more. Whoever came with that customer and stands within 1.6 m is met with them: a family
 *   is spoken to as one. Once for each pair in a stay; who leaves and comes back may be met again.
 * - `wander-start`, `wander-end`: from the first stop of the act to setting off from the last. Whether
 *   somebody has a purpose can't be read from positions, so this alone is taken from the acts: from `wander`, or
 *   from standing about in four places with nothing done in any.
 *
 * @returns in order of time; at the same time, in the order above by person
 */
export function eventsOf(instants: readonly Instant[], scene: Scene): TruthEvent[] {
  const events = scene.people.flatMap((person) => {
    const own = instants.flatMap((instant) => {
      const figure = instant.people.find((p) => p.id === person.id);
      const act = instant.playing[person.id];
      return figure
        ? [{ t: instant.t, figure, act: act?.act, line: act?.act === 'queue' ? act.zone : '' }]
        : [];
    });
    if (person.role === 'staff') return contacts(person.id, instants, scene);
    return [
      ...crossings(own, scene),
      ...queueing(own, instants, scene),
      ...wandering(own),
      ...standingAbout(own, scene),
    ];
  });
  return events.map((event) => ({ ...event, t: hundredth(event.t) })).sort((a, b) => a.t - b.t);
}

const hundredth = (t: number): number => Math.round(t * 100) / 100;

/** `line` is the queue they are in by their act, or on their way to. */
type Own = { t: number; figure: Figure; act: string | undefined; line: string }[];

const placeOf = (figure: Figure): Point => [figure.x, figure.y];

function crossings(own: Own, { entrance }: Scene): TruthEvent[] {
  const inner = side(...entrance.line, entrance.inside) > 0;
  return own.slice(1).flatMap(({ t, figure }, i): TruthEvent[] => {
    const before = own[i]!;
    const part = crossing(placeOf(before.figure), placeOf(figure), entrance.line);
    if (part === null) return [];
    const kind = side(...entrance.line, placeOf(figure)) >= 0 === inner ? 'arrival' : 'departure';
    return [{ t: before.t + part * (t - before.t), kind, person: figure.id }];
  });
}

function queueing(own: Own, instants: readonly Instant[], scene: Scene): TruthEvent[] {
  const { acts, id: person } = scene.people.find(({ id }) => id === own[0]?.figure.id) ?? {
    acts: [],
    id: '',
  };
  const leader = acts.flatMap((act) => (act.act === 'follow' ? [act.person] : []))[0] ?? person;
  return scene.zones
    .filter((zone) => zone.kind === 'queue')
    .flatMap((zone) => {
      const events: TruthEvent[] = [];
      const places = scene.zones.filter((one) => isBeside(one, zone));
      const isCalled = (figure: Figure) => places.some(({ polygon }) => within(placeOf(figure), polygon));
      // Where a desk stands beside the line, its front is where one waits to be called.
      const served = places.length ? [] : servedFrom(leader, zone.id, instants);
      let standing: { since: number; until: number } | undefined;
      let rest: number | undefined;
      const close = (): void => {
        if (!standing) return;
        const { since, until } = standing;
        const called = own.find(
          ({ t, figure }) => t > until && t < until + CALLED_SECONDS && isCalled(figure),
        );
        const from = called ? until : served.find((t) => t >= since - REST_SECONDS && t <= until);
        events.push({ t: since, kind: 'queue-start', person, zone: zone.id });
        events.push({
          t: until,
          kind: 'queue-end',
          person,
          zone: zone.id,
          ...(from !== undefined && { servedFrom: hundredth(from) }),
        });
        standing = undefined;
      };
      for (const { t, figure, line } of own) {
        const isIn = within(placeOf(figure), zone.polygon);
        if (!isIn && line !== zone.id) close();
        rest = isIn && figure.speed < STANDING_SPEED ? (rest ?? t) : undefined;
        if (rest !== undefined && (standing || t - rest >= REST_SECONDS))
          standing = { since: standing?.since ?? rest, until: t };
      }
      close();
      return events;
    });
}

/** A desk or machines that a line is for: their zone lies beside its. */
function isBeside(place: Zone, line: Zone): boolean {
  if (place.kind !== 'desk' && place.kind !== 'service') return false;
  const shape = ({ polygon }: Zone) => polygon.map(([x, y]) => ({ x, y }));
  const near = (a: Zone, b: Zone) =>
    shape(a).some((corner) => signedDistance(shape(b), corner) <= BESIDE_METRES);
  return near(place, line) || near(line, place);
}

/** The moments at which somebody's turn has come: they stand at the window with their hands on it. */
function servedFrom(person: string, zone: string, instants: readonly Instant[]): number[] {
  const moments: number[] = [];
  let isServed = false;
  for (const { t, people, playing } of instants) {
    const act = playing[person];
    const isNow =
      act?.act === 'queue' &&
      act.zone === zone &&
      people.some(({ id, gesture }) => id === person && gesture === 'hands-on');
    if (isNow && !isServed) moments.push(t);
    isServed = isNow;
  }
  return moments;
}

function wandering(own: Own): TruthEvent[] {
  const events: TruthEvent[] = [];
  let episode: { since: number; until: number } | undefined;
  for (const [i, { t, figure, act }] of own.entries()) {
    if (act === 'wander' && figure.speed < STANDING_SPEED) episode = { since: episode?.since ?? t, until: t };
    if (episode && (act !== 'wander' || i === own.length - 1)) {
      events.push({ t: episode.since, kind: 'wander-start', person: figure.id });
      events.push({ t: episode.until, kind: 'wander-end', person: figure.id });
      episode = undefined;
    }
  }
  return events;
}

/**
 * Who stands for a moment in one place of the hall after another and does nothing in any is as lost as who plays
 * `wander`, whatever the script calls it. Not so who follows another, or settles somewhere.
 */
function standingAbout(own: Own, scene: Scene): TruthEvent[] {
  const person = own[0]?.figure.id ?? '';
  const { acts } = scene.people.find(({ id }) => id === person) ?? { acts: [] };
  if (acts.some(({ act }) => act === 'follow')) return [];
  const runs: { at: Point; since: number; until: number }[][] = [[]];
  for (const { t, figure, act } of own) {
    const run = runs.at(-1)!;
    const last = run.at(-1);
    if (act !== 'walk' && act !== 'stand') {
      if (run.length > 0) runs.push([]);
    } else if (act === 'stand' && figure.speed < STANDING_SPEED) {
      const isSame = last !== undefined && distance(last.at, placeOf(figure)) < ABOUT_METRES;
      if (isSame) last.until = t;
      else run.push({ at: placeOf(figure), since: t, until: t });
      if (isSame && t - last.since > SETTLED_SECONDS) runs.push([]);
    }
  }
  return runs.flatMap((run): TruthEvent[] => {
    const open = run.filter(({ at }) => !scene.zones.some((zone) => within(at, zone.polygon)));
    const places = open.filter(({ at }, i) =>
      open.slice(0, i).every((one) => distance(one.at, at) >= ABOUT_METRES),
    );
    if (places.length < ABOUT_PLACES) return [];
    return [
      { t: open[0]!.since, kind: 'wander-start', person },
      { t: open.at(-1)!.until, kind: 'wander-end', person },
    ];
  });
}

function contacts(staff: string, instants: readonly Instant[], scene: Scene): TruthEvent[] {
  return scene.people
    .filter((person) => person.role === 'customer')
    .flatMap(({ id }): TruthEvent[] => {
      const events: TruthEvent[] = [];
      const party = partyOf(id, scene);
      let since: number | undefined;
      let metAlready = false;
      let before: Figure | undefined;
      for (const { t, people } of instants) {
        const a = people.find((p) => p.id === staff);
        const b = people.find((p) => p.id === id);
        // Another stay: what came before is forgotten.
        if (b && before && crossing(placeOf(before), placeOf(b), scene.entrance.line) !== null)
          metAlready = false;
        before = b;
        if (!a || !b || !isMet(a, b, people, party)) since = undefined;
        else {
          since ??= t;
          if (metAlready || t - since < MET_SECONDS) continue;
          events.push({ t: since, kind: 'contact', person: staff, customer: id });
          metAlready = true;
        }
      }
      return events;
    });
}

/**
 * All customers who came together with somebody, and they themselves: whom they follow, and who follows any of
 * them. Whoever follows a member of staff to a desk has not come with them.
 */
function partyOf(id: string, scene: Scene): ReadonlySet<string> {
  const customers = scene.people.filter((person) => person.role === 'customer');
  const ties = customers.flatMap((person) =>
    person.acts.flatMap((act) =>
      act.act === 'follow' && customers.some((one) => one.id === act.person)
        ? [[person.id, act.person] as const]
        : [],
    ),
  );
  const party = new Set([id]);
  // A set is walked in order of coming in, also what comes in on the way.
  for (const one of party)
    for (const [a, b] of ties) {
      if (a === one) party.add(b);
      if (b === one) party.add(a);
    }
  return party;
}

function isMet(
  staff: Figure,
  customer: Figure,
  people: readonly Figure[],
  party: ReadonlySet<string>,
): boolean {
  if (faces(staff, customer)) return true;
  if (party.size === 1 || distance(placeOf(staff), placeOf(customer)) > STANDING_BY_METRES) return false;
  return people.some((other) => party.has(other.id) && faces(staff, other));
}

function faces(staff: Figure, customer: Figure): boolean {
  const towards = bearing(placeOf(staff), placeOf(customer));
  return (
    distance(placeOf(staff), placeOf(customer)) <= MET_METRES &&
    staff.speed < STANDING_SPEED &&
    Math.abs(wrapped(staff.heading - towards)) < MET_RADIANS
  );
}
