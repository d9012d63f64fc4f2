import { type Card, toCard } from '../card/card.ts';
import type { Figure } from '../card/section.ts';

const figure = (name: string, digits: number): Figure => ({ name, digits, better: 'neither', tolerance: 0 });

const eventFigures = [
  ...['truth', 'found', 'missed', 'false', 'twice'].map((name) => figure(name, 0)),
  figure('delay median s', 1),
  figure('delay p95 s', 1),
];
const bands = ['<60 px', '60–100 px', '100–160 px', '160–250 px', '≥250 px'];

export interface SampleKind {
  readonly kind: string;
  readonly found: number;
  readonly missed: number;
  readonly false: number;
  readonly median: number | null;
  readonly late: number | null;
}

export interface SampleLobby {
  readonly name: string;
  readonly errors: number;
  readonly shaken: number;
  readonly within: number | null;
  readonly kinds: readonly SampleKind[];
}

export interface SampleTracker {
  readonly name: string;
  /** HOTA and IDF1 at the first rate, then at the second. */
  readonly values: readonly [number, number, number, number];
}

export interface Sample {
  readonly kinds: readonly SampleKind[];
  readonly lobbies: readonly SampleLobby[];
  readonly trackers: readonly SampleTracker[];
  /** Recall of each band, 0 to 1. */
  readonly recalls: readonly (number | null)[];
}

const eventValues = (one: SampleKind) => [
  one.found + one.missed,
  one.found,
  one.missed,
  one.false,
  0,
  one.median,
  one.late,
];

/** A card of the same shape as the real one, with figures of one's choice. */
export function cardOf({ kinds, lobbies, trackers, recalls }: Sample): Card {
  const detector = [
    figure('people', 0),
    figure('recall at 0.15', 3),
    ...bands.map((name) => figure(name, 3)),
  ];
  const bandValues = bands.map((_, i) => recalls[i] ?? null);
  return toCard([
    {
      id: 'events',
      title: 'Events',
      about: '',
      figures: [...eventFigures, figure('F1 %', 1)],
      rows: kinds.map((one) => ({
        name: one.kind,
        values: [
          ...eventValues(one),
          (200 * one.found) / Math.max(1, 2 * one.found + one.missed + one.false),
        ],
      })),
    },
    {
      id: 'lobbies',
      title: 'Lobbies',
      about: '',
      figures: [figure('errors', 0), figure('shaken', 1), figure('within one %', 1)],
      rows: [
        { name: 'all', values: [999, 999, 99] },
        ...lobbies.map(({ name, errors, shaken, within }) => ({ name, values: [errors, shaken, within] })),
      ],
    },
    {
      id: 'events-by-lobby',
      title: 'Events by lobby',
      about: '',
      figures: eventFigures,
      rows: lobbies.flatMap(({ name, kinds }) =>
        kinds.map((one) => ({ name: `${name} · ${one.kind}`, values: eventValues(one) })),
      ),
    },
    {
      id: 'detector-real',
      title: 'Real',
      about: '',
      figures: detector,
      rows: [{ name: 'airport hall', values: [41, 0.9, ...bandValues] }],
    },
    {
      id: 'detector-rendered',
      title: 'Rendered',
      about: '',
      figures: detector,
      rows: [{ name: 'all', values: [900, 0.8, ...[...bandValues].reverse()] }],
    },
    {
      id: 'detector-heights',
      title: 'Heights',
      about: '',
      figures: [figure('people', 0), figure('recall at 0.15', 3), figure('recall at 0.4', 3)],
      rows: ['below 10 % of the height', '10–15 %', '15–25 %', '25–40 %', '40 % and more'].map((name, i) => ({
        name,
        values: [10 ** i, recalls[i] ?? null, (recalls[i] ?? 0) / 2],
      })),
    },
    {
      id: 'tracker-peers',
      title: 'Peers',
      about: '',
      figures: ['HOTA, full rate', 'IDF1, full rate', 'HOTA, at 5', 'IDF1, at 5'].map((name) =>
        figure(name, 1),
      ),
      rows: trackers.map(({ name, values }) => ({ name, values })),
    },
  ]);
}

const kind = (
  name: string,
  [found, missed, wrong]: readonly [number, number, number],
  [median, late]: readonly [number, number] | readonly [null, null],
): SampleKind => ({ kind: name, found, missed, false: wrong, median, late });

const lobby = (
  name: string,
  shaken: number,
  within: number | null,
  kinds: readonly SampleKind[] = [],
): SampleLobby => ({
  name,
  errors: kinds.reduce((total, one) => total + one.missed + one.false, 0),
  shaken,
  within,
  kinds,
});

/** Good and bad, long names and short ones, rare kinds, marks in one place, nothing to measure. */
export const sample: Sample = {
  kinds: [
    kind('arrived', [143, 9, 6], [0.1, 1.2]),
    kind('departed', [117, 14, 5], [0.3, 0.9]),
    kind('queued', [69, 5, 12], [0.4, 2.9]),
    kind('wandering', [8, 3, 4], [-3.1, 19.5]),
    kind('contacted', [0, 1, 0], [null, null]),
    kind('all kinds', [337, 32, 27], [0.2, 2.5]),
  ],
  lobbies: [
    lobby('demo', 0, 100, [kind('arrived', [6, 0, 0], [0.1, 0.2])]),
    lobby('empty-lobby', 0.3, null),
    lobby('wheelchair-and-stick', 3.5, 74.9, [
      kind('arrived', [6, 0, 0], [0.1, 0.2]),
      kind('queued', [6, 1, 2], [0.1, 0.2]),
    ]),
    lobby('leaves-and-comes-back', 1.2, 88.1, [kind('departed', [6, 1, 0], [0.1, 0.2])]),
    lobby('crowd-of-25', 23.4, 85.4, [
      kind('arrived', [14, 11, 12], [0.1, 0.2]),
      kind('contacted', [2, 1, 0], [1.1, 2.2]),
    ]),
  ],
  trackers: [
    { name: 'lobby-sense', values: [42.8, 51.8, 43.8, 53.9] },
    { name: 'trackers SORT', values: [42.5, 51.3, 44, 52.9] },
    { name: 'node-moving-things-tracker', values: [37.7, 46.4, 39.6, 48.7] },
    { name: 'ceiling', values: [56.5, 79.8, 56.8, 79.6] },
    { name: 'with a camera model: lobby-sense in the picture', values: [46.5, 54.2, 48.2, 57.4] },
    { name: 'with a camera model: UCMCTrack', values: [51, 61.7, 47.4, 56.8] },
  ],
  recalls: [0.671, 0.893, 0.956, 1, null],
};
