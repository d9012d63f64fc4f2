/**
 * `npm run bench -- doors`: what it costs and gains to look at doors alone between two looks at the whole, on the
 * recorded lobbies: the table of decision 0038.
 */
import { percentile } from '../../src/core/score/percentile.ts';
import { believedArrivals } from '../quality/believed-arrivals.ts';
import { isRecorded, knownLobbies, recordingOf } from '../quality/run-lobby.ts';
import { type Thinning, thinned } from '../quality/thin-looks.ts';

const ways: readonly Thinning[] = [
  { wholeEverySeconds: 0, between: 'nothing' },
  { wholeEverySeconds: 0.5, between: 'nothing' },
  { wholeEverySeconds: 0.8, between: 'nothing' },
  { wholeEverySeconds: 0.8, between: 'doors' },
  { wholeEverySeconds: 0.8, between: 'doors or what moves' },
  { wholeEverySeconds: 0.8, between: 'doors and what moves' },
  { wholeEverySeconds: 0.6, between: 'doors' },
  { wholeEverySeconds: 1, between: 'doors' },
];
/** Of the time of a look at the whole: 320×256 of 640×384. */
const doorCost = (320 * 256) / (640 * 384);

const lobbies = knownLobbies().filter(isRecorded);
const all = lobbies.flatMap(recordingOf).filter(({ kind }) => kind === 'people').length;
console.log(
  'whole every (0: each of five a second), in between | cost | arrivals found, not true | half, 19 in 20 | errors',
);
for (const way of ways) {
  let cost = 0;
  const { found, missed, delays, errors, ...told } = await believedArrivals(lobbies, (lobby) => {
    const seen = thinned(lobby, way);
    for (const one of seen)
      if (one.kind === 'people') cost += one.within === undefined ? 1 : one.within.length * doorCost;
    return seen;
  });
  const late = (share: number) => `${percentile(delays, share)!.toFixed(2)} s`;
  console.log(
    [
      `${way.wholeEverySeconds} s, ${way.between}`,
      `${Math.round((100 * cost) / all)} %`,
      `${found} of ${found + missed}, ${told.false}`,
      `${late(0.5)}, ${late(0.95)}`,
      errors,
    ].join(' | '),
  );
}
