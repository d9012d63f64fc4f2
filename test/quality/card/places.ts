import type { Thresholds } from '../../../src/core/behaviours/behaviour.ts';
import { lowered, type PlaceScore, placeKinds, scorePlaces } from '../metrics/places.ts';
import { mean, median, sum } from '../metrics/statistics.ts';
import { branchOf, jittered, type KnownLobby, recordingOf, runLobby, truthOf } from '../run-lobby.ts';
import type { Section } from './section.ts';

/** Throws of the dice the errors are counted over. */
const placeThrows = 3;

/**
 * What the service tells of the lobby as a whole, against what the same rules tell of the true positions.
 *
 * @param throws how often each is run with noise; 0: the figure of shaken runs is null
 */
export async function placeSections(
  lobbies: readonly KnownLobby[],
  throws: number = placeThrows,
): Promise<readonly Section[]> {
  const nominal: PlaceScore[] = [];
  const shaken: PlaceScore[][] = Array.from({ length: throws }, () => []);
  for (const lobby of lobbies) {
    const own = branchOf(lobby);
    const thresholds: Thresholds = { ...own.thresholds, ...lowered };
    const branch = { ...own, thresholds: { ...own.thresholds, ...lowered } };
    const zones = branch.zones.map(({ zone }) => zone);
    const truth = truthOf(lobby);
    const seen = recordingOf(lobby);
    const score = async (observations: typeof seen) =>
      scorePlaces(truth, zones, thresholds, (await runLobby(branch, observations)).events);
    nominal.push(...(await score(seen)));
    for (const [i, scores] of shaken.entries()) scores.push(...(await score(jittered(seen, i + 1))));
  }
  const errors = (scores: readonly PlaceScore[]) =>
    sum(scores.map((one) => one.expected - one.found + one.false));
  return [
    {
      id: 'places',
      title: 'The lobby as a whole',
      about: `Held against what the same rules tell of the true positions and roles: it measures what seeing costs, not the rules. Levels are lowered to what a clip of a minute reaches (${lowered.crowded.people} people are a crowd, ${lowered.unattended.forSeconds} s are long without staff), so one person who is not seen weighs more than on a day. Trouble with a machine takes longer than a clip.`,
      figures: [
        { name: 'expected', digits: 0, better: 'neither', tolerance: 0 },
        { name: 'found', digits: 0, better: 'higher', tolerance: 1 },
        { name: 'false', digits: 0, better: 'lower', tolerance: 1 },
        { name: 'delay s', digits: 1, better: 'lower', tolerance: 1 },
        { name: 'errors shaken', digits: 1, better: 'lower', tolerance: 1 },
      ],
      rows: placeKinds.map((kind) => {
        const own = nominal.filter((one) => one.kind === kind);
        const thrown = shaken.map((scores) => errors(scores.filter((one) => one.kind === kind)));
        return {
          name: kind,
          values: [
            sum(own.map((one) => one.expected)),
            sum(own.map((one) => one.found)),
            sum(own.map((one) => one.false)),
            median(own.flatMap((one) => one.delays)),
            mean(thrown),
          ],
        };
      }),
    },
  ];
}
