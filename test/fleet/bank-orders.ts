import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { publicKeyOf, sign } from '../../edge/fleet/signed.ts';
import type { SettingsBundle, SettingsOrder, SettingsStep } from '../../src/contract/fleet-settings.ts';

export const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;
export const publicPemOf = (key: KeyObject) => `${publicKeyOf(key)} # for tests\n`;

const json = (what: unknown) => Buffer.from(JSON.stringify(what));

/** A bank: whoever installs its boxes, and whoever says how far its settings have come. */
export interface MadeUpBank {
  readonly installer: KeyObject;
  readonly steps: KeyObject;
  /** An order as it goes to a branch. */
  order(
    bundle?: Partial<SettingsBundle>,
    step?: Partial<SettingsStep>,
    by?: { readonly installer?: KeyObject; readonly steps?: KeyObject },
  ): SettingsOrder;
}

/** Orders of a bank to the branch `harbour` unless told otherwise: bundle 1, step 1, in shadow, a longer wait. */
export function madeUpBank(): MadeUpBank {
  const [installer, steps] = [newKey(), newKey()];
  return {
    installer,
    steps,
    order(bundle = {}, step = {}, by = {}) {
      const serial = bundle.serial ?? 1;
      const payload = json({
        v: 1,
        bundle: `bundle-${serial}`,
        serial,
        groups: ['all'],
        madeAt: '2025-03-12T08:00:00.000Z',
        expiresAt: '2035-03-12T08:00:00.000Z',
        why: 'Winter is slower',
        set: { 'queue.waitSeconds': 240 },
        stepKey: publicKeyOf(steps),
        ...bundle,
      });
      const said = {
        v: 1,
        branch: 'harbour',
        bundle: bundle.bundle ?? `bundle-${serial}`,
        serial,
        digest: createHash('sha256').update(payload).digest('hex'),
        n: 1,
        state: 'shadow',
        at: '2025-03-12T09:00:00.000Z',
        ...step,
      };
      return {
        v: 1,
        bundle: sign('application/vnd.lobby-sense.settings+json', payload, by.installer ?? installer),
        step: sign('application/vnd.lobby-sense.step+json', json(said), by.steps ?? steps),
      };
    },
  };
}
