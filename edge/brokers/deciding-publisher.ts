import type { AckPayload, DutyPayload } from '../../src/contract/topics.ts';
import { withoutLogin } from './dial.ts';
import { connectPublisher, type MqttPublisher, type PublisherOptions } from './mqtt-publisher.ts';

export interface DecidingPublisherOptions extends Omit<PublisherOptions, 'clientId' | 'decider' | 'outbox'> {
  readonly box: string;
  /** Asked before each message: whether this box decides now. */
  readonly mayDecide: () => boolean;
}

/** A publisher that says something only while its box decides. */
export interface DecidingPublisher extends MqttPublisher {
  /**
   * Begins to publish under a term. All that can decide connect under one name, and a broker lets one in by it: whoever
   * published before is cut off, whatever they still had to say.
   *
   * @throws {LobbyError} as `connectPublisher`
   */
  begin(term: number): Promise<void>;
}

export function createDecidingPublisher(options: DecidingPublisherOptions): DecidingPublisher {
  const { box, mayDecide, branch } = options;
  const acks: ((ack: AckPayload) => void)[] = [];
  const duties: ((duty: DutyPayload) => void)[] = [];
  const confirmed: ((prompt: string) => void)[] = [];
  let inner: MqttPublisher | undefined;
  function abandon(): void {
    inner?.abandon();
    inner = undefined;
  }
  const open = () => (inner !== undefined && mayDecide() ? inner : undefined);
  const tell =
    <Said>(all: readonly ((said: Said) => void)[]) =>
    (said: Said) => {
      if (open() !== undefined) for (const one of all) one(said);
    };

  return {
    async begin(term) {
      abandon();
      const opened = await connectPublisher({
        ...options,
        clientId: `lobby-${branch}-decider`,
        decider: { decidedBy: box, term },
        mayReturn: mayDecide,
      });
      opened.onAck(tell(acks));
      opened.onDuty(tell(duties));
      opened.onConfirmed(tell(confirmed));
      inner = opened;
    },
    prompt: (prompt) => open()?.prompt(prompt),
    promptState: (state) => open()?.promptState(state),
    lobby: (lobby) => open()?.lobby(lobby),
    health: (health) => open()?.health(health),
    report: (report) => open()?.report(report),
    fleet: async (name, message) => (await open()?.fleet(name, message)) ?? false,
    deciding: (text) => open()?.deciding(text),
    standing: (text) => open()?.standing(text),
    onAck: (listener) => void acks.push(listener),
    onDuty: (listener) => void duties.push(listener),
    onConfirmed: (listener) => void confirmed.push(listener),
    get protocol() {
      return inner?.protocol ?? (options.protocol === 5 ? 5 : 4);
    },
    get state() {
      return (
        inner?.state ?? {
          connected: false,
          url: withoutLogin(options.url),
          waiting: 0,
          letGo: 0,
          refused: {},
        }
      );
    },
    abandon,
    async close() {
      await inner?.close();
      inner = undefined;
    },
  };
}
