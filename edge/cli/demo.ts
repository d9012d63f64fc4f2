import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CoreOutput } from '../../src/core/step.ts';
import { tellOutput } from '../../src/service/story.ts';
import { placeName, toPromptPayload } from '../../src/service/wire.ts';
import { addDemo, type StoryLine } from '../http/demo.ts';
import { packageRoot } from '../package-root.ts';
import { readBranch } from './files.ts';
import { type RunOptions, startRun, untilAsked } from './run.ts';

const mostLines = 60;

/**
 * Plays the demo branch in a loop, in real time, by the same path as a camera; tells the story on the
 * terminal, and shows it on a page beside the clip and the wrist.
 *
 * Its journal lies in a folder of its own and goes with it, so that the console's pages have something to show.
 */
export async function runDemo(
  options: Omit<RunOptions, 'branch' | 'loop' | 'log'> & { log: Logger },
): Promise<void> {
  const branchFile = join(packageRoot, 'edge', 'demo', 'branch.yaml');
  const branch = await readBranch(branchFile);
  const startedAt = Date.now() / 1000;
  let zero: number | undefined;
  let count = 0;
  let lines: readonly StoryLine[] = [];
  const remember = ({ verdicts, changes }: CoreOutput) => {
    const told = verdicts.map(({ at, happening, decision }): StoryLine => {
      count += 1;
      const base = {
        id: count,
        at,
        kind: happening.kind,
        place: placeName(branch, happening.zone ?? 'hall'),
      };
      if (decision.kind === 'prompt') {
        const change = changes.find((one) => one.prompt.id === decision.prompt);
        const say = change === undefined ? undefined : toPromptPayload(change.prompt, branch).say;
        return { ...base, decision: 'prompt', ...(say === undefined ? {} : { say }) };
      }
      if (decision.reason === 'nothing-to-ask') return { ...base, decision: 'none' };
      return { ...base, decision: 'silence', reason: decision.reason };
    });
    lines = [...lines, ...told].slice(-mostLines);
  };
  const folder = options.data ?? (await mkdtemp(join(tmpdir(), 'lobby-demo-')));
  const tidy = () => (options.data === undefined ? rm(folder, { recursive: true, force: true }) : undefined);
  const running = await startRun({
    ...options,
    data: folder,
    branch: branchFile,
    loop: true,
    forgetful: true,
    onStep: (output) => {
      remember(output);
      for (const line of tellOutput(output, startedAt)) console.log(line);
    },
    onCamera: (_, output) => {
      if (output.kind === 'people') zero ??= output.at;
    },
    extend: (app) =>
      addDemo(app, {
        clip: join(packageRoot, 'edge', 'demo', 'clip.mp4'),
        zero: () => zero,
        lines: () => lines,
      }),
  }).catch(async (error: unknown) => {
    await tidy();
    throw error;
  });
  console.log(`
lobby-sense is running: the demo branch, ${running.detector}

  the demo     ${running.url}/demo                 people walk in, prompts reach the wrist
  the wrist    ${running.url}/watch                on a phone or a watch: docs/operating.md says how
  the console  ${running.consoleUrl ?? running.url}
  the API      ${running.url}/docs
  health       ${running.url}/api/v1/health
  MQTT         ${running.mqttUrl}   lobby/v1/demo/#

Ctrl+C ends it. What is noticed, and what is said or not said about it:
`);
  await untilAsked(running);
  await tidy();
}
