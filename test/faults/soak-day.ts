import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { startEmbeddedBroker } from '../../edge/brokers/embedded.ts';
import { connectPublisher } from '../../edge/brokers/mqtt-publisher.ts';
import { openData } from '../../edge/data/open-data.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import { parseRecording, toRecordingLine } from '../../src/contract/recording.ts';
import { type PromptPayload, topicsOf } from '../../src/contract/topics.ts';
import { createLobby } from '../../src/service/lobby.ts';
import { toMoment } from '../../src/service/wire.ts';
import { createCrowd } from '../bench/crowd.ts';
import { ManualClock } from '../manual-clock.ts';
import { familyRss } from './family-memory.ts';
import type { MemorySample } from './flat.ts';

export interface DaySoak {
  readonly samples: readonly MemorySample[];
  readonly hours: number;
  readonly people: number;
  readonly frames: number;
  readonly promptsRaised: number;
  readonly promptsHeard: number;
  /** Raised, and neither heard by the wrist nor told in the journal as missed. */
  readonly promptsLost: number;
  readonly journalLines: number;
  readonly journalLost: number;
  readonly wallSeconds: number;
}

export interface DaySoakOptions {
  readonly hours: number;
  readonly people?: number;
  readonly framesPerSecond?: number;
  readonly onSample?: (sample: MemorySample) => void;
}

const sampleEverySeconds = 600;
const settleMs = 20;

/**
 * A busy day as fast as the machine goes: detections of a made-up crowd, written and read as a recording is, through
 * the live lobby, with the journal on a disk, the broker in the process and a wrist that answers every prompt. Time is
 * moved by hand; what the disk and the broker do takes the time that it takes.
 */
export async function soakDay({
  hours,
  people = 20,
  framesPerSecond = 2,
  onSample,
}: DaySoakOptions): Promise<DaySoak> {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-soak-day-'));
  const crowd = createCrowd(people, framesPerSecond);
  const branch = branchOf(crowd.settings);
  const begun = Date.parse('2026-11-24T09:00:00.000Z') / 1000;
  const clock = new ManualClock(begun);
  const data = await openData({ folder, branch: branch.id, journal: branch.journal, clock });
  const broker = await startEmbeddedBroker({ branch: branch.id, mqttPort: 0 });
  const raised = new Set<string>();
  const publisher = await connectPublisher({
    url: broker.url,
    stream: () => broker.link(),
    branch: branch.id,
    clock,
    protocol: 4,
    outbox: data.outbox,
    onMissed: (missed) => data.journal.write({ v: 1, at: toMoment(clock.now()), kind: 'missed', ...missed }),
  });
  const lobby = createLobby({
    branch,
    clock,
    publisher,
    seed: 7,
    detector: 'a recording',
    version: 'soak',
    journal: data.journal,
    prompts: data.prompts,
    onStep: ({ changes }) => {
      for (const change of changes) if (change.kind === 'raised') raised.add(change.prompt.id);
    },
  });
  publisher.onAck(lobby.answer);
  publisher.onDuty(lobby.duty);
  publisher.onConfirmed(lobby.confirmed);
  const topics = topicsOf(branch.id);
  const heard = new Set<string>();
  const wrist = await mqtt.connectAsync(broker.url);
  wrist.on('message', (topic, bytes) => {
    if (topic !== topics.prompt) return;
    const { id } = JSON.parse(bytes.toString()) as PromptPayload;
    heard.add(id);
    const said = { v: 1, id, role: 'manager', watch: 'w-soak' };
    for (const answer of ['delivered', 'seen', 'accepted', 'met'].slice(0, 2 + (heard.size % 3))) {
      wrist.publish(topics.ack, JSON.stringify({ ...said, answer }), { qos: 1 });
    }
  });
  await wrist.subscribeAsync([topics.prompt, topics.promptStates, topics.lobby, topics.health], { qos: 1 });
  await wrist.publishAsync(
    topics.duty,
    JSON.stringify({ v: 1, watch: 'w-soak', role: 'manager', onDuty: true }),
    { qos: 1 },
  );

  const header = JSON.stringify({ recording: 1, branch: branch.id, detector: 'made up' });
  const samples: MemorySample[] = [];
  const from = performance.now();
  let frames = 0;
  try {
    for (let second = 0; second < hours * 3600; second += 1) {
      const lines = Array.from({ length: framesPerSecond }, () => toRecordingLine(crowd.next()));
      for (const seen of parseRecording([header, ...lines].join('\n'), 'soak')) {
        if (seen.kind !== 'people') continue;
        await clock.advance(1 / framesPerSecond);
        lobby.hear('hall', { kind: 'people', at: clock.now(), people: seen.people });
        frames += 1;
      }
      if (second % 10 === 9) {
        const health = {
          state: 'live',
          since: begun,
          framesPerSecond,
          dropped: 0,
          detectorErrors: 0,
          attempts: 0,
        } as const;
        lobby.hear('hall', { kind: 'health', at: clock.now(), health });
        // What travels has a moment of the real time too, or a day's prompts would come in a heap.
        await new Promise((resolve) => setTimeout(resolve, settleMs));
      }
      if (second % 60 === 59) await data.journal.takeIn();
      if (second % sampleEverySeconds !== sampleEverySeconds - 1) continue;
      await new Promise((resolve) => setTimeout(resolve, 200));
      globalThis.gc?.();
      const memory = process.memoryUsage();
      const sample = {
        atSeconds: second + 1,
        rssMegabytes: familyRss(process.pid) / 1e6,
        heapMegabytes: memory.heapUsed / 1e6,
        externalMegabytes: memory.external / 1e6,
      };
      samples.push(sample);
      onSample?.(sample);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const missed = (
      await data.journal.query("SELECT id FROM missed WHERE message = 'prompt'", [], { rows: 100_000 })
    ).rows;
    const told = new Set(missed.map(([id]) => String(id)));
    const { written, lost } = data.journal.state;
    return {
      samples,
      hours,
      people,
      frames,
      promptsRaised: raised.size,
      promptsHeard: heard.size,
      promptsLost: [...raised].filter((id) => !heard.has(id) && !told.has(id)).length,
      journalLines: written,
      journalLost: lost,
      wallSeconds: Math.round((performance.now() - from) / 1000),
    };
  } finally {
    await wrist.endAsync(true);
    await publisher.close();
    await broker.close();
    await data.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The crowd's hall as a branch file would say it. */
function branchOf({ cameras, zones }: ReturnType<typeof createCrowd>['settings']) {
  const [camera] = cameras as unknown as [
    { see(point: { x: number; y: number }, height: number): { x: number; y: number } },
  ];
  const pairs = [-2.5, 0, 2.5].flatMap((x) =>
    [-2.5, 0, 2.5].map((y) => {
      const pixel = camera.see({ x, y }, 0);
      return `      - { pixel: [${pixel.x.toFixed(3)}, ${pixel.y.toFixed(3)}], metres: [${x}, ${y}] }`;
    }),
  );
  const point = ({ x, y }: { x: number; y: number }) => `[${x.toFixed(2)}, ${y.toFixed(2)}]`;
  const drawn = zones.map((zone) =>
    'door' in zone
      ? `  - { id: ${zone.id}, kind: entrance, line: [${point(zone.door.from)}, ${point(zone.door.to)}], inside: ${point(zone.door.inside)} }`
      : `  - { id: ${zone.id}, kind: ${zone.kind}, polygon: [${zone.polygon.map(point).join(', ')}] }`,
  );
  return parseBranch(
    `branch: soak
cameras:
  - id: hall
    source: rtsp://127.0.0.1/hall
    floor:
${pairs.join('\n')}
zones:
${drawn.join('\n')}
`,
    'soak.yaml',
  );
}
