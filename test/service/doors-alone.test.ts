import { describe, expect, it } from 'vitest';
import { percentile } from '../../src/core/score/percentile.ts';
import { believedArrivals } from '../quality/believed-arrivals.ts';
import { knownLobbies, recordingOf } from '../quality/run-lobby.ts';
import { type Thinning, thinned } from '../quality/thin-looks.ts';

const lobbies = knownLobbies().filter(({ name }) => ['demo', 'queue-of-nine', 'two-queues'].includes(name));
const looks = (between: Thinning['between']) =>
  believedArrivals(lobbies, (lobby) => thinned(lobby, { wholeEverySeconds: 0.8, between }));
const half = ({ delays }: { readonly delays: readonly number[] }) => percentile(delays, 0.5)!;

describe('While doors alone are looked at between two looks at the whole', () => {
  it('people who come in are believed as soon as if the whole were looked at each time, and at most one more is missed', async () => {
    const [each, doors] = [await believedArrivals(lobbies, recordingOf), await looks('doors')];
    expect(half(doors)).toBeLessThanOrEqual(half(each) + 0.1);
    expect(doors.missed).toBeLessThanOrEqual(each.missed + 1);
  });

  it('as little goes wrong as if the whole were, where what moves in the hall is looked at too', async () => {
    const [each, both] = [await believedArrivals(lobbies, recordingOf), await looks('doors and what moves')];
    expect(both.errors).toBeLessThanOrEqual(each.errors + 2);
    // Control: by doors alone more does.
    expect((await looks('doors')).errors).toBeGreaterThan(each.errors + 2);
  });

  it('control: with nothing in between they are believed later, and more are missed', async () => {
    const [doors, nothing] = [await looks('doors'), await looks('nothing')];
    expect(half(nothing)).toBeGreaterThan(half(doors) + 0.2);
    expect(nothing.missed).toBeGreaterThan(doors.missed);
  });
});
