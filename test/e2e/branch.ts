import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { Registry } from 'prom-client';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../edge/brokers/embedded.ts';
import { connectPublisher } from '../../edge/brokers/mqtt-publisher.ts';
import { startServer, type WebServer } from '../../edge/http/server.ts';
import { systemClock } from '../../edge/system-clock.ts';
import type { AckPayload, HealthPayload, LobbyPayload, PromptPayload } from '../../src/contract/topics.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { builtPages } from './pages.ts';

/** The system's Chromium, which the machine's own packages bring. */
export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
}

export const places = [
  { id: 'main-door', name: { zh: '门口', en: 'Door' } },
  { id: 'hall', name: { zh: '大厅', en: 'Hall' } },
  { id: 'cash', name: { zh: '现金区', en: 'Cash' } },
];

const nameOf = (id: string) => places.find((place) => place.id === id)!.name;
const momentAt = (seconds: number) => new Date(seconds * 1000).toISOString();
let made = 0;

/** The box of a branch as a watch sees it: real broker, real web server, real publisher, and a lobby that is told. */
export interface ToldBranch {
  readonly clock: Clock;
  readonly url: string;
  readonly publisher: Publisher;
  readonly acks: AckPayload[];
  prompt(changes?: Partial<PromptPayload>): PromptPayload;
  lobby(changes?: Partial<LobbyPayload>): void;
  health(changes?: Partial<HealthPayload>): void;
  /** The box's network goes: broker and web server are not there any more. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

export async function tellBranch(clock: Clock = systemClock): Promise<ToldBranch> {
  const pagesFolder = await builtPages();
  const now = () => momentAt(clock.now());
  const acks: AckPayload[] = [];
  let health: HealthPayload = { v: 1, state: 'ok', at: now(), cameras: [] };
  let lobby: LobbyPayload = {
    v: 1,
    at: now(),
    inLobby: 12,
    toGreet: 1,
    inQueue: 5,
    staffSeen: 2,
    zones: [],
    open: [],
  };
  let broker: EmbeddedBroker;
  let server: WebServer;
  let publisher: Publisher;
  let port = 0;

  async function start(): Promise<void> {
    broker = await startEmbeddedBroker({ branch: 'harbour', mqttPort: 0 });
    server = await startServer({
      branch: 'harbour',
      places,
      health: () => health,
      lobby: () => lobby,
      metrics: new Registry(),
      clock,
      pagesFolder,
      port,
    });
    port = server.port;
    broker.attachWebSocket(server.server);
    publisher = await connectPublisher({ url: broker.url, ...broker.login, branch: 'harbour', clock });
    publisher.onAck((ack) => acks.push(ack));
    publisher.health(health);
    publisher.lobby(lobby);
  }
  async function stop(): Promise<void> {
    await publisher.close();
    await Promise.all([broker.close(), server.close()]);
  }
  await start();
  // As the box does, whatever happens: a page that hears nothing for long calls it offline.
  // It is as old as it was: the prompts told meanwhile are not in it.
  const repeat = setInterval(() => publisher.lobby(lobby), 10_000);

  return {
    clock,
    acks,
    get url() {
      return server.url;
    },
    get publisher() {
      return publisher;
    },
    prompt(changes = {}) {
      const place = changes.place ?? 'main-door';
      const name = nameOf(place);
      made += 1;
      const prompt: PromptPayload = {
        v: 1,
        id: String(made).padStart(26, '0'),
        kind: 'greet',
        place,
        placeName: name,
        people: 2,
        urgency: 'now',
        say: { zh: `${name.zh} · 新到 2 位`, en: `${name.en} · 2 just in` },
        words: { zh: '您好，欢迎光临，请问您办理什么业务？', en: 'Good morning, how can I help?' },
        waitedSeconds: 0,
        raisedAt: now(),
        expiresAt: momentAt(clock.now() + 60),
        haptic: 'arrival',
        ...changes,
      };
      publisher.prompt(prompt);
      return prompt;
    },
    lobby(changes = {}) {
      lobby = { ...lobby, at: now(), ...changes };
      publisher.lobby(lobby);
    },
    health(changes = {}) {
      health = { ...health, at: now(), ...changes };
      publisher.health(health);
    },
    goAway: stop,
    comeBack: start,
    async close() {
      clearInterval(repeat);
      await stop();
    },
  };
}

/** What a page asked its device to do, and what it complained of. */
export interface Worn {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly troubles: string[];
  buzzes(): Promise<number[][]>;
}

/** Opens the watch page with a device that notes its vibrations instead of shaking. */
export async function wear(
  browser: Browser,
  url: string,
  query: string,
  size = { width: 192, height: 192 },
): Promise<Worn> {
  const context = await browser.newContext({ viewport: size, deviceScaleFactor: 2 });
  await context.addInitScript(`
    const noted = (globalThis.noted = []);
    Object.defineProperty(navigator, 'vibrate', {
      configurable: true,
      value: (pattern) => noted.push([pattern].flat()) > 0,
    });
  `);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    // The last of these: a test that runs meanwhile gives the machine another network.
    if (message.type() === 'error' && !/ERR_CONNECTION|WebSocket|ERR_NETWORK_CHANGED/.test(message.text())) {
      troubles.push(message.text());
    }
  });
  await page.goto(`${url}/watch?${query}`);
  return {
    page,
    context,
    troubles,
    buzzes: () => page.evaluate(() => (globalThis as unknown as { noted: number[][] }).noted),
  };
}
