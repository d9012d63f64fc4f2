import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/**
 * Loads DuckDB without holding up what else the process does.
 *
 * Its library is 70 MB, and a system takes from a third of a second to over one to link it. A thread does that first;
 * loading it once more is a matter of milliseconds.
 */
export async function loadDuckDb(): Promise<typeof import('@duckdb/node-api')> {
  const file = createRequire(import.meta.url).resolve('@duckdb/node-api');
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     require(workerData);
     parentPort.postMessage('here');
     parentPort.once('message', () => process.exit());`,
    { eval: true, workerData: file, execArgv: [] },
  );
  worker.on('error', () => undefined);
  worker.unref();
  // Where a thread cannot load it, the process says why below.
  await Promise.race([once(worker, 'message'), once(worker, 'exit')]).catch(() => undefined);
  try {
    return await import('@duckdb/node-api');
  } finally {
    worker.postMessage('enough');
  }
}
