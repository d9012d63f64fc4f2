/** One figure of a section: a column of its table. */
export interface Figure {
  /** `HOTA`, `missed`, `delay p95`; with its unit where it has one: `delay p95 s`. */
  readonly name: string;
  /** Digits after the point, in the table and in the committed card. */
  readonly digits: number;
  /** What counts as a gain. `neither` is told for the reader and held by no test. */
  readonly better: 'higher' | 'lower' | 'neither';
  /** How much worse than the committed card a figure may be, in its own unit. */
  readonly tolerance: number;
}

/** One table of the scorecard. */
export interface Section {
  /** `[a-z-]+`, its name in the committed card. */
  readonly id: string;
  readonly title: string;
  /** What it was measured on and how, in a sentence or two, with what a reader must know to trust it. */
  readonly about: string;
  readonly figures: readonly Figure[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly name: string;
  /** In the order of `figures`; `null` where there is nothing to measure. */
  readonly values: readonly (number | null)[];
  /** False for what stands beside ours to compare: no test holds it. */
  readonly held?: false;
}
