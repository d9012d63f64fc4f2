import mqtt from 'mqtt';
import { initialState, screenOf, step, type WatchEvent } from '../../edge/pages/watch/state.ts';
import { type DutyPayload, lobbySchema, messages, topicsOf } from '../../src/contract/topics.ts';
import type { WearerRole } from '../../src/core/prompts/kinds.ts';
import type { Chance } from './chance.ts';
import type { WristLog } from './judge.ts';

export interface WristOptions {
  readonly port: number;
  readonly branch: string;
  readonly watch: string;
  readonly role: WearerRole;
  readonly login?: { readonly username: string; readonly password: string };
  /** What its wearer does about a prompt. */
  readonly chance: Chance;
}

/** A watch by the watch page's own rules, whose wearer answers now and then. */
export interface Wrist {
  readonly log: WristLog;
  close(): Promise<void>;
}

type What<Event> = Event extends WatchEvent ? Omit<Event, 'at'> : never;

export function wearWrist({ port, branch, watch, role, login, chance }: WristOptions): Wrist {
  const topics = topicsOf(branch);
  const came: WristLog['came'][number][] = [];
  const takenIn: WristLog['takenIn'][number][] = [];
  const shown: WristLog['shown'][number][] = [];
  let state = initialState({ language: 'en', role, watch, canVibrate: true, onDuty: true, at: Date.now() });
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    ...login,
    clientId: watch,
    clean: true,
    reconnectPeriod: 100,
    connectTimeout: 2_000,
    keepalive: 5,
    queueQoSZero: false,
  });
  client.on('error', () => undefined);

  function happen(event: What<WatchEvent>): void {
    const at = Date.now();
    const [next, effects] = step(state, { ...event, at } as WatchEvent);
    for (const [id, { prompt, phase }] of Object.entries(next.open)) {
      // What somebody is going to is listed for twice its time, and is not new to whoever looks.
      if (state.open[id] !== undefined || phase === 'accepted') continue;
      takenIn.push({ id, at: at / 1000, expiresAt: Date.parse(prompt.expiresAt) / 1000 });
    }
    state = next;
    for (const effect of effects) {
      if (effect.kind === 'notify') {
        const { id, expiresAt } = effect.prompt;
        shown.push({ id, at: at / 1000, expiresAt: Date.parse(expiresAt) / 1000 });
      }
      if (effect.kind === 'send' && client.connected) {
        client.publish(topics.ack, JSON.stringify(effect.ack), { qos: 1 });
      }
    }
  }

  client.on('connect', () => {
    client.subscribe([topics.prompt, topics.promptStates, topics.lobby, topics.health], { qos: 1 });
    const duty: DutyPayload = { v: 1, watch, role, onDuty: true };
    client.publish(topics.duty, JSON.stringify(duty), { qos: 1 });
    happen({ kind: 'link-up' });
  });
  client.on('close', () => happen({ kind: 'link-down' }));
  client.on('message', (topic, bytes) => {
    const given: unknown = JSON.parse(bytes.toString());
    const at = Date.now() / 1000;
    if (topic === topics.prompt) {
      const prompt = messages.prompt.schema.parse(given);
      came.push({ id: prompt.id, at, expiresAt: Date.parse(prompt.expiresAt) / 1000, by: 'prompt' });
      happen({ kind: 'prompt', prompt });
    } else if (topic === topics.lobby) {
      const lobby = lobbySchema.parse(given);
      for (const { prompt } of lobby.open) {
        came.push({ id: prompt.id, at, expiresAt: Date.parse(prompt.expiresAt) / 1000, by: 'lobby' });
      }
      happen({ kind: 'lobby', lobby });
    } else if (topic === topics.health) {
      happen({ kind: 'health', health: messages.health.schema.parse(given) });
    } else {
      happen({ kind: 'prompt-state', state: messages.promptState.schema.parse(given) });
    }
  });
  happen({ kind: 'touched' });
  const looking = setInterval(() => {
    happen({ kind: 'tick' });
    const screen = screenOf(state);
    if (screen.kind !== 'prompt' && screen.kind !== 'going') return;
    if (chance.next() > 0.5) return;
    const { id } = screen.held.prompt;
    const given = screen.kind === 'going' ? 'met' : chance.pick(['accepted', 'not-needed', 'met'] as const);
    happen({ kind: 'answered', id, answer: given });
  }, 40);
  return {
    log: { watch, came, takenIn, shown },
    async close() {
      clearInterval(looking);
      await client.endAsync(true);
    },
  };
}
