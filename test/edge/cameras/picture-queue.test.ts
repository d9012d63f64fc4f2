import { describe, expect, it } from 'vitest';
import { PictureQueue } from '../../../edge/cameras/picture-queue.ts';
import { settled } from '../../manual-clock.ts';

function queueOf(bound: number, whenFull: 'wait' | 'newest-wins') {
  const letGo: number[] = [];
  return { letGo, queue: new PictureQueue<number>(bound, whenFull, (picture) => void letGo.push(picture)) };
}

describe('a queue that waits', () => {
  it('holds no more than its bound and loses none', async () => {
    const { queue, letGo } = queueOf(2, 'wait');
    let given = 0;
    const giving = (async () => {
      for (let picture = 1; picture <= 5; picture += 1) {
        await queue.give(picture);
        given = picture;
      }
      queue.end();
    })();
    await settled();
    expect(given).toBe(2);
    const taken: number[] = [];
    for (let picture = await queue.take(); picture; picture = await queue.take()) taken.push(picture);
    await giving;
    expect(taken).toEqual([1, 2, 3, 4, 5]);
    expect(letGo).toEqual([]);
    expect(queue.dropped).toBe(0);
  });

  it('lets go of what comes after it was discarded, and of what lay in it', async () => {
    const { queue, letGo } = queueOf(1, 'wait');
    await queue.give(1);
    const waiting = queue.give(2);
    queue.discard();
    await waiting;
    await queue.give(3);
    expect(letGo).toEqual([1, 2, 3]);
    expect(await queue.take()).toBeUndefined();
  });
});

describe('a queue in which the newest wins', () => {
  it('keeps the newest, lets go of the older and counts them', async () => {
    const { queue, letGo } = queueOf(1, 'newest-wins');
    for (const picture of [1, 2, 3]) await queue.give(picture);
    expect(await queue.take()).toBe(3);
    expect(letGo).toEqual([1, 2]);
    expect(queue.dropped).toBe(2);
  });

  it('wakes a taker that waits', async () => {
    const { queue } = queueOf(1, 'newest-wins');
    const taking = queue.take();
    await queue.give(1);
    expect(await taking).toBe(1);
  });
});

describe('the end of a queue', () => {
  it('comes after what was given, with its failure told once', async () => {
    const { queue } = queueOf(2, 'wait');
    await queue.give(1);
    queue.end(new Error('broken'));
    expect(await queue.take()).toBe(1);
    await expect(queue.take()).rejects.toThrow('broken');
    expect(await queue.take()).toBeUndefined();
  });
});
