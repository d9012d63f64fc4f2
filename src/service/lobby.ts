import type { Branch } from '../contract/branch.ts';
import { hallName } from '../contract/branch.ts';
import { baseProfile, thresholdsWith } from '../contract/calendar.ts';
import type { FloorPayload } from '../contract/live.ts';
import { countRefusal, type RefusalReason, type Refusals } from '../contract/refusals.ts';
import type { AckPayload, DutyPayload, HealthPayload, LobbyPayload } from '../contract/topics.ts';
import { type Followed, followLook, type HandedOver, takeOver } from '../core/hand-over.ts';
import { addStay, type ContactSums, noContactSums, type Stay } from '../core/ledger.ts';
import type { Prompt, PromptChange } from '../core/prompts/prompt.ts';
import { keepPrompts, restorePrompts } from '../core/prompts/restore.ts';
import { changeScene } from '../core/setup/change-scene.ts';
import { shadow } from '../core/shadow.ts';
import { seenZones } from '../core/sight/coverage.ts';
import { rulesAt } from '../core/sight/rules.ts';
import { blindZonesOf, isLooking } from '../core/sight/watch.ts';
import {
  begin,
  type CoreInput,
  type CoreOutput,
  type CoreState,
  type Observation,
  stepSeen,
  viewLobby,
} from '../core/step.ts';
import type { Understood, Whereabouts } from '../core/understand.ts';
import type { PixelBox, Seconds } from '../core/units.ts';
import { mostUnwatchedSeconds } from '../core/visits/follow-visits.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { PromptStore } from '../ports/prompt-store.ts';
import type { Publisher } from '../ports/publisher.ts';
import { createAnswerGate } from './answer-gate.ts';
import { createDayOf } from './day-of.ts';
import { toFloorPayload } from './floor-wire.ts';
import { createInForce, type InForce } from './in-force.ts';
import {
  dutyLine,
  healthLine,
  latencyLine,
  profileLine,
  shadowLine,
  stayLine,
  visitNames,
} from './journal-lines.ts';
import { createLatency, type Latency } from './latency.ts';
import { createNoteLobby } from './note-lobby.ts';
import { createOpening } from './opening.ts';
import type { CameraHealth, CameraOutput, FrameStages } from './run-camera.ts';
import { createLooksWanted } from './see-heads.ts';
import { awaitsRestart, settingsOf, withValues } from './settings.ts';
import { createTellPrompts, keptOf } from './tell-prompts.ts';
import { isNobodyThere, placeName, toLobbyPayload, toMoment, toPromptPayload } from './wire.ts';
import { nobodyOnDuty } from './words.ts';

export interface LobbyOptions {
  readonly branch: Branch;
  readonly clock: Clock;
  readonly publisher: Publisher;
  /** Any 32-bit integer from the machine's dice: the names of prompts come from it. */
  readonly seed: number;
  /** Model and runtime, for health, as they are each time it is told. */
  readonly detector: string;
  /** Model and runtime that look at heads, for health; absent: nobody does. */
  readonly heads?: string | undefined;
  readonly version: string;
  /** Where it is written what was noticed, decided and said; absent: nowhere. */
  readonly journal?: Journal;
  /** What open prompts are known again from after a restart; absent: they are forgotten. */
  readonly prompts?: PromptStore;
  /** Why the branch file, as it was edited, cannot be used; absent: it can. */
  readonly settingsTrouble?: () => HealthPayload['settings'];
  /** What is wrong with the journal; absent: nothing. */
  readonly journalTrouble?: () => HealthPayload['journal'];
  /** What became of orders of the bank; absent, or nothing: none are heard. */
  readonly bankOrders?: () => HealthPayload['bankOrders'];
  /** Whether a picture of the empty lobby is being built, or a walk test goes on. */
  readonly isSettingUp?: () => boolean;
  /** The version of the settings, for the journal when another profile's day begins; absent: 1. */
  readonly settingsVersion?: () => number;
  /** Told of each prompt while thresholds are on trial: one that was said, or one that would have been. */
  readonly onTried?: (side: 'live' | 'shadow', prompt: Prompt) => void;
  /** Told of everything decided, in order: for the log. It must not throw. */
  readonly onStep?: (output: CoreOutput) => void;
  /** Told when a camera's health changes state, and when everything was begun anew. */
  readonly onRemark?: (remark: string) => void;
  /**
   * Another box of the branch may decide: this one stands by until `decide`, listens, and says nothing. Asked before
   * each step whether it still may. Absent: it decides from the start, and always.
   */
  readonly mayDecide?: () => boolean;
  /** Told of the state after each step, before anybody is told what came of it; whether it is worth keeping at once. */
  readonly onState?: (state: CoreState, isNews: boolean) => void;
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
  /** Tracks, visits and prompts not begun because of a bound. */
  readonly letGo: number;
  /** What wrists said and what changed nothing, by reason. */
  readonly refused: Refusals;
}

/** The lobby of one branch, alive: everything that is decided goes through here. */
export interface Lobby {
  /** Takes what one camera's run tells. */
  hear(camera: string, output: CameraOutput): void;
  /** Where those are whose heads to look at in a camera's next frame. */
  looks(camera: string): readonly PixelBox[];
  /** Takes an answer from a wrist. */
  answer(ack: AckPayload): void;
  /** Takes the broker's word that it has a prompt. */
  confirmed(prompt: string): void;
  /** Takes what a watch says of its wearer's duty. */
  duty(duty: DutyPayload): void;
  /**
   * Decides from now on. It goes on from what the box before it knew, takes in what was seen since, and says again what
   * no wrist has confirmed.
   *
   * @param handed by this box's clock; absent: nobody knew anything, and it begins as after a start
   */
  decide(handed: HandedOver | undefined): void;
  /** Another box decides, or may: nothing more is said, and what is seen is kept for as long as it is of use. */
  standBy(): void;
  readonly decides: boolean;
  /**
   * Forgets who is in the lobby, ends the open prompts and goes on: after a fault of ours, whose cause
   * may lie in what is remembered.
   */
  beginAnew(why: string): void;
  /**
   * Takes over another version's thresholds, cameras, floors and zones: the next step goes by them. Who is in the
   * lobby, how long they have waited and what was said stay known. What else differs takes a restart, and that is
   * remarked.
   */
  use(branch: Branch): void;
  /** What holds today: the thresholds, and whose day it is. */
  inForce(): InForce;
  /**
   * Puts values on trial, by path, over what holds: what they would have said is journalled, and goes nowhere else.
   * Absent: ends it.
   */
  tryOut(values: Readonly<Record<string, number>> | undefined): void;
  lobby(): LobbyPayload;
  /** The floor as dots, for the console alone: it is kept nowhere and goes to no broker. */
  floor(): FloorPayload;
  health(): HealthPayload;
  places(): { id: string; name: { zh: string; en: string } }[];
  cameras(): readonly { readonly id: string; readonly health: CameraHealth }[];
  figures(): LobbyFigures;
  /** How long prompts take to a wrist, by part. */
  latency(): Pick<Latency, 'recent' | 'sums' | 'cameras' | 'days'>;
}

/** Counts that change are sent at most this often; a prompt that changes is sent at once. */
const lobbyEverySeconds = 1;
/** Health and lobby are sent this often though nothing changed, so that their age says whether the box lives. */
const repeatEverySeconds = 10;
/** A clock set back by more than this begins a new state; less is a late frame. */
const backwardsSeconds = 5;
/** What was known longer ago than this says who was told what, and no more who is there. */
const handedForSeconds: Seconds = 60;
/** What was heard is kept so long while another decides: it bridges the change. */
const heardForSeconds: Seconds = 12;
const mostHeard = 4_000;
const wordsAgainSeconds: Seconds = 1;
/** The schema's own bound; a model of one's own may have any name. */
const mostNameLetters = 120;

/**
 * Acts on what the core decides, without knowing on what: publishes prompts and their states, the
 * lobby at a glance and the box's health.
 */
export function createLobby(options: LobbyOptions): Lobby {
  const { branch: first, clock, publisher } = options;
  let branch = first;
  let file = branch;
  let holds = createInForce(branch);
  let inForce = holds(clock.now());
  let settings = settingsOf(branch, inForce.thresholds);
  let trial:
    | {
        readonly values: Readonly<Record<string, number>>;
        settings: typeof settings;
        state?: Understood | undefined;
        isFaulty?: true;
      }
    | undefined;
  const targetSeconds = () => settings.thresholds.contact.targetSeconds;
  let state: CoreState = begin(options.seed);
  const teller = createTellPrompts({ ...options, branch: () => branch });
  const latency = createLatency({
    clock,
    dayOf: createDayOf(branch.hours?.timezone),
    onComplete: (took) => teller.note(latencyLine(took, clock.now())),
  });
  const notes = createNoteLobby({
    settings: branch.journal,
    level: () => file.privacy.level,
    note: teller.note,
  });
  let runs = 0;
  let names = visitNames(options.seed);
  const wanted = createLooksWanted();
  const opening = createOpening(branch.hours);
  let isOpen = true;
  let decides = options.mayDecide === undefined;
  /** What was heard while another decides, oldest first. */
  let heard: {
    readonly at: Seconds;
    readonly take: () => void;
    /** Of a look: who is followed after it. */
    readonly followed?: Followed;
  }[] = [];
  let followed: Followed = [];
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
    refused: {} as Partial<Record<RefusalReason, number>>,
  };
  const refuse = (reason: RefusalReason): void => countRefusal(figures.refused, reason);
  const mayBeHeard = createAnswerGate(() => state.prompts.wearers.wearers.map(({ watch }) => watch));
  /** Troubles that were over when their camera came back: a later silence is not theirs. */
  const over = new Map<string, CameraHealth['lastError']>();
  const notSeen = (): CameraHealth => ({
    state: 'starting',
    since: clock.now(),
    framesPerSecond: 0,
    dropped: 0,
    detectorErrors: 0,
    attempts: 0,
  });
  const cameras = new Map<string, CameraHealth>(branch.cameras.map(({ id }) => [id, notSeen()]));

  function countEnd({ phase, by }: PromptChange['prompt']): void {
    count(figures.ended, phase);
    if (phase === 'expired' && by === undefined) missed += 1;
  }

  function countStays(stays: readonly Stay[], at: Seconds): void {
    for (const stay of stays) {
      figures.firstContact = addStay(figures.firstContact, stay, targetSeconds());
      teller.note(stayLine(stay, names, at));
    }
  }

  function take(input: CoreInput, took?: FrameStages): void {
    if (options.mayDecide?.() === false) {
      standBy();
      return;
    }
    const begunAt = clock.now();
    if (input.at < state.at - backwardsSeconds) {
      // The machine's clock was set back. Waiting for it to catch up would mean saying nothing until then.
      beginAnew(`the clock went back by ${(state.at - input.at).toFixed(0)} s`, input.at);
    }
    const before = state;
    const [next, output, whereabouts] = stepSeen(state, input, settings);
    state = next;
    if ('camera' in input) wanted.take(input.camera, output);
    options.onState?.(state, output.changes.length > 0 || !('camera' in input));
    teller.tell(output.verdicts, output.changes, state.prompts, state.at, output.laters);
    const decideSeconds = clock.now() - begunAt;
    watchDuty();
    for (const change of output.changes) {
      if (change.kind === 'state') countEnd(change.prompt);
      if (change.kind === 'state' && !state.prompts.open.some(({ id }) => id === change.prompt.id)) {
        latency.ended(change.prompt.id);
      }
      if (change.kind === 'raised') {
        count(figures.prompts, change.prompt.kind);
        if (trial !== undefined) options.onTried?.('live', change.prompt);
        latency.raised(change.prompt.id, { ...took, decideSeconds, ...confirmOf(change, output) });
      }
    }
    // What a wearer said may change what is kept without being told to anybody.
    const isSaid = input.kind === 'answer' || input.kind === 'duty' || input.kind === 'opening';
    if (isSaid && output.changes.length === 0) teller.keep(state.prompts, state.at);
    countStays(output.stays, state.at);
    if ('camera' in input) notes.look(state, names, glance);
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
    tryBeside(before, input, whereabouts);
  }

  /** What is on trial comes last: nobody waits for it, and a fault in it is its own. */
  function tryBeside(before: CoreState, input: CoreInput, whereabouts: Whereabouts | undefined): void {
    if (trial === undefined) return;
    try {
      const [next, changes] = shadow(
        trial.state,
        { before, after: state, input, whereabouts },
        trial.settings,
      );
      trial.state = next;
      for (const change of changes) {
        if (change.kind !== 'raised') continue;
        teller.note(shadowLine(change));
        options.onTried?.('shadow', change.prompt);
      }
    } catch (error) {
      trial.state = undefined;
      if (trial.isFaulty === undefined) {
        options.onRemark?.(`what is on trial was begun anew, after a fault of the service: ${String(error)}`);
      }
      trial.isFaulty = true;
    }
  }

  const triedSettings = (values: Readonly<Record<string, number>>) =>
    settingsOf(branch, thresholdsWith(withValues(file.thresholds, values), inForce.profile));

  /** Takes over what holds now: another day may be another profile's, and a save may have changed its values. */
  function keepThresholds(): void {
    const next = holds(clock.now());
    if (next === inForce) return;
    const before = inForce;
    inForce = next;
    const { thresholds, prompts } = settingsOf(branch, next.thresholds);
    settings = { ...settings, thresholds, prompts };
    if (trial !== undefined) trial.settings = triedSettings(trial.values);
    if (before.profile?.id !== next.profile?.id) tellProfile(before);
  }

  /** Goes by other cameras, floors and zones from here on. */
  function redraw({ cameras: its, zones, remarks }: Branch): void {
    for (const { id, source } of its) {
      const before = branch.cameras.find((one) => one.id === id);
      if (before?.source !== source) cameras.set(id, notSeen());
    }
    for (const id of cameras.keys()) if (!its.some((one) => one.id === id)) cameras.delete(id);
    // What takes a restart stays as it was at the start.
    branch = { ...first, cameras: its, zones, remarks };
    const { cameras: views, zones: places } = settingsOf(branch, inForce.thresholds);
    const after = { ...settings, cameras: views, zones: places };
    state = changeScene(state, settings, after);
    settings = after;
    // What is on trial begins from what the live half knows now.
    if (trial !== undefined) {
      trial.settings = triedSettings(trial.values);
      trial.state = undefined;
    }
  }

  function tellProfile(before: Pick<InForce, 'thresholds'>): void {
    const profile = inForce.profile?.id ?? baseProfile;
    options.onRemark?.(
      profile === baseProfile
        ? `${inForce.day} is no profile's day: the base thresholds hold`
        : `${inForce.day} is a day of the profile ${profile}: its thresholds hold`,
    );
    const version = options.settingsVersion?.() ?? 1;
    teller.note(profileLine(profile, before.thresholds, inForce.thresholds, version, clock.now()));
  }

  /** Since when nobody is on duty though the branch is open. */
  let nobodySince: Seconds | undefined;

  function watchDuty(): void {
    const at = Number.isFinite(state.at) ? state.at : clock.now();
    const isNobody = isNobodyThere(state.prompts, at);
    if (isNobody === (nobodySince !== undefined)) return;
    nobodySince = isNobody ? at : undefined;
    options.onRemark?.(isNobody ? 'nobody on duty: prompts reach no one' : 'somebody is on duty again');
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
    if (trial !== undefined) trial.state = undefined;
    state = {
      ...state,
      prompts: { ...state.prompts, wearers, ...(isClosed === undefined ? {} : { isClosed }) },
    };
    options.onRemark?.(`${why}: begun anew`);
    beginRun('anew', at);
    if (Number.isFinite(state.at)) options.onState?.(state, true);
    const changes = open.map(
      (prompt): PromptChange => ({
        at,
        kind: 'state',
        prompt: { ...prompt, phase: 'expired' },
        reason: 'too-late',
      }),
    );
    teller.tell([], changes, state.prompts, at);
    for (const { prompt } of changes) {
      countEnd(prompt);
      latency.ended(prompt.id);
    }
    tellLobby(true);
  }

  /** Visits are named anew from here on. */
  function beginRun(why: 'start' | 'anew', at: Seconds): void {
    names = visitNames(options.seed + runs);
    runs += 1;
    teller.beginRun(names);
    const { open } = state.prompts;
    const known = open.length === 0 ? {} : { open: open.length };
    const { version } = options;
    teller.note({ v: 1, at: toMoment(at), kind: 'begun', run: names.run, why, version, ...known });
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
    if (!decides) return;
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
    if (!decides) return;
    const now = clock.now();
    const payload = health();
    // The rate wobbles; only states and troubles are news.
    const text = JSON.stringify({
      state: payload.state,
      nobodyOnDuty: payload.nobodyOnDuty,
      settings: payload.settings,
      journal: payload.journal,
      profile: payload.profile,
      privacy: payload.privacy,
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
    const recent = latency.recent();
    const settingsTrouble = options.settingsTrouble?.();
    const journalTrouble = options.journalTrouble?.();
    const bankOrders = options.bankOrders?.();
    return {
      v: 1,
      ...(decides ? {} : { standsBy: true as const }),
      state: boxState,
      at: toMoment(clock.now()),
      ...(nobodySince === undefined
        ? {}
        : { nobodyOnDuty: { since: toMoment(nobodySince), message: { ...nobodyOnDuty } } }),
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
      ...(recent.length === 0 ? {} : { latency: recent }),
      ...(settingsTrouble === undefined ? {} : { settings: settingsTrouble }),
      ...(journalTrouble === undefined ? {} : { journal: journalTrouble }),
      ...(bankOrders === undefined ? {} : { bankOrders }),
      ...(inForce.profile === undefined ? {} : { profile: inForce.profile.id }),
      privacy: options.isSettingUp?.() === true ? 'set-up' : file.privacy.level,
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

  function beginDeciding(expired: readonly PromptChange[]): void {
    watchDuty();
    beginRun('start', clock.now());
    if (inForce.profile !== undefined) tellProfile(branch);
    teller.tell([], expired, state.prompts, clock.now());
    tellHealth();
    tellLobby(true);
  }

  function standBy(): void {
    decides = false;
    heard = [];
    // Whom it followed until now it goes on to follow.
    followed = state.tracks.map(({ camera, state: tracks }) => ({
      camera,
      state: tracks,
      ...frameOf(camera),
    }));
    for (const { id } of state.prompts.open) latency.ended(id);
    state = begin(state.prompts.seed);
    if (trial !== undefined) trial.state = undefined;
  }

  /** Keeps what was heard for as long as it may be of use to whoever goes on. */
  function keepHeard(one: (typeof heard)[number]): void {
    const isOld = ({ at }: (typeof heard)[number]) => Math.abs(one.at - at) > heardForSeconds;
    if (heard.length >= mostHeard || (heard[0] !== undefined && isOld(heard[0]))) {
      heard = heard.filter((other) => !isOld(other)).slice(-mostHeard / 2);
    }
    heard.push(one);
  }

  /** Goes on from what another box knew, or this one at its last. */
  function goOnFrom(handed: HandedOver): readonly PromptChange[] {
    if (clock.now() - handed.at > handedForSeconds) {
      const [prompts, changes] = restorePrompts(
        keepPrompts(handed.prompts),
        handed.at,
        clock.now(),
        settings.prompts,
      );
      state = { ...begin(prompts.seed), prompts };
      return changes;
    }
    const then = heard.findLast((one) => one.followed !== undefined && one.at <= handed.at);
    state = takeOver(handed, then?.followed ?? [], settings);
    return [];
  }

  /** Of what it knew it is not certain that it was sent: a wrist that has it takes it for the same. */
  function sayAgain(): void {
    for (const prompt of state.prompts.open) {
      const isSaid = prompt.phase !== 'raised' || prompt.reached.length > 0 || prompt.silent === true;
      if (!isSaid && prompt.expiresAt > clock.now()) publisher.prompt(toPromptPayload(prompt, branch));
    }
  }

  function lookOf(camera: string, output: Exclude<CameraOutput, { kind: 'health' }>): Observation {
    const { kind } = output;
    const at = notAhead(output.at);
    if (kind === 'people') {
      const { people, within } = output;
      return { kind, camera, at, people, ...(within === undefined ? {} : { within }), ...frameOf(camera) };
    }
    return kind === 'blind' ? { kind, camera, at, why: output.why } : { kind, camera, at };
  }

  function hearHealth(camera: string, health: CameraHealth): void {
    const before = cameras.get(camera);
    cameras.set(camera, health);
    if (before?.state === health.state) return;
    if (health.state === 'live') over.set(camera, health.lastError);
    const trouble = troubleOf(camera, health);
    options.onRemark?.(
      `camera ${camera} is ${health.state}${trouble === undefined ? '' : `: ${trouble.message}`}`,
    );
  }

  function answer(ack: AckPayload): void {
    const { id, answer: given, role, watch } = ack;
    if (!decides) {
      keepHeard({ at: clock.now(), take: () => answer(ack) });
      return;
    }
    if (given === 'delivered') latency.delivered(id);
    const at = Math.max(clock.now(), state.at);
    const prompt = () => state.prompts.open.find((one) => one.id === id);
    const before = prompt();
    // Before it is counted against anybody: a made-up name costs nothing more than this.
    if (before === undefined) {
      refuse('unknown');
      return;
    }
    if (!mayBeHeard(watch, at)) {
      refuse('too-many');
      return;
    }
    notes.heard({ v: 1, id, answer: given, role, watch }, at);
    take({ kind: 'answer', at, id, answer: given, role, watch });
    if (JSON.stringify(prompt()) === JSON.stringify(before)) refuse('nothing-new');
  }

  function hearDuty(duty: DutyPayload): void {
    if (!decides) {
      keepHeard({ at: clock.now(), take: () => hearDuty(duty) });
      return;
    }
    const { watch, role, onDuty, lost, quietSeconds, place } = duty;
    const at = Math.max(clock.now(), state.at);
    if (!mayBeHeard(watch, at)) {
      refuse('too-many');
      return;
    }
    const quiet = quietSeconds === undefined ? {} : { quietSeconds };
    const wearer = () => state.prompts.wearers.wearers.find((other) => other.watch === watch);
    const known = () => {
      const one = wearer();
      return JSON.stringify([one?.role, one?.onDuty, one?.lostAt, one?.quietUntil]);
    };
    const before = known();
    take({ kind: 'duty', at, watch, role, onDuty, ...(lost === undefined ? {} : { lost }), ...quiet });
    if (onDuty && wearer() === undefined) {
      refuse('full');
      return;
    }
    // A watch repeats itself whenever its link comes up.
    const isNews = known() !== before;
    if (isNews) teller.note(dutyLine(duty, at));
    tellHealth();
    if (onDuty && place !== undefined) take({ kind: 'beacon', at, watch, place });
    else if (!isNews) refuse('nothing-new');
  }

  if (decides) beginDeciding(goOn());
  return {
    get decides() {
      return decides;
    },
    standBy,
    decide(handed) {
      decides = true;
      sentLobby = { at: Number.NEGATIVE_INFINITY, text: '' };
      sentHealth = { at: Number.NEGATIVE_INFINITY, text: '' };
      const then = heard;
      const expired = handed === undefined ? goOn() : goOnFrom(handed);
      isOpen = state.prompts.isClosed !== true;
      // Where nobody decided before, what was seen since this box came is new to all.
      const since = handed?.at ?? Number.NEGATIVE_INFINITY;
      heard = [];
      beginDeciding(expired);
      sayAgain();
      // What wrists said is of now; what was seen has its own time. A word that was heard already is taken for the same.
      const looks = then.filter((one) => one.followed !== undefined && one.at > since);
      const words = then.filter((one) => one.followed === undefined && one.at > since - wordsAgainSeconds);
      for (const one of [...looks, ...words]) if (decides) one.take();
    },
    hear(camera, output) {
      // The last word of a camera that was taken out.
      if (!cameras.has(camera)) return;
      if (!decides) {
        if (output.kind === 'health') hearHealth(camera, output.health);
        else {
          const look = lookOf(camera, output);
          followed = followLook(followed, look, settings);
          keepHeard({ at: look.at, followed, take: () => take(look) });
        }
        return;
      }
      keepThresholds();
      keepHours();
      if (output.kind === 'health') hearHealth(camera, output.health);
      else {
        const took = output.kind === 'people' ? output.took : undefined;
        if (output.kind === 'people') figures.observations += 1;
        if (took !== undefined) latency.frame(camera, took);
        take(lookOf(camera, output), took);
      }
      tellHealth();
    },
    looks: wanted.of,
    confirmed: latency.confirmed,
    answer,
    duty: hearDuty,
    beginAnew: (why) => beginAnew(why, clock.now()),
    use(next) {
      const isOtherLevel = next.privacy.level !== file.privacy.level;
      file = next;
      // Its hours take a restart, and the time zone with them.
      const { thresholds, profiles } = next;
      holds = createInForce({
        thresholds,
        profiles,
        ...(first.hours === undefined ? {} : { hours: first.hours }),
      });
      const drawn = (one: Branch) => JSON.stringify([one.cameras, one.zones]);
      const isRedrawn = drawn(next) !== drawn(branch);
      if (isRedrawn) redraw(next);
      keepThresholds();
      const waiting = awaitsRestart(first, next);
      if (waiting.length > 0) {
        options.onRemark?.(
          `the branch file has other ${waiting.join(', ')}: that takes a restart. Thresholds, cameras and zones are taken over at once`,
        );
      }
      if (isRedrawn || isOtherLevel) tellHealth();
      if (!isRedrawn) return;
      tellLobby(true);
    },
    inForce: () => inForce,
    tryOut(values) {
      trial = values === undefined ? undefined : { values, settings: triedSettings(values) };
    },
    lobby: glance,
    floor: () => toFloorPayload(state, settings, names, clock.now(), file.privacy.level),
    health,
    places: () => [
      ...branch.zones.map(({ zone }) => ({ id: zone.id, name: placeName(branch, zone.id) })),
      { id: 'hall', name: { ...hallName } },
    ],
    cameras: () => [...cameras].map(([id, one]) => ({ id, health: one })),
    latency: () => latency,
    figures: () => ({
      ...figures,
      letGo:
        state.visits.letGo +
        state.prompts.letGo +
        state.tracks.reduce((sum, one) => sum + one.state.letGo, 0),
    }),
  };
}

/** From the moment it happened to the capture of the frame in which it was believed, where both are known. */
function confirmOf(
  { at, prompt }: PromptChange,
  { verdicts }: CoreOutput,
): { readonly confirmSeconds?: Seconds } {
  const because = verdicts.find(
    ({ decision }) => decision.kind === 'prompt' && decision.prompt === prompt.id,
  );
  const since = because?.happening.since;
  return since === undefined ? {} : { confirmSeconds: at - since };
}

function count(sums: Record<string, number>, key: string): void {
  sums[key] = (sums[key] ?? 0) + 1;
}
