import { Counter, type Registry } from 'prom-client';
import type { SettingsOfBank } from './settings-of-bank.ts';

/** What became of orders of the bank: taken, or refused and why. */
export function addBankMetrics(registry: Registry, bank: Pick<SettingsOfBank, 'taken' | 'refused'>): void {
  new Counter({
    name: 'lobby_bank_orders_total',
    help: 'Orders of the bank about settings, by what became of them: taken, or why they were refused',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      const outcomes = { taken: bank.taken, ...bank.refused };
      for (const [outcome, value] of Object.entries(outcomes)) this.inc({ outcome }, value);
    },
  });
}
