import type { JournalLine } from '../../../../src/contract/journal.ts';
import type { FloorPayload, MinutesPayload, PlanPayload } from '../../../../src/contract/live.ts';
import type { HealthPayload, LobbyPayload } from '../../../../src/contract/topics.ts';
import { ask } from '../api.ts';
import type { LiveEvent } from './state.ts';

type Tell = (
  event: LiveEvent extends infer Event ? (Event extends { at: number } ? Omit<Event, 'at'> : never) : never,
) => void;

const countAfterMs = 1_000;
const minutesEveryMs = 10_000;
/** The box sends the time each second: after three silences the stream is dead, though nobody has said so. */
const silentMs = 4_000;
const firstRetryMs = 1_000;
const lastRetryMs = 10_000;

/**
 * Listens to the box for as long as the page is open; what breaks is opened again by itself.
 *
 * @param onRefused told when the token counts no more
 * @returns ends it
 */
export function listen(tell: Tell, onRefused: () => void): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let counting: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  function open(): void {
    source = new EventSource('/api/v1/live');
    const on = <T>(name: string, take: (data: T) => void) =>
      source!.addEventListener(name, (event) => {
        heard();
        take(JSON.parse((event as MessageEvent<string>).data) as T);
      });
    on<FloorPayload>('floor', (floor) => tell({ kind: 'floor', floor }));
    on<LobbyPayload>('lobby', (lobby) => tell({ kind: 'lobby', lobby }));
    on<HealthPayload>('health', (health) => tell({ kind: 'health', health }));
    on<JournalLine>('line', (line) => {
      tell({ kind: 'line', line });
      countSoon();
    });
    on<PlanPayload>('plan', (plan) => tell({ kind: 'plan', plan }));
    on<{ now: string; settings?: number }>('tick', (tick) => {
      retryMs = firstRetryMs;
      tell({ kind: 'box-time', ...tick });
    });
    source.onerror = () => again();
    heard();
  }

  function heard(): void {
    clearTimeout(silence);
    silence = setTimeout(again, silentMs);
  }

  function again(): void {
    source?.close();
    clearTimeout(silence);
    if (isOver) return;
    tell({ kind: 'link', link: 'down' });
    clearTimeout(retry);
    retry = setTimeout(async () => {
      const who = await ask('/api/v1/session');
      if (!who.ok && who.trouble.status === 401) onRefused();
      else if (!isOver) void begin();
    }, retryMs);
    retryMs = Math.min(2 * retryMs, lastRetryMs);
  }

  async function begin(): Promise<void> {
    const plan = await ask<PlanPayload>('/api/v1/plan');
    if (isOver) return;
    if (!plan.ok) return again();
    tell({ kind: 'plan', plan: plan.value });
    void lookBack();
    open();
  }

  /** The hour's figures are asked for anew once a line has come, so that they do not say less than the rows beside them. */
  function countSoon(): void {
    counting ??= setTimeout(() => {
      counting = undefined;
      void lookBack();
    }, countAfterMs);
  }

  async function lookBack(): Promise<void> {
    const minutes = await ask<MinutesPayload>('/api/v1/minutes');
    if (minutes.ok && !isOver) tell({ kind: 'minutes', minutes: minutes.value });
  }

  void begin();
  const minutes = setInterval(lookBack, minutesEveryMs);
  return () => {
    isOver = true;
    source?.close();
    clearTimeout(retry);
    clearTimeout(silence);
    clearTimeout(counting);
    clearInterval(minutes);
  };
}
