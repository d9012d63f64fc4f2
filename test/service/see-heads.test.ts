import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitInto } from '../../src/core/detect/fit.ts';
import type { HeadTurn, Person, PixelBox } from '../../src/core/units.ts';
import type { CameraStream, Frame } from '../../src/ports/camera.ts';
import type { Detector } from '../../src/ports/detector.ts';
import type { HeadWatcher } from '../../src/ports/head-watcher.ts';
import { asAsked, observe, replay } from '../../src/service/replay.ts';
import { createLooksWanted, onlyAsked, seeHeads } from '../../src/service/see-heads.ts';
import { film, stay, to, walk } from '../core/story.ts';
import { branchOfStories } from '../properties/branch-of-stories.ts';

const boxAt = (left: number): PixelBox => ({ left, top: 0, right: left + 40, bottom: 100 });
const personAt = (left: number): Person => ({ box: boxAt(left), score: 0.8 });
const frame = { at: 0 } as Frame;

/** Sees every head turned by its box's left edge ⁄ 1000, and notes whom it was asked for. */
function watching(head: (box: PixelBox) => HeadTurn | undefined = ({ left }) => turnAt(left)) {
  const asked: number[] = [];
  const watcher: HeadWatcher = {
    name: 'by hand',
    async watch(_, box) {
      asked.push(box.left);
      return head(box);
    },
    close: async () => {},
  };
  return { watcher, asked };
}
const turnAt = (left: number): HeadTurn => ({ yaw: Math.round(left % 300) / 100, score: 0.5 });

async function toArray<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('Looking at heads', () => {
  const people = [personAt(0), personAt(100), personAt(200)];

  it('is done of those who were asked for, and of nobody else', async () => {
    const { watcher, asked } = watching();
    const seen = await seeHeads(frame, people, { watcher, looks: () => [boxAt(205)] });
    expect(asked).toEqual([200]);
    expect(seen).toEqual([people[0], people[1], { ...people[2], head: turnAt(200) }]);
  });

  it('leaves people without a head who have none that can be made out', async () => {
    const { watcher } = watching(() => undefined);
    const seen = await seeHeads(frame, people, { watcher, looks: () => [boxAt(0)] });
    expect(seen).toEqual(people);
    expect(seen[0]).not.toHaveProperty('head');
  });

  it('does not ask where nobody is wanted', async () => {
    const { watcher, asked } = watching();
    await seeHeads(frame, people, { watcher, looks: () => [] });
    expect(asked).toEqual([]);
  });

  it('of everybody is for recordings that outlive what is asked for today', async () => {
    const { watcher, asked } = watching();
    await seeHeads(frame, people, { watcher, looks: () => 'everybody' });
    expect(asked).toEqual([0, 100, 200]);
  });
});

describe('What is wanted', () => {
  it('is of each camera its last wish alone', () => {
    const wanted = createLooksWanted();
    wanted.take('hall', { looks: [{ camera: 'hall', box: boxAt(1) }] });
    wanted.take('side', { looks: [{ camera: 'side', box: boxAt(2) }] });
    expect([wanted.of('hall'), wanted.of('side'), wanted.of('door')]).toEqual([[boxAt(1)], [boxAt(2)], []]);
    wanted.take('hall', {});
    expect(wanted.of('hall')).toEqual([]);
  });
});

describe('Replaying', () => {
  const story = film(
    [walk(0, [-7, 0], to(0, 0), stay(3), to(1, 1), stay(40)), walk(4, [-7, 0.5], to(-1, 1), stay(40))],
    {
      until: 40,
    },
  );
  const size = { width: 1280, height: 720 };
  const input = { width: 4, height: 4 };

  /** The story as a clip: frames that bear its moments, and a detector that knows who is in them. */
  function clip() {
    const stream = {
      camera: size,
      async *[Symbol.asyncIterator]() {
        for (const [n, { at }] of story.entries()) {
          const rgb = Uint8Array.from({ length: 48 }, (_, i) => (i * 37 + n * 3) % 200);
          yield { at, camera: size, input, fit: fitInto(size, input, 'stretch'), rgb } satisfies Frame;
        }
      },
    } as unknown as CameraStream;
    const detector = {
      detect: async ({ at }: Frame) => [...story.find((one) => one.at === at)!.people],
    } as unknown as Detector;
    return { stream, detector };
  }
  async function replayed(looksAtEverybody: boolean) {
    const { watcher, asked } = watching();
    const { stream, detector } = clip();
    const wanted = createLooksWanted();
    const looks = looksAtEverybody ? () => 'everybody' as const : () => wanted.of('hall');
    const seen = observe('hall', stream, detector, { watcher, looks });
    const steps = await toArray(
      replay(branchOfStories, looksAtEverybody ? asAsked(seen, wanted) : seen, wanted),
    );
    return { steps, asked };
  }

  it('looks at the heads of those the core asks for, once they may be lost', async () => {
    const { steps, asked } = await replayed(false);
    expect(asked.length).toBeGreaterThan(20);
    const first = steps.findIndex(({ output }) => output.looks !== undefined);
    const withHeads = steps.findIndex(
      ({ observation }) =>
        observation.kind === 'people' && observation.people.some(({ head }) => head !== undefined),
    );
    expect(withHeads).toBe(first + 1);
    expect(steps.at(-1)!.state.visits.visits[0]!.heads!.length).toBeGreaterThan(15);
  });

  it("takes of a recording of everybody's heads those the live service would have seen", async () => {
    const [live, recorded] = [await replayed(false), await replayed(true)];
    expect(recorded.asked.length).toBeGreaterThan(2 * live.asked.length);
    expect(recorded.steps.map(({ state }) => state)).toEqual(live.steps.map(({ state }) => state));
  });

  it('never adds a head, and never takes anything else from anybody', () => {
    const someone = fc.record(
      { left: fc.integer({ min: 0, max: 500 }), hasHead: fc.boolean() },
      { requiredKeys: ['left', 'hasHead'] },
    );
    fc.assert(
      fc.property(fc.array(someone), fc.array(fc.integer({ min: 0, max: 500 })), (all, asked) => {
        const people = all.map(({ left, hasHead }) =>
          hasHead ? { ...personAt(left), head: turnAt(left) } : personAt(left),
        );
        const kept = onlyAsked(people, asked.map(boxAt));
        expect(kept.map(({ box, score }) => ({ box, score }))).toEqual(all.map(({ left }) => personAt(left)));
        for (const [index, { head }] of kept.entries()) {
          if (head !== undefined) expect(head).toBe((people[index] as Person).head);
        }
        expect(kept.filter(({ head }) => head !== undefined).length).toBeLessThanOrEqual(asked.length);
      }),
    );
  });
});
