import { LobbyError } from '../../src/contract/errors.ts';
import { type BrokerAddress, isEncrypted, loginOf, withoutLogin } from '../brokers/dial.ts';
import { type Remark, readAuthority, readIdentity, readPassword } from './secret-files.ts';

/** The options of the command that say how to reach a broker of one's own. */
export interface BrokerOptions {
  readonly broker?: string;
  readonly brokerUsername?: string;
  readonly brokerPasswordFile?: string;
  /** PEM files. */
  readonly brokerCa?: string;
  readonly brokerCert?: string;
  readonly brokerKey?: string;
}

export const passwordVariable = 'LOBBY_BROKER_PASSWORD';

/**
 * Gathers all a broker of one's own is reached with: its address, the login, and the files of TLS.
 *
 * The password is taken from the file, else from the environment, else from the address. An option that could not be
 * honoured is refused: a certificate that was given and not used would be believed to protect.
 *
 * @returns absent without `--broker`
 * @throws {LobbyError} `LOBBY_OPTION_INVALID`, `LOBBY_FILE_MISSING`, `LOBBY_FILE_INVALID`
 */
export async function openBrokerAddress(
  options: BrokerOptions,
  onRemark: Remark,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<BrokerAddress | undefined> {
  const { broker: url, brokerUsername, brokerPasswordFile, brokerCa, brokerCert, brokerKey } = options;
  const given = Object.entries({
    'broker-username': brokerUsername,
    'broker-password-file': brokerPasswordFile,
    'broker-ca': brokerCa,
    'broker-cert': brokerCert,
    'broker-key': brokerKey,
  }).filter(([, value]) => value !== undefined);
  const refuse = (option: string, problem: string, value: string) =>
    new LobbyError('LOBBY_OPTION_INVALID', { option, problem, value });
  if (url === undefined) {
    const [first] = given;
    if (first === undefined) return undefined;
    throw refuse(first[0], 'it is for a broker of your own, which --broker names', first[1]!);
  }
  const fromUrl = loginOf(url);
  const secured = given.find(([option]) => /-(?:ca|cert|key)$/.test(option));
  if (secured !== undefined && !isEncrypted(url)) {
    throw refuse(secured[0], 'the address of the broker must begin with mqtts:// or wss://', secured[1]!);
  }
  if ((brokerCert === undefined) !== (brokerKey === undefined)) {
    const [option, other] =
      brokerCert === undefined ? ['broker-key', 'broker-cert'] : ['broker-cert', 'broker-key'];
    throw refuse(option!, `it goes together with --${other}`, brokerCert ?? brokerKey!);
  }
  const username = brokerUsername ?? fromUrl.username;
  const fromEnvironment = environment[passwordVariable];
  const password =
    brokerPasswordFile === undefined
      ? fromEnvironment === undefined || fromEnvironment === ''
        ? fromUrl.password
        : fromEnvironment
      : await readPassword(brokerPasswordFile, onRemark);
  if (password !== undefined && username === undefined) {
    throw refuse(
      'broker',
      'a password goes together with a user name (--broker-username)',
      withoutLogin(url),
    );
  }
  const certificates = {
    ...(brokerCa === undefined ? {} : { ca: await readAuthority(brokerCa) }),
    ...(brokerCert === undefined ? {} : await readIdentity({ cert: brokerCert, key: brokerKey! }, onRemark)),
  };
  return {
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(Object.keys(certificates).length === 0 ? {} : { certificates }),
  };
}
