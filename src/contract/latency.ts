import { z } from 'zod';

/**
 * The parts of a prompt's way from the lobby to a wrist, in the order in which they pass. All are seconds.
 *
 *     crossed ─confirm─▶ captured ─decode─▶ ready ─detect─▶ people ─decide─▶ handed over ─bus───▶ the broker's word
 *        └────────────────────────────── total ─────────────────────────────────┴───────watch─▶ the watch's word
 *
 * | part      | from                                             | until                                               |
 * | --------- | ------------------------------------------------ | --------------------------------------------------- |
 * | `confirm` | the door line was crossed, as far as it was seen | the capture of the frame in which it was believed   |
 * | `decode`  | that capture                                     | the picture is decoded and lies ready               |
 * | `detect`  | it lies ready: waiting for the detector counts   | it is known who is in it, and where heads are turned |
 * | `decide`  | that                                             | journal, snapshot, outbox, handed to the broker     |
 * | `bus`     | handed over                                      | the broker has confirmed it                         |
 * | `watch`   | handed over                                      | the first watch's `delivered` is here               |
 * | `total`   | the first of these                               | the watch's word; where none comes, the broker's    |
 *
 * `bus` and `watch` begin at the same moment and are whole round trips, not halved: the way back may be the slower
 * one. So `total` is never less than what the wrist saw. Only a greeting has `confirm`: what is asked after so many
 * seconds of waiting is late by intent, and counts from the frame that made it due.
 */
export const latencyParts = ['confirm', 'decode', 'detect', 'decide', 'bus', 'watch', 'total'] as const;
export type LatencyPart = (typeof latencyParts)[number];

/**
 * Upper ends of the classes in which times are counted, in seconds.
 *
 * 1 and 1.5 are what the service is held to (one camera, four), so the share within them is exact. Towards both ends
 * steps are about double: fine enough for the 1 to 50 ms of deciding and the broker, and up to 10 s, beyond which
 * a broker or a camera was away and the figure says no more than that.
 */
export const latencyBounds: readonly number[] = [
  0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10,
];

const seconds = z.number().min(0).max(86_400);

/** How long prompts took of late, by part. */
export const latencySchema = z
  .array(
    z.strictObject({
      part: z
        .enum(latencyParts)
        .describe(
          'In the order in which they pass; `total` is the whole way: from the moment it happened to the wrist, or to the broker where no watch sends receipts.',
        ),
      prompts: z.int().min(1).max(10_000).describe('How many of the last 256 prompts these figures rest on.'),
      p50Seconds: seconds.describe('Half of them took no longer.'),
      p95Seconds: seconds.describe('19 in 20 took no longer.'),
    }),
  )
  .max(latencyParts.length);
export type LatencyFigures = z.infer<typeof latencySchema>;
