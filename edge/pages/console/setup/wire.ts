import type { DraftCamera, DraftZone, SetupPayload } from '../../../../src/contract/setup.ts';
import { floorPlane } from '../../../../src/core/floor/zones.ts';
import { type CameraDraft, type Draft, type EditorState, usedPairs, type ZoneDraft } from './state.ts';

type Pair = readonly [number, number];
const spot = ([x, y]: Pair) => ({ x, y });
const pair = ({ x, y }: { readonly x: number; readonly y: number }): [number, number] => [x, y];

/** What the box tells, as it is drawn on. */
export const toDraft = ({ cameras, zones }: Pick<SetupPayload, 'cameras' | 'zones'>): Draft => ({
  cameras: cameras.map(
    ({ id, source, framesPerSecond, floor }): CameraDraft => ({
      id,
      source,
      framesPerSecond,
      floor: floor.map(({ pixel, metres }, index) => ({
        key: `${index + 1}`,
        pixel: spot(pixel),
        metres: spot(metres),
      })),
    }),
  ),
  zones: zones.map(
    ({ id, kind, name, polygon, line, inside, places, serves, camera }): ZoneDraft => ({
      id,
      kind,
      plane: camera ?? floorPlane,
      corners: (line ?? polygon ?? []).map(spot),
      ...(name === undefined ? {} : { name }),
      ...(inside === undefined ? {} : { inside: spot(inside) }),
      ...(places === undefined ? {} : { places }),
      ...(serves === undefined ? {} : { serves }),
    }),
  ),
});

/** What is drawn, as the box is asked to keep it: points in use, with both sides placed. */
export const toWire = ({
  cameras,
  zones,
}: Draft): { readonly cameras: DraftCamera[]; readonly zones: DraftZone[] } => ({
  cameras: cameras.map(({ id, source, login, framesPerSecond, floor }) => ({
    id,
    source,
    ...(login === undefined ? {} : { login }),
    framesPerSecond,
    floor: usedPairs(floor).map(({ pixel, metres }) => ({ pixel: pair(pixel), metres: pair(metres) })),
  })),
  zones: zones.map(({ id, kind, name, plane, corners, inside, places, serves }) => ({
    id,
    kind,
    ...(name === undefined ? {} : { name }),
    ...(kind === 'entrance'
      ? { line: corners.slice(0, 2).map(pair) as [[number, number], [number, number]] }
      : { polygon: corners.map(pair) }),
    ...(inside === undefined ? {} : { inside: pair(inside) }),
    ...(places === undefined ? {} : { places }),
    ...(serves === undefined ? {} : { serves: [...serves] }),
    ...(plane === floorPlane ? {} : { camera: plane }),
  })),
});

/** Whether a save would change anything. */
export const isChanged = ({ base, draft }: EditorState): boolean => !sameDraft(base, draft);

/** Whether two drafts would be saved as the same. */
export const sameDraft = (one: Draft, other: Draft): boolean =>
  one === other || JSON.stringify(toWire(one)) === JSON.stringify(toWire(other));

/** What is different about a thing of two drafts. */
export interface Difference {
  readonly kind: 'camera' | 'zone';
  readonly id: string;
  readonly base: CameraDraft | ZoneDraft | undefined;
  readonly theirs: CameraDraft | ZoneDraft | undefined;
  readonly mine: CameraDraft | ZoneDraft | undefined;
}

type Thing = CameraDraft | ZoneDraft;
/** As it would be saved: keys of points are the page's own. */
const plain = (thing: Thing) =>
  'floor' in thing
    ? toWire({ cameras: [thing], zones: [] }).cameras[0]
    : toWire({ cameras: [], zones: [thing] }).zones[0];
const sameThing = (a: Thing | undefined, b: Thing | undefined) =>
  a === b || JSON.stringify(a && plain(a)) === JSON.stringify(b && plain(b));

/** Cameras and zones that are not the same in three drafts: what both began from, theirs and mine. */
export function differences(base: Draft, theirs: Draft, mine: Draft): readonly Difference[] {
  const of = (kind: 'camera' | 'zone'): Difference[] => {
    const list = kind === 'camera' ? 'cameras' : 'zones';
    const ids = [...new Set([base, theirs, mine].flatMap((draft) => draft[list].map(({ id }) => id)))];
    const find = (draft: Draft, id: string): CameraDraft | ZoneDraft | undefined =>
      (draft[list] as readonly (CameraDraft | ZoneDraft)[]).find((one) => one.id === id);
    return ids
      .map((id) => ({ kind, id, base: find(base, id), theirs: find(theirs, id), mine: find(mine, id) }))
      .filter((one) => !sameThing(one.base, one.theirs) || !sameThing(one.base, one.mine));
  };
  return [...of('camera'), ...of('zone')];
}

/**
 * Mine on top of theirs: each camera and zone that was changed here stays as it is here, all others become theirs.
 * Nothing that somebody else saved besides is lost.
 */
export function merged(base: Draft, theirs: Draft, mine: Draft): Draft {
  const mergedList = <One extends Thing>(
    was: readonly One[],
    other: readonly One[],
    own: readonly One[],
  ): One[] => {
    const find = (list: readonly One[], id: string) => list.find((one) => one.id === id);
    const ids = [...new Set([...other, ...own].map(({ id }) => id))];
    return ids.flatMap((id) => {
      const [before, there, here] = [find(was, id), find(other, id), find(own, id)];
      const kept = sameThing(before, here) ? there : here;
      return kept === undefined ? [] : [kept];
    });
  };
  return {
    cameras: mergedList(base.cameras, theirs.cameras, mine.cameras),
    zones: mergedList(base.zones, theirs.zones, mine.zones),
  };
}

/** The address part after `//`, so that a host's name can name a camera; letters, digits and hyphens alone. */
export const slugOf = (text: string, otherwise: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '') || otherwise;
