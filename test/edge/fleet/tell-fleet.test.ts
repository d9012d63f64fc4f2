import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFleetTeller, fleetState, spreadOf } from '../../../edge/fleet/tell-fleet.ts';
import { openToldFile } from '../../../edge/fleet/told-file.ts';
import type { FleetHour } from '../../../src/contract/fleet.ts';
import type { FleetSettings } from '../../../src/contract/fleet-settings.ts';
import type { HealthPayload } from '../../../src/contract/topics.ts';
import { madeUpDayOf, madeUpHour } from '../../fleet/made-up-fleet.ts';
import { ManualClock } from '../../manual-clock.ts';

const at = (moment: string) => Date.parse(moment) / 1_000;
const hourAt = (hour: number) => new Date(hour * 1_000).toISOString();
/** Hours in the order in which they were told, without their days where they are of the first. */
const shortly = (hours: readonly string[]) => hours.map((hour) => hour.slice(8, 13));

let folder: string;
let clock: ManualClock;
let said: string[];
let states: string[];
let days: string[];
let isThere: boolean;
let health: HealthPayload;
/** What it goes by of the bank's settings, and when that was told. */
let ofBank: FleetSettings | undefined;
let settings: string[];
/** Hours in which the branch is closed. */
let closed: (hour: number) => boolean;

function start() {
  return createFleetTeller({
    branch: 'harbour',
    version: '0.1.0',
    clock,
    keptDays: 30,
    told: openToldFile(join(folder, 'fleet.json')),
    askHour: async (hour): Promise<FleetHour | undefined> =>
      closed(hour) ? undefined : madeUpHour('harbour', hourAt(hour)),
    reportDays: () => ['2026-03-10', '2026-03-11'],
    report: (day) => madeUpDayOf('harbour', day).report,
    health: () => health,
    ...(ofBank === undefined
      ? {}
      : { settings: () => ({ ...ofBank!, at: new Date(clock.now() * 1_000).toISOString() }) }),
    async say(name, message) {
      if (!isThere) return false;
      if (name === 'hour') said.push((message as FleetHour).hour);
      else if (name === 'day') days.push((message as { report: { day: string } }).report.day);
      else if (name === 'settings') settings.push((message as FleetSettings).at.slice(11, 19));
      else states.push((message as { state: string }).state);
      return true;
    },
    onRemark: (sentence) => {
      throw new Error(sentence);
    },
  });
}
/** One look, with the pauses between messages let pass. */
async function look(teller = start()) {
  let isOver = false;
  const looking = teller.look().then(() => {
    isOver = true;
  });
  while (!isOver) await clock.advance(1);
  await looking;
}
const goTo = async (moment: string) => clock.advance(at(moment) - clock.now());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-fleet-'));
  clock = new ManualClock(at('2026-03-12T08:10:00Z'));
  [said, states, days, settings] = [[], [], [], []];
  ofBank = undefined;
  isThere = true;
  closed = () => false;
  health = { v: 1, state: 'ok', at: '2026-03-12T08:10:00.000Z', cameras: [] };
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('What a branch tells the fleet', () => {
  it('is a week of hours when it is new there, and then each hour half an hour after it, three hours, a day and a week', async () => {
    await look();
    expect(said).toHaveLength(168);
    expect(said.at(-1)).toBe('2026-03-12T06:00:00.000Z');
    said = [];
    await goTo('2026-03-12T08:29:00Z');
    await look();
    expect(said).toEqual([]);
    await goTo('2026-03-12T08:30:05Z');
    await look();
    expect(shortly(said)).toEqual(['12T07']);
    said = [];
    await goTo('2026-03-12T09:00:05Z');
    await look();
    expect(shortly(said)).toEqual(['05T08', '11T08', '12T05']);
  });

  it('is told again from where it stood when the broker is back, the oldest first, and each hour once where it is due twice', async () => {
    await look();
    said = [];
    isThere = false;
    await goTo('2026-03-13T09:00:05Z');
    await look();
    expect(said).toEqual([]);
    isThere = true;
    const from = clock.now();
    await look();
    const since = said.filter((hour) => hour >= '2026-03-12T07');
    expect(since).toEqual([...since].sort());
    expect(new Set(since).size).toBe(25);
    expect(said.filter((hour) => hour === '2026-03-12T08:00:00.000Z')).toHaveLength(1);
    // No flood: one a second.
    expect(clock.now() - from).toBeGreaterThanOrEqual(said.length);
  });

  it('goes on after a kill with the hour after the last that was confirmed', async () => {
    await look();
    said = [];
    await goTo('2026-03-12T10:30:05Z');
    let left = 2;
    const teller = start();
    const all = teller.look();
    while (said.length < left) await clock.advance(1);
    isThere = false;
    for (let i = 0; i < 5; i += 1) await clock.advance(1);
    await all;
    left = said.length;
    isThere = true;
    await look();
    const own = said.filter((hour) => hour >= '2026-03-12T07');
    expect(shortly(own)).toEqual(['12T07', '12T08', '12T09']);
  });

  it("is at once which of the bank's settings hold, where that is news, and each hour; until it was confirmed", async () => {
    await look();
    expect(settings).toEqual([]);
    ofBank = {
      v: 1,
      branch: 'harbour',
      at: '',
      group: 'all',
      version: '0.1.0',
      own: [],
      refused: {},
    };
    const teller = start();
    isThere = false;
    await teller.tellSettings();
    isThere = true;
    await goTo('2026-03-12T08:20:00Z');
    await look(teller);
    await teller.tellSettings();
    await goTo('2026-03-12T09:19:59Z');
    await teller.tellSettings();
    await goTo('2026-03-12T09:20:00Z');
    await teller.tellSettings();
    ofBank = { ...ofBank, refused: { 'unknown-key': 1 } };
    await goTo('2026-03-12T09:20:01Z');
    await teller.tellSettings();
    expect(settings).toEqual(['08:20:00', '09:20:00', '09:20:01']);
  });

  it('leaves out hours in which the branch was closed, and goes past them', async () => {
    closed = (hour) => new Date(hour * 1_000).getUTCHours() !== 3;
    await look();
    expect(shortly(said)).toEqual(['06T03', '07T03', '08T03', '09T03', '10T03', '11T03', '12T03']);
    said = [];
    await look();
    expect(said).toEqual([]);
  });

  it('is told anew where its file is damaged, and goes on where the clock was set back', async () => {
    await look();
    writeFileSync(join(folder, 'fleet.json'), '{"v":');
    said = [];
    await look();
    expect(said).toHaveLength(168);
    said = [];
    const later = clock;
    clock = new ManualClock(later.now() - 5 * 86_400);
    await look();
    expect(said).toEqual([]);
    await clock.advance(3_600);
    await look();
    expect(said.length).toBeGreaterThan(0);
  });

  it('has each report once when it is made and once a week after', async () => {
    await look();
    expect(days).toEqual(['2026-03-10', '2026-03-11']);
    await look();
    expect(days).toHaveLength(2);
    await goTo('2026-03-17T12:00:00Z');
    await look();
    expect(days.slice(2)).toEqual(['2026-03-10']);
  });

  it('comes of a thousand branches spread over twenty minutes, of each always at the same', () => {
    const spread = Array.from({ length: 1_000 }, (_, i) => spreadOf(`branch-${i}`));
    expect(Math.max(...spread)).toBeLessThanOrEqual(1_200);
    const inEachMinute = Array.from(
      { length: 20 },
      (_, m) => spread.filter((s) => Math.floor(s / 60) === m).length,
    );
    // A thousand in twenty minutes are fifty in each.
    expect(Math.max(...inEachMinute)).toBeLessThan(120);
    expect(Math.min(...inEachMinute)).toBeGreaterThan(10);
    expect(spreadOf('harbour')).toBe(spreadOf('harbour'));
  });

  it('says how the box is when it changed, and every five minutes anyway', async () => {
    const teller = start();
    await look(teller);
    await look(teller);
    expect(states).toEqual(['ok']);
    health = { ...health, state: 'blind' };
    await look(teller);
    await clock.advance(301);
    await look(teller);
    expect(states).toEqual(['ok', 'blind', 'blind']);
  });
});

describe('How a box is, beyond its branch', () => {
  it('has numbers of cameras and codes, and no name, no place and no sentence', () => {
    const trouble = { code: 'LOBBY_CAMERA_DARK', message: 'Camera vault shows nothing', remedy: 'Light.' };
    const camera = { since: '2026-03-12T08:10:00.000Z', framesPerSecond: 5, places: ['cash'] };
    const state = fleetState(
      {
        ...health,
        state: 'partly-blind',
        cameras: [
          { ...camera, id: 'hall', state: 'live' },
          { ...camera, id: 'vault', state: 'blind', trouble },
          { ...camera, id: 'side', state: 'blind', trouble },
        ],
      },
      { branch: 'harbour', version: '0.1.0', at: clock.now() },
    );
    expect(state).toMatchObject({
      cameras: { live: 1, starting: 0, blind: 2, quiet: 0, lost: 0 },
      troubles: ['LOBBY_CAMERA_DARK'],
    });
    expect(JSON.stringify(state)).not.toMatch(/vault|hall|side|cash|Light/);
  });
});
