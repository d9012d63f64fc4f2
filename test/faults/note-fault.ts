import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { FaultCost } from './box.ts';

const file = join(import.meta.dirname, 'faults.json');

/** With `LOBBY_WRITE_FAULTS=1` what a fault cost is kept beside the tests, with the machine and the date. */
export function noteFault(cost: FaultCost): void {
  if (process.env.LOBBY_WRITE_FAULTS === undefined) return;
  const before = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { faults: FaultCost[] }).faults
    : [];
  const faults = [...before.filter(({ fault }) => fault !== cost.fault), cost];
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(file, `${JSON.stringify({ date, machine, faults }, undefined, 2)}\n`);
}
