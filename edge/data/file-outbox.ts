import {
  closeSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { z } from 'zod';
import type { Outbox, OutboxMessage } from '../../src/ports/outbox.ts';
import { putAside } from './put-aside.ts';
import { syncFolderOf } from './sync-folder.ts';

export interface FileOutboxOptions {
  readonly file: string;
  readonly branch: string;
  /** Told once when it cannot be kept, when it can be again, and of a file that was put aside: for the log. */
  readonly onTrouble?: (sentence: string) => void;
  /** How bytes are written; a test gives one that fails. */
  readonly write?: (file: number, bytes: Uint8Array) => number;
}

/** A prompt with all its words, places and watches is a quarter of this. */
const mostPayloadLetters = 16_384;
const header = z.strictObject({ outbox: z.literal(1), branch: z.string().max(40) });
const messageSchema = z.strictObject({
  topic: z.string().max(200).describe('Where it goes.'),
  payload: z
    .string()
    .max(mostPayloadLetters)
    .describe('The message as MQTT has it: a prompt, or a state of one.'),
  prompt: z.string().max(40).describe('The prompt it is about.'),
  message: z.enum(['prompt', 'state']).describe('Which of the two it is.'),
  until: z.number().describe('Seconds since 1970: from then on it is of no use.'),
});
export const outboxEntrySchema = z.union([
  z.strictObject({ keep: z.int(), message: messageSchema }),
  z.strictObject({ done: z.int() }),
]);

/** Written anew when it has grown by more than this, holding what still waits and nothing else. */
const compactBytes = 131_072;

/**
 * An outbox that is written ahead: a line for each message kept and one for each confirmed.
 *
 *     {"outbox":1,"branch":"harbour"}
 *     {"keep":7,"message":{…}}
 *     {"keep":8,"message":{…}}
 *     {"done":7}                    killed here: 8 is left
 *
 * A torn last line is as if it had not been written: the message was not sent yet, or is sent twice under its one
 * id. A file of another branch, or one that is none, is put aside.
 */
export function openFileOutbox(options: FileOutboxOptions): Outbox {
  const { file, branch, write = writeSync } = options;
  const waiting = new Map<OutboxMessage, number>();
  let next = 1;
  let descriptor: number | undefined;
  let grown = 0;
  let trouble = false;

  const left = read();
  compact();

  function read(): readonly OutboxMessage[] {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return [];
    }
    const [first = '', ...rest] = text.split('\n');
    if (text === '') return [];
    const head = header.safeParse(jsonOf(first));
    if (!head.success || head.data.branch !== branch) {
      const whose = head.success ? `is of the branch ${head.data.branch}` : 'is not one';
      options.onTrouble?.(`the outbox ${whose}: ${putAside(file)}`);
      return [];
    }
    const found = new Map<number, OutboxMessage>();
    for (const line of rest) {
      const read = outboxEntrySchema.safeParse(jsonOf(line));
      if (!read.success) continue;
      if ('done' in read.data) found.delete(read.data.done);
      else found.set(read.data.keep, read.data.message);
    }
    const messages = [...found.values()];
    for (const message of messages) waiting.set(message, next++);
    return messages;
  }

  /** Writes the file anew with what still waits; the old one stands until the new one is whole. */
  function compact(): void {
    const lines = [
      JSON.stringify({ outbox: 1, branch }),
      ...[...waiting].map(([message, keep]) => JSON.stringify({ keep, message })),
    ];
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    attempt(() => {
      const fresh = `${file}.new`;
      writeFileSync(fresh, '', { mode: 0o600 });
      const opened = openSync(fresh, 'a', 0o600);
      try {
        if (write(opened, bytes) < bytes.length) throw new Error('the disk is full');
        // A power cut leaves the old one or the new one, and never an empty one under its name.
        fdatasyncSync(opened);
        renameSync(fresh, file);
        syncFolderOf(file);
      } catch (error) {
        closeSync(opened);
        throw error;
      }
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = opened;
      grown = 0;
    });
  }

  function append(line: object): void {
    // After a failure nobody knows how far the file got: it is written anew.
    if (trouble || descriptor === undefined || grown > compactBytes) {
      compact();
      return;
    }
    const into = descriptor;
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    attempt(() => {
      const put = write(into, bytes);
      grown += put;
      if (put < bytes.length) throw new Error('the disk is full');
    });
  }

  function attempt(work: () => void): void {
    try {
      work();
      if (trouble) options.onTrouble?.('what waits for the broker is kept over a restart again');
      trouble = false;
    } catch (error) {
      if (!trouble) {
        const { code, message } = error as NodeJS.ErrnoException;
        options.onTrouble?.(
          `what waits for the broker would be lost in a restart: it cannot be written (${code ?? message})`,
        );
      }
      trouble = true;
    }
  }

  return {
    left,
    keep(message) {
      const key = next++;
      waiting.set(message, key);
      append({ keep: key, message });
    },
    done(message) {
      const key = waiting.get(message);
      if (key === undefined) return;
      waiting.delete(message);
      append({ done: key });
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
