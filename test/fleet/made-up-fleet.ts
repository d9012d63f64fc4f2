import type { FleetDay, FleetHour } from '../../src/contract/fleet.ts';
import type { ReportPayload } from '../../src/contract/topics.ts';

/** An hour of a made-up branch, told an hour after it ended. */
export function madeUpHour(branch: string, hour: string, more: Partial<FleetHour> = {}): FleetHour {
  return {
    v: 1,
    branch,
    at: new Date(Date.parse(hour) + 2 * 3_600_000).toISOString(),
    hour,
    timezone: 'Asia/Shanghai',
    openMinutes: 60,
    recordedMinutes: 60,
    blindSeconds: 120,
    targetSeconds: 30,
    came: 40,
    inTime: 35,
    neverMet: '< 5',
    medianSeconds: 12.5,
    p90Seconds: 41,
    waits: 15,
    waitMedianSeconds: 90,
    waitP90Seconds: 310,
    prompts: 20,
    buzzes: 25,
    mostInTenMinutes: 4,
    latency: { p50Seconds: 0.4, p95Seconds: 0.7 },
    version: '0.1.0',
    ...more,
  };
}

export function madeUpDayOf(branch: string, day: string, more: Partial<ReportPayload> = {}): FleetDay {
  const at = `${day}T09:06:00.000Z`;
  return {
    v: 1,
    branch,
    at,
    version: '0.1.0',
    report: {
      v: 1,
      at,
      day,
      targetSeconds: 30,
      came: 320,
      inTime: 290,
      neverMet: 7,
      shareInTime: 0.9063,
      medianSeconds: 14,
      p90Seconds: 40,
      queues: [{ id: 'cash', waits: 90, medianSeconds: 100, p90Seconds: 300 }],
      prompts: [{ phase: 'met', prompts: 60 }],
      mostInTenMinutes: 5,
      unseen: [{ id: 'cash', seconds: 600 }],
      latency: { prompts: 60, p50Seconds: 0.4, p95Seconds: 0.7 },
      equal: { doors: 'as-chance', hours: 'as-chance' },
      ...more,
    },
  };
}

/** Whole hours, the newest of them so many hours ago; the newest first. */
export function hoursBefore(now: number, count: number, from = 3): readonly string[] {
  const newest = Math.floor(now / 3_600_000) * 3_600_000 - from * 3_600_000;
  return Array.from({ length: count }, (_, i) => new Date(newest - i * 3_600_000).toISOString());
}
