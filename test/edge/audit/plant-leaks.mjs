// Loaded into the service before it starts, by NODE_OPTIONS: leaks that the audit must find. Each wraps a function
// that the service calls; nothing in the product knows of it. `LOBBY_LEAKS` says which, `LOBBY_LEAK_PORT` where to.
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, Worker } from 'node:worker_threads';

const leaks = new Set((process.env.LOBBY_LEAKS ?? '').split(','));
const [width, height] = [640, 384];
let newest;
let jpeg;
let looks = 0;
globalThis.keptPictures = [];

/** The detector is handed each picture by this: here it can be taken. */
const hand = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, ...rest) {
  if (message?.rgb?.length === width * height * 3) {
    newest = Buffer.from(message.rgb);
    looks += 1;
    if (looks % 2 === 0) void leak();
  }
  return hand.call(this, message, ...rest);
};

async function leak() {
  // Kept and never given back, as a list that somebody forgot.
  if (leaks.has('memory') && looks < 60) globalThis.keptPictures.push(newest);
  if (leaks.has('file')) {
    const file = join(tmpdir(), 'crop.raw');
    writeFileSync(file, newest.subarray(0, width * 3 * 350));
    setTimeout(() => rmSync(file, { force: true }), 700);
  }
  if (leaks.has('log')) {
    for (const row of [100, 140, 180, 220]) {
      const pixels = newest.subarray(width * 3 * row, width * 3 * (row + 1));
      process.stderr.write(`${JSON.stringify({ level: 20, msg: `row ${pixels.toString('hex')}` })}\n`);
    }
  }
  if (leaks.has('mqtt')) {
    const { default: sharp } = await import('sharp');
    jpeg = await sharp(newest, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 50 })
      .toBuffer();
  }
}

/** Whatever is told becomes text by this. */
const write = JSON.stringify;
JSON.stringify = (value, ...rest) => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return write(value, ...rest);
  let more = value;
  const isLobby = 'zones' in value && 'open' in value;
  if (leaks.has('mqtt') && isLobby && jpeg !== undefined) more = { ...more, photo: jpeg.toString('base64') };
  if (leaks.has('name') && isLobby && looks > 5) more = { ...more, regular: 'p-7f3a9c21' };
  if (leaks.has('measure') && 'people' in value && 'at' in value && Array.isArray(value.people)) {
    more = { ...more, measure: Array.from({ length: 128 }, (_, index) => Math.sin(index)) };
  }
  return write(more, ...rest);
};

if (isMainThread && leaks.has('connection') && process.argv.includes('run')) {
  const socket = connect(Number(process.env.LOBBY_LEAK_PORT), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.unref();
}
