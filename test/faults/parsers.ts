import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqttPacket from 'mqtt-packet';
import { startEmbeddedBroker } from '../../edge/brokers/embedded.ts';
import { readSaid } from '../../edge/brokers/read-said.ts';
import { parseWatchLogins, watchLoginLine } from '../../edge/brokers/watch-logins.ts';
import { parseEvents, parseTruth } from '../../edge/cli/score.ts';
import { openFileOutbox } from '../../edge/data/file-outbox.ts';
import { openFilePromptStore } from '../../edge/data/file-prompt-store.ts';
import { parseManifest } from '../../edge/detectors/models-folder.ts';
import { askSchema } from '../../edge/journals/serve-journal.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { readLogin } from '../../edge/pages/watch/login.ts';
import { readHealth, readLobby, readPrompt, readState } from '../../edge/pages/watch/read.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import { eventSchema } from '../../src/contract/events.ts';
import { journalLineSchema } from '../../src/contract/journal.ts';
import { floorSchema, minutesSchema, planSchema } from '../../src/contract/live.ts';
import { manifestSchema } from '../../src/contract/manifest.ts';
import { parseRecording, toRecordingLine } from '../../src/contract/recording.ts';
import { ackSchema, dutySchema } from '../../src/contract/topics.ts';
import { scoreEvents } from '../../src/core/score/score-events.ts';
import { trackDefaults } from '../../src/core/track/track.ts';
import { toPlanPayload } from '../../src/service/floor-wire.ts';
import { parseCameraModel, parseMot, trackMot } from '../../src/service/mot.ts';
import { toPlayed } from '../../src/service/played-lines.ts';
import { replay } from '../../src/service/replay.ts';
import { settingsOf } from '../../src/service/settings.ts';
import { busyDay } from '../bench/busy-day.ts';
import { openSmallLobby, smallBranch } from '../service/small-lobby.ts';
import { parsersBetweenBoxes } from './parsers-between-boxes.ts';

export type Verdict = 'accepted' | 'refused';

/** A parser of bytes from outside, and what is true of it whatever comes. */
export interface FuzzedParser {
  readonly name: string;
  /** Inputs it accepts, from which others are made. */
  readonly examples: readonly Buffer[];
  /** Share of a run's inputs, for what costs more than a parse. Default 1. */
  readonly share?: number;
  /** @throws what no input may cause: all but the documented refusal, or an accepted result that is not as it should be */
  take(bytes: Buffer): Verdict | Promise<Verdict>;
  close?(): Promise<void>;
}

const at = '2026-11-24T10:42:04.000Z';
const id = '01KAT5Y5G0QK3F9AAB7M2N8XYZ';
const text = (...all: readonly (string | object)[]) =>
  all.map((one) => Buffer.from(typeof one === 'string' ? one : JSON.stringify(one)));
const read = (...path: readonly string[]) => readFileSync(join(packageRoot, ...path), 'utf8');

/** The documented refusal is a `LobbyError` that says what and what to do, and is short enough to be read. */
function refusing(parse: () => Verdict): Verdict {
  try {
    return parse();
  } catch (error) {
    return refused(error);
  }
}

function refused(error: unknown): Verdict {
  if (!(error instanceof LobbyError)) throw error;
  if (error.message.length > 2_000) throw new Error(`a refusal of ${error.message.length} letters`);
  return 'refused';
}

/** What was accepted is accepted again, and means the same. */
function holds(again: boolean): Verdict {
  if (!again) throw new Error('what was accepted does not fit its own schema');
  return 'accepted';
}

const prompt = {
  v: 1,
  id,
  kind: 'greet',
  place: 'main-door',
  placeName: { zh: '门口', en: 'Door' },
  people: 1,
  urgency: 'now',
  say: { zh: '门口 迎接', en: 'Door: greet' },
  words: { zh: '您好', en: 'Hello' },
  waitedSeconds: 0,
  raisedAt: at,
  expiresAt: '2026-11-24T10:43:04.000Z',
  haptic: 'arrival',
};
const recording = [
  JSON.stringify({ recording: 1, branch: 'harbour', detector: 'd' }),
  JSON.stringify({ camera: 'hall', at: 0.2, people: [[340, 90, 390, 260, 0.9]], frame: [1280, 720] }),
  JSON.stringify({ camera: 'hall', at: 0.4, people: [[345, 90, 395, 260, 0.9, [1, 1, 2, 2], [0.3, 0.8]]] }),
  JSON.stringify({ camera: 'hall', at: 1, blind: 'dark' }),
  JSON.stringify({ camera: 'hall', at: 2 }),
].join('\n');

/** Parsers of what stands in files that a person or another program made. */
async function ofFiles(): Promise<readonly FuzzedParser[]> {
  const branch = smallBranch();
  const small = `branch: harbour
cameras:
  - id: hall
    source: rtsp://127.0.0.1/hall
    floor: [{ pixel: [1, 1], metres: [-3, -2] }, { pixel: [9, 1], metres: [3, -2] }, { pixel: [9, 9], metres: [3, 3] }, { pixel: [1, 9], metres: [-3, 3] }]
zones:
  - { id: main-door, kind: entrance, line: [[-3, -1], [-3, 1]], inside: [-2, 0] }
`;
  const logins = [await watchLoginLine('harbour', 'password'), await watchLoginLine('other', 'password')];
  return [
    {
      name: 'branch file',
      examples: text(
        small,
        small.replace(
          'zones:',
          'hours: { timezone: Asia/Shanghai }\nthresholds: { queue: { length: 3 } }\nzones:',
        ),
      ),
      share: 0.05,
      take: (bytes) =>
        refusing(() => {
          const understood = parseBranch(bytes.toString('utf8'), 'branch.yaml');
          settingsOf(understood);
          return holds(planSchema.safeParse(toPlanPayload(understood)).success);
        }),
    },
    {
      name: 'recording',
      examples: text(recording),
      take: async (bytes) => {
        let seen: ReturnType<typeof parseRecording>;
        try {
          seen = parseRecording(bytes.toString('utf8'), 'seen.jsonl');
        } catch (error) {
          return refused(error);
        }
        const known = seen.filter(({ camera }) => camera === 'hall');
        for await (const { events } of replay(branch, known)) {
          for (const event of events) eventSchema.parse(JSON.parse(JSON.stringify(event)));
        }
        return holds(seen.every((one) => JSON.parse(toRecordingLine(one)) !== undefined));
      },
      share: 0.5,
    },
    {
      name: 'detections (MOT)',
      examples: text(
        '1,-1,100,100,40,120,0.9\n2,-1,102,100,40,120,0.8,-1,-1,-1\n2,-1,300,90,45,130,0.7\n4,-1,106,101,40,120,0.9\n',
      ),
      share: 0.5,
      take: (bytes) =>
        refusing(() => {
          const frames = parseMot(bytes.toString('utf8'), 'det.txt');
          const options = { framesPerSecond: 25, every: 1, plane: {}, settings: trackDefaults };
          for (const line of trackMot(frames.slice(0, 50), options)) {
            if (/NaN|Infinity|undefined/.test(line)) throw new Error(`a track of ${line}`);
          }
          return 'accepted';
        }),
    },
    {
      name: 'camera model',
      examples: text(
        'RotationMatrices\n1 0 0\n0 0 -1\n0 1 0\n\nTranslationVectors\n0 1000 5000\n\nIntrinsicMatrix\n1000 0 640\n0 1000 360\n0 0 1\n',
      ),
      take: (bytes) =>
        refusing(() => {
          const { toFloor, toPixel } = parseCameraModel(bytes.toString('utf8'), 'camera.txt');
          return holds([...toFloor, ...toPixel].flat().every((value) => Number.isFinite(value)));
        }),
    },
    {
      name: 'model manifest',
      examples: text(read('models', 'manifest.json'), JSON.parse(read('models', 'manifest.json')) as object),
      share: 0.2,
      take: (bytes) =>
        refusing(() => holds(manifestSchema.safeParse(parseManifest(bytes.toString('utf8'), 'm')).success)),
    },
    {
      name: 'watch logins',
      examples: text(logins.join('\n'), `# watches\n\n${logins[0]}\n`),
      take: async (bytes) => {
        try {
          await parseWatchLogins(bytes.toString('utf8'), 'watches');
          return 'accepted';
        } catch (error) {
          return refused(error);
        }
      },
    },
    {
      name: 'truth',
      examples: text({
        people: [
          { id: 'c1', role: 'customer' },
          { id: 's1', role: 'staff' },
        ],
        frames: [{ t: 0, people: [{ id: 'c1', x: 0, y: 1 }] }],
        events: [
          { t: 5, kind: 'arrived', person: 'c1', zone: 'main-door' },
          { t: 9, kind: 'contacted', person: 's1', customer: 'c1' },
        ],
      }),
      take: (bytes) =>
        refusing(() => {
          scoreEvents(parseTruth(bytes.toString('utf8'), 'truth.json'), [], 15);
          return 'accepted';
        }),
    },
    {
      name: 'events',
      examples: text(
        [
          { t: 5.2, kind: 'arrived', visit: 'v2', role: 'customer', zone: 'main-door', at: [-4.973, 2.287] },
          { t: 9, kind: 'contacted', visit: 'v2', role: 'customer', zone: null, at: null, waited: 3.8 },
        ]
          .map((one) => JSON.stringify(one))
          .join('\n'),
      ),
      take: (bytes) =>
        refusing(() => {
          const events = parseEvents(bytes.toString('utf8'), 'events.jsonl');
          const truth = { people: [], frames: [], events: [] };
          scoreEvents(truth, events, 15);
          return holds(events.every((one) => eventSchema.safeParse(one).success));
        }),
    },
  ];
}

/** What wrists say, and what a wrist or a page is told. */
function ofMessages(): readonly FuzzedParser[] {
  const acks = ['delivered', 'seen', 'accepted', 'met', 'not-needed', 'undo'].map((answer) => ({
    v: 1,
    id,
    answer,
    role: 'manager',
    watch: 'w-1',
  }));
  const small = openSmallLobby(smallBranch(), at);
  const reading = (
    name: string,
    reader: (text: string) => unknown,
    ...examples: readonly object[]
  ): FuzzedParser => ({
    name,
    examples: text(...examples),
    take: (bytes) => (reader(bytes.toString('utf8')) === undefined ? 'refused' : 'accepted'),
  });
  const schemed = (
    name: string,
    schema: { safeParse(value: unknown): { success: boolean; data?: unknown } },
    ...examples: readonly object[]
  ): FuzzedParser => ({
    name,
    examples: text(...examples),
    take(bytes) {
      let given: unknown;
      try {
        given = JSON.parse(bytes.toString('utf8'));
      } catch {
        return 'refused';
      }
      const parsed = schema.safeParse(given);
      if (!parsed.success) return 'refused';
      return holds(schema.safeParse(JSON.parse(JSON.stringify(parsed.data))).success);
    },
  });
  return [
    {
      name: 'ack',
      examples: text(...acks),
      take(bytes) {
        const said = readSaid(bytes, ackSchema);
        if (typeof said === 'string') return 'refused';
        small.lobby.answer(said.said);
        return holds(ackSchema.safeParse(said.said).success);
      },
    },
    {
      name: 'duty',
      examples: text(
        { v: 1, watch: 'w-1', role: 'manager', onDuty: true },
        { v: 1, watch: 'w-1', role: 'deputy', onDuty: false, lost: true },
        { v: 1, watch: 'w-1', role: 'manager', onDuty: true, quietSeconds: 600, place: 'main-door' },
      ),
      share: 0.3,
      take(bytes) {
        const said = readSaid(bytes, dutySchema);
        if (typeof said === 'string') return 'refused';
        small.lobby.duty(said.said);
        return holds(dutySchema.safeParse(said.said).success);
      },
    },
    reading('prompt, on a wrist', readPrompt, prompt, { ...prompt, to: ['manager'], watches: ['w-1'] }),
    reading('prompt state, on a wrist', readState, { v: 1, id, phase: 'met', by: 'manager', at }),
    reading('lobby, on a wrist', readLobby, {
      v: 1,
      at,
      inLobby: 3,
      toGreet: 1,
      inQueue: 0,
      staffSeen: 1,
      zones: [{ id: 'cash', kind: 'queue', name: { zh: '现金区', en: 'Cash' } }],
      open: [{ prompt, phase: 'raised' }],
    }),
    reading('health, on a wrist', readHealth, {
      v: 1,
      state: 'ok',
      at,
      cameras: [{ id: 'hall', state: 'live', since: at, framesPerSecond: 5, places: ['cash'] }],
    }),
    {
      name: 'login of a watch page',
      examples: text('#login=harbour:password', '#login=', '#login=a%3Ab:c%25'),
      take: (bytes) => (readLogin(bytes.toString('utf8')) === undefined ? 'refused' : 'accepted'),
    },
    schemed('live floor', floorSchema, {
      v: 1,
      at,
      people: [{ visit: 'k3f9-1', x: 1, y: 2, standing: 'in-queue', queue: 'cash', order: 1, forSeconds: 3 }],
    }),
    schemed('live plan', planSchema, toPlanPayload(smallBranch())),
    schemed('live minutes', minutesSchema, {
      v: 1,
      minutes: [{ at, arrived: 1, prompts: 1, met: 0, silences: 0, zones: { cash: 2 }, blind: [] }],
      doors: { 'main-door': { in: 1, out: 0 } },
    }),
    schemed(
      'question to the journal',
      askSchema,
      { ask: 'query', sql: 'SELECT 1', values: [1, 'a', null], bounds: { rows: 1 } },
      { ask: 'lines', wanted: { kinds: ['verdict'], limit: 10 } },
      { ask: 'export', from: '2026-11-24', to: '2026-11-24', format: 'csv' },
    ),
  ];
}

/** What the service left on its own disk, which may have changed it. */
function ofDisk(): readonly FuzzedParser[] {
  // In memory, where there is such a place: what the disk does with it is tried elsewhere.
  const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(place, 'lobby-fuzz-'));
  const journal = busyDay({ day: Date.parse('2026-11-24'), seed: 1, hours: 0.1, arrivals: 8 });
  const kinds = new Map(
    journal.filter((line) => journalLineSchema.safeParse(line).success).map((line) => [line.kind, line]),
  );
  const file = (name: string) => join(folder, name);
  const seconds = Date.parse(at) / 1000;
  const branch = smallBranch();
  const allowance = { spent: 1, at: seconds, buzzedAt: [seconds] };
  return [
    {
      name: 'journal line',
      examples: text(...kinds.values()),
      take(bytes) {
        let given: unknown;
        try {
          given = JSON.parse(bytes.toString('utf8'));
        } catch {
          return 'refused';
        }
        const line = journalLineSchema.safeParse(given);
        if (!line.success) return 'refused';
        toPlayed(line.data);
        return holds(journalLineSchema.safeParse(JSON.parse(JSON.stringify(line.data))).success);
      },
    },
    {
      name: 'open prompts of before',
      share: 0.05,
      examples: text({
        v: 1,
        branch: 'harbour',
        at: seconds - 10,
        seed: 7,
        open: [
          {
            id,
            kind: 'greet',
            place: 'main-door',
            reached: [{ watch: 'w-1', deliveredAt: seconds - 11 }],
            routedAt: seconds - 12,
            people: 1,
            urgency: 'now',
            haptic: 'arrival',
            waitedSeconds: 0,
            raisedAt: seconds - 12,
            expiresAt: seconds + 40,
            phase: 'raised',
            cause: 'arrived',
          },
        ],
        asked: [{ kind: 'greet', zone: 'main-door', at: seconds - 12 }],
        wearers: {
          known: true,
          wearers: [{ watch: 'w-1', role: 'manager', onDuty: true, since: seconds - 60, allowance }],
          everybody: allowance,
        },
      }),
      take(bytes) {
        writeFileSync(file('prompts.json'), bytes);
        const store = openFilePromptStore({ file: file('prompts.json'), branch: 'harbour' });
        rmSync(file('prompts.json.aside'), { force: true });
        const small = openSmallLobby(branch, at, { prompts: store });
        small.lobby.answer({ v: 1, id, answer: 'accepted', role: 'manager', watch: 'w-1' });
        small.lobby.lobby();
        return store.left === undefined ? 'refused' : 'accepted';
      },
    },
    {
      name: 'outbox of before',
      share: 0.05,
      examples: text(
        [
          { outbox: 1, branch: 'harbour' },
          {
            keep: 1,
            message: {
              topic: 'lobby/v1/harbour/prompt',
              payload: JSON.stringify(prompt),
              prompt: id,
              message: 'prompt',
              until: seconds * 1000,
            },
          },
          {
            keep: 2,
            message: {
              topic: `lobby/v1/harbour/prompt/${id}/state`,
              payload: JSON.stringify({ v: 1, id, phase: 'met', at }),
              prompt: id,
              message: 'state',
              until: seconds * 1000,
            },
          },
          { done: 1 },
        ]
          .map((one) => JSON.stringify(one))
          .join('\n'),
      ),
      take(bytes) {
        writeFileSync(file('outbox.jsonl'), bytes);
        const outbox = openFileOutbox({ file: file('outbox.jsonl'), branch: 'harbour' });
        outbox.close();
        return outbox.left.length === 0 ? 'refused' : 'accepted';
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    },
  ];
}

/** Bytes to the port of the embedded broker; whatever came, the next client is served. */
async function ofBroker(): Promise<FuzzedParser> {
  const broker = await startEmbeddedBroker({ branch: 'harbour', mqttPort: 0 });
  const packet = (one: object) => mqttPacket.generate(one as never) as Buffer;
  const hello = packet({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: 'w-1',
    keepalive: 30,
  });
  const ack = JSON.stringify({ v: 1, id, answer: 'met', role: 'manager', watch: 'w-1' });
  const examples = [
    Buffer.concat([
      hello,
      packet({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [{ topic: 'lobby/v1/harbour/prompt', qos: 1 }],
      }),
    ]),
    Buffer.concat([
      hello,
      packet({
        cmd: 'publish',
        topic: 'lobby/v1/harbour/ack',
        payload: ack,
        qos: 1,
        messageId: 2,
        dup: false,
        retain: false,
      }),
    ]),
    Buffer.concat([
      hello,
      packet({ cmd: 'pingreq' }),
      packet({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['a'] }),
      packet({ cmd: 'disconnect' }),
    ]),
    packet({
      ...{
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        clientId: 'w-2',
        keepalive: 30,
      },
      will: { topic: 'lobby/v1/harbour/duty', payload: Buffer.from('{}'), qos: 1, retain: false },
    }),
    Buffer.concat([
      hello,
      packet({ cmd: 'publish', topic: 'a', payload: 'b', qos: 2, messageId: 9, dup: true, retain: true }),
      packet({ cmd: 'pubrel', messageId: 9 }),
    ]),
  ];
  let faults: unknown[] = [];
  const note = (error: unknown) => void faults.push(error);
  /** Sends, waits for what comes back or for the end, and leaves: as rude as a client can be. */
  const send = (bytes: Buffer, withinMs: number) =>
    new Promise<Buffer>((resolve) => {
      const socket = connect(broker.port, '127.0.0.1');
      let got = Buffer.alloc(0);
      const end = () => {
        clearTimeout(late);
        socket.resetAndDestroy();
        resolve(got);
      };
      const late = setTimeout(end, withinMs);
      socket.on('data', (more) => {
        got = Buffer.concat([got, more]);
        end();
      });
      socket.on('error', end);
      socket.on('close', end);
      socket.end(bytes);
    });
  let sent = 0;
  return {
    name: 'MQTT packets',
    share: 0.02,
    examples,
    async take(bytes) {
      process.on('uncaughtException', note);
      process.on('unhandledRejection', note);
      const got = await send(bytes, 50);
      sent += 1;
      const greeted = sent % 50 === 0 ? await send(hello, 10_000) : got;
      process.off('uncaughtException', note);
      process.off('unhandledRejection', note);
      const [fault] = faults;
      faults = [];
      if (fault !== undefined) throw fault;
      if (greeted !== got && (greeted[0] !== 0x20 || greeted[3] !== 0)) {
        throw new Error(`the broker greets nobody any more: ${greeted.toString('hex')}`);
      }
      return got[0] === 0x20 && got[3] === 0 ? 'accepted' : 'refused';
    },
    async close() {
      await broker.close();
    },
  };
}

/** Every parser of bytes from outside, but the API, which needs the whole service around it. */
export async function openParsers(): Promise<readonly FuzzedParser[]> {
  return [...(await ofFiles()), ...ofMessages(), ...ofDisk(), await ofBroker(), ...parsersBetweenBoxes()];
}
