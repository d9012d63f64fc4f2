import { readFileSync } from 'node:fs';
import type { ClientConfig } from 'pg';
import { LobbyError } from '../../src/contract/errors.ts';
import { isThisMachine } from '../cli/reach.ts';

/** Where the store is, and how it is reached. */
export interface StoreAddress {
  /** Without the login: for log and errors. */
  readonly shown: string;
  /** It is beyond this machine, and somebody has said that it goes without TLS. */
  readonly isReadable: boolean;
  readonly connection: ClientConfig;
}

export interface StoreOptions {
  readonly database?: string;
  /** PEM: whose signature the database's certificate must bear. */
  readonly databaseCa?: string;
  readonly openWithoutTls?: boolean;
}

export const databaseVariable = 'LOBBY_FLEET_DATABASE';

/**
 * Reads where the store is. The password may stand in the address, in `PGPASSWORD`, or in a `.pgpass` file.
 *
 * What is beyond this machine is reached by TLS and a certificate that is looked at, or not at all.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID`, `LOBBY_FILE_MISSING`
 */
export function storeAddress(
  { database, databaseCa, openWithoutTls }: StoreOptions,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): StoreAddress {
  const given = database ?? environment[databaseVariable];
  const refuse = (problem: string) =>
    new LobbyError('LOBBY_OPTION_INVALID', { option: 'database', problem, value: withoutLogin(given) });
  if (given === undefined) throw refuse(`it must be given, here or as ${databaseVariable}`);
  if (!URL.canParse(given) || !/^postgres(?:ql)?:$/.test(new URL(given).protocol))
    throw refuse('it must be an address that begins with postgres://');
  const url = new URL(given);
  const settings = [...url.searchParams.keys()].filter((key) => key !== 'host');
  if (settings.length > 0) throw refuse(`it must have no other setting than host, and has ${settings[0]}`);
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '');
  const isHere = host === '' || host.startsWith('/') || isThisMachine(host);
  const hasTls = databaseCa !== undefined || (!isHere && openWithoutTls !== true);
  return {
    shown: withoutLogin(given),
    isReadable: !isHere && !hasTls,
    connection: {
      ...(host === '' ? {} : { host }),
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
      ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
      ...(url.pathname.length < 2 ? {} : { database: decodeURIComponent(url.pathname.slice(1)) }),
      ssl: hasTls
        ? {
            rejectUnauthorized: true,
            ...(databaseCa === undefined ? {} : { ca: readCa(databaseCa) }),
          }
        : false,
    },
  };
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LobbyError('LOBBY_FILE_MISSING', { file }, { cause });
  }
}

function withoutLogin(url: string | undefined): string {
  if (url === undefined) return 'none';
  if (!URL.canParse(url)) return 'an address that cannot be read';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Classes of SQLSTATE that pass by themselves: connections, resources, an operator's doing, the system's trouble. */
const passingClasses: readonly string[] = ['08', '53', '57', '58'];

/** Whether it may be tried again as it is: the database is away, full, or being restarted. */
export function isPassing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return true;
  return !/^[0-9A-Z]{5}$/.test(code) || passingClasses.includes(code.slice(0, 2)) || code === '40001';
}

/** Whether it is of what was to be written, and will be the same each time: a value or a rule of the table. */
export function isOfValue(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^2[23][0-9A-Z]{3}$/.test(code);
}

/** In our own words: a driver's message may repeat the address with its login. */
export function explainStoreError(cause: unknown, { shown }: StoreAddress): LobbyError {
  const { code, message } = cause as { code?: string; message?: string };
  const url = shown;
  if (typeof code === 'string' && ['28', '3D', '42'].includes(code.slice(0, 2)) && code.length === 5)
    return new LobbyError('LOBBY_STORE_REFUSED', { url, reason: message ?? code }, { cause });
  const reason = code ?? (message === 'timeout expired' ? 'no answer in time' : 'it closed the connection');
  return new LobbyError('LOBBY_STORE_UNREACHABLE', { url, reason }, { cause });
}
