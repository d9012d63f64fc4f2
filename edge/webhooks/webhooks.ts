import { randomUUID } from 'node:crypto';
import { messages, type PromptPayload } from '../../src/contract/topics.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Listener } from '../../src/service/also-tell.ts';
import { distrusts, withoutLogin } from '../brokers/dial.ts';
import { sign } from './sign.ts';

/** One address to post to. */
export interface Webhook {
  /** A login in it is used, and never shown. */
  readonly url: string;
  readonly key: Buffer;
  /** Whose prompts; absent: everybody's. What is for all who listen is for each of them. */
  readonly roles?: readonly string[];
  readonly kinds?: readonly string[];
}

export interface WebhookOptions {
  readonly branch: string;
  readonly clock: Clock;
  /** Messages waiting for one address; over it, further ones are not taken in. Default 100. */
  readonly maxWaiting?: number;
  /** Told when an address fails and when it is reached again, once each: for the log. */
  readonly onRemark?: (remark: string) => void;
}

/** What became of messages, each counted once but for `retried`, which counts attempts. */
export interface WebhookFigures {
  readonly sent: number;
  readonly retried: number;
  /** Too late to be of use, or over the bound: never posted, or not again. */
  readonly missed: number;
  /** The other side said no for good: a redirect, or a mistake of the address or the secret. */
  readonly refused: number;
  readonly waiting: number;
}

export interface Webhooks extends Required<Pick<Listener, 'prompt' | 'promptState'>> {
  figures(): WebhookFigures;
  /** Gives up what is under way; resolves when done. */
  close(): Promise<void>;
}

interface Message {
  readonly id: string;
  readonly what: 'prompt' | 'promptState';
  readonly body: string;
  /** Seconds since 1970: from then on it is of no use. */
  readonly until: Seconds;
}

/** The longest one attempt may take. */
const attemptSeconds = 5;
const firstRetrySeconds = 1;
const lastRetrySeconds = 30;
/** A state has no expiry of its own: that a prompt is over is worth knowing for as long as somebody may still look at it. */
const stateSeconds = 300;
/** Prompts remembered, so that an address hears how those of its own went on; the core has at most 32 open. */
const mostKnown = 64;
/** Statuses under 500 that may be otherwise in a moment: timeout, too early, too many. */
const passing: readonly number[] = [408, 425, 429];

type Outcome = 'sent' | 'again' | 'refused';

/**
 * Posts prompts and their states to web addresses, signed as Standard Webhooks has it.
 *
 * What is about one prompt is posted in order, one at a time; different prompts do not wait for each other.
 *
 *     prompt  ▢─✗─1 s─▢─✗─2 s─▢─✓           attempts until `expiresAt`, none later
 *     state               waits  ▢─✓        after its prompt, for five minutes
 *
 * A prompt that could not be delivered by its expiry is missed; its states are still posted if an attempt was made,
 * for the other side may have it although the answer was lost.
 */
export function createWebhooks(hooks: readonly Webhook[], options: WebhookOptions): Webhooks {
  const all = hooks.map((hook) => createWebhook(hook, options));
  return {
    prompt(prompt) {
      for (const one of all) one.prompt(prompt);
    },
    promptState(state) {
      for (const one of all) one.promptState(state);
    },
    figures: () =>
      all
        .map((one) => one.figures())
        .reduce<WebhookFigures>(
          (sum, one) => ({
            sent: sum.sent + one.sent,
            retried: sum.retried + one.retried,
            missed: sum.missed + one.missed,
            refused: sum.refused + one.refused,
            waiting: sum.waiting + one.waiting,
          }),
          { sent: 0, retried: 0, missed: 0, refused: 0, waiting: 0 },
        ),
    async close() {
      await Promise.all(all.map((one) => one.close()));
    },
  };
}

function createWebhook(hook: Webhook, options: WebhookOptions): Webhooks {
  const { clock, maxWaiting = 100 } = options;
  const shown = withoutLogin(hook.url);
  const address = new URL(hook.url);
  const login =
    address.username === ''
      ? undefined
      : `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
  address.username = '';
  address.password = '';

  const ending = new AbortController();
  /** What waits, by prompt, the one under way first; a prompt is here while somebody posts for it. */
  const lines = new Map<string, Message[]>();
  /** Prompts of this run, oldest first: whether this address was to hear of one, and whether an attempt was made. */
  const known = new Map<string, { isWanted: boolean; attempted: boolean }>();
  const running = new Set<Promise<void>>();
  const sums = { sent: 0, retried: 0, missed: 0, refused: 0 };
  let fails = false;

  const waiting = () => [...lines.values()].reduce((sum, line) => sum + line.length, 0);

  function take(prompt: string, message: Message): void {
    if (ending.signal.aborted) return;
    if (waiting() >= maxWaiting) {
      sums.missed += 1;
      return;
    }
    const line = lines.get(prompt);
    if (line !== undefined) {
      line.push(message);
      return;
    }
    const begun = [message];
    lines.set(prompt, begun);
    const run = work(prompt, begun).finally(() => running.delete(run));
    running.add(run);
  }

  async function work(prompt: string, line: Message[]): Promise<void> {
    while (line.length > 0 && !ending.signal.aborted) {
      await deliver(prompt, line[0]!);
      line.shift();
    }
    lines.delete(prompt);
  }

  async function deliver(prompt: string, message: Message): Promise<void> {
    const { what, until } = message;
    if (what === 'promptState' && known.get(prompt)?.attempted === false) {
      sums.missed += 1;
      return;
    }
    for (
      let seconds = firstRetrySeconds;
      clock.now() < until;
      seconds = Math.min(2 * seconds, lastRetrySeconds)
    ) {
      const about = known.get(prompt);
      if (about !== undefined) about.attempted = true;
      const outcome = await attempt(message);
      if (ending.signal.aborted) return;
      if (outcome !== 'again') {
        sums[outcome] += 1;
        return;
      }
      if (clock.now() + seconds >= until) break;
      await clock.sleep(seconds, ending.signal);
      if (ending.signal.aborted) return;
      sums.retried += 1;
    }
    sums.missed += 1;
  }

  async function attempt({ id, what, body, until }: Message): Promise<Outcome> {
    const stop = new AbortController();
    const done = new AbortController();
    const left = Math.min(attemptSeconds, until - clock.now());
    void clock.sleep(left, AbortSignal.any([done.signal, ending.signal])).then(() => stop.abort());
    try {
      // Node.js would look at no certificate if this were 0, whoever had set it: there is no option for that here.
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      const reply = await fetch(address, {
        method: 'POST',
        redirect: 'manual',
        signal: stop.signal,
        body,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'lobby-sense',
          'lobby-branch': options.branch,
          'lobby-message': what,
          ...(login === undefined ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
          ...sign(hook.key, id, clock.now(), body),
        },
      });
      // What it answers is its own affair: nothing of it is read.
      await reply.body?.cancel().catch(() => undefined);
      if (reply.ok) return tell(undefined, 'sent');
      const isPassing = reply.status >= 500 || passing.includes(reply.status);
      return tell(`it answered ${reply.status}`, isPassing ? 'again' : 'refused');
    } catch (error) {
      // A library's message may repeat the address.
      const reason = distrusts((error as Error).cause) ?? 'it cannot be reached';
      return tell(stop.signal.aborted ? 'no answer in time' : reason, 'again');
    } finally {
      done.abort();
    }
  }

  function tell(trouble: string | undefined, outcome: Outcome): Outcome {
    if (ending.signal.aborted || fails === (trouble !== undefined)) return outcome;
    fails = trouble !== undefined;
    options.onRemark?.(
      trouble === undefined ? `webhook ${shown} is reached again` : `webhook ${shown} fails: ${trouble}`,
    );
    return outcome;
  }

  const isWanted = ({ kind, to }: PromptPayload) =>
    (hook.kinds?.includes(kind) ?? true) &&
    (hook.roles === undefined || to === undefined || to.some((role) => hook.roles!.includes(role)));

  return {
    prompt(prompt) {
      const about = known.get(prompt.id) ?? { isWanted: false, attempted: false };
      // One that was for another role may be passed on to this one; never the other way round.
      about.isWanted ||= isWanted(prompt);
      known.set(prompt.id, about);
      if (known.size > mostKnown) known.delete(known.keys().next().value!);
      if (!about.isWanted) return;
      const body = JSON.stringify(messages.prompt.schema.parse(prompt));
      const until = Date.parse(prompt.expiresAt) / 1000;
      take(prompt.id, { id: `msg_${randomUUID()}`, what: 'prompt', body, until });
    },
    promptState(state) {
      // One of an earlier run may have been posted then; whoever does not know it leaves it alone.
      if (known.get(state.id)?.isWanted === false) return;
      const body = JSON.stringify(messages.promptState.schema.parse(state));
      const until = Date.parse(state.at) / 1000 + stateSeconds;
      take(state.id, { id: `msg_${randomUUID()}`, what: 'promptState', body, until });
    },
    figures: () => ({ ...sums, waiting: waiting() }),
    async close() {
      ending.abort();
      await Promise.all(running);
    },
  };
}
