import type { Duplex } from 'node:stream';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { LobbyError } from '../../src/contract/errors.ts';

/** PEM files, as read. */
export interface Certificates {
  /** Whose signature a broker's certificate must bear; absent: any authority Node.js knows. */
  readonly ca?: Buffer;
  /** What the box shows to a broker that asks who it is. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** A broker, and what the box needs to be let in. */
export interface BrokerAddress {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; a login in it is used, and never shown. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly certificates?: Certificates;
  /** A way in of its own, in place of the address: to the broker inside the service. */
  readonly stream?: () => Duplex;
}

const encrypted = ['mqtts:', 'wss:'];
const protocols = ['mqtt:', 'ws:', ...encrypted];

export function isEncrypted(url: string): boolean {
  return URL.canParse(url) && encrypted.includes(new URL(url).protocol);
}

/** An address without user name, password and query: fit for logs, health and errors. */
export function withoutLogin(url: string): string {
  if (!URL.canParse(url)) return 'an address that cannot be read';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

/** @throws {LobbyError} `LOBBY_OPTION_INVALID` when the address is none of MQTT's */
export function loginOf(url: string): { username?: string; password?: string } {
  if (!URL.canParse(url) || !protocols.includes(new URL(url).protocol)) {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'broker',
      problem: 'it must be an address that begins with mqtt://, mqtts://, ws:// or wss://',
      value: withoutLogin(url),
    });
  }
  const { username, password } = new URL(url);
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}

/**
 * Begins a connection to a broker: every link of the service to one is made here, so that none is less careful than
 * another.
 *
 * What the address says is insisted on. An `mqtts://` or `wss://` whose certificate does not show who it is gets
 * nothing, neither the login nor a second try without TLS; and no option, and no variable of Node.js, can have it
 * otherwise.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID` when the address is none of MQTT's
 */
export function dial(address: BrokerAddress, options: IClientOptions): MqttClient {
  const fromUrl = loginOf(address.url);
  const username = address.username ?? fromUrl.username;
  const password = address.password ?? fromUrl.password;
  const login = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const { stream } = address;
  if (stream !== undefined) return new mqtt.MqttClient(() => stream(), { ...options, ...login });
  const certificates = isEncrypted(address.url) ? { ...address.certificates, rejectUnauthorized: true } : {};
  return mqtt.connect(withoutLogin(address.url), { ...options, ...login, ...certificates });
}

export const closedEarly = 'it closed the connection';

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no machine of that name is known',
  EAI_AGAIN: 'names cannot be looked up now',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'no answer in time',
  ECONNRESET: closedEarly,
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on that port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on that port',
};

const unknownAuthority = 'its certificate is signed by nobody who is known here';
/** What OpenSSL calls a certificate that does not show who the broker is. */
const distrust: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, by the clock of this machine',
  CERT_REVOKED: 'its certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  INVALID_PURPOSE: 'its certificate is not for a server',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
};

/** What is wrong with the certificate that the other side of a failed connection showed; absent: it was not that. */
export function distrusts(cause: unknown): string | undefined {
  return cause instanceof Error ? distrust[String(codeOf(cause))] : undefined;
}

function codeOf(error: Error): unknown {
  const { code } = error as { code?: unknown };
  // The same trouble of TLS, when it comes up while something is written: then only the message has its name.
  const named = code === 'EPROTO' ? /SSL routines:[^:]*:([^:]+):/.exec(error.message) : null;
  if (named !== null) return `ERR_SSL_${named[1]!.toUpperCase().replaceAll(' ', '_')}`;
  return code;
}

/** The broker answered, and said no: an MQTT return code, not a network error's. */
function saidNo(error: Error): boolean {
  const code = codeOf(error);
  return typeof code === 'number' && code > 0;
}

function isDistrusted(error: Error): boolean {
  const code = codeOf(error);
  return typeof code === 'string' && (code in distrust || /^(?:CERT_|UNABLE_TO_)/.test(code));
}

/** It refused our certificate, or that there was none: an alert on the wire. */
function isOurCertificate(error: Error): boolean {
  const code = codeOf(error);
  return (
    typeof code === 'string' && /^ERR_SSL_.*_ALERT_.*(?:CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/.test(code)
  );
}

/** Whether it will not pass by itself: somebody has to see to it. */
export function isFinal(error: Error): boolean {
  return saidNo(error) || isDistrusted(error) || isOurCertificate(error);
}

/** In our own words: a library's message may repeat the address with its login. */
export function reasonOf(error: Error): string {
  const code = codeOf(error);
  if (isOurCertificate(error)) {
    return /REQUIRED|HANDSHAKE_FAILURE/.test(String(code))
      ? 'it asks for a certificate of the box'
      : 'it does not accept the certificate of the box';
  }
  if (isDistrusted(error)) return distrust[String(code)] ?? `its certificate cannot be used (${code})`;
  if (typeof code === 'string') return networkReasons[code] ?? code;
  if (error.message === 'connack timeout') return 'no answer in time';
  if (!saidNo(error)) {
    return error.message === closedEarly ? closedEarly : 'it does not speak MQTT as expected';
  }
  return error.message.replace(/^(?:Connection refused|Publish error): /, '').toLowerCase();
}

/** A failed first connection, as it is told. */
export function troubleOf(error: Error, url: string): LobbyError {
  const details = { url, reason: reasonOf(error) };
  if (isDistrusted(error)) return new LobbyError('LOBBY_BROKER_UNTRUSTED', details);
  return saidNo(error) || isOurCertificate(error)
    ? new LobbyError('LOBBY_BROKER_REFUSED', details)
    : new LobbyError('LOBBY_BROKER_UNREACHABLE', details);
}
