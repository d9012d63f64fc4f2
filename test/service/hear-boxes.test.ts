import { beforeEach, describe, expect, it } from 'vitest';
import { peopleSchema, sensorSchema } from '../../src/contract/boxes.ts';
import { toCameraState, toPeople } from '../../src/service/boxes-wire.ts';
import { type BoxesHeard, hearBoxes } from '../../src/service/hear-boxes.ts';
import type { CameraHealth, CameraOutput } from '../../src/service/run-camera.ts';
import { ManualClock } from '../manual-clock.ts';

const live: CameraHealth = {
  state: 'live',
  since: 1_700_000_000,
  framesPerSecond: 5,
  dropped: 0,
  detectorErrors: 0,
  attempts: 0,
  picture: { width: 960, height: 540 },
};

let clock: ManualClock;
let heard: BoxesHeard;
let told: { camera: string; output: CameraOutput }[];
let remarks: string[];
let ending: AbortController;
/** How far each box's clock is ahead, and how long its answers take; absent: it does not answer. */
let clocks: Record<string, { ahead: number; way: number }>;

beforeEach(() => {
  clock = new ManualClock();
  told = [];
  remarks = [];
  clocks = { a: { ahead: 0, way: 0 }, b: { ahead: 0, way: 0 } };
  ending = new AbortController();
  heard = hearBoxes({
    cameras: ['door', 'hall'],
    clock,
    ask(box, id) {
      const other = clocks[box];
      if (other === undefined) return;
      void clock
        .sleep(other.way)
        .then(() => clock.sleep(other.way, undefined).then(() => answer(id, box, other)));
    },
    tell: (camera, output) => told.push({ camera, output }),
    onRemark: (remark) => remarks.push(remark),
  });
  void heard.run(ending.signal);
});
const answer = (id: string, box: string, { ahead, way }: { ahead: number; way: number }) =>
  heard.clockSaid(box, id, clock.now() - way + ahead);

const box = (name: string, ids: readonly string[], health: CameraHealth = live) =>
  heard.sensor(
    sensorSchema.parse({
      v: 1,
      box: name,
      state: 'on',
      at: 0,
      version: '1',
      cameras: ids.map((id) => toCameraState(id, health)),
    }),
  );
const sent: Record<string, number> = {};
/** One who stands at a place, seen so many seconds ago by the clock of that box. */
function look(name: string, camera: string, ago = 0.1, left = 100): void {
  const n = sent[camera] ?? 0;
  sent[camera] = n + 1;
  const at = clock.now() - ago + (clocks[name]?.ahead ?? 0);
  const people = [{ box: { left, top: 50, right: left + 40, bottom: 150 }, score: 0.9 }];
  heard.people(camera, peopleSchema.parse(toPeople({ kind: 'people', at, people }, { box: name, n })));
}
const looks = () => told.filter(({ output }) => output.kind === 'people');
const states = (camera: string) =>
  told.flatMap((one) =>
    one.camera === camera && one.output.kind === 'health'
      ? [one.output.health.lastError?.code ?? one.output.health.state]
      : [],
  );

describe('A box that decides', () => {
  it('tells what others see in the order of its capture, by its own clock', async () => {
    clocks = { a: { ahead: 12.5, way: 0.004 }, b: { ahead: -3, way: 0.01 } };
    box('a', ['door']);
    box('b', ['hall']);
    await clock.advance(3);
    look('a', 'door', 0.05);
    look('b', 'hall', 0.2);
    await clock.advance(0.4);
    expect(looks().map(({ camera }) => camera)).toEqual(['hall', 'door']);
    const [hall, door] = looks().map(({ output }) => output.at);
    expect(hall).toBeCloseTo(clock.now() - 0.6, 2);
    expect(door).toBeCloseTo(clock.now() - 0.45, 2);
  });

  it('hears of which parts of a picture a look was', async () => {
    box('a', ['door']);
    await clock.advance(3);
    const within = [{ left: 10, top: 20, right: 330, bottom: 276 }];
    const seen = { kind: 'people', at: clock.now() - 0.1, people: [], within } as const;
    const n = sent.door ?? 0;
    sent.door = n + 1;
    heard.people('door', peopleSchema.parse(toPeople(seen, { box: 'a', n })));
    await clock.advance(0.5);
    expect(looks().at(-1)!.output).toMatchObject({ within });
    expect(
      peopleSchema.safeParse({ v: 1, box: 'a', n, at: 1, within: [[0, 0, 1, 1]], blind: 'dark' }).success,
    ).toBe(false);
  });

  it('passes over what comes later than it is waited for, and counts what never came', async () => {
    box('a', ['door']);
    box('b', ['hall']);
    await clock.advance(1);
    look('a', 'door', 0.1);
    await clock.advance(0.5);
    look('b', 'hall', 0.9);
    await clock.advance(0.5);
    expect(looks()).toHaveLength(1);
    expect(heard.figures.late).toBe(1);
    sent.door = sent.door! + 3;
    look('a', 'door');
    expect(heard.figures.lost).toBe(3);
  });

  it('does not believe a box whose clock is too far off, or not known, and says so of its cameras', async () => {
    clocks.a = { ahead: 40, way: 0.001 };
    box('a', ['door']);
    await clock.advance(3);
    look('a', 'door');
    await clock.advance(1);
    expect(looks()).toEqual([]);
    expect(heard.figures.withoutClock).toBe(1);
    expect(states('door').at(-1)).toBe('LOBBY_BOX_CLOCK');
    expect(remarks.join()).toContain('The clock of box a is 40.0 s ahead of this one');
    // Set right, it is believed again by itself.
    clocks.a = { ahead: 0.2, way: 0.001 };
    await clock.advance(11);
    look('a', 'door');
    await clock.advance(1);
    expect(looks()).toHaveLength(1);
    expect(states('door').at(-1)).toBe('live');
    // A way that takes half a second says too little of a clock.
    clocks.b = { ahead: 0, way: 0.5 };
    box('b', ['hall']);
    await clock.advance(3);
    look('b', 'hall');
    expect(heard.figures.withoutClock).toBe(2);
  });

  it('notices silence as with a camera of its own, and says what is wrong', async () => {
    box('a', ['door']);
    await clock.advance(1);
    look('a', 'door', 0.1);
    await clock.advance(2.05);
    const quiets = () => told.filter(({ output }) => output.kind === 'quiet').map(({ output }) => output.at);
    await clock.advance(1);
    expect(quiets()).toHaveLength(2);
    await clock.advance(8);
    expect(quiets().length).toBeGreaterThanOrEqual(9);
    expect(quiets().every((at, index, all) => index === 0 || at > all[index - 1]!)).toBe(true);
    expect(states('door')).toEqual(expect.arrayContaining(['live', 'quiet', 'LOBBY_BOX_SILENT']));
    // The hall was never heard of at all.
    expect(states('hall').at(-1)).toBe('LOBBY_BOX_SILENT');
  });

  it('hears that a box is gone by its last will, at once, and that it is back', async () => {
    box('a', ['door']);
    await clock.advance(1);
    look('a', 'door');
    heard.sensor({ v: 1, box: 'a', state: 'gone', at: 0, version: '1', cameras: [] });
    expect(states('door').at(-1)).toBe('LOBBY_BOX_SILENT');
    box('a', ['door']);
    look('a', 'door');
    await clock.advance(0.1);
    expect(states('door').at(-1)).toBe('live');
    expect(remarks).toEqual(expect.arrayContaining(['box a is gone', 'box a is there again']));
  });

  it('lets one box at a time speak of a camera, and another when that one has been silent for ten seconds', async () => {
    box('a', ['door']);
    box('b', ['door']);
    await clock.advance(1);
    look('a', 'door', 0.1, 100);
    look('b', 'door', 0.1, 500);
    look('b', 'window');
    await clock.advance(0.5);
    expect(looks()).toHaveLength(1);
    expect(heard.figures.notTaken).toBe(2);
    await clock.advance(10);
    look('b', 'door', 0.1, 500);
    await clock.advance(0.5);
    expect(looks()).toHaveLength(2);
  });

  it('goes on when its own clock is set back by an hour', async () => {
    box('a', ['door']);
    await clock.advance(1);
    look('a', 'door');
    await clock.advance(0.5);
    clock.setBack(3_600);
    clocks.a = { ahead: 3_600, way: 0.001 };
    await clock.advance(1);
    expect(states('door').at(-1)).toBe('LOBBY_BOX_CLOCK');
    // The others are set back too.
    clocks.a = { ahead: 0, way: 0.001 };
    await clock.advance(12);
    look('a', 'door');
    await clock.advance(0.5);
    expect(looks()).toHaveLength(2);
    expect(looks().at(-1)!.output.at).toBeCloseTo(clock.now() - 0.6, 1);
  });
});
