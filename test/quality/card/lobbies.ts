import { percentile } from '../../../src/core/score/percentile.ts';
import type { KindScore } from '../../../src/core/score/score-events.ts';
import type { Observation } from '../../../src/core/step.ts';
import { type LobbyFigures, scoreLobby } from '../metrics/lobby.ts';
import { mean, median, percent, sum } from '../metrics/statistics.ts';
import { branchOf, jittered, type KnownLobby, recordingOf, runLobby, truthOf } from '../run-lobby.ts';
import type { Figure, Section } from './section.ts';

/** Throws of the dice a lobby's errors are counted over. */
export const lobbyThrows = 8;

interface ScoredLobby {
  readonly name: string;
  readonly figures: LobbyFigures;
  /** Missed and false events of each jittered run. */
  readonly shakenErrors: readonly number[];
}

async function scoreOne(lobby: KnownLobby, see: See, throws: number): Promise<ScoredLobby> {
  const branch = branchOf(lobby);
  const truth = truthOf(lobby);
  const seen = see(lobby);
  const { afterSeconds } = branch.thresholds.wandering;
  const shakenErrors: number[] = [];
  for (let seed = 1; seed <= throws; seed++) {
    const run = await runLobby(branch, jittered(seen, seed));
    shakenErrors.push(errorsOf(scoreLobby(truth, run, afterSeconds).kinds));
  }
  const figures = scoreLobby(truth, await runLobby(branch, seen), afterSeconds);
  return { name: lobby.name, figures, shakenErrors };
}

const errorsOf = (kinds: readonly KindScore[]): number =>
  sum(kinds.map((one) => one.missed.length + one.false.length));

type See = (lobby: KnownLobby) => readonly Observation[];

/**
 * Everything the scorecard says of lobbies whose truth is known.
 *
 * @param see what was seen in each; its recording unless told
 * @param throws how often each is run with noise; 0: figures of shaken runs are null
 */
export async function lobbySections(
  lobbies: readonly KnownLobby[],
  see: See = recordingOf,
  throws: number = lobbyThrows,
): Promise<readonly Section[]> {
  const scored: ScoredLobby[] = [];
  for (const lobby of lobbies) scored.push(await scoreOne(lobby, see, throws));
  return [kindSection(scored), lobbySection(scored), sceneSection(scored)];
}

const count = (name: string, better: Figure['better'], tolerance: number): Figure => ({
  name,
  digits: 0,
  better,
  tolerance,
});
const seconds = (name: string, tolerance: number): Figure => ({
  name,
  digits: 1,
  better: 'lower',
  tolerance,
});
const percents = (name: string, tolerance: number): Figure => ({
  name,
  digits: 1,
  better: 'higher',
  tolerance,
});

const eventValues = (scores: readonly KindScore[]): (number | null)[] => {
  const delays = scores.flatMap((one) => one.delays);
  const wrong = scores.flatMap((one) => one.false);
  return [
    sum(scores.map(({ expected }) => expected)),
    sum(scores.map(({ found }) => found)),
    sum(scores.map(({ missed }) => missed.length)),
    wrong.length,
    wrong.filter(({ duplicateOf }) => duplicateOf !== undefined).length,
    median(delays),
    percentile(delays, 0.95),
  ];
};

/** @param slack how many events may be lost before it counts as a drop */
const eventFigures = (slack: number): Figure[] => [
  count('truth', 'neither', 0),
  count('found', 'higher', slack),
  count('missed', 'lower', slack),
  count('false', 'lower', slack),
  count('twice', 'lower', slack),
  seconds('delay median s', 0.2),
  seconds('delay p95 s', 0.6),
];

const kindNames = (scored: readonly ScoredLobby[]): readonly string[] =>
  scored[0]?.figures.kinds.map(({ kind }) => kind) ?? [];

function kindSection(scored: readonly ScoredLobby[]): Section {
  const rows = [...kindNames(scored).map((kind) => [kind]), [...kindNames(scored)]].map((kinds) => {
    const scores = scored.flatMap(({ figures }) => figures.kinds.filter(({ kind }) => kinds.includes(kind)));
    const values = eventValues(scores);
    const [truth, found, , wrong] = values as [number, number, number, number];
    return {
      name: kinds.length > 1 ? 'all kinds' : kinds[0]!,
      values: [
        ...values,
        percent(found, found + wrong),
        percent(found, truth),
        percent(2 * found, 2 * found + wrong + (truth - found)),
      ],
    };
  });
  return {
    id: 'events',
    title: 'Events, all lobbies together',
    about: `${scored.length} lobbies from their recordings. Matched one to one, nearest in time first, within the windows and 1.5 m of the format; a duplicate is false, and counted again as said twice.`,
    figures: [
      ...eventFigures(0),
      percents('precision %', 0.5),
      percents('recall %', 0.5),
      percents('F1 %', 0.5),
    ],
    rows,
  };
}

function sceneSection(scored: readonly ScoredLobby[]): Section {
  return {
    id: 'events-by-lobby',
    title: 'Events, lobby by lobby',
    about: 'Each kind in each lobby, also where it neither happened nor was said.',
    figures: eventFigures(1),
    rows: scored.flatMap(({ name, figures }) =>
      figures.kinds.map((one) => ({ name: `${name} · ${one.kind}`, values: eventValues([one]) })),
    ),
  };
}

function lobbySection(scored: readonly ScoredLobby[]): Section {
  const all = scored.map(({ figures }) => figures);
  const row = (name: string, of: readonly LobbyFigures[], shaken: readonly number[], parts: number) => {
    const lengths = of.flatMap(({ lengthErrors }) => lengthErrors);
    const waits = of.flatMap(({ waitErrors }) => waitErrors);
    const contacts = of.flatMap(({ contactErrors }) => contactErrors);
    const one = of.length === 1 ? of[0]! : undefined;
    const identity = (key: keyof LobbyFigures['identity']) => sum(of.map((each) => each.identity[key]));
    return {
      name,
      values: [
        sum(of.map(({ kinds }) => errorsOf(kinds))),
        timesOf(mean(shaken), parts),
        mean(of.map(({ promptsAnHour }) => promptsAnHour)),
        one === undefined ? mean(of.flatMap(({ promptsAVisit }) => promptsAVisit ?? [])) : one.promptsAVisit,
        asPercent(one === undefined ? mean(of.flatMap(({ metTruly }) => metTruly ?? [])) : one.metTruly),
        asPercent(one === undefined ? mean(of.flatMap(({ metSeen }) => metSeen ?? [])) : one.metSeen),
        median(contacts),
        median(waits),
        percentile(waits, 0.95),
        mean(lengths.map(Math.abs)),
        percent(lengths.filter((error) => Math.abs(error) <= 1).length, lengths.length),
        shareRight(of.flatMap(({ queues }) => queues.orderRight)),
        shareRight(of.flatMap(({ queues }) => queues.servedRight)),
        median(of.flatMap(({ queues }) => queues.expectedErrors)),
        identity('stays'),
        identity('split'),
        identity('merged'),
        identity('ghosts'),
      ],
    };
  };
  return {
    id: 'lobbies',
    title: 'Lobbies',
    about: `Errors are missed and false events; shaken is their mean over ${lobbyThrows} runs with a little noise on the boxes. Waits are errors against the truth: to the first contact, and in a queue until being served; a queue's length is those who wait. Order is right of two who wait if the one said to be ahead was served sooner; the foretold wait is the error of what those were told who joined. Split and merged count visits too many for a stay, and stays too many for a visit; a ghost is a visit of nobody.`,
    figures: [
      count('errors', 'lower', 1),
      { name: 'shaken', digits: 1, better: 'lower', tolerance: 0.8 },
      count('prompts an hour', 'neither', 0),
      { name: 'prompts a visit', digits: 2, better: 'neither', tolerance: 0 },
      { ...percents('met %', 0), better: 'neither', digits: 0 },
      { ...percents('seen met %', 0), better: 'neither', digits: 0 },
      seconds('contact wait s', 1),
      seconds('queue wait s', 1),
      seconds('queue wait p95 s', 3),
      { name: 'queue length', digits: 2, better: 'lower', tolerance: 0.15 },
      percents('within one %', 3),
      percents('order right %', 3),
      percents('served right %', 5),
      seconds('foretold wait s', 2),
      count('stays', 'neither', 0),
      count('split', 'lower', 1),
      count('merged', 'lower', 1),
      count('ghosts', 'lower', 1),
    ],
    rows: [
      row(
        'all',
        all,
        scored.flatMap(({ shakenErrors }) => shakenErrors),
        scored.length,
      ),
      ...scored.map(({ name, figures, shakenErrors }) => row(name, [figures], shakenErrors, 1)),
    ],
  };
}

const timesOf = (value: number | null, times: number): number | null =>
  value === null ? null : value * times;

const shareRight = (all: readonly boolean[]): number | null =>
  percent(all.filter((right) => right).length, all.length);

const asPercent = (part: number | null): number | null => (part === null ? null : part * 100);
