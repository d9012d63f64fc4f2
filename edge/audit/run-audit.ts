import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openTokens } from '../access/tokens.ts';
import { modelsFolder } from '../detectors/models-folder.ts';
import { askJournal } from '../journals/ask-journal.ts';
import { packageRoot } from '../package-root.ts';
import { type AuditBranch, auditBranch } from './audit-branch.ts';
import { openBoxesBroker } from './boxes-broker.ts';
import { checkModels, checkOwnModels } from './check-models.ts';
import {
  askEverything,
  digestOf,
  hearBroker,
  hearLive,
  type Listening,
  openReceiver,
  type Said,
} from './hear-service.ts';
import { type Column, judgeColumns, judgeFile, judgeNames, judgeSaid, type RunSaid } from './judge.ts';
import { makeClip } from './make-clip.ts';
import { type MemoryReading, readMemory, readMemoryOf } from './read-memory.ts';
import {
  type AuditReport,
  type AuditRole,
  type Check,
  type Finding,
  outcomeOf,
  type Remark,
  toCheck,
} from './report.ts';
import { type Addresses, startService } from './start-service.ts';
import { type FileSeen, isLoopback, type ProcessWatch, processesOf, watchProcess } from './watch-process.ts';

export type AuditStep =
  | 'clip'
  | 'first-run'
  | 'people'
  | 'empty'
  | 'memory'
  | 'second-run'
  | 'journal'
  | 'models';

export interface AuditOptions {
  readonly branch: string;
  /** The models that are compared with their manifest. */
  readonly models?: string;
  /** The folder of models that did not ship, where there is one. */
  readonly ownModels?: string;
  /** What the service is started with besides: the detector's options. */
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly onStep?: (step: AuditStep) => void;
  readonly version: string;
  /** Default `all`. */
  readonly role?: AuditRole;
}

/** The whole clip: people come, turn back and leave. */
const wholeClip = { until: 9, backAndEmptyFor: 2 } as const;
/** The other breaks off while two people are in view. */
const brokenClip = { until: 7 } as const;
/** After its camera went live nobody is in the clip's picture for so long. */
const emptyAtFirstMs = 500;
/** By then people are in view. */
const peopleFromMs = 5_000;
/** How often the mark is looked for while people are there, before the audit says that it cannot see it. */
const mostControls = 20;
/** The lobby lets go of whoever left out of its sight within this. */
const emptiesWithinMs = 90_000;

interface Run extends RunSaid {
  readonly addresses: Addresses;
  readonly asked: readonly { readonly address: string; readonly status: number }[];
  readonly control?: MemoryReading;
  readonly memory: MemoryReading;
  readonly watch: ProcessWatch;
  readonly peopleSeen: number;
  /** How long after the end of the clip the lobby was told empty. */
  readonly emptyAfterSeconds?: number;
  readonly coreLimit?: string;
}

/**
 * Runs the service on a clip whose people bear the mark, twice, and looks at everything it wrote, said and kept.
 *
 * The first run is a visit from beginning to end: people come, leave, and the camera ends with an empty lobby. In
 * the second the camera breaks off while people are in view. Both have the same data folder, as two days have.
 *
 * Nothing of an installation is touched: all is in a folder of its own, which is removed.
 *
 * @throws {LobbyError} where the branch file cannot be used, or the service does not come up
 */
export async function runAudit(options: AuditOptions): Promise<Omit<AuditReport, 'key'>> {
  const {
    version,
    models = modelsFolder,
    args = [],
    environment = process.env,
    onStep = () => undefined,
    role = 'all',
  } = options;
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'lobby-audit-'));
  const folder = (name: string) => {
    const path = join(root, name);
    mkdirSync(path, { mode: 0o700 });
    return path;
  };
  const given = folder('given');
  const places = {
    data: folder('data'),
    working: folder('working'),
    home: folder('home'),
    temporary: folder('tmp'),
  };
  const closing: Listening[] = [];
  try {
    onStep('clip');
    const clips = { whole: join(given, 'whole.mp4'), broken: join(given, 'broken.mp4') };
    const seconds = await makeClip(clips.whole, wholeClip);
    const breaksOffAfter = await makeClip(clips.broken, brokenClip);
    const saidNow: Said[] = [];
    let hearing: Said[] = saidNow;
    const hear = (by: string, bytes: Uint8Array) => void hearing.push({ by, at: Date.now(), bytes });
    const receiver = await openReceiver(hear);
    closing.push(receiver);
    // To the run that is going on.
    const boxes = role === 'sense' ? await openBoxesBroker(hear) : undefined;
    if (boxes !== undefined) closing.push(boxes);
    const branch = await auditBranch(options.branch, clips.whole, receiver.url);
    const tokens = openTokens({ file: join(places.data, 'tokens.json'), now: () => Date.now() / 1000 });
    const { text: token, id: tokenId } = tokens.issue('installer');
    const secrets = Object.fromEntries(
      branch.secretVariables.map((name) => [
        name,
        `whsec_${createHash('sha256').update(token).digest('base64')}`,
      ]),
    );
    const files: Finding[] = [];
    const judging: Promise<unknown>[] = [];
    const judged = new Set<string>();
    const onFile = (seen: FileSeen) => {
      const name = `${seen.path} ${digestOf(seen.bytes)}`;
      if (judged.has(name)) return;
      judged.add(name);
      const shown = seen.path.replace(root, '');
      judging.push(judgeFile({ ...seen, path: shown }).then((found) => files.push(...found)));
    };
    const branchFile = join(given, 'branch.yaml');
    const go = async (clip: string, clipSeconds: number, isWhole: boolean): Promise<Run> => {
      writeFileSync(branchFile, branch.text.replace(clips.whole, clip));
      const said: Said[] = [];
      hearing = said;
      return runOnce({
        isWhole,
        clipSeconds,
        branch,
        branchFile,
        places,
        token,
        args,
        environment: { ...environment, ...secrets },
        said,
        hear,
        onFile,
        onStep,
        receiverPort: receiver.port,
        boxesBroker: boxes?.url,
      });
    };
    onStep('first-run');
    const first = await go(clips.whole, seconds, true);
    onStep('second-run');
    const second = await go(clips.broken, breaksOffAfter, false);
    if (boxes === undefined) onStep('journal');
    const columns = boxes === undefined ? await readJournal(places.data, hear) : undefined;
    await Promise.all(judging);
    onStep('models');
    // Beside models of another folder those that ship would be ones too many.
    const checked = await checkModels(models, models === modelsFolder ? packageRoot : undefined);
    const own = options.ownModels === undefined ? undefined : await checkOwnModels(options.ownModels);
    const text = readFileSync(options.branch);
    const checks = [
      checkSight(first),
      checkFiles([first, second], files, root),
      ...(await checkSaid([first, second])),
      checkNames(first, second, [branch.text, tokenId, root]),
      checkConnections([first, second], receiver.port),
      checkMemory(first, second),
      // A box that only looks keeps none: whatever it writes is among the files.
      ...(columns === undefined
        ? []
        : [toCheck('journal', { columns: columns.length }, judgeColumns(columns))]),
      toCheck('models', { models: checked.models.length + (own?.models.length ?? 0) }, [
        ...checked.findings,
        ...(own?.findings ?? []),
      ]),
    ];
    return {
      audit: 1,
      madeAt: new Date().toISOString(),
      outcome: outcomeOf(checks),
      version,
      node: process.version,
      system: `${process.platform} ${process.arch}`,
      branch: {
        id: branch.id,
        sha256: createHash('sha256').update(text).digest('hex'),
        replaced: branch.replaced,
      },
      service: { role, detector: first.addresses.detector, nodeOptions: environment.NODE_OPTIONS ?? '' },
      clip: { sha256: digestOf(readFileSync(clips.whole)), seconds, breaksOffAfter },
      checks,
    };
  } finally {
    for (const one of closing) await one.close();
    rmSync(root, { recursive: true, force: true });
  }
}

interface RunOnce {
  readonly isWhole: boolean;
  readonly clipSeconds: number;
  readonly branch: AuditBranch;
  readonly branchFile: string;
  readonly places: {
    readonly data: string;
    readonly working: string;
    readonly home: string;
    readonly temporary: string;
  };
  readonly token: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Grows while it runs. */
  readonly said: Said[];
  readonly hear: (by: string, bytes: Uint8Array) => void;
  readonly onFile: (seen: FileSeen) => void;
  readonly onStep: (step: AuditStep) => void;
  readonly receiverPort: number;
  readonly boxesBroker: string | undefined;
}

async function runOnce(run: RunOnce): Promise<Run> {
  const { isWhole, clipSeconds, branch, places, token, said, hear, onStep } = run;
  let liveAt = 0;
  let lostAt = 0;
  const service = startService({
    ...run,
    ...places,
    onLine: (line) => {
      hear('log', Buffer.from(line));
      if (line.includes(`camera ${branch.camera} is live`)) liveAt ||= Date.now();
      if (line.includes(`camera ${branch.camera} is lost`)) lostAt ||= Date.now();
    },
  });
  const watch = watchProcess(service.pid, Object.values(places), run.onFile);
  const listening: Listening[] = [];
  const until = async (isSo: () => boolean, withinMs: number) => {
    const end = Date.now() + withinMs;
    while (!isSo() && Date.now() < end) await wait(50);
    return isSo();
  };
  try {
    const addresses = await service.ready();
    const { url, mqttUrl } = addresses;
    if (url !== undefined)
      listening.push(await hearBroker(mqttUrl, branch.id, hear), await hearLive(url, token, hear));
    const fill = () => ({
      id: branch.camera,
      visit: visitOf(said) ?? 'none',
      at: new Date().toISOString(),
    });
    const ask = async () => (url === undefined ? [] : askEverything(url, token, fill(), hear));
    const lookForMark = async (): Promise<MemoryReading | undefined> => {
      let control: MemoryReading | undefined;
      // On a busy machine it may be between two pictures, or not have come to one with people yet.
      for (let tries = 0; tries < mostControls && lostAt === 0; tries += 1) {
        // It stands still meanwhile, so that the picture it has now is not gone before it is come to; its clip waits.
        process.kill(service.pid, 'SIGSTOP');
        try {
          control = await readMemory(service.pid, true);
        } finally {
          process.kill(service.pid, 'SIGCONT');
        }
        if (control.refused !== undefined || control.marked.length > 0) break;
        // No whole number of pictures: whoever comes between two of them each time would never see one.
        await wait(330);
      }
      return control;
    };
    await until(() => liveAt > 0, 30_000);
    onStep('people');
    await wait(Math.max(0, liveAt + peopleFromMs - Date.now()));
    // Before anything is asked: on a busy machine the answers may take until the people are gone.
    const control = isWhole ? await lookForMark() : undefined;
    if (isWhole && url !== undefined) {
      // A picture of the lobby without people is the one picture there is: one is asked for, to look at it too.
      await fetch(`${url}/api/v1/setup/cameras/${branch.camera}/plate`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      }).then((reply) => reply.arrayBuffer());
    }
    const asked = await ask();
    await until(() => lostAt > 0, (clipSeconds + 30) * 1000);
    onStep('empty');
    let emptyFrom: number | undefined;
    if (isWhole) {
      const isEmpty = await until(() => saysEmpty(said), emptiesWithinMs);
      if (isEmpty) emptyFrom = Date.now();
      await wait(2_000);
      await ask();
    } else await wait(2_000);
    onStep('memory');
    const processes = processesOf(service.pid);
    const memory = await readMemoryOf(processes);
    const limits = processes.map(coreLimitOf);
    const coreLimit = limits.find((one) => one !== undefined && one !== '0') ?? limits[0];
    return {
      addresses,
      asked,
      memory,
      watch,
      said,
      emptyUntil: liveAt + emptyAtFirstMs,
      peopleSeen: mostPeople(said),
      ...(control === undefined ? {} : { control }),
      ...(coreLimit === undefined ? {} : { coreLimit }),
      ...(emptyFrom === undefined ? {} : { emptyFrom, emptyAfterSeconds: (emptyFrom - lostAt) / 1000 }),
    };
  } finally {
    for (const one of listening) await one.close();
    await service.stop();
    watch.stop();
  }
}

const lastOf = (said: readonly Said[], by: RegExp): unknown => {
  const one = said.findLast((each) => by.test(each.by));
  return one === undefined ? undefined : JSON.parse(Buffer.from(one.bytes).toString('utf8'));
};

/** What a box that only looks says of each picture. */
const looks = /^mqtt \S+\/people\/[^/]+$/;

/** Whether the newest floor has nobody on it, and the lobby at a glance nobody either. */
function saysEmpty(said: readonly Said[]): boolean {
  const look = lastOf(said, looks) as { people?: unknown[] } | undefined;
  if (look !== undefined) return look.people?.length === 0;
  const floor = lastOf(said, /^live floor$/) as { people?: unknown[] } | undefined;
  const lobby = lastOf(said, /^live lobby$/) as { inLobby?: number } | undefined;
  return (floor?.people ?? []).length === 0 && (lobby?.inLobby ?? 0) === 0;
}

function mostPeople(said: readonly Said[]): number {
  const counts = said
    .filter(({ by }) => by === 'live floor' || looks.test(by))
    .map(
      ({ bytes }) =>
        (JSON.parse(Buffer.from(bytes).toString('utf8')) as { people?: unknown[] }).people?.length ?? 0,
    );
  return Math.max(0, ...counts);
}

function visitOf(said: readonly Said[]): string | undefined {
  for (const { by, bytes } of said) {
    if (by !== 'live line') continue;
    const { visit } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { visit?: string };
    if (visit !== undefined) return visit;
  }
  return undefined;
}

/** What the system would write of the process if it crashed: its soft limit, in words of the system. */
function coreLimitOf(pid: number): string | undefined {
  try {
    return /^Max core file size\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** Every column of the journal; what stands in it is handed on as if it had been said. */
async function readJournal(
  data: string,
  hear: (by: string, bytes: Uint8Array) => void,
): Promise<readonly Column[]> {
  const journal = await askJournal(data);
  try {
    const limits = { rows: 10_000, seconds: 30 };
    const { rows } = await journal.query(
      'SELECT table_name, column_name, data_type FROM information_schema.columns ORDER BY ALL',
      [],
      limits,
    );
    const columns = rows.map((row) => {
      const [table, column, type] = row.map(String);
      return { table: table!, column: column!, type: type! };
    });
    for (const table of new Set(columns.map((one) => one.table))) {
      const answer = await journal.query(`SELECT * FROM "${table}" LIMIT 5000`, [], limits);
      for (const row of answer.rows) {
        const text = JSON.stringify(row, (_key, value) =>
          typeof value === 'bigint' ? String(value) : value,
        );
        hear(`journal ${table}`, Buffer.from(text));
      }
    }
    return columns;
  } finally {
    await journal.close();
  }
}

/** That the audit sees at all: people are found in spite of the mark, and the mark is in memory while they are there. */
function checkSight({ peopleSeen, control, said, addresses }: Run): Check {
  const findings: Finding[] = [];
  if (peopleSeen === 0) findings.push({ code: 'nobody-seen', where: 'live floor', about: '' });
  const isRefused = control?.refused !== undefined;
  if (!isRefused && control?.marked.length === 0)
    findings.push({ code: 'mark-unseen', where: 'memory', about: '' });
  const remarks: Remark[] = isRefused ? [{ code: 'memory-refused', about: control.refused! }] : [];
  const prompts = said.filter(({ by }) => by.endsWith('/prompt')).length;
  // Whoever only looks prompts nobody.
  if (prompts === 0 && addresses.url !== undefined) remarks.push({ code: 'no-prompt', about: '' });
  return toCheck(
    'sight',
    { people: peopleSeen, prompts, marks: control?.marked.length ?? 0 },
    findings,
    remarks,
    !isRefused,
  );
}

function checkFiles(runs: readonly Run[], found: readonly Finding[], root: string): Check {
  const findings = [...found];
  const renamed: string[] = [];
  for (const { watch } of runs) {
    for (const path of [...watch.elsewhere, ...watch.paths]) {
      const shown = path.replace(root, '');
      // Its data are its own, and temporary files are for a while: the loader of TypeScript keeps some.
      if (!/^\/(data|tmp)\//.test(shown)) findings.push({ code: 'file-elsewhere', where: shown, about: '' });
    }
    for (const path of watch.unread) {
      const shown = path.replace(root, '');
      // Written beside, then put in the place of the old one: what was in it was read under its other name.
      const to = path.replace(/\.(new|tmp|part)$/, '');
      if (to !== path && existsSync(to)) renamed.push(shown);
      else findings.push({ code: 'file-unread', where: shown, about: '' });
    }
  }
  const remarks: Remark[] =
    renamed.length === 0 ? [] : [{ code: 'files-renamed', about: renamed.join(', ') }];
  const sum = (of: (watch: ProcessWatch) => number) =>
    runs.reduce((total, { watch }) => total + of(watch), 0);
  return toCheck(
    'files',
    {
      files: sum(({ files }) => files),
      readings: sum(({ readings }) => readings),
      processes: sum(({ processes }) => processes),
    },
    findings,
    remarks,
  );
}

async function checkSaid(runs: readonly Run[]): Promise<readonly Check[]> {
  const messages: Finding[] = [];
  const numbers: Finding[] = [];
  const different = new Map<string, Said>();
  let plates = 0;
  let bytes = 0;
  for (const { said } of runs) {
    for (const one of said) {
      bytes += one.bytes.length;
      different.set(`${one.by} ${digestOf(one.bytes)}`, one);
    }
  }
  for (const one of different.values()) {
    const found = await judgeSaid(one);
    messages.push(...found.messages);
    numbers.push(...found.numbers);
    if (found.isPlate) plates += 1;
  }
  const all = runs.flatMap(({ said }) => said);
  const by = (way: string) => all.filter((one) => one.by.startsWith(way)).length;
  const remarks: Remark[] = plates === 0 ? [] : [{ code: 'plate-served', about: String(plates) }];
  return [
    toCheck(
      'messages',
      {
        mqtt: by('mqtt '),
        http: by('http '),
        live: by('live '),
        webhooks: by('webhook'),
        log: by('log'),
        journal: by('journal '),
        bytes,
      },
      messages,
      remarks,
    ),
    toCheck('numbers', { messages: different.size }, numbers),
  ];
}

function checkNames(first: Run, second: Run, known: readonly string[]): Check {
  const { findings, visits, names, areCounted } = judgeNames(first, second, known);
  const emptied = first.emptyAfterSeconds;
  const remarks: Remark[] = areCounted
    ? [{ code: 'visits-counted', about: visits[0]!.slice(0, 3).join(', ') }]
    : [];
  return toCheck(
    'identifiers',
    {
      visits: visits.map((one) => one.length).join(' + '),
      names,
      ...(emptied === undefined ? {} : { emptyAfterSeconds: Number(emptied.toFixed(1)) }),
    },
    findings,
    remarks,
    emptied !== undefined,
  );
}

function checkConnections(runs: readonly Run[], receiverPort: number): Check {
  const findings: Finding[] = [];
  let seen = 0;
  for (const { watch, addresses } of runs) {
    const own = [addresses.url, addresses.mqttUrl].flatMap((url) =>
      url === undefined ? [] : [Number(new URL(url).port)],
    );
    for (const { protocol, local, remote } of watch.connections) {
      seen += 1;
      const [from, to] = [local, remote].map((address) => Number(address.split(':').at(-1)));
      const isOurs = own.includes(from!) || own.includes(to!) || to === receiverPort;
      if (!(isLoopback(remote) && isOurs))
        findings.push({ code: 'connection', where: `${protocol} ${remote}`, about: '' });
    }
  }
  return toCheck('connections', { connections: seen }, findings);
}

function checkMemory(first: Run, second: Run): Check {
  const findings = [first, second].flatMap(({ memory }, index) =>
    memory.marked.map(
      ({ of, address, as, rows }): Finding => ({
        code: 'memory-marked',
        where: `${of} ${address}`,
        about: `${index === 0 ? 'A' : 'B'}: ${as}${rows === undefined ? '' : `, ${rows.rows} rows of ${rows.rowBytes} bytes, ${rows.layout}`}`,
      }),
    ),
  );
  const refused = first.memory.refused ?? second.memory.refused;
  const remarks: Remark[] = [];
  if (refused !== undefined) remarks.push({ code: 'memory-refused', about: refused });
  if (first.coreLimit !== undefined && first.coreLimit !== '0') {
    remarks.push({ code: 'core-dumps', about: first.coreLimit });
  }
  const megabytes = (run: Run) => Math.round(run.memory.bytes / 1e6);
  return toCheck(
    'memory',
    { megabytesAfterVisits: megabytes(first), megabytesAfterBreak: megabytes(second) },
    findings,
    remarks,
    refused === undefined,
  );
}
