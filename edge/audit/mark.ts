/**
 * The mark that people in the audit's clip bear: upright bars, bright and dark, that repeat across the picture.
 *
 *     ████████████    ████        ████        ████████████    …
 *     3 bright     1 1    2      1    2       3               cells
 *
 * A row of pixels that crosses somebody shows it, whatever the row is part of: a whole picture, a crop, one line.
 * It is told by how long the bars are beside each other, as a till reads a bar code, so that it is also known when
 * the picture was made smaller or larger, and by any layout in which its samples lie evenly apart.
 */
export const bars: readonly number[] = [3, 1, 1, 2, 1, 2];

/** All bars, in cells. */
export const cells: number = bars.reduce((sum, bar) => sum + bar, 0);

/** How wide a cell is painted, in pixels of the clip. At two thirds of that, as the detector sees it, it has 2.7. */
export const cellPx = 4;

/**
 * By how much a bar is brighter or darker than what it is painted on, in steps of luma. Stronger, and the detector
 * sees nobody any more: at 50 it misses every other one, with bars of plain black and white everybody.
 */
const strength = 40;

/** Whether a bar is bright, at each pixel of one repetition. */
const painted: readonly boolean[] = bars.flatMap((bar, index) =>
  Array.from({ length: bar * cellPx }, () => index % 2 === 0),
);

/** A pixel's luma with the mark upon it; video's luma goes from 16 to 235. */
export function markedLuma(luma: number, column: number): number {
  const between = Math.min(235 - strength, Math.max(16 + strength, luma));
  return between + (painted[column % painted.length] ? strength : -strength);
}

/** How a row's samples lie in bytes. */
export interface Layout {
  readonly name: string;
  /** From one sample of the row to the next, in samples. */
  readonly samples: number;
  /** Numbers of four bytes each, from black to white; absent: bytes. */
  readonly floats?: { readonly least: number; readonly most: number };
}

/** Every way in which pixels are usually kept: planes, packed with two to four parts, and as numbers for a network. */
export const layouts: readonly Layout[] = [
  { name: 'one byte a pixel', samples: 1 },
  { name: 'two bytes a pixel', samples: 2 },
  { name: 'three bytes a pixel', samples: 3 },
  { name: 'four bytes a pixel', samples: 4 },
  ...[
    { of: 'from 0 to 255', floats: { least: 0, most: 255 } },
    { of: 'from 0 to 1', floats: { least: 0, most: 1 } },
    { of: 'around 0', floats: { least: -2, most: 2 } },
  ].flatMap(({ of, floats }): Layout[] => [
    { name: `numbers ${of}, in planes`, samples: 1, floats },
    { name: `numbers ${of}, packed`, samples: 3, floats },
  ]),
];

/** Bytes from one sample of a row to the next. */
const stepOf = ({ samples, floats }: Layout): number => samples * (floats === undefined ? 1 : 4);

/** Narrower cells than this are not told from chance, in samples; wider ones than that nobody keeps. */
const [leastCell, mostCell] = [1.8, 64];
/** How far a bar may be off, in cells: half a cell would make one bar of the next length. */
const mostOff = 0.45;
/**
 * Finds one repetition of the mark in each place where a row shows it.
 *
 * Stretches that cannot be part of a picture are passed over: it makes reading a process's memory ten times as fast.
 *
 * @returns where the repetition ends, in bytes from the beginning, in rising order
 */
export function readMarks(bytes: Uint8Array, layout: Layout): number[] {
  return marksOf(
    layout.floats === undefined ? [{ at: 0, samples: bytes }] : toBytes(bytes, layout.floats),
    layout,
  );
}

/** Bytes that are samples, and where they begin. */
interface Samples {
  readonly at: number;
  readonly samples: Uint8Array;
}

function marksOf(stretches: readonly Samples[], { samples: step, floats }: Layout): number[] {
  const found: number[] = [];
  for (const { at, samples } of stretches)
    readSamples(samples, step, at, floats === undefined ? 1 : 4, found);
  return found.sort((one, other) => one - other);
}

/** @param at where the samples begin, in bytes; each stands for so many */
function readSamples(
  samples: Uint8Array,
  step: number,
  at: number,
  bytesEach: number,
  found: number[],
): void {
  for (const [from, to] of pictureLike(samples, step)) {
    for (let phase = 0; phase < step; phase++) {
      readRow(samples, from + phase, to, step, (index) => found.push(at + index * bytesEach));
    }
  }
}

/** Stretches of numbers as a picture may have them, as bytes: from 0 at `least` to 255 at `most`. */
function toBytes(bytes: Uint8Array, { least, most }: NonNullable<Layout['floats']>): Samples[] {
  // Numbers begin at multiples of four.
  const whole = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const floats = new Float32Array(whole.buffer, whole.byteOffset, whole.length >> 2);
  const stretches: Samples[] = [];
  const scale = 255 / (most - least);
  let begun: number | undefined;
  const end = (to: number) => {
    if (begun === undefined) return;
    const samples = new Uint8ClampedArray(to - begun);
    for (let index = 0; index < samples.length; index++)
      samples[index] = (floats[begun + index]! - least) * scale;
    stretches.push({ at: begun * 4, samples: new Uint8Array(samples.buffer) });
    begun = undefined;
  };
  for (let from = 0; from < floats.length; from += blockSamples) {
    if (areNumbers(floats, from, Math.min(floats.length, from + blockSamples))) begun ??= from;
    else end(from);
  }
  end(floats.length);
  return stretches;
}

/** Whether these four bytes each are numbers of a size that samples have: other bytes read as numbers are not. */
function areNumbers(floats: Float32Array, from: number, to: number): boolean {
  let [probes, numbers, others] = [0, 0, 0];
  for (let at = from; at < to; at += 61) {
    const size = Math.abs(floats[at]!);
    probes += 1;
    if (size === 0) continue;
    if (size > 1 / 1024 && size <= 256) numbers += 1;
    else others += 1;
  }
  return numbers > 0 && others * 10 < probes;
}

const blockSamples = 4096;
const probeEvery = 13;
/** Neighbours in a picture that differ by less than this are alike; by more than that, an edge is between them. */
const [alikeWithin, edgeFrom] = [14, 24];

/**
 * The stretches whose neighbours are mostly alike, with an edge now and then: pictures, and little else. Code, text,
 * weights and noise are not, nor what is mostly nothing, as the room of programs is.
 */
function pictureLike(samples: Uint8Array, step: number): (readonly [from: number, to: number])[] {
  const stretches: [number, number][] = [];
  for (let from = 0; from < samples.length; from += blockSamples) {
    const to = Math.min(samples.length, from + blockSamples);
    let probes = 0;
    let alike = 0;
    let edges = 0;
    let zeros = 0;
    for (let at = from; at + step < to; at += probeEvery) {
      if (samples[at] === 0) zeros += 1;
      const difference = Math.abs(samples[at]! - samples[at + step]!);
      probes += 1;
      if (difference < alikeWithin) alike += 1;
      else if (difference >= edgeFrom) edges += 1;
    }
    if (alike * 2 < probes || edges < 1 || zeros * 2 > probes) continue;
    // A row may begin in the block before and end in the one after.
    const start = Math.max(0, from - blockSamples);
    const end = Math.min(samples.length, to + blockSamples);
    const last = stretches.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = end;
    else stretches.push([start, end]);
  }
  return stretches;
}

const count = bars.length;
/** A sample that lies so far from the last extreme begins a bar: half of how far bright and dark bars are apart. */
const contrast = 38;

function readRow(
  samples: Uint8Array,
  start: number,
  end: number,
  step: number,
  onMark: (at: number) => void,
): void {
  // Where the last edges were, in turn; `next` is where the oldest lies.
  const edges = new Float64Array(count + 1);
  let next = 0;
  let isBright = false;
  let extreme = samples[start] ?? 0;
  for (let at = start; at < end; at += step) {
    const value = samples[at]!;
    if (isBright) {
      if (value > extreme) extreme = value;
      if (value > extreme - contrast) continue;
    } else {
      if (value < extreme) extreme = value;
      if (value < extreme + contrast) continue;
    }
    isBright = !isBright;
    extreme = value;
    edges[next] = at;
    next = next === count ? 0 : next + 1;
    if (!isBright) continue;
    const cell = (at - edges[next]!) / step / cells;
    if (cell < leastCell || cell > mostCell) continue;
    let bar = 0;
    let from = next;
    while (bar < count) {
      const to = from === count ? 0 : from + 1;
      if (Math.abs((edges[to]! - edges[from]!) / step / cell - bars[bar]!) > mostOff) break;
      from = to;
      bar += 1;
    }
    if (bar === count && isEven(samples, edges, next, step)) onMark(at);
  }
}

/** How much bars of one kind may differ from each other in the middle, in steps of 255, and by how much less than dark from bright. */
const [mostUneven, leastApart] = [72, 24];

/**
 * Whether the bright bars are about as bright as each other and the dark ones as dark: they lie on one piece of
 * clothing. Tables of a program, which repeat as rows do, are not so even.
 *
 * @param first where the oldest edge lies among the edges
 */
function isEven(samples: Uint8Array, edges: Float64Array, first: number, step: number): boolean {
  let [brightLeast, brightMost, darkLeast, darkMost] = [255, 0, 255, 0];
  for (let bar = 0; bar < count; bar++) {
    const from = edges[(first + bar) % (count + 1)]!;
    const to = edges[(first + bar + 1) % (count + 1)]!;
    const value = samples[from + Math.floor((to - from) / step / 2) * step]!;
    if (bar % 2 === 0) {
      brightLeast = Math.min(brightLeast, value);
      brightMost = Math.max(brightMost, value);
    } else {
      darkLeast = Math.min(darkLeast, value);
      darkMost = Math.max(darkMost, value);
    }
  }
  return (
    brightMost - brightLeast <= mostUneven &&
    darkMost - darkLeast <= mostUneven &&
    brightLeast - darkMost >= leastApart
  );
}

/** The mark in a picture: which layout, where its first row ends, how far apart rows are in bytes, and how many there are. */
export interface MarkedRows {
  readonly layout: string;
  readonly at: number;
  readonly rowBytes: number;
  readonly rows: number;
}

/** Rows farther apart than this are not of one picture: 4096 pixels of four numbers. */
const mostRowBytes = 65_536;
/** How many hits on are looked at for a next row: as many repetitions as a row may show, and some by chance. */
const lookAhead = 24;

/**
 * Finds rows that bear the mark at the same place, one below the other: what chance does not make.
 *
 * @param least so many rows, evenly apart, are a picture
 * @returns the picture with most rows of this layout, or nothing
 */
export function stackedRows(found: readonly number[], layout: Layout, least: number): MarkedRows | undefined {
  const step = stepOf(layout);
  const all = new Set(found);
  const near = (at: number): number | undefined =>
    all.has(at) ? at : all.has(at + step) ? at + step : all.has(at - step) ? at - step : undefined;
  let best: MarkedRows | undefined;
  for (let index = 0; index < found.length; index++) {
    const first = found[index]!;
    for (let next = index + 1; next < found.length && next <= index + lookAhead; next++) {
      const rowBytes = found[next]! - first;
      if (rowBytes > mostRowBytes) break;
      if (rowBytes < cells * step * leastCell) continue;
      let rows = 2;
      let at: number | undefined = found[next]!;
      while (true) {
        at = near(at + rowBytes);
        if (at === undefined) break;
        rows += 1;
      }
      if (rows >= least && rows > (best?.rows ?? 0))
        best = { layout: layout.name, at: first, rowBytes, rows };
    }
  }
  return best;
}

/** Rows one below the other that make a picture. */
export const leastRows = 12;

/**
 * Looks for the mark in every layout.
 *
 * @param least so many rows one below the other are a picture: fewer do where there is little to look through
 * @returns the picture with most rows; nothing if there is none
 */
export function findMark(bytes: Uint8Array, least: number = leastRows): MarkedRows | undefined {
  let best: MarkedRows | undefined;
  // Planes and packed numbers of one range are the same bytes.
  const read = new Map<Layout['floats'], readonly Samples[]>([[undefined, [{ at: 0, samples: bytes }]]]);
  for (const layout of layouts) {
    const { floats } = layout;
    if (floats !== undefined && !read.has(floats)) read.set(floats, toBytes(bytes, floats));
    const rows = stackedRows(marksOf(read.get(floats)!, layout), layout, least);
    if (rows !== undefined && rows.rows > (best?.rows ?? 0)) best = rows;
  }
  return best;
}

/** Whether a row of pixels shows the mark, in some layout: one is enough where somebody wrote bytes as text. */
export function showsMark(bytes: Uint8Array): boolean {
  return layouts.some((layout) => readMarks(bytes, layout).length > 0);
}
