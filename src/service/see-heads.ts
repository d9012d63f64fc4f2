import { findAsked, type Look } from '../core/head/looks.ts';
import type { CoreOutput } from '../core/step.ts';
import type { Person, PixelBox } from '../core/units.ts';
import type { Frame } from '../ports/camera.ts';
import type { HeadWatcher } from '../ports/head-watcher.ts';

/** Who looks at heads, and at whose. */
export interface HeadLooking {
  readonly watcher: HeadWatcher;
  /** Where those are whose heads to look at in the next frame, or everybody: to record what may be asked for later. */
  readonly looks: () => readonly PixelBox[] | 'everybody';
}

/**
 * Looks at the heads of those who were asked for, and of nobody else. The live service and a replay both do it here.
 *
 * @param people whom the detector saw in this frame
 * @returns the same people in the same order, some with `head`
 */
export async function seeHeads(
  frame: Frame,
  people: readonly Person[],
  { watcher, looks }: HeadLooking,
): Promise<readonly Person[]> {
  const boxes = looks();
  const asked = boxes === 'everybody' ? people.keys() : findAsked(boxes, people);
  const seen = [...people];
  for (const index of asked) {
    const person = people[index]!;
    const head = await watcher.watch(frame, person.box);
    if (head !== undefined) seen[index] = { ...person, head };
  }
  return seen;
}

/** Hands on, from what was understood of a camera's last frame to what is looked at in its next, whose heads. */
export interface LooksWanted {
  take(camera: string, output: Pick<CoreOutput, 'looks'>): void;
  of(camera: string): readonly PixelBox[];
}

/** Holds at most as many cameras as there are, and of each the last wish alone. */
export function createLooksWanted(): LooksWanted {
  const wanted = new Map<string, readonly PixelBox[]>();
  return {
    take(camera, { looks = [] }) {
      const own = looks.filter((look: Look) => look.camera === camera);
      wanted.set(
        camera,
        own.map(({ box }) => box),
      );
    },
    of: (camera) => wanted.get(camera) ?? [],
  };
}

/** The same people, without the heads of those nobody asked for. */
export function onlyAsked(people: readonly Person[], boxes: readonly PixelBox[]): readonly Person[] {
  if (people.every(({ head }) => head === undefined)) return people;
  const asked = findAsked(boxes, people);
  return people.map((person, index) => {
    if (person.head === undefined || asked.includes(index)) return person;
    const { head: _, ...rest } = person;
    return rest;
  });
}
