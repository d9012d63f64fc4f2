import type { AddressInfo, Server } from 'node:net';
import { LobbyError } from '../../src/contract/errors.ts';

export interface Address {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** The command's option that sets the port, for the remedy. */
  readonly option: string;
}

/** What a refused address means to the person who chose it. */
export function listenTrouble(cause: unknown, { host, port, option }: Address): unknown {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new LobbyError('LOBBY_PORT_IN_USE', { port, option }, { cause });
    case 'EACCES':
      return new LobbyError(
        'LOBBY_OPTION_INVALID',
        { option, problem: 'this user may not listen on that port', value: port },
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new LobbyError(
        'LOBBY_OPTION_INVALID',
        { option: 'host', problem: 'it must be an address of this machine', value: host },
        { cause },
      );
    default:
      return cause;
  }
}

/**
 * Listens, and says which port it became.
 *
 * @throws {LobbyError} `LOBBY_PORT_IN_USE`, or `LOBBY_OPTION_INVALID` when the address cannot be had
 */
export function listen(server: Server, address: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) => reject(listenTrouble(cause, address));
    server.once('error', failed);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
