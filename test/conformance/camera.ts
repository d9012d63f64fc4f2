import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Seconds, Size } from '../../src/core/units.ts';
import type { Camera, CameraStream, Frame, FrameRequest } from '../../src/ports/camera.ts';

/** A camera put to the test, with a known scene before it: picture n of its clip bears the number n. */
export interface CameraUnderTest {
  readonly camera: Camera;
  /** The same with another pace or on another source: nothing is there, so that opening must fail. */
  readonly gone: Camera;
  /** Of the scene. */
  readonly size: Size;
  readonly framesPerSecond: number;
  readonly seconds: Seconds;
  /** Whether every picture comes, however late the reader is. */
  readonly isLossless: boolean;
  /** Whether it is a clip: with a length, and all of it seen from the first picture. */
  readonly isClip: boolean;
  /** Reads the number of a picture off a frame. */
  numberOf(frame: Frame): number;
  close(): Promise<void>;
}

const request: FrameRequest = { framesPerSecond: 5, input: { width: 96, height: 96 }, fit: 'letterbox' };
const never = new AbortController().signal;

/** What is kept of a frame after the next was asked for. */
interface Kept {
  readonly at: Seconds;
  readonly number: number;
}

/**
 * What every camera promises, whatever it is made of. A new kind of camera proves itself with
 *
 * ```ts
 * cameraConformance('a camera of my own', async () => ({ camera, gone, … }));
 * ```
 */
export function cameraConformance(
  title: string,
  make: () => Promise<CameraUnderTest>,
  skipped?: string,
): void {
  describe.skipIf(skipped)(`${title} is a camera${skipped ? ` (skipped: ${skipped})` : ''}`, () => {
    let subject: CameraUnderTest;
    const keep = (frame: Frame): Kept => ({ at: frame.at, number: subject.numberOf(frame) });
    const readAll = async (stream: CameraStream): Promise<Kept[]> => {
      const frames: Kept[] = [];
      for await (const frame of stream) frames.push(keep(frame));
      return frames;
    };

    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject?.close());

    it('says what it films with', async () => {
      const stream = await subject.camera.open(request, never);
      expect(stream.camera).toEqual(subject.size);
      expect(stream.codec).not.toBe('');
      expect(stream.sourceFramesPerSecond).toBeCloseTo(subject.framesPerSecond, 1);
      if (subject.isClip) expect(stream.duration).toBeCloseTo(subject.seconds, 1);
      else expect(stream.duration).toBeUndefined();
      await stream.close();
    });

    it('gives frames at the rate asked, in growing time, until its source ends', async () => {
      const frames = await readAll(await subject.camera.open(request, never));
      const spacing = 1 / request.framesPerSecond;
      const steps = frames.slice(1).map((frame, index) => frame.at - frames[index]!.at);
      expect(Math.min(...steps)).toBeGreaterThan(spacing * 0.7);
      const most = Math.ceil(subject.seconds * request.framesPerSecond);
      expect(frames.length).toBeLessThanOrEqual(most);
      // A live camera is asked for its description first, and what passes meanwhile is gone.
      expect(frames.length).toBeGreaterThanOrEqual(subject.isClip ? most : most / 3);
    });

    it('gives the picture that belongs to the time', async () => {
      const frames = await readAll(await subject.camera.open(request, never));
      const first = frames[0]!;
      for (const { at, number } of frames) {
        const expected = first.number + (at - first.at) * subject.framesPerSecond;
        expect(Math.abs(number - expected)).toBeLessThan(subject.isClip ? 0.01 : 1.01);
      }
      if (subject.isClip) expect(first.number).toBeCloseTo(0);
    });

    it('gives what a slow source has when more is asked', async () => {
      const stream = await subject.camera.open({ ...request, framesPerSecond: 30 }, never);
      const numbers = (await readAll(stream)).map(({ number }) => number);
      expect(new Set(numbers).size).toBe(numbers.length);
      if (subject.isLossless) expect(numbers).toHaveLength(subject.seconds * subject.framesPerSecond);
    });

    it.each([
      ['letterbox', { scaleX: 0.3, scaleY: 0.3, padLeft: 0, padTop: 12 }],
      ['stretch', { scaleX: 0.3, scaleY: 0.4, padLeft: 0, padTop: 0 }],
    ] as const)('fits its picture into the input by %s, grey where there is none', async (fit, expected) => {
      const stream = await subject.camera.open({ ...request, fit }, never);
      for await (const frame of stream) {
        expect(frame.fit).toEqual(expected);
        expect(frame.camera).toEqual(subject.size);
        expect(frame.input).toEqual(request.input);
        expect(frame.rgb).toHaveLength(96 * 96 * 3);
        const row = (y: number) => [...new Set(frame.rgb.subarray(y * 96 * 3, (y + 1) * 96 * 3))];
        const picture = row(48);
        expect(picture).not.toEqual([114]);
        expect([row(0), row(95)]).toEqual(fit === 'letterbox' ? [[114], [114]] : [picture, picture]);
        break;
      }
    });

    it('closes when the reader leaves, and closing again does no harm', async () => {
      const stream = await subject.camera.open(request, never);
      for await (const _frame of stream) break;
      expect(await readAll(stream)).toEqual([]);
      await stream.close();
      await stream.close();
    });

    it('ends the wait of its reader when it is closed', async () => {
      const stream = await subject.camera.open(request, never);
      const frames = stream[Symbol.asyncIterator]();
      await frames.next();
      const next = frames.next();
      await stream.close();
      // The picture may have been on its way; after it there is nothing.
      if (!(await next).done) expect((await frames.next()).done).toBe(true);
    });

    it('ends when its signal is aborted', async () => {
      const stop = new AbortController();
      const stream = await subject.camera.open(request, stop.signal);
      let after = 0;
      for await (const _frame of stream) {
        if (stop.signal.aborted) after += 1;
        stop.abort();
      }
      expect(after).toBe(0);
      await stream.close();
    });

    it('is not opened when its signal was aborted before, nor while it is', async () => {
      const reason = new Error('not now');
      await expect(subject.camera.open(request, AbortSignal.abort(reason))).rejects.toBe(reason);
      const stop = new AbortController();
      const opening = subject.camera.open(request, stop.signal);
      stop.abort(reason);
      await expect(opening).rejects.toBe(reason);
    });

    it('can be opened twice at once, and one does not notice the other', async () => {
      const [one, other] = await Promise.all([
        subject.camera.open(request, never),
        subject.camera.open(request, never),
      ]);
      for await (const _frame of one) break;
      expect((await readAll(other)).length).toBeGreaterThan(1);
    });

    it('keeps every picture for a late reader, or only the newest and says how many it passed over', async () => {
      const stream = await subject.camera.open({ ...request, framesPerSecond: 30 }, never);
      const frames = stream[Symbol.asyncIterator]();
      const first = keep((await frames.next()).value!);
      if (subject.isLossless) {
        await new Promise((resolve) => setImmediate(resolve));
        const second = keep((await frames.next()).value!);
        expect(second.number).toBe(first.number + 1);
        expect(stream.dropped).toBe(0);
      } else {
        await vi.waitFor(() => expect(stream.dropped).toBeGreaterThanOrEqual(3), 5000);
        const next = keep((await frames.next()).value!);
        expect(next.number - first.number).toBeGreaterThanOrEqual(3);
        expect(next.number - first.number - stream.dropped).toBeLessThanOrEqual(2);
      }
      await stream.close();
    });

    it('refuses a rate that makes no sense', async () => {
      await expect(subject.camera.open({ ...request, framesPerSecond: 0 }, never)).rejects.toThrow(
        RangeError,
      );
    });

    it('says with a sentence and a remedy that there is nothing', async () => {
      const trouble = await subject.gone.open(request, never).catch((error: unknown) => error);
      expect(trouble).toBeInstanceOf(LobbyError);
      const { code, message, remedy } = trouble as LobbyError;
      expect(code).toMatch(/^LOBBY_CAMERA_/);
      expect(`${message} ${remedy}`).not.toMatch(/\{|undefined|\n/);
      expect(`${message} ${remedy}`).not.toContain('secret');
    });
  });
}
