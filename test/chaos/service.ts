/**
 * The service as far as prompts go, with happenings that are made up: the core's decisions, the journal, the
 * snapshot, the outbox, the publisher, and if asked the embedded broker. A process of its own, to be killed.
 *
 * Names of prompts that were raised and told go to stdout, one a line, after all of that: what the test knows of
 * them does not come from the journal.
 */
import { randomInt } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { startEmbeddedBroker } from '../../edge/brokers/embedded.ts';
import { connectPublisher } from '../../edge/brokers/mqtt-publisher.ts';
import { openData } from '../../edge/data/open-data.ts';
import type { LobbyPayload } from '../../src/contract/topics.ts';
import type { Happening } from '../../src/core/behaviours/behaviour.ts';
import { decide, noPrompts, type PromptNews, type PromptState } from '../../src/core/prompts/decide.ts';
import { restorePrompts } from '../../src/core/prompts/restore.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { visitNames } from '../../src/service/journal-lines.ts';
import { createTellPrompts, keptOf } from '../../src/service/tell-prompts.ts';
import { toMoment, toPromptPayload } from '../../src/service/wire.ts';
import { branch, type ChaosOrders, settings } from './branch.ts';
import { createChance } from './chance.ts';

// Whoever started it is gone.
process.on('disconnect', () => process.exit());

const orders = JSON.parse(process.argv[2]!) as ChaosOrders;
const dice = randomInt(2 ** 31);
const chance = createChance(orders.seed + dice);
/** Retries come eight times as fast, as prompts live a tenth as long. */
const clock: Clock = {
  now: () => Date.now() / 1000,
  sleep: (seconds, signal) =>
    wait(seconds * 125, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
};
const data = await openData({
  folder: orders.data,
  branch: branch.id,
  journal: branch.journal,
  onTrouble: (sentence) => console.error(sentence),
});
const embedded =
  orders.embeddedPort === undefined
    ? undefined
    : await startEmbeddedBroker({ branch: branch.id, mqttPort: orders.embeddedPort });
const login = embedded?.login ?? orders.login ?? {};

/** A broker that is away at the start ends the real service, and systemd starts it again. */
async function connected(): Promise<Publisher> {
  for (;;) {
    try {
      return await connectPublisher({
        url: `mqtt://127.0.0.1:${orders.brokerPort}`,
        branch: branch.id,
        ...login,
        clock,
        outbox: data.outbox,
        onMissed: (missed) =>
          data.journal.write({ v: 1, at: toMoment(clock.now()), kind: 'missed', ...missed }),
      });
    } catch {
      await clock.sleep(1);
    }
  }
}

const publisher = await connected();
const teller = createTellPrompts({
  branch: () => branch,
  publisher,
  journal: data.journal,
  prompts: data.prompts,
});
const names = visitNames(dice);
teller.beginRun(names);
let state: PromptState = noPrompts(dice);
teller.note({
  v: 1,
  at: toMoment(clock.now()),
  kind: 'begun',
  run: names.run,
  why: 'start',
  version: 'chaos',
});
const { left } = data.prompts;
if (left !== undefined) {
  const [restored, expired] = restorePrompts(keptOf(left), left.at, clock.now(), settings);
  state = restored;
  teller.tell([], expired, state, clock.now());
}

function glance(at: number): LobbyPayload {
  return {
    v: 1,
    at: toMoment(at),
    zones: [],
    open: state.open.map((prompt) => ({
      prompt: toPromptPayload(prompt, branch),
      phase: prompt.phase as 'raised' | 'delivered' | 'seen' | 'accepted',
      ...(prompt.by === undefined ? {} : { by: prompt.by }),
      ...(prompt.watch === undefined ? {} : { watch: prompt.watch }),
    })),
  };
}

function take(happenings: readonly Happening[], news: PromptNews = {}): void {
  const at = clock.now();
  const [next, verdicts, changes] = decide(state, { at, visits: [], happenings, queues: [] }, news, settings);
  state = next;
  teller.tell(verdicts, changes, state, at);
  for (const { kind, prompt } of changes) if (kind === 'raised') writeSync(1, `${prompt.id}\n`);
  if (changes.length > 0) publisher.lobby(glance(at));
}

publisher.onAck((ack) => take([], { answers: [ack] }));
publisher.onDuty(({ watch, role, onDuty }) => take([], { duty: { watch, role, onDuty } }));
publisher.health({ v: 1, state: 'ok', at: toMoment(clock.now()), cameras: [] });
publisher.lobby(glance(clock.now()));

const base = { role: 'unknown', plane: 'floor' } as const;
const kinds = ['machine-trouble', 'divert', 'patrol'] as const;
let owed = 0;
let isStopping = false;
const everyMs = 20;
setInterval(() => {
  const at = clock.now();
  const happenings: Happening[] = [];
  if (!isStopping) owed = Math.min(10, owed + (orders.perSecond * everyMs) / 1000);
  for (; owed >= 1; owed -= 1) {
    const zone = chance.pick(branch.zones).zone.id;
    happenings.push({ ...base, at, kind: chance.pick(kinds), zone, people: 2 });
  }
  // What a camera sees: somebody came, or it is over by itself.
  for (const { cause, place, raisedAt } of state.open) {
    if (at - raisedAt < 0.3 || chance.next() > 0.05) continue;
    const because = chance.pick(['staff-came', 'eased', 'people-left'] as const);
    happenings.push({ ...base, at, kind: 'over', of: cause, zone: place, because });
  }
  take(happenings);
  if (isStopping && state.open.length === 0 && publisher.state.waiting === 0) writeSync(1, 'idle\n');
}, everyMs);

process.on('message', (order) => {
  if (order === 'stop') isStopping = true;
});
