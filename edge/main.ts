#!/usr/bin/env node
import { Command } from 'commander';
import { explain, integerOption, numberOption } from './cli/command.ts';
import { createLog } from './log.ts';

const program = new Command('lobby')
  .description("Watches a bank's lobby and puts one short, anonymous prompt on the lobby manager's watch.")
  .showHelpAfterError('(see `lobby --help`)');

/** Options that `run` and `demo` share. */
function serving(command: Command): Command {
  return command
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--port <n>',
      'port for pages and API; 0 takes any free one (default: 8080, or a free one)',
      integerOption('port', 0, 65_535),
    )
    .option(
      '--mqtt-port <n>',
      'port of the embedded broker (default: 1883, or a free one)',
      integerOption('mqtt-port', 0, 65_535),
    )
    .option('--broker <url>', 'use this broker instead of the embedded one: mqtt(s):// or ws(s)://')
    .option('--pages-broker <url>', 'where pages reach that broker: ws(s)://')
    .option('--model <id>', 'model from the manifest, or a path')
    .option('--runtime <name>', 'auto, onnxruntime or tfjs', 'auto')
    .option('--threads <n>', 'threads for the detector', integerOption('threads', 1, 64))
    .option('--log-level <level>', 'debug, info, warn or error', 'info');
}

serving(program.command('run').description('run the cameras of a branch and prompt its staff'))
  .requiredOption('--branch <file>', 'branch file')
  .action(async (options) => {
    const { startRun, untilAsked } = await import('./cli/run.ts');
    const log = createLog(options.logLevel, process.stderr.isTTY === true);
    const running = await startRun({ ...options, log });
    log.info(`pages on ${running.url}, MQTT on ${running.mqttUrl}, ${running.detector}`);
    await untilAsked(running);
  });

serving(program.command('demo').description('play the demo branch in a loop and open its pages')).action(
  async (options) => {
    const { runDemo } = await import('./cli/demo.ts');
    await runDemo({ ...options, log: createLog(options.logLevel, true) });
  },
);

program
  .command('replay')
  .description('run a clip or a recording as fast as the machine allows, and write what was noticed')
  .requiredOption('--branch <file>', 'branch file')
  .option('--source <clip>', 'clip or recording (.jsonl) instead of the camera of the branch file')
  .option('--events <out>', 'write events here, JSON lines')
  .option('--prompts <out>', 'write prompts here, JSON lines')
  .option('--record <out>', 'write what the detector saw here, boxes and times, JSON lines')
  .option('--real-time', 'at the pace it was filmed')
  .option('--quiet', 'do not tell the story')
  .option('--model <id>', 'model from the manifest, or a path')
  .option('--runtime <name>', 'auto, onnxruntime or tfjs', 'auto')
  .option('--threads <n>', 'threads for the detector', integerOption('threads', 1, 64))
  .action(async (options) => (await import('./cli/replay.ts')).runReplay(options));

program
  .command('score')
  .description('compare events with a truth')
  .requiredOption('--truth <file>', 'truth.json beside a clip')
  .requiredOption('--events <file>', 'events from `lobby replay`')
  .option(
    '--wandering-after-seconds <s>',
    'the wandering threshold the events were made with',
    numberOption('wandering-after-seconds', 1, 600),
    15,
  )
  .option('--json', 'print as JSON')
  .action(async (options) => void (await (await import('./cli/score.ts')).runScore(options)));

try {
  await program.parseAsync();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
