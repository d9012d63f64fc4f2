import type { Branch } from '../contract/branch.ts';
import { hallName } from '../contract/branch.ts';
import type { AckPayload, DutyPayload, HealthPayload, LobbyPayload } from '../contract/topics.ts';
import { addStay, type ContactSums, noContactSums, type Stay } from '../core/ledger.ts';
import type { PromptChange } from '../core/prompts/prompt.ts';
import { restorePrompts } from '../core/prompts/restore.ts';
import { seenZones } from '../core/sight/coverage.ts';
import { rulesAt } from '../core/sight/rules.ts';
import { blindZonesOf, isLooking } from '../core/sight/watch.ts';
import { begin, type CoreInput, type CoreOutput, type CoreState, step, viewLobby } from '../core/step.ts';
import type { PixelBox, Seconds } from '../core/units.ts';
import { mostUnwatchedSeconds } from '../core/visits/follow-visits.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { PromptStore } from '../ports/prompt-store.ts';
import type { Publisher } from '../ports/publisher.ts';
import { dutyLine, healthLine, runName, stayLine } from './journal-lines.ts';
import { createNoteLobby } from './note-lobby.ts';
import { createOpening } from './opening.ts';
import type { CameraHealth, CameraOutput } from './run-camera.ts';
import { createLooksWanted } from './see-heads.ts';
import { settingsOf } from './settings.ts';
import { createTellPrompts, keptOf } from './tell-prompts.ts';
import { placeName, toLobbyPayload, toMoment } from './wire.ts';

export interface LobbyOptions {
  readonly branch: Branch;
  readonly clock: Clock;
  readonly publisher: Publisher;
  /** Any 32-bit integer from the machine's dice: the names of prompts come from it. */
  readonly seed: number;
  /** Model and runtime, for health. */
  readonly detector: string;
  /** Model and runtime that look at heads, for health; absent: nobody does. */
  readonly heads?: string;
  readonly version: string;
  /** Where it is written what was noticed, decided and said; absent: nowhere. */
  readonly journal?: Journal;
  /** What open prompts are known again from after a restart; absent: they are forgotten. */
  readonly prompts?: PromptStore;
  /** Told of everything decided, in order: for the log. It must not throw. */
  readonly onStep?: (output: CoreOutput) => void;
  /** Told when a camera's health changes state, and when everything was begun anew. */
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
  /** First contact of everybody whose stay has ended. */
  readonly firstContact: ContactSums;
  /** Seconds from a frame's capture to its prompt being handed to the broker; the last 256, oldest first. */
  readonly secondsToPrompt: readonly Seconds[];
  /** Tracks, visits and prompts not begun because of a bound. */
  readonly letGo: number;
}

/** The lobby of one branch, alive: everything that is decided goes through here. */
export interface Lobby {
  /** Takes what one camera's run tells. */
  hear(camera: string, output: CameraOutput): void;
  /** Where those are whose heads to look at in a camera's next frame. */
  looks(camera: string): readonly PixelBox[];
  /** Takes an answer from a wrist. */
  answer(ack: AckPayload): void;
  /** Takes what a watch says of its wearer's duty. */
  duty(duty: DutyPayload): void;
  /**
   * Forgets who is in the lobby, ends the open prompts and goes on: after a fault of ours, whose cause
   * may lie in what is remembered.
   */
  beginAnew(why: string): void;
  lobby(): LobbyPayload;
  health(): HealthPayload;
  places(): { id: string; name: { zh: string; en: string } }[];
  cameras(): readonly { readonly id: string; readonly health: CameraHealth }[];
  figures(): LobbyFigures;
}

/** Counts that change are sent at most this often; a prompt that changes is sent at once. */
const lobbyEverySeconds = 1;
/** Health and lobby are sent this often though nothing changed, so that their age says whether the box lives. */
const repeatEverySeconds = 10;
/** A clock set back by more than this begins a new state; less is a late frame. */
const backwardsSeconds = 5;
const mostLatencies = 256;
/** The schema's own bound; a model of one's own may have any name. */
const mostNameLetters = 120;

/**
 * Acts on what the core decides, without knowing on what: publishes prompts and their states, the
 * lobby at a glance and the box's health.
 */
export function createLobby(options: LobbyOptions): Lobby {
  const { branch, clock, publisher } = options;
  const settings = settingsOf(branch);
  const { targetSeconds } = settings.thresholds.contact;
  let state: CoreState = begin(options.seed);
  const teller = createTellPrompts(options);
  const notes = createNoteLobby({ settings: branch.journal, note: teller.note });
  let runs = 0;
  let run = '';
  const wanted = createLooksWanted();
  const opening = createOpening(branch.hours);
  let isOpen = true;
  /** Prompts that expired untaken. */
  let missed = 0;
  let noted = '';
  let sentLobby = { at: Number.NEGATIVE_INFINITY, text: '' };
  let sentHealth = { at: Number.NEGATIVE_INFINITY, text: '' };
  const figures = {
    happenings: {} as Record<string, number>,
    prompts: {} as Record<string, number>,
    silences: {} as Record<string, number>,
    ended: {} as Record<string, number>,
    observations: 0,
    firstContact: noContactSums,
    secondsToPrompt: [] as Seconds[],
  };
  /** Troubles that were over when their camera came back: a later silence is not theirs. */
  const over = new Map<string, CameraHealth['lastError']>();
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

  function countEnd({ phase, by }: PromptChange['prompt']): void {
    count(figures.ended, phase);
    if (phase === 'expired' && by === undefined) missed += 1;
  }

  function countStays(stays: readonly Stay[], at: Seconds): void {
    for (const stay of stays) {
      figures.firstContact = addStay(figures.firstContact, stay, targetSeconds);
      teller.note(stayLine(stay, run, at));
    }
  }

  function take(input: CoreInput): void {
    if (input.at < state.at - backwardsSeconds) {
      // The machine's clock was set back. Waiting for it to catch up would mean saying nothing until then.
      beginAnew(`the clock went back by ${(state.at - input.at).toFixed(0)} s`, input.at);
    }
    const [next, output] = step(state, input, settings);
    state = next;
    if ('camera' in input) wanted.take(input.camera, output);
    teller.tell(output.verdicts, output.changes, state.prompts, state.at);
    for (const change of output.changes) {
      if (change.kind === 'state') countEnd(change.prompt);
      if (change.kind === 'raised') {
        count(figures.prompts, change.prompt.kind);
        figures.secondsToPrompt.push(Math.max(0, clock.now() - change.at));
        if (figures.secondsToPrompt.length > mostLatencies) figures.secondsToPrompt.shift();
      }
    }
    // What a wearer said may change what is kept without being told to anybody.
    const isSaid = input.kind === 'answer' || input.kind === 'duty' || input.kind === 'opening';
    if (isSaid && output.changes.length === 0) teller.keep(state.prompts, state.at);
    countStays(output.stays, state.at);
    if ('camera' in input) notes.look(state, run, glance);
    for (const { happening, decision } of output.verdicts) {
      count(figures.happenings, happening.kind);
      if (decision.kind === 'silence') count(figures.silences, decision.reason);
    }
    if (output.letGoBlind !== undefined) {
      options.onRemark?.(
        `nobody could look for ${mostUnwatchedSeconds / 60} min: ${output.letGoBlind} who were there are let go of, and whoever is found is begun anew`,
      );
    }
    if (output.verdicts.length > 0 || output.changes.length > 0) options.onStep?.(output);
    tellLobby(output.changes.length > 0);
  }

  /** Tells the core when the branch opens or closes: by the hours of its file, once each. */
  function keepHours(): void {
    const now = clock.now();
    if (opening.isOpenAt(now) === isOpen) return;
    isOpen = !isOpen;
    options.onRemark?.(isOpen ? 'the branch opens' : 'the branch closes: nothing is said until it opens');
    take({ kind: 'opening', at: Math.max(now, state.at), isOpen });
  }

  function beginAnew(why: string, at: Seconds): void {
    const { open, seed } = state.prompts;
    // What becomes of those who are there will not be known: they count by what is known.
    countStays(state.ledger.open, at);
    // Who wears a watch, and that the branch is closed, is not what a fault can lie in.
    const { wearers, isClosed } = state.prompts;
    state = begin(seed);
    state = {
      ...state,
      prompts: { ...state.prompts, wearers, ...(isClosed === undefined ? {} : { isClosed }) },
    };
    options.onRemark?.(`${why}: begun anew`);
    beginRun('anew', at);
    const changes = open.map(
      (prompt): PromptChange => ({
        at,
        kind: 'state',
        prompt: { ...prompt, phase: 'expired' },
        reason: 'too-late',
      }),
    );
    teller.tell([], changes, state.prompts, at);
    for (const { prompt } of changes) countEnd(prompt);
    tellLobby(true);
  }

  /** Visits are named anew from here on. */
  function beginRun(why: 'start' | 'anew', at: Seconds): void {
    run = runName(options.seed + runs);
    runs += 1;
    teller.beginRun(run);
    const { open } = state.prompts;
    const known = open.length === 0 ? {} : { open: open.length };
    const { version } = options;
    teller.note({ v: 1, at: toMoment(at), kind: 'begun', run, why, version, ...known });
  }

  /** Goes on with the prompts a run before this one left open. */
  function goOn(): readonly PromptChange[] {
    const left = options.prompts?.left;
    if (left === undefined) return [];
    const [prompts, changes] = restorePrompts(keptOf(left), left.at, clock.now(), settings.prompts);
    state = { ...state, prompts };
    isOpen = prompts.isClosed !== true;
    for (const { prompt } of changes) countEnd(prompt);
    const { open } = prompts;
    if (open.length + changes.length > 0) {
      options.onRemark?.(
        `of the prompts from before ${open.length} are still open, ${changes.length} have expired`,
      );
    }
    return changes;
  }

  /** A lost camera keeps counting from its last frame: after the clock was set back, that is the future. */
  const notAhead = (at: Seconds) => Math.min(at, clock.now());

  /** Also when the clock was set back since: waiting for it to catch up would be silence for as long. */
  const isPast = (sentAt: Seconds, seconds: Seconds) =>
    clock.now() < sentAt || clock.now() - sentAt >= seconds;

  function frameOf(camera: string) {
    const frame = cameras.get(camera)?.picture;
    return frame === undefined ? {} : { frame };
  }

  function tellLobby(atOnce: boolean): void {
    const now = clock.now();
    if (!atOnce && !isPast(sentLobby.at, lobbyEverySeconds)) return;
    const payload = glance();
    const text = JSON.stringify({ ...payload, at: '' });
    if (text === sentLobby.text && !isPast(sentLobby.at, repeatEverySeconds)) return;
    sentLobby = { at: now, text };
    publisher.lobby(payload);
  }

  function glance(): LobbyPayload {
    const at = Number.isFinite(state.at) ? state.at : clock.now();
    const payload = toLobbyPayload(viewLobby({ ...state, at }, settings), state, branch);
    const opensAt = payload.closed ? opening.opensAfter(at) : undefined;
    return {
      ...payload,
      ...(opensAt === undefined ? {} : { opensAt }),
      ...(missed === 0 ? {} : { missed }),
    };
  }

  function tellHealth(): void {
    const now = clock.now();
    const payload = health();
    // The rate wobbles; only states and troubles are news.
    const text = JSON.stringify({
      state: payload.state,
      cameras: payload.cameras.map(({ id, state: now, trouble, blind }) => ({ id, now, trouble, blind })),
    });
    if (text === sentHealth.text && !isPast(sentHealth.at, repeatEverySeconds)) return;
    sentHealth = { at: now, text };
    publisher.health(payload);
    if (text !== noted) teller.note(healthLine(payload));
    noted = text;
  }

  function health(): HealthPayload {
    const states = [...cameras.values()].map((one) => one.state);
    const live = states.filter((one) => one === 'live').length;
    const boxState = states.every((one) => one === 'starting')
      ? 'starting'
      : live === states.length
        ? 'ok'
        : live === 0
          ? 'blind'
          : 'partly-blind';
    const things = state.visits.visits.filter((visit) => visit.isThing).length;
    return {
      v: 1,
      state: boxState,
      at: toMoment(clock.now()),
      cameras: branch.cameras.map(({ id }) => {
        const camera = cameras.get(id)!;
        const trouble = troubleOf(id, camera);
        const places = placesOf(id);
        const blind = blindOf(id, places);
        return {
          id,
          state: camera.state,
          since: toMoment(camera.since),
          framesPerSecond: Number(camera.framesPerSecond.toFixed(1)),
          places,
          ...(blind.length === 0 || camera.state === 'starting' ? {} : { blind }),
          ...(trouble === undefined ? {} : { trouble: { ...trouble } }),
        };
      }),
      detector: options.detector.slice(0, mostNameLetters),
      ...(options.heads === undefined ? {} : { heads: options.heads.slice(0, mostNameLetters) }),
      ...(things === 0 ? {} : { things }),
      version: options.version,
    };
  }

  /** The zones a camera shows; before its first picture, those before it. */
  function placesOf(id: string): string[] {
    const known = state.sight.cameras.find((one) => one.camera === id);
    const viewpoint = settings.cameras.find((one) => one.id === id)!;
    return [...(known?.zones ?? seenZones(viewpoint, settings.zones))];
  }

  /** What of a camera's places nobody sees, and what goes unnoticed there. */
  function blindOf(id: string, places: readonly string[]) {
    const at = Number.isFinite(state.at) ? state.at : clock.now();
    const blindZones = blindZonesOf(state.sight, at);
    const blind = settings.zones
      .filter((zone) => places.includes(zone.id) && blindZones.has(zone.id))
      .map((zone) => ({ place: zone.id, rules: [...rulesAt(zone.kind)] }));
    const onFloor = settings.cameras.filter(({ floor }) => floor !== undefined);
    const hallIsSeen = state.sight.cameras.some(
      (one) => isLooking(one, at) && onFloor.some((camera) => camera.id === one.camera),
    );
    const isOnFloor = onFloor.some((camera) => camera.id === id);
    return !isOnFloor || hallIsSeen ? blind : [...blind, { place: 'hall', rules: [...rulesAt('hall')] }];
  }

  function troubleOf(id: string, camera: CameraHealth): CameraHealth['lastError'] {
    return camera.state === 'live' || camera.lastError === over.get(id) ? undefined : camera.lastError;
  }

  const expired = goOn();
  beginRun('start', clock.now());
  teller.tell([], expired, state.prompts, clock.now());
  tellHealth();
  tellLobby(true);
  return {
    hear(camera, output) {
      keepHours();
      switch (output.kind) {
        case 'people':
          figures.observations += 1;
          take({
            kind: 'people',
            camera,
            at: notAhead(output.at),
            people: output.people,
            ...frameOf(camera),
          });
          break;
        case 'blind':
          take({ kind: 'blind', camera, at: notAhead(output.at), why: output.why });
          break;
        case 'quiet':
          take({ kind: 'quiet', camera, at: notAhead(output.at) });
          break;
        case 'health': {
          const before = cameras.get(camera);
          cameras.set(camera, output.health);
          if (before?.state !== output.health.state) {
            if (output.health.state === 'live') over.set(camera, output.health.lastError);
            const trouble = troubleOf(camera, output.health);
            options.onRemark?.(
              `camera ${camera} is ${output.health.state}${trouble === undefined ? '' : `: ${trouble.message}`}`,
            );
          }
          break;
        }
      }
      tellHealth();
    },
    looks: wanted.of,
    answer(ack) {
      const at = Math.max(clock.now(), state.at);
      notes.heard(ack, at);
      take({
        kind: 'answer',
        at,
        id: ack.id,
        answer: ack.answer,
        role: ack.role,
        watch: ack.watch,
      });
    },
    duty(duty) {
      const { watch, role, onDuty, quietSeconds, place } = duty;
      const at = Math.max(clock.now(), state.at);
      const quiet = quietSeconds === undefined ? {} : { quietSeconds };
      const wearer = () => {
        const one = state.prompts.wearers.wearers.find((other) => other.watch === watch);
        return JSON.stringify([one?.role, one?.onDuty, one?.quietUntil]);
      };
      const before = wearer();
      take({ kind: 'duty', at, watch, role, onDuty, ...quiet });
      // A watch repeats itself whenever its link comes up.
      if (wearer() !== before) teller.note(dutyLine(duty, at));
      if (onDuty && place !== undefined) take({ kind: 'beacon', at, watch, place });
    },
    beginAnew: (why) => beginAnew(why, clock.now()),
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
