import { isIP } from 'node:net';
import { LobbyError } from '../../src/contract/errors.ts';
import { type BrokerAddress, isEncrypted, withoutLogin } from '../brokers/dial.ts';
import type { ServerTls } from '../http/server-tls.ts';
import type { Remark } from './secret-files.ts';

/** The options by which somebody says that they want what is otherwise refused. */
export interface OpenOptions {
  readonly openWithoutTls?: boolean;
  readonly openWithoutLogin?: boolean;
}

/** Everything by which the service can be reached, and reaches out. */
export interface Reach extends OpenOptions {
  /** Address to listen on. */
  readonly host: string;
  readonly tls?: ServerTls;
  /** Whether watches have logins. */
  readonly hasLogins: boolean;
  /** A broker of one's own; absent: the embedded one listens on `host` too. */
  readonly broker: BrokerAddress | undefined;
  /** Where pages reach that broker. */
  readonly pagesBroker?: string;
  /** Addresses that prompts are posted to. */
  readonly webhooks?: readonly string[];
}

/**
 * Whether an address is of this machine alone. A name that is not `localhost` is taken for one that others reach too:
 * what it stands for is for others to say, and may change.
 *
 * @param host as `--host` takes it, or as a URL has it, with brackets
 */
export function isThisMachine(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

const isBeyond = (url: string) => !isThisMachine(new URL(url).hostname);

/**
 * Holds that nothing goes beyond this machine without TLS and a login, unless somebody has said so.
 *
 * Pages ask for a token wherever they are reached from elsewhere, so that they lack no login; a broker does. What was
 * said so is told at each start: whoever reads the log need not know how it is started.
 *
 * @returns `asked` where whoever reads over HTTP must show who they are, `open` where the address, a client's
 *          certificate or an option says that it need not be
 * @throws {LobbyError} `LOBBY_OPEN_WITHOUT_TLS`, `LOBBY_OPEN_WITHOUT_LOGIN`, `LOBBY_BROKER_WITHOUT_TLS`,
 *                      `LOBBY_BROKER_WITHOUT_LOGIN`
 */
export function checkReach(reach: Reach, onRemark: Remark): 'open' | 'asked' {
  const { host, tls, hasLogins, broker, pagesBroker } = reach;
  const { openWithoutTls = false, openWithoutLogin = false } = reach;
  const isOpen = !isThisMachine(host);
  const asksForCertificate = tls?.requestCert === true;
  const refuse = (isAllowed: boolean, error: LobbyError, told: string) => {
    if (!isAllowed) throw error;
    onRemark(told);
  };

  if (isOpen && tls === undefined) {
    refuse(
      openWithoutTls,
      new LobbyError('LOBBY_OPEN_WITHOUT_TLS', { host }),
      `everything goes over the network of ${host} as it is, passwords too: told so by --open-without-tls`,
    );
  }
  if (pagesBroker !== undefined) checkPagesBroker(pagesBroker);
  for (const url of [broker?.url, pagesBroker]) {
    if (url === undefined || isEncrypted(url) || !isBeyond(url)) continue;
    refuse(
      openWithoutTls,
      new LobbyError('LOBBY_BROKER_WITHOUT_TLS', { url: withoutLogin(url) }),
      `everything goes to ${withoutLogin(url)} as it is, passwords too: told so by --open-without-tls`,
    );
  }
  for (const url of reach.webhooks ?? []) {
    if (new URL(url).protocol === 'https:' || !isBeyond(url)) continue;
    refuse(
      openWithoutTls,
      new LobbyError('LOBBY_WEBHOOK_WITHOUT_TLS', { url: withoutLogin(url) }),
      `prompts are posted to ${withoutLogin(url)} as they are: told so by --open-without-tls`,
    );
  }
  if (isOpen && broker === undefined && !hasLogins && !asksForCertificate) {
    refuse(
      openWithoutLogin,
      new LobbyError('LOBBY_OPEN_WITHOUT_LOGIN', { host }),
      `whoever reaches ${host} may read the lobby and answer prompts: told so by --open-without-login`,
    );
  } else if (isOpen && openWithoutLogin && !asksForCertificate) {
    onRemark(`whoever reaches ${host} may read the lobby: told so by --open-without-login`);
  }
  if (
    broker !== undefined &&
    isBeyond(broker.url) &&
    broker.password === undefined &&
    broker.certificates?.cert === undefined
  ) {
    refuse(
      openWithoutLogin,
      new LobbyError('LOBBY_BROKER_WITHOUT_LOGIN', { url: withoutLogin(broker.url) }),
      `the broker at ${withoutLogin(broker.url)} asks for no login: told so by --open-without-login`,
    );
  }
  return isOpen && !asksForCertificate && !openWithoutLogin ? 'asked' : 'open';
}

/** It is told to whoever opens the watch page: a login in it would be everybody's. */
function checkPagesBroker(url: string): void {
  const refuse = (problem: string) =>
    new LobbyError('LOBBY_OPTION_INVALID', { option: 'pages-broker', problem, value: withoutLogin(url) });
  if (!URL.canParse(url) || !['ws:', 'wss:'].includes(new URL(url).protocol)) {
    throw refuse('it must be an address that begins with ws:// or wss://');
  }
  const { username, password } = new URL(url);
  if (username !== '' || password !== '') {
    throw refuse('it must bear no login: every watch page is told it, and has a login of its own');
  }
}
