import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Refusals, sumRefusals } from '../../src/contract/refusals.ts';
import { type ContactSums, contactBounds } from '../../src/core/ledger.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import type { Lobby } from '../../src/service/lobby.ts';

/**
 * The service's figures for Prometheus, read when asked for. All of them count places, prompts and
 * machines; none can be told apart by person.
 *
 * @param broker the one inside the service, for what it has refused by itself
 */
export function buildMetrics(
  lobby: Lobby,
  publisher: Publisher,
  journal?: Journal,
  broker?: { readonly refused: Refusals },
): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'lobby_process_' });
  const sums = (name: string, help: string, label: string, read: () => Readonly<Record<string, number>>) =>
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [key, value] of Object.entries(read())) this.inc({ [label]: key }, value);
      },
    });
  const level = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  sums('lobby_happenings_total', 'What was noticed, by kind', 'kind', () => lobby.figures().happenings);
  sums('lobby_prompts_total', 'Prompts raised, by kind', 'kind', () => lobby.figures().prompts);
  sums(
    'lobby_silences_total',
    'Happenings without a prompt, by reason',
    'reason',
    () => lobby.figures().silences,
  );
  sums(
    'lobby_prompts_ended_total',
    'Answers and ends of prompts, by phase',
    'phase',
    () => lobby.figures().ended,
  );
  firstContactHistogram(registry, () => lobby.figures().firstContact);
  sums('lobby_stays_total', 'Stays that ended, by whether they were met within the target', 'met', () => {
    const { stays, met, inTime } = lobby.figures().firstContact;
    return { 'in-time': inTime, late: met - inTime, never: stays - met };
  });
  level(
    'lobby_let_go',
    'Tracks, visits and prompts not begun because of a bound',
    () => lobby.figures().letGo,
  );
  level('lobby_observations', 'Frames understood since the start', () => lobby.figures().observations);
  level('lobby_broker_connected', '1 while the broker is reached', () => (publisher.state.connected ? 1 : 0));
  level('lobby_broker_waiting', 'Messages waiting for the broker', () => publisher.state.waiting);
  level(
    'lobby_broker_let_go',
    'Messages that expired or overflowed while the broker was away',
    () => publisher.state.letGo,
  );
  level(
    'lobby_journal_lost',
    'Lines of the journal that could not be kept since the start',
    () => journal?.state.lost ?? 0,
  );
  sums(
    'lobby_answers_refused',
    'What wrists said and what was not heard, or changed nothing, by reason',
    'reason',
    () => sumRefusals([publisher.state.refused, lobby.figures().refused, broker?.refused ?? {}]),
  );
  level(
    'lobby_seconds_to_prompt_p95',
    'From capture to broker, 95th percentile of the last 256 prompts',
    () => {
      const sorted = [...lobby.figures().secondsToPrompt].sort((a, b) => a - b);
      return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0;
    },
  );
  const byCamera = (
    name: string,
    help: string,
    read: (camera: ReturnType<Lobby['cameras']>[number]) => number,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ['camera'],
      registers: [registry],
      collect() {
        for (const camera of lobby.cameras()) this.set({ camera: camera.id }, read(camera));
      },
    });
  byCamera('lobby_camera_live', '1 while the camera gives frames', ({ health }) =>
    health.state === 'live' ? 1 : 0,
  );
  byCamera(
    'lobby_camera_frames_per_second',
    'Frames looked at a second',
    ({ health }) => health.framesPerSecond,
  );
  byCamera(
    'lobby_camera_dropped',
    'Frames passed over because a newer one had come',
    ({ health }) => health.dropped,
  );
  byCamera(
    'lobby_camera_detector_errors',
    'Frames the detector failed on',
    ({ health }) => health.detectorErrors,
  );
  return registry;
}

/**
 * Time to first contact as Prometheus reads it. Whoever was never met is counted, above every bound: so a
 * share or a quantile over it is of all who arrived.
 */
function firstContactHistogram(registry: Registry, read: () => ContactSums): void {
  const name = 'lobby_first_contact_seconds';
  const help = 'From arrival to first contact, of stays that ended; never met is in +Inf alone';
  // A histogram only counts what it is told one by one; the sums are there already. Registered is a metric
  // that reads them, in a histogram's shape.
  const shape = new Histogram({ name, help, buckets: [...contactBounds], registers: [] });
  const metric = new Gauge({ name, help, registers: [registry] });
  metric.get = async () => {
    const { within, stays, metSeconds } = read();
    const bucket = (le: number | string, value: number) => ({
      labels: { le },
      value,
      metricName: `${name}_bucket`,
    });
    return {
      ...(await shape.get()),
      values: [
        ...contactBounds.map((bound, i) => bucket(bound, within[i]!)),
        bucket('+Inf', stays),
        { labels: {}, value: metSeconds, metricName: `${name}_sum` },
        { labels: {}, value: stays, metricName: `${name}_count` },
      ],
    };
  };
}
