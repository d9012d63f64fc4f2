/**
 * What the service shows to whoever connects, and what it wants to be shown.
 *
 * The names are those of Node's own TLS options, so that it is handed over as it is, to the broker and to the web
 * server alike: a way in that asks for less would be the one that is used.
 */
export interface ServerTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Whose signature a client's certificate must bear. */
  readonly ca?: Buffer;
  /** True with `ca`: who has no such certificate is turned away in the handshake. */
  readonly requestCert?: true;
}

/** @param clientCa absent: nobody is asked for a certificate */
export function serverTls(identity: Pick<ServerTls, 'cert' | 'key'>, clientCa?: Buffer): ServerTls {
  return clientCa === undefined ? identity : { ...identity, ca: clientCa, requestCert: true };
}
