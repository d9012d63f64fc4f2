import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fleetQuestions } from '../../edge/cli/fleet.ts';
import { migrate, migrations } from '../../edge/fleet/migrate.ts';
import { type FleetStore, openStore } from '../../edge/fleet/store.ts';
import { storeAddress } from '../../edge/fleet/store-address.ts';
import { packageRoot } from '../../edge/package-root.ts';
import type { FleetSettings } from '../../src/contract/fleet-settings.ts';
import { type Postgres, startPostgres } from '../peers/postgres.ts';
import { absent, postgres, titled } from '../peers/tools.ts';
import { madeUpDayOf, madeUpHour } from './made-up-fleet.ts';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly rawSql: string }[];
}
const grafana = join(packageRoot, 'docker', 'fleet', 'grafana');
const { panels } = JSON.parse(readFileSync(join(grafana, 'lobby-fleet.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
};
/** What a branch says that it goes by. */
const goesBy = (branch: string, more: Partial<FleetSettings> = {}): FleetSettings => ({
  v: 1,
  branch,
  at: '2026-03-12T09:00:00.000Z',
  group: 'all',
  version: '0.1.0',
  order: { bundle: 'spring', serial: 7, n: 1, state: 'shadow', since: '2026-03-12T08:00:00.000Z' },
  own: ['queue.length'],
  tried: { wouldHaveBuzzed: '< 5', liveBuzzed: 10 },
  refused: { 'older-step': 2, unfit: 1 },
  ...more,
});
/** As Grafana puts in the time that somebody chose. */
const within = (sql: string) =>
  sql
    .replaceAll('$__timeFrom()', "'2026-03-01T00:00:00Z'")
    .replaceAll('$__timeTo()', "'2026-03-31T00:00:00Z'")
    .replace(/\$__timeFilter\((\w+)\)/g, "$1 BETWEEN '2026-03-01T00:00:00Z' AND '2026-03-31T00:00:00Z'");

const reason = absent(postgres);
describe.skipIf(reason)(titled("The fleet's store, on a real PostgreSQL", reason), () => {
  let database: Postgres;
  let store: FleetStore;
  let reader: FleetStore;
  const ask = async (sql: string, of = store) => (await of.ask(sql)).rows;

  beforeAll(async () => {
    database = await startPostgres();
    const open = () => openStore(storeAddress({ database: database.url }));
    store = await open();
    const other = await open();
    const made = await Promise.all([migrate(store), migrate(other)]);
    await other.close();
    // Two that start at once: one makes each step, and the other waits for it.
    expect(made.map(({ length }) => length).sort()).toEqual([0, migrations().length]);
    for (const statement of [
      'CREATE ROLE grafana LOGIN',
      'GRANT USAGE ON SCHEMA fleet TO grafana',
      'GRANT SELECT ON ALL TABLES IN SCHEMA fleet TO grafana',
    ])
      await store.ask(statement);
    reader = await openStore(storeAddress({ database: database.url.replace('lobby@', 'grafana@') }));
    for (const [branch, came] of [
      ['harbour', 320],
      ['river', 4],
    ] as const) {
      await store.putDay(madeUpDayOf(branch, '2026-03-11', { came, neverMet: 3 }));
      await store.putDay(madeUpDayOf(branch, '2026-03-12', { neverMet: '< 5' }));
      for (const hour of ['02', '03', '04'])
        await store.putHour(madeUpHour(branch, `2026-03-12T${hour}:00:00.000Z`, { waits: '< 5' }));
    }
    await store.ask("INSERT INTO fleet_kept.messages VALUES ('2026-03-12', 'other-branch', 1)");
    for (const branch of ['harbour', 'river']) await store.putSettings(goesBy(branch));
    await store.ask(`INSERT INTO fleet_kept.rollouts (bundle, serial, groups, why, signed, digest, step_key, expires, plan, state)
      VALUES ('spring', 7, '{all}', '', '{}', '', '', now(), '{"shares": [0.05, 1]}', '{"phase": "rolling", "step": 1, "since": 0}')`);
    const state = { v: 1, at: '2026-03-12T09:00:00.000Z', version: '0.1.0' } as const;
    const cameras = { live: 2, starting: 0, blind: 1, quiet: 0, lost: 0 };
    await store.putStates([
      { ...state, branch: 'harbour', state: 'partly-blind', cameras, troubles: ['LOBBY_CAMERA_DARK'] },
    ]);
  }, 60_000);
  afterAll(async () => {
    await reader?.close();
    await store?.close();
    await database?.close();
  });

  it('keeps of what comes twice what was made last, whatever the order', async () => {
    const hour = madeUpHour('twice', '2026-03-12T05:00:00.000Z');
    expect(await store.putHour(hour)).toBe('taken');
    expect(await store.putHour(hour)).toBe('known');
    expect(await store.putHour({ ...hour, at: '2026-03-13T07:00:00.000Z', came: 45 })).toBe('taken');
    expect(await store.putHour({ ...hour, at: '2026-03-12T08:00:00.000Z', came: 30 })).toBe('known');
    // Another box that took over and recorded less of it.
    const part = { ...hour, at: '2026-03-14T07:00:00.000Z', came: 5, recordedMinutes: 4 };
    expect(await store.putHour(part)).toBe('known');
    expect(await ask("SELECT came FROM fleet.hours WHERE branch = 'twice'")).toEqual([['45']]);
    await ask("DELETE FROM fleet_kept.hours WHERE branch = 'twice'");
  });

  it('keeps what a branch goes by as it said it last, and tells what it refused and set itself', async () => {
    expect(await store.putSettings(goesBy('goes'))).toBe('taken');
    expect(await store.putSettings(goesBy('goes'))).toBe('known');
    expect(await store.putSettings(goesBy('goes', { at: '2026-03-12T08:59:59.999Z', own: [] }))).toBe(
      'known',
    );
    const row =
      "SELECT took, took_state, is_taken, in_force, own, would_have_buzzed, live_buzzed, refused, refused_why FROM fleet.settings WHERE branch = 'goes'";
    expect(await ask(row, reader)).toEqual([
      ['spring', 'shadow', 'f', null, '{queue.length}', '< 5', '10', '3', 'older-step 2, unfit 1'],
    ]);
    const { order: _, tried: __, ...plain } = goesBy('goes', { at: '2026-03-12T10:00:00.000Z' });
    expect(await store.putSettings({ ...plain, own: [], refused: {} })).toBe('taken');
    expect(await ask(row, reader)).toEqual([[null, null, 'f', null, '{}', null, null, '0', null]]);
    await ask("DELETE FROM fleet_kept.settings WHERE branch = 'goes'");
  });

  it('tells no count of one to four, nor a sum of that size, and sums with such as a stretch', async () => {
    expect(
      await ask('SELECT branch, day::text, came, never_met FROM fleet.days ORDER BY branch, day', reader),
    ).toEqual([
      ['harbour', '2026-03-11', '320', '< 5'],
      ['harbour', '2026-03-12', '320', '< 5'],
      ['river', '2026-03-11', '< 5', '< 5'],
      ['river', '2026-03-12', '320', '< 5'],
    ]);
    const sums =
      "SELECT branch, came, never_met, waits FROM fleet.sums('2026-03-11', '2026-03-12') ORDER BY branch";
    expect(await ask(sums, reader)).toEqual([
      ['harbour', '640', '< 9', '< 13'],
      ['river', '321–324', '< 9', '< 13'],
    ]);
    const [[one, two, three]] = (await ask(
      'SELECT fleet.told(3, 0), fleet.told(0, 1), fleet.told(0, 0)',
      reader,
    )) as [[string, string, string]];
    expect([one, two, three]).toEqual(['< 5', '< 5', '0']);
  });

  it('lets who reads dashboards see what is told, and nothing that is kept', async () => {
    await expect(ask('SELECT * FROM fleet_kept.days', reader)).rejects.toThrow(/permission denied/);
    expect(
      await ask("SELECT came, share_in_time FROM fleet.total('2026-03-11', '2026-03-12')", reader),
    ).toEqual([['961–964', '0.906']]);
  });

  it.each(Object.entries(fleetQuestions))('answers `lobby fleet report --by %s`', async (_, sql) => {
    const { rows } = await reader.ask(sql, ['2026-03-11', '2026-03-12']);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('is cut by months, and lets go of whole ones', async () => {
    await store.putHour(madeUpHour('old', '2024-01-31T23:00:00.000Z'));
    await store.putHour(madeUpHour('old', '2024-02-01T00:00:00.000Z'));
    expect(await store.forgetBefore('2024-02-01')).toEqual(['hours_2024_01']);
    expect(await ask("SELECT hour_of_day FROM fleet.hours WHERE branch = 'old'")).toEqual([['8']]);
    expect(await store.forgetBefore('2024-03-01')).toEqual(['hours_2024_02']);
    // A month that is gone is made again where somebody tells of it.
    expect(await store.putHour(madeUpHour('old', '2024-02-01T00:00:00.000Z'))).toBe('taken');
    await store.forgetBefore('2024-03-01');
  });

  it('refuses a store that a later version has been at', async () => {
    await store.ask("INSERT INTO public.lobby_fleet_versions (version, name) VALUES (999, '999-later.sql')");
    await expect(migrate(store)).rejects.toMatchObject({ code: 'LOBBY_STORE_NEWER' });
    await store.ask('DELETE FROM public.lobby_fleet_versions WHERE version = 999');
    expect(await migrate(store)).toEqual([]);
  });

  it('is brought to its form once, also by a user who is called as one of its schemas', async () => {
    await store.ask('CREATE ROLE fleet LOGIN');
    await store.ask('CREATE DATABASE fleet OWNER fleet');
    const address = database.url.replace('lobby@', 'fleet@').replace(/postgres$/, 'fleet');
    // Each start has a connection of its own: PostgreSQL looks into the schema of the user's name first.
    for (const made of [migrations().length, 0]) {
      const own = await openStore(storeAddress({ database: address }));
      expect(await migrate(own)).toHaveLength(made);
      await own.close();
    }
  });

  describe('The dashboard for the fleet', () => {
    it.each(panels.map(({ title, targets }) => [title, targets] as const))(
      '%s asks what the store answers, as one who reads what is told',
      async (_, targets) => {
        for (const { rawSql } of targets) {
          const { columns, rows } = await reader.ask(within(rawSql));
          expect(columns.length).toBeGreaterThan(0);
          expect(rows.length).toBeGreaterThan(0);
        }
      },
    );

    it('control: a figure that there is not would be noticed', async () => {
      await expect(reader.ask('SELECT smiles FROM fleet.days')).rejects.toThrow(/smiles/);
    });

    it('has panels with names of their own, and none over another', () => {
      expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
      for (const [i, { gridPos: a }] of panels.entries()) {
        expect(a.x + a.w).toBeLessThanOrEqual(24);
        for (const { gridPos: b } of panels.slice(i + 1))
          expect(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y).toBe(true);
      }
    });

    it('is found by Grafana from the files beside it', () => {
      const file = (path: string) => parse(readFileSync(join(grafana, 'provisioning', path), 'utf8'));
      expect(file('dashboards/lobby-fleet.yaml')).toMatchObject({ providers: [{ type: 'file' }] });
      expect(file('datasources/postgres.yaml')).toMatchObject({
        datasources: [
          { type: 'grafana-postgresql-datasource', jsonData: { sslmode: `\${FLEET_DATABASE_SSLMODE}` } },
        ],
      });
    });
  });
});
