import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** When a picture went by, and which it was. */
export interface PictureSeen {
  /** Seconds since the stream's first picture, by the stamps of its packets. */
  readonly media: number;
  /** When its last packet went by, seconds since 1970. */
  readonly at: number;
}

export interface RtpTap {
  readonly port: number;
  /** Pictures of the first connection that played. */
  readonly pictures: readonly PictureSeen[];
  close(): Promise<void>;
}

const ticksPerSecond = 90_000;

/**
 * Lies on the wire between an RTSP camera and whoever watches it over TCP, passes everything on as it comes, and
 * notes when each picture went by: the one place from which the moment of a picture can be told without believing
 * either side.
 */
export async function tapRtp(cameraPort: number): Promise<RtpTap> {
  const pictures: PictureSeen[] = [];
  const sockets = new Set<Socket>();
  let playing: Socket | undefined;
  const server = createServer((client) => {
    const camera = connect(cameraPort, '127.0.0.1');
    const read = readPictures((stamp, at) => {
      playing ??= camera;
      if (playing === camera) pictures.push({ media: stamp, at });
    });
    for (const [one, other] of [
      [client, camera],
      [camera, client],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on('data', (data: Buffer) => {
        if (one === camera) read(data, Date.now() / 1000);
        other.write(data);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    pictures,
    async close() {
      for (const one of sockets) one.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Reads replies and interleaved packets (RFC 2326, 10.12), and tells of each packet that ends a picture. */
function readPictures(tell: (media: number, at: number) => void): (data: Buffer, at: number) => void {
  let rest = Buffer.alloc(0);
  let first: number | undefined;
  return (data, at) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      if (rest[0] === 0x24) {
        if (rest.length < 4 || rest.length < 4 + rest.readUInt16BE(2)) return;
        const packet = rest.subarray(4, 4 + rest.readUInt16BE(2));
        const isVideo = rest[1] === 0;
        if (isVideo && packet.length >= 12) {
          const stamp = packet.readUInt32BE(4);
          first ??= stamp;
          const isLast = (packet[1]! & 0x80) !== 0;
          if (isLast) tell(((stamp - first) >>> 0) / ticksPerSecond, at);
        }
        rest = rest.subarray(4 + packet.length);
        continue;
      }
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      const body = /^content-length: *(\d+)/im.exec(rest.subarray(0, end).toString('latin1'));
      const length = end + 4 + Number(body?.[1] ?? 0);
      if (rest.length < length) return;
      rest = rest.subarray(length);
    }
  };
}
