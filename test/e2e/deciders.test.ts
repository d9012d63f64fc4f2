import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boxMessages, boxTopicsOf, clockAskSchema } from '../../src/contract/boxes.ts';
import { messages, type PromptPayload, topicsOf } from '../../src/contract/topics.ts';
import { toCameraState, toPeople } from '../../src/service/boxes-wire.ts';
import { replay } from '../../src/service/replay.ts';
import { type Mosquitto, startMosquitto, users } from '../peers/mosquitto.ts';
import { addMachine, type Machine, namespaces } from '../peers/namespaces.ts';
import { absent, titled } from '../peers/tools.ts';
import { branchOf, knownLobbies, recordingOf } from '../quality/run-lobby.ts';
import { mosquitto } from './mosquitto.ts';
import { busy, demo, endAll, type Service, startServiceWithin } from './service.ts';

const missing = absent(mosquitto, namespaces);
const lobby = knownLobbies().find(({ name }) => name === 'saturday-crowd')!;
const topics = topicsOf(demo.branch);
const boxTopics = boxTopicsOf(demo.branch);

/** How long nobody may decide, from a fault on, on a machine that has a core for each who wants one. */
const mostGapSeconds = 3;
/** As much of the scene as the faults take. */
const scene = recordingOf(lobby).filter(({ at }) => at < 36);

let folder: string;
let broker: Mosquitto;
let branch: string;
const names = ['a', 'b', 'c'] as const;
type Name = (typeof names)[number];
const machines = {} as Record<Name, Machine>;

beforeAll(async () => {
  if (missing !== undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'lobby-deciders-'));
  for (const name of names) machines[name] = addMachine();
  broker = await startMosquitto(undefined, (text) =>
    text.replace(/^listener (\d+) 127\.0\.0\.1$/m, (line, port) =>
      [line, ...Object.values(machines).map(({ here }) => `listener ${port} ${here}`)].join('\n'),
    ),
  );
  branch = join(folder, 'branch.yaml');
  const text = readFileSync(join(lobby.folder, 'branch.yaml'), 'utf8');
  writeFileSync(
    branch,
    text.replace(/^branch: .*/, `branch: ${demo.branch}`).replace('clip.mp4', 'rtsp://127.0.0.1/none'),
  );
});
afterAll(async () => {
  await endAll();
  await broker?.close();
  for (const machine of Object.values(machines)) machine.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

const login = (user: keyof typeof users, host = '127.0.0.1') =>
  `mqtt://${user}:${encodeURIComponent(users[user])}@${host}:${broker.port}`;

const decide = (box: Name): Service =>
  startServiceWithin(
    machines[box].within,
    ...['run', '--role', 'decide', '--box', `box-${box}`, '--branch', branch],
    ...['--broker', login('lobby', machines[box].here), '--open-without-tls'],
    ...['--port', '0', '--data', join(folder, `data-${box}`)],
  );

/** A box that looks: it plays the recording as it was seen, and says what time it is when asked. */
async function sense(): Promise<{ play(): Promise<void>; close(): Promise<void> }> {
  const client = await mqtt.connectAsync(login('sensor'));
  const camera = branchOf(lobby).cameras[0]!.id;
  const say = (name: keyof typeof boxMessages, topic: string, message: unknown) => {
    const { schema, qos, retain } = boxMessages[name];
    client.publish(topic, JSON.stringify(schema.parse(message)), { qos, retain });
  };
  const box = 'box-hall';
  client.on('message', (topic, bytes) => {
    const { id } = clockAskSchema.parse(JSON.parse(bytes.toString()));
    say('clockAnswer', `${topic}/answer`, { v: 1, id, box, at: Date.now() });
  });
  await client.subscribeAsync(boxTopics.clockAsk(box));
  const state = () => {
    const health = {
      state: 'live',
      since: 0,
      framesPerSecond: 5,
      dropped: 0,
      detectorErrors: 0,
      attempts: 0,
    } as const;
    const picture = { width: 960, height: 540 };
    const cameras = [toCameraState(camera, { ...health, picture })];
    say('sensor', boxTopics.sensor(box), { v: 1, box, state: 'on', at: Date.now(), version: '1', cameras });
  };
  state();
  return {
    async play() {
      state();
      const from = Date.now() / 1000;
      let n = 0;
      for (const one of scene) {
        const wait = from + one.at - Date.now() / 1000;
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1000));
        if (one.kind !== 'people') continue;
        const at = from + one.at;
        say(
          'people',
          boxTopics.people(camera),
          toPeople({ kind: 'people', at, people: one.people }, { box, n }),
        );
        n += 1;
      }
    },
    close: () => client.endAsync(true),
  };
}

interface Said {
  readonly at: number;
  readonly topic: string;
  readonly term: number;
  readonly payload: Record<string, unknown>;
}

/** Everything that was said in the branch with a term, in the broker's order. */
async function hearAll(): Promise<{ readonly said: Said[]; readonly client: MqttClient }> {
  const client = await mqtt.connectAsync(login('lobby'));
  const said: Said[] = [];
  client.on('message', (topic, bytes, { retain }) => {
    const payload = JSON.parse(bytes.toString()) as Record<string, unknown>;
    if (!retain && typeof payload.term === 'number' && topic !== boxTopics.lease)
      said.push({ at: performance.now() / 1000, topic, term: payload.term, payload });
  });
  await client.subscribeAsync(`lobby/v1/${demo.branch}/#`, { qos: 1 });
  return { said, client };
}

const until = async (isSo: () => boolean, seconds: number, what: string) => {
  const end = performance.now() + seconds * 1000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe.skipIf(missing)(titled('Three boxes of one branch that can decide', missing), () => {
  test('another goes on within three seconds where the one that does is killed, stands still or loses its network, and nothing is said twice', async () => {
    const boxes = Object.fromEntries(names.map((name) => [name, decide(name)])) as Record<Name, Service>;
    /** Who decides now: of all that began to, the one with the newest term. */
    const decider = (): Name =>
      names
        .flatMap((name) =>
          [...boxes[name].printed.matchAll(/box box-\w decides, term (\d+)/g)]
            .filter(([line]) => line.startsWith(`box box-${name} `))
            .map(([, term]) => ({ name, term: Number(term) })),
        )
        .sort((one, other) => other.term - one.term)[0]!.name;
    await Promise.race(
      names.map((name) => boxes[name].says(new RegExp(`box box-${name} decides, term`), 60)),
    );
    const first = decider();
    for (const name of names)
      if (name !== first)
        await boxes[name].says(new RegExp(`box box-${name} stands by: box box-${first}`), 60);
    const looking = await sense();
    const { said, client } = await hearAll();
    let overheard = 0;
    const others = await Promise.all(
      (['demo', 'sensor'] as const).map((user) => mqtt.connectAsync(login(user))),
    );
    for (const one of others) {
      one.on('message', () => {
        overheard += 1;
      });
      await one.subscribeAsync([boxTopics.lease, boxTopics.deciding]).catch(() => undefined);
    }
    const playing = looking.play();
    const latest = () => Math.max(0, ...said.map(({ term }) => term));
    const gaps: Record<string, number> = {};

    /** Breaks whoever decides, waits until another does, and gives what was said of the old term after that. */
    async function fault(
      name: string,
      breakIt: () => void,
    ): Promise<{ readonly old: number; readonly from: number }> {
      const old = latest();
      breakIt();
      const at = performance.now() / 1000;
      await until(() => latest() > old, 20, `another decides after ${name}`);
      gaps[name] = said.find(({ term }) => term > old)!.at - at;
      return { old, from: said.findIndex(({ term }) => term > old) };
    }
    const saidOld = ({ old, from }: { old: number; from: number }) =>
      said.slice(from).filter(({ term }) => term <= old);
    const seconds = (some: number) => new Promise((resolve) => setTimeout(resolve, some * 1000));

    // Whoever decides by then: on a machine that is busy enough, one may have gone on where another was late.
    await seconds(5);
    const killed = await fault('killed', () => void boxes[decider()].child.kill('SIGKILL'));
    await seconds(3);
    const asleep = decider();
    const stopped = await fault('stopped', () => void boxes[asleep].child.kill('SIGSTOP'));
    await seconds(3);
    boxes[asleep].child.kill('SIGCONT');
    await boxes[asleep].says(/decides no more[\s\S]*stands by: box box-\w decides/, 60);
    await seconds(2);
    const apart = decider();
    const cut = await fault('cut', () => machines[apart].cut());
    await boxes[apart].says(/decides no more/, 60);
    await seconds(2);
    machines[apart].mend();
    await boxes[apart].says(/decides no more[\s\S]*stands by: box box-\w decides/, 60);
    await playing;
    const left = await fault('told to end', () => void boxes[decider()].child.kill('SIGTERM'));
    await seconds(1);

    // What each cost. Of each prompt the first that was said of it: whose it was, and in whose term.
    const prompts = said.filter(({ topic }) => topic === topics.prompt);
    const raised = [...new Set(prompts.map(({ payload }) => payload.id))].map((id) => {
      const { term, payload } = prompts.find((one) => one.payload.id === id)!;
      return { term, ...(payload as PromptPayload) };
    });
    const live = countsOf(raised.map(({ kind, place }) => `${kind} ${place}`));
    const lost = [...countsOf(await promptsOfScene())].flatMap(([what, n]) =>
      n > (live.get(what) ?? 0) ? [`${what}: ${n - (live.get(what) ?? 0)}`] : [],
    );
    // The same of the same moment under another name. What comes so soon after another is put to it, except where the
    // box that said it had withdrawn that other by then: whoever it was of had left.
    const states = said.flatMap(({ topic, payload }) =>
      topic.endsWith('/state') && topic.includes('/prompt/')
        ? [messages.promptState.schema.parse(payload)]
        : [],
    );
    const isWithdrawnBy = (prompt: PromptPayload, at: string) =>
      states.some((one) => one.id === prompt.id && one.phase === 'withdrawn' && one.at <= at);
    const doubled = raised.filter((one) =>
      raised.some(
        (other) =>
          other.id < one.id &&
          other.kind === one.kind &&
          other.place === one.place &&
          Math.abs(Date.parse(one.raisedAt) - Date.parse(other.raisedAt)) < 2_000 &&
          !(other.term === one.term && isWithdrawnBy(other, one.raisedAt)),
      ),
    );
    const late = [killed, stopped, cut, left].map((one) =>
      saidOld(one).map(({ at, topic }) => ({ at, topic })),
    );
    console.log(JSON.stringify({ gaps, prompts: raised.length, lost, doubled, late, overheard }));
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
    for (const gap of Object.values(gaps)) expect(gap).toBeLessThan(mostGapSeconds * busy());
    expect(late).toEqual([[], [], [], []]);
    for (const { topic, payload } of said)
      if (topic === topics.lobby) expect(messages.lobby.schema.safeParse(payload).success).toBe(true);
    expect(overheard).toBe(0);
    await Promise.all([looking.close(), client.endAsync(true), ...others.map((one) => one.endAsync(true))]);
  }, 240_000);
});

/** What the scene leads to where nothing goes wrong. */
async function promptsOfScene(): Promise<readonly string[]> {
  const told: string[] = [];
  for await (const { output } of replay(branchOf(lobby), scene))
    for (const { kind, prompt } of output.changes)
      if (kind === 'raised') told.push(`${prompt.kind} ${prompt.place}`);
  return told;
}

function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
