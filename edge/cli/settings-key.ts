import { LobbyError } from '../../src/contract/errors.ts';
import type { OrderedBox } from '../../src/service/judge-order.ts';
import { seals } from '../fleet/settings-of-bank.ts';
import { publicKeysIn } from '../fleet/signed.ts';
import { readPublicText } from './secret-files.ts';

export interface SettingsKeyOptions {
  readonly settingsKey?: string;
  readonly fleetGroup?: string;
  readonly fleet?: boolean;
  readonly broker?: string;
}

const usualGroup = 'all';

/**
 * By what the box knows the bank's settings: whose keys, which branch, which group.
 *
 * @returns nothing where no key was given or an empty one, or where no order can come: the broker inside the service lets nobody order
 * @throws {LobbyError} `LOBBY_OPTION_INVALID`, and of the file of keys `LOBBY_FILE_MISSING`, `LOBBY_FILE_INVALID`,
 *         `LOBBY_FILE_OPEN`
 */
export async function orderedBox(
  { settingsKey, fleetGroup, fleet, broker }: SettingsKeyOptions,
  branch: string,
  warn: (sentence: string) => void,
): Promise<OrderedBox | undefined> {
  // Settings that are written for many boxes may name none.
  const group = fleetGroup || usualGroup;
  if (!/^[a-z0-9-]{1,40}$/.test(group)) {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'fleet-group',
      problem: 'it must be lower-case letters, digits and hyphens, 40 at most',
      value: group,
    });
  }
  if (!settingsKey) {
    if (fleetGroup) warn('--fleet-group is of no use without --settings-key');
    return undefined;
  }
  const keys = publicKeysIn(await readPublicText(settingsKey), settingsKey);
  if (broker === undefined) {
    warn('settings of the bank are not heard: they come by a broker of your own (--broker)');
    return undefined;
  }
  if (fleet !== true) warn('the bank is not told which of its settings hold here: that takes --fleet');
  return { branch, group, keys, seals };
}
