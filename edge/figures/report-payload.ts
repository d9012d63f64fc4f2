import type { FiguresPayload } from '../../src/contract/figures.ts';
import type { ReportPayload } from '../../src/contract/topics.ts';
import { few, leastPeople, shareOf } from '../../src/core/figures/share.ts';

/**
 * The figures of a day as they leave the box: counts, and none of one to four.
 *
 * Of who came only those in time and those never met are told, not those between: what is left out cannot be reckoned
 * from the rest.
 */
export function reportPayload(figures: FiguresPayload): ReportPayload {
  const { contact, queues, prompts, load, unseen, latency, equal } = figures;
  const share = few(contact.inTime) === '< 5' ? undefined : shareOf(contact.inTime, contact.came);
  const enough = contact.came >= leastPeople;
  return {
    v: 1,
    at: figures.at,
    day: figures.from,
    targetSeconds: figures.targetSeconds,
    came: few(contact.came),
    inTime: few(contact.inTime),
    neverMet: few(contact.neverMet),
    ...(share === undefined ? {} : { shareInTime: Number(share.toFixed(4)) }),
    ...(enough ? times(contact) : {}),
    queues: queues.map(({ zone, waits, ...row }) => ({
      id: zone,
      waits: few(waits),
      ...(waits >= leastPeople ? times(row) : {}),
    })),
    prompts: prompts.ends.flatMap(({ end, prompts: count }) =>
      end === 'open' ? [] : [{ phase: end, prompts: few(count) }],
    ),
    mostInTenMinutes: load.mostInTenMinutes,
    unseen: unseen.zones.map(({ zone, seconds }) => ({ id: zone, seconds: Math.min(86_400, seconds) })),
    ...(latency.p50Seconds === null || latency.p95Seconds === null
      ? {}
      : {
          latency: {
            prompts: latency.prompts,
            p50Seconds: latency.p50Seconds,
            p95Seconds: latency.p95Seconds,
          },
        }),
    equal: { doors: equal.doors.outcome, hours: equal.hours.outcome },
  };
}

function times({
  medianSeconds,
  p90Seconds,
}: {
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
}) {
  return {
    ...(medianSeconds === null ? {} : { medianSeconds }),
    ...(p90Seconds === null ? {} : { p90Seconds }),
  };
}
