import type { Zone } from '../../src/core/floor/zones.ts';
import { promptDefaults } from '../../src/core/prompts/decide.ts';
import type { CoreSettings, Observation } from '../../src/core/step.ts';
import { trackDefaults } from '../../src/core/track/track.ts';
import type { FloorPoint, Metres, Person, Seconds } from '../../src/core/units.ts';
import { visitDefaults } from '../../src/core/visits/follow-visits.ts';
import { bodyMetres, cameraAt, settings } from '../core/story.ts';

/**
 * A made-up hall with any number of people in it, for what one step costs and keeps: they come in, walk
 * from one spot to the next, stand, queue, and leave, and others come instead. The hall grows with the
 * number, so that it is as full with two hundred as with thirty: one person on two square metres.
 */
export interface Crowd {
  readonly settings: CoreSettings;
  /** The people of the next moment: seen boxes, a few of them missed, faint, or of nobody. */
  next(): Observation & { kind: 'people' };
}

interface Walker {
  at: FloorPoint;
  to: FloorPoint;
  standUntil: Seconds;
  /** Spots still to go to; at the last they leave by the door. */
  stops: number;
}

/** mulberry32, by Tommy Ettinger (public domain). */
export function dice(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const walkingSpeed = 1.1;
const missed = 0.12;
const faint = 0.1;

/**
 * @param people how many are in the hall at any moment
 * @param framesPerSecond above 0
 * @param where the name of its camera, and how far east the hall lies: for several in one branch
 */
export function createCrowd(
  people: number,
  framesPerSecond: number,
  seed = 1,
  where: { readonly camera: string; readonly east: Metres } = { camera: 'hall', east: 0 },
): Crowd {
  const chance = dice(seed);
  const side: Metres = Math.max(6, Math.sqrt(people * 2));
  const half = side / 2;
  // As high and as far as it takes to have the whole hall in the picture.
  const { east } = where;
  const camera = cameraAt(where.camera, [east, -half - 0.4 * side, 0.6 * side], [east, 0]);
  const prefix = where.camera === 'hall' ? '' : `${where.camera}-`;
  const box = (left: Metres, right: Metres, low: Metres, high: Metres): FloorPoint[] => [
    { x: east + left, y: low },
    { x: east + right, y: low },
    { x: east + right, y: high },
    { x: east + left, y: high },
  ];
  const zones: Zone[] = [
    {
      id: `${prefix}main-door`,
      kind: 'entrance',
      plane: 'floor',
      door: {
        from: { x: east - half, y: -1 },
        to: { x: east - half, y: 1 },
        inside: { x: east - half + 1, y: 0 },
      },
    },
    { id: `${prefix}cash`, kind: 'queue', plane: 'floor', polygon: box(half - 2, half - 0.8, -half, 0) },
    { id: `${prefix}machines`, kind: 'service', plane: 'floor', polygon: box(-1, 2, half - 1.2, half) },
    {
      id: `${prefix}staff-door`,
      kind: 'staff',
      plane: 'floor',
      polygon: box(half - 1, half, half - 1, half),
    },
  ];
  const spot = (): FloorPoint =>
    chance() < 0.3
      ? { x: half - 1.4, y: -half + chance() * half }
      : { x: (chance() - 0.5) * (side - 1), y: (chance() - 0.5) * (side - 1) };
  const newcomer = (): Walker => ({
    at: { x: -half - 1.5, y: (chance() - 0.5) * 1.6 },
    to: spot(),
    standUntil: 0,
    stops: 2 + Math.floor(chance() * 4),
  });
  const walkers = Array.from({ length: people }, () => ({ ...newcomer(), at: spot() }));
  let at: Seconds = 0;

  function move(one: Walker, index: number): void {
    if (at < one.standUntil) return;
    const [dx, dy] = [one.to.x - one.at.x, one.to.y - one.at.y];
    const far = Math.hypot(dx, dy);
    const stride = walkingSpeed / framesPerSecond;
    if (far > stride) {
      one.at = { x: one.at.x + (dx / far) * stride, y: one.at.y + (dy / far) * stride };
      return;
    }
    one.at = one.to;
    if (one.stops <= 0) {
      walkers[index] = newcomer();
      return;
    }
    one.stops -= 1;
    one.standUntil = at + 5 + chance() * 60;
    one.to = one.stops === 0 ? { x: -half - 2, y: 0 } : spot();
  }

  return {
    settings: {
      ...settings,
      cameras: [{ ...camera, frame: { width: 1280, height: 720 } }],
      zones,
      track: trackDefaults,
      visits: visitDefaults,
      prompts: promptDefaults,
    },
    next() {
      at += 1 / framesPerSecond;
      const seen: Person[] = [];
      for (const [index, one] of walkers.entries()) {
        move(one, index);
        if (chance() < missed) continue;
        const spot = { x: east + one.at.x, y: one.at.y };
        const [feet, head] = [camera.see(spot, 0), camera.see(spot, bodyMetres)];
        const tall = feet.y - head.y;
        const shake = () => (chance() - 0.5) * 0.08 * tall;
        const middle = (feet.x + head.x) / 2;
        seen.push({
          box: {
            left: middle - 0.2 * tall + shake(),
            right: middle + 0.2 * tall + shake(),
            top: head.y + shake(),
            bottom: feet.y + shake(),
          },
          score: chance() < faint ? 0.2 + 0.25 * chance() : 0.55 + 0.35 * chance(),
        });
      }
      return { kind: 'people', camera: where.camera, at, people: seen, frame: { width: 1280, height: 720 } };
    },
  };
}
