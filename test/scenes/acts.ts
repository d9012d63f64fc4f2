/**
 * What each act makes a person want at this moment. A new act is a line in `scene.ts` and a function here.
 *
 * An act only wishes: where to go, what to face, what the hands do. Walking, turning and keeping out of
 * each other's way are done for all alike in `simulate.ts`.
 */
import type { Ground } from './ground.ts';
import { bearing, distance, wrapped } from './plane.ts';
import type { Act, Gesture, Person, Point, Queue } from './scene.ts';

/** What a person wants now. Without `go` they stand. */
export interface Wish {
  go?: Point;
  /** Comes to rest at `go`; without it they pass by on the way to the next point. */
  rest?: boolean;
  /** What stands at `go` is what they mean to be in: a seat. */
  into?: boolean;
  /** 1 is the person's own speed; people who look about walk slower. */
  pace?: number;
  face?: Point;
  gesture?: Gesture;
  /** Radians the head would like to be turned. */
  head?: number;
}

export interface Actor {
  person: Person;
  at: Point;
  velocity: Point;
  heading: number;
  head: number;
  walked: number;
  gesture: Gesture;
  speed: number;
  /** Where in their glances they start, so that no two people turn their heads together. */
  glance: number;
  /** Index of the act being played. */
  act: number;
  /** Which point of the act they're on. */
  leg: number;
  /** Seconds spent in the part of the act that counts time (standing, being served, speaking). */
  spent: number;
  /** The member of staff who is speaking with them, while they are. */
  metBy: Actor | undefined;
  /** Radians they last walked in. Turning on the spot leaves it, so that a companion need not run around them. */
  course: number;
  /** Seconds they have wanted to go somewhere and come no nearer. */
  stalled: number;
  /** Where they want to go, and how near they have come, while they do. */
  nearest: { goal: Point; metres: number } | undefined;
}

export interface World {
  t: number;
  step: number;
  actors: Actor[];
  ground: Ground;
  queues: Map<string, { queue: Queue; line: Actor[] }>;
}

type Play<A extends Act> = (act: A, self: Actor, world: World) => Wish | 'done';

/** Close enough to a point one passes by to turn for the next: about a step. */
const PASSED_METRES = 0.3;
/** Close enough to a point one stops at. */
export const THERE_METRES = 0.06;
/** Between two people who speak with each other; the near end of what proxemics calls social distance. */
const SPEAKING_METRES = 0.9;
/** How near a member of staff is when a customer notices that they are being approached. */
const NOTICED_METRES = 1.9;
/** Somebody this near the end of a line belongs to it; further off, another may slip in before. */
const JOINED_METRES = 1.5;
/** At the tail of a line between belts; nearer, as there is room for one alone. */
const ENTERED_METRES = 0.7;
/** Between those who walk between belts one behind the other. */
const IN_FILE_METRES = 0.7;

/** How much of the floor at the window belongs to whoever is served there. */
const WINDOW_METRES = 1.2;
/** How far the one in front has gone when the next follows. */
const STEPPED_UP_METRES = 0.5;

/** A companion this far from their side stays where they are when the other stands. */
const ASTRAY_METRES = 0.35;
/** Who has fallen behind walks so much faster than usual, and no more. */
const CATCHING_UP = 1.35;
/** Below this somebody stands, and whoever is with them does too. */
const STANDS_SPEED = 0.25;

/** Who can't get nearer because somebody stands there takes the place beside it, after so long. */
const PATIENCE_SECONDS = 1.5;
const BESIDE_METRES = 0.6;

const there = (self: Actor, point: Point): boolean =>
  distance(self.at, point) < (self.stalled > PATIENCE_SECONDS ? BESIDE_METRES : THERE_METRES);

/** A slow look to the left and to the right, held at each side: what looking for something is like. */
const lookAbout = (self: Actor, t: number): number =>
  0.95 * Math.tanh(2.2 * Math.sin(t * 1.25 + self.glance));

export const plays: { [K in Act['act']]: Play<Extract<Act, { act: K }>> } = {
  walk(act, self) {
    const last = act.to.length - 1;
    const target = act.to[self.leg]!;
    const arrived = self.leg < last ? distance(self.at, target) < PASSED_METRES : there(self, target);
    if (arrived) self.leg++;
    const next = act.to[self.leg];
    return next ? { go: next, rest: self.leg === last } : 'done';
  },

  stand(act, self, world) {
    self.spent += world.step;
    if (self.spent > act.seconds) return 'done';
    return { ...facing(act.face), head: 0.3 * Math.sin(world.t * 0.7 + self.glance) };
  },

  until(act, self, world) {
    if (world.t >= act.at) return 'done';
    return { ...facing(act.face), head: 0.5 * Math.sin(world.t * 0.6 + self.glance) };
  },

  wander(act, self, world) {
    const stop = act.stops[self.leg];
    if (!stop) return 'done';
    const head = lookAbout(self, world.t);
    if (self.spent === 0 && !there(self, stop.to))
      return { go: stop.to, rest: true, pace: 0.62, head: head * 0.7 };
    self.spent += world.step;
    if (self.spent > stop.seconds) {
      self.leg++;
      self.spent = 0;
    }
    return { ...facing(stop.face), head };
  },

  queue(act, self, world) {
    const { queue, line } = world.queues.get(act.zone)!;
    const placeOf = (n: number): Point => queue.places[Math.min(n, queue.places.length - 1)]!;
    const isBent = bends(queue);
    if (!line.includes(self)) {
      // A line between belts is entered at its tail, and whoever has is in it: nobody passes them there.
      const end = placeOf(
        isBent ? queue.places.length - 1 : Math.min(line.length, act.cutsIn ?? line.length),
      );
      if (distance(self.at, end) < (isBent ? ENTERED_METRES : JOINED_METRES))
        line.splice(Math.min(line.length, act.cutsIn ?? line.length), 0, self);
      return { go: end, rest: !isBent };
    }
    const place = line.indexOf(self);
    const isServed = place === 0 && self.spent > 0;
    if (act.givesUpAt !== undefined && world.t >= act.givesUpAt && !isServed) {
      line.splice(place, 1);
      return 'done';
    }
    const { stepsOut } = act;
    if (stepsOut && world.t >= stepsOut.at && self.leg === 0 && !isServed) self.leg = 1;
    if (stepsOut && self.leg === 1) {
      if (self.spent === 0 && !there(self, stepsOut.to)) return { go: stepsOut.to, rest: true };
      self.spent += world.step;
      if (self.spent <= stepsOut.seconds) return { face: stepsOut.face };
      self.spent = 0;
      self.leg = 2;
    }
    const target = placeOf(place);
    const arrived = there(self, target);
    if (self.spent === 0 && distance(self.at, target) > JOINED_METRES) {
      const ahead = line[place - 1];
      if (isBent && ahead && distance(self.at, ahead.at) < IN_FILE_METRES) return { face: ahead.at };
      return { go: target, rest: true };
    }
    if (!arrived && self.spent === 0 && isTaken(target, place, line, world)) return { face: queue.window };
    if (!arrived) return { go: target, rest: true, pace: 0.7, face: queue.window };
    if (place > 0) return { face: placeOf(place - 1), head: 0.45 * Math.sin(world.t * 0.5 + self.glance) };
    self.spent += world.step;
    if (self.spent <= act.servedForSeconds) return { face: queue.window, gesture: 'hands-on' };
    line.shift();
    return 'done';
  },

  use(act, self, world) {
    if (self.spent === 0 && !there(self, act.at)) return { go: act.at, rest: true };
    self.spent += world.step;
    return self.spent > act.seconds ? 'done' : { face: act.face, gesture: 'hands-on', head: 0.06 };
  },

  meet(act, self, world) {
    const customer = world.actors.find((other) => other.person.id === act.customer);
    // Whom they meant to meet has left, or has not come: nothing to do.
    if (!customer) return 'done';
    const apart = distance(self.at, customer.at);
    if (apart < NOTICED_METRES) customer.metBy = self;
    if (self.spent === 0 && apart > SPEAKING_METRES + THERE_METRES) {
      const towards = bearing(customer.at, self.at);
      const before: Point = [
        customer.at[0] + SPEAKING_METRES * Math.cos(towards),
        customer.at[1] + SPEAKING_METRES * Math.sin(towards),
      ];
      return { go: before, rest: true, face: customer.at };
    }
    self.spent += world.step;
    if (self.spent <= act.seconds) return { face: customer.at, gesture: 'talking' };
    customer.metBy = undefined;
    return 'done';
  },

  follow(act, self, world) {
    const leader = world.actors.find((other) => other.person.id === act.person);
    if (!leader || world.t >= (act.until ?? Number.POSITIVE_INFINITY)) return 'done';
    const [ahead, right] = [Math.cos(leader.course), Math.sin(leader.course)];
    const side: Point = [
      leader.at[0] - act.beside * right - act.behind * ahead,
      leader.at[1] + act.beside * ahead - act.behind * right,
    ];
    const speed = Math.hypot(...leader.velocity);
    const off = distance(self.at, side);
    if (speed < STANDS_SPEED) {
      // They look at what the other looks at, and now and then up at them.
      const face: Point = [
        leader.at[0] + 3 * Math.cos(leader.heading),
        leader.at[1] + 3 * Math.sin(leader.heading),
      ];
      if (off < ASTRAY_METRES) return { face, head: 0.5 * Math.sin(world.t * 0.6 + self.glance) };
      return { go: side, rest: true, pace: 0.8, face };
    }
    // At the other's own speed when beside them, faster the further they have fallen behind.
    const keepUp = (speed + 0.9 * Math.max(0, off - 0.1)) / self.speed;
    const lead: Point = [side[0] + 0.5 * leader.velocity[0], side[1] + 0.5 * leader.velocity[1]];
    return { go: lead, pace: Math.min(CATCHING_UP, keepUp) };
  },

  sit(act, self, world) {
    if (self.spent === 0 && !there(self, act.at)) return { go: act.at, rest: true, into: true, pace: 0.8 };
    self.spent += world.step;
    if (self.spent > act.seconds) return 'done';
    return { face: act.face, gesture: 'sitting', head: 0.4 * Math.sin(world.t * 0.5 + self.glance) };
  },

  play(act, self, world) {
    if (world.t >= act.until) return 'done';
    const target = act.between[self.leg % act.between.length]!;
    if (distance(self.at, target) < PASSED_METRES) self.leg++;
    return { go: target, pace: 1.25, head: 0.4 * Math.sin(world.t * 2 + self.glance) };
  },
};

/** True of a line that turns, as between belts. */
function bends({ places }: Queue): boolean {
  return places.slice(2).some((place, n) => {
    const turn = bearing(places[n + 1]!, place) - bearing(places[n]!, places[n + 1]!);
    return Math.abs(wrapped(turn)) > 0.5;
  });
}

/**
 * A place somebody still stands in: nobody steps up before they've gone. At the window those count who have
 * been served and are turning to leave, further back the one in front.
 */
function isTaken(target: Point, place: number, line: readonly Actor[], world: World): boolean {
  const ahead = line[place - 1];
  if (ahead) return distance(ahead.at, target) < STEPPED_UP_METRES;
  return world.actors.some(
    (other) => distance(other.at, target) < WINDOW_METRES && !isAtHome(other, line, world),
  );
}

/** Who stands near a window because it is their place: in a line, with somebody in it, at a machine, on a seat. */
function isAtHome(other: Actor, line: readonly Actor[], world: World): boolean {
  if (line.includes(other)) return true;
  const act = other.person.acts[other.act];
  if (act?.act === 'follow')
    return [...world.queues.values()].some((queue) => queue.line.some((one) => one.person.id === act.person));
  return act?.act === 'use' || act?.act === 'sit' || act?.act === 'play' || act?.act === 'queue';
}

const facing = (face: Point | undefined): Wish => (face ? { face } : {});
