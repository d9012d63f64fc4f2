import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { allLines, askJournal } from '../../edge/journals/ask-journal.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import { latencyParts } from '../../src/contract/latency.ts';
import { healthSchema, topicsOf } from '../../src/contract/topics.ts';
import { demo, endAll, listen, startService } from './service.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-latency-'));
});
afterEach(async () => {
  await endAll();
  rmSync(folder, { recursive: true });
});

type LatencyLine = Extract<JournalLine, { kind: 'latency' }>;

async function lines(): Promise<LatencyLine[]> {
  const asked = await askJournal(join(folder, 'data'));
  try {
    return (await allLines(asked)).filter((line): line is LatencyLine => line.kind === 'latency');
  } finally {
    await asked.close();
  }
}

describe('The way of a prompt through a running service', () => {
  test('is complete once a watch says that it came, and health, metrics and journal agree about it', async () => {
    const service = startService(
      ...['run', '--branch', demo.branchFile, '--data', join(folder, 'data')],
      ...['--port', '0', '--mqtt-port', '0', '--threads', '1'],
    );
    const { url, mqttUrl } = await service.addresses();
    const watch = await listen(mqttUrl);
    const { payload, at } = await watch.hears('prompt', ({ kind }) => kind === 'greet', {
      withinSeconds: 25,
    });
    watch.says(
      topicsOf(demo.branch).ack,
      JSON.stringify({ v: 1, id: payload.id, answer: 'delivered', role: 'manager', watch: 'w-1' }),
    );
    const line = await vi.waitFor(
      async () => {
        const [first] = await lines();
        expect(first).toMatchObject({ id: payload.id });
        return first!;
      },
      { timeout: 10_000, interval: 50 },
    );
    const { parts } = line;
    expect(Object.keys(parts)).toEqual([...latencyParts]);
    expect(parts.confirm).toBeGreaterThan(0);
    const way = ['confirm', 'decode', 'detect', 'decide', 'watch'] as const;
    expect(parts.total).toBeCloseTo(
      way.reduce((sum, part) => sum + parts[part]!, 0),
      2,
    );
    // From outside: captured, at the subscriber; the machine's own parts lie within, but for the receipt's way.
    const { decode, detect, decide } = parts as Record<string, number>;
    expect(decode! + detect! + decide!).toBeLessThanOrEqual(at - Date.parse(payload.raisedAt) / 1000 + 0.01);

    const readHealth = async () => healthSchema.parse(await (await fetch(`${url}/api/v1/health`)).json());
    // Both of one moment: another prompt may come between two questions.
    const { figures, health } = await vi.waitFor(async () => {
      const before = await readHealth();
      const figures = await (await fetch(`${url}/metrics`)).text();
      const health = await readHealth();
      expect(health.latency).toEqual(before.latency);
      return { figures, health };
    }, 10_000);
    for (const part of latencyParts) {
      const told = health.latency!.find((one) => one.part === part)!;
      const metric = (name: string) =>
        Number(new RegExp(`^${name}\\{part="${part}"\\} (\\S+)$`, 'm').exec(figures)![1]);
      expect(told.prompts).toBe(metric('lobby_prompt_latency_seconds_count'));
      expect(told.p95Seconds).toBe(metric('lobby_prompt_latency_p95_seconds'));
      if (told.prompts > 1) continue;
      expect(told.p50Seconds).toBeCloseTo(parts[part]!, 2);
      expect(metric('lobby_prompt_latency_seconds_sum')).toBeCloseTo(parts[part]!, 2);
    }
    expect(figures).toMatch(/^lobby_camera_detect_p95_seconds\{camera="hall"\} \d/m);
    // The retained health bears it at the latest ten seconds after.
    const { payload: told } = await watch.hears('health', ({ latency }) =>
      (latency ?? []).some(({ part }) => part === 'total'),
    );
    expect(told.latency!.map(({ part }) => part)).toEqual([...latencyParts]);
    await watch.close();
  }, 60_000);
});
