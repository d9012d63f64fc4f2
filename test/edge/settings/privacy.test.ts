import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openBranchStore } from '../../../edge/settings/branch-store.ts';
import { openPrivacyRecord } from '../../../edge/settings/privacy-record.ts';
import { putPrivacy } from '../../../edge/settings/put-privacy.ts';

const bare = 'branch: harbour\ncameras:\n  - { id: hall, source: clip.mp4 }\n';

describe('The privacy level in a branch file', () => {
  test('is put where it stands, or at the end, and every other byte stays', () => {
    expect(putPrivacy(bare, 'counts')).toBe(`${bare}privacy: { level: counts }\n`);
    expect(putPrivacy(bare.trimEnd(), 'counts')).toBe(`${bare}privacy: { level: counts }\n`);
    expect(putPrivacy(bare.replaceAll('\n', '\r\n'), 'counts')).toMatch(
      /\r\nprivacy: \{ level: counts \}\r\n$/,
    );
    const written = `${bare}privacy:\n  level: floor # agreed in March\nheads: false\n`;
    expect(putPrivacy(written, 'counts')).toBe(written.replace('floor', 'counts'));
  });

  test.each([
    '{ branch: harbour, cameras: [] }',
    'branch: harbour\nprivacy: {}\n',
    'branch: harbour\nx: &level floor\nprivacy: { level: *level }\n',
    'branch: harbour\nprivacy: floor\n',
  ])('is not put where that cannot be done for sure: %j', (text) => {
    expect(putPrivacy(text, 'counts')).toBeUndefined();
  });
});

describe('The privacy level a box is at', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lobby-level-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is what the first branch file says, then no higher than it was', () => {
    const record = openPrivacyRecord(folder);
    expect(record.level).toBeUndefined();
    expect(record.allows('floor')).toBe(true);
    record.keep('counts');
    expect(statSync(join(folder, 'privacy.json')).mode & 0o777).toBe(0o600);
    expect(openPrivacyRecord(folder).level).toBe('counts');
    expect(openPrivacyRecord(folder).allows('floor')).toBe(false);
    expect(openPrivacyRecord(folder).allows('counts')).toBe(true);
    record.keep('floor');
    expect(openPrivacyRecord(folder).allows('floor')).toBe(true);
  });

  test.each(['', '{"v":1,"level":"everything"}', '{"v":1', 'null'])(
    'is the lowest where its record cannot be read: %j',
    (text) => {
      writeFileSync(join(folder, 'privacy.json'), text);
      expect(openPrivacyRecord(folder).level).toBe('counts');
      expect(openPrivacyRecord(folder).allows('floor')).toBe(false);
    },
  );

  test('keeps a service from starting on a branch file that would raise it', () => {
    const file = join(folder, 'branch.yaml');
    const open = (text: string) => {
      writeFileSync(file, text);
      return openBranchStore({
        file,
        folder,
        keepIn: 'file',
        now: () => 1_700_000_000,
        privacy: openPrivacyRecord(folder),
      });
    };
    expect(open(`${bare}privacy: { level: counts }\n`).branch.privacy.level).toBe('counts');
    // Left out it is `floor`.
    expect(() => open(bare)).toThrow(
      expect.objectContaining({
        code: 'LOBBY_PRIVACY_RAISED',
        details: { file: 'branch.yaml', level: 'floor', kept: 'counts' },
      }),
    );
    openPrivacyRecord(folder).keep('floor');
    expect(open(bare).branch.privacy.level).toBe('floor');
    chmodSync(file, 0o600);
  });
});
