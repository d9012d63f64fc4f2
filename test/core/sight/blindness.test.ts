import { describe, expect, it } from 'vitest';
import { parseRecording, toRecordingLine } from '../../../src/contract/recording.ts';
import { type Observation, viewLobby } from '../../../src/core/step.ts';
import { mostUnwatchedSeconds } from '../../../src/core/visits/follow-visits.ts';
import {
  camera,
  cameraAt,
  film,
  inShort,
  quiet,
  settings,
  stay,
  tell,
  thresholds,
  to,
  together,
  type Walk,
  walk,
} from '../story.ts';

/** The same film, but nobody could trust a frame of it from one moment to another. */
const blinded = (frames: readonly Observation[], from: number, until: number): Observation[] =>
  frames.map((one) =>
    one.at < from || one.at >= until
      ? one
      : { kind: 'blind' as const, camera: one.camera, at: one.at, why: 'covered' as const },
  );
/** Three ways of seeing nothing: frames nobody trusts, silence told, and silence not even told. */
const ways: readonly (readonly [
  string,
  (frames: Observation[], from: number, until: number) => Observation[],
])[] = [
  ['covered', blinded],
  [
    'silent',
    (frames, from, until) =>
      together(
        frames.filter(({ at }) => at < from || at >= until),
        quiet(from + 1, until - 1),
      ),
  ],
  ['away without a word', (frames, from, until) => frames.filter(({ at }) => at < from || at >= until)],
];
const see = (walks: readonly Walk[], until: number) => film(walks, { until }) as Observation[];
const visitsOf = (told: ReturnType<typeof tell>) => told.state.visits.visits;
const queuer = (seconds: number) => walk(5, [-7, 0], to(0, 0), to(3, -2), stay(seconds));
/** Who is served meanwhile, so that the other waits. */
const served = walk(0, [-7, 0], to(0, 0), to(3, -3.2), stay(300));

describe.each(ways)('While a camera is %s', (_, blindFrom) => {
  it('somebody who stands in the hall is not forgotten, and goes on being the same visit', () => {
    const told = tell(blindFrom(see([walk(0, [-7, 0], to(0, 0), stay(150))], 120), 20, 100));
    expect(inShort(told).filter((one) => /arrived|departed/.test(one))).toEqual(['arrived v1']);
    expect(visitsOf(told).map(({ id }) => id)).toEqual(['v1']);
  });

  it('whoever was about to walk out has not departed, since nobody saw them go', () => {
    const leaving = walk(0, [-7, 0], to(0, 0), stay(3), to(-8, 0));
    // In the last steps before the line.
    const told = tell(blindFrom(see([leaving], 60), 12.6, 40));
    expect(inShort(told)).toEqual(['arrived v1']);
  });

  it('nobody leaves a queue, and the wait stands still', () => {
    const told = tell(blindFrom(see([served, queuer(200)], 80), 20, 60));
    expect(inShort(told).sort()).toEqual(['arrived v1', 'arrived v2', 'queued v1', 'queued v2']);
    const { longestWaitSeconds } = viewLobby(told.state, settings).zones.find(({ id }) => id === 'cash')!;
    const whole = viewLobby(tell(see([served, queuer(200)], 80)).state, settings).zones.find(
      ({ id }) => id === 'cash',
    )!;
    // Two seconds of the forty were a look's own.
    expect(whole.longestWaitSeconds! - longestWaitSeconds!).toBeCloseTo(38, 0);
  });

  it('no wait gets long that nobody saw', () => {
    const impatient = {
      ...settings,
      thresholds: { ...thresholds, queue: { ...thresholds.queue, waitSeconds: 25 } },
    };
    const waits = (inputs: Observation[]) =>
      tell(inputs, impatient).happenings.filter(({ kind }) => kind === 'waited-long');
    expect(waits(blindFrom(see([served, queuer(200)], 60), 17, 55))).toEqual([]);
    expect(waits(see([served, queuer(200)], 60))).toHaveLength(1);
  });

  it('whoever left the queue meanwhile is let go without a word about when', () => {
    const left = walk(0, [-7, 0], to(0, 0), to(3, -2), stay(20), to(1, 1), stay(100));
    const told = tell(blindFrom(see([left], 80), 15, 50));
    expect(inShort(told)).toEqual(['arrived v1', 'queued v1']);
    expect(viewLobby(told.state, settings).inQueue).toBe(0);
  });

  it('whoever is found in the hall afterwards is nobody who arrived, wherever they stand', () => {
    for (const spot of [
      [0, 0],
      [-4, 0],
    ] as const) {
      const told = tell(blindFrom(see([walk(30, spot, stay(100))], 60), 5, 40));
      expect(inShort(told)).toEqual([]);
      expect(visitsOf(told)).toMatchObject([{ role: 'unknown', phase: 'inside' }]);
    }
  });

  it('and whoever comes in once it sees again does arrive', () => {
    const told = tell(blindFrom(see([walk(45, [-7, 0], to(0, 0), stay(5))], 52), 5, 40));
    expect(inShort(told)).toEqual(['arrived v1']);
  });

  it('nobody is met', () => {
    const customer = walk(0, [-7, 0], to(2, 1), stay(100));
    const staff = walk(0, [0, 4], stay(16), to(1.2, 1), stay(100));
    const met = (inputs: Observation[]) => inShort(tell(inputs)).filter((one) => one.startsWith('contacted'));
    expect(met(blindFrom(see([customer, staff], 45), 17, 60))).toEqual([]);
    expect(met(see([customer, staff], 45))).toEqual(['contacted v1']);
  });
});

describe('Blindness', () => {
  it('ends what is remembered after five minutes, and how many were let go of is told', () => {
    const frames = see([queuer(1000), walk(2, [-7, 0], to(0, 0), stay(1000))], 15);
    const told = tell([...frames, ...quiet(15, 15 + mostUnwatchedSeconds - 5)]);
    expect(visitsOf(told)).toHaveLength(2);
    const after = tell(quiet(10 + mostUnwatchedSeconds, 30 + mostUnwatchedSeconds), settings, told.state);
    expect(visitsOf(after)).toEqual([]);
    expect(after.outputs.reduce((sum, one) => sum + (one.letGoBlind ?? 0), 0)).toBe(2);
    expect(inShort(after)).toEqual([]);
  });

  it('of one camera stops no clock for whoever another camera sees', () => {
    const side = cameraAt('side', [8, -4, 4], [0, 0]);
    const both = { ...settings, cameras: [camera, side] };
    const inputs = together(
      blinded(see([served, queuer(200)], 60), 20, 60),
      film([served, queuer(200)], { until: 60, camera: side }),
    );
    const told = tell(inputs, both);
    const view = viewLobby(told.state, both);
    expect(view.zones.every(({ blind }) => !blind)).toBe(true);
    expect(view.zones.find(({ id }) => id === 'cash')!.longestWaitSeconds).toBeGreaterThan(40);
  });

  it('is shown: what nobody sees bears no figure to be believed', () => {
    const told = tell(blinded(see([served, queuer(200)], 40), 20, 60));
    const view = viewLobby(told.state, settings);
    expect(view.blind).toBe(true);
    expect(view.zones.every(({ blind }) => blind)).toBe(true);
    expect(view).toMatchObject({ inLobby: 0, inQueue: 0 });
  });

  it('of a single frame changes nothing', () => {
    const frames = see([queuer(30), walk(8, [-7, 0], to(0, 0), stay(9), to(-8, 0))], 40);
    const blinking = frames.map((one, i) => (i % 10 === 5 ? blinded([one], 0, 99)[0]! : one));
    expect(inShort(tell(blinking)).sort()).toEqual(inShort(tell(frames)).sort());
  });

  it('does not stop a prompt from running out: its use to staff goes by their time', () => {
    const told = tell(blinded(see([walk(0, [-7, 0], to(0, 0), stay(200))], 90), 8, 90));
    expect(told.changes.map(({ kind, reason }) => reason ?? kind)).toEqual(['raised', 'too-late']);
  });

  it('is kept in a recording, with its reason', () => {
    const frames = blinded(see([queuer(30)], 20), 5, 15);
    const header = '{"recording":1,"branch":"harbour","detector":"by hand"}';
    const again = parseRecording([header, ...frames.map(toRecordingLine)].join('\n'), 'seen.jsonl');
    expect(again.filter(({ kind }) => kind === 'blind')).toEqual(
      frames.filter(({ kind }) => kind === 'blind'),
    );
    expect(inShort(tell(again))).toEqual(inShort(tell(frames)));
  });
});
