import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../src/ports/camera.ts';
import type { Detector } from '../../src/ports/detector.ts';

/** What a detector has to be given so that its promises can be checked. */
export interface DetectorUnderTest {
  /** Opens a fresh one. */
  readonly open: () => Promise<Detector>;
  /** A frame of its input size with at least two people in it. */
  readonly pictureWithPeople: () => Promise<Frame>;
  /** Why what is in the picture does not matter to it; absent: it does. */
  readonly looksAtNothing?: string;
}

/**
 * The promises of the detector port. Whoever writes a detector runs this against it; one line in its test file
 * is the proof.
 */
export function detectorConformance(
  name: string,
  { open, pictureWithPeople, looksAtNothing }: DetectorUnderTest,
): void {
  /** What is promised of the picture is asked of those alone who look at it. */
  const ifItLooks = (title: string, test: () => Promise<void>) => {
    if (looksAtNothing === undefined) it(title, test);
  };

  describe(`A detector: ${name}`, () => {
    let detector: Detector;
    let picture: Frame;
    const empty = (): Frame => ({ ...picture, rgb: new Uint8Array(picture.rgb.length).fill(128) });

    beforeAll(async () => {
      detector = await open();
      picture = await pictureWithPeople();
    });
    afterAll(() => detector.close());

    it('says in its name what it is and what it runs on', () => {
      expect(detector.name).toMatch(/^\S+ on \S+/);
    });

    it('finds people, each once, inside the camera’s frame, the surest first', async () => {
      const people = await detector.detect(picture);
      expect(people.length).toBeGreaterThanOrEqual(2);
      for (const { box, score } of people) {
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.top).toBeGreaterThanOrEqual(0);
        expect(box.right).toBeLessThanOrEqual(picture.camera.width);
        expect(box.bottom).toBeLessThanOrEqual(picture.camera.height);
        expect(box.left).toBeLessThan(box.right);
        expect(box.top).toBeLessThan(box.bottom);
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThanOrEqual(1);
      }
      const scores = people.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((one, other) => other - one));
    });

    it('gives boxes, scores and how far off an edge may be, and has no field for anything else', async () => {
      const edges = ['bottom', 'left', 'right', 'top'];
      for (const { box, score, spread, ...rest } of await detector.detect(picture)) {
        expect(rest).toEqual({});
        expect(typeof score).toBe('number');
        expect(Object.keys(box).toSorted()).toEqual(edges);
        expect(Object.keys(spread ?? box).toSorted()).toEqual(edges);
      }
    });

    it('gives the same answer to the same picture, whatever it saw in between', async () => {
      const first = await detector.detect(picture);
      await detector.detect(empty());
      expect(await detector.detect(picture)).toEqual(first);
    });

    ifItLooks('finds nobody of any sureness in a grey picture', async () => {
      const sure = (await detector.detect(empty())).filter(({ score }) => score >= 0.4);
      expect(sure).toEqual([]);
    });

    ifItLooks(
      'measures in pixels of the camera, however large its frame was before it was fitted',
      async () => {
        const twice: Frame = {
          ...picture,
          camera: { width: picture.camera.width * 2, height: picture.camera.height * 2 },
          fit: { ...picture.fit, scaleX: picture.fit.scaleX / 2, scaleY: picture.fit.scaleY / 2 },
        };
        const [small] = await detector.detect(picture);
        const [large] = await detector.detect(twice);
        expect(large!.box.left).toBeCloseTo(small!.box.left * 2, 3);
        expect(large!.box.bottom).toBeCloseTo(small!.box.bottom * 2, 3);
      },
    );

    it('neither changes the frame’s bytes nor needs them once it has answered', async () => {
      const rgb = picture.rgb.slice();
      const people = await detector.detect({ ...picture, rgb });
      expect(rgb).toEqual(picture.rgb.slice());
      const before = structuredClone(people);
      rgb.fill(0);
      expect(people).toEqual(before);
    });

    ifItLooks('answers calls that overlap each with its own picture', async () => {
      const alone = await detector.detect(picture);
      const [first, between, last] = await Promise.all([
        detector.detect(picture),
        detector.detect(empty()),
        detector.detect(picture),
      ]);
      expect(first).toEqual(alone);
      expect(between).not.toEqual(alone);
      expect(last).toEqual(alone);
    });

    it('refuses a picture that is not of its input size', async () => {
      await expect(detector.detect({ ...picture, rgb: picture.rgb.slice(3) })).rejects.toThrow(RangeError);
    });

    it('may be closed twice, and refuses to detect from then on', async () => {
      const other = await open();
      await other.close();
      await other.close();
      await expect(other.detect(picture)).rejects.toThrow(/closed/);
      // Closing one leaves those that are open alone.
      expect((await detector.detect(picture)).length).toBeGreaterThanOrEqual(2);
    });
  });
}
