import { Counter, Gauge, type Registry } from 'prom-client';
import type { DeciderFigures } from '../../src/service/decide-in-turn.ts';
import type { OtherBoxes } from './hear-other-boxes.ts';

/** What became of what other boxes said, and how far their clocks are off. */
export function addBoxMetrics(registry: Registry, { heard, link }: Pick<OtherBoxes, 'heard' | 'link'>): void {
  new Counter({
    name: 'lobby_boxes_looks_total',
    help: 'Looks of other boxes, by what became of them: heard, late, lost on the way, of a clock that is not believed, not taken',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      const { heard: taken, late, lost, withoutClock, notTaken } = heard.figures;
      const outcomes = { heard: taken, late, lost, 'without-clock': withoutClock, 'not-taken': notTaken };
      for (const [outcome, value] of Object.entries(outcomes)) this.inc({ outcome }, value);
    },
  });
  new Counter({
    name: 'lobby_boxes_refused_total',
    help: 'Messages of other boxes that were not of the contract, by reason',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, value] of Object.entries(link.refused)) this.inc({ reason }, value);
    },
  });
  new Gauge({
    name: 'lobby_box_clock_ahead_seconds',
    help: 'How far the clock of another box is ahead of this one',
    labelNames: ['box'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { box, clock } of heard.boxes) if (clock !== undefined) this.set({ box }, clock.ahead);
    },
  });
}

/** Which of the boxes that could decide does, and how large what another would go on from is. */
export function addDeciderMetrics(registry: Registry, figures: () => DeciderFigures): void {
  const gauge = (name: string, help: string, read: (now: DeciderFigures) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(figures()));
      },
    });
  gauge('lobby_decider_decides', 'Whether this box decides, 1 or 0', ({ decides }) => (decides ? 1 : 0));
  gauge(
    'lobby_decider_term',
    'The newest term that was heard of: it climbs when another decides',
    ({ term }) => term,
  );
  gauge(
    'lobby_decider_state_bytes',
    'Size of the last message by which another box could go on',
    ({ stateBytes }) => stateBytes,
  );
  new Counter({
    name: 'lobby_decider_begun_total',
    help: 'How often this box began to decide, since its start',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(figures().begun);
    },
  });
}
