import { type LatencyFigures, type LatencyPart, latencyBounds, latencyParts } from '../contract/latency.ts';
import { percentile } from '../core/score/percentile.ts';
import type { Seconds } from '../core/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { FrameStages } from './run-camera.ts';

/** Times of one part, counted in classes: what a histogram and a day's report are made from. */
export interface LatencySums {
  readonly prompts: number;
  readonly seconds: Seconds;
  /** How many took no longer than each of `latencyBounds`; who took longer than all is in none. */
  readonly within: readonly number[];
}

export type SumsByPart = Readonly<Record<LatencyPart, LatencySums>>;

/** What one prompt took, part by part; a part that is not known is absent. */
export interface PromptTook {
  readonly prompt: string;
  readonly parts: Readonly<Partial<Record<LatencyPart, Seconds>>>;
}

/** What is known of a prompt when it has been handed to the broker. */
export interface Raised extends Partial<FrameStages> {
  readonly confirmSeconds?: Seconds;
  readonly decideSeconds: Seconds;
}

export interface LatencyOptions {
  readonly clock: Clock;
  /** The day a moment belongs to, `2026-11-24`. */
  readonly dayOf: (at: Seconds) => string;
  /** Told of each prompt once, when all its parts are known or it is over. */
  readonly onComplete?: (took: PromptTook) => void;
}

/** Keeps how long prompts took on their way to a wrist. The parts are defined with `latencyParts`. */
export interface Latency {
  /** A frame was looked at. */
  frame(camera: string, took: FrameStages): void;
  /** A prompt was handed to the broker just now. */
  raised(prompt: string, known: Raised): void;
  /** The broker has confirmed it; only the first time counts, and only of prompts handed over since the start. */
  confirmed(prompt: string): void;
  /** A watch says that it came; the same. */
  delivered(prompt: string): void;
  /** It is over: what is not known by now will not be. */
  ended(prompt: string): void;
  /** Of the last 256 prompts, parts in their order, those without a prompt left out. */
  recent(): LatencyFigures;
  /** Since the start. */
  sums(): SumsByPart;
  /** Of the last 256 frames of each camera that gave any, the 95th percentile. */
  cameras(): readonly ({ readonly camera: string } & FrameStages)[];
  /** The day before this one, if prompts were raised on it since the start, and this one: for a day's report. */
  days(): readonly { readonly day: string; readonly parts: SumsByPart }[];
}

const mostRecent = 256;
/** Four times as many as can be open: only a fault of ours would leave more behind. */
const mostPending = 64;

const noSums: LatencySums = { prompts: 0, seconds: 0, within: latencyBounds.map(() => 0) };
const nothing = Object.fromEntries(latencyParts.map((part) => [part, noSums])) as unknown as SumsByPart;

function addTime(sums: SumsByPart, part: LatencyPart, seconds: Seconds): SumsByPart {
  const { prompts, seconds: before, within } = sums[part];
  return {
    ...sums,
    [part]: {
      prompts: prompts + 1,
      seconds: before + seconds,
      within: within.map((count, i) => count + (seconds <= latencyBounds[i]! ? 1 : 0)),
    },
  };
}

/**
 * The time that the given share of prompts did not exceed, from classes: within the class that it falls into, times
 * are taken to lie evenly.
 *
 * @returns nothing of no prompts; `Infinity` where it lies above the last class
 * @example
 * ```ts
 * const four = { prompts: 4, seconds: 2.2, within: [0, 0, 0, 0, 0, 0, 0, 1, 4, 4, 4, 4, 4, 4, 4] };
 * quantileOf(four, 0.25); // 0.5
 * ```
 */
export function quantileOf({ prompts, within }: LatencySums, share: number): Seconds | undefined {
  if (prompts === 0) return undefined;
  const rank = share * prompts;
  const found = within.findIndex((count) => count >= rank);
  if (found < 0) return Number.POSITIVE_INFINITY;
  const below = found === 0 ? 0 : within[found - 1]!;
  const from = found === 0 ? 0 : latencyBounds[found - 1]!;
  return from + ((latencyBounds[found]! - from) * (rank - below)) / (within[found]! - below);
}

/** The last few of many numbers. */
class Recent {
  readonly #values: number[] = [];
  add(value: number): void {
    this.#values.push(value);
    if (this.#values.length > mostRecent) this.#values.shift();
  }
  get size(): number {
    return this.#values.length;
  }
  of(share: number): number {
    return percentile(this.#values, share) ?? 0;
  }
}

interface Pending {
  readonly handedAt: Seconds;
  readonly parts: Partial<Record<LatencyPart, Seconds>>;
}

/** Everything in it is bounded: 256 numbers a part and camera, 64 prompts on their way, two days of sums. */
export function createLatency({ clock, dayOf, onComplete }: LatencyOptions): Latency {
  const recent = new Map(latencyParts.map((part) => [part, new Recent()]));
  const frames = new Map<string, { readonly decode: Recent; readonly detect: Recent }>();
  const pending = new Map<string, Pending>();
  /** Health is made at every frame, and this changes with prompts alone. */
  let told: LatencyFigures | undefined;
  let sums = nothing;
  let days: { day: string; parts: SumsByPart }[] = [];

  function note(part: LatencyPart, seconds: Seconds): void {
    told = undefined;
    recent.get(part)!.add(seconds);
    sums = addTime(sums, part, seconds);
    const day = dayOf(clock.now());
    const today = days.find((one) => one.day === day);
    if (today !== undefined) today.parts = addTime(today.parts, part, seconds);
    else days = [...days.slice(-1), { day, parts: addTime(nothing, part, seconds) }];
  }

  function arrive(prompt: string, part: 'bus' | 'watch'): void {
    const one = pending.get(prompt);
    if (one === undefined || one.parts[part] !== undefined) return;
    // The clock may have been set back since.
    one.parts[part] = Math.max(0, clock.now() - one.handedAt);
    note(part, one.parts[part]);
    if (one.parts.bus !== undefined && one.parts.watch !== undefined) complete(prompt, one);
  }

  function complete(prompt: string, { parts }: Pending): void {
    pending.delete(prompt);
    const last = parts.watch ?? parts.bus;
    if (last !== undefined) {
      const { confirm = 0, decode = 0, detect = 0, decide = 0 } = parts;
      parts.total = confirm + decode + detect + decide + last;
      note('total', parts.total);
    }
    onComplete?.({ prompt, parts });
  }

  return {
    frame(camera, { decodeSeconds, detectSeconds }) {
      const one = frames.get(camera) ?? { decode: new Recent(), detect: new Recent() };
      frames.set(camera, one);
      one.decode.add(decodeSeconds);
      one.detect.add(detectSeconds);
    },
    raised(prompt, { confirmSeconds, decodeSeconds, detectSeconds, decideSeconds }) {
      const parts: Pending['parts'] = {};
      const known = { confirm: confirmSeconds, decode: decodeSeconds, detect: detectSeconds };
      for (const [part, seconds] of Object.entries({ ...known, decide: decideSeconds })) {
        if (seconds === undefined) continue;
        parts[part as LatencyPart] = Math.max(0, seconds);
        note(part as LatencyPart, Math.max(0, seconds));
      }
      pending.set(prompt, { handedAt: clock.now(), parts });
      const [oldest] = pending;
      if (pending.size > mostPending && oldest !== undefined) complete(...oldest);
    },
    confirmed: (prompt) => arrive(prompt, 'bus'),
    delivered: (prompt) => arrive(prompt, 'watch'),
    ended(prompt) {
      const one = pending.get(prompt);
      if (one !== undefined) complete(prompt, one);
    },
    recent() {
      told ??= latencyParts.flatMap((part) => {
        const one = recent.get(part)!;
        const figure = (share: number) => Number(one.of(share).toFixed(3));
        const figures = { part, prompts: one.size, p50Seconds: figure(0.5), p95Seconds: figure(0.95) };
        return one.size === 0 ? [] : [figures];
      });
      return told;
    },
    sums: () => sums,
    cameras: () =>
      [...frames].map(([camera, { decode, detect }]) => ({
        camera,
        decodeSeconds: decode.of(0.95),
        detectSeconds: detect.of(0.95),
      })),
    days: () => days.map(({ day, parts }) => ({ day, parts })),
  };
}
