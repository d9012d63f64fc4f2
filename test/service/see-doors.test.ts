import { describe, expect, it } from 'vitest';
import { parseBranch } from '../../src/contract/branch.ts';
import type { DoorWindow } from '../../src/core/detect/door-window.ts';
import { isWithin } from '../../src/core/detect/look-closer.ts';
import { turned } from '../../src/core/detect/part.ts';
import type { Person, PixelBox, Seconds } from '../../src/core/units.ts';
import type { CameraStream, Frame } from '../../src/ports/camera.ts';
import type { Detector } from '../../src/ports/detector.ts';
import { type CameraOutput, type PeopleSeen, runCamera } from '../../src/service/run-camera.ts';
import { seeDoors, seePart, seePartsAlone } from '../../src/service/see-doors.ts';
import { createTurns } from '../../src/service/take-turns.ts';
import { ManualClock, settled } from '../manual-clock.ts';
import { chance } from '../scenes/chance.ts';

const size = { width: 960, height: 540 };
const input = { width: 320, height: 256 };
const whole = { width: 640, height: 384 };
const window = (zone: string, region: PixelBox, isWorthTwo = true): DoorWindow => ({
  zone,
  region,
  turn: 0,
  isWorthTwo,
  isEnough: true,
});
const left = window('left', { left: 100, top: 100, right: 260, bottom: 228 });
const right = window('right', { left: 240, top: 100, right: 400, bottom: 228 });
const person = (x: number, top: number, bottom: number, score = 0.8): Person => ({
  box: { left: x - 8, top, right: x + 8, bottom },
  score,
});

/** A camera's picture with so many people in it, of which a closer look shows the part that was asked for. */
function hall(people: readonly Person[], asked: PixelBox[] = []): { frame: Frame; detector: Detector } {
  let region: PixelBox | undefined;
  const frame: Frame = {
    at: 5,
    camera: size,
    input: whole,
    fit: { scaleX: 2 / 3, scaleY: 2 / 3, padLeft: 0, padTop: 12 },
    rgb: new Uint8Array(3),
    closeUp(part) {
      asked.push(part);
      region = part;
      return new Uint8Array(3);
    },
  };
  const detector: Detector = {
    name: 'by hand',
    input,
    fit: 'stretch',
    async detect({ fit }) {
      // What it is shown is the part alone, as if the whole had been scaled until that fills the input.
      expect(fit.scaleX * (region!.right - region!.left)).toBeCloseTo(input.width, 6);
      expect(region!.left * fit.scaleX + fit.padLeft).toBeCloseTo(0, 6);
      const { left: l, right: r, top, bottom } = region!;
      return people
        .filter(({ box }) => box.right > l && box.left < r && box.bottom > top && box.top < bottom)
        .map(({ box, score }) => ({
          score,
          box: {
            left: Math.max(l, box.left),
            top: Math.max(top, box.top),
            right: Math.min(r, box.right),
            bottom: Math.min(bottom, box.bottom),
          },
        }));
    },
    close: async () => undefined,
  };
  return { frame, detector };
}

describe('Doors that are looked at after the whole picture', () => {
  it('are the far ones, and what they show takes the place of what the whole shows there', async () => {
    const asked: PixelBox[] = [];
    const [known, hidden] = [person(150, 120, 200), person(220, 120, 200)];
    const { frame, detector } = hall([known, hidden], asked);
    const near = window('near', right.region, false);
    const seen = await seeDoors(frame, [known, person(600, 200, 500)], [left, near], detector);
    expect(asked).toEqual([left.region]);
    expect(seen).toContainEqual(hidden);
    expect(seen).toHaveLength(3);
  });

  it('change nothing where the source has no closer picture to give', async () => {
    const { frame, detector } = hall([person(150, 120, 200)]);
    const { closeUp: _, ...plain } = frame;
    const seen = [person(600, 200, 500)];
    expect(await seeDoors(plain, seen, [left], detector)).toEqual(seen);
  });
});

describe('A door at which people lean', () => {
  const lean = 0.5;
  const turnedDoor: DoorWindow = {
    ...left,
    region: { left: 300, top: 100, right: 460, bottom: 228 },
    turn: lean,
  };
  /** Bright in a dark picture: 20 pixels wide and 80 tall, leaning to the right about the middle of the door. */
  const isBody = (x: number, y: number) => {
    const at = turned({ x, y }, { x: 380, y: 164 }, -lean);
    return Math.abs(at.x - 380) < 10 && Math.abs(at.y - 164) < 40;
  };

  it('is shown to the detector as they stand, and their boxes are where they are in the picture', async () => {
    let shown: Uint8Array | undefined;
    const frame: Frame = {
      ...hall([]).frame,
      closeUp({ left, top, right, bottom }, size) {
        const rgb = new Uint8Array(size.width * size.height * 3);
        for (let row = 0; row < size.height; row++)
          for (let column = 0; column < size.width; column++) {
            const x = left + ((column + 0.5) * (right - left)) / size.width;
            const y = top + ((row + 0.5) * (bottom - top)) / size.height;
            if (isBody(x, y))
              rgb.fill(255, (row * size.width + column) * 3, (row * size.width + column + 1) * 3);
          }
        return rgb;
      },
    };
    const detector: Detector = {
      ...{ name: 'by hand', input, fit: 'stretch', close: async () => undefined },
      async detect({ rgb, fit }) {
        shown = rgb;
        const bright = Array.from({ length: input.width * input.height }, (_, i) => i).filter(
          (i) => rgb[i * 3]! > 127,
        );
        const [xs, ys] = [bright.map((i) => i % input.width), bright.map((i) => Math.floor(i / input.width))];
        const at = (value: number, scale: number, pad: number) => (value - pad) / scale;
        const box = {
          left: at(Math.min(...xs), fit.scaleX, fit.padLeft),
          top: at(Math.min(...ys), fit.scaleY, fit.padTop),
          right: at(Math.max(...xs) + 1, fit.scaleX, fit.padLeft),
          bottom: at(Math.max(...ys) + 1, fit.scaleY, fit.padTop),
        };
        expect(box.right - box.left).toBeCloseTo(20, -0.5);
        expect(box.bottom - box.top).toBeCloseTo(80, -0.5);
        return [{ box, score: 0.8 }];
      },
    };
    const [person] = (await seePart(frame, turnedDoor, detector))!;
    const { box } = person!;
    expect((box.left + box.right) / 2).toBeCloseTo(380, 0);
    expect((box.top + box.bottom) / 2).toBeCloseTo(164, 0);
    expect(box.bottom - box.top).toBeCloseTo(2 * Math.hypot(10 * Math.sin(lean), 40 * Math.cos(lean)), -0.5);
    // Nothing of the picture is left when it has been looked at.
    expect(shown!.every((byte) => byte === 0)).toBe(true);
  });
});

describe('Doors that are looked at alone', () => {
  const look = (people: readonly Person[], doors: readonly DoorWindow[]) => {
    const { frame, detector } = hall(people);
    return seePartsAlone(frame, doors, detector, () => undefined);
  };

  it('tell who stands there, and which parts were looked at', async () => {
    const { people, within } = await look([person(150, 120, 200), person(600, 200, 500)], [left]);
    expect(people).toEqual([person(150, 120, 200)]);
    expect(within).toEqual([left.region]);
  });

  it('do not tell of whoever an edge of the part cuts off: they are partly beyond it', async () => {
    const { people } = await look([person(150, 180, 300), person(258, 120, 200)], [left]);
    expect(people).toEqual([]);
  });

  it('tell whoever two of them show once', async () => {
    const between = person(250, 120, 200);
    const { people } = await look([between, person(110, 120, 200, 0.9)], [left, right]);
    expect(people).toEqual([person(110, 120, 200, 0.9), between]);
  });
});

const branch = parseBranch(
  JSON.stringify({
    branch: 'doors',
    cameras: [
      {
        id: 'hall',
        source: 'clip.mp4',
        floor: [
          { pixel: [380, 300], metres: [-1, 12] },
          { pixel: [580, 300], metres: [1, 12] },
          { pixel: [180, 500], metres: [-1, 4] },
          { pixel: [780, 500], metres: [1, 4] },
        ],
      },
    ],
    zones: [
      {
        id: 'door',
        kind: 'entrance',
        line: [
          [-1, 11],
          [1, 11],
        ],
        inside: [0, 8],
      },
    ],
  }),
  'branch.yaml',
);

/** A lit wall, of which the service sees each grain, with dark squares where somebody is. */
function wall(squares: readonly (readonly [x: number, y: number])[]): Uint8Array {
  const random = chance(1);
  const rgb = new Uint8Array(whole.width * whole.height * 3);
  for (let i = 0; i < rgb.length; i += 3) {
    const [x, y] = [(i / 3) % whole.width, Math.floor(i / 3 / whole.width)];
    const isDark = squares.some(([left, top]) => x >= left && x < left + 40 && y >= top && y < top + 80);
    rgb.fill(isDark ? 30 : 120 + ((x >> 4) % 2) * 60 + Math.floor(6 * random()), i, i + 3);
  }
  return rgb;
}

/** One camera at whose door something always moves, or one whose pictures are looked at, and a detector that others may want. */
function camera(sees: 'nothing known of pictures' | 'pictures' = 'nothing known of pictures') {
  const clock = new ManualClock(1_700_000_000);
  const turns = createTurns(clock);
  const ending = new AbortController();
  const told: CameraOutput[] = [];
  const looks: string[] = [];
  const { frame, detector: door } = hall([person(480, 250, 290)]);
  let give: ((frame: IteratorResult<Frame>) => void) | undefined;
  const stream: CameraStream = {
    ...{ camera: size, codec: 'by hand', dropped: 0 },
    close: async () => undefined,
    [Symbol.asyncIterator]: () => ({
      next: () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    }),
  };
  const run = runCamera({
    id: 'hall',
    camera: { open: async () => stream },
    detector: {
      ...{ name: 'by hand', input: whole, fit: 'letterbox', close: async () => undefined },
      detect: async () => {
        looks.push('whole');
        return [];
      },
    },
    doors: {
      detector: {
        ...door,
        async detect(part) {
          looks.push('door');
          return door.detect(part);
        },
      },
      camera: 'hall',
      branch: () => branch,
    },
    ...(sees === 'pictures' ? {} : { sight: () => ({ trusted: true }) }),
    ...{ turns, clock, signal: ending.signal, tell: (output) => void told.push(output) },
    request: { framesPerSecond: 5, input: whole, fit: 'letterbox' },
  });
  return {
    looks,
    told: () => told.filter((one): one is PeopleSeen => one.kind === 'people'),
    /** As it is told every ten seconds. */
    async health() {
      await clock.advance(10);
      return told.findLast((one) => one.kind === 'health')!.health;
    },
    /** A picture comes while another camera has the detector, and a third may wait for it too. */
    async show(at: Seconds, isSought: boolean, rgb = frame.rgb) {
      looks.length = 0;
      const busy = await turns.take();
      give!({ done: false, value: { ...frame, rgb, at: 1_700_000_000 + at } });
      await settled();
      const other = isSought ? turns.take() : undefined;
      busy();
      await settled();
      (await other)?.();
      await settled();
      return [...looks];
    },
    async stop() {
      ending.abort();
      await run;
    },
  };
}

describe('A camera at whose door something moves', () => {
  it('is looked at there alone while others wait for the detector, and as a whole every 0.8 s', async () => {
    const hallCamera = camera();
    await settled();
    expect(await hallCamera.show(0, true)).toContain('whole');
    for (const at of [0.2, 0.4, 0.6]) expect(await hallCamera.show(at, true)).toEqual(['door']);
    expect(await hallCamera.show(0.8, true)).toContain('whole');
    const [first, second] = hallCamera.told();
    expect(first).not.toHaveProperty('within');
    expect(second!.within).toHaveLength(1);
    expect(second!.people).toHaveLength(1);
    expect(await hallCamera.health()).toMatchObject({ partsAlone: 3 });
    await hallCamera.stop();
  });

  it('is looked at where something moves in the hall alone, too, while others wait', async () => {
    const hallCamera = camera('pictures');
    await settled();
    expect(await hallCamera.show(0, true, wall([[500, 200]]))).toEqual(['whole']);
    expect(await hallCamera.show(0.2, true, wall([[508, 200]]))).toEqual(['door']);
    const [, { within }] = hallCamera.told() as [PeopleSeen, PeopleSeen];
    // Where the squares are, in pixels of the camera's picture.
    expect(within).toHaveLength(1);
    expect(isWithin({ left: 750, top: 282, right: 822, bottom: 402 }, within![0]!)).toBe(true);
    // Moves too far apart for one part, and what has not moved for a while, are looked at as a whole.
    expect(await hallCamera.show(0.4, true, wall([[40, 200]]))).toEqual(['whole']);
    expect(await hallCamera.show(0.6, true, wall([[40, 200]]))).toEqual(['whole']);
    await hallCamera.stop();
  });

  it('control: it is looked at as a whole where nobody waits', async () => {
    const hallCamera = camera();
    await settled();
    for (const at of [0, 0.2, 0.4]) expect(await hallCamera.show(at, false)).toContain('whole');
    expect(hallCamera.told().every(({ within }) => within === undefined)).toBe(true);
    await hallCamera.stop();
  });
});
