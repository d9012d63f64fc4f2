import type { Refusals } from '../contract/refusals.ts';
import type {
  AckPayload,
  DutyPayload,
  HealthPayload,
  LobbyPayload,
  PromptPayload,
  PromptStatePayload,
} from '../contract/topics.ts';

/**
 * What carries prompts to the wrists. It keeps what could not be sent, up to a bound, and drops
 * what has expired by then: a prompt delivered late must never buzz.
 */
export interface Publisher {
  prompt(prompt: PromptPayload): void;
  promptState(state: PromptStatePayload): void;
  lobby(lobby: LobbyPayload): void;
  health(health: HealthPayload): void;
  /** Called for each answer from a wrist, after it has been checked against its schema. */
  onAck(listener: (ack: AckPayload) => void): void;
  /** The same for what a watch says of its wearer's duty; a broker may refuse to let it through. */
  onDuty(listener: (duty: DutyPayload) => void): void;
  /** Called with a prompt's id each time the broker has confirmed it, also when it grew or was passed on. */
  onConfirmed(listener: (prompt: string) => void): void;
  readonly state: PublisherState;
  /** Says goodbye (health `gone`) and lets go; resolves when done, within two seconds. */
  close(): Promise<void>;
}

export interface PublisherState {
  readonly connected: boolean;
  /** Address without user name and password. */
  readonly url: string;
  /** Messages waiting for the broker to come back. */
  readonly waiting: number;
  /** Prompts and states let go of: expired while waiting, or over the bound. */
  readonly letGo: number;
  /** Messages from wrists that were not handed on, by reason. */
  readonly refused: Refusals;
}
