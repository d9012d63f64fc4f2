import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JournalLine, journalLineSchema } from '../../src/contract/journal.ts';
import { coarsely, withCoarseTimes } from '../../src/service/coarse-times.ts';

const prompt: JournalLine = {
  v: 1,
  at: '2026-11-24T10:41:20.734Z',
  kind: 'prompt',
  change: 'raised',
  id: '01JDF3Q8ZB7N5V0C4T2M9X6K1H',
  prompt: 'greet',
  place: 'main-door',
  people: 1,
  passedOn: { to: 'deputy', at: '2026-11-24T10:41:20.733Z' },
  urgency: 'now',
  waitedSeconds: 0.734,
  raisedAt: '2026-11-24T10:41:20.734Z',
  expiresAt: '2026-11-24T10:42:05.734Z',
};
const stay: JournalLine = {
  v: 1,
  at: '2026-11-24T10:52:00.250Z',
  kind: 'stay',
  visit: 'k3f9-12',
  arrivedAt: '2026-11-24T10:41:20.734Z',
  promptedAt: '2026-11-24T10:41:20.934Z',
  metAt: '2026-11-24T10:41:31.101Z',
  waitedSeconds: 10.367,
  ended: 'departed',
};
const moments = (line: JournalLine) =>
  [...JSON.stringify(line).matchAll(/"([^"]*T[^"]*Z)"/g)].map(([, at]) => at!);

describe('Moments in the journal', () => {
  it('about people are kept to the second, every one of them, and how long it took as it was', () => {
    for (const line of [prompt, stay]) {
      const kept = journalLineSchema.parse(withCoarseTimes(line, 1));
      expect(moments(kept)).toHaveLength(moments(line).length);
      for (const moment of moments(kept)) expect(moment).toMatch(/:\d\d\.000Z$/);
      // Control: as they came they are finer.
      expect(moments(line).every((moment) => moment.endsWith('.000Z'))).toBe(false);
    }
    expect(withCoarseTimes(stay, 1)).toMatchObject({
      arrivedAt: '2026-11-24T10:41:20.000Z',
      waitedSeconds: 10.367,
    });
  });

  it('are never put forward, and keep their order', () => {
    const at = fc.integer({ min: 0, max: 90_000_000 });
    fc.assert(
      fc.property(at, at, fc.integer({ min: 1, max: 60 }), (one, other, seconds) => {
        const kept = [one, other].map((ms) => {
          const moment = new Date(Date.UTC(2026, 10, 24) + ms).toISOString();
          return Date.parse(withCoarseTimes({ ...stay, at: moment }, seconds).at) - Date.UTC(2026, 10, 24);
        });
        expect(kept[0]!).toBeLessThanOrEqual(one);
        expect(one - kept[0]!).toBeLessThan(seconds * 1000);
        expect(Math.sign(kept[0]! - kept[1]!) * Math.sign(one - other)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('about the box alone are kept as they are, and all of them where that is set', () => {
    const health: JournalLine = {
      v: 1,
      at: '2026-11-24T10:41:20.734Z',
      kind: 'health',
      state: 'ok',
      cameras: [],
    };
    expect(withCoarseTimes(health, 1)).toBe(health);
    expect(withCoarseTimes(prompt, 0)).toBe(prompt);
  });

  it('reach the journal no finer than that', () => {
    const written: JournalLine[] = [];
    const journal = coarsely(
      { write: (line) => void written.push(line), state: { written: 7, lost: 0 }, close: async () => {} },
      1,
    );
    journal.write(prompt);
    expect(written[0]!.at).toBe('2026-11-24T10:41:20.000Z');
    expect(journal.state.written).toBe(7);
  });
});
