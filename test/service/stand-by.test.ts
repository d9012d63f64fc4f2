import { describe, expect, it } from 'vitest';
import { type DecidingPayload, decidingSchema, type LeasePayload } from '../../src/contract/deciding.ts';
import { handOver } from '../../src/core/hand-over.ts';
import type { CoreState } from '../../src/core/step.ts';
import { decideInTurn } from '../../src/service/decide-in-turn.ts';
import { ofDeciding, toDeciding } from '../../src/service/deciding-wire.ts';
import { ManualClock } from '../manual-clock.ts';
import { openSmallLobby, person, smallBranch } from './small-lobby.ts';

const at = '2026-11-23T10:00:00.000Z';

/** Two boxes that see the same, of which the first decides until it is told to end. */
function openTwo() {
  const clock = new ManualClock(Date.parse(at) / 1000);
  let state: CoreState | undefined;
  let firstMay = true;
  let secondMay = false;
  const first = openSmallLobby(
    smallBranch(),
    at,
    {
      mayDecide: () => firstMay,
      onState: (now) => {
        state = now;
      },
    },
    clock,
  );
  const second = openSmallLobby(smallBranch(), at, { seed: 8, mayDecide: () => secondMay }, clock);
  first.lobby.decide(undefined);
  return {
    clock,
    first,
    second,
    /** Both see somebody walk in, from the door to the middle in four seconds from `from` on. */
    async see(seconds: number, from: number) {
      for (let look = 0; look < seconds * 5; look += 1) {
        await clock.advance(0.2);
        const along = Math.min(1, Math.max(0, (clock.now() - from) / 4));
        const people = clock.now() < from ? [] : [person(-3.5 + 3.5 * along, 0)];
        for (const { lobby } of [first, second])
          lobby.hear('hall', { kind: 'people', at: clock.now(), people });
      }
    },
    end() {
      firstMay = false;
    },
    goOnAlone() {
      secondMay = true;
      second.lobby.decide(undefined);
    },
    /** The second goes on, from what came over the wire. */
    goOn() {
      secondMay = true;
      const { text } = toDeciding(handOver(state!), { term: 2, n: 1, saidAt: clock.now() });
      second.lobby.decide(ofDeciding(decidingSchema.parse(JSON.parse(text)) as DecidingPayload, 0));
    },
  };
}

describe('A lobby that stands by', () => {
  it('says and writes nothing, and says so of itself', async () => {
    const { see, second, clock } = openTwo();
    await see(6, clock.now());
    expect(second.prompts).toEqual([]);
    expect(second.lines).toEqual([]);
    expect(second.lobby.decides).toBe(false);
    expect(second.lobby.health()).toMatchObject({ standsBy: true });
  });

  it('goes on with who is there, and greets nobody again', async () => {
    const { see, first, second, clock, end, goOn } = openTwo();
    const from = clock.now();
    await see(6, from);
    expect(first.prompts.map(({ kind }) => kind)).toEqual(['greet']);
    const { id } = first.prompts[0]!;
    second.lobby.answer({ v: 1, id, answer: 'delivered', role: 'manager', watch: 'w-1' });
    first.lobby.answer({ v: 1, id, answer: 'delivered', role: 'manager', watch: 'w-1' });
    end();
    await see(2, from);
    goOn();
    await see(3, from);
    expect(second.prompts).toEqual([]);
    expect(second.lobby.lobby()).toMatchObject({ inLobby: 1, toGreet: 1, open: [{ prompt: { id } }] });
    expect(first.prompts).toHaveLength(1);
    expect(first.lobby.decides).toBe(false);
  });

  it('takes in late what was seen, and what a wrist said, while nobody decided', async () => {
    const { see, first, second, clock, end, goOn } = openTwo();
    await see(2, clock.now() + 60);
    end();
    const from = clock.now();
    second.lobby.duty({ v: 1, watch: 'w-1', role: 'manager', onDuty: true });
    await see(4, from);
    expect([...first.prompts, ...second.prompts]).toEqual([]);
    goOn();
    expect(second.prompts.map(({ kind }) => kind)).toEqual(['greet']);
    expect(second.lobby.lobby()).toMatchObject({ inLobby: 1, onDuty: 1 });
    // As of when they crossed the door, and not of now.
    expect(Date.parse(second.prompts[0]!.raisedAt) / 1000).toBeLessThan(clock.now() - 1);
  });

  it('takes in what was seen since it came, where nobody decided before', async () => {
    const { see, second, clock, end, goOnAlone } = openTwo();
    end();
    await see(5, clock.now());
    goOnAlone();
    expect(second.prompts.map(({ kind }) => kind)).toEqual(['greet']);
  });

  it('says again under its name what no wrist has confirmed', async () => {
    const { see, first, second, clock, end, goOn } = openTwo();
    await see(5, clock.now());
    end();
    goOn();
    expect(second.prompts.map(({ id }) => id)).toEqual(first.prompts.map(({ id }) => id));
  });
});

describe('A box that holds the lease', () => {
  /** One box on a broker that hands everything back at once, and a clock that can stand still for it alone. */
  function openBox() {
    const clock = new ManualClock(Date.parse(at) / 1000);
    const ending = new AbortController();
    const remarks: string[] = [];
    const published: string[] = [];
    let lost = 0;
    const turn = decideInTurn({
      box: 'box-a',
      run: 'aaaaaaaaaaaa',
      clock,
      elapsed: () => clock.now(),
      draw: () => 0,
      sayLease: (lease: LeasePayload) => turn.hearLease(lease, false),
      publisher: {
        begin: async () => undefined,
        abandon: () => {
          lost += 1;
        },
        deciding: (text) => void published.push(text),
      },
      onRemark: (remark) => remarks.push(remark),
    });
    const inTurn: ReturnType<typeof openSmallLobby> = openSmallLobby(
      smallBranch(),
      at,
      { mayDecide: turn.mayDecide, onState: turn.onState },
      clock,
    );
    turn.onHearing(true);
    const running = turn.run(inTurn.lobby, ending.signal);
    return { ...inTurn, turn, remarks, published, ending, running, ends: () => lost };
  }

  it('decides once nobody else was heard, and tells what it knows before each prompt and every second', async () => {
    const { clock, lobby, remarks, published, turn, ending, running } = openBox();
    await clock.advance(1);
    expect(lobby.decides).toBe(false);
    await clock.advance(1.5);
    expect(lobby.decides).toBe(true);
    expect(remarks[0]).toMatch(/^box box-a decides, term \d+, from nothing that another knew$/);
    for (let look = 0; look < 15; look += 1) {
      await clock.advance(0.2);
      lobby.hear('hall', { kind: 'people', at: clock.now(), people: [] });
    }
    expect(published.length).toBe(3);
    expect(turn.figures).toMatchObject({ decides: true, begun: 1 });
    ending.abort();
    await clock.advance(0.1);
    await running;
  });

  it('that stood still says nothing any more, before anybody has told it of another', async () => {
    const { clock, lobby, published, turn, ending, running, ends } = openBox();
    await clock.advance(2.5);
    lobby.hear('hall', { kind: 'people', at: clock.now(), people: [] });
    const before = published.length;
    // Nothing of it ran in between: the first thing after is a look.
    clock.setBack(-5);
    lobby.hear('hall', { kind: 'people', at: clock.now(), people: [] });
    expect(lobby.decides).toBe(false);
    expect(turn.mayDecide()).toBe(false);
    expect(published).toHaveLength(before);
    turn.hearLease({ v: 1, box: 'box-b', run: 'bbbbbbbbbbbb', term: 1e10, n: 9 }, false);
    await clock.advance(0.2);
    expect(ends()).toBe(1);
    ending.abort();
    await clock.advance(0.1);
    await running;
  });
});
