import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { latencyBounds } from '../../src/contract/latency.ts';
import { type Refusals, sumRefusals } from '../../src/contract/refusals.ts';
import { contactBounds } from '../../src/core/ledger.ts';
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
  sumsHistogram(registry, {
    name: 'lobby_first_contact_seconds',
    help: 'From arrival to first contact, of stays that ended; never met is in +Inf alone',
    bounds: contactBounds,
    read() {
      const { within, stays, metSeconds } = lobby.figures().firstContact;
      return [{ labels: {}, within, count: stays, sum: metSeconds }];
    },
  });
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
  level('lobby_journal_searchable', 'Whether the journal can be asked: 1, or 0 while it cannot', () =>
    journal === undefined || journal.state.unsearchable !== undefined ? 0 : 1,
  );
  level(
    'lobby_journal_process_ends',
    "How often the process of the journal's database ended by itself since the start, and was begun anew",
    () => journal?.state.process?.ends ?? 0,
  );
  level(
    'lobby_journal_process_bytes',
    "Memory of the process of the journal's database, which comes on top of the service's own",
    () => journal?.state.process?.bytes ?? 0,
  );
  sums(
    'lobby_answers_refused',
    'What wrists said and what was not heard, or changed nothing, by reason',
    'reason',
    () => sumRefusals([publisher.state.refused, lobby.figures().refused, broker?.refused ?? {}]),
  );
  sumsHistogram(registry, {
    name: 'lobby_prompt_latency_seconds',
    help: 'From the lobby to a wrist, by part, since the start; the parts are defined in docs/http.md',
    bounds: latencyBounds,
    read: () =>
      Object.entries(lobby.latency().sums()).map(([part, { within, prompts, seconds }]) => ({
        labels: { part },
        within,
        count: prompts,
        sum: seconds,
      })),
  });
  for (const share of ['p50', 'p95'] as const) {
    new Gauge({
      name: `lobby_prompt_latency_${share}_seconds`,
      help: `The same of the last 256 prompts, ${share === 'p50' ? 'median' : '95th percentile'}`,
      labelNames: ['part'],
      registers: [registry],
      collect() {
        for (const one of lobby.latency().recent()) this.set({ part: one.part }, one[`${share}Seconds`]);
      },
    });
  }
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
    'lobby_camera_spared',
    'Frames the detector was spared because nothing had moved since it last looked',
    ({ health }) => health.spared ?? 0,
  );
  byCamera(
    'lobby_camera_door_looks',
    'Looks at doors in a part of the picture of their own',
    ({ health }) => health.doorLooks ?? 0,
  );
  byCamera(
    'lobby_camera_parts_alone',
    'Frames of which parts alone were looked at, doors or where something moved, because other cameras waited for the detector',
    ({ health }) => health.partsAlone ?? 0,
  );
  byCamera(
    'lobby_camera_detector_errors',
    'Frames the detector failed on',
    ({ health }) => health.detectorErrors,
  );
  for (const stage of ['decode', 'detect'] as const) {
    new Gauge({
      name: `lobby_camera_${stage}_p95_seconds`,
      help: `${stage === 'decode' ? 'From capture to decoded' : 'From decoded to looked at, the wait for the detector included'}, 95th percentile of the last 256 frames`,
      labelNames: ['camera'],
      registers: [registry],
      collect() {
        for (const { camera, ...one } of lobby.latency().cameras())
          this.set({ camera }, one[`${stage}Seconds`]);
      },
    });
  }
  return registry;
}

/** Sums that are there already, as a histogram has them: how many were within each bound, and how many in all. */
interface SumsRead {
  readonly labels: Readonly<Record<string, string>>;
  readonly within: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/**
 * A histogram of sums that are kept elsewhere. Who is in `count` and within no bound is in `+Inf` alone: so a share
 * or a quantile over it is of all.
 */
function sumsHistogram(
  registry: Registry,
  {
    name,
    help,
    bounds,
    read,
  }: {
    readonly name: string;
    readonly help: string;
    readonly bounds: readonly number[];
    readonly read: () => readonly SumsRead[];
  },
): void {
  // A histogram only counts what it is told one by one. Registered is a metric that reads the sums, in a
  // histogram's shape.
  const shape = new Histogram({ name, help, buckets: [...bounds], registers: [] });
  const metric = new Gauge({ name, help, registers: [registry] });
  metric.get = async () => {
    const values = read().flatMap(({ labels, within, count, sum }) => {
      const bucket = (le: number | string, value: number) => ({
        labels: { le, ...labels },
        value,
        metricName: `${name}_bucket`,
      });
      return [
        ...bounds.map((bound, i) => bucket(bound, within[i]!)),
        bucket('+Inf', count),
        { labels, value: sum, metricName: `${name}_sum` },
        { labels, value: count, metricName: `${name}_count` },
      ];
    });
    return { ...(await shape.get()), values };
  };
}
