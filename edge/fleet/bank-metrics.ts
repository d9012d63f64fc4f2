import { Counter, type Registry } from 'prom-client';
import { settingsRefusals } from '../../src/contract/fleet-settings.ts';
import type { SettingsOfBank } from './settings-of-bank.ts';

/**
 * What became of orders of the bank: taken, or refused and why. Each reason is there from the start, at 0: of a row that
 * appears with its first refusal, Prometheus would see no increase.
 */
export function addBankMetrics(registry: Registry, bank: Pick<SettingsOfBank, 'orders'>): void {
  new Counter({
    name: 'lobby_bank_orders_total',
    help: 'Orders of the bank about settings, by what became of them: taken, or why they were refused',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      const { taken, refused } = bank.orders;
      this.inc({ outcome: 'taken' }, taken);
      for (const outcome of settingsRefusals) this.inc({ outcome }, refused[outcome] ?? 0);
    },
  });
}
