import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CoreOutput } from '../../src/core/step.ts';
import { tellOutput } from '../../src/service/story.ts';
import { packageRoot } from '../package-root.ts';
import { type RunOptions, startRun, untilAsked } from './run.ts';

/**
 * Plays the demo branch in a loop, in real time, by the same path as a camera, and tells the story.
 */
export async function runDemo(
  options: Omit<RunOptions, 'branch' | 'loop' | 'log'> & { log: Logger },
): Promise<void> {
  const startedAt = Date.now() / 1000;
  const running = await startRun({
    ...options,
    branch: join(packageRoot, 'edge', 'demo', 'branch.yaml'),
    loop: true,
    onStep: (output: CoreOutput) => {
      for (const line of tellOutput(output, startedAt)) console.log(line);
    },
  });
  console.log(`
lobby-sense is running: the demo branch, ${running.detector}

  the wrist    ${running.url}/watch?duty=on        (open it, and wait for somebody to come in)
  start page   ${running.url}/
  health       ${running.url}/api/v1/health
  MQTT         ${running.mqttUrl}   topic lobby/v1/demo/#

Ctrl+C ends it. What is noticed, and what is said or not said about it:
`);
  await untilAsked(running);
}
