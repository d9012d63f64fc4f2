import { describe, expect, it } from 'vitest';
import { latencyBounds } from '../../src/contract/latency.ts';
import { createDayOf } from '../../src/service/day-of.ts';
import {
  createLatency,
  type LatencyOptions,
  type PromptTook,
  quantileOf,
} from '../../src/service/latency.ts';
import { ManualClock } from '../manual-clock.ts';

const midnight = Date.UTC(2026, 10, 23, 16) / 1000;
const known = { confirmSeconds: 0.3, decodeSeconds: 0.02, detectSeconds: 0.08, decideSeconds: 0.01 };

function open(changes: Partial<LatencyOptions> = {}) {
  const clock = new ManualClock(midnight + 3600);
  const told: PromptTook[] = [];
  const dayOf = createDayOf('Asia/Shanghai');
  const latency = createLatency({ clock, dayOf, onComplete: (took) => told.push(took), ...changes });
  return { clock, latency, told, of: (part: string) => latency.recent().find((one) => one.part === part) };
}

describe('The way of one prompt', () => {
  it('is told once the broker and a watch have had their say, from what happened to the wrist', async () => {
    const { clock, latency, told, of } = open();
    latency.raised('A', known);
    await clock.advance(0.01);
    latency.confirmed('A');
    expect(told).toEqual([]);
    await clock.advance(0.04);
    latency.delivered('A');
    const parts = { confirm: 0.3, decode: 0.02, detect: 0.08, decide: 0.01 };
    expect(told).toMatchObject([{ prompt: 'A', parts }]);
    expect(told[0]!.parts.bus).toBeCloseTo(0.01);
    expect(told[0]!.parts.watch).toBeCloseTo(0.05);
    // The broker's part lies within the watch's: it is not counted twice.
    expect(told[0]!.parts.total).toBeCloseTo(0.46);
    expect(of('total')).toEqual({ part: 'total', prompts: 1, p50Seconds: 0.46, p95Seconds: 0.46 });
  });

  it('ends at the broker where no watch sends receipts, and is told when the prompt is over', async () => {
    const { clock, latency, told } = open();
    latency.raised('A', known);
    await clock.advance(0.02);
    latency.confirmed('A');
    await clock.advance(40);
    latency.ended('A');
    expect(told[0]!.parts).not.toHaveProperty('watch');
    expect(told[0]!.parts.total).toBeCloseTo(0.43);
  });

  it('has no whole where nobody is known to have got it', () => {
    const { latency, told, of } = open();
    latency.raised('A', known);
    latency.ended('A');
    expect(Object.keys(told[0]!.parts)).toEqual(['confirm', 'decode', 'detect', 'decide']);
    expect(of('total')).toBeUndefined();
  });

  it('counts from the frame that made it due where nothing had to be confirmed, and from the decision where no frame did', () => {
    const { latency, told } = open();
    latency.raised('A', { decodeSeconds: 0.02, detectSeconds: 0.08, decideSeconds: 0.01 });
    latency.raised('B', { decideSeconds: 0.01 });
    for (const id of ['A', 'B']) {
      latency.confirmed(id);
      latency.ended(id);
    }
    expect(told.map(({ parts }) => parts.total!.toFixed(2))).toEqual(['0.11', '0.01']);
    expect(told[1]!.parts).not.toHaveProperty('decode');
  });

  it('is measured by the first word of each: a prompt that grew or a second watch changes nothing', async () => {
    const { clock, latency, told, of } = open();
    latency.raised('A', known);
    for (let round = 0; round < 3; round += 1) {
      latency.confirmed('A');
      await clock.advance(1);
      latency.delivered('A');
    }
    expect(told).toHaveLength(1);
    expect(told[0]!.parts).toMatchObject({ bus: 0, watch: 1 });
    expect(of('watch')).toMatchObject({ prompts: 1 });
  });

  it('of a run before this one is not measured', () => {
    const { latency, told } = open();
    latency.confirmed('A');
    latency.delivered('A');
    latency.ended('A');
    expect(told).toEqual([]);
    expect(latency.recent()).toEqual([]);
  });

  it('is never negative, also when the clock was set back meanwhile', () => {
    const { clock, latency, told } = open();
    latency.raised('A', { ...known, confirmSeconds: -1 });
    clock.setBack(100);
    latency.confirmed('A');
    latency.delivered('A');
    expect(told[0]!.parts).toMatchObject({ confirm: 0, bus: 0, watch: 0 });
  });
});

describe('What is remembered of it', () => {
  it('is the last 256 prompts: half of them and 19 in 20', () => {
    const { latency, of } = open();
    for (let number = 1; number <= 400; number += 1) {
      latency.raised(String(number), { decideSeconds: number > 144 ? (number - 144) / 1000 : 9 });
      latency.ended(String(number));
    }
    expect(of('decide')).toEqual({ part: 'decide', prompts: 256, p50Seconds: 0.128, p95Seconds: 0.244 });
  });

  it('holds no more prompts on their way than 64: the oldest is told as it is', () => {
    const { latency, told } = open();
    for (let number = 1; number <= 100; number += 1) latency.raised(String(number), known);
    expect(told.map(({ prompt }) => prompt)).toEqual(Array.from({ length: 36 }, (_, i) => String(i + 1)));
  });

  it('is of each camera the last 256 frames', () => {
    const { latency } = open();
    for (let frame = 0; frame < 300; frame += 1) {
      latency.frame('hall', { decodeSeconds: 0.01, detectSeconds: frame < 44 ? 9 : 0.06 });
    }
    latency.frame('door', { decodeSeconds: 0.4, detectSeconds: 0.1 });
    expect(latency.cameras()).toEqual([
      { camera: 'hall', decodeSeconds: 0.01, detectSeconds: 0.06 },
      { camera: 'door', decodeSeconds: 0.4, detectSeconds: 0.1 },
    ]);
  });
});

describe("A day's figures", () => {
  it('begin anew at midnight by the clock on the branch, and the day before is there for its report', async () => {
    const { clock, latency } = open();
    const prompt = (id: string) => {
      latency.raised(id, known);
      latency.confirmed(id);
      latency.ended(id);
    };
    prompt('A');
    prompt('B');
    expect(latency.days()).toMatchObject([{ day: '2026-11-24', parts: { total: { prompts: 2 } } }]);
    await clock.advance(23 * 3600);
    prompt('C');
    expect(latency.days()).toMatchObject([
      { day: '2026-11-24', parts: { total: { prompts: 2 } } },
      { day: '2026-11-25', parts: { total: { prompts: 1 }, watch: { prompts: 0 } } },
    ]);
    await clock.advance(24 * 3600);
    prompt('D');
    expect(latency.days().map(({ day }) => day)).toEqual(['2026-11-25', '2026-11-26']);
    expect(latency.sums().total).toMatchObject({ prompts: 4 });
  });

  it('tell a share and a quantile, within a class as if times lay evenly in it', () => {
    const { latency } = open();
    for (const [id, seconds] of Object.entries({ A: 0.4, B: 0.6, C: 0.6, D: 0.6 })) {
      latency.raised(id, { decideSeconds: seconds });
    }
    const { decide, bus } = latency.days()[0]!.parts;
    expect(decide.within[latencyBounds.indexOf(0.5)]).toBe(1);
    expect(decide.within[latencyBounds.indexOf(1)]).toBe(4);
    expect(quantileOf(decide, 0.25)).toBeCloseTo(0.5);
    expect(quantileOf(decide, 0.625)).toBeCloseTo(0.625);
    expect(quantileOf(bus, 0.5)).toBeUndefined();
    latency.raised('E', { decideSeconds: 60 });
    expect(quantileOf(latency.days()[0]!.parts.decide, 0.95)).toBe(Number.POSITIVE_INFINITY);
  });

  it('have what the service is held to as ends of classes: 1 s with one camera, 1.5 s with four', () => {
    expect(latencyBounds).toEqual(expect.arrayContaining([1, 1.5]));
    expect([...latencyBounds].sort((a, b) => a - b)).toEqual(latencyBounds);
  });
});
