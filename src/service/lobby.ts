import type { Branch } from '../contract/branch.ts';
import { hallName } from '../contract/branch.ts';
import type { AckPayload, HealthPayload, LobbyPayload } from '../contract/topics.ts';
import { begin, type CoreInput, type CoreOutput, type CoreState, step, viewLobby } from '../core/step.ts';
import type { Seconds } from '../core/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { CameraHealth, CameraOutput } from './run-camera.ts';
import { settingsOf } from './settings.ts';
import { placeName, toLobbyPayload, toMoment, toPromptPayload, toPromptState } from './wire.ts';

export interface LobbyOptions {
  readonly branch: Branch;
  readonly clock: Clock;
  readonly publisher: Publisher;
  /** Any 32-bit integer from the machine's dice: the names of prompts come from it. */
  readonly seed: number;
  /** Model and runtime, for health. */
  readonly detector: string;
  readonly version: string;
  /** Told of everything decided, in order: for the log. It must not throw. */
  readonly onStep?: (output: CoreOutput) => void;
  /** Told when a camera's health changes state, and when the clock had to be followed backwards. */
  readonly onRemark?: (remark: string) => void;
}

/** Sums since the start, for metrics. Keys come from closed lists, so there is a bounded number of them. */
export interface LobbyFigures {
  readonly happenings: Readonly<Record<string, number>>;
  readonly prompts: Readonly<Record<string, number>>;
  readonly silences: Readonly<Record<string, number>>;
  /** How prompts ended, by phase. */
  readonly ended: Readonly<Record<string, number>>;
  readonly observations: number;
  /** Seconds from a frame's capture to its prompt being handed to the broker; the last 256, oldest first. */
  readonly secondsToPrompt: readonly Seconds[];
  /** Tracks, visits and prompts not begun because of a bound. */
  readonly letGo: number;
}

/** The lobby of one branch, alive: everything that is decided goes through here. */
export interface Lobby {
  /** Takes what one camera's run tells. */
  hear(camera: string, output: CameraOutput): void;
  /** Takes an answer from a wrist. */
  answer(ack: AckPayload): void;
  lobby(): LobbyPayload;
  health(): HealthPayload;
  places(): { id: string; name: { zh: string; en: string } }[];
  cameras(): readonly { readonly id: string; readonly health: CameraHealth }[];
  figures(): LobbyFigures;
}

/** The lobby topic is sent at most this often, and at least this often while something is open. */
const lobbyEverySeconds = 1;
/** Health is sent on change, and this often anyway, so that its age says whether the box lives. */
const healthEverySeconds = 10;
/** A clock set back by more than this begins a new state; less is a late frame. */
const backwardsSeconds = 5;
const mostLatencies = 256;

/**
 * Acts on what the core decides, without knowing on what: publishes prompts and their states, the
 * lobby at a glance and the box's health.
 */
export function createLobby(options: LobbyOptions): Lobby {
  const { branch, clock, publisher } = options;
  const settings = settingsOf(branch);
  let state: CoreState = begin(options.seed);
  let sentLobby = { at: Number.NEGATIVE_INFINITY, text: '' };
  let sentHealth = { at: Number.NEGATIVE_INFINITY, text: '' };
  const figures = {
    happenings: {} as Record<string, number>,
    prompts: {} as Record<string, number>,
    silences: {} as Record<string, number>,
    ended: {} as Record<string, number>,
    observations: 0,
    secondsToPrompt: [] as Seconds[],
  };
  const cameras = new Map<string, CameraHealth>(
    branch.cameras.map(({ id }) => [
      id,
      {
        state: 'starting',
        since: clock.now(),
        framesPerSecond: 0,
        dropped: 0,
        detectorErrors: 0,
        attempts: 0,
      },
    ]),
  );

  function take(input: CoreInput): void {
    if (input.at < state.at - backwardsSeconds) {
      // The machine's clock was set back. Waiting for it to catch up would mean saying nothing until then.
      options.onRemark?.(`the clock went back by ${(state.at - input.at).toFixed(0)} s: begun anew`);
      for (const prompt of state.prompts.open) {
        const change = {
          at: input.at,
          kind: 'state',
          prompt: { ...prompt, phase: 'expired' },
          reason: 'too-late',
        } as const;
        publisher.promptState(toPromptState(change));
      }
      state = begin(state.prompts.seed);
    }
    const [next, output] = step(state, input, settings);
    state = next;
    for (const change of output.changes) {
      if (change.kind === 'state') {
        publisher.promptState(toPromptState(change));
        count(figures.ended, change.prompt.phase);
      } else {
        publisher.prompt(toPromptPayload(change.prompt, branch));
        if (change.kind === 'raised') {
          count(figures.prompts, change.prompt.kind);
          figures.secondsToPrompt.push(Math.max(0, clock.now() - change.at));
          if (figures.secondsToPrompt.length > mostLatencies) figures.secondsToPrompt.shift();
        }
      }
    }
    for (const { happening, decision } of output.verdicts) {
      count(figures.happenings, happening.kind);
      if (decision.kind === 'silence') count(figures.silences, decision.reason);
    }
    if (output.verdicts.length > 0 || output.changes.length > 0) options.onStep?.(output);
    tellLobby(output.changes.length > 0);
  }

  function tellLobby(atOnce: boolean): void {
    const now = clock.now();
    if (!atOnce && now - sentLobby.at < lobbyEverySeconds) return;
    const payload = glance();
    const text = JSON.stringify({ ...payload, at: '' });
    if (text === sentLobby.text && now - sentLobby.at < healthEverySeconds) return;
    sentLobby = { at: now, text };
    publisher.lobby(payload);
  }

  function glance(): LobbyPayload {
    const at = Number.isFinite(state.at) ? state.at : clock.now();
    return toLobbyPayload(viewLobby({ ...state, at }, settings), state, branch);
  }

  function tellHealth(): void {
    const now = clock.now();
    const payload = health();
    // The rate wobbles; only states and troubles are news.
    const text = JSON.stringify({
      state: payload.state,
      cameras: payload.cameras.map(({ id, state: now, trouble }) => ({ id, now, trouble })),
    });
    if (text === sentHealth.text && now - sentHealth.at < healthEverySeconds) return;
    sentHealth = { at: now, text };
    publisher.health(payload);
  }

  function health(): HealthPayload {
    const states = [...cameras.values()].map((one) => one.state);
    const live = states.filter((one) => one === 'live').length;
    const state = states.every((one) => one === 'starting')
      ? 'starting'
      : live === states.length
        ? 'ok'
        : live === 0
          ? 'blind'
          : 'partly-blind';
    return {
      v: 1,
      state,
      at: toMoment(clock.now()),
      cameras: branch.cameras.map(({ id, floor }) => {
        const camera = cameras.get(id)!;
        const plane = floor === undefined ? id : 'floor';
        const trouble = camera.state === 'live' ? undefined : camera.lastError;
        return {
          id,
          state: camera.state,
          since: toMoment(camera.since),
          framesPerSecond: Number(camera.framesPerSecond.toFixed(1)),
          places: branch.zones.filter(({ zone }) => zone.plane === plane).map(({ zone }) => zone.id),
          ...(trouble === undefined ? {} : { trouble: { ...trouble } }),
        };
      }),
      detector: options.detector,
      version: options.version,
    };
  }

  tellHealth();
  tellLobby(true);
  return {
    hear(camera, output) {
      switch (output.kind) {
        case 'people':
          figures.observations += 1;
          take({ kind: 'people', camera, at: output.at, people: output.people });
          break;
        case 'quiet':
          take({ kind: 'quiet', camera, at: output.at });
          break;
        case 'health': {
          const before = cameras.get(camera);
          cameras.set(camera, output.health);
          if (before?.state !== output.health.state) {
            const trouble = output.health.state === 'live' ? undefined : output.health.lastError;
            options.onRemark?.(
              `camera ${camera} is ${output.health.state}${trouble === undefined ? '' : `: ${trouble.message}`}`,
            );
          }
          break;
        }
      }
      tellHealth();
    },
    answer(ack) {
      take({
        kind: 'answer',
        at: Math.max(clock.now(), state.at),
        id: ack.id,
        answer: ack.answer,
        role: ack.role,
        watch: ack.watch,
      });
    },
    lobby: glance,
    health,
    places: () => [
      ...branch.zones.map(({ zone }) => ({ id: zone.id, name: placeName(branch, zone.id) })),
      { id: 'hall', name: { ...hallName } },
    ],
    cameras: () => [...cameras].map(([id, one]) => ({ id, health: one })),
    figures: () => ({
      ...figures,
      letGo:
        state.visits.letGo +
        state.prompts.letGo +
        state.tracks.reduce((sum, one) => sum + one.state.letGo, 0),
    }),
  };
}

function count(sums: Record<string, number>, key: string): void {
  sums[key] = (sums[key] ?? 0) + 1;
}
