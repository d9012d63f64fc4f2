import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import type { FleetStore } from './store.ts';

const folder = join(import.meta.dirname, 'migrations');
/** Of the advisory lock: two that start at once migrate one after the other. */
const lock = 7_263_001;

/** The changes of the store's form, in their order: `001-begin.sql`, `002-…`. */
export const migrations = (): readonly { readonly version: number; readonly name: string }[] =>
  readdirSync(folder)
    .filter((name) => /^\d{3}-[a-z-]+\.sql$/.test(name))
    .sort()
    .map((name) => ({ version: Number(name.slice(0, 3)), name }));

/**
 * Brings the store to the form that this version knows, each step whole or not at all.
 *
 * @returns the steps that were made
 * @throws {LobbyError} `LOBBY_STORE_NEWER` where a later version has been there
 */
export async function migrate(store: Pick<FleetStore, 'ask'>): Promise<readonly string[]> {
  // Named with its schema: PostgreSQL looks into one called as the user first, and `fleet` is one.
  await store.ask('SELECT pg_advisory_lock($1)', [lock]);
  try {
    await store.ask(`CREATE TABLE IF NOT EXISTS public.lobby_fleet_versions
      (version integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())`);
    const { rows } = await store.ask('SELECT coalesce(max(version), 0) FROM public.lobby_fleet_versions');
    const there = Number(rows[0]![0]);
    const all = migrations();
    const newest = all.at(-1)!.version;
    if (there > newest) throw new LobbyError('LOBBY_STORE_NEWER', { there, newest });
    const missing = all.filter(({ version }) => version > there);
    for (const { version, name } of missing) {
      await store.ask('BEGIN');
      try {
        await store.ask(readFileSync(join(folder, name), 'utf8'));
        await store.ask('INSERT INTO public.lobby_fleet_versions (version, name) VALUES ($1, $2)', [
          version,
          name,
        ]);
        await store.ask('COMMIT');
      } catch (error) {
        await store.ask('ROLLBACK').catch(() => undefined);
        throw error;
      }
    }
    return missing.map(({ name }) => name);
  } finally {
    await store.ask('SELECT pg_advisory_unlock($1)', [lock]).catch(() => undefined);
  }
}
