import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes, type Client } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { countRefusal, type Refusals } from '../../src/contract/refusals.ts';
import { topicsOf } from '../../src/contract/topics.ts';
import { createBucket, type Rate } from '../../src/service/bucket.ts';
import { birthTopic } from '../home-assistant/discovery.ts';
import { listen } from '../http/listen.ts';
import { fromOwnPage } from '../http/own-page.ts';
import type { ServerTls } from '../http/server-tls.ts';
import { limitPackets } from './packet-limit.ts';
import type { WatchLogins } from './watch-logins.ts';

export interface EmbeddedBrokerOptions {
  /** The branch whose topics are served; nothing outside `lobby/v1/{branch}/` can be read or written. */
  readonly branch: string;
  /** Address to listen on. Default 127.0.0.1: this machine only. */
  readonly host?: string;
  /** Port for MQTT over TCP; 0 takes any free one. */
  readonly mqttPort: number;
  /** Wearers' connections at once; one more is answered "server unavailable". Default 64. */
  readonly maxClients?: number;
  /** Largest packet a wearer's device may send, in bytes. Default 16,384. */
  readonly maxPacketBytes?: number;
  /** Speaks TLS on the MQTT port, and nothing else; with a client CA to those alone whose certificate it signed. */
  readonly tls?: ServerTls;
  /** Who may come in by user name and password; absent: anybody without a login. */
  readonly logins?: WatchLogins;
  /** Messages one connection may send; over it, it is cut off. Default 100 at once and 20 a second. */
  readonly rate?: Rate;
  /** Lets clients also read `homeassistant/…` and say that Home Assistant is there. Default: no. */
  readonly homeAssistant?: boolean;
}

export interface EmbeddedBroker {
  /** `mqtt://host:port`, or `mqtts://`, without a login. */
  readonly url: string;
  readonly port: number;
  /** The login of the service itself, made anew at each start: whoever bears it may publish everything. */
  readonly login: { readonly username: string; readonly password: string };
  /**
   * A new way in for the service itself, within the process: no port, no certificate, no login, and nothing that
   * anybody else could come in by. So it does not matter to the service what is demanded of others.
   */
  link(): Duplex;
  /** Connections at this moment, the service's own included. */
  readonly clients: number;
  /** What was refused of what wearers' devices sent, since the start. */
  readonly refused: Refusals;
  /**
   * Serves MQTT over WebSocket at `/mqtt` of a web server, so that pages and their socket share one
   * address. Only pages of that same address may connect: a browser says where a page came from.
   *
   * @param elsewhere paths of the server where somebody else takes WebSockets; every other one is refused
   */
  attachWebSocket(server: HttpServer, elsewhere?: readonly string[]): void;
  /** Lets go of every client; resolves when done, within two seconds. */
  close(): Promise<void>;
}

const serviceName = 'lobby-sense';
/** A `lobby` message with 64 zones and 32 open prompts is about 40 KB. */
const servicePacketBytes = 131_072;
/** The page subscribes to four topics. */
const maxSubscriptions = 16;
/** Home Assistant asks for what other makers' devices are discovered by as well, and is refused each. */
const maxHomeAssistantSubscriptions = 64;
const homeAssistantReads = birthTopic.slice(0, -'status'.length);
/** Connections that have not said who they are, beyond `maxClients`. */
const strangers = 16;
/** Who has not said who they are by then is let go of, in TLS or without. */
const connectTimeoutMs = 5_000;
/** Two receipts a prompt, an answer, and all 16 open prompts read at once: a wrist has no reason for more. */
const wristRate: Rate = { burst: 100, perSecond: 20 };
/** aedes: MQTT 3.1.1 connack codes 3 and 4. */
const serverUnavailable = 3;
const badLogin = 4;

function refusal(returnCode: number, reason: string) {
  return Object.assign(new Error(reason), { returnCode });
}

function same(given: Buffer | undefined, expected: string): boolean {
  const right = Buffer.from(expected);
  return given !== undefined && given.length === right.length && timingSafeEqual(given, right);
}

/**
 * A broker inside the service, for a branch that has none: MQTT 3.1.1 over TCP, and over WebSocket for
 * the watch page.
 *
 * A wearer's device may read the branch's topics but what other wrists say, and write nothing but answers; the
 * service itself comes in within the process, or proves who it is with a login made at each start. Everything is
 * bounded: connections, packet size, subscriptions, and what one connection may say. No session outlives its connection, so a watch that has been away is never handed
 * the prompts it missed: it reads the open ones from the retained `lobby`.
 *
 * @throws {LobbyError} `LOBBY_PORT_IN_USE` (option `mqtt-port`), `LOBBY_OPTION_INVALID` when the address
 *                      or port cannot be had
 *
 * @example
 * ```ts
 * const broker = await startEmbeddedBroker({ branch: 'harbour', mqttPort: 0 });
 * const publisher = await connectPublisher({ url: broker.url, ...broker.login, branch: 'harbour', clock });
 * ```
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { branch, host = '127.0.0.1', mqttPort, maxClients = 64, maxPacketBytes = 16_384 } = options;
  const { homeAssistant = false, tls, logins, rate = wristRate } = options;
  const mostSubscriptions = homeAssistant ? maxHomeAssistantSubscriptions : maxSubscriptions;
  const topics = topicsOf(branch);
  const readable = topics.lobby.slice(0, -'lobby'.length);
  const login = { username: serviceName, password: randomBytes(24).toString('base64url') };
  const connections = new Set<Duplex>();
  const service = new WeakSet<Duplex>();
  const subscribed = new WeakMap<Client, Set<string>>();
  const buckets = new WeakMap<Duplex, (at: number) => boolean>();
  const cameFrom = new WeakMap<Duplex, string>();
  const refused = {};
  /** What wrists say to the box is no other wrist's business. */
  const forTheBox: readonly string[] = [topics.ack, topics.duty];

  function mayStillSpeak(connection: Duplex): boolean {
    const bucket = buckets.get(connection) ?? createBucket(rate);
    buckets.set(connection, bucket);
    return bucket(performance.now() / 1000);
  }

  const aedes = await Aedes.createBroker({
    connectTimeout: connectTimeoutMs,
    drainTimeout: 10_000,
    maxInflightInbound: 16,
    preConnect(_client, packet, done) {
      // No session is kept: it would hold messages for a watch that may never come back.
      packet.clean = true;
      done(null, true);
    },
    authenticate(client, username, password, done) {
      const isFull = aedes.connectedClients >= maxClients + 1;
      const letIn = () => done(null, true);
      const tooMany = () => done(refusal(serverUnavailable, 'too many clients'), false);
      const unknown = () => done(refusal(badLogin, 'bad user name or password'), false);
      if (service.has(client.conn)) letIn();
      else if (username === serviceName && same(password, login.password)) {
        service.add(client.conn);
        letIn();
      } else if (logins === undefined) {
        if (username !== undefined) unknown();
        else if (isFull) tooMany();
        else letIn();
      } else if (username === undefined || password === undefined) unknown();
      else if (isFull) tooMany();
      else {
        void logins.check(username, password.toString('utf8'), cameFrom.get(client.conn)).then((outcome) => {
          if (outcome === 'busy') tooMany();
          else if (outcome === 'wrong') unknown();
          else letIn();
        });
      }
    },
    authorizePublish(client, packet, done) {
      if (client === null || service.has(client.conn)) return done(null);
      const isAnswer = forTheBox.includes(packet.topic) && !packet.retain;
      const allowed = isAnswer || (homeAssistant && packet.topic === birthTopic && !packet.retain);
      if (!allowed) {
        countRefusal(refused, packet.retain && forTheBox.includes(packet.topic) ? 'retained' : 'not-allowed');
        return done(new Error(`A wearer may publish only to ${topics.ack} and ${topics.duty}`));
      }
      if (!mayStillSpeak(client.conn)) {
        countRefusal(refused, 'too-many');
        return done(new Error('A wearer may not say so much at once'));
      }
      done(null);
    },
    authorizeForward(client, packet) {
      return forTheBox.includes(packet.topic) && !service.has(client.conn) ? null : packet;
    },
    authorizeSubscribe(client, subscription, done) {
      const mine = subscribed.get(client) ?? new Set();
      const isReadable =
        subscription.topic.startsWith(readable) ||
        (homeAssistant && subscription.topic.startsWith(homeAssistantReads));
      const isTheirs = forTheBox.includes(subscription.topic) && !service.has(client.conn);
      const allowed = isReadable && !isTheirs && mine.size < mostSubscriptions;
      subscribed.set(client, mine.add(subscription.topic));
      done(null, allowed ? subscription : null);
    },
  });

  const isCrowded = () => connections.size >= maxClients + strangers;
  const welcome = (connection: Duplex, request?: IncomingMessage): void => {
    if (isCrowded()) {
      connection.destroy();
      return;
    }
    const address = (request?.socket ?? (connection as Socket)).remoteAddress;
    if (address !== undefined) cameFrom.set(connection, address);
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    connection.on('error', () => undefined);
    limitPackets(
      connection,
      () => (service.has(connection) ? servicePacketBytes : maxPacketBytes),
      () => countRefusal(refused, 'too-large'),
    );
    aedes.handle(connection, request);
  };

  const take = (socket: Socket) => {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    welcome(socket);
  };
  const tcp =
    tls === undefined
      ? createServer(take)
      : createTlsServer({ ...tls, handshakeTimeout: connectTimeoutMs }, take);
  // Also those that never come to the end of a handshake.
  tcp.maxConnections = maxClients + strangers;
  const port = await listen(tcp, { host, port: mqttPort, option: 'mqtt-port' }).catch(async (error) => {
    await new Promise<void>((resolve) => aedes.close(resolve));
    throw error;
  });

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: servicePacketBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  });

  return {
    url: `${tls === undefined ? 'mqtt' : 'mqtts'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    login,
    refused,
    link() {
      const [near, far] = duplexPair();
      near.once('close', () => far.destroy());
      far.once('close', () => near.destroy());
      service.add(far);
      welcome(far);
      return near;
    },
    get clients() {
      return aedes.closed ? 0 : aedes.connectedClients;
    },
    attachWebSocket(server, elsewhere = []) {
      server.on('upgrade', (request, socket, head) => {
        const path = (request.url ?? '').split('?')[0]!;
        if (elsewhere.includes(path)) return;
        const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
        socket.on('error', () => socket.destroy());
        if (path !== '/mqtt') return refuse('404 Not Found');
        if (!fromOwnPage(request)) return refuse('403 Forbidden');
        // Before the handshake: a thousand pages that come back at once cost less so than one at a time.
        if (aedes.closed || isCrowded()) return refuse('503 Service Unavailable');
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          welcome(createWebSocketStream(webSocket), request);
        });
      });
    },
    async close() {
      const closed = new Promise<void>((resolve) => tcp.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const connection of connections) connection.destroy();
      for (const webSocket of sockets.clients) webSocket.terminate();
      await closed;
    },
  };
}
