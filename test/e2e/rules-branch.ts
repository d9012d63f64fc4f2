import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { openTokens } from '../../edge/access/tokens.ts';
import { startServer } from '../../edge/http/server.ts';
import { type BranchStoreOptions, openBranchStore } from '../../edge/settings/branch-store.ts';
import { openShadowStore, type ShadowStore } from '../../edge/settings/shadow-store.ts';
import { openSetup } from '../../edge/setup/open-setup.ts';
import type { PromptPayload } from '../../src/contract/topics.ts';
import type { Person } from '../../src/core/units.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { toPlanPayload } from '../../src/service/floor-wire.ts';
import { createLive } from '../../src/service/live.ts';
import { createLobby } from '../../src/service/lobby.ts';
import { createPlates } from '../../src/service/setup/plates.ts';
import { createWalk } from '../../src/service/setup/walk.ts';
import { ManualClock } from '../manual-clock.ts';
import { builtPages } from './pages.ts';

/** Straight from above, 100 pixels a metre: where somebody is, is easily said. */
const pixel = (x: number, y: number) => [640 + 100 * x, 360 + 100 * y] as const;
const pair = (x: number, y: number) => `      - { pixel: [${pixel(x, y)}], metres: [${x}, ${y}] }`;

export const written = `# The harbour branch: ask Li before changing it.
branch: harbour
cameras:
  - id: hall # above the door
    source: rtsp://127.0.0.1/hall
    floor:
${[pair(-3, -2), pair(3, -2), pair(3, 3), pair(-3, 3), pair(0, 0)].join('\n')}
zones:
  - { id: main-door, kind: entrance, line: [[-3, -1], [-3, 1]], inside: [-2, 0] }
  - { id: cash, kind: queue, name: { zh: 现金区, en: Cash }, polygon: [[1, -2], [3, -2], [3, 2], [1, 2]] }
thresholds:
  queue: { length: 5, waitSeconds: 600 } # agreed in March
  prompts:
    mostInTenMinutes: 6 # not more
`;

function person(x: number, y: number): Person {
  const [left, bottom] = pixel(x, y);
  return { box: { left: left - 25, right: left + 25, top: bottom - 170, bottom }, score: 0.9 };
}

/** A lobby that really runs, with its branch file, console and tokens; its camera and clock are in a test's hands. */
export async function runLobby(keepIn: BranchStoreOptions['keepIn'] = 'file', text = written) {
  const pagesFolder = await builtPages();
  const folder = mkdtempSync(join(tmpdir(), 'lobby-rules-'));
  const file = join(folder, 'branch.yaml');
  writeFileSync(file, text);
  const clock = new ManualClock(Math.floor(Date.now() / 1000));
  const startedAt = clock.now();
  const tokens = openTokens({ now: () => clock.now() });
  const live = createLive(
    () => clock.now(),
    () => 'today',
  );
  const prompts: PromptPayload[] = [];
  const publisher: Publisher = {
    prompt: (prompt) => void prompts.push(prompt),
    promptState: () => undefined,
    lobby: live.sample,
    health: () => undefined,
    onAck: () => undefined,
    onDuty: () => undefined,
    onConfirmed: () => undefined,
    state: { connected: true, url: 'mqtt://127.0.0.1', waiting: 0, letGo: 0, refused: {} },
    close: async () => undefined,
  };
  const settings = openBranchStore({
    file,
    ...(keepIn === 'memory' ? {} : { folder: join(folder, 'data') }),
    keepIn,
    now: () => clock.now(),
    onBranch: (branch) => {
      lobby.use(branch);
      shadow.look();
    },
  });
  const lobby: ReturnType<typeof createLobby> = createLobby({
    branch: settings.branch,
    clock,
    publisher,
    seed: 7,
    detector: 'by hand',
    version: '0.0.0',
    journal: { write: live.note } as never,
    settingsTrouble: () => settings.trouble,
    onTried: (side, prompt) => shadow.count(side, prompt),
  });
  const shadow: ShadowStore = openShadowStore({
    branch: 'harbour',
    settings,
    now: () => clock.now(),
    onTrial: (values) => lobby.tryOut(values),
  });
  lobby.hear('hall', {
    kind: 'health',
    at: clock.now(),
    health: {
      state: 'live',
      since: clock.now(),
      framesPerSecond: 5,
      dropped: 0,
      detectorErrors: 0,
      attempts: 0,
    },
  });
  const note = () => undefined;
  const plates = createPlates({ clock, note });
  const walk = createWalk({
    clock,
    branch: () => settings.branch,
    version: () => settings.latest.version,
    note,
  });
  live.onLine((line) => walk.hear(line));
  const server = await startServer({
    branch: 'harbour',
    places: [],
    health: lobby.health,
    lobby: lobby.lobby,
    metrics: new Registry(),
    clock,
    pagesFolder,
    port: 0,
    console: {
      tokens,
      clock,
      plan: () => toPlanPayload(settings.branch, lobby.inForce()),
      floor: lobby.floor,
      lobby: lobby.lobby,
      health: lobby.health,
      minutes: live.minutes,
      recent: live.recent,
      onLine: live.onLine,
      settings,
      shadow,
      setup: openSetup({ store: settings, lobby, clock, sourceOf: (source) => source, plates, walk }),
    },
  });
  return {
    url: server.url,
    file,
    tokens,
    settings,
    shadow,
    clock,
    prompts,
    plates,
    text: () => readFileSync(file, 'utf8'),
    edit(from: string, to: string) {
      writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
      settings.look();
      settings.look();
    },
    /** Somebody comes in, walks to the queue, and waits there behind another who is being served. */
    async film(seconds: number) {
      for (let frame = 0; frame < seconds * 5; frame += 1) {
        await clock.advance(0.2);
        const at = clock.now() - startedAt;
        const along = Math.min(1, at / 6);
        lobby.hear('hall', {
          kind: 'people',
          at: clock.now(),
          people: [person(2, -1.5), person(-3.5 + along * 5.5, along * -0.5)],
        });
      }
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
