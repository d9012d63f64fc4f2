import { once } from 'node:events';
import { connect } from 'node:net';

/** Resolves when something takes connections at a port of this machine. @throws why not, when it takes longer */
export async function listening(port: number, withinMs = 5_000): Promise<void> {
  for (const until = performance.now() + withinMs; ; ) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      socket.destroy();
    }
  }
}
