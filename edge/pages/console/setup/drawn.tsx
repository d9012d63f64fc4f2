import type { ComponentChildren } from 'preact';
import type { PlateProgress } from '../../../../src/contract/setup.ts';
import { floorPlane } from '../../../../src/core/floor/zones.ts';
import type { FloorView } from '../../../../src/core/geometry/homography.ts';
import type { FloorFit } from '../../../../src/core/setup/floor-fit.ts';
import { metresPerPixel } from '../../../../src/core/setup/floor-fit.ts';
import type { Language } from '../words.ts';
import type { CanvasParts, Ruler } from './canvas.tsx';
import type { Mark as CheckMark } from './checks.ts';
import { type Frame, gridLines, horizon, type Lens, lensOf, meant, outline, pathOf, seen } from './lens.ts';
import { coordinate, length, nameOf } from './names.ts';
import { distanceOf, middleOf, type Spot } from './shape.ts';
import { cameraOf, type EditorState, type ZoneDraft } from './state.ts';
import { say } from './words.ts';

/** Grown so much, and so wide on the screen. */
const loupeBy = 4;
const loupeSize = 132;

export function Tag({ at, children }: { readonly at: Spot; readonly children: ComponentChildren }) {
  return (
    <text class="tag" x={at.x} y={at.y}>
      {children}
    </text>
  );
}

/** The empty lobby, grey where no one has left yet. */
export function Plate(props: {
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
export function Doubt({ frame, view, plate, lens, state, camera }: CanvasParts & { readonly lens: Lens }) {
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
export function Grid({
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

export function Horizon(props: {
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
export function nameSpot(zone: ZoneDraft, lens: Lens, spots: readonly Spot[]): Spot {
  const middle = middleOf(spots);
  const inside = zone.inside && seen(lens, zone.plane, zone.inside);
  if (inside === undefined) return middle;
  const far = distanceOf(middle, inside) || 1;
  return {
    x: middle.x - ((inside.x - middle.x) / far) * 30,
    y: middle.y - ((inside.y - middle.y) / far) * 30,
  };
}

export function ZoneShape(props: {
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
export function Drawn(props: {
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
export function Pairs({ state, camera, side, lens, fit, language }: CanvasParts & { readonly lens: Lens }) {
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
export function Remark({ mark, lens }: { readonly mark: CheckMark; readonly lens: Lens }) {
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

export function Measure(props: {
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
export function Loupe({
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
