import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSaid } from '../../edge/brokers/read-said.ts';
import { readBundle } from '../../edge/fleet/bundle.ts';
import { openKeptOrders } from '../../edge/fleet/kept-orders.ts';
import { readMessage } from '../../edge/fleet/read-message.ts';
import { seals } from '../../edge/fleet/settings-of-bank.ts';
import { publicKeyOf } from '../../edge/fleet/signed.ts';
import { clockAnswerSchema, looksSchema, peopleSchema, sensorSchema } from '../../src/contract/boxes.ts';
import { decidingSchema, leaseSchema } from '../../src/contract/deciding.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import { type FleetMessage, fleetTopic } from '../../src/contract/fleet.ts';
import { settingsOrderSchema } from '../../src/contract/fleet-settings.ts';
import { handOver, takeOver } from '../../src/core/hand-over.ts';
import { begin, type CoreState, step } from '../../src/core/step.ts';
import { ofCameraState, ofPeople } from '../../src/service/boxes-wire.ts';
import { ofDeciding, toDeciding } from '../../src/service/deciding-wire.ts';
import { judgeOrder } from '../../src/service/judge-order.ts';
import { settingsOf } from '../../src/service/settings.ts';
import { madeUpBank } from '../fleet/bank-orders.ts';
import { madeUpDayOf, madeUpHour } from '../fleet/made-up-fleet.ts';
import { branchOf, knownLobbies, recordingOf } from '../quality/run-lobby.ts';
import type { FuzzedParser, Verdict } from './parsers.ts';

const at = '2026-11-24T10:42:04.000Z';
const seconds = Date.parse(at) / 1_000;
const text = (...all: readonly object[]) => all.map((one) => Buffer.from(JSON.stringify(one)));

/** What boxes of one branch say to each other. */
function ofBoxes(): readonly FuzzedParser[] {
  const about = { v: 1, box: 'box-hall' };
  const lobby = knownLobbies().find(({ name }) => name === 'demo')!;
  const settings = settingsOf(branchOf(lobby));
  const looks = recordingOf(lobby).slice(0, 60);
  const look = { ...looks.at(-1)!, at: seconds + 1 };
  let state: CoreState = begin(7);
  for (const one of looks) [state] = step(state, { ...one, at: seconds - 20 + one.at }, settings);
  const { text: handed } = toDeciding(handOver(state), { term: 7, n: 1, saidAt: state.at });
  return [
    {
      name: 'people, from another box',
      examples: text(
        { ...about, n: 1, at: seconds * 1_000, people: [[340, 90, 390, 260, 0.9]] },
        { ...about, n: 2, at: seconds * 1_000, people: [], within: [[0, 0, 320, 256]] },
        { ...about, n: 3, at: seconds * 1_000, blind: 'dark' },
      ),
      take(bytes) {
        const read = readSaid(bytes, peopleSchema);
        if (typeof read === 'string') return 'refused';
        step(state, { camera: 'hall', ...ofPeople(read.said, seconds + 1, seconds + 1) }, settings);
        return 'accepted';
      },
      share: 0.5,
    },
    {
      name: 'how another box is',
      examples: text({
        ...about,
        state: 'on',
        at: seconds * 1_000,
        version: '0.1.0',
        cameras: [
          {
            id: 'hall',
            state: 'live',
            since: seconds * 1_000,
            framesPerSecond: 5,
            dropped: 0,
            detectorErrors: 0,
            attempts: 0,
          },
        ],
      }),
      take(bytes) {
        const read = readSaid(bytes, sensorSchema);
        if (typeof read === 'string') return 'refused';
        for (const camera of read.said.cameras) ofCameraState(camera, 0.1);
        return 'accepted';
      },
    },
    {
      name: 'questions and answers between boxes',
      examples: text(
        { v: 1, id: 'k3f9', box: 'box-hall', at: seconds * 1_000 },
        { v: 1, boxes: [[1, 2, 30, 40]] },
        { v: 1, term: 7, box: 'box-a', run: 'abcdefghij12', n: 3, isClaim: true },
      ),
      take: (bytes) =>
        [clockAnswerSchema, looksSchema, leaseSchema].some(
          (schema) => typeof readSaid<unknown>(bytes, schema) !== 'string',
        )
          ? 'accepted'
          : 'refused',
    },
    {
      name: 'state of the box that decides',
      examples: [Buffer.from(handed)],
      share: 0.02,
      take(bytes) {
        const read = readSaid(bytes, decidingSchema);
        if (typeof read === 'string') return 'refused';
        const [after] = step(takeOver(ofDeciding(read.said, 0), [], settings), look, settings);
        if (!Number.isFinite(after.at)) throw new Error('whoever goes on has no time any more');
        return 'accepted';
      },
    },
  ];
}

/** What branches tell their bank, and what it tells them. */
function ofFleet(): readonly FuzzedParser[] {
  const bank = madeUpBank();
  const order = bank.order({}, { state: 'live' });
  const box = { branch: 'harbour', group: 'all', keys: [publicKeyOf(bank.installer)], seals };
  /** Whatever is taken says what the installer signed, and nothing else. */
  const isTrue = (set: object): Verdict => {
    if (JSON.stringify(set) !== '{"queue.waitSeconds":240}')
      throw new Error(`made up: ${JSON.stringify(set)}`);
    return 'accepted';
  };
  const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(place, 'lobby-fuzz-bank-'));
  const file = join(folder, 'bank-settings.json');
  const settings = {
    v: 1,
    branch: 'harbour',
    at,
    group: 'all',
    version: '0.1.0',
    order: { bundle: 'spring', serial: 1, n: 2, state: 'shadow', since: at },
    own: ['queue.length'],
    tried: { wouldHaveBuzzed: 10, liveBuzzed: '< 5' },
    refused: { expired: 1 },
  };
  const state = {
    v: 1,
    branch: 'harbour',
    at,
    state: 'ok',
    cameras: { live: 1, starting: 0, blind: 0, quiet: 0, lost: 0 },
    troubles: [],
    version: '0.1.0',
  };
  return [
    {
      name: 'told to the bank',
      examples: text(
        madeUpHour('harbour', '2026-11-24T08:00:00.000Z'),
        madeUpDayOf('harbour', '2026-11-23'),
        settings,
        state,
      ),
      take(bytes) {
        const kinds: readonly FleetMessage[] = ['hour', 'day', 'state', 'settings'];
        const heard = kinds.map((kind) =>
          readMessage({ topic: fleetTopic(kind, 'harbour'), payload: bytes }, seconds + 3_600),
        );
        return heard.some(({ kind }) => kind !== 'refused') ? 'accepted' : 'refused';
      },
    },
    {
      name: "order of the bank's settings",
      examples: text(order),
      share: 0.3,
      take(bytes) {
        const read = readSaid(bytes, settingsOrderSchema);
        if (typeof read === 'string') return 'refused';
        const judged = judgeOrder({}, read.said, box, seconds);
        return judged.kind === 'taken' ? isTrue(judged.standing.last!.bundle.set) : 'refused';
      },
    },
    {
      name: 'bundle of settings',
      examples: text(order.bundle),
      share: 0.3,
      take(bytes) {
        try {
          const { bundle, signedBy } = readBundle(bytes.toString('utf8'), 'bundle.json');
          // Anybody may sign; whose bundle it is stands in it.
          return signedBy === box.keys[0] ? isTrue(bundle.set) : 'accepted';
        } catch (error) {
          if (error instanceof LobbyError) return 'refused';
          throw error;
        }
      },
    },
    {
      name: "the bank's settings of before",
      examples: text({ v: 1, last: { order, since: at }, session: '0a1b2c3d', wasTried: false }),
      share: 0.05,
      take(bytes) {
        writeFileSync(file, bytes, { mode: 0o600 });
        const { found } = openKeptOrders(file, box, () => undefined);
        rmSync(`${file}.aside`, { force: true });
        return found.standing.last === undefined ? 'refused' : isTrue(found.standing.last.bundle.set);
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    },
  ];
}

/** Parsers of what goes between boxes, and between a branch and its bank. */
export const parsersBetweenBoxes = (): readonly FuzzedParser[] => [...ofBoxes(), ...ofFleet()];
