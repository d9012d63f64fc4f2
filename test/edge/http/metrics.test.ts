import { describe, expect, it } from 'vitest';
import { buildMetrics } from '../../../edge/http/metrics.ts';
import { refusalReasons } from '../../../src/contract/refusals.ts';
import { addStay, noContactSums, type Stay } from '../../../src/core/ledger.ts';
import type { Publisher } from '../../../src/ports/publisher.ts';
import { createDayOf } from '../../../src/service/day-of.ts';
import { createLatency, type Latency } from '../../../src/service/latency.ts';
import type { Lobby, LobbyFigures } from '../../../src/service/lobby.ts';
import { ManualClock } from '../../manual-clock.ts';

const clock = new ManualClock();
const publisher = {
  state: { connected: true, waiting: 0, letGo: 0, refused: { 'not-json': 3, 'too-many': 4 } },
} as unknown as Publisher;
const stay = (metAt?: number): Stay => ({
  visit: 'v1',
  arrivedAt: 100,
  ended: 'departed',
  endedAt: 900,
  ...(metAt === undefined ? {} : { metAt: 100 + metAt }),
});

async function metricsOf(stays: readonly Stay[], time?: (latency: Latency) => void): Promise<string[]> {
  const figures: LobbyFigures = {
    happenings: {},
    prompts: {},
    silences: {},
    ended: {},
    observations: 0,
    firstContact: stays.reduce((sums, one) => addStay(sums, one, 30), noContactSums),
    letGo: 0,
    refused: { unknown: 2, 'too-many': 1 },
  };
  const broker = { refused: { 'too-many': 5, 'not-allowed': 1 } };
  const latency = createLatency({ clock, dayOf: createDayOf('Asia/Shanghai') });
  time?.(latency);
  const lobby = {
    figures: () => figures,
    cameras: () => [],
    latency: () => latency,
  } as unknown as Lobby;
  return (await buildMetrics(lobby, publisher, undefined, broker).metrics()).split('\n');
}

describe('Time to first contact', () => {
  it('is told as a histogram in which those never met are above every bound', async () => {
    const lines = await metricsOf([stay(4), stay(25), stay(700), stay()]);
    expect(lines).toContain('# TYPE lobby_first_contact_seconds histogram');
    expect(lines).toContain('lobby_first_contact_seconds_bucket{le="5"} 1');
    expect(lines).toContain('lobby_first_contact_seconds_bucket{le="30"} 2');
    expect(lines).toContain('lobby_first_contact_seconds_bucket{le="600"} 2');
    expect(lines).toContain('lobby_first_contact_seconds_bucket{le="+Inf"} 4');
    expect(lines).toContain('lobby_first_contact_seconds_count 4');
    expect(lines).toContain('lobby_first_contact_seconds_sum 729');
  });

  it('is told against the target, with those never met beside', async () => {
    const lines = await metricsOf([stay(4), stay(25), stay(45), stay()]);
    expect(lines).toContain('lobby_stays_total{met="in-time"} 2');
    expect(lines).toContain('lobby_stays_total{met="late"} 1');
    expect(lines).toContain('lobby_stays_total{met="never"} 1');
  });
});

describe('What was not heard', () => {
  it('is counted by reason, whoever refused it, and each reason is there from the start', async () => {
    const lines = await metricsOf([]);
    const of = (reason: string) =>
      lines.find((line) => line.startsWith(`lobby_answers_refused{reason="${reason}"}`));
    expect(of('too-many')).toMatch(/ 10$/);
    expect(of('unknown')).toMatch(/ 2$/);
    expect(of('not-json')).toMatch(/ 3$/);
    expect(of('not-allowed')).toMatch(/ 1$/);
    expect(of('full')).toMatch(/ 0$/);
    expect(lines.filter((line) => line.startsWith('lobby_answers_refused{'))).toHaveLength(
      refusalReasons.length,
    );
  });
});

describe('The way of prompts to a wrist', () => {
  const prompt = (latency: Latency, id: string, detectSeconds: number) => {
    latency.raised(id, { confirmSeconds: 0.3, decodeSeconds: 0.01, detectSeconds, decideSeconds: 0.004 });
    latency.confirmed(id);
    latency.delivered(id);
  };

  it('is told as a histogram by part, whose bounds hold what the service is held to', async () => {
    const lines = await metricsOf([], (latency) => {
      prompt(latency, 'A', 0.1);
      prompt(latency, 'B', 1);
    });
    const of = (le: string) => `lobby_prompt_latency_seconds_bucket{le="${le}",part="total"}`;
    expect(lines).toContain('# TYPE lobby_prompt_latency_seconds histogram');
    expect(lines).toContain(`${of('0.3')} 0`);
    expect(lines).toContain(`${of('1')} 1`);
    expect(lines).toContain(`${of('1.5')} 2`);
    expect(lines).toContain(`${of('+Inf')} 2`);
    expect(lines).toContain('lobby_prompt_latency_seconds_count{part="decide"} 2');
    expect(lines).toContain('lobby_prompt_latency_seconds_sum{part="detect"} 1.1');
  });

  it('is told by half of them and by 19 in 20, of parts that are known', async () => {
    const lines = await metricsOf([], (latency) => prompt(latency, 'A', 0.1));
    expect(lines).toContain('lobby_prompt_latency_p50_seconds{part="total"} 0.414');
    expect(lines).toContain('lobby_prompt_latency_p95_seconds{part="confirm"} 0.3');
    expect((await metricsOf([])).filter((line) => line.startsWith('lobby_prompt_latency_p'))).toEqual([]);
  });

  it('is told of each camera as far as its frames go', async () => {
    const lines = await metricsOf([], (latency) => {
      latency.frame('hall', { decodeSeconds: 0.02, detectSeconds: 0.06 });
    });
    expect(lines).toContain('lobby_camera_decode_p95_seconds{camera="hall"} 0.02');
    expect(lines).toContain('lobby_camera_detect_p95_seconds{camera="hall"} 0.06');
  });
});
