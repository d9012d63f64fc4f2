import { Registry } from 'prom-client';
import { openTokens } from '../../edge/access/tokens.ts';
import { startServer, type WebServer } from '../../edge/http/server.ts';
import { systemClock } from '../../edge/system-clock.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import type { FloorPayload, FloorPersonPayload } from '../../src/contract/live.ts';
import type { HealthPayload, LobbyPayload } from '../../src/contract/topics.ts';
import { toPlanPayload } from '../../src/service/floor-wire.ts';
import { createLive } from '../../src/service/live.ts';
import { builtPages } from './pages.ts';

const branch = parseBranch(
  `
branch: harbour
cameras:
  - id: hall
    source: rtsp://127.0.0.1/hall
    floor:
      - { pixel: [469.9, 264.7], metres: [-3.5, -2.5] }
      - { pixel: [674.0, 325.3], metres: [3, -2.5] }
      - { pixel: [502.7, 445.7], metres: [3, 2.5] }
      - { pixel: [315.0, 299.5], metres: [-3.5, 2.5] }
      - { pixel: [480.4, 322.2], metres: [0, 0] }
zones:
  - { id: main-door, kind: entrance, line: [[-5.2, 1.0], [-5.2, 3.4]], inside: [-3.2, 2.2] }
  - { id: cash, kind: queue, name: { zh: 现金区, en: Cash }, polygon: [[0.25, -3.2], [2.75, -3.2], [2.75, 1.0], [0.25, 1.0]] }
  - { id: machines, kind: service, polygon: [[3.2, 0.6], [5.7, 0.6], [5.7, 4.6], [3.2, 4.6]] }
  - { id: vip, kind: vip, polygon: [[-4.6, -4.6], [-1.6, -4.6], [-1.6, -2.4], [-4.6, -2.4]] }
  - { id: staff-door, kind: staff, polygon: [[3.6, -4.6], [5.7, -4.6], [5.7, -2.8], [3.6, -2.8]] }
`,
  'harbour.yaml',
);

/** A box whose floor, lines and health are told by a test, with real web server and pages. */
export interface ToldConsole {
  readonly url: string;
  readonly token: string;
  people(people: readonly Partial<FloorPersonPayload>[]): void;
  lobby(changes: Partial<LobbyPayload>): void;
  health(changes: Partial<HealthPayload>): void;
  note(line: Omit<JournalLine, 'v' | 'at'> & { readonly secondsAgo?: number }): void;
  /** Frames come no more, or come again. */
  stall(isStalled: boolean): void;
  revoke(): void;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

const zonesNow = (people: number): LobbyPayload['zones'] =>
  branch.zones.map(({ zone, name }) => ({
    id: zone.id,
    kind: zone.kind,
    name,
    people: zone.kind === 'queue' ? people : 1,
    ...(zone.kind === 'queue' ? { waiting: people, longestWaitSeconds: 130, expectedWaitSeconds: 250 } : {}),
  }));

export async function tellConsole(): Promise<ToldConsole> {
  const pagesFolder = await builtPages();
  const now = () => systemClock.now();
  const moment = (ago = 0) => new Date((now() - ago) * 1000).toISOString();
  const tokens = openTokens({ now });
  const { text: token, id } = tokens.issue('installer');
  const live = createLive(now, () => 'today');
  let people: readonly FloorPersonPayload[] = [];
  let stalledAt: string | undefined;
  let lobby: LobbyPayload = {
    v: 1,
    at: moment(),
    inLobby: 12,
    toGreet: 2,
    inQueue: 5,
    staffSeen: 2,
    onDuty: 2,
    zones: zonesNow(5),
    open: [],
  };
  let health: HealthPayload = {
    v: 1,
    state: 'ok',
    at: moment(),
    cameras: [{ id: 'hall', state: 'live', since: moment(600), framesPerSecond: 5, places: [] }],
  };
  let server: WebServer;
  let port = 0;

  async function start(): Promise<void> {
    server = await startServer({
      branch: 'harbour',
      places: [],
      health: () => health,
      lobby: () => lobby,
      metrics: new Registry(),
      clock: systemClock,
      pagesFolder,
      port,
      console: {
        tokens,
        clock: systemClock,
        plan: () => toPlanPayload(branch),
        floor: (): FloorPayload => ({ v: 1, at: stalledAt ?? moment(), people: [...people] }),
        lobby: () => lobby,
        health: () => health,
        minutes: live.minutes,
        recent: live.recent,
        onLine: live.onLine,
      },
    });
    port = server.port;
  }
  await start();
  return {
    get url() {
      return server.url;
    },
    token,
    people(given) {
      people = given.map((one, index) => ({
        visit: `k3f9-${index + 1}`,
        x: 0,
        y: 0,
        standing: 'met',
        ...one,
      }));
    },
    lobby(changes) {
      lobby = { ...lobby, at: moment(), ...changes };
      live.sample(lobby);
    },
    health(changes) {
      health = { ...health, at: moment(), ...changes };
    },
    note({ secondsAgo, ...line }) {
      live.note({ v: 1, at: moment(secondsAgo), ...line } as JournalLine);
    },
    stall(isStalled) {
      stalledAt = isStalled ? moment() : undefined;
    },
    revoke: () => void tokens.revoke(id),
    goAway: () => server.close(),
    comeBack: start,
    close: () => server.close(),
  };
}

/** A busy moment: one of everything that can be seen on the floor. */
export const busy: readonly Partial<FloorPersonPayload>[] = [
  { x: -4.6, y: 1.8, standing: 'to-greet', forSeconds: 3 },
  { x: -4.4, y: 2.5, standing: 'to-greet', forSeconds: 4 },
  { x: -2.2, y: -0.6, standing: 'looking-around', forSeconds: 18 },
  { x: 1.4, y: -2.6, standing: 'being-served', queue: 'cash' },
  { x: 1.4, y: -1.9, standing: 'in-queue', queue: 'cash', order: 1, forSeconds: 130 },
  { x: 1.5, y: -1.2, standing: 'in-queue', queue: 'cash', order: 2, forSeconds: 100 },
  { x: 1.4, y: -0.5, standing: 'in-queue', queue: 'cash', order: 3, forSeconds: 61 },
  { x: 1.5, y: 0.2, standing: 'in-queue', queue: 'cash', order: 4, forSeconds: 20, heldSeconds: 12 },
  { x: 4.3, y: 2.2, standing: 'met' },
  { x: -1.0, y: 2.7, standing: 'past-target', forSeconds: 52 },
  { x: 0, y: 3.6, standing: 'being-helped', forSeconds: 41, with: 'k3f9-12' },
  { x: 0.9, y: 3.9, standing: 'staff' },
  { x: 4.6, y: -3.6, standing: 'staff' },
  { x: -3.2, y: -3.4, standing: 'not-known' },
];
