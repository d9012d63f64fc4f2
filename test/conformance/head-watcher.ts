import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PixelBox } from '../../src/core/units.ts';
import type { Frame } from '../../src/ports/camera.ts';
import type { HeadWatcher } from '../../src/ports/head-watcher.ts';

/** What a watcher of heads has to be given so that its promises can be checked. */
export interface HeadWatcherUnderTest {
  /** Opens a fresh one. */
  readonly open: () => Promise<HeadWatcher>;
  /** A frame with somebody in it who looks plainly to the right of the picture, and where they are. */
  readonly pictureOfAHead: () => Promise<{ readonly frame: Frame; readonly box: PixelBox }>;
}

/** The promises of the port of heads. Whoever writes a watcher runs this against it. */
export function headWatcherConformance(name: string, { open, pictureOfAHead }: HeadWatcherUnderTest): void {
  describe(`A watcher of heads: ${name}`, () => {
    let watcher: HeadWatcher;
    let frame: Frame;
    let box: PixelBox;
    const empty = (): Frame => without({ ...frame, rgb: new Uint8Array(frame.rgb.length).fill(128) });
    const without = ({ closeUp: _, ...rest }: Frame): Frame => rest;

    beforeAll(async () => {
      watcher = await open();
      ({ frame, box } = await pictureOfAHead());
    });
    afterAll(() => watcher.close());

    it('says in its name what it is and what it runs on', () => {
      expect(watcher.name).toMatch(/^\S+ on \S+/);
    });

    it('tells where a head is turned, and how sure that is', async () => {
      const head = await watcher.watch(frame, box);
      expect(head!.yaw).toBeGreaterThan(0.5);
      expect(head!.yaw).toBeLessThan(2.6);
      expect(head!.score).toBeGreaterThan(0);
      expect(head!.score).toBeLessThanOrEqual(1);
    });

    it('gives two figures, and has no field for a point or a picture', async () => {
      const head = await watcher.watch(frame, box);
      expect(Object.keys(head!).toSorted()).toEqual(['score', 'yaw']);
      expect(Object.values(head!).every((value) => typeof value === 'number')).toBe(true);
    });

    it('tells nothing of a grey picture', async () => {
      expect(await watcher.watch(empty(), box)).toBeUndefined();
    });

    it('does with the frame as the detector sees it where there is no larger one', async () => {
      const head = await watcher.watch(without(frame), box);
      expect(head!.yaw).toBeGreaterThan(0.3);
      expect(head!.yaw).toBeLessThan(2.8);
    });

    it('gives the same answer to the same picture, whatever it saw in between, and to calls that overlap', async () => {
      const first = await watcher.watch(frame, box);
      await watcher.watch(empty(), box);
      const all = [watcher.watch(frame, box), watcher.watch(empty(), box), watcher.watch(frame, box)];
      expect(await Promise.all(all)).toEqual([first, undefined, first]);
    });

    it('takes a box at each edge of the picture, and one beyond it', async () => {
      const { width, height } = frame.camera;
      const boxes = [
        { left: 0, top: 0, right: 30, bottom: 80 },
        { left: width - 30, top: height - 80, right: width, bottom: height },
        { left: -50, top: -50, right: 20, bottom: 20 },
        { left: width + 500, top: 0, right: width + 540, bottom: 90 },
        { left: 0, top: 0, right: width, bottom: height },
      ];
      for (const edge of boxes) {
        for (const picture of [frame, without(frame)]) {
          const head = await watcher.watch(picture, edge);
          if (head !== undefined) expect(Math.abs(head.yaw)).toBeLessThanOrEqual(Math.PI);
        }
      }
      expect(await watcher.watch(without(frame), boxes[3]!)).toBeUndefined();
    });

    it('neither changes the frame’s bytes nor needs them once it has answered', async () => {
      const rgb = frame.rgb.slice();
      const head = await watcher.watch(without({ ...frame, rgb }), box);
      expect(rgb).toEqual(frame.rgb.slice());
      const before = structuredClone(head);
      rgb.fill(0);
      expect(head).toEqual(before);
    });

    it('may be closed twice, and refuses to watch from then on', async () => {
      const other = await open();
      await other.close();
      await other.close();
      await expect(other.watch(frame, box)).rejects.toThrow(/closed/);
      // Closing one leaves those that are open alone.
      expect(await watcher.watch(frame, box)).toBeDefined();
    });
  });
}
