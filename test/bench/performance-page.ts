import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';
import { slopeOf } from './growth.ts';
import type { Machine } from './machine.ts';
import { type Suite, suiteFile, suiteSchema } from './suite-file.ts';
import { keptUp } from './whole.ts';

export const performanceFile: string = join(packageRoot, 'docs', 'performance.md');
export const figuresBegin = '<!-- figures: npm run bench -- --write -->';
export const figuresEnd = '<!-- end of figures -->';

const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const rule = (columns: number) => row(...Array.from({ length: columns }, () => '---'));
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [row(...head), rule(head.length), ...rows.map((cells) => row(...cells))].join('\n');
const taken = ({ date, machine, load }: Machine) => `On ${date}, ${machine}, load ${load}.`;
const ms = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0));
const whole = (value: number) => value.toFixed(0);

const abouts: Record<NonNullable<Suite['stages']>['costs'][number]['stage'], string> = {
  decode: 'two pictures of 960×540, H.264, of which one is taken',
  resize: 'into 640×384, packed RGB',
  sight: 'whether the picture can be relied on',
  inference: 'the network, there and back over its thread, one thread',
  suppress: 'answers to boxes, each person once',
  track: 'a part of `step`',
  step: 'tracks, visits, behaviours, prompts',
  publish: 'a prompt to a subscriber over TCP, both ends; not once a frame',
};

function ofStages(stages: NonNullable<Suite['stages']>): string {
  const rest = stages.costs
    .filter(({ stage }) => ['decode', 'resize', 'sight', 'suppress', 'step'].includes(stage))
    .reduce((sum, { processorMs }) => sum + processorMs, 0);
  return [
    '### A frame, stage by stage',
    table(
      ['stage', 'processor ms', '10 % to 90 %', 'what it is'],
      stages.costs.map(({ stage, processorMs, spread: [low, high] }) => [
        stage,
        ms(processorMs),
        `${ms(low)} to ${ms(high)}`,
        abouts[stage],
      ]),
    ),
    `Everything a frame costs beside inference is ${ms(rest)} ms: decode, resize, sight, suppress and step. ${taken(stages)}`,
  ].join('\n\n');
}

function manyCameras(runs: NonNullable<Suite['memory']>['runs']): string {
  return table(
    [
      'cameras',
      'frames a second, of the slowest',
      'passed over',
      'cores used',
      'resident MB',
      'most MB',
      'journal MB',
      'kept up',
    ],
    runs.map((one) => [
      one.cameras,
      Math.min(...one.framesPerSecond).toFixed(1),
      one.dropped,
      one.cores.toFixed(2),
      whole(one.residentMegabytes),
      whole(one.peakMegabytes),
      one.journalMegabytes === undefined ? 'not taken' : whole(one.journalMegabytes),
      keptUp(one) ? 'yes' : 'no',
    ]),
  );
}

const ofCameras = (cameras: NonNullable<Suite['cameras']>) =>
  [
    '### Cameras kept up with, at 5 frames a second each',
    `${cameras.sustained === 0 ? 'Not one' : cameras.sustained}. Everything is as it is by default; each camera comes over RTSP and shows the demo's lobby, in which there is always somebody.`,
    manyCameras(cameras.runs),
    taken(cameras),
  ].join('\n\n');

const ofMemory = (memory: NonNullable<Suite['memory']>) =>
  ['### Memory', manyCameras(memory.runs), taken(memory)].join('\n\n');

const ofStart = (start: NonNullable<Suite['start']>) =>
  [
    '### Start',
    table(
      ['from the start of the process to', 's'],
      [
        ['its addresses (`lobby run`)', start.listeningSeconds.toFixed(1)],
        ['the first frame that was looked at', start.lookingSeconds.toFixed(1)],
        [
          'the first prompt of the demo, 3.6 s into its clip (median of 3)',
          start.firstPromptSeconds.toFixed(1),
        ],
      ],
    ),
    taken(start),
  ].join('\n\n');

const ofReplay = (replay: NonNullable<Suite['replay']>) =>
  [
    '### Replay of the demo, 66 s, the start of the program included',
    table(
      ['from', 'times real time', 'most MB'],
      (['clip', 'recording'] as const).map((from) => [
        from,
        replay[from].timesRealTime.toFixed(1),
        whole(replay[from].peakMegabytes),
      ]),
    ),
    taken(replay),
  ].join('\n\n');

function ofGrowth(growth: NonNullable<Suite['growth']>): string {
  const costs = (of: typeof growth.people) =>
    of.map((one) => [one.of, ms(one.median), ms(one.p95), whole(one.stateKilobytes)]);
  const slope = (of: typeof growth.people) => slopeOf(of.filter((one) => one.of >= 4)).toFixed(2);
  return [
    '### How the core grows',
    `By people in one hall that grows with them. The cost of a frame grows as people to the power of ${slope(growth.people)}, from five on.`,
    table(['people', 'step, ms', 'p95', 'state, kB'], costs(growth.people)),
    `By cameras, each with five people before it. The cost of one camera's frame grows as cameras to the power of ${slope(growth.cameras)}, from four on: a frame is judged with all visits of the branch.`,
    table(['cameras', 'step, ms', 'p95', 'state, kB'], costs(growth.cameras)),
    'By hours, with ten people in the hall who come and go:',
    table(
      ['hours', 'state, kB'],
      growth.hours.map(({ hour, stateKilobytes }) => [hour, whole(stateKilobytes)]),
    ),
    taken(growth),
  ].join('\n\n');
}

function ofSize(size: NonNullable<Suite['size']>): string {
  const box = size.packages - size.otherPlatforms + size.models + size.pages + size.source;
  return [
    '### On the disk',
    table(
      ['what', 'MB'],
      [
        ['packages, `npm ci --omit=dev`', whole(size.packages)],
        ['of them, native parts for other systems and processors', whole(size.otherPlatforms)],
        ...size.largest.map(({ name, megabytes }) => [`of them, \`${name}\``, whole(megabytes)]),
        ['models', whole(size.models)],
        ['pages', whole(size.pages)],
        ['source', whole(size.source)],
        ['**all, without what is for other machines**, beside Node', whole(box)],
      ],
    ),
    taken(size),
  ].join('\n\n');
}

function ofRoofline(roof: NonNullable<Suite['roofline']>): string {
  const { floatPeak, bytePeak, networkOperations, reached } = roof;
  const least = (networkOperations / floatPeak) * 1000;
  return [
    '### What one core can do at most',
    table(
      ['in ONNX Runtime, one thread', 'billion operations a second'],
      [
        ['a matrix product, float32', floatPeak.toFixed(1)],
        ['the same of bytes by signed bytes, as INT8 needs it', bytePeak.toFixed(1)],
        ['the network, all that is not convolution included', reached.toFixed(1)],
      ],
    ),
    `The network is ${networkOperations.toFixed(2)} billion operations a picture, so at the rate of the matrix product it takes ${least.toFixed(0)} ms, and in 15 ms a core would have to do ${(networkOperations / 0.015).toFixed(0)} billion a second. ${taken(roof)}`,
  ].join('\n\n');
}

const ofPeers = (peers: NonNullable<Suite['peers']>) =>
  [
    '### Beside what a user would run instead',
    table(
      ['instead of', 'what', 'times the processor time', '10 % to 90 %'],
      peers.peers.map(({ name, instead, ratio, spread: [low, high] }) => [
        instead,
        name,
        ratio.toFixed(1),
        `${low.toFixed(1)} to ${high.toFixed(1)}`,
      ]),
    ),
    `In turns within one run, on the same frames or boxes. ${taken(peers)}`,
  ].join('\n\n');

/** The tables of `docs/performance.md`, from what was measured. */
export function performanceTables(): string {
  const { stages, cameras, memory, start, replay, growth, size, peers, roofline } = suiteSchema.parse(
    JSON.parse(readFileSync(suiteFile, 'utf8')),
  );
  return [
    stages && ofStages(stages),
    roofline && ofRoofline(roofline),
    peers && ofPeers(peers),
    cameras && ofCameras(cameras),
    memory && ofMemory(memory),
    start && ofStart(start),
    replay && ofReplay(replay),
    growth && ofGrowth(growth),
    size && ofSize(size),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

/** Puts what was measured into `docs/performance.md`. */
export function writePerformancePage(): void {
  const text = readFileSync(performanceFile, 'utf8');
  const [before] = text.split(figuresBegin);
  const after = text.split(figuresEnd)[1];
  writeFileSync(
    performanceFile,
    `${before}${figuresBegin}\n\n${performanceTables()}\n\n${figuresEnd}${after}`,
  );
}
