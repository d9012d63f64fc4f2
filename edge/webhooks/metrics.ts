import { Counter, Gauge, type Registry } from 'prom-client';
import type { Webhooks } from './webhooks.ts';

/** The figures of all webhooks together. */
export function addWebhookMetrics(registry: Registry, webhooks: Webhooks): void {
  new Counter({
    name: 'lobby_webhook_messages_total',
    help: 'Prompts and states for webhooks, by what became of them; retried counts attempts',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      const { waiting: _, ...sums } = webhooks.figures();
      for (const [outcome, value] of Object.entries(sums)) this.inc({ outcome }, value);
    },
  });
  new Gauge({
    name: 'lobby_webhook_waiting',
    help: 'Prompts and states waiting for webhooks',
    registers: [registry],
    collect() {
      this.set(webhooks.figures().waiting);
    },
  });
}
