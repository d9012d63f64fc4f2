import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import { journalLineSchema } from '../../src/contract/journal.ts';
import type { LinesWanted, QueryBounds } from '../../src/ports/journal.ts';
import { mostSocketLetters } from '../data/claim.ts';
import type { OpenJournal } from './open-journal.ts';
import { reasonOf } from './store.ts';

export const journalSocket = 'ask-journal';

const day = z.iso.date();
const kinds = journalLineSchema.options.map(({ shape }) => shape.kind.value);

/** What can be asked: one JSON line a connection. */
export const askSchema = z.discriminatedUnion('ask', [
  z.strictObject({
    ask: z.literal('query'),
    sql: z.string().max(50_000),
    values: z.array(z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()])).max(100),
    bounds: z.strictObject({ rows: z.int().min(1).optional(), seconds: z.number().positive().optional() }),
  }),
  z.strictObject({
    ask: z.literal('lines'),
    wanted: z.strictObject({
      from: z.string().max(40).optional(),
      to: z.string().max(40).optional(),
      kinds: z.array(z.enum(kinds)).optional(),
      zones: z.array(z.string().max(40)).max(64).optional(),
      before: z.int().optional(),
      limit: z.int().optional(),
    }),
  }),
  z.strictObject({ ask: z.literal('days') }),
  z.strictObject({ ask: z.literal('stats') }),
  z.strictObject({ ask: z.literal('prune'), days: z.int().min(1) }),
  z.strictObject({
    ask: z.literal('export'),
    from: day,
    to: day,
    format: z.enum(['parquet', 'csv', 'jsonl']),
  }),
]);
export type Ask = z.infer<typeof askSchema>;

/** Rows to a line of an answer: small enough that making it is not noticed. */
const rowsAPiece = 200;
const mostAskBytes = 65_536;
const mostConnections = 8;
const askWithinMs = 10_000;

/**
 * Lets commands on this machine ask a running service for its journal: the database is open here, and can be open in
 * one process alone.
 *
 *     ▸ {"ask":"query","sql":"SELECT …","values":[],"bounds":{}}
 *     ◂ {"columns":[…]}  {"rows":[…]}  …  {"end":true,"isCut":false}
 *     ◂ {"error":{"code":"LOBBY_QUERY_REFUSED","details":{…}}}
 *
 * The socket lies in the data folder, for this user alone. Nothing comes back where the file system has none.
 */
export function serveJournal(folder: string, journal: OpenJournal): Promise<{ close(): void } | undefined> {
  const path = join(folder, journalSocket);
  if (path.length > mostSocketLetters) return Promise.resolve(undefined);
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    void hear(socket, journal);
  });
  server.maxConnections = mostConnections;
  return new Promise((done) => {
    server.once('error', () => done(undefined));
    server.listen(path, () => {
      // The folder is this user's alone already; so is the socket, should it be opened up.
      chmodSync(path, 0o600);
      server.unref();
      done({
        close() {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      });
    });
  });
}

async function hear(socket: Socket, journal: OpenJournal): Promise<void> {
  const late = setTimeout(() => socket.destroy(), askWithinMs).unref();
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes > mostAskBytes) socket.destroy();
  });
  try {
    for await (const text of createInterface({ input: socket })) {
      clearTimeout(late);
      await answer(socket, text, journal);
      break;
    }
  } catch (error) {
    const { code, details } =
      error instanceof LobbyError
        ? error
        : { code: 'LOBBY_QUERY_REFUSED', details: { reason: reasonOf(error) } };
    await say(socket, { error: { code, details } });
  } finally {
    clearTimeout(late);
    socket.end();
  }
}

async function answer(socket: Socket, text: string, journal: OpenJournal): Promise<void> {
  const asked = askSchema.parse(JSON.parse(text));
  switch (asked.ask) {
    case 'query': {
      const { columns, rows, isCut } = await journal.query(
        asked.sql,
        asked.values,
        asked.bounds as QueryBounds,
      );
      await say(socket, { columns });
      for (let i = 0; i < rows.length; i += rowsAPiece)
        await say(socket, { rows: rows.slice(i, i + rowsAPiece) });
      return say(socket, { end: true, isCut });
    }
    case 'lines': {
      const { lines, before } = await journal.lines(asked.wanted as LinesWanted);
      for (let i = 0; i < lines.length; i += rowsAPiece)
        await say(socket, { rows: lines.slice(i, i + rowsAPiece) });
      return say(socket, { end: true, ...(before === undefined ? {} : { before }) });
    }
    case 'days':
      return say(socket, { end: true, value: await journal.days() });
    case 'stats':
      return say(socket, { end: true, value: await journal.stats() });
    case 'prune':
      return say(socket, { end: true, value: await journal.prune(asked.days) });
    case 'export':
      return say(socket, { end: true, value: await journal.export(asked.from, asked.to, asked.format) });
  }
}

/** Resolves when it is on its way, and what else waits has had its turn. */
async function say(socket: Socket, what: object): Promise<void> {
  if (socket.destroyed) return;
  if (!socket.write(`${JSON.stringify(what)}\n`)) {
    await new Promise<void>((done) => {
      socket.once('drain', done);
      socket.once('close', done);
    });
  }
  await new Promise((done) => setImmediate(done));
}
