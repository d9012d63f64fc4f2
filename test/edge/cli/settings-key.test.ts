import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { orderedBox, type SettingsKeyOptions } from '../../../edge/cli/settings-key.ts';
import { publicKeyOf } from '../../../edge/fleet/signed.ts';
import { LobbyError } from '../../../src/contract/errors.ts';
import { newKey } from '../../fleet/bank-orders.ts';

const key = newKey();
const broker = 'mqtt://127.0.0.1:1883';
let folder: string;
let settingsKey: string;
let remarks: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-settings-key-'));
  settingsKey = join(folder, 'installer.pub');
  writeFileSync(settingsKey, publicKeyOf(key));
  remarks = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (options: SettingsKeyOptions) =>
  orderedBox(options, 'harbour', (sentence) => remarks.push(sentence)).catch((error: unknown) => {
    if (error instanceof LobbyError) return error.code;
    throw error;
  });

describe('What a box knows the settings of its bank by', () => {
  it('is the keys of its file, its branch and its group: `all` unless told', async () => {
    const keys = [publicKeyOf(key)];
    expect(await open({ settingsKey, broker, fleet: true })).toMatchObject({
      branch: 'harbour',
      group: 'all',
      keys,
    });
    expect(await open({ settingsKey, broker, fleet: true, fleetGroup: 'pilot' })).toMatchObject({
      group: 'pilot',
    });
    expect(remarks).toEqual([]);
  });

  it('is nothing without a key, or where no order can come; and what is of no use is said', async () => {
    expect(await open({ broker, fleet: true })).toBeUndefined();
    expect(remarks).toEqual([]);
    expect(await open({ broker, fleetGroup: 'pilot' })).toBeUndefined();
    expect(await open({ settingsKey, fleet: true })).toBeUndefined();
    expect(await open({ settingsKey, broker })).toBeDefined();
    expect(remarks).toEqual([
      '--fleet-group is of no use without --settings-key',
      'settings of the bank are not heard: they come by a broker of your own (--broker)',
      'the bank is not told which of its settings hold here: that takes --fleet',
    ]);
  });

  it('is refused where the group is none, or the file is not there, holds no key, or is open to everybody', async () => {
    expect(await open({ settingsKey, broker, fleetGroup: 'The North' })).toBe('LOBBY_OPTION_INVALID');
    expect(await open({ settingsKey: join(folder, 'gone'), broker })).toBe('LOBBY_FILE_MISSING');
    writeFileSync(settingsKey, 'none');
    expect(await open({ settingsKey, broker })).toBe('LOBBY_FILE_INVALID');
    writeFileSync(settingsKey, publicKeyOf(key));
    chmodSync(settingsKey, 0o666);
    expect(await open({ settingsKey, broker })).toBe('LOBBY_FILE_OPEN');
  });
});
