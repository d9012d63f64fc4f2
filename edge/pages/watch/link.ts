import mqtt, { type MqttClient } from 'mqtt';
import type { AckPayload, DutyPayload } from '../../../src/contract/topics.ts';
import { type Login, loginOfPage } from './login.ts';
import { readHealth, readLobby, readPrompt, readState } from './read.ts';
import type { WatchEvent } from './state.ts';
import { createTerms } from './terms.ts';

type Told = WatchEvent extends infer Event
  ? Event extends { at: number }
    ? Omit<Event, 'at'>
    : never
  : never;

export interface Link {
  send(ack: AckPayload): void;
  /** Says that duty begins or ends, or where the wearer is. */
  tellDuty(duty: DutyPayload): void;
}

interface Branch {
  readonly branch: string;
  readonly at: string;
  readonly places: { readonly id: string; readonly name: { readonly zh: string; readonly en: string } }[];
  readonly broker: { readonly path?: string; readonly url?: string };
}

const firstRetryMs = 1_000;
const lastRetryMs = 10_000;
const answerMs = 5_000;
/** A broker that is silent for one and a half of these is gone. */
const keepaliveSeconds = 10;

function brokerAddress({ path, url }: Branch['broker']): string {
  return url ?? `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path ?? '/mqtt'}`;
}

/**
 * Keeps a link to the branch's broker for as long as the page lives.
 *
 * Each attempt begins with asking the box who it is: that tells the topics, the broker, the places'
 * names, and what time it is for the box. Attempts follow after 1, 2, 4, 8, then every 10 s, and at once
 * when the device finds its network again or the page is looked at. Nothing is resumed: a session
 * would be handed the prompts it missed; the retained `lobby` names those still open.
 *
 * @param wearer whose duty ends, as the broker tells the box, when the link breaks
 */
export function openLink(
  tell: (event: Told) => void,
  wearer: () => Pick<DutyPayload, 'watch' | 'role'>,
): Link {
  let client: MqttClient | undefined;
  let topics = { ack: '', duty: '', base: '' };
  let retryMs = firstRetryMs;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let trying = false;
  const login = loginOfPage();
  const isBelieved = createTerms();

  function hear(topic: string, text: string): void {
    const about = topic.slice(topics.base.length);
    if (about === 'prompt') {
      const prompt = readPrompt(text);
      if (prompt && isBelieved(prompt)) tell({ kind: 'prompt', prompt });
    } else if (about === 'lobby') {
      const lobby = readLobby(text);
      if (lobby && isBelieved(lobby)) tell({ kind: 'lobby', lobby });
    } else if (about === 'health') {
      const health = readHealth(text);
      if (health && isBelieved(health)) tell({ kind: 'health', health });
    } else if (about.startsWith('prompt/') && about.endsWith('/state')) {
      const state = readState(text);
      if (state && isBelieved(state)) tell({ kind: 'prompt-state', state });
    }
  }

  function again(): void {
    if (client !== undefined) {
      client.end(true);
      client = undefined;
    }
    trying = false;
    tell({ kind: 'link-down' });
    clearTimeout(retry);
    retry = setTimeout(attempt, retryMs);
    retryMs = Math.min(2 * retryMs, lastRetryMs);
  }

  async function attempt(): Promise<void> {
    if (trying || client?.connected) return;
    trying = true;
    clearTimeout(retry);
    let branch: Branch;
    try {
      const askedAt = Date.now();
      const reply = await fetch('/api/v1/branch', {
        cache: 'no-store',
        ...(login === undefined ? {} : { headers: { authorization: basic(login) } }),
        signal: AbortSignal.timeout(answerMs),
      });
      branch = (await reply.json()) as Branch;
      if (!reply.ok) throw new Error(`the box answered ${reply.status}`);
      tell({ kind: 'branch', places: branch.places, boxAt: Date.parse(branch.at), askedAt });
    } catch {
      again();
      return;
    }
    const base = `lobby/v1/${branch.branch}/`;
    topics = { base, ack: `${base}ack`, duty: `${base}duty` };
    const opened = mqtt.connect(brokerAddress(branch.broker), {
      protocolVersion: 4,
      ...login,
      // The same at each attempt: a broker that still holds the last one lets go of it, and tells its end first.
      clientId: `wrist-${wearer().watch}`,
      clean: true,
      keepalive: keepaliveSeconds,
      connectTimeout: answerMs,
      // One connection is one attempt; when the next is made is decided here.
      reconnectPeriod: 0,
      queueQoSZero: false,
      // Whoever is out of reach is asked nothing: what they would have been told goes to another.
      will: {
        topic: topics.duty,
        payload: JSON.stringify({
          v: 1,
          ...wearer(),
          onDuty: false,
          lost: true,
        } satisfies DutyPayload) as unknown as Buffer,
        qos: 1,
        retain: false,
      },
      // Its worker would be a script from nowhere, which the page's rules forbid.
      timerVariant: 'native',
    });
    client = opened;
    opened.on('message', (topic, payload) => hear(topic, new TextDecoder().decode(payload)));
    opened.on('error', () => undefined);
    opened.on('close', () => {
      if (client === opened) again();
    });
    opened.on('connect', () => {
      const wanted = ['prompt', 'prompt/+/state', 'lobby', 'health'].map((topic) => base + topic);
      opened.subscribe(wanted, { qos: 1 }, (error) => {
        if (error || client !== opened) {
          opened.end(true);
          return;
        }
        trying = false;
        retryMs = firstRetryMs;
        tell({ kind: 'link-up' });
      });
    });
  }

  const hurry = () => {
    if (client === undefined && !trying) void attempt();
  };
  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') hurry();
  });
  void attempt();

  return {
    send(ack) {
      // While there is no link nothing is kept: an answer is about now, and the wearer is told it was not sent.
      if (client?.connected) client.publish(topics.ack, JSON.stringify(ack), { qos: 1 });
    },
    tellDuty(duty) {
      if (client?.connected) client.publish(topics.duty, JSON.stringify(duty), { qos: 1 });
    },
  };
}

/** As HTTP takes a login (RFC 7617), in UTF-8. */
function basic({ username, password }: Login): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
