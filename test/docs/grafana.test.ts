import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildMetrics } from '../../edge/http/metrics.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { addWebhookMetrics } from '../../edge/webhooks/metrics.ts';
import type { Webhooks } from '../../edge/webhooks/webhooks.ts';
import { noContactSums } from '../../src/core/ledger.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { createDayOf } from '../../src/service/day-of.ts';
import { createLatency } from '../../src/service/latency.ts';
import type { Lobby } from '../../src/service/lobby.ts';
import { ManualClock } from '../manual-clock.ts';

interface Target {
  readonly expr: string;
  readonly legendFormat?: string;
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly Target[];
}
const folder = join(packageRoot, 'docker', 'grafana');
const { panels } = JSON.parse(readFileSync(join(folder, 'lobby-sense.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
};
const targets = panels.flatMap((panel) => panel.targets);
const exprs = targets.map(({ expr }) => expr);

/** Every figure the service serves, with its labels; a histogram's in its three parts. */
async function served(): Promise<ReadonlyMap<string, readonly string[]>> {
  const figures = {
    happenings: {},
    prompts: {},
    silences: {},
    ended: {},
    observations: 0,
    firstContact: noContactSums,
    letGo: 0,
    refused: {},
  };
  const latency = createLatency({ clock: new ManualClock(), dayOf: createDayOf(undefined) });
  latency.raised('A', { decideSeconds: 0.004 });
  latency.confirmed('A');
  latency.ended('A');
  const lobby = { figures: () => figures, cameras: () => [], latency: () => latency } as unknown as Lobby;
  const publisher = { state: { connected: true, waiting: 0, letGo: 0, refused: {} } } as unknown as Publisher;
  const registry = buildMetrics(lobby, publisher, undefined, undefined);
  addWebhookMetrics(registry, { figures: () => ({ waiting: 0 }) } as unknown as Webhooks);
  // Served as text: that is what Prometheus reads, and a label without a value yet is in the list alone.
  const listed = registry.getMetricsAsArray() as unknown as {
    name: string;
    labelNames?: readonly string[];
  }[];
  const text = await registry.metrics();
  const histograms = new Set([...text.matchAll(/^# TYPE (\w+) histogram$/gm)].map(([, name]) => name!));
  return new Map(
    listed.flatMap(({ name, labelNames = [] }): [string, readonly string[]][] => {
      const inText = [...text.matchAll(new RegExp(`^${name}(?:_bucket)?\\{(.*)\\} `, 'gm'))];
      const found = inText.flatMap(([, pairs]) =>
        [...pairs!.matchAll(/(\w+)="/g)].map(([, label]) => label!),
      );
      const labels = [...new Set([...labelNames, ...found])].filter((label) => label !== 'le');
      return histograms.has(name)
        ? [
            [`${name}_bucket`, [...labels, 'le']],
            [`${name}_sum`, labels],
            [`${name}_count`, labels],
          ]
        : [[name, labels]];
    }),
  );
}

/** What is asked of each figure: labels in its braces, and labels it is summed or shown by. */
function labelsAsked({ expr, legendFormat = '' }: Target): readonly (readonly [string, string])[] {
  const chosen = [...expr.matchAll(/\b(lobby_\w+)\{([^}]*)\}/g)].flatMap(([, name, inside]) =>
    [...inside!.matchAll(/(\w+)\s*[=!]~?"/g)].map(([, label]) => [label!, name!] as const),
  );
  const shown = [...expr.matchAll(/by \(([^)]*)\)/g), ...legendFormat.matchAll(/\{\{(\w+)\}\}/g)]
    .flatMap(([, labels]) => labels!.split(/,\s*/))
    .flatMap((label) => namesIn(expr).map((name) => [label, name] as const));
  // Prometheus adds `instance` itself.
  return [...chosen, ...shown].filter(([label]) => label !== 'instance');
}
const strangersIn = (asked: readonly Target[], known: ReadonlyMap<string, readonly string[]>) =>
  asked.flatMap(labelsAsked).filter(([label, name]) => !known.get(name)?.includes(label));

const namesIn = (expr: string) => [...new Set(expr.match(/\blobby_[a-z0-9_]+/g) ?? [])];
const unknownIn = (asked: readonly string[], known: ReadonlyMap<string, unknown>) =>
  asked.flatMap(namesIn).filter((name) => !known.has(name));

describe('The dashboard for Grafana', () => {
  it('asks for figures the service serves, and for no other', async () => {
    const known = await served();
    expect(exprs.length).toBeGreaterThan(20);
    expect(exprs.filter((expr) => namesIn(expr).length === 0)).toEqual([]);
    expect(unknownIn(exprs, known)).toEqual([]);
    // Control: a figure there is not would be noticed, and a histogram's part of what is none.
    const made = ['rate(lobby_smiles_total[5m])', 'lobby_let_go_bucket', 'lobby_first_contact_seconds_count'];
    expect(unknownIn(made, known)).toEqual(['lobby_smiles_total', 'lobby_let_go_bucket']);
  });

  it('tells apart by labels there are', async () => {
    const known = await served();
    expect(targets.flatMap(labelsAsked).length).toBeGreaterThan(20);
    expect(strangersIn(targets, known)).toEqual([]);
    // Control: in braces, in a sum and in a legend.
    const made = [
      { expr: 'lobby_prompts_total{mood="good"}' },
      { expr: 'sum by (mood) (rate(lobby_stays_total[5m]))' },
      { expr: 'lobby_camera_live', legendFormat: '{{mood}}' },
    ];
    expect(strangersIn(made, known).map(([label]) => label)).toEqual(['mood', 'mood', 'mood']);
  });

  it('has panels with names of their own, and none over another', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    for (const [i, { gridPos: a }] of panels.entries()) {
      expect(a.x + a.w).toBeLessThanOrEqual(24);
      for (const { gridPos: b } of panels.slice(i + 1)) {
        const isApart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect(isApart).toBe(true);
      }
    }
  });

  it('is found by Grafana from the files beside it', () => {
    const read = (path: string) => parse(readFileSync(join(folder, 'provisioning', path), 'utf8'));
    expect(read('dashboards/lobby-sense.yaml')).toMatchObject({
      apiVersion: 1,
      providers: [{ type: 'file' }],
    });
    expect(read('datasources/prometheus.yaml')).toMatchObject({
      apiVersion: 1,
      datasources: [{ type: 'prometheus', isDefault: true }],
    });
  });
});
