import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FloorPersonPayload, MinutePayload, PlanPayload } from '../../../../src/contract/live.ts';
import type { LobbyPayload } from '../../../../src/contract/topics.ts';
import { duration, type Language, say, standingWords } from '../words.ts';
import { type Box, extentOf, grown, placeLabels, type View, viewOf, widthOf } from './plan.ts';
import { between, byOwed, floorShown, type LiveState } from './state.ts';

export interface Layers {
  readonly names: boolean;
  readonly labels: boolean;
  readonly trails: boolean;
}

interface Parts {
  readonly state: LiveState;
  readonly language: Language;
  readonly layers: Layers;
  readonly onChoose: (visit: string | undefined) => void;
}

const mostLabels = 8;
/** With more than so many, marks are small and bear no labels. */
const crowdFrom = 30;
const trailMs = 3_000;

/** What somebody is doing, in a sentence: "In queue, third, 2:10". */
export function sentenceOf(
  person: FloorPersonPayload,
  language: Language,
  nameOf: (place: string) => string,
): string {
  const { standing, queue, order, forSeconds, heldSeconds } = person;
  return [
    standingWords[standing][language],
    ...(queue === undefined ? [] : [nameOf(queue)]),
    ...(order === undefined ? [] : [`${order}`]),
    ...(forSeconds === undefined ? [] : [duration(forSeconds)]),
    ...(heldSeconds === undefined ? [] : [say(language, 'heldFor', { t: duration(heldSeconds) })]),
  ].join(' · ');
}

/**
 * The lobby from above, in metres. One tab stop: arrow keys go from person to person in the order of the contact owed
 * to them. The same is there as a table for those who do not see it.
 */
export function Floor({ state, language, layers, onChoose }: Parts) {
  const holder = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 800, height: 520 });
  const [, redraw] = useState(0);
  const extent = useRef<Box | undefined>(undefined);
  useLayoutEffect(() => {
    const { current } = holder;
    if (current === null) return;
    const measure = () => setSize({ width: current.clientWidth, height: current.clientHeight });
    const watching = new ResizeObserver(measure);
    watching.observe(current);
    measure();
    return () => watching.disconnect();
  }, []);
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches || state.heldAt !== undefined;
  useEffect(() => {
    if (isStill || state.before === undefined) return;
    let frame = 0;
    const until = performance.now() + 220;
    const draw = (now: number) => {
      redraw((count) => count + 1);
      if (now < until) frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [state.floor?.at, isStill]);

  const shown = floorShown(state);
  const people = shown?.people ?? [];
  extent.current = grown(extent.current, extentOf(state.plan, people));
  const view = viewOf(extent.current, size.width, size.height);
  const gap =
    state.floor === undefined || state.before === undefined
      ? 0
      : Date.parse(state.floor.at) - Date.parse(state.before.at);
  const share =
    isStill || gap <= 0 || gap > 1_000 ? 1 : (Date.now() - state.floorCameAt) / Math.min(200, gap);
  const placed = people.map((person) => {
    const { x, y } = isStill ? person : between(person, state.before, share);
    return { person, visit: person.visit, x: view.x(x), y: view.y(y) };
  });
  const isCrowd = people.length > crowdFrom;
  const radius = isCrowd ? 5 : 8;
  const order = byOwed(people);
  const places = new Map(state.lobby?.zones.map((zone) => [zone.id, zone]));
  const nameOf = (id: string) => places.get(id)?.name[language] ?? id;
  const plates = platesOf(state, view, language, layers.names && !isCrowd);
  const labels =
    layers.labels && !isCrowd
      ? placeLabels(
          order.flatMap((person) => {
            if (!['past-target', 'looking-around', 'to-greet'].includes(person.standing)) return [];
            const at = placed.find(({ visit }) => visit === person.visit)!;
            const time = duration(person.forSeconds ?? 0);
            const word = person.standing === 'to-greet' ? '' : ` ${standingWords[person.standing][language]}`;
            return [{ visit: person.visit, text: `${time}${word}`, x: at.x, y: at.y }];
          }),
          placed.map(({ visit, x, y }) => ({ visit, x, y, radius: radius + 3 })),
          plates.map(({ box }) => box),
          size,
          mostLabels,
        )
      : [];

  const move = (event: KeyboardEvent) => {
    if (!['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'Escape'].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return onChoose(undefined);
    const at = order.findIndex(({ visit }) => visit === state.chosen);
    const step = event.key === 'ArrowDown' || event.key === 'ArrowRight' ? 1 : -1;
    const next = event.key === 'Home' || at < 0 ? 0 : (at + step + order.length) % order.length;
    onChoose(order[next]?.visit);
  };
  const chosen = people.find(({ visit }) => visit === state.chosen);
  return (
    <div class="floor-holder" ref={holder}>
      <svg
        class="floor"
        width={size.width}
        height={size.height}
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="application"
        tabindex={0}
        aria-label={say(language, 'floorLabel')}
        onKeyDown={move}
        onClick={(event) => onChoose(nearest(placed, event.offsetX, event.offsetY))}
      >
        <defs>
          <pattern
            id="hatch"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <path d="M 0 0 V 6" class="hatch-line" />
          </pattern>
        </defs>
        {state.plan?.zones.map((zone) => (
          <ZoneShape key={zone.id} zone={zone} view={view} isBlind={places.get(zone.id)?.blind === true} />
        ))}
        {plates.map((plate) => (
          <Plate key={plate.id} plate={plate} />
        ))}
        {layers.trails && <Trails state={state} view={view} />}
        {placed.map(({ person, x, y }) => {
          const other = placed.find(({ visit }) => visit === person.with);
          return other === undefined ? null : (
            <line key={`tie-${person.visit}`} class="tie" x1={x} y1={y} x2={other.x} y2={other.y} />
          );
        })}
        {placed.map(({ person, visit, x, y }) => (
          <g
            key={visit}
            transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}
            class={`mark ${person.standing}${person.heldSeconds === undefined ? '' : ' held'}${visit === state.chosen ? ' chosen' : ''}`}
          >
            <title>{sentenceOf(person, language, nameOf)}</title>
            <Mark person={person} radius={radius} target={state.plan?.targetSeconds ?? 30} />
          </g>
        ))}
        {labels.map(({ visit, text, box, anchor }) => (
          <text
            key={visit}
            class="label"
            x={anchor === 'start' ? box.left : box.right}
            y={box.bottom - 3.5}
            text-anchor={anchor}
          >
            {text}
          </text>
        ))}
      </svg>
      <p class="unseen-by-eyes" aria-live="polite">
        {chosen === undefined ? '' : sentenceOf(chosen, language, nameOf)}
      </p>
      <table class="unseen-by-eyes">
        <caption>{say(language, 'tableLabel')}</caption>
        <thead>
          <tr>
            <th scope="col">{say(language, 'state')}</th>
            <th scope="col">{say(language, 'place')}</th>
            <th scope="col">{say(language, 'since')}</th>
          </tr>
        </thead>
        <tbody>
          {order.map(({ visit, standing, queue, order: turn, forSeconds }) => (
            <tr key={visit}>
              <td>{standingWords[standing][language]}</td>
              <td>{queue === undefined ? '' : `${nameOf(queue)} ${turn ?? ''}`}</td>
              <td>{forSeconds === undefined ? '' : duration(forSeconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const reachPixels = 22;

/** Whose mark is pressed: the nearest within a finger's breadth. */
function nearest(
  marks: readonly { readonly visit: string; readonly x: number; readonly y: number }[],
  x: number,
  y: number,
): string | undefined {
  const far = (one: (typeof marks)[number]) => Math.hypot(one.x - x, one.y - y);
  const found = [...marks].sort((a, b) => far(a) - far(b))[0];
  return found !== undefined && far(found) <= reachPixels ? found.visit : undefined;
}

/**
 * One mark: its shape says who, its ring and colour how much contact is owed.
 *
 *     ◎ to greet   ◉! past target   ③ in queue   ◯ looking around   ● met   ■ staff   ◇ not known   ◌ held
 */
export function Mark({
  person,
  radius,
  target,
}: {
  person: FloorPersonPayload;
  radius: number;
  target: number;
}) {
  const { standing, order, forSeconds = 0 } = person;
  switch (standing) {
    case 'staff':
      return <rect x={-radius} y={-radius} width={2 * radius} height={2 * radius} />;
    case 'not-known':
      return <path d={`M 0 ${-radius - 1} L ${radius + 1} 0 L 0 ${radius + 1} L ${-radius - 1} 0 Z`} />;
    case 'met':
      return <circle r={radius * 0.6} />;
    case 'being-helped':
    case 'being-served':
      return <circle r={radius * 0.8} />;
    case 'in-queue':
      return (
        <>
          <circle r={radius + 1} />
          {radius > 6 && (
            <text class="order" y={4}>
              {order}
            </text>
          )}
        </>
      );
    case 'looking-around':
      return (
        <>
          <circle class="hollow" r={radius} />
          <path class="arc" d={arc(radius + 4, 0.3)} />
        </>
      );
    case 'to-greet':
      return (
        <>
          <circle r={radius * 0.7} />
          <path class="arc" d={arc(radius + 3, Math.min(0.999, forSeconds / target))} />
        </>
      );
    case 'past-target':
      return (
        <>
          <circle class="hollow thick" r={radius + 2} />
          <text class="order" y={5}>
            !
          </text>
        </>
      );
  }
}

/** A part of a circle, from the top, clockwise. */
function arc(radius: number, share: number): string {
  const angle = 2 * Math.PI * share;
  const x = radius * Math.sin(angle);
  const y = -radius * Math.cos(angle);
  return `M 0 ${-radius} A ${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${x.toFixed(2)} ${y.toFixed(2)}`;
}

type PlanZone = PlanPayload['zones'][number];

function ZoneShape({ zone, view, isBlind }: { zone: PlanZone; view: View; isBlind: boolean }) {
  const { kind, polygon, line, inside } = zone;
  if (polygon !== undefined) {
    const points = polygon.map(([x, y]) => `${view.x(x).toFixed(1)},${view.y(y).toFixed(1)}`).join(' ');
    return (
      <>
        <polygon class={`zone ${kind}`} points={points} />
        {isBlind && <polygon class="blind" points={points} fill="url(#hatch)" />}
      </>
    );
  }
  if (line === undefined || inside === undefined) return null;
  const [[ax, ay], [bx, by]] = line;
  const middle = { x: (ax + bx) / 2, y: (ay + by) / 2 };
  const far = Math.hypot(inside[0] - middle.x, inside[1] - middle.y);
  const tip = {
    x: middle.x + (0.6 * (inside[0] - middle.x)) / far,
    y: middle.y + (0.6 * (inside[1] - middle.y)) / far,
  };
  return (
    <g class={`door${isBlind ? ' blind-door' : ''}`}>
      <line x1={view.x(ax)} y1={view.y(ay)} x2={view.x(bx)} y2={view.y(by)} />
      <path
        class="inwards"
        d={`M ${view.x(middle.x)} ${view.y(middle.y)} L ${view.x(tip.x)} ${view.y(tip.y)}`}
        marker-end=""
      />
      <circle class="inwards-tip" cx={view.x(tip.x)} cy={view.y(tip.y)} r="3" />
    </g>
  );
}

interface PlateData {
  readonly id: string;
  readonly box: Box;
  readonly title: string;
  readonly figures: string;
  readonly isBlind: boolean;
  readonly bars?: readonly (number | undefined)[];
}

const plateHeight = 36;
const barsHeight = 16;

/** What is written on each zone: its name, how many, how long a newcomer would wait, and its last hour. */
function platesOf(state: LiveState, view: View, language: Language, isOn: boolean): readonly PlateData[] {
  if (!isOn || state.plan === undefined) return [];
  const lobby = state.lobby;
  return state.plan.zones.flatMap((zone): PlateData[] => {
    if (zone.kind === 'ignore') return [];
    const figures = lobby?.zones.find(({ id }) => id === zone.id);
    const points = zone.polygon ?? zone.line ?? [];
    const left = Math.min(...points.map(([x]) => view.x(x)));
    const right = Math.max(...points.map(([x]) => view.x(x)));
    const top = Math.min(...points.map(([, y]) => view.y(y)));
    const bottom = Math.max(...points.map(([, y]) => view.y(y)));
    const isBlind = figures?.blind === true;
    const text = isBlind ? say(language, 'unseen') : figuresOf(zone, figures, state, language);
    const title = zone.name[language];
    const wide = Math.max(widthOf(title) + 4, widthOf(text));
    const isDoor = zone.kind === 'entrance';
    const hasBars = !isDoor && zone.kind !== 'staff' && right - left > 90 && bottom - top > 90;
    const height = plateHeight + (hasBars ? barsHeight + 2 : 0);
    const isAbove = top - height - 2 >= 4;
    // Above the zone, where nobody stands in it; inside where there is no room above.
    const spot = isDoor
      ? besideDoor(zone, { left, top, right, bottom }, view, wide, height)
      : { x: left + (isAbove ? 0 : 6), y: isAbove ? top - height - 2 : top + 5 };
    const x = clamp(spot.x, 4, view.width - wide - 4);
    const y = clamp(spot.y, 4, view.height - height - 4);
    return [
      {
        id: zone.id,
        box: { left: x, top: y, right: x + Math.max(wide, hasBars ? 76 : 0), bottom: y + height },
        title,
        figures: text,
        isBlind,
        ...(hasBars ? { bars: barsOf(state.minutes?.minutes ?? [], zone.id) } : {}),
      },
    ];
  });
}

/** A door's name stands outside it, where nobody who has come in stands; within only where there is no room outside. */
function besideDoor(
  { inside = [0, 0] }: PlanZone,
  { left, top, right, bottom }: Box,
  view: View,
  wide: number,
  high: number,
): { readonly x: number; readonly y: number } {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const [inX, inY] = [view.x(inside[0]) - x, view.y(inside[1]) - y];
  const isUpright = Math.abs(inX) >= Math.abs(inY);
  const [before, after] = isUpright ? [left - 8 - wide, right + 8] : [top - 6 - high, bottom + 6];
  const [room, size] = isUpright ? [view.width, wide] : [view.height, high];
  const fits = (at: number) => at >= 4 && at + size <= room - 4;
  const outside = (isUpright ? inX : inY) > 0 ? before : after;
  const along = fits(outside) ? outside : outside === before ? after : before;
  return isUpright ? { x: along, y: y - high / 2 } : { x: x - wide / 2, y: along };
}

function figuresOf(
  zone: PlanZone,
  figures: LobbyPayload['zones'][number] | undefined,
  state: LiveState,
  language: Language,
): string {
  if (zone.kind === 'entrance') {
    const door = state.minutes?.doors[zone.id];
    return `${say(language, 'doorIn', { n: door?.in ?? 0 })}  ${say(language, 'doorOut', { n: door?.out ?? 0 })}`;
  }
  const people = figures?.people;
  if (people === undefined) return '–';
  if (zone.kind !== 'queue') return `${people}`;
  const expected = figures?.expectedWaitSeconds;
  const wait =
    expected === undefined
      ? ''
      : expected < 15
        ? say(language, 'noWait')
        : say(language, 'about', { t: duration(expected) });
  return wait === '' ? `${people}` : `${people} · ${wait}`;
}

const barsOf = (minutes: readonly MinutePayload[], zone: string) =>
  minutes.map(({ zones, blind }) => (blind.includes(zone) ? undefined : (zones[zone] ?? 0)));

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));

function Plate({ plate }: { plate: PlateData }) {
  const { box, title, figures, isBlind, bars } = plate;
  const most = Math.max(4, ...(bars ?? []).map((one) => one ?? 0));
  const last = bars?.slice(-60) ?? [];
  return (
    <g class={`plate${isBlind ? ' unseen' : ''}`}>
      <text class="plate-title" x={box.left} y={box.top + 13}>
        {title}
      </text>
      <text class="plate-figures" x={box.left} y={box.top + 31}>
        {figures}
      </text>
      {bars !== undefined && (
        <g class="bars" transform={`translate(${box.left} ${box.top + plateHeight})`}>
          {last.map((value, index) => {
            const x = (index + 60 - last.length) * 1.2;
            return value === undefined ? (
              <rect
                key={x}
                class="bar-unseen"
                x={x}
                y={0}
                width={1.2}
                height={barsHeight}
                fill="url(#hatch)"
              />
            ) : (
              <rect
                key={x}
                x={x}
                y={barsHeight - (barsHeight * value) / most}
                width={1}
                height={(barsHeight * value) / most}
              />
            );
          })}
          <path class="bars-base" d={`M 0 ${barsHeight} H 72`} />
        </g>
      )}
    </g>
  );
}

/** Where everybody was in the last three seconds. */
function Trails({ state, view }: { state: LiveState; view: View }) {
  const shown = floorShown(state);
  if (shown === undefined) return null;
  const at = Date.parse(shown.at);
  const lately = [
    ...state.past.filter((one) => at - Date.parse(one.at) <= trailMs && Date.parse(one.at) <= at),
    shown,
  ];
  return (
    <g class="trails">
      {shown.people.map(({ visit }) => {
        const points = lately.flatMap(({ people }) => {
          const one = people.find((person) => person.visit === visit);
          return one === undefined ? [] : [`${view.x(one.x).toFixed(1)},${view.y(one.y).toFixed(1)}`];
        });
        return points.length < 2 ? null : <polyline key={visit} points={points.join(' ')} />;
      })}
    </g>
  );
}
