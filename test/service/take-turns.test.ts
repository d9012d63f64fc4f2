import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/service/take-turns.ts';
import { settled } from '../manual-clock.ts';

describe('Cameras that share a detector', () => {
  /** Cameras that always have a frame ready, the first of them first. */
  async function film(names: readonly string[], turns: number): Promise<string[]> {
    const shared = createTurns();
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
    const turns = createTurns();
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
    const turns = createTurns();
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
});
