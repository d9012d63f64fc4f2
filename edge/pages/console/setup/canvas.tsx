import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FloorPersonPayload } from '../../../../src/contract/live.ts';
import type { PlateProgress } from '../../../../src/contract/setup.ts';
import { floorPlane } from '../../../../src/core/floor/zones.ts';
import type { FloorView } from '../../../../src/core/geometry/homography.ts';
import { contains } from '../../../../src/core/geometry/polygon.ts';
import type { FloorFit } from '../../../../src/core/setup/floor-fit.ts';
import { metresPerPixel } from '../../../../src/core/setup/floor-fit.ts';
import { Mark } from '../live/floor.tsx';
import type { Language } from '../words.ts';
import type { Mark as CheckMark } from './checks.ts';
import { type Frame, gridLines, horizon, type Lens, lensOf, meant, outline, pathOf, seen } from './lens.ts';
import { coordinate, length, nameOf } from './names.ts';
import { distanceOf, middleOf, nearestEdge, type SnapKind, type Spot, snap } from './shape.ts';
import {
  acceptGuess,
  cameraOf,
  canFinish,
  type EditorState,
  finish,
  insertCorner,
  moveCorner,
  movePoint,
  moveZone,
  nudge,
  pairOf,
  pickUp,
  place,
  placePoint,
  removeCorner,
  removePoint,
  type Selected,
  select,
  settled,
  stepCorner,
  stepPair,
  toggleLock,
  type ZoneDraft,
  zoneOf,
} from './state.ts';
import { say } from './words.ts';

export type Change = (next: (before: EditorState) => EditorState) => void;

/** Two spots between which something is measured, in the coordinates of the picture they were clicked on. */
export interface Ruler {
  readonly side: Lens['side'];
  readonly from: Spot;
  readonly to?: Spot | undefined;
}

interface Parts {
  readonly side: Lens['side'];
  readonly camera: string;
  readonly frame: Frame;
  /** The stretch of floor that is shown: grid lines go no further. */
  readonly floor: Frame;
  readonly state: EditorState;
  readonly change: Change;
  /** What is edited here; `look`: nothing. */
  readonly edits: 'points' | 'zones' | 'look';
  readonly view: FloorView | undefined;
  readonly fit?: FloorFit | undefined;
  readonly plate?: PlateProgress | undefined;
  readonly language: Language;
  readonly isSnapping: boolean;
  readonly isZoomHeld: boolean;
  readonly ruler?: Ruler | undefined;
  readonly onRuler?: ((ruler: Ruler | undefined) => void) | undefined;
  readonly people?: readonly FloorPersonPayload[];
  readonly marks?: readonly CheckMark[];
  /** What cannot be done where the pointer is; the hint line says it. */
  readonly onTrouble?: (trouble: 'hintSky' | 'hintNoFloor' | undefined) => void;
  /** Where the other side of a new point may be. */
  readonly partnerOf?: (side: 'pixel' | 'metres', at: Spot) => Spot;
}

/** A grip is taken within these of its middle: 24 px across for a mouse, more for a finger. */
const mouseReach = 12;
const fingerReach = 22;
const edgeReach = 10;
const snapReach = 10;
/** A pointer that moves less than this has clicked. */
const dragFrom = 4;
const longPressMs = 600;
const zoomBy = 3;
const loupeBy = 4;
const loupeSize = 132;

interface Grip {
  readonly target: Selected;
  readonly at: Spot;
}

interface Down {
  readonly target: Selected | { readonly kind: 'whole'; readonly zone: string };
  readonly start: Spot;
  readonly wasPicked: boolean;
  last: Spot | undefined;
  hasMoved: boolean;
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * One of the two pictures that are drawn on: the plate or the plan. Whatever is dragged can be pressed and placed by
 * a second press, typed, or moved by arrow keys. One tab stop; inside, Tab goes from mark to mark and leaves at the
 * last one.
 */
export function Canvas(parts: Parts) {
  const { side, camera, state, change, edits, view, language, plate } = parts;
  const holder = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 560, height: 400 });
  const [pointer, setPointer] = useState<Spot>();
  const [leaned, setLeaned] = useState<SnapKind>();
  const down = useRef<Down | undefined>(undefined);
  const isFree = useRef(false);
  useLayoutEffect(() => {
    const { current } = holder;
    if (current === null) return;
    const measure = () => setSize({ width: current.clientWidth, height: current.clientHeight });
    const watching = new ResizeObserver(measure);
    watching.observe(current);
    measure();
    return () => watching.disconnect();
  }, []);
  useEffect(() => () => clearTimeout(down.current?.timer), []);

  const { frame } = parts;
  const lens = lensOf(side, frame, size, {
    ...(side === 'pixel' ? { camera } : {}),
    view,
    zoom: parts.isZoomHeld && pointer !== undefined ? { by: zoomBy, around: pointer } : undefined,
  });
  const { draft, selected, tool, drawing } = state;
  const pairs = cameraOf(draft, camera)?.floor ?? [];
  const zones = draft.zones.filter(
    ({ plane }) => plane === floorPlane || (side === 'pixel' && plane === camera),
  );
  const showsPairs = edits === 'points' || tool === 'point';
  /** A zone is drawn on the floor if there is one, else in the camera's pixels. */
  const drawnPlane = side === 'metres' || view !== undefined ? floorPlane : camera;

  const grips: Grip[] = [];
  if (showsPairs) {
    for (const pair of pairs) {
      grips.push({ target: { kind: 'pair', camera, pair: pair.key }, at: lens.toScreen(pair[side]) });
    }
  }
  if (edits === 'zones' && tool !== 'point') {
    for (const zone of zones) {
      for (const [corner, spot] of zone.corners.entries()) {
        const at = seen(lens, zone.plane, spot);
        if (at !== undefined) grips.push({ target: { kind: 'zone', zone: zone.id, corner }, at });
      }
    }
  }
  const isSelected = ({ target }: Grip) =>
    target.kind === 'zone'
      ? selected?.kind === 'zone' && selected.zone === target.zone
      : selected?.kind === 'pair' && selected.pair === target.pair;
  const gripAt = (at: Spot, reach: number): Grip | undefined =>
    grips
      .filter((grip) => distanceOf(grip.at, at) <= reach)
      .sort(
        (a, b) =>
          Number(isSelected(b)) - Number(isSelected(a)) || distanceOf(a.at, at) - distanceOf(b.at, at),
      )[0];
  const selectedZone = selected?.kind === 'zone' ? zoneOf(draft, selected.zone) : undefined;
  const ghostAt = (at: Spot | undefined): Spot | undefined => {
    if (at === undefined || edits !== 'zones' || tool !== 'select' || state.isPickedUp) return undefined;
    if (selectedZone === undefined || selectedZone.kind === 'entrance') return undefined;
    if (gripAt(at, mouseReach) !== undefined) return undefined;
    const spots = selectedZone.corners.map((corner) => seen(lens, selectedZone.plane, corner));
    if (spots.some((spot) => spot === undefined)) return undefined;
    const near = nearestEdge(spots as Spot[], at);
    return near.distance <= edgeReach ? near.at : undefined;
  };
  /** The lock on the selected zone: one press opens it. */
  const lockAt = (): Spot | undefined => {
    if (selectedZone === undefined) return undefined;
    const spots = outline(lens, selectedZone.plane, selectedZone.corners, selectedZone.kind !== 'entrance');
    if (spots.length < 2) return undefined;
    const { x, y } = nameSpot(selectedZone, lens, spots);
    return { x, y: y + 16 };
  };
  const zoneAt = (at: Spot): ZoneDraft | undefined => {
    const inside = zones.filter((zone) => {
      const spots = outline(lens, zone.plane, zone.corners, zone.kind !== 'entrance');
      if (zone.kind === 'entrance') return spots.length === 2 && nearestEdge(spots, at).distance <= edgeReach;
      return spots.length > 2 && contains(spots, at);
    });
    return inside.find(({ id }) => selected?.kind === 'zone' && id === selected.zone) ?? inside.at(-1);
  };

  /** How far ten pixels of the screen are on a plane, at a spot. */
  const withinOf = (plane: string, spot: Spot): number => {
    const own = snapReach / lens.scale;
    return side === 'pixel' && plane === floorPlane && view !== undefined
      ? own * Math.min(1, metresPerPixel(view, spot))
      : own;
  };
  const snapped = (
    from: EditorState,
    plane: string,
    spot: Spot,
    own: { readonly zone?: string; readonly corner?: number } = {},
  ): { readonly at: Spot; readonly on?: SnapKind } => {
    if (!parts.isSnapping || isFree.current) return { at: spot };
    const zone = zoneOf(from.draft, own.zone);
    const others = from.draft.zones.filter((one) => one.plane === plane && one.id !== own.zone);
    const corners = zone?.corners ?? from.drawing?.corners ?? [];
    const count = corners.length;
    const around =
      zone === undefined
        ? [
            [count - 1, count - 2],
            [0, 1],
          ].filter(([near]) => count > 0 && near! >= 0)
        : count > 2
          ? [
              [(own.corner! + count - 1) % count, (own.corner! + count - 2) % count],
              [(own.corner! + 1) % count, (own.corner! + 2) % count],
            ]
          : [[1 - own.corner!, -1]];
    return snap(spot, {
      outlines: others.map(({ corners: spots }) => spots),
      neighbours: around.map(([near]) => corners[near!]!).filter((one) => one !== undefined),
      beyond: around.map(([, far]) => corners[far!]),
      within: withinOf(plane, spot),
    });
  };

  const floorMiddle = middleOf(
    pairs.length > 0 ? pairs.map(({ metres }) => metres) : zones.flatMap(({ corners }) => corners),
  );
  const pictureMiddle = { x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2 };
  const middleOn = (plane: string) => (plane === floorPlane ? floorMiddle : pictureMiddle);

  const carry = (target: Selected, at: Spot): void => {
    if (target.kind === 'pair') {
      change((before) => movePoint(before, camera, target.pair, side, lens.fromScreen(at)));
      return;
    }
    const zone = zoneOf(draft, target.zone);
    if (zone === undefined || target.corner === undefined) return;
    const spot = meant(lens, zone.plane, at);
    parts.onTrouble?.(spot === undefined ? 'hintSky' : undefined);
    if (spot === undefined) return;
    const found = snapped(state, zone.plane, spot, { zone: zone.id, corner: target.corner });
    setLeaned(found.on);
    change((before) => moveCorner(before, target.zone, target.corner!, found.at));
  };

  const spotOf = (event: MouseEvent): Spot => {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  function press(event: PointerEvent): void {
    if (event.button !== 0 || edits === 'look') return;
    const at = spotOf(event);
    isFree.current = event.ctrlKey;
    setPointer(at);
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const reach = event.pointerType === 'mouse' ? mouseReach : fingerReach;
    if (tool === 'ruler') {
      const own = lens.fromScreen(at);
      const open = parts.ruler?.side === side && parts.ruler.to === undefined ? parts.ruler : undefined;
      parts.onRuler?.(open === undefined ? { side, from: own } : { ...open, to: own });
      return;
    }
    if (tool === 'zone' || tool === 'entrance') {
      const spot = meant(lens, drawnPlane, at);
      parts.onTrouble?.(spot === undefined ? 'hintSky' : undefined);
      if (spot === undefined) return;
      change((before) => {
        const first = before.drawing?.corners[0];
        const firstAt = first === undefined ? undefined : seen(lens, before.drawing!.plane, first);
        if (canFinish(before) && firstAt !== undefined && distanceOf(firstAt, at) <= reach) {
          return finish(before, middleOn(drawnPlane));
        }
        return place(
          before,
          drawnPlane,
          rounded(snapped(before, drawnPlane, spot).at, drawnPlane),
          middleOn(drawnPlane),
        );
      });
      return;
    }
    const grip = gripAt(at, reach);
    if (grip !== undefined) {
      hold(event, {
        target: grip.target,
        start: at,
        wasPicked: isPicked(grip.target),
        last: at,
        hasMoved: false,
      });
      if (!isPicked(grip.target)) change((before) => select(before, grip.target));
      return;
    }
    if (tool === 'point') {
      const own = lens.fromScreen(at);
      const partner = parts.partnerOf?.(side, own) ?? { x: 0, y: 0 };
      change((before) => placePoint(before, camera, side, own, partner, freeKey(before, camera)));
      return;
    }
    if (state.isPickedUp && selected !== undefined) {
      carry(selected, at);
      change((before) => settled({ ...before, isPickedUp: false }));
      setLeaned(undefined);
      return;
    }
    if (edits !== 'zones') return void change((before) => select(before, undefined));
    const lock = lockAt();
    if (selectedZone !== undefined && lock !== undefined && distanceOf(lock, at) <= reach + 2) {
      return void change((before) => toggleLock(before, selectedZone.id));
    }
    const ghost = ghostAt(at);
    if (ghost !== undefined && selectedZone !== undefined) {
      const spot = meant(lens, selectedZone.plane, ghost);
      if (spot === undefined) return;
      const edge = nearestEdge(
        selectedZone.corners.map((corner) => seen(lens, selectedZone.plane, corner)!),
        at,
      ).edge;
      change((before) => insertCorner(before, selectedZone.id, spot));
      const target: Selected = { kind: 'zone', zone: selectedZone.id, corner: edge + 1 };
      hold(event, { target, start: at, wasPicked: false, last: at, hasMoved: false });
      return;
    }
    const zone = zoneAt(at);
    change((before) => select(before, zone === undefined ? undefined : { kind: 'zone', zone: zone.id }));
    if (zone !== undefined) {
      hold(event, {
        target: { kind: 'whole', zone: zone.id },
        start: at,
        wasPicked: false,
        last: at,
        hasMoved: false,
      });
    }
  }

  const isPicked = (target: Selected) => {
    if (!state.isPickedUp || selected?.kind !== target.kind) return false;
    return target.kind === 'zone'
      ? selected.kind === 'zone' && selected.zone === target.zone && selected.corner === target.corner
      : selected.kind === 'pair' && selected.pair === target.pair;
  };

  function hold(event: PointerEvent, next: Down): void {
    down.current = next;
    if (event.pointerType === 'mouse' || next.target.kind === 'whole') return;
    const { target } = next;
    next.timer = setTimeout(() => {
      if (down.current !== next || next.hasMoved) return;
      down.current = undefined;
      remove(target);
    }, longPressMs);
  }

  function remove(target: Selected): void {
    if (target.kind === 'pair') change((before) => removePoint(before, camera, target.pair));
    else if (target.corner !== undefined)
      change((before) => removeCorner(before, target.zone, target.corner!));
  }

  function move(event: PointerEvent): void {
    const at = spotOf(event);
    isFree.current = event.ctrlKey;
    setPointer(at);
    const held = down.current;
    if (held === undefined) return;
    if (!held.hasMoved && distanceOf(held.start, at) < dragFrom) return;
    held.hasMoved = true;
    clearTimeout(held.timer);
    const { target } = held;
    if (target.kind !== 'whole') return void carry(target, at);
    const zone = zoneOf(draft, target.zone);
    if (zone === undefined || held.last === undefined) return;
    const [from, to] = [meant(lens, zone.plane, held.last), meant(lens, zone.plane, at)];
    if (from === undefined || to === undefined) return;
    held.last = at;
    change((before) => moveZone(before, target.zone, { x: to.x - from.x, y: to.y - from.y }));
  }

  function release(): void {
    const held = down.current;
    down.current = undefined;
    clearTimeout(held?.timer);
    setLeaned(undefined);
    if (held === undefined) return;
    const { target } = held;
    if (held.hasMoved) return void change((before) => settled({ ...before, isPickedUp: false }));
    if (target.kind === 'whole') return;
    change((before) => (held.wasPicked ? { ...before, isPickedUp: false } : pickUp(before, target)));
  }

  function key(event: KeyboardEvent): void {
    if (edits === 'look' || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Tab') return void tab(event);
    if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      change((before) => {
        if (before.drawing !== undefined) return finish(before, middleOn(before.drawing.plane));
        const { selected: chosen } = before;
        if (chosen?.kind === 'pair' && pairOf(before.draft, chosen)?.guessed !== undefined) {
          return acceptGuess(before, chosen.camera, chosen.pair);
        }
        return before;
      });
      return;
    }
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (selected === undefined) {
      return void change((before) =>
        edits === 'points' ? stepPair(before, camera, 1) : stepCorner(before, 1),
      );
    }
    const [x, y] = way as [number, number];
    const plane = selected.kind === 'pair' ? (side === 'pixel' ? camera : floorPlane) : selectedZone?.plane;
    const isPixels = side === 'pixel';
    const step = isPixels
      ? event.shiftKey
        ? 10
        : event.altKey
          ? 0.25
          : 1
      : event.shiftKey
        ? 0.5
        : event.altKey
          ? 0.01
          : 0.05;
    if (isPixels && plane === floorPlane && selectedZone !== undefined) {
      // On the plate a corner goes by pixels of the picture, wherever that is on the floor.
      const corner = selected.kind === 'zone' ? selected.corner : undefined;
      if (corner === undefined) return;
      const now = seen(lens, plane, selectedZone.corners[corner]!);
      const to =
        now && meant(lens, plane, { x: now.x + x * step * lens.scale, y: now.y + y * step * lens.scale });
      if (to !== undefined) change((before) => moveCorner(before, selectedZone.id, corner, to));
      return;
    }
    change((before) => nudge(before, { x: x * step, y: y * step }, side));
  }

  /** Goes from mark to mark; leaves at either end, and when nothing is selected. */
  function tab(event: KeyboardEvent): void {
    if (selected === undefined || grips.length === 0) return;
    const by = event.shiftKey ? -1 : 1;
    const at = grips.findIndex(({ target }) =>
      target.kind === 'pair'
        ? selected.kind === 'pair' && selected.pair === target.pair
        : selected.kind === 'zone' &&
          selected.zone === target.zone &&
          (selected.corner ?? 0) === target.corner,
    );
    const next =
      selected.kind === 'zone' && selected.corner === undefined && by > 0 ? grips[at] : grips[at + by];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    change((before) => select(before, next.target));
  }

  const ghost = ghostAt(pointer);
  const closes =
    drawing !== undefined &&
    canFinish(state) &&
    pointer !== undefined &&
    (() => {
      const first = seen(lens, drawing.plane, drawing.corners[0]!);
      return first !== undefined && distanceOf(first, pointer) <= mouseReach;
    })();
  const isOver = pointer !== undefined;
  const showsLoupe = edits === 'points' && side === 'pixel' && isOver && !parts.isZoomHeld;
  const cursor = tool === 'select' ? (ghost !== undefined ? 'adds' : 'selects') : 'draws';

  return (
    <div class={`canvas-holder ${cursor} ${parts.isZoomHeld ? 'zoomed' : ''}`} ref={holder}>
      <svg
        class={`canvas ${side}`}
        width={size.width}
        height={size.height}
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="application"
        aria-roledescription={say(language, side === 'pixel' ? 'plate' : 'plan')}
        aria-label={say(language, side === 'pixel' ? 'plateLabel' : 'planLabel')}
        tabindex={0}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={release}
        onPointerLeave={() => down.current === undefined && setPointer(undefined)}
        onKeyDown={key}
        onKeyUp={(event) => event.key.startsWith('Arrow') && change(settled)}
        onContextMenu={(event) => {
          if (edits === 'look') return;
          event.preventDefault();
          const grip = gripAt(spotOf(event), mouseReach);
          if (grip !== undefined) remove(grip.target);
        }}
      >
        <defs>
          <pattern
            id={`hatch-${side}`}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <path d="M 0 0 V 6" class="hatch-line" />
          </pattern>
          {side === 'pixel' && (
            <clipPath id="picture-edge">
              <rect
                x={lens.toScreen({ x: frame.left, y: 0 }).x}
                y={lens.toScreen({ x: 0, y: frame.top }).y}
                width={(frame.right - frame.left) * lens.scale}
                height={(frame.bottom - frame.top) * lens.scale}
              />
            </clipPath>
          )}
          <pattern id={`dots-${side}`} width="7" height="7" patternUnits="userSpaceOnUse">
            <circle cx="2" cy="2" r="1.1" class="dot-of-doubt" />
          </pattern>
        </defs>
        <g id={`art-${side}`} class={side}>
          {side === 'pixel' ? (
            <Plate lens={lens} frame={frame} camera={camera} plate={plate} />
          ) : (
            <Doubt {...parts} lens={lens} />
          )}
          <g clip-path={side === 'pixel' ? 'url(#picture-edge)' : undefined}>
            <Grid lens={lens} floor={parts.floor} fit={parts.fit} />
          </g>
          {side === 'pixel' && view !== undefined && (
            <Horizon lens={lens} view={view} frame={frame} language={language} />
          )}
          {zones.map((zone) => (
            <ZoneShape
              key={zone.id}
              zone={zone}
              lens={lens}
              language={language}
              isFaint={edits === 'points'}
              isChosen={edits === 'zones' && zone.id === selectedZone?.id}
              isUnlocked={state.unlocked.includes(zone.id)}
              corner={selected?.kind === 'zone' && selected.zone === zone.id ? selected.corner : undefined}
              isPickedUp={state.isPickedUp}
              hasGrips={edits === 'zones' && tool !== 'point'}
            />
          ))}
          {parts.marks?.map((mark) => (
            <Remark key={mark.key} mark={mark} lens={lens} />
          ))}
          {showsPairs && <Pairs {...parts} lens={lens} />}
          {drawing !== undefined && (
            <Drawn drawing={drawing} lens={lens} pointer={pointer} closes={closes} language={language} />
          )}
          {ghost !== undefined && <circle class="ghost" cx={ghost.x} cy={ghost.y} r={6} />}
          {parts.ruler !== undefined && (
            <Measure ruler={parts.ruler} lens={lens} pointer={pointer} view={view} language={language} />
          )}
          {parts.people?.map((person) => {
            const at = seen(lens, floorPlane, person);
            return at === undefined ? null : (
              <g
                key={person.visit}
                class={`mark ${person.standing}${person.heldSeconds === undefined ? '' : ' held'}`}
                transform={`translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`}
              >
                <Mark person={person} radius={8} target={30} />
              </g>
            );
          })}
        </g>
        {leaned !== undefined && pointer !== undefined && (
          <Tag at={{ x: pointer.x + 14, y: pointer.y - 12 }}>
            {say(language, leaned === 'corner' ? 'snapCorner' : leaned === 'edge' ? 'snapEdge' : 'snapAngle')}
          </Tag>
        )}
        {showsLoupe && <Loupe at={pointer} size={size} />}
      </svg>
    </div>
  );
}

const rounded = (spot: Spot, plane: string): Spot => {
  const parts = plane === floorPlane ? 100 : 10;
  return { x: Math.round(spot.x * parts) / parts || 0, y: Math.round(spot.y * parts) / parts || 0 };
};

/** A key that no point of the camera has. */
function freeKey(state: EditorState, camera: string): string {
  const keys = [state.base, state.draft].flatMap((draft) => cameraOf(draft, camera)?.floor ?? []);
  const most = Math.max(0, ...keys.map((pair) => Number(pair.key) || 0));
  return String(most + 1);
}

function Tag({ at, children }: { readonly at: Spot; readonly children: ComponentChildren }) {
  return (
    <text class="tag" x={at.x} y={at.y}>
      {children}
    </text>
  );
}

/** The empty lobby, grey where no one has left yet. */
function Plate(props: {
  readonly lens: Lens;
  readonly frame: Frame;
  readonly camera: string;
  readonly plate: PlateProgress | undefined;
}) {
  const { lens, frame, camera, plate } = props;
  const from = lens.toScreen({ x: frame.left, y: frame.top });
  const [width, height] = [(frame.right - frame.left) * lens.scale, (frame.bottom - frame.top) * lens.scale];
  const cells = plate?.cells;
  return (
    <>
      <rect class="plate-ground" x={from.x} y={from.y} width={width} height={height} />
      {plate !== undefined && plate.phase !== 'off' && plate.ready > 0 && (
        <image
          href={`/api/v1/setup/cameras/${camera}/plate?r=${plate.revision}`}
          x={from.x}
          y={from.y}
          width={width}
          height={height}
          preserveAspectRatio="none"
        />
      )}
      {cells !== undefined && plate?.phase !== 'ready' && (
        <path class="plate-waiting" d={waitingPath(cells, from, width, height)} />
      )}
    </>
  );
}

function waitingPath(
  { columns, rows, mask }: NonNullable<PlateProgress['cells']>,
  from: Spot,
  width: number,
  height: number,
): string {
  const [w, h] = [width / columns, height / rows];
  let path = '';
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (mask[row * columns + column] === '1') continue;
      path += `M${(from.x + column * w).toFixed(1)} ${(from.y + row * h).toFixed(1)}h${w.toFixed(1)}v${h.toFixed(1)}h${(-w).toFixed(1)}z`;
    }
  }
  return path;
}

/** Where on the plan the picture shows nothing, or a pixel is too much floor. */
function Doubt({ frame, view, plate, lens, state, camera }: Parts & { readonly lens: Lens }) {
  const picture = plate?.picture;
  if (view === undefined) return null;
  const pairs = cameraOf(state.draft, camera)?.floor ?? [];
  const step = 0.5;
  const [unseen, unsure]: [string[], string[]] = [[], []];
  const viewOnly = lensOf(
    'pixel',
    { left: 0, top: 0, right: 1, bottom: 1 },
    { width: 1, height: 1 },
    { camera, view },
  );
  const reach = picture ?? {
    width: Math.max(1, ...pairs.map(({ pixel }) => pixel.x)) * 1.2,
    height: Math.max(1, ...pairs.map(({ pixel }) => pixel.y)) * 1.2,
  };
  for (let y = Math.floor(frame.top); y < frame.bottom; y += step) {
    for (let x = Math.floor(frame.left); x < frame.right; x += step) {
      const middle = { x: x + step / 2, y: y + step / 2 };
      const pixel = seen(viewOnly, floorPlane, middle);
      const isIn =
        pixel !== undefined &&
        pixel.x >= 0 &&
        pixel.y >= 0 &&
        pixel.x <= reach.width &&
        pixel.y <= reach.height;
      const list = !isIn ? unseen : metresPerPixel(view, middle) > 0.1 ? unsure : undefined;
      if (list === undefined) continue;
      const at = lens.toScreen({ x, y });
      const wide = (step * lens.scale).toFixed(1);
      list.push(`M${at.x.toFixed(1)} ${at.y.toFixed(1)}h${wide}v${wide}h-${wide}z`);
    }
  }
  return (
    <>
      <path class="not-seen" fill="url(#hatch-metres)" d={unseen.join('')} />
      <path class="less-sure" fill="url(#dots-metres)" d={unsure.join('')} />
    </>
  );
}

/** A grid of a metre on the floor: solid where it fits, dashed where it is weak, crossed where none does. */
function Grid({
  lens,
  floor,
  fit,
}: {
  readonly lens: Lens;
  readonly floor: Frame;
  readonly fit: FloorFit | undefined;
}) {
  if (lens.side === 'pixel' && lens.view === undefined) {
    if (fit?.state !== 'crossed') return null;
    const [from, to] = [
      { x: 0, y: 0 },
      { x: lens.width, y: lens.height },
    ];
    return (
      <path
        class="grid crossed"
        d={`M ${from.x} ${from.y} L ${to.x} ${to.y} M ${to.x} ${from.y} L ${from.x} ${to.y}`}
      />
    );
  }
  const path = gridLines(floor)
    .map((line) => pathOf(outline(lens, floorPlane, line, false), false))
    .join(' ');
  const look = fit === undefined || lens.side === 'metres' ? 'plain' : lookOf(fit);
  return <path class={`grid ${look}`} d={path} />;
}

export const lookOf = (fit: FloorFit): 'fits' | 'weak' | 'crossed' =>
  fit.state === 'fits' ? 'fits' : fit.state === 'crossed' ? 'crossed' : 'weak';

function Horizon(props: {
  readonly lens: Lens;
  readonly view: FloorView;
  readonly frame: Frame;
  readonly language: Language;
}) {
  const { lens, view, frame, language } = props;
  const line = horizon(view, { width: frame.right, height: frame.bottom });
  if (line === undefined) return null;
  const [from, to] = [lens.toScreen(line[0]), lens.toScreen(line[1])];
  return (
    <>
      <path class="horizon" d={pathOf([from, to], false)} />
      <text class="horizon-name" x={from.x + 8} y={from.y < 20 ? from.y + 16 : from.y - 6}>
        {say(language, 'horizon')}
      </text>
    </>
  );
}

/** Where a zone's name stands: in its middle; a door's outside its line, opposite to whoever walks in. */
function nameSpot(zone: ZoneDraft, lens: Lens, spots: readonly Spot[]): Spot {
  const middle = middleOf(spots);
  const inside = zone.inside && seen(lens, zone.plane, zone.inside);
  if (inside === undefined) return middle;
  const far = distanceOf(middle, inside) || 1;
  return {
    x: middle.x - ((inside.x - middle.x) / far) * 30,
    y: middle.y - ((inside.y - middle.y) / far) * 30,
  };
}

function ZoneShape(props: {
  readonly zone: ZoneDraft;
  readonly lens: Lens;
  readonly language: Language;
  readonly isFaint: boolean;
  readonly isChosen: boolean;
  readonly isUnlocked: boolean;
  readonly corner: number | undefined;
  readonly isPickedUp: boolean;
  readonly hasGrips: boolean;
}) {
  const { zone, lens, language, isChosen, corner } = props;
  const isDoor = zone.kind === 'entrance';
  const spots = outline(lens, zone.plane, zone.corners, !isDoor);
  if (spots.length < 2) return null;
  const middle = middleOf(spots);
  const inside = zone.inside && seen(lens, zone.plane, zone.inside);
  const name = nameOf(zone, language);
  const named = nameSpot(zone, lens, spots);
  return (
    <g class={`drawn-zone ${zone.kind} ${isChosen ? 'chosen' : ''} ${props.isFaint ? 'faint' : ''}`}>
      <path class="shape" d={pathOf(spots, !isDoor)} />
      {isDoor && inside !== undefined && (
        <Inwards middle={middle} inside={inside} language={language} isNamed={!props.isFaint} />
      )}
      <text class="zone-name" x={named.x} y={named.y}>
        {name}
      </text>
      {isChosen && (
        <g class="zone-lock" transform={`translate(${(named.x - 7).toFixed(1)} ${(named.y + 8).toFixed(1)})`}>
          <rect class="reach" x={-6} y={-4} width={26} height={24} />
          <path
            class="lock-bow"
            d={props.isUnlocked ? 'M 3 7 V 4.5 A 4 4 0 0 1 10.5 2.5' : 'M 3 7 V 4.5 A 4 4 0 0 1 11 4.5 V 7'}
          />
          <rect class="lock-body" x={1} y={7} width={12} height={9} rx={2} />
          <text class="lock-word" x={19} y={15}>
            {say(language, props.isUnlocked ? 'unlocked' : 'locked')}
          </text>
        </g>
      )}
      {props.hasGrips &&
        zone.corners.map((spot, index) => {
          const at = seen(lens, zone.plane, spot);
          if (at === undefined) return null;
          const isHere = index === corner;
          return (
            <g
              key={index}
              class={`grip ${isHere ? 'chosen' : ''} ${isHere && props.isPickedUp ? 'picked' : ''}`}
            >
              <circle class="reach" cx={at.x} cy={at.y} r={12} />
              <circle class="knob" cx={at.x} cy={at.y} r={isHere ? 8 : isChosen ? 6 : 4} />
              {isChosen && (
                <text class="grip-number" x={at.x + 11} y={at.y - 8}>
                  {index + 1}
                </text>
              )}
            </g>
          );
        })}
    </g>
  );
}

/** Which side of an entrance is the lobby: an arrow, a word, and somebody faint who walks in. */
function Inwards(props: {
  readonly middle: Spot;
  readonly inside: Spot;
  readonly language: Language;
  readonly isNamed: boolean;
}) {
  const { middle, inside } = props;
  const far = distanceOf(middle, inside) || 1;
  const [dx, dy] = [(inside.x - middle.x) / far, (inside.y - middle.y) / far];
  const reach = Math.max(22, Math.min(far, 60));
  const tip = { x: middle.x + dx * reach, y: middle.y + dy * reach };
  const side = { x: -dy * 5, y: dx * 5 };
  const back = { x: tip.x - dx * 9, y: tip.y - dy * 9 };
  const walker = { x: tip.x + dx * 16, y: tip.y + dy * 16 };
  return (
    <g class="inwards-of-door">
      <path class="arrow" d={`M ${middle.x} ${middle.y} L ${back.x} ${back.y}`} />
      <path
        class="tip"
        d={`M ${tip.x} ${tip.y} L ${back.x + side.x} ${back.y + side.y} L ${back.x - side.x} ${back.y - side.y} Z`}
      />
      <g class="walker" transform={`translate(${walker.x.toFixed(1)} ${walker.y.toFixed(1)})`}>
        <circle cx="0" cy="-17" r="3.5" />
        <path d="M 0 -13 V -5 M 0 -5 L -5 4 M 0 -5 L 4 3 M 0 -11 L -5 -6 M 0 -11 L 5 -7" />
      </g>
      {props.isNamed && (
        <text class="inside-name" x={walker.x + 9} y={walker.y + 2}>
          {say(props.language, 'inside')}
        </text>
      )}
    </g>
  );
}

/** What is being drawn, with the line to where the pointer is. */
function Drawn(props: {
  readonly drawing: NonNullable<EditorState['drawing']>;
  readonly lens: Lens;
  readonly pointer: Spot | undefined;
  readonly closes: boolean;
  readonly language: Language;
}) {
  const { drawing, lens, pointer, closes } = props;
  const spots = outline(lens, drawing.plane, drawing.corners, false);
  const [first] =
    spots.length > 0 ? spots : drawing.corners.flatMap((one) => seen(lens, drawing.plane, one) ?? []);
  const shown = spots.length > 0 ? spots : first === undefined ? [] : [first];
  const last = shown.at(-1);
  return (
    <g class="drawing">
      <path class="shape" d={pathOf(shown, false)} />
      {pointer !== undefined && last !== undefined && (
        <path class="rubber" d={pathOf([last, closes ? first! : pointer], false)} />
      )}
      {shown.map((at, index) => (
        <circle key={index} class="knob" cx={at.x} cy={at.y} r={index === 0 && closes ? 10 : 5} />
      ))}
      {closes && first !== undefined && (
        <Tag at={{ x: first.x + 14, y: first.y - 10 }}>{say(props.language, 'close')}</Tag>
      )}
    </g>
  );
}

/** Floor points, numbered alike on both sides, with arrows to where the fit puts them. */
function Pairs({ state, camera, side, lens, fit, language }: Parts & { readonly lens: Lens }) {
  const pairs = cameraOf(state.draft, camera)?.floor ?? [];
  const fitted = fit !== undefined && 'points' in fit ? fit.points : [];
  let order = 0;
  return (
    <g class={`pairs ${fit === undefined ? '' : lookOf(fit)}`}>
      {pairs.map((pair, index) => {
        const isUsed = pair.guessed === undefined && pair.isOff !== true;
        const found = isUsed ? fitted[order] : undefined;
        if (isUsed) order += 1;
        const at = lens.toScreen(pair[side]);
        const to = found && lens.toScreen(side === 'pixel' ? found.seenAt : found.lands);
        const isChosen = state.selected?.kind === 'pair' && state.selected.pair === pair.key;
        const isGuess = pair.guessed === side;
        return (
          <g
            key={pair.key}
            class={`pair ${isChosen ? 'chosen' : ''} ${isChosen && state.isPickedUp ? 'picked' : ''} ${isGuess ? 'guess' : ''} ${pair.isOff === true ? 'off' : ''}`}
          >
            {to !== undefined && pairs.length > 4 && <ErrorArrow from={at} to={to} />}
            <circle class="reach" cx={at.x} cy={at.y} r={12} />
            {isGuess && <circle class="pulse" cx={at.x} cy={at.y} r={12} />}
            <path class="cross" d={`M ${at.x - 5} ${at.y} h 10 M ${at.x} ${at.y - 5} v 10`} />
            <circle class="knob" cx={at.x} cy={at.y} r={isChosen ? 9 : 7} />
            <text class="grip-number" x={at.x + 10} y={at.y - 9}>
              {index + 1}
              {found !== undefined && pairs.length > 4 && side === 'metres' && found.offMetres >= 0.02
                ? ` · ${length(found.offMetres, language)}`
                : ''}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** Errors are centimetres: drawn ten times as long as they are, so that they can be seen at all. */
const errorScale = 10;

function ErrorArrow({ from, to }: { readonly from: Spot; readonly to: Spot }) {
  const [dx, dy] = [(to.x - from.x) * errorScale, (to.y - from.y) * errorScale];
  const far = Math.hypot(dx, dy);
  if (!(far >= 6)) return null;
  const part = Math.min(1, 90 / far);
  const tip = { x: from.x + dx * part, y: from.y + dy * part };
  const [ux, uy] = [dx / far, dy / far];
  return (
    <path
      class="error-arrow"
      d={`M ${from.x} ${from.y} L ${tip.x} ${tip.y} M ${tip.x - ux * 6 - uy * 4} ${tip.y - uy * 6 + ux * 4} L ${tip.x} ${tip.y} L ${tip.x - ux * 6 + uy * 4} ${tip.y - uy * 6 - ux * 4}`}
    />
  );
}

/** A remark at the place it is about: the edges concerned, and what it is in a few words. */
function Remark({ mark, lens }: { readonly mark: CheckMark; readonly lens: Lens }) {
  const lines = mark.edges.map((edge) => pathOf(outline(lens, mark.plane, edge, false), false)).join(' ');
  const at = seen(lens, mark.plane, mark.at);
  if (at === undefined) return null;
  return (
    <g class={`remark-mark ${mark.severity}`}>
      {lines !== '' && <path class="bad-edge" d={lines} />}
      <text class="remark-text" x={at.x} y={at.y + 44}>
        {mark.severity === 'error' ? '✕' : '▲'} {mark.text}
      </text>
    </g>
  );
}

function Measure(props: {
  readonly ruler: Ruler;
  readonly lens: Lens;
  readonly pointer: Spot | undefined;
  readonly view: FloorView | undefined;
  readonly language: Language;
}) {
  const { ruler, lens, pointer, view } = props;
  const other = lens.side !== ruler.side;
  if (other && view === undefined) return null;
  const toHere = (own: Spot): Spot | undefined => {
    if (!other) return lens.toScreen(own);
    const plain = lensOf(
      'pixel',
      { left: 0, top: 0, right: 1, bottom: 1 },
      { width: 1, height: 1 },
      { camera: '', view },
    );
    if (ruler.side === 'metres') return seen(lens, floorPlane, own);
    const spot = meant(plain, floorPlane, own);
    return spot === undefined ? undefined : lens.toScreen(spot);
  };
  const from = toHere(ruler.from);
  const to = ruler.to === undefined ? (other ? undefined : pointer) : toHere(ruler.to);
  if (from === undefined) return null;
  return (
    <g class="measure">
      {to !== undefined && <path class="tape" d={pathOf([from, to], false)} />}
      <circle class="knob" cx={from.x} cy={from.y} r={5} />
      {to !== undefined && <circle class="knob" cx={to.x} cy={to.y} r={5} />}
      {to !== undefined && ruler.side === 'metres' && !other && (
        <Tag at={{ x: (from.x + to.x) / 2 + 8, y: (from.y + to.y) / 2 - 8 }}>
          {coordinate(distanceOf(from, to) / lens.scale, true)} {say(props.language, 'metres')}
        </Tag>
      )}
    </g>
  );
}

/** What is under the pointer, four times as large, in the corner that the pointer is farthest from. */
function Loupe({
  at,
  size,
}: {
  readonly at: Spot;
  readonly size: { readonly width: number; readonly height: number };
}) {
  const wide = loupeSize / loupeBy;
  const x = at.x < size.width / 2 ? size.width - loupeSize - 8 : 8;
  const y = at.y < size.height / 2 ? size.height - loupeSize - 8 : 8;
  return (
    <g class="loupe">
      <rect class="loupe-ground" x={x} y={y} width={loupeSize} height={loupeSize} />
      <svg
        aria-hidden="true"
        x={x}
        y={y}
        width={loupeSize}
        height={loupeSize}
        viewBox={`${at.x - wide / 2} ${at.y - wide / 2} ${wide} ${wide}`}
      >
        <use href="#art-pixel" />
      </svg>
      <path
        class="loupe-cross"
        d={`M ${x + loupeSize / 2} ${y + loupeSize / 2 - 14} v 28 M ${x + loupeSize / 2 - 14} ${y + loupeSize / 2} h 28`}
      />
      <rect class="loupe-edge" x={x} y={y} width={loupeSize} height={loupeSize} />
    </g>
  );
}
