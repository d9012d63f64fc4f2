import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileOutboxOptions, openFileOutbox } from '../../../edge/data/file-outbox.ts';
import type { OutboxMessage } from '../../../src/ports/outbox.ts';

let folder: string;
let file: string;
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-outbox-'));
  file = join(folder, 'outbox.jsonl');
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (changes: Partial<FileOutboxOptions> = {}) =>
  openFileOutbox({ file, branch: 'harbour', onTrouble: (sentence) => told.push(sentence), ...changes });
const message = (prompt: string, payload = '{}'): OutboxMessage => ({
  topic: 'lobby/v1/harbour/prompt',
  payload,
  prompt,
  message: 'prompt',
  until: 1_700_000_000_000,
});

describe('An outbox', () => {
  it('hands the next run what was not confirmed, in order, as often as nothing comes of it', () => {
    const outbox = open();
    const [one, two, three] = ['1', '2', '3'].map((name) => message(name)) as [
      OutboxMessage,
      OutboxMessage,
      OutboxMessage,
    ];
    for (const each of [one, two, three]) outbox.keep(each);
    outbox.done(two);
    // Not closed: as after a kill.
    expect(open().left).toEqual([one, three]);
    const next = open();
    next.done(next.left[0]!);
    next.keep(message('4'));
    expect(open().left).toEqual([three, message('4')]);
  });

  it('takes a line that was cut off as not written', () => {
    const outbox = open();
    outbox.keep(message('1'));
    outbox.keep(message('2'));
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, -30));
    expect(open().left).toEqual([message('1')]);
    appendFileSync(file, '{"done":');
    expect(open().left).toEqual([message('1')]);
  });

  it('stays small however much goes through it, and large as long as much waits', () => {
    const outbox = open();
    for (let n = 0; n < 5_000; n++) {
      const each = message(String(n), 'x'.repeat(500));
      outbox.keep(each);
      outbox.done(each);
    }
    expect(statSync(file).size).toBeLessThan(200_000);
    const many = Array.from({ length: 300 }, (_, n) => message(String(n), 'x'.repeat(600)));
    for (const each of many) outbox.keep(each);
    expect(open().left).toEqual(many);
  });

  it('is for this user alone', () => {
    open().keep(message('1'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['of another branch', '{"outbox":1,"branch":"hill"}\n', 'is of the branch hill'],
    ['that is something else', 'dear diary\n', 'is not one'],
  ])('puts a file %s aside with a sentence, and begins empty', (_, text, why) => {
    writeFileSync(file, text);
    expect(open().left).toEqual([]);
    expect(told).toEqual([`the outbox ${why}: it was put aside as ${file}.aside`]);
    expect(readFileSync(`${file}.aside`, 'utf8')).toBe(text);
  });

  it('that cannot be written throws nothing, says so once, and is whole again as soon as it can be', () => {
    let isFull = false;
    const outbox = open({
      write(descriptor, bytes) {
        if (isFull) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        return writeSync(descriptor, bytes);
      },
    });
    outbox.keep(message('1'));
    isFull = true;
    const two = message('2');
    outbox.keep(two);
    outbox.keep(message('3'));
    expect(told).toEqual([
      'what waits for the broker would be lost in a restart: it cannot be written (ENOSPC)',
    ]);
    expect(open().left).toEqual([message('1')]);
    isFull = false;
    outbox.done(two);
    expect(open().left).toEqual([message('1'), message('3')]);
    expect(told[1]).toMatch(/kept over a restart again/);
  });
});
