import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import type { Hear, Listening } from './hear-service.ts';

/** A branch's broker for a box that only looks: it takes and hears everything, on this machine, while the audit lasts. */
export async function openBoxesBroker(
  hear: Hear,
): Promise<Listening & { readonly url: string; readonly port: number }> {
  const aedes = await Aedes.createBroker();
  aedes.on('publish', ({ topic, payload }) => {
    // What the broker says of itself.
    if (!topic.startsWith('$SYS/')) hear(`mqtt ${topic}`, Buffer.from(payload));
  });
  const server = createServer(aedes.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      await closed;
    },
  };
}
