import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../../edge/brokers/embedded.ts';
import { connectPublisher, type MqttPublisher } from '../../../edge/brokers/mqtt-publisher.ts';
import { figuresOfBranch } from '../../../edge/figures/figures-of-branch.ts';
import { reportsOfBranch } from '../../../edge/figures/reports-of-branch.ts';
import { serveFigures } from '../../../edge/figures/serve-figures.ts';
import { fleetOfBranch } from '../../../edge/fleet/fleet-of-branch.ts';
import { readMessage } from '../../../edge/fleet/read-message.ts';
import { openToldFile } from '../../../edge/fleet/told-file.ts';
import { type OpenJournal, openJournal } from '../../../edge/journals/open-journal.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import { parseBranch } from '../../../src/contract/branch.ts';
import type { FleetState } from '../../../src/contract/fleet.ts';
import { written } from '../../e2e/figures-branch.ts';
import { ManualClock } from '../../manual-clock.ts';
import { madeUpDay, timezone } from '../figures/made-up-day.ts';

const branch = parseBranch(written, 'branch.yaml');
const at = (moment: string) => Date.parse(moment) / 1_000;

let folder: string;
let journal: OpenJournal;
let broker: EmbeddedBroker;
let publisher: MqttPublisher;
let listener: MqttClient;
let heard: { topic: string; payload: Buffer; retain: boolean }[];
/** Half past eight in the evening, by the branch's clock. */
const clock = new ManualClock(at('2026-03-12T12:30:30Z'));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-fleet-'));
  journal = openJournal({ folder, branch: branch.id, timezone, settings: branch.journal, clock });
  for (const line of madeUpDay({ day: '2026-03-12', customers: 240 })) journal.write(line);
  broker = await startEmbeddedBroker({
    branch: branch.id,
    host: '127.0.0.1',
    mqttPort: 0,
    homeAssistant: false,
  });
  publisher = await connectPublisher({
    url: broker.url,
    stream: () => broker.link(),
    branch: branch.id,
    clock: systemClock,
    protocol: 4,
  });
  heard = [];
  listener = await mqtt.connectAsync(broker.url, { protocolVersion: 4 });
  listener.on('message', (topic, payload, { retain }) => heard.push({ topic, payload, retain }));
  await listener.subscribeAsync(`lobby/v1/${branch.id}/fleet/+`, { qos: 1 });
});
afterEach(async () => {
  await listener.endAsync(true);
  await publisher.close();
  await broker.close();
  await journal.close();
  rmSync(folder, { recursive: true });
});

describe('A branch whose service tells the fleet', () => {
  it('tells, over its broker, its hours, its report and its state, as the store takes them', async () => {
    const figures = serveFigures(figuresOfBranch(journal, () => branch, clock));
    const data = { folder, journal };
    const reports = reportsOfBranch({
      branch,
      data,
      figures,
      inLobby: () => 0,
      publish: publisher.report,
      clock,
      onRemark: () => undefined,
    });
    await reports.look();
    // It has told of the days before.
    const told = '2026-03-12T00:00:00.000Z';
    const later = '2026-03-12T08:00:00.000Z';
    openToldFile(join(folder, 'fleet.json')).write({ v: 1, hours: [told, later, later, later], days: [] });
    const fleet = fleetOfBranch({
      branch: () => branch,
      data,
      reports,
      health: () => ({ v: 1, state: 'ok', at: '2026-03-12T12:30:30.000Z', cameras: [] }),
      version: '0.1.0',
      say: publisher.fleet,
      clock,
      onRemark: (sentence) => {
        throw new Error(sentence);
      },
    });
    let isOver = false;
    const looking = fleet.look().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await clock.advance(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await looking;
    // What was written last is the last to come.
    const last = `lobby/v1/${branch.id}/fleet/hour`;
    await expect
      .poll(() => heard.filter(({ topic }) => topic === last).length, { timeout: 5_000 })
      .toBeGreaterThanOrEqual(8);
    const read = heard.map((packet) => readMessage(packet, clock.now()));
    expect(read.filter(({ kind }) => kind === 'refused')).toEqual([]);
    expect(read.map(({ kind }) => kind).filter((kind) => kind !== 'hour')).toEqual(['state', 'day']);
    const hours = read.flatMap((one) => (one.kind === 'hour' ? [one.message] : []));
    const ofToday = hours.filter(({ hour }) => hour >= '2026-03-12T01');
    // Nine to five, and nothing of the evening.
    expect(ofToday.map(({ hour }) => hour.slice(11, 13))).toEqual([
      '01',
      '02',
      '03',
      '04',
      '05',
      '06',
      '07',
      '08',
    ]);
    const day = read.find(({ kind }) => kind === 'day')!;
    const came = day.kind === 'day' ? Number(day.message.report.came) : 0;
    const sum = ofToday.reduce((all, one) => all + (one.came === '< 5' ? 2.5 : one.came), 0);
    // Each hour is rounded to five.
    expect(Math.abs(sum - came)).toBeLessThanOrEqual(2.5 * ofToday.length);
  });

  it('hears that nothing was confirmed while its broker is away', async () => {
    await broker.close();
    await expect.poll(() => publisher.state.connected, { timeout: 5_000 }).toBe(false);
    const state: FleetState = {
      v: 1,
      branch: branch.id,
      at: '2026-03-12T12:30:30.000Z',
      state: 'ok',
      cameras: { live: 0, starting: 0, blind: 0, quiet: 0, lost: 0 },
      troubles: [],
      version: '0.1.0',
    };
    expect(await publisher.fleet('state', state)).toBe(false);
  });
});
