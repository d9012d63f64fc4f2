import { LobbyError } from '../../src/contract/errors.ts';
import { parseWatchLogins, type WatchLogins } from '../brokers/watch-logins.ts';
import { type ServerTls, serverTls } from '../http/server-tls.ts';
import { type Remark, readAuthority, readIdentity, readSecretText } from './secret-files.ts';

/** The options of the command that say what the service shows, and who it lets in: files. */
export interface ServingOptions {
  /** PEM, for pages and embedded broker alike. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  /** Who may come in to the embedded broker, and to what the watch page begins with: made by `lobby watch-password`. */
  readonly watchPasswordFile?: string;
}

/**
 * Reads what the service shows to whoever connects, and whom it lets in.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID` when an option could not be honoured, `LOBBY_FILE_MISSING`,
 *                      `LOBBY_FILE_INVALID`
 */
export async function openServing(
  { tlsCert, tlsKey, tlsClientCa, watchPasswordFile }: ServingOptions,
  onRemark: Remark,
): Promise<{ readonly tls?: ServerTls; readonly logins?: WatchLogins }> {
  const refuse = (option: string, problem: string, value: string) =>
    new LobbyError('LOBBY_OPTION_INVALID', { option, problem, value });
  if (tlsCert === undefined || tlsKey === undefined) {
    const [option, value, lacking] =
      tlsCert !== undefined
        ? ['tls-cert', tlsCert, 'tls-key']
        : tlsKey !== undefined
          ? ['tls-key', tlsKey, 'tls-cert']
          : ['tls-client-ca', tlsClientCa, 'tls-cert'];
    if (value !== undefined) throw refuse(option!, `it goes together with --${lacking}`, value);
  }
  const logins =
    watchPasswordFile === undefined
      ? undefined
      : await parseWatchLogins(await readSecretText(watchPasswordFile, onRemark), watchPasswordFile);
  if (tlsCert === undefined || tlsKey === undefined) return logins === undefined ? {} : { logins };
  const identity = await readIdentity({ cert: tlsCert, key: tlsKey }, onRemark);
  const tls = serverTls(identity, tlsClientCa === undefined ? undefined : await readAuthority(tlsClientCa));
  return { tls, ...(logins === undefined ? {} : { logins }) };
}
