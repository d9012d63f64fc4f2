import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/service/take-turns.ts';
import { ManualClock, settled } from '../manual-clock.ts';

describe('Cameras that share a detector', () => {
  /** Cameras that always have a frame ready, the first of them first. */
  async function film(names: readonly string[], turns: number): Promise<string[]> {
    const shared = createTurns(new ManualClock(0));
    const order: string[] = [];
    await Promise.all(
      names.map(async (name) => {
        while (order.length < turns) {
          const done = await shared.take();
          order.push(name);
          await settled();
          done();
        }
      }),
    );
    return order.slice(0, turns);
  }

  it('have it one at a time', async () => {
    const turns = createTurns(new ManualClock(0));
    const first = await turns.take();
    let isSecond = false;
    const second = turns.take().then((done) => {
      isSecond = true;
      return done;
    });
    await settled();
    expect(isSecond).toBe(false);
    first();
    (await second)();
    expect(isSecond).toBe(true);
    // Free again.
    (await turns.take())();
  });

  it('have it in turn, however busy each of them is: none is passed over', async () => {
    expect(await film(['hall', 'door', 'side'], 9)).toEqual([
      ...['hall', 'door', 'side'],
      ...['hall', 'door', 'side'],
      ...['hall', 'door', 'side'],
    ]);
  });

  it('give it back once: ending a turn again does not end the next one', async () => {
    const turns = createTurns(new ManualClock(0));
    const first = await turns.take();
    first();
    await turns.take();
    first();
    let isThird = false;
    void turns.take().then(() => {
      isThird = true;
    });
    await settled();
    expect(isThird).toBe(false);
  });

  /** Hall waits since 0 s, door since 0.1 s; the detector comes free at `freeAt`. @returns who has it first */
  async function firstAt(freeAt: number): Promise<string | undefined> {
    const clock = new ManualClock(0);
    const turns = createTurns(clock);
    const done = await turns.take();
    const order: string[] = [];
    void turns.take('hall').then(() => order.push('hall'));
    await clock.advance(0.1);
    void turns.take('door').then(() => order.push('door'));
    await clock.advance(freeAt - 0.1);
    done();
    await settled();
    return order[0];
  }

  it('have it first where something moves at a door', async () => {
    expect(await firstAt(0.3)).toBe('door');
  });

  it('have it after 0.6 s whatever moves at the doors of others', async () => {
    expect(await firstAt(0.6)).toBe('hall');
  });
});
