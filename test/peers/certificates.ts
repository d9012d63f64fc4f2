import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate and its private key, as files. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** What a branch with TLS has, and what somebody else might come with. All keys are made anew. */
export interface Certificates {
  readonly folder: string;
  readonly ca: string;
  /** For 127.0.0.1 and localhost. */
  readonly server: Identity;
  /** The same, for another name. */
  readonly elsewhere: Identity;
  /** The same, valid until yesterday. */
  readonly expired: Identity;
  /** Whom a server that knows the CA lets in. */
  readonly client: Identity;
  /** Made by somebody else's CA, under the same names. */
  readonly stranger: Identity;
  readonly strangersCa: string;
  /** A client by another name. */
  clientNamed(name: string): Promise<Identity>;
  remove(): Promise<void>;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', [...args]);

/** @param addresses of machines at which `server` is right too */
export async function makeCertificates(addresses: readonly string[] = []): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'lobby-certificates-'));
  const file = (name: string) => join(folder, name);
  async function authority(name: string): Promise<Identity> {
    const [cert, key] = [file(`${name}.pem`), file(`${name}-key.pem`)];
    const subject = ['-subj', `/CN=${name}`, '-addext', 'keyUsage=critical,keyCertSign'];
    await openssl('req', '-x509', ...newKey, '-days', '2', ...subject, '-keyout', key, '-out', cert);
    return { cert, key };
  }
  async function sign(ca: Identity, name: string, altName: string, days = 2): Promise<Identity> {
    const [cert, key, request] = [file(`${name}.pem`), file(`${name}-key.pem`), file(`${name}.csr`)];
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${altName}`];
    await openssl('req', ...newKey, ...subject, '-keyout', key, '-out', request);
    const signed = ['-CA', ca.cert, '-CAkey', ca.key, '-days', String(days), '-copy_extensions', 'copyall'];
    await openssl('x509', '-req', '-in', request, ...signed, '-out', cert);
    return { cert, key };
  }
  const here = ['IP:127.0.0.1', 'DNS:localhost', ...addresses.map((one) => `IP:${one}`)].join();
  const [ca, strangers] = [await authority('ca'), await authority('strangers-ca')];
  const [server, elsewhere, expired, client, stranger] = await Promise.all([
    sign(ca, 'server', here),
    sign(ca, 'elsewhere', 'DNS:broker.example'),
    sign(ca, 'expired', here, -1),
    sign(ca, 'client', 'DNS:box'),
    sign(strangers, 'stranger', here),
  ]);
  return {
    folder,
    ca: ca.cert,
    server,
    elsewhere,
    expired,
    client,
    stranger,
    strangersCa: strangers.cert,
    clientNamed: (name) => sign(ca, name, `DNS:${name}.branch.example`),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Their text, for what takes it as it is. */
export function read({ cert, key }: Identity): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}
