import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'scale.md'), 'utf8');
type Lags = Readonly<Record<'p50Ms' | 'p95Ms' | 'mostMs' | 'messages', number>>;
const measured = JSON.parse(readFileSync(join(root, 'test', 'bench', 'fleet.json'), 'utf8')) as {
  readonly branches: number;
  readonly load: number;
  readonly date: string;
  readonly steady: Lags;
  readonly nodeKilled: Lags;
  readonly storeRestarted: Lags;
  readonly nodePaused: Lags;
  readonly nodeParted: Lags;
  readonly linkedASecond: number;
  readonly storm: Readonly<Record<'toCluster' | 'toStore', { readonly aSecond: number }>> & {
    readonly messages: number;
  };
  readonly told: number;
  readonly lost: number;
  readonly twice: number;
  readonly memory: { readonly during: Readonly<Record<string, number | readonly number[]>> };
  readonly bytesAnHour: number;
  readonly reportMs: number;
};

describe('docs/scale.md', () => {
  it('says what was measured', () => {
    const { steady, nodeKilled, storeRestarted, nodePaused, nodeParted } = measured;
    for (const { p50Ms, p95Ms, mostMs } of [steady, nodeKilled, storeRestarted, nodePaused, nodeParted])
      expect(page.replaceAll(/ +/g, ' ')).toContain(`| ${p50Ms} ms | ${p95Ms} ms | ${mostMs} ms |`);
    const { ingestMegabytes, postgresMegabytes, nodesMegabytes } = measured.memory.during;
    const [one, two, three] = nodesMegabytes as readonly number[];
    for (const figure of [
      `${measured.branches.toLocaleString('en')} branches`,
      `load ${measured.load}`,
      measured.date,
      `${measured.linkedASecond} links a second`,
      `${measured.storm.messages} messages`,
      `${measured.storm.toCluster.aSecond} a second`,
      `${measured.storm.toStore.aSecond} a second`,
      `of all ${measured.told} messages`,
      `${measured.twice} here`,
      `${one}, ${two} and ${three} MB`,
      `${ingestMegabytes} MB, ${postgresMegabytes} MB`,
      `${measured.bytesAnHour} bytes an hour`,
      `${measured.reportMs} ms`,
    ])
      expect(page).toContain(figure);
    expect(measured.lost).toBe(0);
  });
});
