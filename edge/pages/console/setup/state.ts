import { floorPlane, type ZoneKind } from '../../../../src/core/floor/zones.ts';
import { placeAtDoor } from '../../../../src/core/geometry/entrance.ts';
import { nearestEdge, type Spot } from './shape.ts';

/**
 * What the set-up pages know: the branch as it is on the box, and what somebody drew on top. Nothing here touches
 * the browser. Every act is a function from a state to the next; each that changes the draft is one step that can be
 * undone by its name.
 */
export interface EditorState {
  /** What the draft began from. */
  readonly base: Draft;
  readonly draft: Draft;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  readonly tool: Tool;
  readonly selected: Selected | undefined;
  /** A corner or point that the next click places. */
  readonly isPickedUp: boolean;
  /** Corners placed so far of a zone or an entrance that is being drawn. */
  readonly drawing: Drawing | undefined;
  /** Zones that a drag may move as a whole; all others are locked. */
  readonly unlocked: readonly string[];
}

export const tools = ['select', 'zone', 'entrance', 'point', 'ruler'] as const;
export type Tool = (typeof tools)[number];

export interface Draft {
  readonly cameras: readonly CameraDraft[];
  readonly zones: readonly ZoneDraft[];
}

export interface CameraDraft {
  readonly id: string;
  /** The address as it is told, without a login; one that is left as it was told keeps its login. */
  readonly source: string;
  readonly login?: Login;
  readonly framesPerSecond: number;
  readonly floor: readonly PairDraft[];
}

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** A floor point: where the picture shows it, and where it lies. */
export interface PairDraft {
  readonly key: string;
  readonly pixel: Spot;
  readonly metres: Spot;
  /** The side that was not placed by anybody yet: it is where the present fit would put it, and fits nothing. */
  readonly guessed?: 'pixel' | 'metres';
  /** Left out of the fit to see what it does; it is not saved. */
  readonly isOff?: boolean;
}

export interface ZoneDraft {
  readonly id: string;
  readonly kind: ZoneKind;
  readonly name?: Bilingual;
  /** `floor` for metres, else the camera whose pixels are meant. */
  readonly plane: string;
  /** Of an entrance: its two ends. */
  readonly corners: readonly Spot[];
  /** Of an entrance: a point on its inner side. */
  readonly inside?: Spot;
  readonly places?: number;
  readonly serves?: readonly string[];
}

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export type Selected =
  | { readonly kind: 'zone'; readonly zone: string; readonly corner?: number }
  | { readonly kind: 'pair'; readonly camera: string; readonly pair: string };

export interface Drawing {
  readonly tool: 'zone' | 'entrance';
  readonly plane: string;
  readonly corners: readonly Spot[];
}

export const deeds = [
  'move-corner',
  'add-corner',
  'remove-corner',
  'move-zone',
  'new-zone',
  'remove-zone',
  'flip',
  'kind',
  'name',
  'places',
  'move-point',
  'add-point',
  'remove-point',
  'use-point',
  'source',
  'to-metres',
  'drop',
  'take-theirs',
  'put-on-top',
] as const;
export type Deed = (typeof deeds)[number];

/** What was done, so that undoing it can be named. */
export interface Step {
  readonly deed: Deed;
  /** Zone, camera or number of a point that it was about. */
  readonly about: string;
  /** What was so before it. */
  readonly draft: Draft;
  /** More of the same is the same step: a drag, a key held, a word typed. */
  readonly isOpen?: boolean;
}

/** More than anybody takes back by hand; the oldest are let go. */
export const mostSteps = 500;

export const beginEditor = (base: Draft, draft: Draft = base): EditorState => ({
  base,
  draft,
  past: [],
  future: [],
  tool: 'select',
  selected: undefined,
  isPickedUp: false,
  drawing: undefined,
  unlocked: [],
});

const sameStep = (step: Step | undefined, deed: Deed, about: string) =>
  step?.isOpen === true && step.deed === deed && step.about === about;

/** The draft changes by a deed; goes on with the last step while that is open. */
function changed(
  state: EditorState,
  draft: Draft,
  deed: Deed,
  about: string,
  isOpen: boolean = false,
): EditorState {
  if (draft === state.draft) return state;
  const last = state.past.at(-1);
  const step: Step = { deed, about, draft: state.draft, ...(isOpen ? { isOpen } : {}) };
  const past = isOpen && sameStep(last, deed, about) ? state.past : [...state.past, step].slice(-mostSteps);
  return { ...state, draft, past, future: [] };
}

/** What is done next is another step: a pointer is let go, a key comes up, a field is left. */
export function settled(state: EditorState): EditorState {
  const last = state.past.at(-1);
  if (last?.isOpen !== true) return state;
  const { isOpen: _, ...closed } = last;
  return { ...state, past: [...state.past.slice(0, -1), closed] };
}

export function undo(state: EditorState): EditorState {
  // What is being drawn goes first, corner by corner: it is no step yet.
  if (state.drawing !== undefined) return backOne(state);
  const step = state.past.at(-1);
  if (step === undefined) return state;
  const { isOpen: _, draft, ...name } = step;
  return standing({
    ...state,
    draft,
    isPickedUp: false,
    past: state.past.slice(0, -1),
    future: [...state.future, { ...name, draft: state.draft }],
  });
}

export function redo(state: EditorState): EditorState {
  const step = state.future.at(-1);
  if (step === undefined) return state;
  const { draft, ...name } = step;
  return standing({
    ...state,
    draft,
    isPickedUp: false,
    drawing: undefined,
    future: state.future.slice(0, -1),
    past: [...state.past, { ...name, draft: state.draft }],
  });
}

/** What is selected may be gone, or have fewer corners. */
function standing(state: EditorState): EditorState {
  const { selected } = state;
  if (selected === undefined) return state;
  if (selected.kind === 'pair') {
    return pairOf(state.draft, selected) === undefined
      ? { ...state, selected: undefined, isPickedUp: false }
      : state;
  }
  const zone = zoneOf(state.draft, selected.zone);
  if (zone === undefined) return { ...state, selected: undefined, isPickedUp: false };
  if (selected.corner !== undefined && selected.corner >= zone.corners.length) {
    return { ...state, selected: { kind: 'zone', zone: zone.id }, isPickedUp: false };
  }
  return state;
}

export const zoneOf = (draft: Draft, id: string | undefined): ZoneDraft | undefined =>
  draft.zones.find((zone) => zone.id === id);
export const cameraOf = (draft: Draft, id: string): CameraDraft | undefined =>
  draft.cameras.find((camera) => camera.id === id);
export const pairOf = (
  draft: Draft,
  { camera, pair }: { readonly camera: string; readonly pair: string },
): PairDraft | undefined => cameraOf(draft, camera)?.floor.find(({ key }) => key === pair);

const withZone = (draft: Draft, id: string, next: (zone: ZoneDraft) => ZoneDraft): Draft => ({
  ...draft,
  zones: draft.zones.map((zone) => (zone.id === id ? next(zone) : zone)),
});
const withCamera = (draft: Draft, id: string, next: (camera: CameraDraft) => CameraDraft): Draft => ({
  ...draft,
  cameras: draft.cameras.map((camera) => (camera.id === id ? next(camera) : camera)),
});
const withPairs = (
  draft: Draft,
  id: string,
  next: (pairs: readonly PairDraft[]) => readonly PairDraft[],
): Draft => withCamera(draft, id, (camera) => ({ ...camera, floor: next(camera.floor) }));

// Choosing

export const chooseTool = (state: EditorState, tool: Tool): EditorState => ({
  ...state,
  tool,
  drawing: undefined,
  isPickedUp: false,
});

export const select = (state: EditorState, selected: Selected | undefined): EditorState => ({
  ...state,
  selected,
  isPickedUp: false,
});

/** What is selected hangs on the pointer until the next click. */
export const pickUp = (state: EditorState, selected: Selected): EditorState => ({
  ...state,
  selected,
  isPickedUp: true,
});

/** Escape: lets go of what is in hand, then of what is being drawn, then of what is selected. */
export function letGo(state: EditorState): EditorState {
  if (state.drawing !== undefined) return { ...state, drawing: undefined };
  if (state.isPickedUp) return { ...state, isPickedUp: false };
  if (state.tool !== 'select') return { ...state, tool: 'select' };
  return { ...state, selected: undefined };
}

/** The next or previous corner of all zones, or of the selected one. */
export function stepCorner(state: EditorState, by: 1 | -1): EditorState {
  const { selected } = state;
  const zone = selected?.kind === 'zone' ? zoneOf(state.draft, selected.zone) : state.draft.zones[0];
  if (zone === undefined) return state;
  const count = zone.corners.length;
  const at = selected?.kind === 'zone' && selected.corner !== undefined ? selected.corner : by > 0 ? -1 : 0;
  return select(state, { kind: 'zone', zone: zone.id, corner: (at + by + count) % count });
}

/** The next or previous point of a camera's floor. */
export function stepPair(state: EditorState, camera: string, by: 1 | -1): EditorState {
  const pairs = cameraOf(state.draft, camera)?.floor ?? [];
  if (pairs.length === 0) return state;
  const { selected } = state;
  const at = selected?.kind === 'pair' ? pairs.findIndex(({ key }) => key === selected.pair) : -1;
  const next = pairs[at < 0 ? 0 : (at + by + pairs.length) % pairs.length]!;
  return select(state, { kind: 'pair', camera, pair: next.key });
}

export const toggleLock = (state: EditorState, zone: string): EditorState => ({
  ...state,
  unlocked: state.unlocked.includes(zone)
    ? state.unlocked.filter((one) => one !== zone)
    : [...state.unlocked, zone],
});

// Drawing

/** Places a corner of what is being drawn; an entrance is done with its second end. */
export function place(state: EditorState, plane: string, at: Spot, insideTowards: Spot): EditorState {
  if (state.tool !== 'zone' && state.tool !== 'entrance') return state;
  const before = state.drawing?.plane === plane ? state.drawing.corners : [];
  const last = before.at(-1);
  // A second click on the same spot is the same corner: it would make an edge of no length.
  if (last !== undefined && last.x === at.x && last.y === at.y) return state;
  const drawing: Drawing = { tool: state.tool, plane, corners: [...before, at] };
  if (state.tool === 'entrance' && drawing.corners.length === 2) {
    return finish({ ...state, drawing }, insideTowards);
  }
  return { ...state, drawing };
}

/** Takes back the last corner of what is being drawn. */
function backOne(state: EditorState): EditorState {
  const { drawing } = state;
  if (drawing === undefined) return state;
  const corners = drawing.corners.slice(0, -1);
  return { ...state, drawing: corners.length === 0 ? undefined : { ...drawing, corners } };
}

/** Whether what is being drawn can be finished. */
export const canFinish = ({ drawing }: EditorState): boolean =>
  drawing !== undefined && drawing.corners.length >= (drawing.tool === 'entrance' ? 2 : 3);

/** What is drawn becomes a zone: selected, locked, with a name to be given. */
export function finish(state: EditorState, insideTowards: Spot): EditorState {
  const { drawing, draft } = state;
  if (drawing === undefined || !canFinish(state)) return state;
  const kind: ZoneKind = drawing.tool === 'entrance' ? 'entrance' : 'queue';
  const id = freeId(draft, kind === 'entrance' ? 'door' : kind);
  const zone: ZoneDraft = {
    id,
    kind,
    plane: drawing.plane,
    corners: drawing.corners,
    ...(kind === 'entrance' ? { inside: insideOf(drawing.corners, insideTowards, drawing.plane) } : {}),
  };
  return {
    ...changed(state, { ...draft, zones: [...draft.zones, zone] }, 'new-zone', id),
    drawing: undefined,
    tool: 'select',
    selected: { kind: 'zone', zone: id },
  };
}

/** An id that no zone has: `queue`, `queue-2`. `hall` means outside all zones, and is no kind. */
export function freeId(draft: Draft, stem: string): string {
  const taken = new Set(draft.zones.map(({ id }) => id));
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? stem : `${stem}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/** How far a door's inner point stands from its line: a step. In pixels it is as good as any. */
const insideBy = (plane: string) => (plane === floorPlane ? 1 : 60);

/** The point a step from the middle of a line, on the side of another point. */
export function insideOf(corners: readonly Spot[], towards: Spot, plane: string): Spot {
  const [from, to] = [corners[0]!, corners[1]!];
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const side = (towards.x - from.x) * -dy + (towards.y - from.y) * dx < 0 ? -1 : 1;
  const by = side * insideBy(plane);
  return rounded(
    { x: (from.x + to.x) / 2 - (by * dy) / length, y: (from.y + to.y) / 2 + (by * dx) / length },
    plane,
  );
}

// Changing zones

/** Metres to a centimetre, pixels to a tenth: what the file holds. */
export function rounded({ x, y }: Spot, plane: string): Spot {
  const parts = plane === floorPlane ? 100 : 10;
  const part = (value: number) => Math.round(value * parts) / parts || 0;
  return { x: part(x), y: part(y) };
}

/** A corner of a zone, or an end of an entrance, goes somewhere. The inner side goes with its line. */
export function moveCorner(
  state: EditorState,
  id: string,
  corner: number,
  to: Spot,
  isOpen = true,
): EditorState {
  const zone = zoneOf(state.draft, id);
  const was = zone?.corners[corner];
  if (zone === undefined || was === undefined) return state;
  const at = rounded(to, zone.plane);
  if (at.x === was.x && at.y === was.y) return state;
  const corners = zone.corners.map((one, index) => (index === corner ? at : one));
  const next: ZoneDraft = { ...zone, corners, ...alongWithLine(zone, corners) };
  return changed(
    state,
    withZone(state.draft, id, () => next),
    'move-corner',
    id,
    isOpen,
  );
}

/** The inner point of an entrance whose line has moved: as far from the middle as before, on the same side. */
function alongWithLine(zone: ZoneDraft, corners: readonly Spot[]): { inside?: Spot } {
  if (zone.inside === undefined || zone.corners.length < 2) return {};
  const [from, to] = [zone.corners[0]!, zone.corners[1]!];
  const [newFrom, newTo] = [corners[0]!, corners[1]!];
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const newLength = Math.hypot(newTo.x - newFrom.x, newTo.y - newFrom.y);
  if (length === 0 || newLength === 0) return { inside: zone.inside };
  const depth =
    ((zone.inside.x - from.x) * -(to.y - from.y) + (zone.inside.y - from.y) * (to.x - from.x)) / length;
  const middle = { x: (newFrom.x + newTo.x) / 2, y: (newFrom.y + newTo.y) / 2 };
  return {
    inside: rounded(
      {
        x: middle.x - (depth * (newTo.y - newFrom.y)) / newLength,
        y: middle.y + (depth * (newTo.x - newFrom.x)) / newLength,
      },
      zone.plane,
    ),
  };
}

/** Where a press near a zone's outline puts a new corner: on the nearest edge, by distance. */
export function insertCorner(state: EditorState, id: string, near: Spot): EditorState {
  const zone = zoneOf(state.draft, id);
  if (zone === undefined || zone.kind === 'entrance' || zone.corners.length >= mostCorners) return state;
  const { edge, at } = nearestEdge(zone.corners, near);
  const corner = rounded(at, zone.plane);
  const corners = [...zone.corners.slice(0, edge + 1), corner, ...zone.corners.slice(edge + 1)];
  return {
    ...changed(
      state,
      withZone(state.draft, id, (one) => ({ ...one, corners })),
      'add-corner',
      id,
    ),
    selected: { kind: 'zone', zone: id, corner: edge + 1 },
  };
}

export const mostCorners = 64;

/** A corner in the middle of the edge that begins at one. */
export function insertAfter(state: EditorState, id: string, corner: number): EditorState {
  const zone = zoneOf(state.draft, id);
  const [from, to] = [zone?.corners[corner], zone?.corners[(corner + 1) % zone.corners.length]];
  if (zone === undefined || zone.kind === 'entrance' || from === undefined || to === undefined) return state;
  if (zone.corners.length >= mostCorners) return state;
  const middle = rounded({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, zone.plane);
  const corners = [...zone.corners.slice(0, corner + 1), middle, ...zone.corners.slice(corner + 1)];
  return {
    ...changed(
      state,
      withZone(state.draft, id, (one) => ({ ...one, corners })),
      'add-corner',
      id,
    ),
    selected: { kind: 'zone', zone: id, corner: corner + 1 },
  };
}

/** Takes a corner out; an area keeps three, and an entrance its two ends. */
export function removeCorner(state: EditorState, id: string, corner: number): EditorState {
  const zone = zoneOf(state.draft, id);
  if (zone === undefined || zone.kind === 'entrance' || zone.corners.length <= 3) return state;
  if (zone.corners[corner] === undefined) return state;
  const corners = zone.corners.filter((_, index) => index !== corner);
  const draft = withZone(state.draft, id, (one) => ({ ...one, corners }));
  return standing({
    ...changed(state, draft, 'remove-corner', id),
    selected: { kind: 'zone', zone: id },
    isPickedUp: false,
  });
}

export function removeZone(state: EditorState, id: string): EditorState {
  if (zoneOf(state.draft, id) === undefined) return state;
  const draft = { ...state.draft, zones: state.draft.zones.filter((zone) => zone.id !== id) };
  return standing(changed(state, draft, 'remove-zone', id));
}

/** A zone goes somewhere as a whole, if it is not locked. */
export function moveZone(state: EditorState, id: string, by: Spot): EditorState {
  const zone = zoneOf(state.draft, id);
  if (zone === undefined || !state.unlocked.includes(id) || (by.x === 0 && by.y === 0)) return state;
  const moved = (spot: Spot) => rounded({ x: spot.x + by.x, y: spot.y + by.y }, zone.plane);
  const next: ZoneDraft = {
    ...zone,
    corners: zone.corners.map(moved),
    ...(zone.inside === undefined ? {} : { inside: moved(zone.inside) }),
  };
  return changed(
    state,
    withZone(state.draft, id, () => next),
    'move-zone',
    id,
    true,
  );
}

/** The other side of an entrance becomes its inner one. */
export function flip(state: EditorState, id: string): EditorState {
  const zone = zoneOf(state.draft, id);
  if (zone?.inside === undefined || zone.corners.length < 2) return state;
  const [from, to] = [zone.corners[0]!, zone.corners[1]!];
  const { inside } = zone;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length === 0) return state;
  const depth = ((inside.x - from.x) * -(to.y - from.y) + (inside.y - from.y) * (to.x - from.x)) / length;
  const flipped = rounded(
    {
      x: inside.x + (2 * depth * (to.y - from.y)) / length,
      y: inside.y - (2 * depth * (to.x - from.x)) / length,
    },
    zone.plane,
  );
  return changed(
    state,
    withZone(state.draft, id, (one) => ({ ...one, inside: flipped })),
    'flip',
    id,
  );
}

/** An area becomes another kind of area; an entrance is a line, and stays one. */
export function changeKind(state: EditorState, id: string, kind: ZoneKind): EditorState {
  const zone = zoneOf(state.draft, id);
  if (zone === undefined || zone.kind === kind || zone.kind === 'entrance' || kind === 'entrance')
    return state;
  const { places, serves, ...rest } = zone;
  const isServed = kind === 'queue' || kind === 'service';
  const next: ZoneDraft = {
    ...rest,
    kind,
    ...(isServed && places !== undefined ? { places } : {}),
    ...(isServed && serves !== undefined ? { serves } : {}),
  };
  return changed(
    state,
    withZone(state.draft, id, () => next),
    'kind',
    id,
  );
}

/** A name is typed, in one language; both empty is the name of the kind. */
export function rename(state: EditorState, id: string, name: Bilingual): EditorState {
  const zone = zoneOf(state.draft, id);
  if (zone === undefined) return state;
  const { name: _, ...rest } = zone;
  const next: ZoneDraft = name.zh === '' && name.en === '' ? rest : { ...rest, name };
  return changed(
    state,
    withZone(state.draft, id, () => next),
    'name',
    id,
    true,
  );
}

/** How many can be served at once; absent: one. */
export function changePlaces(state: EditorState, id: string, places: number | undefined): EditorState {
  const zone = zoneOf(state.draft, id);
  if (zone === undefined || zone.places === places) return state;
  const { places: _, ...rest } = zone;
  const next: ZoneDraft = places === undefined ? rest : { ...rest, places };
  return changed(
    state,
    withZone(state.draft, id, () => next),
    'places',
    id,
    true,
  );
}

/** A zone in a camera's pixels becomes one in metres, now that the camera has a floor. */
export function toMetres(
  state: EditorState,
  id: string,
  { corners, inside }: { readonly corners: readonly Spot[]; readonly inside?: Spot | undefined },
): EditorState {
  const zone = zoneOf(state.draft, id);
  if (zone === undefined || zone.plane === floorPlane) return state;
  const next: ZoneDraft = {
    ...zone,
    plane: floorPlane,
    corners: corners.map((corner) => rounded(corner, floorPlane)),
    ...(inside === undefined ? {} : { inside: rounded(inside, floorPlane) }),
  };
  return changed(
    state,
    withZone(state.draft, id, () => next),
    'to-metres',
    id,
  );
}

/** All that was drawn is dropped, in one step that can be undone. */
export const dropAll = (state: EditorState): EditorState =>
  standing({ ...changed(state, state.base, 'drop', ''), drawing: undefined, isPickedUp: false });

// Floor points

export type Side = 'pixel' | 'metres';

/**
 * A floor point is placed on one side. It stands on both at once: on the other where the present fit would put it.
 * If the last one awaits just this side, it is that one which is placed.
 */
export function placePoint(
  state: EditorState,
  camera: string,
  side: Side,
  at: Spot,
  partner: Spot,
  key: string,
): EditorState {
  const waiting = cameraOf(state.draft, camera)?.floor.find(({ guessed }) => guessed === side);
  if (waiting !== undefined) {
    return movePoint(
      select(state, { kind: 'pair', camera, pair: waiting.key }),
      camera,
      waiting.key,
      side,
      at,
      false,
    );
  }
  const pair: PairDraft =
    side === 'pixel'
      ? { key, pixel: rounded(at, camera), metres: rounded(partner, 'floor'), guessed: 'metres' }
      : { key, pixel: rounded(partner, camera), metres: rounded(at, 'floor'), guessed: 'pixel' };
  const pairs = cameraOf(state.draft, camera)?.floor ?? [];
  if (pairs.length >= mostPoints) return state;
  const draft = withPairs(state.draft, camera, (before) => [...before, pair]);
  return {
    ...changed(state, draft, 'add-point', String(pairs.length + 1)),
    selected: { kind: 'pair', camera, pair: key },
    isPickedUp: false,
  };
}

export const mostPoints = 64;

const numberOf = (draft: Draft, camera: string, pair: string): string =>
  String((cameraOf(draft, camera)?.floor.findIndex(({ key }) => key === pair) ?? -1) + 1);

/** One side of a floor point goes somewhere; a side that was guessed is placed by that. */
export function movePoint(
  state: EditorState,
  camera: string,
  pair: string,
  side: Side,
  to: Spot,
  isOpen = true,
): EditorState {
  const was = pairOf(state.draft, { camera, pair });
  if (was === undefined) return state;
  const at = rounded(to, side === 'pixel' ? camera : 'floor');
  if (was[side].x === at.x && was[side].y === at.y && was.guessed !== side) return state;
  const { guessed, ...rest } = was;
  const next: PairDraft = {
    ...rest,
    [side]: at,
    ...(guessed === undefined || guessed === side ? {} : { guessed }),
  };
  const draft = withPairs(state.draft, camera, (pairs) =>
    pairs.map((one) => (one.key === pair ? next : one)),
  );
  return changed(state, draft, 'move-point', numberOf(state.draft, camera, pair), isOpen);
}

/** What the fit says of the side that nobody has placed: it moves with the fit, and is no step. */
export function guess(state: EditorState, camera: string, pair: string, at: Spot): EditorState {
  const was = pairOf(state.draft, { camera, pair });
  if (was?.guessed === undefined) return state;
  const side = was.guessed;
  const to = rounded(at, side === 'pixel' ? camera : 'floor');
  if (was[side].x === to.x && was[side].y === to.y) return state;
  return {
    ...state,
    draft: withPairs(state.draft, camera, (pairs) =>
      pairs.map((one) => (one.key === pair ? { ...one, [side]: to } : one)),
    ),
  };
}

/** The guess is right. */
export function acceptGuess(state: EditorState, camera: string, pair: string): EditorState {
  const was = pairOf(state.draft, { camera, pair });
  return was?.guessed === undefined
    ? state
    : movePoint(state, camera, pair, was.guessed, was[was.guessed], false);
}

export function removePoint(state: EditorState, camera: string, pair: string): EditorState {
  if (pairOf(state.draft, { camera, pair }) === undefined) return state;
  const draft = withPairs(state.draft, camera, (pairs) => pairs.filter(({ key }) => key !== pair));
  return standing(changed(state, draft, 'remove-point', numberOf(state.draft, camera, pair)));
}

/** A point is left out of the fit, or taken in again. */
export function usePoint(state: EditorState, camera: string, pair: string, isUsed: boolean): EditorState {
  if (pairOf(state.draft, { camera, pair }) === undefined) return state;
  const draft = withPairs(state.draft, camera, (pairs) =>
    pairs.map((one) => {
      if (one.key !== pair) return one;
      const { isOff: _, ...rest } = one;
      return isUsed ? rest : { ...rest, isOff: true };
    }),
  );
  return changed(state, draft, 'use-point', numberOf(state.draft, camera, pair));
}

/** The points that make the fit. */
export const usedPairs = (pairs: readonly PairDraft[]): readonly PairDraft[] =>
  pairs.filter(({ guessed, isOff }) => guessed === undefined && isOff !== true);

/** A camera gets another address, and perhaps a login with it. */
export function changeSource(
  state: EditorState,
  camera: string,
  to: { readonly source: string; readonly login?: Login },
): EditorState {
  if (cameraOf(state.draft, camera) === undefined) return state;
  const draft = withCamera(state.draft, camera, ({ login: _, ...rest }) => ({ ...rest, ...to }));
  return changed(state, draft, 'source', camera, true);
}

// By keys

/** What is selected goes by so much: metres on the floor, pixels on the plate. */
export function nudge(state: EditorState, by: Spot, side: Side): EditorState {
  const { selected } = state;
  if (selected === undefined) return state;
  if (selected.kind === 'pair') {
    const pair = pairOf(state.draft, selected);
    if (pair === undefined) return state;
    const at = pair[side];
    return movePoint(state, selected.camera, selected.pair, side, { x: at.x + by.x, y: at.y + by.y });
  }
  if (selected.corner === undefined) return moveZone(state, selected.zone, by);
  const at = zoneOf(state.draft, selected.zone)?.corners[selected.corner];
  return at === undefined
    ? state
    : moveCorner(state, selected.zone, selected.corner, { x: at.x + by.x, y: at.y + by.y });
}

/** Delete: the corner in hand, else the zone or the point. */
export function removeSelected(state: EditorState): EditorState {
  const { selected } = state;
  if (selected === undefined) return state;
  if (selected.kind === 'pair') return removePoint(state, selected.camera, selected.pair);
  if (selected.corner === undefined) return removeZone(state, selected.zone);
  return removeCorner(state, selected.zone, selected.corner);
}

/** How deep inside an entrance its inner point is; positive by definition, so that a door can be told from a mistake. */
export const depthOf = ({ corners, inside }: ZoneDraft): number =>
  inside === undefined || corners.length < 2
    ? 0
    : placeAtDoor({ from: corners[0]!, to: corners[1]!, inside }, inside).depth;
