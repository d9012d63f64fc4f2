import type { Duplex } from 'node:stream';

/**
 * Cuts a connection that announces an MQTT packet larger than its limit, before the packet is taken in.
 *
 * aedes' parser collects a whole packet, up to MQTT's own 256 MB, before anybody is asked whether it
 * may be published. So the limit must be read off the wire: each packet begins with one byte of kind
 * and one to four bytes of length, seven bits each.
 *
 *     30 │ 83 01 │ … 131 bytes …  │ 30 │ 05 │ …
 *        └length┘                      └length
 *
 * Reading is watched by standing in for the stream's `read`: the one call aedes takes its bytes with.
 *
 * @param maxBytes asked at each packet, so that it can rise once the client has said who it is
 * @param onTooLarge told of each connection cut for it
 */
export function limitPackets(connection: Duplex, maxBytes: () => number, onTooLarge?: () => void): void {
  let skip = 0;
  let length = 0;
  let shift = 0;
  let phase: 'kind' | 'length' = 'kind';

  const fits = (chunk: Buffer): boolean => {
    let index = 0;
    while (index < chunk.length) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - index);
        skip -= step;
        index += step;
        continue;
      }
      const byte = chunk[index++]!;
      if (phase === 'kind') {
        phase = 'length';
        length = 0;
        shift = 0;
        continue;
      }
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (length > maxBytes() || shift > 28) return false;
      if ((byte & 0x80) === 0) {
        skip = length;
        phase = 'kind';
      }
    }
    return true;
  };

  const read = connection.read.bind(connection);
  connection.read = (size?: number) => {
    const chunk: Buffer | null = read(size);
    if (chunk === null || fits(chunk)) return chunk;
    onTooLarge?.();
    connection.destroy();
    return null;
  };
}
