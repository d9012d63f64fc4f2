import { type Actor, plays, type Wish, type World } from './acts.ts';
import { chance } from './chance.ts';
import { fitting, groundOf, keptOut, wayTo } from './ground.ts';
import { bearing, distance, wrapped } from './plane.ts';
import type { Act, Figure, Moment, Point, Scene } from './scene.ts';

/** Fine enough that a crossing is known to a few centimetres, coarse enough to cost nothing. */
const STEP_SECONDS = 0.05;
/** Comfortable for a walker (0.5 to 1.5 m/s² is what studies of starting and stopping people find). */
const ACCELERATION = 1.5;
const TURN_PER_SECOND = 3.2;
const HEAD_TURN_PER_SECOND = 2.4;
/** Nearer than this, people make room for each other. */
const ELBOW_METRES = 0.75;
/** Who goes together keeps so much; less than the distance at which a partner walks. */
const BESIDE_METRES = 0.45;
/** Shoulder to shoulder: two bodies' middles come no nearer, strangers' or companions'. */
const TOUCHING_METRES = 0.42;
const ARM_IN_ARM_METRES = 0.32;
/** Faster than this they are on their way somewhere; a step aside or back is slower. */
const STRIDE_SPEED = 0.5;
/** Coming nearer by less is getting nowhere. */
const PROGRESS_METRES = 0.1;
/** A sliding door sees people this far off. */
const DOOR_SEES_METRES = 2.1;

/** A moment of the simulation, at its own step, and what each person is playing (`undefined` at first). */
export interface Instant extends Moment {
  playing: Record<string, Act | undefined>;
}

/**
 * Plays a scene: who is where at each moment, from first frame to last.
 *
 * Pure, and the same for the same scene and seed. It goes in steps of 0.05 s whatever the camera's
 * frame rate, so that truth doesn't change with the frame rate; `momentsOf` picks the frames.
 *
 * @returns one instant a step, in order of time. In each, the people present, in the scene's order;
 *          somebody whose acts are over is not in it.
 * @throws {RangeError} if an act names a queue or a person that the scene does not have
 */
export function simulate(scene: Scene): Instant[] {
  checkNames(scene);
  const random = chance(scene.seed);
  const speeds = new Map(scene.people.map((p) => [p.id, (p.speed ?? 1.25) * (0.96 + 0.08 * random())]));
  const glances = new Map(scene.people.map((p) => [p.id, random() * Math.PI * 2]));
  const waiting = [...scene.people];
  const world: World = {
    t: 0,
    step: STEP_SECONDS,
    actors: [],
    ground: groundOf(scene),
    queues: new Map(scene.queues.map((queue) => [queue.zone, { queue, line: [] }])),
  };
  const doors: Record<string, number> = Object.fromEntries(scene.doors.map((door) => [door.id, 0]));
  const instants: Instant[] = [];

  for (let n = 0; n <= Math.round(scene.seconds / STEP_SECONDS); n++) {
    world.t = n * STEP_SECONDS;
    for (const person of waiting.filter((p) => p.at <= world.t + 1e-9)) {
      waiting.splice(waiting.indexOf(person), 1);
      const heading = firstHeading(person.from, person.acts[0]);
      world.actors.push({
        person,
        at: person.from,
        velocity: [0, 0],
        heading,
        head: 0,
        walked: 0,
        gesture: 'none',
        speed: speeds.get(person.id)!,
        glance: glances.get(person.id)!,
        act: 0,
        leg: 0,
        spent: 0,
        metBy: undefined,
        course: heading,
        stalled: 0,
        nearest: undefined,
      });
    }
    for (const actor of [...world.actors]) {
      const wish = wishOf(actor, world);
      if (wish === 'gone') world.actors.splice(world.actors.indexOf(actor), 1);
      else move(actor, wish, world);
    }
    for (const door of scene.doors) {
      const near = world.actors.some((actor) => distance(actor.at, door.at) < DOOR_SEES_METRES);
      const open = doors[door.id]!;
      doors[door.id] = Math.min(1, Math.max(0, open + (near ? 1 : -0.7) * 1.4 * STEP_SECONDS));
    }
    instants.push({
      t: round(world.t),
      people: world.actors.map(figureOf),
      doors: { ...doors },
      playing: Object.fromEntries(world.actors.map((a) => [a.person.id, a.person.acts[a.act]])),
    });
  }
  return instants;
}

/**
 * The instants the scene's camera sees at so many frames a second, from the time its clip begins: `seconds × fps`
 * of them, less if it begins late. `t` is the lobby's time, also where the clip's is another.
 */
export function momentsOf(instants: readonly Instant[], scene: Scene): Instant[] {
  const { fps, lateSeconds = 0 } = scene.camera;
  return Array.from({ length: Math.round((scene.seconds - lateSeconds) * fps) }, (_, frame) => {
    const t = frame / fps + lateSeconds;
    return { ...instants[Math.round(t / STEP_SECONDS)]!, t: round(t) };
  });
}

function checkNames(scene: Scene): void {
  const zones = new Set(scene.queues.map((queue) => queue.zone));
  const people = new Set(scene.people.map((person) => person.id));
  for (const { id, acts } of scene.people) {
    for (const act of acts) {
      if (act.act === 'queue' && !zones.has(act.zone))
        throw new RangeError(
          `Cannot play ${id}: a queue must be one of the scene's, current value is ${act.zone}`,
        );
      if (act.act === 'meet' && !people.has(act.customer))
        throw new RangeError(
          `Cannot play ${id}: whom they meet must be in the scene, current value is ${act.customer}`,
        );
      if (act.act === 'follow' && (!people.has(act.person) || act.person === id))
        throw new RangeError(
          `Cannot play ${id}: whom they follow must be another of the scene's, current value is ${act.person}`,
        );
    }
  }
}

/** What they want now, after going on to the next act as often as one is done. */
function wishOf(actor: Actor, world: World): Wish | 'gone' {
  for (;;) {
    const act = actor.person.acts[actor.act];
    if (!act) return 'gone';
    // Somebody who is spoken to turns to the speaker and lets the rest wait, but still moves up in a queue.
    if (actor.metBy && act.act !== 'queue') return { face: actor.metBy.at, gesture: 'talking' };
    const wish = (plays[act.act] as (act: Act, self: Actor, world: World) => Wish | 'done')(
      act,
      actor,
      world,
    );
    if (wish !== 'done') return actor.metBy && !wish.go ? { face: actor.metBy.at, gesture: 'talking' } : wish;
    actor.act++;
    actor.leg = 0;
    actor.spent = 0;
    actor.stalled = 0;
    actor.nearest = undefined;
  }
}

/** One step of walking, turning and looking. */
function move(actor: Actor, wish: Wish, world: World): void {
  let wanted: Point = [0, 0];
  if (wish.go) {
    const goal = wish.into ? wish.go : fitting(world.ground, wish.go);
    const way = wayTo(world.ground, actor.at, goal);
    noteProgress(actor, goal, way.metres, world.step);
    // No faster than one can still brake from, so that they come to rest at the point and not behind it.
    const brake = wish.rest ? Math.sqrt(2 * ACCELERATION * 0.7 * way.metres) : Number.POSITIVE_INFINITY;
    const speed = Math.min(actor.speed * (wish.pace ?? 1), brake, way.metres / world.step);
    const towards = bearing(actor.at, way.next);
    const room = makingRoom(actor, world);
    wanted = [speed * Math.cos(towards) + room[0], speed * Math.sin(towards) + room[1]];
  } else {
    actor.stalled = 0;
    actor.nearest = undefined;
  }
  const dx = wanted[0] - actor.velocity[0];
  const dy = wanted[1] - actor.velocity[1];
  const change = Math.min(1, (ACCELERATION * 1.6 * world.step) / (Math.hypot(dx, dy) || 1));
  actor.velocity = [actor.velocity[0] + dx * change, actor.velocity[1] + dy * change];
  step(actor, wish, world);
  const pace = Math.hypot(...actor.velocity);
  actor.walked += pace * world.step;

  let heading = actor.heading;
  if (pace > 0.25) heading = Math.atan2(actor.velocity[1], actor.velocity[0]);
  if (pace > STRIDE_SPEED) actor.course = Math.atan2(actor.velocity[1], actor.velocity[0]);
  else if (wish.face) heading = bearing(actor.at, wish.face);
  actor.heading = wrapped(
    actor.heading + clamp(wrapped(heading - actor.heading), TURN_PER_SECOND * world.step),
  );
  actor.head += clamp((wish.head ?? 0) - actor.head, HEAD_TURN_PER_SECOND * world.step);
  actor.gesture = pace < 0.3 ? (wish.gesture ?? 'none') : 'none';
}

/** Two who circle each other move, but come no nearer: what counts is the way that is left. */
function noteProgress(actor: Actor, goal: Point, metres: number, seconds: number): void {
  const { nearest } = actor;
  if (nearest && distance(nearest.goal, goal) < PROGRESS_METRES && metres > nearest.metres - PROGRESS_METRES)
    actor.stalled += seconds;
  else {
    actor.stalled = 0;
    actor.nearest = { goal, metres };
  }
}

/** Puts them where their velocity takes them, as far as there is room; against a wall they slide along it. */
function step(actor: Actor, wish: Wish, world: World): void {
  const aim: Point = [
    actor.at[0] + actor.velocity[0] * world.step,
    actor.at[1] + actor.velocity[1] * world.step,
  ];
  let at = wish.into ? aim : keptOut(world.ground, actor.at, aim);
  for (const other of world.actors) {
    if (other === actor) continue;
    const before = distance(actor.at, other.at);
    const apart = distance(at, other.at);
    const least = Math.min(before, areTogether(actor, other) ? ARM_IN_ARM_METRES : TOUCHING_METRES);
    if (apart >= least || apart === 0) continue;
    const part = least / apart;
    at = [other.at[0] + (at[0] - other.at[0]) * part, other.at[1] + (at[1] - other.at[1]) * part];
  }
  if (at === aim) {
    actor.at = aim;
    return;
  }
  // Pushed out of one, they must not be pushed into another.
  if (!wish.into) at = keptOut(world.ground, actor.at, at);
  actor.velocity = [(at[0] - actor.at[0]) / world.step, (at[1] - actor.at[1]) / world.step];
  actor.at = at;
}

const follows = (actor: Actor, other: Actor): boolean => {
  const act = actor.person.acts[actor.act];
  return act?.act === 'follow' && act.person === other.person.id;
};

/** Who goes with whom, and who goes with the same person. */
function areTogether(a: Actor, b: Actor): boolean {
  const head = (actor: Actor): string => {
    const act = actor.person.acts[actor.act];
    return act?.act === 'follow' ? act.person : actor.person.id;
  };
  return head(a) === head(b);
}

/**
 * A push away from whoever is too near, mostly sideways, so that two who meet pass and don't stop. Who has
 * got nowhere for a while squeezes by nearer, and tries the other side.
 */
function makingRoom(actor: Actor, world: World): Point {
  const elbow = ELBOW_METRES - Math.min(0.25, 0.1 * Math.max(0, actor.stalled - 1));
  const turn = Math.floor(actor.stalled / 2) % 2 ? -0.8 : 0.8;
  let x = 0;
  let y = 0;
  for (const other of world.actors) {
    const apart = distance(actor.at, other.at);
    const reach = areTogether(actor, other) ? BESIDE_METRES : elbow;
    // Whoever follows makes room for the one they follow, and does not push them on.
    if (other === actor || follows(other, actor) || apart >= reach || apart === 0) continue;
    const push = 1.7 * (1 - apart / reach);
    const away = bearing(other.at, actor.at);
    x += push * (Math.cos(away) - turn * Math.sin(away));
    y += push * (Math.sin(away) + turn * Math.cos(away));
  }
  return [x, y];
}

function figureOf(actor: Actor): Figure {
  return {
    id: actor.person.id,
    x: round(actor.at[0]),
    y: round(actor.at[1]),
    heading: round(actor.heading),
    head: round(actor.head),
    speed: round(Math.hypot(...actor.velocity)),
    walked: round(actor.walked),
    gesture: actor.gesture,
  };
}

function firstHeading(from: Point, act: Act | undefined): number {
  return act?.act === 'walk' ? bearing(from, act.to[0]!) : 0;
}

const clamp = (value: number, limit: number): number => Math.min(limit, Math.max(-limit, value));

/** Millimetres and milliseconds: finer is not meant. */
const round = (value: number): number => Math.round(value * 1000) / 1000;
