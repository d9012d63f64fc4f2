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
import {
  Doubt,
  Drawn,
  Grid,
  Horizon,
  Loupe,
  Measure,
  nameSpot,
  Pairs,
  Plate,
  Remark,
  Tag,
  ZoneShape,
} from './drawn.tsx';
import { type Frame, type Lens, lensOf, meant, outline, seen } from './lens.ts';
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
  rounded,
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

export interface CanvasParts {
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
export function Canvas(parts: CanvasParts) {
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

/** A key that no point of the camera has. */
function freeKey(state: EditorState, camera: string): string {
  const keys = [state.base, state.draft].flatMap((draft) => cameraOf(draft, camera)?.floor ?? []);
  const most = Math.max(0, ...keys.map((pair) => Number(pair.key) || 0));
  return String(most + 1);
}
