// A what-if in a thread of its own: `what-ifs.ts` starts it and speaks with it. It is JavaScript, since what runs
// TypeScript in the main thread does not reach here: it is asked to here.
import { setPriority } from 'node:os';
import { register } from 'tsx/esm/api';

try {
  // On Linux this is of the one thread: cameras and prompts go before a question that can wait.
  if (process.platform === 'linux') setPriority(10);
} catch {
  // Where that is not allowed it is a thread like others.
}
register();
const { playInThread } = await import('./play.ts');
playInThread();
