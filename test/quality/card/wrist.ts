import type { Branch } from '../../../src/contract/branch.ts';
import { thresholdsSchema } from '../../../src/contract/thresholds.ts';
import { percentile } from '../../../src/core/score/percentile.ts';
import { begin, step } from '../../../src/core/step.ts';
import type { Seconds } from '../../../src/core/units.ts';
import { createLooksWanted, onlyAsked } from '../../../src/service/see-heads.ts';
import { settingsOf } from '../../../src/service/settings.ts';
import { mean, percent, sum } from '../metrics/statistics.ts';
import { branchOf, type KnownLobby, recordingOf } from '../run-lobby.ts';
import { type Day, type Staffing, spendDay } from '../wrist/day.ts';
import { createWristFigures, type Fate, mostWithin, type WristFigures } from '../wrist/figures.ts';
import type { Figure, Section } from './section.ts';

/** A kind of day, by how many come in an hour. */
const days: readonly (Omit<Day, 'staffing' | 'seed'> & { readonly name: string })[] = [
  { name: 'quiet, 8 an hour', arrivalsAnHour: 8, windows: 1, hours: 2 },
  { name: 'ordinary, 12 an hour', arrivalsAnHour: 12, windows: 1, hours: 2 },
  { name: 'busy, 50 an hour', arrivalsAnHour: 50, windows: 2, hours: 1.25 },
  { name: 'pension day, 120 an hour', arrivalsAnHour: 120, windows: 3, hours: 0.75 },
];
const staffings: Readonly<Record<Staffing, string>> = {
  manager: 'manager',
  'manager-and-deputy': 'manager and deputy',
  'nobody-known': 'nobody known',
};
/** A wrist begins the day with all six: what is kept up is counted from here. */
const fromSeconds: Seconds = 900;
const tenMinutes: Seconds = 600;

const figure = (
  name: string,
  digits: number,
  better: Figure['better'] = 'neither',
  tolerance = 0,
): Figure => ({ name, digits, better, tolerance });

const fateFigures: readonly Figure[] = [
  figure('arrivals', 0),
  figure('met or merged %', 1, 'higher', 3),
  figure('own prompt %', 1),
  figure('merged %', 1),
  figure('told later %', 1),
  figure('in silence %', 1),
  figure('met before %', 1),
  figure('queued before %', 1),
  figure('left before %', 1),
  figure('never %', 1, 'lower', 1),
];

function fateValues({ arrivals, fates }: WristFigures): readonly (number | null)[] {
  const of = (...names: readonly Fate[]) => sum(names.map((name) => fates.get(name) ?? 0));
  const struck = of('staff');
  const all = arrivals - struck;
  const told = of('told', 'merged', 'told-later', 'listed', 'met');
  const never = all - told - of('queued', 'left');
  return [
    all,
    percent(told, all),
    percent(of('told'), all),
    percent(of('merged'), all),
    percent(of('told-later'), all),
    percent(of('listed'), all),
    percent(of('met'), all),
    percent(of('queued'), all),
    percent(of('left'), all),
    percent(never, all),
  ];
}

/** What wrists bear over hours, and what becomes of who comes in. */
export function daySections(): readonly Section[] {
  const rows = days.flatMap((day, i) =>
    (Object.keys(staffings) as Staffing[]).flatMap((staffing) => {
      // A watch that says nothing is asked the same as a manager's alone: one row shows it.
      if (staffing === 'nobody-known' && !day.name.startsWith('ordinary')) return [];
      if (staffing === 'manager-and-deputy' && day.name.startsWith('quiet')) return [];
      const watched = createWristFigures(fromSeconds);
      const truth = spendDay({ ...day, staffing, seed: 3 + i }, ({ output, state }) =>
        watched.see(output, state),
      );
      const figures = watched.figures();
      const tens = (day.hours * 3600 - fromSeconds) / tenMinutes;
      const wrists = [...figures.buzzes.values()];
      const kinds = (...of: readonly string[]) => sum(of.map((kind) => figures.kinds.get(kind) ?? 0));
      const wearers = staffing === 'manager-and-deputy' ? 2 : 1;
      return [
        {
          name: `${day.name}: ${staffings[staffing]}`,
          values: [
            sum(wrists.map((one) => one.length)) / wearers / tens,
            Math.max(0, ...wrists.map((one) => mostWithin(one, tenMinutes))),
            ...fateValues(figures),
            percent(truth.spokenTo, truth.customers),
            percentile(truth.spokenWithin, 0.5),
            kinds('greet'),
            kinds('patrol'),
            kinds('ask-queue', 'divert', 'approach', 'attend', 'check-machine', 'see-off'),
            figures.passedOn,
          ],
        },
      ];
    }),
  );
  return [
    {
      id: 'wrist-days',
      title: 'Wrists, over hours',
      about:
        'Simulated lobbies with the settings that ship, through the real step at 2 frames a second: people come by chance, alone or in parties, to the counter, to machines, to sit, or not knowing where; wearers walk to whom the wrist asks for 2 to 8 s after a buzz, one customer at a time, tap that they go seven times in ten, and leave one prompt in eight alone; they look at the wrist after each customer. Buzzes are for each wearer, from the first quarter of an hour on. Of all who came in: with a prompt of their own, merged into one that was on a wrist, told of later with others, shown on the wrist in silence because it had had enough, or met before anything was said: together “met or merged”. The rest joined a queue or left first, or nothing ever told of them. A word is what the simulated wearers had with them.',
      figures: [
        figure('buzzes in ten minutes', 2, 'lower', 0.35),
        figure('most in any ten', 0, 'lower', 1),
        ...fateFigures,
        figure('had a word %', 1),
        figure('word after s', 1),
        figure('greetings', 0),
        figure('rounds', 0),
        figure('others', 0),
        figure('passed on', 0),
      ],
      rows,
    },
  ];
}

/** The lobby with the policy that ships: scenes allow for a minute's worth more. */
function asShipped(branch: Branch): Branch {
  return { ...branch, thresholds: { ...branch.thresholds, prompts: thresholdsSchema.parse({}).prompts } };
}

function wearIn(lobby: KnownLobby, staffing: Staffing): WristFigures {
  const branch = asShipped(branchOf(lobby));
  const settings = settingsOf(branch);
  const wanted = createLooksWanted();
  const watched = createWristFigures();
  let state = begin();
  const seen = recordingOf(lobby);
  const roles = staffing === 'manager' ? (['manager'] as const) : (['manager', 'deputy'] as const);
  const at = seen[0]?.at ?? 0;
  if (staffing !== 'nobody-known') {
    for (const role of roles)
      [state] = step(state, { kind: 'duty', at, watch: `w-${role}`, role, onDuty: true }, settings);
  }
  for (const one of seen) {
    const asked =
      one.kind === 'people' ? { ...one, people: onlyAsked(one.people, wanted.of(one.camera)) } : one;
    const [next, output] = step(state, asked, settings);
    state = next;
    wanted.take(one.camera, output);
    watched.see(output, state);
  }
  return watched.figures();
}

function together(all: readonly WristFigures[]): WristFigures {
  const added = <Key>(maps: readonly ReadonlyMap<Key, number>[]) => {
    const sums = new Map<Key, number>();
    for (const map of maps) for (const [key, value] of map) sums.set(key, (sums.get(key) ?? 0) + value);
    return sums;
  };
  return {
    arrivals: sum(all.map(({ arrivals }) => arrivals)),
    fates: added(all.map(({ fates }) => fates)),
    buzzes: new Map(),
    kinds: added(all.map(({ kinds }) => kinds)),
    passedOn: sum(all.map(({ passedOn }) => passedOn)),
  };
}

/** What the same wrists bear in the lobbies of the card. Nobody of them answers: all that meets is in the recording. */
export function lobbyWristSections(lobbies: readonly KnownLobby[]): readonly Section[] {
  const buzzesOf = ({ buzzes }: WristFigures) => [...buzzes.values()].map((one) => one.length);
  const mostOf = ({ buzzes }: WristFigures) =>
    Math.max(0, ...[...buzzes.values()].map((one) => mostWithin(one, tenMinutes)));
  const sums = (Object.keys(staffings) as Staffing[]).map((staffing) => {
    const all = lobbies.map((lobby) => wearIn(lobby, staffing));
    return { staffing, all };
  });
  const alone = sums[0]!.all;
  return [
    {
      id: 'wrist-lobbies',
      title: 'Wrists, in the lobbies of the card',
      about:
        'The recordings above with the policy that ships in place of the scenes’ own, a minute of each, with wearers on duty whom nobody sees answer. Each begins with all six.',
      figures: [
        figure('buzzes a wrist', 1, 'lower', 0.5),
        figure('most in any ten', 0, 'lower', 1),
        ...fateFigures,
      ],
      rows: [
        ...sums.map(({ staffing, all }) => ({
          name: `all: ${staffings[staffing]}`,
          values: [mean(all.flatMap(buzzesOf)), Math.max(...all.map(mostOf)), ...fateValues(together(all))],
        })),
        ...lobbies.map(({ name }, i) => ({
          name,
          values: [mean(buzzesOf(alone[i]!)) ?? 0, mostOf(alone[i]!), ...fateValues(alone[i]!)],
        })),
      ],
    },
  ];
}
