import { type Branch, parseBranch } from '../../src/contract/branch.ts';
import { type JournalLine, journalLineSchema } from '../../src/contract/journal.ts';
import { healthSchema, type PromptPayload } from '../../src/contract/topics.ts';
import type { Person } from '../../src/core/units.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { createLobby, type LobbyOptions } from '../../src/service/lobby.ts';
import { ManualClock } from '../manual-clock.ts';

/** Straight from above, 100 pixels a metre: where somebody is, is easily said. */
const pixel = (x: number, y: number) => [640 + 100 * x, 360 + 100 * y] as const;
const pair = (x: number, y: number) => `{ pixel: [${pixel(x, y)}], metres: [${x}, ${y}] }`;

/** A branch with a door and a queue, and what else a test writes. */
export const smallBranch = (more = ''): Branch =>
  parseBranch(
    `branch: harbour
cameras:
  - id: hall
    source: rtsp://127.0.0.1/hall
    floor: [${[pair(-3, -2), pair(3, -2), pair(3, 3), pair(-3, 3), pair(0, 0)].join(', ')}]
zones:
  - { id: main-door, kind: entrance, line: [[-3, -1], [-3, 1]], inside: [-2, 0] }
  - { id: cash, kind: queue, polygon: [[1, -2], [3, -2], [3, 2], [1, 2]] }
thresholds:
  queue: { length: 50, waitSeconds: 600 }
${more}`,
    'branch.yaml',
  );

export function person(x: number, y: number): Person {
  const [left, bottom] = pixel(x, y);
  return { box: { left: left - 25, right: left + 25, top: bottom - 170, bottom }, score: 0.9 };
}

export const quietPublisher = (told: Partial<Publisher> = {}): Publisher => ({
  prompt: () => undefined,
  promptState: () => undefined,
  lobby: () => undefined,
  health: (payload) => void healthSchema.parse(payload),
  onAck: () => undefined,
  onDuty: () => undefined,
  onConfirmed: () => undefined,
  state: { connected: true, url: 'mqtt://127.0.0.1', waiting: 0, letGo: 0, refused: {} },
  close: async () => undefined,
  ...told,
});

/** A small lobby whose clock and camera are in a test's hands. */
export function openSmallLobby(
  branch: Branch,
  at: string,
  changes: Partial<LobbyOptions> = {},
  clock = new ManualClock(Date.parse(at) / 1000),
) {
  const lines: JournalLine[] = [];
  const prompts: PromptPayload[] = [];
  const lobby = createLobby({
    branch,
    clock,
    publisher: quietPublisher({ prompt: (prompt) => void prompts.push(prompt) }),
    seed: 7,
    detector: 'by hand',
    version: '0.0.0',
    journal: { write: (line: JournalLine) => void lines.push(journalLineSchema.parse(line)) } as never,
    ...changes,
  });
  const startedAt = clock.now();
  return {
    clock,
    lobby,
    lines,
    prompts,
    /** Somebody comes in and walks to the queue within six seconds, and waits behind another who is being served. */
    async film(seconds: number) {
      for (let frame = 0; frame < seconds * 5; frame += 1) {
        await clock.advance(0.2);
        const along = Math.min(1, (clock.now() - startedAt) / 6);
        lobby.hear('hall', {
          kind: 'people',
          at: clock.now(),
          people: [person(2, -1.5), person(-3.5 + along * 5.5, along * -0.5)],
        });
      }
    },
  };
}
