import type { FiguresPayload } from '../../../../src/contract/figures.ts';
import type { PlanPayload } from '../../../../src/contract/live.ts';
import { inSteps, metBy } from '../../../../src/core/figures/contact-curve.ts';
import { few, leastPeople, shareOf } from '../../../../src/core/figures/share.ts';
import { extentOf, viewOf, widthOf } from '../live/plan.ts';
import { duration, type Language } from '../words.ts';
import { contactOf, dash } from './told.ts';
import { percent, say, settingWords } from './words.ts';

/**
 * Charts as plain shapes: the page draws them as elements, the day's report writes them as text. Colours and dashes are
 * classes, so that both themes and paper have their own.
 */
export type Shape = readonly [
  tag: 'g' | 'line' | 'rect' | 'path' | 'polyline' | 'polygon' | 'circle' | 'text' | 'title',
  attributes: Readonly<Record<string, string | number>>,
  content?: string | readonly Shape[],
];

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly shapes: readonly Shape[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const margin = { left: 44, right: 20, top: 16, bottom: 32 };
const round = (value: number) => Math.round(value * 10) / 10;
const text = (
  x: number,
  y: number,
  words: string,
  more: Readonly<Record<string, string | number>> = {},
): Shape => ['text', { x: round(x), y: round(y), class: 'chart-text', ...more }, words];
const line = (x1: number, y1: number, x2: number, y2: number, name: string): Shape => [
  'line',
  { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), class: name },
];
const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  name: string,
  inner: readonly Shape[] = [],
): Shape => [
  'rect',
  {
    x: round(x),
    y: round(y),
    width: round(Math.max(0, width)),
    height: round(Math.max(0, height)),
    class: name,
  },
  inner,
];

/** Stripes at 45°, cut to a rectangle: no pattern is needed, which paper and CSP would each treat in their own way. */
export function hatch(left: number, top: number, right: number, bottom: number, step = 6): Shape {
  const parts: string[] = [];
  const height = bottom - top;
  for (let x = left - height; x < right; x += step * Math.SQRT2) {
    const fromX = Math.max(left, x);
    const toX = Math.min(right, x + height);
    if (toX <= fromX) continue;
    parts.push(`M${round(fromX)} ${round(bottom - (fromX - x))}L${round(toX)} ${round(bottom - (toX - x))}`);
  }
  return ['path', { d: parts.join('') || 'M0 0', class: 'hatching' }];
}

const curveTicks = [0, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600];

/**
 * The share met by so many seconds. Seconds near the target have the most room; the gap between the end and the top is
 * those never met, and says so.
 */
export function drawCurve(
  figures: FiguresPayload,
  language: Language,
  { width, height }: Size,
  leaves = false,
): Drawing {
  const { contact, targetSeconds } = figures;
  const { came } = contact;
  const { inTime: inTimeTold = dash, neverMet = dash, share } = contactOf({ leaves }, contact);
  const points = leaves ? inSteps(figures.curve.points, leastPeople) : figures.curve.points;
  const plot = {
    left: margin.left + 4,
    right: width - 120,
    top: margin.top + 6,
    bottom: height - margin.bottom,
  };
  const last = points.at(-1)?.seconds ?? 0;
  const longest = curveTicks.find((tick) => tick >= Math.max(60, targetSeconds * 2, last)) ?? 3_600;
  const place = (seconds: number) => Math.log1p(seconds / 15) / Math.log1p(longest / 15);
  const x = (seconds: number) => plot.left + Math.min(1, place(seconds)) * (plot.right - plot.left);
  const y = (met: number) => plot.bottom - (came === 0 ? 0 : met / came) * (plot.bottom - plot.top);
  const isShare = shareOf(0, came) !== undefined;
  const levels = isShare
    ? [0, 0.25, 0.5, 0.75, 1].map((share) => [share * came, `${share * 100}%`] as const)
    : [0, came].map((count) => [count, String(count)] as const);
  const inTime = metBy(points, targetSeconds);
  const end = points.at(-1)?.met ?? 0;
  let path = `M${x(0).toFixed(1)} ${y(0).toFixed(1)}`;
  for (const { seconds, met } of points) path += `H${x(seconds).toFixed(1)}V${y(met).toFixed(1)}`;
  path += `H${x(longest).toFixed(1)}`;
  const ticks = curveTicks.filter((tick) => tick <= longest);
  const atTarget =
    share === undefined
      ? String(inTimeTold)
      : say(language, 'atTarget', { share: percent(share), t: targetSeconds });
  const gapY = (y(end) + y(came)) / 2;
  return {
    width,
    height,
    label: say(language, isShare ? 'curveTitle' : 'curveCount'),
    shapes: [
      ...levels.flatMap(([met, label]) => [
        line(plot.left, y(met), plot.right, y(met), 'grid-line'),
        text(plot.left - 6, y(met) + 4, label, { 'text-anchor': 'end' }),
      ]),
      ...ticks
        .filter((tick, index) => index === 0 || x(tick) - x(ticks[index - 1]!) > 36 || tick === targetSeconds)
        .map((tick) => text(x(tick), plot.bottom + 18, duration(tick), { 'text-anchor': 'middle' })),
      text(plot.right + 24, plot.bottom + 18, say(language, 'secondsAxis'), { class: 'chart-text soft' }),
      ...(end < came && came > 0 ? [rect(plot.right - 10, y(came), 10, y(end) - y(came), 'never-gap')] : []),
      line(x(targetSeconds), plot.top - 6, x(targetSeconds), plot.bottom, 'target-line'),
      text(x(targetSeconds) + 6, plot.bottom - 8, say(language, 'target', { t: targetSeconds })),
      ['path', { d: path, class: figures.isOver ? 'curve' : 'curve unfinished' }],
      ['circle', { cx: round(x(targetSeconds)), cy: round(y(inTime)), r: 4, class: 'curve-point' }],
      text(x(targetSeconds) + 8, y(inTime) + 18, atTarget, { class: 'chart-text strong' }),
      text(
        plot.right + 8,
        came === 0 ? plot.top + 5 : Math.max(plot.top + 5, gapY + 5),
        say(language, 'neverGap', { n: neverMet }),
        {
          class: 'chart-text strong',
        },
      ),
    ],
  };
}

/** Hours that are drawn: all in which anything is known, and those between. */
function hoursOf(figures: FiguresPayload): readonly number[] {
  const known = [...figures.hours.waits, ...figures.hours.arrivals].map(({ hour }) => hour);
  if (known.length === 0) return [];
  const first = Math.min(...known);
  return Array.from({ length: Math.max(...known) - first + 1 }, (_, index) => first + index);
}

/** Of one day: where on its clock a moment is, in hours. */
function clockOf(figures: FiguresPayload): (moment: string) => number {
  return (moment) => {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: figures.timezone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    const [h, m, s] = format.format(Date.parse(moment)).split(':').map(Number);
    return h! + m! / 60 + s! / 3_600;
  };
}

/** Stretches of the clock in which nothing was seen: of one day as they were, of several by the hour. */
function unseenOf(figures: FiguresPayload, zones: readonly string[]): readonly (readonly [number, number])[] {
  const isDay = figures.from === figures.to;
  if (isDay) {
    const clock = clockOf(figures);
    const spans = figures.unseen.zones.filter(({ zone }) => zones.includes(zone)).flatMap((one) => one.spans);
    return [...spans, ...figures.unrecorded].map(({ from, to }) => [clock(from), clock(to)] as const);
  }
  return figures.hours.waits
    .filter(({ zone, blindMinutes }) => zones.includes(zone) && blindMinutes > 0)
    .map(({ hour, blindMinutes, seenMinutes }) => [hour, hour + blindMinutes / (blindMinutes + seenMinutes)]);
}

function changeMarks(
  figures: FiguresPayload,
  language: Language,
  x: (hour: number) => number,
  top: number,
  bottom: number,
): readonly Shape[] {
  if (figures.from !== figures.to) return [];
  const clock = clockOf(figures);
  return figures.changes.map(({ at, version, keys }) => {
    const mark = x(clock(at));
    return [
      'g',
      { class: 'change' },
      [
        [
          'title',
          {},
          `${say(language, 'changeLegend')} ${version}: ${keys.map((key) => settingWords(key, language)).join(', ')}`,
        ],
        line(mark, top, mark, bottom, 'change-line'),
        ['path', { d: `M${round(mark - 5)} ${round(top - 8)}h10l-5 8z`, class: 'change-tip' }],
      ],
    ];
  });
}

/** The hour that is running, of a day that is not over. */
function runningHour(figures: FiguresPayload): number | undefined {
  if (figures.isOver || figures.from !== figures.to) return undefined;
  return Math.floor(clockOf(figures)(figures.at));
}

const niceSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
const stepFor = (most: number, ticks: number) =>
  niceSteps.find((step) => most / step <= ticks) ?? Math.ceil(most / ticks);

/** Waits of one queue by hour as a band, and the length of the line; both break where nobody could look. */
export function drawQueue(
  figures: FiguresPayload,
  zone: string,
  language: Language,
  { width, height }: Size,
): Drawing {
  const rows = new Map(figures.hours.waits.filter((row) => row.zone === zone).map((row) => [row.hour, row]));
  const hours = hoursOf(figures);
  const plot = {
    left: margin.left + 8,
    right: width - 36,
    top: margin.top + 12,
    bottom: height - margin.bottom,
  };
  const slot = (plot.right - plot.left) / Math.max(1, hours.length);
  const x = (hour: number) => plot.left + (hour - (hours[0] ?? 0)) * slot;
  const minutes = [...rows.values()].map(({ p90Seconds = 0 }) => p90Seconds / 60);
  const minuteStep =
    [0.5, 1, 2, 5, 10, 20, 30, 60, 120].find((one) => Math.max(1, ...minutes) / one <= 4) ?? 240;
  const mostMinutes = Math.ceil(Math.max(1, ...minutes) / minuteStep) * minuteStep;
  const lengths = [...rows.values()].map(({ meanWaiting = 0 }) => meanWaiting);
  const lengthStep = stepFor(Math.max(1, ...lengths), 4);
  const mostLength = Math.ceil(Math.max(1, ...lengths) / lengthStep) * lengthStep;
  const y = (seconds: number) => plot.bottom - (seconds / 60 / mostMinutes) * (plot.bottom - plot.top);
  const yLength = (length: number) => plot.bottom - (length / mostLength) * (plot.bottom - plot.top);
  const unseen = unseenOf(figures, [zone]);
  const running = runningHour(figures);
  const seen = (hour: number) => {
    const row = rows.get(hour);
    return row?.meanWaiting !== undefined && row.seenMinutes > row.blindMinutes;
  };
  const runs: string[] = [];
  let before: number | undefined;
  for (const hour of hours) {
    if (!seen(hour)) {
      before = undefined;
      continue;
    }
    const at = `${round(x(hour) + slot / 2)} ${round(yLength(rows.get(hour)!.meanWaiting!))}`;
    const isBroken =
      before === undefined ||
      unseen.some(([from, to]) => from < hour + 0.5 && to > before! + 0.5 && to - from > 0.25);
    runs.push(`${isBroken ? 'M' : 'L'}${at}`);
    before = hour;
  }
  return {
    width,
    height,
    label: say(language, 'queueTitle'),
    shapes: [
      ...Array.from(
        { length: Math.round(mostMinutes / minuteStep) + 1 },
        (_, index) => index * minuteStep,
      ).flatMap((minute) => [
        line(plot.left, y(minute * 60), plot.right, y(minute * 60), 'grid-line'),
        text(plot.left - 6, y(minute * 60) + 4, duration(minute * 60), { 'text-anchor': 'end' }),
      ]),
      ...Array.from(
        { length: Math.round(mostLength / lengthStep) + 1 },
        (_, index) => index * lengthStep,
      ).map((length) =>
        text(plot.right + 8, yLength(length) + 4, String(length), { class: 'chart-text length' }),
      ),
      ...hours.map((hour) =>
        text(x(hour) + slot / 2, plot.bottom + 18, String(hour).padStart(2, '0'), {
          'text-anchor': 'middle',
        }),
      ),
      ...hours.flatMap((hour): Shape[] => {
        const row = rows.get(hour);
        if (row?.medianSeconds === undefined || row.p90Seconds === undefined) return [];
        const inset = Math.min(16, slot / 5);
        const name = hour === running ? 'wait-band unfinished' : 'wait-band';
        const top = y(row.p90Seconds);
        const middle = y(row.medianSeconds);
        return [
          rect(x(hour) + inset, top, slot - 2 * inset, Math.max(2, middle - top), name, [
            [
              'title',
              {},
              `${hour}:00 ${duration(row.medianSeconds)}–${duration(row.p90Seconds)} · ${row.waits}`,
            ],
          ]),
          line(x(hour) + inset, middle, x(hour) + slot - inset, middle, 'wait-median'),
        ];
      }),
      ...unseen.map(([from, to]) =>
        hatch(Math.max(plot.left, x(from)), plot.top, Math.min(plot.right, x(to)), plot.bottom),
      ),
      ...(runs.length === 0 ? [] : [['path', { d: runs.join(''), class: 'length-line' }] as const]),
      ...hours.filter(seen).map(
        (hour): Shape => [
          'circle',
          {
            cx: round(x(hour) + slot / 2),
            cy: round(yLength(rows.get(hour)!.meanWaiting!)),
            r: 3,
            class: 'length-point',
          },
        ],
      ),
      ...changeMarks(figures, language, x, plot.top, plot.bottom),
    ],
  };
}

/** Doors in the order in which they are drawn, the busiest lowest. */
export function doorsOf(figures: FiguresPayload): readonly (string | null)[] {
  const sums = new Map<string | null, number>();
  for (const { door, came } of figures.hours.arrivals) sums.set(door, (sums.get(door) ?? 0) + came);
  return [...sums].sort(([, a], [, b]) => b - a).map(([door]) => door);
}

/** How high a count is drawn: of one to four only that they came. */
const alike = (count: number): number => (typeof few(count) === 'number' ? count : leastPeople / 2);

/** Who came by each door in each hour, doors on top of each other. */
export function drawArrivals(figures: FiguresPayload, language: Language, { width, height }: Size): Drawing {
  const doors = doorsOf(figures);
  const hours = hoursOf(figures);
  const plot = {
    left: margin.left + 8,
    right: width - 12,
    top: margin.top + 12,
    bottom: height - margin.bottom,
  };
  const slot = (plot.right - plot.left) / Math.max(1, hours.length);
  const x = (hour: number) => plot.left + (hour - (hours[0] ?? 0)) * slot;
  const came = (hour: number, door: string | null) =>
    alike(figures.hours.arrivals.find((row) => row.hour === hour && row.door === door)?.came ?? 0);
  const most = Math.max(1, ...hours.map((hour) => doors.reduce((sum, door) => sum + came(hour, door), 0)));
  const step = stepFor(most, 4);
  const top = Math.ceil(most / step) * step;
  const y = (count: number) => plot.bottom - (count / top) * (plot.bottom - plot.top);
  const running = runningHour(figures);
  const inset = Math.min(16, slot / 5);
  return {
    width,
    height,
    label: say(language, 'arrivalsTitle'),
    shapes: [
      ...Array.from({ length: top / step + 1 }, (_, index) => index * step).flatMap((count) => [
        line(plot.left, y(count), plot.right, y(count), 'grid-line'),
        text(plot.left - 6, y(count) + 4, String(count), { 'text-anchor': 'end' }),
      ]),
      ...hours.map((hour) =>
        text(x(hour) + slot / 2, plot.bottom + 18, String(hour).padStart(2, '0'), {
          'text-anchor': 'middle',
        }),
      ),
      ...hours.flatMap((hour) => {
        let below = 0;
        return doors.map((door, index): Shape => {
          const count = came(hour, door);
          const from = below;
          below += count;
          const name = `door-bar door-${Math.min(index, 2)}${hour === running ? ' unfinished' : ''}`;
          return rect(x(hour) + inset, y(below), slot - 2 * inset, y(from) - y(below), name);
        });
      }),
      ...unseenOf(
        figures,
        doors.flatMap((door) => door ?? []),
      ).map(([from, to]) =>
        hatch(Math.max(plot.left, x(from)), plot.top, Math.min(plot.right, x(to)), plot.bottom),
      ),
      ...changeMarks(figures, language, x, plot.top, plot.bottom),
    ],
  };
}

/** Steps of the one hue, from a little to much. */
export const heatSteps = 6;

/** Upper ends of the steps, in person-minutes: by squares, since most cells have little. */
export function heatBounds(cells: FiguresPayload['heat']['cells']): readonly number[] {
  const most = Math.max(0, ...cells.map(({ personMinutes }) => personMinutes));
  return Array.from({ length: heatSteps }, (_, index) => most * ((index + 1) / heatSteps) ** 2);
}

/** The floor with cells the darker the longer people stood there. Where a zone was not seen for a while, it is hatched. */
export function drawHeat(
  figures: FiguresPayload,
  plan: Pick<PlanPayload, 'zones'> | undefined,
  role: 'customers' | 'staff',
  language: Language,
  { width, height }: Size,
  nameOf: (zone: string) => string,
): Drawing {
  const { cellMetres } = figures.heat;
  const cells = figures.heat.cells.filter((cell) => cell.role === role);
  const extent = extentOf(plan, cells);
  const view = viewOf(extent, width, height);
  const bounds = heatBounds(cells);
  const stepOf = (minutes: number) =>
    1 +
    Math.max(
      0,
      bounds.findIndex((bound) => minutes <= bound + 1e-9),
    );
  const side = cellMetres * view.scale;
  const unseen = new Set(figures.unseen.zones.map(({ zone }) => zone));
  return {
    width,
    height,
    label: `${say(language, 'heatTitle')} · ${say(language, role)}`,
    shapes: [
      ...(plan?.zones ?? []).flatMap(({ polygon, line: door }): Shape[] =>
        polygon !== undefined
          ? [
              [
                'polygon',
                {
                  points: polygon.map(([px, py]) => `${round(view.x(px))},${round(view.y(py))}`).join(' '),
                  class: 'heat-zone',
                },
              ],
            ]
          : door !== undefined
            ? [
                line(
                  view.x(door[0][0]),
                  view.y(door[0][1]),
                  view.x(door[1][0]),
                  view.y(door[1][1]),
                  'heat-door',
                ),
              ]
            : [],
      ),
      ...cells.map(({ x, y, personMinutes }) =>
        rect(
          view.x(x) - side / 2,
          view.y(y) - side / 2,
          side + 0.2,
          side + 0.2,
          `heat heat-${stepOf(personMinutes)}`,
        ),
      ),
      ...(plan?.zones ?? []).flatMap(({ id, polygon, line: door }): Shape[] => {
        const points = polygon ?? door ?? [];
        if (!unseen.has(id) || points.length === 0) return [];
        const xs = points.map(([px]) => view.x(px));
        const ys = points.map(([, py]) => view.y(py));
        // A door is a line: the hatching needs some room to be seen.
        const room = polygon === undefined ? 8 : 0;
        return [
          hatch(
            Math.min(...xs) - room,
            Math.min(...ys) - room,
            Math.max(...xs) + room,
            Math.max(...ys) + room,
          ),
        ];
      }),
      ...(plan?.zones ?? []).flatMap(({ id, polygon, line: door }): Shape[] => {
        const points = polygon ?? door;
        if (points === undefined) return [];
        const name = nameOf(id);
        const left = Math.min(...points.map(([px]) => view.x(px)));
        const y = Math.min(...points.map(([, py]) => view.y(py)));
        return [
          text(Math.max(4, Math.min(width - widthOf(name) - 4, left + 4)), Math.max(14, y - 5), name, {
            class: 'chart-text on-map',
          }),
        ];
      }),
    ],
  };
}
