import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBranch } from '../../src/contract/branch.ts';
import { type JournalLine, journalLineSchema, type LineOf } from '../../src/contract/journal.ts';
import { type PromptSnapshot, promptSnapshotSchema } from '../../src/contract/prompt-snapshot.ts';
import {
  type AckPayload,
  healthSchema,
  lobbySchema,
  promptSchema,
  promptStateSchema,
} from '../../src/contract/topics.ts';
import type { Person, Seconds } from '../../src/core/units.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { PromptStore } from '../../src/ports/prompt-store.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { createLobby, type LobbyOptions } from '../../src/service/lobby.ts';
import type { CameraHealth, FrameStages } from '../../src/service/run-camera.ts';
import { ManualClock } from '../manual-clock.ts';

type Point = readonly [x: number, y: number];

/** Where a spot shows in the picture of a camera on the wall: 3 m up, 8 m from the middle, looking 20° down. */
function pixelOf([x, y]: Point, up = 0): { x: number; y: number; perMetre: number } {
  const [sin, cos] = [Math.sin(Math.PI / 9), Math.cos(Math.PI / 9)];
  const perMetre = 700 / ((y + 8) * cos - (up - 3) * sin);
  return { x: 640 + x * perMetre, y: 360 - ((y + 8) * sin + (up - 3) * cos) * perMetre, perMetre };
}

/** Somebody 1.7 m tall. */
function person(feet: Point): Person {
  const { x, y, perMetre } = pixelOf(feet);
  const half = 0.25 * perMetre;
  return { box: { left: x - half, right: x + half, top: pixelOf(feet, 1.7).y, bottom: y }, score: 0.9 };
}

const corners: readonly Point[] = [
  [-4, -3],
  [4, -3],
  [4, 4],
  [-4, 4],
  [0, 0],
];
const pair = (spot: Point) => `{ pixel: [${pixelOf(spot).x}, ${pixelOf(spot).y}], metres: [${spot}] }`;

const branchOf = (more = '') =>
  parseBranch(
    `
branch: harbour
cameras:
  - id: hall
    source: rtsp://127.0.0.1/hall
    floor: [${corners.map(pair)}]
  - { id: door, source: "rtsp://127.0.0.1/door" }
zones:
  - { id: main-door, kind: entrance, line: [[-3, -1], [-3, 1]], inside: [-2, 0] }
  - { id: cash, kind: queue, polygon: [[2, -1], [4, -1], [4, 1], [2, 1]] }
  - { id: advice, kind: desk, polygon: [[1, -3.5], [3, -3.5], [3, -2], [1, -2]] }
  - { id: staff-door, kind: staff, polygon: [[-1, 3], [1, 3], [1, 4], [-1, 4]] }
thresholds:
  queue: { waitSeconds: 20, length: 4 }
  contact: { withinMetres: 1.6, forSeconds: 2, targetSeconds: 15 }
${more}`,
    'harbour.yaml',
  );
const branch = branchOf();

const startedAt = Date.UTC(2025, 2, 12, 10, 42, 7) / 1000;
const framesPerSecond = 5;
const manager = { v: 1, answer: 'accepted', role: 'manager', watch: 'manager-1' } as const;

/** Where somebody is at a moment of the scene, in metres; nobody before they come and after they have gone. */
type Walk = (at: Seconds) => Point | undefined;

/** Straight from one point to the next, each at its second of the scene, and staying at the last. */
const walk =
  (...stops: readonly (readonly [Seconds, ...Point])[]): Walk =>
  (at) => {
    const next = stops.findIndex(([when]) => when > at);
    if (next === 0) return undefined;
    const [from, x, y] = stops.at(next < 0 ? -1 : next - 1)!;
    if (next < 0) return [x, y];
    const [until, toX, toY] = stops[next]!;
    const share = (at - from) / (until - from);
    return [x + share * (toX - x), y + share * (toY - y)];
  };

const customer = walk([1, -4.5, 0], [4, -1, 0], [6, 1, 0]);

interface Sent {
  readonly kind: 'prompt' | 'promptState' | 'lobby' | 'health';
  readonly at: Seconds;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks into, its schema has passed.
  readonly payload: any;
}

/** A lobby whose clock, cameras and wrists are in the hands of a test, and all that it published. */
function open(changes: Partial<LobbyOptions> = {}) {
  const clock = new ManualClock(startedAt);
  const sent: Sent[] = [];
  const remarks: string[] = [];
  // Strict schemas: a field they do not name is refused, so that nothing else can leave.
  const note = (kind: Sent['kind'], schema: { parse(value: unknown): unknown }) => (payload: unknown) =>
    void sent.push({ kind, at: clock.now() - startedAt, payload: schema.parse(payload) });
  const publisher: Publisher = {
    prompt: note('prompt', promptSchema),
    promptState: note('promptState', promptStateSchema),
    lobby: note('lobby', lobbySchema),
    health: note('health', healthSchema),
    onAck: () => undefined,
    onDuty: () => undefined,
    onConfirmed: () => undefined,
    state: { connected: true, url: 'mqtt://127.0.0.1', waiting: 0, letGo: 0, refused: {} },
    close: async () => undefined,
  };
  const lobby = createLobby({
    branch,
    clock,
    publisher,
    seed: 7,
    detector: 'by hand',
    version: '0.0.0',
    onRemark: (remark) => remarks.push(remark),
    ...changes,
  });
  const camera = (name: string, health: Partial<CameraHealth>) =>
    lobby.hear(name, {
      kind: 'health',
      at: clock.now(),
      health: {
        state: 'live',
        since: clock.now(),
        framesPerSecond,
        dropped: 0,
        detectorErrors: 0,
        attempts: 0,
        ...health,
      },
    });
  return {
    clock,
    lobby,
    sent,
    remarks,
    camera,
    of: (kind: Sent['kind']) => sent.filter((one) => one.kind === kind),
    /** Lets the scene go on: frame after frame of whoever is there. */
    async film(
      seconds: Seconds,
      people: readonly Walk[] = [],
      perSecond = framesPerSecond,
      took?: FrameStages,
    ) {
      for (let frame = 0; frame < Math.round(seconds * perSecond); frame++) {
        await clock.advance(1 / perSecond);
        const at = clock.now();
        lobby.hear('hall', {
          kind: 'people',
          at,
          people: people.flatMap((one) => {
            const where = one(at - startedAt);
            return where === undefined ? [] : [person(where)];
          }),
          ...(took === undefined ? {} : { took }),
        });
      }
    },
    async silence(seconds: Seconds) {
      for (let second = 0; second < seconds; second++) {
        await clock.advance(1);
        lobby.hear('hall', { kind: 'quiet', at: clock.now() });
      }
    },
    answer: (ack: Partial<AckPayload> & { id: string }) => lobby.answer({ ...manager, ...ack }),
  };
}

/** Which prompts a watch believes open that has heard everything up to here. */
function openAfter(sent: readonly Sent[]): string[] {
  const open = new Set<string>();
  for (const { kind, payload } of sent) {
    if (kind === 'prompt') open.add(payload.id);
    if (kind === 'promptState' && !['raised', 'accepted'].includes(payload.phase)) open.delete(payload.id);
  }
  return [...open].sort();
}

/** A branch whose wrists are spared nothing, for scenes with more prompts than anybody could bear. */
const talkative = branchOf('  prompts: { mostInTenMinutes: 60, sustainedInTenMinutes: 60 }');

describe('A lobby', () => {
  it('says whose heads to look at next: customers who may be lost, until they have settled down or gone', async () => {
    const { film, lobby } = open();
    const stops = Array.from({ length: 4 }, (_, n): [Seconds, ...Point][] => [
      [4 + 8 * n, 0, 1],
      [6 + 8 * n, 0, 1],
      [8 + 8 * n, 1, -0.5],
      [10 + 8 * n, 1, -0.5],
    ]).flat();
    const looking = walk([0, -4.5, 0], ...stops, [36, 0, 1], [99, 0, 1]);
    await film(6, [looking]);
    expect(lobby.looks('hall')).toEqual([]);
    await film(14, [looking]);
    const asked: number[] = [];
    for (let n = 0; n < 10; n++) {
      await film(0.2, [looking]);
      asked.push(lobby.looks('hall').length);
    }
    expect(asked.filter((count) => count === 1)).toHaveLength(5);
    expect(asked.every((count) => count <= 1)).toBe(true);
    expect(lobby.looks('door')).toEqual([]);
    await film(40, [looking]);
    expect(lobby.looks('hall')).toEqual([]);
    const gone = open();
    await gone.film(20.2, [looking]);
    expect(gone.lobby.looks('hall')).toHaveLength(1);
    await gone.silence(3);
    expect(gone.lobby.looks('hall')).toEqual([]);
  });

  it('says in its health what looks at heads, if anything does', () => {
    expect(open({ heads: 'head-movenet-192 on onnxruntime' }).lobby.health().heads).toBe(
      'head-movenet-192 on onnxruntime',
    );
    expect(open().lobby.health()).not.toHaveProperty('heads');
  });

  it('says who has come in, where, and what one might say, by the time of day', async () => {
    const { film, of } = open();
    await film(6, [customer]);
    const prompts = of('prompt');
    expect(prompts).toHaveLength(1);
    const { at, payload } = prompts[0]!;
    expect(payload).toMatchObject({ kind: 'greet', place: 'main-door', people: 1, haptic: 'arrival' });
    expect(payload.raisedAt).toBe(new Date((startedAt + at) * 1000).toISOString());
    expect(Date.parse(payload.expiresAt)).toBeGreaterThan(Date.parse(payload.raisedAt));
    expect(payload.say.zh.startsWith(`${payload.placeName.zh} · `)).toBe(true);
    expect(payload.say.en.startsWith(`${payload.placeName.en} · `)).toBe(true);
  });

  it("sends a prompt before the lobby that names it, and a prompt's end before the lobby that does not", async () => {
    const second = walk([8, -4.5, 0], [11, -1, 0.5], [12, -1, 0.5]);
    const staff = walk([8, 0, 3.5], [12, 0, 3.5], [16, 2, 0.8]);
    const back = walk([30, 1, 0], [34, -4.5, 0]);
    const stays: Walk = (at) => (at < 30 ? customer(at) : at < 34 ? back(at) : undefined);
    const scene = open();
    await scene.film(7, [stays, second, staff]);
    scene.answer({ id: scene.of('prompt')[0]!.payload.id });
    await scene.film(33, [stays, second, staff]);

    const phases = scene.of('promptState').map(({ payload }) => payload.phase);
    expect(phases).toEqual(expect.arrayContaining(['accepted', 'met']));
    const lobbies = scene.sent.flatMap(({ kind, payload }, index) =>
      kind === 'lobby'
        ? [{ named: payload.open.map((one: Sent['payload']) => one.prompt.id).sort(), index }]
        : [],
    );
    for (const { named, index } of lobbies) expect(named).toEqual(openAfter(scene.sent.slice(0, index)));
    expect(Math.max(...lobbies.map(({ named }) => named.length))).toBeGreaterThan(0);
    expect(lobbies.at(-1)!.named).not.toContain(scene.of('prompt')[0]!.payload.id);
  });

  it('sends each change of a prompt, and the lobby with it, at once', async () => {
    const { film, sent, answer, of } = open();
    await film(5, [customer]);
    const raised = sent.findIndex(({ kind }) => kind === 'prompt');
    expect(sent[raised + 1]).toMatchObject({ kind: 'lobby', at: sent[raised]!.at });
    answer({ id: of('prompt')[0]!.payload.id });
    expect(sent.slice(-2).map(({ kind }) => kind)).toEqual(['promptState', 'lobby']);
    expect(sent.at(-2)!.payload).toMatchObject({ phase: 'accepted', by: 'manager', watch: 'manager-1' });
    expect(sent.at(-1)!.payload.open).toMatchObject([{ phase: 'accepted', by: 'manager' }]);
  });

  it('says nothing about an answer to a prompt it does not have', async () => {
    const { answer, sent } = open();
    const before = sent.length;
    answer({ id: '0'.repeat(26) });
    expect(sent.slice(before)).toEqual([]);
  });

  it('sends its counts at most once a second, however fast frames come', async () => {
    // In and out of the desk's zone, having come in by no door: counts change, prompts do not.
    const restless: Walk = (at) => [1 + 0.4 * Math.sin(at * 6), -3];
    const { film, of } = open();
    await film(30, [restless], 25);
    const sentAt = of('lobby').map(({ at }) => at);
    const gaps = sentAt.slice(1).map((at, index) => at - sentAt[index]!);
    expect(of('prompt')).toEqual([]);
    expect(gaps.length).toBeGreaterThan(15);
    expect(Math.min(...gaps)).toBeGreaterThan(0.999);
  });

  it('repeats itself every ten seconds while nothing changes, and no oftener', async () => {
    const { film, of, camera } = open();
    camera('hall', {});
    camera('door', {});
    await film(45);
    const every = (kind: Sent['kind']) =>
      of(kind)
        .map(({ at }) => at)
        .filter((at) => at >= 1);
    for (const kind of ['lobby', 'health'] as const) {
      expect(every(kind).map((at) => Math.round(at))).toEqual([10, 20, 30, 40]);
    }
  });
});

describe('Settings of another version', () => {
  /** Somebody who goes straight to the counter and waits there, behind somebody who is being served. */
  const served = walk([0, -4.5, 0.5], [3, 2, 0.5], [4, 3.6, 0]);
  const waits = walk([1, -4.5, 0], [4, 1, 0], [6, 2.8, 0]);
  const patient = branchOf().thresholds;
  const withThresholds = (changes: Partial<typeof patient>) => ({
    ...branch,
    thresholds: { ...patient, ...changes },
  });
  const toldOf = (scene: ReturnType<typeof open>) =>
    scene.of('prompt').map(({ payload }) => `${payload.kind} ${payload.place}`);

  it('count from the next step on, of whoever is there already and has waited so long already', async () => {
    const slow = withThresholds({ queue: { ...patient.queue, waitSeconds: 600 } });
    const scene = open({ branch: slow });
    await scene.film(60, [served, waits]);
    expect(toldOf(scene)).not.toContain('ask-queue cash');
    const before = scene.lobby.lobby();
    scene.lobby.use(branch);
    expect(scene.lobby.lobby()).toEqual(before);
    await scene.film(1, [served, waits]);
    expect(toldOf(scene)).toContain('ask-queue cash');
    expect(scene.remarks).toEqual([]);
    // Control: without the change nobody is asked.
    const control = open({ branch: slow });
    await control.film(61, [served, waits]);
    expect(toldOf(control)).not.toContain('ask-queue cash');
  });

  it('change nothing where they are the same, or where no behaviour reads them, whenever they come', async () => {
    const people = [served, waits, customer];
    const story = async (uses: readonly [Seconds, typeof branch][]) => {
      const scene = open();
      let from = 0;
      for (const [at, next] of uses) {
        await scene.film(at - from, people);
        scene.lobby.use(next);
        from = at;
      }
      await scene.film(40 - from, people);
      expect(scene.remarks).toEqual([]);
      return scene.sent;
    };
    const plain = await story([]);
    expect(plain.filter(({ kind }) => kind === 'prompt').length).toBeGreaterThan(1);
    const unread = withThresholds({ contact: { ...patient.contact, targetSeconds: 600 } });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 39 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (moments, isSame) => {
          const uses = moments
            .sort((one, other) => one - other)
            .map((at): [Seconds, typeof branch] => [at, isSame ? branchOf() : unread]);
          expect(await story(uses)).toEqual(plain);
        },
      ),
      { numRuns: 12 },
    );
    // Control: one that a behaviour reads changes the story.
    const eager = withThresholds({ queue: { ...patient.queue, waitSeconds: 10 } });
    expect(await story([[5, eager]])).not.toEqual(plain);
  });

  it('say what takes a restart, and take over the thresholds all the same', async () => {
    const scene = open();
    const moved = branchOf('heads: false');
    scene.lobby.use({ ...moved, zones: moved.zones.slice(1) });
    expect(scene.remarks).toEqual([
      'the branch file has other heads: that takes a restart. Thresholds, cameras and zones are taken over at once',
    ]);
    expect(scene.lobby.lobby().zones).toHaveLength(branch.zones.length - 1);
  });

  it('have a target that first contacts are held against from then on', async () => {
    const staff = walk([0, 0, 3.5], [6, 0, 3.5], [9, 1.2, 0.8]);
    const leaves: Walk = (at) =>
      at < 20 ? customer(at) : at < 26 ? walk([20, 1, 0], [25, -4.5, 0])(at) : undefined;
    const inTime = async (target: Seconds | undefined) => {
      const scene = open();
      await scene.film(3, [leaves, staff]);
      if (target !== undefined) {
        scene.lobby.use(withThresholds({ contact: { ...patient.contact, targetSeconds: target } }));
      }
      await scene.film(60, [leaves, staff]);
      return scene.lobby.figures().firstContact;
    };
    expect(await inTime(undefined)).not.toEqual(await inTime(1));
  });
});

describe('The health of the box', () => {
  const unplugged = {
    code: 'LOBBY_CAMERA_LOST',
    message: 'Camera hall was lost: unplugged',
    remedy: 'Plug it in.',
  };

  it('is ok while all cameras are live, partly blind without one of them, and blind without all', () => {
    const { camera, lobby } = open();
    const states = [lobby.health().state];
    for (const [name, state] of [
      ['hall', 'live'],
      ['door', 'live'],
      ['hall', 'lost'],
      ['door', 'quiet'],
      ['hall', 'live'],
    ] as const) {
      camera(name, { state });
      states.push(lobby.health().state);
    }
    expect(states).toEqual(['starting', 'partly-blind', 'ok', 'partly-blind', 'blind', 'partly-blind']);
  });

  it('is sent at once when a camera is lost, with what to do about it and what cannot be seen now', () => {
    const { camera, of, remarks } = open();
    camera('hall', {});
    const before = of('health').length;
    camera('hall', { state: 'lost', lastError: unplugged });
    expect(of('health')).toHaveLength(before + 1);
    expect(of('health').at(-1)!.payload.cameras[0]).toMatchObject({
      id: 'hall',
      state: 'lost',
      trouble: unplugged,
      places: ['main-door', 'cash', 'advice', 'staff-door'],
    });
    expect(remarks.at(-1)).toBe('camera hall is lost: Camera hall was lost: unplugged');
  });

  it('says what goes unnoticed where while a camera is covered, and the lobby gives no figure of it', async () => {
    const { film, lobby, camera, remarks, clock } = open();
    camera('hall', {});
    await film(5, [customer]);
    expect(lobby.health().cameras[0]).not.toHaveProperty('blind');
    expect(lobby.lobby()).toMatchObject({ inLobby: 1 });
    const covered = {
      code: 'LOBBY_CAMERA_COVERED',
      message: 'Camera hall is covered',
      remedy: 'Take it away.',
    };
    for (let frame = 0; frame < 20; frame++) {
      await clock.advance(0.2);
      lobby.hear('hall', { kind: 'blind', at: clock.now(), why: 'covered' });
    }
    camera('hall', { state: 'blind', lastError: covered });
    const [hall] = lobby.health().cameras;
    expect(hall).toMatchObject({ state: 'blind', trouble: covered });
    expect(hall!.blind).toContainEqual({ place: 'main-door', rules: ['arrived', 'departed'] });
    expect(hall!.blind!.map(({ place }) => place)).toEqual([...hall!.places, 'hall']);
    const glance = lobby.lobby();
    for (const figure of ['inLobby', 'toGreet', 'inQueue', 'staffSeen']) {
      expect(glance).not.toHaveProperty(figure);
    }
    for (const zone of glance.zones) {
      expect(Object.keys(zone)).toEqual(['id', 'kind', 'name', 'blind']);
    }
    expect(remarks.at(-1)).toBe('camera hall is blind: Camera hall is covered');
    await film(1, [customer]);
    expect(lobby.lobby()).toMatchObject({ inLobby: 1 });
    expect(lobby.lobby().zones.some(({ blind }) => blind)).toBe(false);
  });

  it('says when people were let go of because nobody could look for too long', async () => {
    const { film, silence, remarks } = open();
    await film(6, [customer]);
    await silence(330);
    expect(remarks.at(-1)).toBe(
      'nobody could look for 5 min: 1 who were there are let go of, and whoever is found is begun anew',
    );
  });

  it('says at once when the branch file was edited and cannot be used, until it can', () => {
    const trouble = {
      code: 'LOBBY_SETTINGS_FILE_BROKEN',
      message: 'Cannot use the branch file branch.yaml:7 as it was changed by hand: a bracket is missing',
      remedy: 'Correct the file.',
    };
    let now: typeof trouble | undefined;
    const { camera, of } = open({ settingsTrouble: () => now });
    camera('hall', {});
    expect(of('health').at(-1)!.payload).not.toHaveProperty('settings');
    now = trouble;
    camera('hall', {});
    expect(of('health').at(-1)!.payload.settings).toEqual(trouble);
    now = undefined;
    camera('hall', {});
    expect(of('health').at(-1)!.payload).not.toHaveProperty('settings');
  });

  it('says at once when the journal cannot be written or asked, until it can', () => {
    const trouble = {
      code: 'LOBBY_JOURNAL_UNSEARCHABLE',
      message: 'The journal cannot be searched: the log says why',
      remedy: 'Lines are kept all the same.',
    };
    let now: typeof trouble | undefined = trouble;
    const { camera, of } = open({ journalTrouble: () => now });
    camera('hall', {});
    expect(of('health').at(-1)!.payload).toMatchObject({ journal: trouble });
    now = undefined;
    camera('hall', {});
    expect(of('health').at(-1)!.payload).not.toHaveProperty('journal');
  });

  it('tells what became of orders of the bank each time, and at once for none: whoever sends many would flood it', () => {
    let now = { taken: 1, refused: {} };
    const { camera, of, lobby } = open({ bankOrders: () => now });
    camera('hall', {});
    expect(of('health').at(-1)!.payload).toMatchObject({ bankOrders: { taken: 1, refused: {} } });
    const before = of('health').length;
    now = { taken: 1, refused: { 'unknown-key': 2 } };
    camera('hall', {});
    expect(of('health')).toHaveLength(before);
    expect(lobby.health()).toMatchObject({ bankOrders: now });
    expect(open().lobby.health()).not.toHaveProperty('bankOrders');
  });

  it('is not news when only the rate has changed', () => {
    const { camera, of } = open();
    camera('hall', {});
    const before = of('health').length;
    camera('hall', { framesPerSecond: 4.2 });
    expect(of('health')).toHaveLength(before);
  });

  it('does not blame a silence on a trouble that is over', () => {
    const { camera, lobby } = open();
    const lastError = { ...unplugged };
    camera('hall', { state: 'lost', lastError });
    expect(lobby.health().cameras[0]!.trouble).toEqual(unplugged);
    camera('hall', { state: 'live', lastError });
    camera('hall', { state: 'quiet', lastError });
    expect(lobby.health().cameras[0]!.trouble).toBeUndefined();
    camera('hall', { state: 'lost', lastError: { ...unplugged } });
    expect(lobby.health().cameras[0]!.trouble).toEqual(unplugged);
  });

  it('can be told whatever a model of one\u2019s own is called', () => {
    const { of } = open({ detector: 'a'.repeat(300) });
    expect(of('health')[0]!.payload.detector).toHaveLength(120);
  });
});

describe('When the clock is set back', () => {
  it('a new state begins: what was open is ended, and the lobby, its counts and health are told by the new time', async () => {
    const { clock, film, silence, of, lobby, sent, remarks, camera } = open();
    camera('hall', {});
    camera('door', {});
    await film(6, [customer]);
    const { id } = of('prompt')[0]!.payload;
    clock.setBack(3600);
    const before = sent.length;
    await film(1, []);
    expect(sent.slice(before).map(({ kind }) => kind)).toEqual(['promptState', 'lobby', 'health']);
    expect(sent[before]!.payload).toMatchObject({ id, phase: 'expired', reason: 'too-late' });
    expect(sent[before + 1]!.payload).toMatchObject({ inLobby: 0, open: [] });
    expect(remarks.at(-1)).toMatch(/^the clock went back by 3600 s: begun anew$/);
    expect(lobby.figures().ended).toEqual({ expired: 1 });
    const then = sent.length;
    await silence(25);
    // Once because the hall is blind by then, and twice for its age.
    expect(sent.slice(then).filter(({ kind }) => kind === 'health')).toHaveLength(3);
    expect(sent.slice(then).filter(({ kind }) => kind === 'lobby').length).toBeGreaterThanOrEqual(2);
  });

  it('a camera that still counts in the old time does not have everything begun anew again and again', async () => {
    const { clock, film, lobby, remarks } = open();
    await film(1, []);
    clock.setBack(3600);
    const from = clock.now() - startedAt;
    for (let second = 0; second < 8; second++) {
      await film(1, [(at) => customer(at - from)]);
      lobby.hear('door', { kind: 'quiet', at: clock.now() + 3600 });
    }
    expect(remarks.filter((remark) => remark.includes('begun anew'))).toHaveLength(1);
    expect(lobby.lobby().open).toHaveLength(1);
  });

  it('by less than a late frame may be, nothing is forgotten', async () => {
    const { clock, film, lobby } = open();
    await film(6, [customer]);
    clock.setBack(4);
    const still: Walk = () => [1, 0];
    await film(1, [still]);
    expect(lobby.lobby().open).toHaveLength(1);
  });
});

describe('What a wrist that was away needs to know', () => {
  it('is how many prompts expired untaken: who was met, or somebody went to, was not missed', async () => {
    const { film, lobby, of } = open();
    expect(lobby.lobby()).not.toHaveProperty('missed');
    await film(60, [customer]);
    expect(of('promptState').at(-1)!.payload).toMatchObject({ phase: 'expired' });
    expect(lobby.lobby().missed).toBe(1);

    const other = open();
    await other.film(6, [customer]);
    const { id } = other.of('prompt')[0]!.payload;
    other.lobby.answer({ ...manager, id });
    await other.film(300, [customer]);
    expect(other.lobby.figures().ended).toMatchObject({ expired: 1 });
    expect(other.lobby.lobby()).not.toHaveProperty('missed');
  });

  it('is when a closed branch opens next', async () => {
    const hours = 'hours: { timezone: UTC, wednesday: ["12:00-17:00"] }';
    const { film, lobby } = open({ branch: branchOf(hours) });
    await film(1, []);
    expect(lobby.lobby()).toMatchObject({ closed: true, opensAt: '12:00' });
  });
});

describe('After a fault of the service', () => {
  it('everything is begun anew: what was open is ended, names of prompts are not used again', async () => {
    const { film, lobby, of, sent, clock } = open();
    await film(6, [customer]);
    const before = sent.length;
    lobby.beginAnew('after a fault');
    expect(sent.slice(before).map(({ kind }) => kind)).toEqual(['promptState', 'lobby']);
    expect(lobby.lobby()).toMatchObject({ inLobby: 0, open: [] });
    const from = clock.now() - startedAt;
    await film(6, [(at) => customer(at - from)]);
    const ids = of('prompt').map(({ payload }) => payload.id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids.map((id) => id.slice(10))).size).toBe(2);
  });
});

describe('What is counted', () => {
  it('is bounded, and comes from closed lists', async () => {
    const { film, lobby, of } = open({ branch: talkative });
    const visit = walk([0.2, -4.5, 0], [3, -2, 0], [3.4, -2, 0], [6, -4.5, 0]);
    for (let guest = 0; guest < 300; guest++) {
      const from = guest * 15;
      await film(7, [(at) => (at - from < 6 ? visit(at - from) : undefined)], 4);
      await film(8, [], 0.5);
    }
    expect(of('prompt').length).toBeGreaterThan(256);
    const figures = lobby.figures();
    expect(
      lobby
        .latency()
        .recent()
        .find(({ part }) => part === 'decide'),
    ).toMatchObject({ prompts: 256 });
    expect(figures.prompts).toEqual({ greet: of('prompt').length });
    expect(figures.observations).toBe(300 * (7 * 4 + 8 * 0.5));
  });

  it('a figure that never moves, taken for a person in a queue day and night, does not stop the lobby', async () => {
    const { film, lobby } = open();
    // The first of an empty queue is being served; who comes second waits, and was seen to come in.
    const two = [() => [3, 0], walk([1, -4.5, 0], [6, 3, -0.8])] as const;
    await film(20, two as readonly Walk[]);
    expect(lobby.lobby().inQueue).toBe(1);
    expect(lobby.health()).not.toHaveProperty('things');
    await film(86_500, two as readonly Walk[], 0.5);
    expect(lobby.lobby().zones.find(({ id }) => id === 'cash')).toMatchObject({
      people: 1,
      longestWaitSeconds: 86_400,
    });
    // The other is known for what it is by then, and counted nowhere but in health.
    expect(lobby.health().things).toBe(1);
  }, 300_000);
});

describe('What a lobby keeps', () => {
  /** A journal, and a place for the snapshot, in the hands of a test. Both hold what they get to their schemas. */
  function keeping(left?: PromptSnapshot) {
    const lines: JournalLine[] = [];
    const order: string[] = [];
    const kept: { snapshot?: PromptSnapshot } = {};
    const journal: Journal = {
      write(line) {
        lines.push(journalLineSchema.parse(line));
        order.push(`journal ${line.kind}`);
      },
      state: { written: 0, lost: 0 },
      close: () => undefined,
    };
    const prompts: PromptStore = {
      ...(left === undefined ? {} : { left }),
      save(snapshot) {
        kept.snapshot = promptSnapshotSchema.parse(JSON.parse(JSON.stringify(snapshot)));
        order.push('snapshot');
      },
    };
    return { lines, order, kept, journal, prompts };
  }
  const of = (lines: readonly JournalLine[], kind: JournalLine['kind']) =>
    lines.filter((line) => line.kind === kind);

  it('is written before it is said: the journal, the snapshot, then the wrist', async () => {
    const { journal, prompts, order, lines } = keeping();
    const scene = open({ journal, prompts });
    // The same list takes what is published.
    const { push } = scene.sent;
    scene.sent.push = (...all) => {
      order.push(...all.map(({ kind }) => kind));
      return push.apply(scene.sent, all);
    };
    order.length = 0;
    await scene.film(5, [customer]);
    const said = order.indexOf('prompt');
    expect(order.slice(said - 3, said)).toEqual(['journal verdict', 'journal prompt', 'snapshot']);
    expect(of(lines, 'prompt')).toMatchObject([{ change: 'raised', prompt: 'greet', place: 'main-door' }]);
  });

  it('is one line for everything noticed, with its reason, by names that mean nothing in another run', async () => {
    const told: unknown[] = [];
    const first = keeping();
    const scene = open({ journal: first.journal, onStep: ({ verdicts }) => told.push(...verdicts) });
    await scene.film(12, [customer]);
    await scene.silence(70);
    const verdicts = of(first.lines, 'verdict');
    expect(verdicts).toHaveLength(told.length);
    expect(verdicts[0]).toMatchObject({ happening: 'arrived', zone: 'main-door', decision: 'prompt' });
    expect(first.lines[0]).toMatchObject({ kind: 'begun', why: 'start', version: '0.0.0' });
    const run = first.lines[0]!.kind === 'begun' ? first.lines[0]!.run : '';
    expect(verdicts[0]).toMatchObject({ visit: expect.stringMatching(new RegExp(`^${run}-\\d+$`)) });
    const second = keeping();
    await open({ journal: second.journal, seed: 8 }).film(5, [customer]);
    expect(of(second.lines, 'verdict')[0]).not.toMatchObject({
      visit: (verdicts[0] as { visit?: string }).visit,
    });
    // No coordinate, in any line but those that are dots and nothing else.
    const others = first.lines.filter(({ kind }) => kind !== 'scene');
    expect(JSON.stringify(others)).not.toMatch(/"(?:x|y|where|plane|box)"/);
  });

  it('is what became of prompts, duty that changed, and health that changed, each once', async () => {
    const { journal, lines } = keeping();
    const scene = open({ journal });
    scene.camera('hall', { state: 'live' });
    const duty = { v: 1, watch: 'manager-1', role: 'manager', onDuty: true } as const;
    scene.lobby.duty({ ...duty, place: 'cash' });
    scene.lobby.duty(duty);
    scene.camera('door', { state: 'lost' });
    await scene.film(6, [customer]);
    const { id } = scene.of('prompt')[0]!.payload;
    scene.answer({ id });
    scene.answer({ id, watch: 'deputy-1', role: 'deputy' });
    scene.answer({ id, watch: 'deputy-1', role: 'deputy' });
    scene.answer({ id, answer: 'met' });
    expect(of(lines, 'state').map((line) => (line.kind === 'state' ? line.phase : ''))).toEqual([
      'accepted',
      'met',
    ]);
    expect(of(lines, 'duty')).toMatchObject([{ watch: 'manager-1', onDuty: true }]);
    expect(JSON.stringify(of(lines, 'duty'))).not.toContain('cash');
    const health = of(lines, 'health').map((line) => JSON.stringify({ ...line, at: '' }));
    expect(health.length).toBeGreaterThan(2);
    expect(new Set(health).size).toBe(health.length);
  });

  it('is how long a prompt took to the wrist, of machines and of nobody, as health tells it too', async () => {
    const { journal, lines } = keeping();
    const scene = open({ journal, branch: talkative });
    expect(scene.lobby.health()).not.toHaveProperty('latency');
    await scene.film(5, [customer], framesPerSecond, { decodeSeconds: 0.02, detectSeconds: 0.06 });
    const { id } = scene.of('prompt')[0]!.payload;
    scene.lobby.confirmed(id);
    expect(of(lines, 'latency')).toEqual([]);
    scene.answer({ id, answer: 'delivered' });
    scene.answer({ id, answer: 'met' });
    const [line, ...more] = of(lines, 'latency');
    expect(more).toEqual([]);
    const parts = line!.kind === 'latency' ? line!.parts : {};
    expect(parts).toMatchObject({ decode: 0.02, detect: 0.06, decide: 0, bus: expect.any(Number) });
    // Believed some frames after the line was crossed, and told with what the frame took besides.
    expect(parts.confirm).toBeGreaterThan(0);
    expect(parts.confirm).toBeLessThan(1);
    const sum = ['confirm', 'decode', 'detect', 'decide', 'watch'] as const;
    expect(parts.total).toBeCloseTo(
      sum.reduce((all, part) => all + parts[part]!, 0),
      2,
    );
    const told = scene.lobby.health().latency!;
    expect(told.map(({ part }) => part)).toEqual(Object.keys(parts));
    for (const { part, prompts, p50Seconds, p95Seconds } of told) {
      expect([prompts, p50Seconds, p95Seconds]).toEqual([1, parts[part], parts[part]]);
    }
  });

  it('is how long it took also of a prompt that ended before any watch had it, or when all began anew', async () => {
    const { journal, lines } = keeping();
    const scene = open({ journal });
    await scene.film(5, [customer]);
    scene.lobby.beginAnew('after a fault');
    expect(of(lines, 'latency')).toMatchObject([{ id: scene.of('prompt')[0]!.payload.id }]);
    expect(Object.keys((of(lines, 'latency')[0] as { parts: object }).parts)).toEqual(['confirm', 'decide']);
  });

  it('says when nobody is on duty, and that prompts then reach no one; they are still sent to who listens', async () => {
    const { journal, lines } = keeping();
    const remarks: string[] = [];
    const scene = open({ journal, onRemark: (remark) => remarks.push(remark) });
    const duty = { v: 1, watch: 'manager-1', role: 'manager' } as const;
    const lobby = () => lobbySchema.parse(scene.lobby.lobby());
    expect(lobby().nobodyOnDuty).toBeUndefined();
    scene.lobby.duty({ ...duty, onDuty: true });
    scene.lobby.duty({ ...duty, onDuty: false });
    expect(lobby()).toMatchObject({ onDuty: 0, nobodyOnDuty: true });
    expect(healthSchema.parse(scene.lobby.health()).nobodyOnDuty?.message).toEqual({
      zh: '没有人上岗，提示没有人收到。',
      en: 'Nobody on duty: prompts reach no one.',
    });
    expect(of(lines, 'health').at(-1)).toMatchObject({ nobodyOnDuty: true });
    expect(remarks).toContain('nobody on duty: prompts reach no one');
    await scene.film(6, [customer]);
    expect(scene.of('prompt')[0]!.payload).toMatchObject({ kind: 'greet', watches: [] });
    expect(scene.lobby.figures().firstContact.prompted).toBe(0);
    scene.lobby.duty({ ...duty, watch: 'manager-2', onDuty: true });
    expect(scene.of('prompt').at(-1)!.payload).toMatchObject({ watches: ['manager-2'], haptic: 'call' });
    expect(lobby().nobodyOnDuty).toBeUndefined();
    expect(of(lines, 'health').at(-1)).not.toHaveProperty('nobodyOnDuty');
  });

  it('is gone on with after a kill: open prompts are listed, can be answered, and are not said again', async () => {
    const before = keeping();
    const first = open({ prompts: before.prompts });
    first.lobby.duty({ v: 1, watch: 'manager-1', role: 'manager', onDuty: true });
    await first.film(6, [customer]);
    const { id } = first.of('prompt')[0]!.payload;

    const after = keeping(before.kept.snapshot);
    const second = open({ clock: first.clock, prompts: after.prompts, journal: after.journal });
    expect(after.lines[0]).toMatchObject({ kind: 'begun', open: 1 });
    expect(second.of('prompt')).toEqual([]);
    expect(second.of('lobby')[0]!.payload).toMatchObject({ onDuty: 1, open: [{ prompt: { id } }] });
    await first.clock.advance(7);
    second.answer({ id });
    expect(second.of('promptState').at(-1)!.payload).toMatchObject({ id, phase: 'accepted' });
    // A second kill, at once: what the first run left is still known, and the answer with it.
    const third = open({ clock: first.clock, prompts: keeping(after.kept.snapshot).prompts });
    expect(third.of('lobby')[0]!.payload.open).toMatchObject([{ prompt: { id }, phase: 'accepted' }]);
  });

  it('tells the wrists and the journal of prompts that expired while it was away', async () => {
    const before = keeping();
    const first = open({ prompts: before.prompts });
    await first.film(6, [customer]);
    const { id } = first.of('prompt')[0]!.payload;
    const clock = new ManualClock(startedAt + 300);
    const after = keeping(before.kept.snapshot);
    const second = open({ clock, prompts: after.prompts, journal: after.journal });
    expect(second.of('promptState').map(({ payload }) => payload)).toMatchObject([{ id, phase: 'expired' }]);
    expect(of(after.lines, 'state')).toMatchObject([{ id, phase: 'expired', reason: 'too-late' }]);
    expect(second.of('lobby')[0]!.payload.open).toEqual([]);
    expect(second.remarks[0]).toBe('of the prompts from before 0 are still open, 1 have expired');
    expect(after.kept.snapshot?.open).toEqual([]);
  });

  it('is kept every half minute though nothing happens, so that its age is that of the kill', async () => {
    const { prompts, kept } = keeping();
    const scene = open({ prompts });
    await scene.silence(100);
    expect(scene.clock.now() - kept.snapshot!.at).toBeLessThanOrEqual(30);
  });

  it('is where everybody is as dots on the floor, once a second, to a quarter of a metre, and once that nobody is', async () => {
    const { journal, lines } = keeping();
    const scene = open({ journal });
    await scene.film(20, [walk([2, -4.5, 0], [5, -1, 0.4], [9, -1, 0.4], [12, -4.5, 0])]);
    const scenes = of(lines, 'scene') as LineOf<'scene'>[];
    expect(scenes.length).toBeGreaterThan(5);
    for (const [i, { at }] of scenes.entries()) {
      if (i > 0) expect(Date.parse(at) - Date.parse(scenes[i - 1]!.at)).toBeGreaterThanOrEqual(980);
    }
    const dots = scenes.flatMap(({ people }) => people);
    expect(dots).toContainEqual(expect.objectContaining({ x: -1, y: 0.5 }));
    for (const { x, y } of dots) expect([(x * 4) % 1, (y * 4) % 1].map(Math.abs)).toEqual([0, 0]);
    expect(scenes.filter(({ people }) => people.length === 0)).toHaveLength(1);
    expect(scenes.at(-1)!.people).toEqual([]);
  });

  it('holds no place but zones where the branch wants no scenes', async () => {
    const { journal, lines } = keeping();
    const scene = open({ journal, branch: branchOf('journal: { sceneSeconds: 0 }') });
    await scene.film(12, [customer]);
    expect(of(lines, 'scene')).toEqual([]);
  });

  it('is each stay with when it was met and how it ended, as the figures count it', async () => {
    const { journal, lines } = keeping();
    const scene = open({ journal });
    await scene.film(6, [customer]);
    const { id } = scene.of('prompt')[0]!.payload;
    scene.answer({ id, answer: 'met' });
    await scene.film(6, [customer]);
    scene.lobby.beginAnew('after a fault of the service');
    expect(of(lines, 'stay')).toMatchObject([
      { zone: 'main-door', prompt: 'greet', metBy: 'answered', waitedSeconds: expect.any(Number) },
    ]);
    expect(of(lines, 'stay')[0]).not.toHaveProperty('ended');
    expect(scene.lobby.figures().firstContact).toMatchObject({ stays: 1, met: 1 });
  });

  it('is how the zones are, once a minute, and that one is blind', async () => {
    const { journal, lines } = keeping();
    const scene = open({ journal });
    await scene.film(130, []);
    const zones = of(lines, 'zone') as LineOf<'zone'>[];
    expect(zones.filter(({ zone }) => zone === 'cash')).toHaveLength(3);
    expect(zones.findLast(({ zone }) => zone === 'cash')).toMatchObject({ people: 0, waiting: 0 });
    expect(zones.findLast(({ zone }) => zone === 'cash')).not.toHaveProperty('blind');
    await scene.silence(130);
    const last = of(lines, 'zone').findLast((line) => line.kind === 'zone' && line.zone === 'cash');
    expect(last).toMatchObject({ blind: true });
    expect(last).not.toHaveProperty('people');
  });

  it('is what watches said, receipts too, each once however often the link repeats it', async () => {
    const { journal, lines } = keeping();
    const scene = open({ journal });
    await scene.film(6, [customer]);
    const { id } = scene.of('prompt')[0]!.payload;
    for (const answer of ['delivered', 'delivered', 'accepted', 'accepted'] as const)
      scene.answer({ id, answer });
    scene.answer({ id, watch: 'deputy-1', role: 'deputy' });
    expect(of(lines, 'ack')).toMatchObject([
      { id, answer: 'delivered', watch: 'manager-1' },
      { id, answer: 'accepted', watch: 'manager-1' },
      { id, answer: 'accepted', watch: 'deputy-1', role: 'deputy' },
    ]);
  });

  it('forgets after a fault what it understood, and says in the journal that it begins anew', async () => {
    const { journal, lines } = keeping();
    const scene = open({ journal });
    await scene.film(6, [customer]);
    scene.lobby.beginAnew('after a fault of the service');
    const [first, second] = of(lines, 'begun');
    expect(second).toMatchObject({ why: 'anew' });
    expect(second).not.toMatchObject({ run: first?.kind === 'begun' ? first.run : '' });
    expect(of(lines, 'state')).toMatchObject([{ phase: 'expired' }]);
  });
});
