import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseBranch } from '../../src/contract/branch.ts';
import { branchOf } from './branch.ts';
import { camerasOf } from './cameras.ts';
import { eventsOf, type TruthEvent } from './events.ts';
import { child, dressed, staffLooks } from './library/people.ts';
import { distance } from './plane.ts';
import { project } from './project.ts';
import type { CameraPose, Figure, Point, Scene } from './scene.ts';
import { type Instant, simulate } from './simulate.ts';
import { truthOf } from './truth.ts';

const folder = join(import.meta.dirname, 'library');
/** What the scenes share is beside them and holds no scene. */
const shared = ['people.ts'];
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !shared.includes(file))
  .map((file) => basename(file, '.ts'));

interface Played {
  name: string;
  scene: Scene;
  instants: Instant[];
  events: TruthEvent[];
}

const library: Played[] = await Promise.all(
  names.map(async (name) => {
    const { default: scene } = (await import(join(folder, `${name}.ts`))) as { default: Scene };
    const instants = simulate(scene);
    return { name, scene, instants, events: eventsOf(instants, scene) };
  }),
);

describe.each(library)('the scene $name', ({ name, scene, instants, events }) => {
  it('bears the name of its file and says what it tests', () => {
    expect(scene.name).toBe(name);
    // The demo is what the README shows; it tests everything a little.
    if (name !== 'demo') expect(scene.tests).toMatch(/^[A-Z].{30,}\.$/);
  });

  it('gives a branch file that the service reads, and remarks on nothing but missing staff', () => {
    const { remarks } = parseBranch(branchOf(scene), `${name}/branch.yaml`);
    const expected = scene.zones.some(({ kind }) => kind === 'staff')
      ? []
      : [expect.stringContaining('no staff zone')];
    expect(remarks).toEqual(expected);
  });

  it('lets people pass the walls at the doors alone', () => {
    expect(throughTheWall(scene, instants)).toEqual([]);
  });

  // The demo's clip is older than this rule: its staff turn back in the corridor behind their door.
  if (name !== 'demo')
    it('lets nobody appear or vanish before the eyes of a camera', () => {
      expect(outOfNothing(scene, instants)).toEqual([]);
    });

  it('goes on for a second and a half after the last event: what happens later cannot be told', () => {
    // Whoever still queues or looks about has not ended it; the clip has.
    const told = events.filter(({ kind }) => !kind.endsWith('-end'));
    expect(told.filter(({ t }) => t > scene.seconds - 1.5)).toEqual([]);
  });

  it('has people where a camera sees them', () => {
    for (const event of events) {
      // Who stands under the camera or behind the picture's edge could not be told by anybody.
      const figure = figureAt(instants, event.person, event.t);
      expect(isInPicture(scene, placeOf(figure)), `${event.kind} of ${event.person} at ${event.t}`).toBe(
        true,
      );
    }
  });
});

describe('the library', () => {
  it('has sixteen scenes or more, in six lobbies or more, from eight poses or more', () => {
    const rooms = library.map(({ scene }) => `${scene.room}`);
    const poses = library.map(({ scene: { camera, room } }) => `${room} ${camera.at} ${camera.heightMetres}`);
    expect(library.length).toBeGreaterThanOrEqual(16);
    expect(new Set(rooms).size).toBeGreaterThanOrEqual(6);
    expect(new Set(poses).size).toBeGreaterThanOrEqual(8);
  });

  it('knows every event of which truth can tell', () => {
    const kinds = new Set(library.flatMap(({ events }) => events.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual([
      'arrival',
      'contact',
      'departure',
      'queue-end',
      'queue-start',
      'wander-end',
      'wander-start',
    ]);
  });

  it('gives the same truth for the same seed', () => {
    const { scene } = library.find(({ name }) => name === 'queue-of-nine')!;
    expect(truthOf(structuredClone(scene))).toEqual(truthOf(scene));
    expect(truthOf({ ...scene, seed: scene.seed + 1 }).frames).not.toEqual(truthOf(scene).frames);
  });

  it('brings a crowd of twenty-five together', () => {
    const most = Math.max(
      ...library.flatMap(({ scene, instants }) =>
        instants.map(({ people }) => people.filter((one) => isInside(scene, placeOf(one))).length),
      ),
    );
    expect(most).toBeGreaterThanOrEqual(25);
  });
});

describe('the wardrobe', () => {
  const many = Array.from({ length: 400 }, (_, seed) => dressed(seed));

  it('dresses the same seed the same, and others differently', () => {
    expect(dressed(7)).toEqual(dressed(7));
    expect(new Set(many.map((looks) => JSON.stringify(looks))).size).toBe(many.length);
  });

  it('draws from the whole range of people', () => {
    const heights = many.map(({ heightMetres }) => heightMetres);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(1.5);
    expect(Math.max(...heights)).toBeLessThanOrEqual(1.95);
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(0.35);
    expect(new Set(many.map(({ skin }) => skin)).size).toBe(10);
    expect(new Set(many.map(({ hair }) => hair.style)).size).toBe(4);
    expect(new Set(many.map(({ top }) => top.kind)).size).toBe(4);
    expect(new Set(many.map(({ hat }) => hat?.kind)).size).toBe(4);
    expect(many.some(({ carries }) => carries === undefined)).toBe(true);
  });

  it('lets no skin or height go with any clothes more than with others', () => {
    const coats = many.filter(({ top }) => top.kind === 'coat');
    const share = (of: typeof many, dark: boolean): number =>
      of.filter(({ skin }) => lightness(skin) < 0.5 === dark).length / of.length;
    expect(Math.abs(share(coats, true) - share(many, true))).toBeLessThan(0.12);
  });

  it('keeps children small, and gives staff nothing by which to know them', () => {
    for (let seed = 0; seed < 60; seed++) {
      expect(child(seed).heightMetres).toBeLessThan(1.45);
      expect(staffLooks(seed).carries).toBeUndefined();
    }
    const worn = new Set(many.map(({ top }) => `${top.kind} ${top.colour}`));
    const suits = Array.from({ length: 60 }, (_, seed) => staffLooks(seed).top).filter(
      ({ kind }) => kind === 'jacket',
    );
    expect(suits.every(({ kind, colour }) => worn.has(`${kind} ${colour}`))).toBe(true);
  });
});

const placeOf = ({ x, y }: Figure): Point => [x, y];

const lightness = (colour: string): number =>
  [1, 3, 5].reduce((sum, at) => sum + Number.parseInt(colour.slice(at, at + 2), 16), 0) / 765;

const isInside = ({ room: [left, far, right, near] }: Scene, [x, y]: Point): boolean =>
  x > left && x < right && y > far && y < near;

function figureAt(instants: readonly Instant[], person: string, t: number): Figure {
  const near = instants.filter(({ people }) => people.some(({ id }) => id === person));
  const nearest = near.reduce((a, b) => (Math.abs(b.t - t) < Math.abs(a.t - t) ? b : a));
  return nearest.people.find(({ id }) => id === person)!;
}

/** True if feet, waist or head are in a camera's picture, whatever may stand before them. */
const isInPicture = (scene: Scene, place: Point): boolean =>
  camerasOf(scene).some((camera) => isInPictureOf(camera, place));

function isInPictureOf(camera: CameraPose, place: Point): boolean {
  return [0, 0.9, 1.6].some((height) => {
    const pixel = project(camera, place, height);
    if (!pixel) return false;
    const [x, y] = pixel;
    return x > 0 && y > 0 && x < camera.widthPx && y < camera.heightPx;
  });
}

/** Each time somebody goes in or out elsewhere than at a door. */
function throughTheWall(scene: Scene, instants: readonly Instant[]): string[] {
  const found: string[] = [];
  // Who is there from the beginning came in before it.
  const last = new Map(instants[0]!.people.map((figure) => [figure.id, isInside(scene, placeOf(figure))]));
  for (const { t, people } of instants) {
    for (const figure of people) {
      const inside = isInside(scene, placeOf(figure));
      const before = last.get(figure.id) ?? false;
      last.set(figure.id, inside);
      const atDoor = scene.doors.some(
        ({ at, widthMetres }) => distance(at, placeOf(figure)) < widthMetres / 2,
      );
      if (inside !== before && !atDoor) found.push(`${figure.id} at ${t}`);
    }
  }
  return found;
}

/** Everybody who comes or goes where the camera could see it, but for those there at the beginning or the end. */
function outOfNothing(scene: Scene, instants: readonly Instant[]): string[] {
  return scene.people.flatMap(({ id }) => {
    const own = instants.filter(({ people }) => people.some((one) => one.id === id));
    const ends = [own[0]!, own.at(-1)!].filter(
      (instant) => instant !== instants[0] && instant !== instants.at(-1),
    );
    return ends.flatMap(({ t, people }) => {
      const figure = people.find((one) => one.id === id)!;
      return isVisible(scene, placeOf(figure)) ? [`${id} at ${t}`] : [];
    });
  });
}

/** In a picture, and in the hall or before the opening of a door as that camera sees it. */
const isVisible = (scene: Scene, place: Point): boolean =>
  camerasOf(scene).some(
    (camera) =>
      isInPictureOf(camera, place) &&
      (isInside(scene, place) || scene.doors.some((door) => isSeenThrough(camera, door, place))),
  );

function isSeenThrough(
  camera: CameraPose,
  { at, wall, widthMetres, kind }: Scene['doors'][number],
  place: Point,
) {
  const [across, along] = wall === 'left' || wall === 'right' ? ([0, 1] as const) : ([1, 0] as const);
  const [from, to] = [camera.at[across] - at[across], place[across] - at[across]];
  if (from * to >= 0) return false;
  const crossesAt = camera.at[along] + ((place[along] - camera.at[along]) * from) / (from - to);
  // The corridor behind a hinged door has walls of its own, a quarter of a metre outside the frame.
  if (kind === 'hinged' && Math.abs(place[along] - at[along]) > widthMetres / 2 + 0.45) return false;
  return Math.abs(crossesAt - at[along]) < widthMetres / 2 + 0.2;
}
