import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWalkFile } from '../../../edge/setup/walk-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-walk-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const walk = { at: '2026-11-24T10:00:00.000Z', version: 4, crossings: 20, missed: 0 };

describe('A walk test that was accepted', () => {
  it('is kept over a restart without the address of a camera, which may hold a login', () => {
    const file = openWalkFile(folder);
    const drawn = '[[["hall","rtsp://viewer:s3cret@10.0.0.9/hall",null]],[]]';
    file.keep({ walk, drawn: file.digest(drawn) });
    const text = readFileSync(join(folder, 'walk-test.json'), 'utf8');
    expect(text).not.toMatch(/s3cret|rtsp|10\.0\.0\.9/);
    // Control: another drawing is told from it.
    expect(file.digest(drawn)).toBe(file.digest(drawn));
    expect(file.digest(drawn.replace('s3cret', 'other'))).not.toBe(file.digest(drawn));
  });

  it('is one that was not made where its file cannot be read', () => {
    writeFileSync(join(folder, 'walk-test.json'), '{"walk":');
    expect(openWalkFile(folder).walked).toBeUndefined();
  });
});
