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

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string }[];
}
const folder = join(packageRoot, 'docker', 'grafana');
const { panels } = JSON.parse(readFileSync(join(folder, 'lobby-sense.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
};
const exprs = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** Every figure the service serves, with its labels; a histogram's in its three parts. */
function served(): ReadonlyMap<string, readonly string[]> {
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
  const lobby = { figures: () => figures, cameras: () => [], latency: () => latency } as unknown as Lobby;
  const publisher = { state: { connected: true, waiting: 0, letGo: 0, refused: {} } } as unknown as Publisher;
  const registry = buildMetrics(lobby, publisher, undefined, undefined);
  addWebhookMetrics(registry, { figures: () => ({ waiting: 0 }) } as unknown as Webhooks);
  return new Map(
    (registry.getMetricsAsArray() as unknown as { name: string; labelNames?: readonly string[] }[]).flatMap(
      ({ name, labelNames = [] }): [string, readonly string[]][] => [
        [name, labelNames],
        [`${name}_bucket`, [...labelNames, 'le']],
      ],
    ),
  );
}

const namesIn = (expr: string) => [...new Set(expr.match(/\blobby_[a-z0-9_]+/g) ?? [])];
const unknownIn = (asked: readonly string[], known: ReadonlyMap<string, unknown>) =>
  asked.flatMap(namesIn).filter((name) => !known.has(name));

describe('The dashboard for Grafana', () => {
  it('asks for figures the service serves, and for no other', () => {
    const known = served();
    expect(exprs.length).toBeGreaterThan(20);
    expect(exprs.filter((expr) => namesIn(expr).length === 0)).toEqual([]);
    expect(unknownIn(exprs, known)).toEqual([]);
    // Control: a figure there is not would be noticed.
    expect(unknownIn(['rate(lobby_smiles_total[5m])'], known)).toEqual(['lobby_smiles_total']);
  });

  it('tells apart by labels there are', () => {
    const known = served();
    const pairs = exprs.flatMap((expr) =>
      [...expr.matchAll(/by \((\w+)\) \(rate\((\w+)/g)].map(([, label, name]) => [label!, name!] as const),
    );
    expect(pairs.length).toBeGreaterThan(5);
    expect(pairs.filter(([label, name]) => !(known.get(name) ?? []).includes(label))).toEqual([]);
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
