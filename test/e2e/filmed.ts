import { connectPublisher } from '../../edge/brokers/mqtt-publisher.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import type { Person, Seconds } from '../../src/core/units.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { createLobby, type Lobby } from '../../src/service/lobby.ts';
import { ManualClock } from '../manual-clock.ts';

const file = `
branch: harbour
cameras: [{ id: hall, source: "rtsp://127.0.0.1/hall" }]
zones:
  - { id: main-door, kind: entrance, pixels: { line: [[300, 100], [300, 700]], inside: [400, 400] } }
`;

/** A lobby behind a real broker, whose camera and clock are in the hands of a test. */
export interface FilmedLobby {
  readonly clock: ManualClock;
  readonly lobby: Lobby;
  readonly publisher: Publisher;
  /** Lets time go on, five frames a second, with somebody where they are at each second of it. */
  film(seconds: Seconds, where?: (at: Seconds) => number): Promise<void>;
  /** Somebody comes in by the door and stands in the hall. */
  comeIn(): Promise<void>;
  stay(seconds: Seconds): Promise<void>;
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Somebody 300 px tall, by how far to the right their feet are. */
const person = (x: number): Person => ({
  box: { left: x - 50, right: x + 50, top: 200, bottom: 500 },
  score: 0.9,
});

const inHall = 700;

export async function openFilmedLobby(
  broker: {
    readonly url: string;
    readonly login: { readonly username: string; readonly password: string };
  },
  attach: (publisher: Publisher, clock: ManualClock) => Publisher = (publisher) => publisher,
): Promise<FilmedLobby> {
  const clock = new ManualClock(Date.UTC(2025, 2, 12, 10, 42, 7) / 1000);
  const connected = await connectPublisher({ url: broker.url, ...broker.login, branch: 'harbour', clock });
  const publisher = attach(connected, clock);
  const lobby = createLobby({
    branch: parseBranch(file, 'harbour.yaml'),
    clock,
    publisher,
    seed: 7,
    detector: 'by hand',
    version: '0.0.0',
  });
  publisher.onAck((ack) => lobby.answer(ack));
  publisher.onDuty((duty) => lobby.duty(duty));
  publisher.onConfirmed((prompt) => lobby.confirmed(prompt));
  const film: FilmedLobby['film'] = async (seconds, where) => {
    for (let frame = 1; frame <= Math.round(seconds * 5); frame += 1) {
      await clock.advance(0.2);
      const x = where?.(frame / 5);
      lobby.hear('hall', {
        kind: 'people',
        at: clock.now(),
        people: x === undefined ? [] : [person(x)],
      });
    }
  };
  return {
    clock,
    lobby,
    publisher,
    film,
    comeIn: () => film(4, (at) => 100 + (at / 4) * (inHall - 100)),
    stay: (seconds) => film(seconds, () => inHall),
    async leave() {
      await film(4, (at) => inHall - (at / 4) * (inHall - 100));
      await film(4);
    },
    close: () => publisher.close(),
  };
}
