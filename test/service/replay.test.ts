import { describe, expect, it } from 'vitest';
import { promptSchema, promptStateSchema } from '../../src/contract/topics.ts';
import { replay, weave } from '../../src/service/replay.ts';
import { settingsOf } from '../../src/service/settings.ts';
import { placeName, toMoment } from '../../src/service/wire.ts';
import { film, tell, to, walk } from '../core/story.ts';
import { branchOfStories } from '../properties/branch-of-stories.ts';

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
async function* listed<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
const frames = film([walk(0, [-7, 0], to(0, 0), to(-8, 0))], { until: 16 });

describe('A replay', () => {
  it('runs the same step as everything else', async () => {
    const steps = await all(replay(branchOfStories, frames));
    const told = tell(frames, settingsOf(branchOfStories));
    expect(steps.map((one) => one.output)).toEqual(told.outputs);
    expect(steps.at(-1)!.state).toEqual(told.state);
  });

  it('writes events as they were known, and prompts as on the wire with their media time', async () => {
    const steps = await all(replay(branchOfStories, frames));
    const kinds = steps.flatMap((one) => one.events).map(({ t, kind }) => [t, kind]);
    expect(kinds).toEqual([
      [expect.any(Number), 'arrived'],
      [expect.any(Number), 'departed'],
    ]);
    const prompts = steps.flatMap((one) => one.prompts);
    expect(prompts).toHaveLength(2);
    for (const { t, ...payload } of prompts) {
      expect(t).toBeGreaterThan(0);
      expect(
        [promptSchema, promptStateSchema].filter((schema) => schema.safeParse(payload).success),
      ).toHaveLength(1);
    }
    expect(prompts[0]).toMatchObject({ t: kinds[0]![0], kind: 'greet', placeName: { en: 'Place' } });
  });

  it('is the same each time', async () => {
    const once = JSON.stringify(await all(replay(branchOfStories, frames)));
    expect(JSON.stringify(await all(replay(branchOfStories, listed(frames))))).toBe(once);
  });
});

describe('Several cameras', () => {
  const moments = (...at: number[]) => at.map((one) => ({ at: one }));

  it('are woven into one line of time; equal moments in the order given', async () => {
    const woven = await all(
      weave([
        listed(moments(1, 3, 5).map((one) => ({ ...one, by: 'a' }))),
        listed(moments(2, 3).map((one) => ({ ...one, by: 'b' }))),
        listed<{ at: number; by: string }>([]),
      ]),
    );
    expect(woven.map(({ at, by }) => `${at}${by}`)).toEqual(['1a', '2b', '3a', '3b', '5a']);
  });

  it('of whom there are none make an empty line', async () => {
    expect(await all(weave([]))).toEqual([]);
  });
});

describe('On the wire', () => {
  it('a moment is UTC to the millisecond', () => {
    expect(toMoment(1_700_000_000.1234)).toBe('2023-11-14T22:13:20.123Z');
    expect(toMoment(0)).toBe('1970-01-01T00:00:00.000Z');
  });

  it('a place has its name, and outside all places is the hall', () => {
    expect(placeName(branchOfStories, 'cash')).toEqual({ zh: '地方', en: 'Place' });
    expect(placeName(branchOfStories, 'hall')).toEqual({ zh: '大厅', en: 'Hall' });
  });

  it('a branch that sets how many prompts a wrist gets is heeded', () => {
    const { thresholds } = branchOfStories;
    const prompts = { mostInTenMinutes: 2, sustainedInTenMinutes: 4, passOnSeconds: 30 };
    const few = { ...branchOfStories, thresholds: { ...thresholds, prompts } };
    expect(settingsOf(few).prompts).toMatchObject({
      budget: 2,
      sustained: 2,
      budgetSeconds: 600,
      passOnSeconds: { now: 30, soon: 90 },
    });
  });
});
