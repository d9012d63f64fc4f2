/** A message that the broker has not confirmed. */
export interface OutboxMessage {
  readonly topic: string;
  readonly payload: string;
  /** The prompt it is, or speaks of. */
  readonly prompt: string;
  readonly message: 'prompt' | 'state';
  /** From then on it is of no use to anybody; milliseconds since 1970. */
  readonly until: number;
}

/**
 * Keeps what the broker has not confirmed over a kill of the service. A message is with the machine when `keep`
 * returns, and only then is it sent.
 *
 * Nothing here throws: where it cannot be kept, it is sent all the same, and is lost with the process.
 */
export interface Outbox {
  /** What earlier runs left, in the order in which it was kept. The same objects are given to `done`. */
  readonly left: readonly OutboxMessage[];
  keep(message: OutboxMessage): void;
  /** Confirmed, or let go of. */
  done(message: OutboxMessage): void;
  close(): void;
}
