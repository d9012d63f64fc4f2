import type { SetupPayload } from '../../../../src/contract/setup.ts';
import { floorPlane } from '../../../../src/core/floor/zones.ts';
import { fitFloorView } from '../../../../src/core/geometry/homography.ts';
import { contains } from '../../../../src/core/geometry/polygon.ts';
import { checkZones, type DrawnView, type ZoneRemark } from '../../../../src/core/setup/check-zones.ts';
import { assessFloor, type FloorFit, guessPixel, guessSpot } from '../../../../src/core/setup/floor-fit.ts';
import type { Language } from '../words.ts';
import { length, nameOf } from './names.ts';
import { distanceOf, middleOf, type Spot } from './shape.ts';
import { cameraOf, type Draft, type PairDraft, usedPairs, type ZoneDraft, zoneOf } from './state.ts';
import { toWire } from './wire.ts';
import { say } from './words.ts';

const toPairs = (pairs: readonly PairDraft[]) =>
  usedPairs(pairs).map(({ pixel, metres }) => ({ pixel, floor: metres }));

/** How the floor of a camera fits as it is drawn now. */
export function fitOf(draft: Draft, camera: string): FloorFit {
  const spots = draft.zones.filter(({ plane }) => plane === floorPlane).flatMap(({ corners }) => corners);
  return assessFloor(toPairs(cameraOf(draft, camera)?.floor ?? []), spots);
}

/** All cameras that have a floor as it is drawn now. */
export const viewsOf = (draft: Draft, setup: SetupPayload | undefined): readonly DrawnView[] =>
  draft.cameras.flatMap(({ id, floor }) => {
    const pairs = toPairs(floor);
    const view = fitFloorView(pairs);
    if (view === undefined) return [];
    const picture = setup?.cameras.find((one) => one.id === id)?.picture;
    const spots = pairs.map(({ floor: spot }) => spot);
    return [{ camera: id, view, spots, ...(picture === undefined ? {} : { picture }) }];
  });

export const remarksOf = (draft: Draft, views: readonly DrawnView[]): readonly ZoneRemark[] =>
  checkZones(toWire(draft).zones, views);

/** Where the other side of a point may be: by the fit, else about where the points near it have theirs. */
export function partnerOf(
  fit: FloorFit,
  pairs: readonly PairDraft[],
  side: 'pixel' | 'metres',
  at: Spot,
  otherwise: Spot,
): Spot {
  const view = 'view' in fit && fit.state !== 'crossed' ? fit.view : undefined;
  if (view !== undefined) {
    return (side === 'pixel' ? guessSpot(view, at) : guessPixel(view, at)) ?? otherwise;
  }
  const other = side === 'pixel' ? 'metres' : 'pixel';
  const known = usedPairs(pairs);
  let [weight, x, y] = [0, 0, 0];
  for (const pair of known) {
    const near = 1 / (1e-6 + distanceOf(pair[side], at) ** 2);
    weight += near;
    x += near * pair[other].x;
    y += near * pair[other].y;
  }
  return weight === 0 ? otherwise : { x: x / weight, y: y / weight };
}

/** A remark where it can be seen: in a few words, at the edges concerned. */
export interface Mark {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly plane: string;
  readonly at: Spot;
  readonly edges: readonly (readonly [Spot, Spot])[];
  readonly text: string;
}

const edgeOf = ({ corners }: ZoneDraft, number: number): readonly [Spot, Spot] => [
  corners[number - 1]!,
  corners[number % corners.length]!,
];

export function marksOf(draft: Draft, remarks: readonly ZoneRemark[], language: Language): readonly Mark[] {
  const places = new Map<string, number>();
  return remarks.flatMap((remark): Mark[] => {
    const zone = zoneOf(draft, remark.zone);
    if (zone === undefined || zone.corners.length === 0) return [];
    // Several remarks on one zone stand one below the other.
    const turn = places.get(zone.id) ?? 0;
    places.set(zone.id, turn + 1);
    if (turn > 0) return [];
    const edges = remark.kind === 'crosses-itself' ? remark.edges.map((edge) => edgeOf(zone, edge)) : [];
    return [
      {
        key: `${zone.id}-${remark.kind}-${turn}`,
        severity: remark.severity,
        plane: zone.plane,
        at: placeOf(remark, zone, draft, edges.flat()),
        edges,
        text: shortly(remark, language),
      },
    ];
  });
}

/** Where a remark is shown: between edges that cross, where two zones overlap, else in the zone's middle. */
function placeOf(remark: ZoneRemark, zone: ZoneDraft, draft: Draft, edges: readonly Spot[]): Spot {
  if (edges.length > 0) return middleOf(edges);
  const other = remark.kind === 'overlaps' ? zoneOf(draft, remark.with) : undefined;
  if (other === undefined) return middleOf(zone.corners);
  const shared = [
    ...zone.corners.filter((corner) => contains(other.corners, corner)),
    ...other.corners.filter((corner) => contains(zone.corners, corner)),
  ];
  return middleOf(shared.length > 0 ? shared : [middleOf(zone.corners), middleOf(other.corners)]);
}

function shortly(remark: ZoneRemark, language: Language): string {
  switch (remark.kind) {
    case 'crosses-itself':
      return say(language, 'markCrosses');
    case 'off-the-floor':
      return say(language, 'markOff');
    case 'too-far':
      return say(language, 'markFar');
    case 'overlaps':
      return say(language, 'markOverlap', { t: area(remark.squareMetres, language) });
    case 'unseen':
      return say(language, 'markUnseen');
    case 'name-too-long':
      return say(language, 'markName');
    default:
      return say(language, 'markShape');
  }
}

const area = (squareMetres: number, language: Language) =>
  say(language, 'squareMetres', { t: squareMetres.toFixed(1) });

/** A remark in a sentence, with what to do about it. */
export function inWords(remark: ZoneRemark, draft: Draft, language: Language): string {
  const called = (id: string) => {
    const zone = zoneOf(draft, id);
    return zone === undefined ? id : nameOf(zone, language);
  };
  const name = called(remark.zone);
  switch (remark.kind) {
    case 'crosses-itself': {
      const [first, second] = remark.edges;
      return say(language, 'checkCrosses', { name, first, second, corner: remark.move });
    }
    case 'too-few-corners':
      return say(language, 'checkFew', { name });
    case 'no-area':
      return say(language, 'checkNoArea', { name });
    case 'no-line':
      return say(language, 'checkNoLine', { name });
    case 'inside-on-line':
      return say(language, 'checkInsideOnLine', { name, flip: 'F' });
    case 'off-the-floor':
      return remark.metres === undefined
        ? say(language, 'checkBehind', { name })
        : say(language, 'checkOff', { name, far: length(remark.metres, language) });
    case 'name-too-long':
      return say(language, 'checkTooLong', { name, most: remark.most, at: remark.letters });
    case 'too-far':
      return say(language, 'checkTooFar', { name, fine: length(remark.metresPerPixel, language) });
    case 'overlaps':
      return say(language, 'checkOverlap', {
        name,
        other: called(remark.with),
        area: area(remark.squareMetres, language),
        counts: called(remark.counts),
      });
    case 'unseen':
      return say(language, 'checkUnseen', { name });
  }
}

/** The zone that is nearest to a spot: what a place on the floor is called. */
export function zoneNear(draft: Draft, at: Spot): ZoneDraft | undefined {
  const far = (zone: ZoneDraft) => Math.min(...zone.corners.map((corner) => distanceOf(corner, at)));
  return draft.zones
    .filter(({ plane, corners }) => plane === floorPlane && corners.length > 0)
    .sort((a, b) => far(a) - far(b))[0];
}

/** What is to be seen to before a camera's floor can be relied on. */
export type FloorState = 'none' | 'done' | 'checks' | 'errors';
export const floorState = (fit: FloorFit): FloorState =>
  fit.state === 'too-few'
    ? 'none'
    : fit.state === 'crossed'
      ? 'errors'
      : fit.state === 'fits'
        ? 'done'
        : 'checks';
