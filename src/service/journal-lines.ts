import { baseProfile } from '../contract/calendar.ts';
import { type JournalSettings, type LineOf, mostDots } from '../contract/journal.ts';
import type { SettingsChange } from '../contract/settings.ts';
import type { ThresholdSettings } from '../contract/thresholds.ts';
import type { AckPayload, DutyPayload, HealthPayload, LobbyPayload } from '../contract/topics.ts';
import { floorPlane } from '../core/floor/zones.ts';
import { type Stay, waitOf } from '../core/ledger.ts';
import type { Later, PromptChange, Verdict } from '../core/prompts/prompt.ts';
import { ulid } from '../core/prompts/ulid.ts';
import type { CoreState } from '../core/step.ts';
import type { Seconds } from '../core/units.ts';
import { isSeen } from '../core/visits/visit.ts';
import type { PromptTook } from './latency.ts';
import { toMoment } from './wire.ts';

/**
 * A name for a run, drawn from its dice: the `v7` of two runs are two people, and are not to be taken for one.
 *
 * @example
 * ```ts
 * runName(7) === runName(7); // true
 * runName(7) === runName(8); // false
 * ```
 */
export function runName(seed: number): string {
  return ulid(0, seed)[0].slice(-4).toLowerCase();
}

/** What one run calls its visits, in the journal and on the console. */
export interface VisitNames {
  readonly run: string;
  /** `v12` as the journal calls it. */
  of(visit: string): string;
}

/**
 * Names for a run's visits: the run's own, and a number that says neither who came first nor how many did. Each visit
 * of a run has another.
 *
 * @example
 * ```ts
 * const names = visitNames(7);
 * names.of('v1') === names.of('v2'); // false
 * names.of('v1') === visitNames(8).of('v1'); // false
 * ```
 */
export function visitNames(seed: number): VisitNames {
  const run = runName(seed);
  return { run, of: (visit) => `${run}-${scattered(Number(visit.slice(1)), seed)}` };
}

/** So many numbers there are: of nine digits at most. */
const half = 14;
const mask = (1 << half) - 1;

/**
 * A number below 2 ** 28 for each other: a permutation dealt by the seed, as four rounds of a Feistel network make it
 * (Luby and Rackoff, 1988). It is no secret to whoever has the seed, which never leaves the process.
 */
function scattered(number: number, seed: number): number {
  let [left, right] = [(number >>> half) & mask, number & mask];
  for (let round = 1; round <= 4; round += 1)
    [left, right] = [right, left ^ (mixed(right, seed, round) & mask)];
  return left * (1 << half) + right;
}

/** Every bit of it depends on every bit of what it is made from: the end of MurmurHash3, by Austin Appleby (public domain). */
function mixed(value: number, seed: number, round: number): number {
  let bits = Math.imul(value ^ seed, 0x9e3779b1) ^ Math.imul(round, 0x85ebca6b) ^ (seed >>> 7);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** To a thousandth: more is noise, and bytes. */
const short = (value: number) => Math.round(value * 1000) / 1000;

/** What was noticed and decided, without where anybody stood. */
export function verdictLine({ at, happening, decision }: Verdict, names: VisitNames): LineOf<'verdict'> {
  const { kind, visit, role, zone, people, waitedSeconds, served, towards, cameUpTo, of, because } =
    happening;
  // Of whoever leaves the VIP zone not even how long they were there is told.
  const figures = kind === 'farewell' ? undefined : happening.figures;
  const said = decision.kind === 'silence' ? decision : undefined;
  return {
    v: 1,
    at: toMoment(at),
    kind: 'verdict',
    happening: kind,
    ...(visit === undefined ? {} : { visit: names.of(visit) }),
    role,
    ...(zone === undefined ? {} : { zone }),
    ...(people === undefined ? {} : { people }),
    ...(waitedSeconds === undefined || kind === 'farewell' ? {} : { waitedSeconds: short(waitedSeconds) }),
    ...(served === undefined ? {} : { served }),
    ...(towards === undefined ? {} : { towards }),
    ...(cameUpTo === undefined ? {} : { cameUpTo: [...cameUpTo] }),
    ...(of === undefined ? {} : { of }),
    ...(because === undefined ? {} : { because }),
    ...(figures === undefined
      ? {}
      : {
          figures: Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, short(value)])),
        }),
    decision: decision.kind,
    ...(said === undefined ? {} : { reason: said.reason }),
    ...(said?.metres === undefined ? {} : { metres: short(said.metres) }),
    ...(said?.metresPerSecond === undefined ? {} : { metresPerSecond: short(said.metresPerSecond) }),
    ...(decision.prompt === undefined ? {} : { prompt: decision.prompt }),
  };
}

/** What became of a prompt. */
export function changeLine({ at, kind, prompt, reason }: PromptChange): LineOf<'prompt' | 'state'> {
  const { id, to, watches, places, passedOn, towards, free } = prompt;
  if (kind === 'state' || kind === 'reached') {
    return {
      v: 1,
      at: toMoment(at),
      kind: 'state',
      id,
      phase: prompt.phase,
      ...(prompt.by === undefined ? {} : { by: prompt.by }),
      ...(prompt.watch === undefined ? {} : { watch: prompt.watch }),
      ...(reason === undefined ? {} : { reason }),
    };
  }
  return {
    v: 1,
    at: toMoment(at),
    kind: 'prompt',
    change: kind,
    id,
    prompt: prompt.kind,
    place: prompt.place,
    ...(places === undefined ? {} : { places: [...places] }),
    people: prompt.people,
    ...(to === undefined ? {} : { to: [...to] }),
    ...(watches === undefined ? {} : { watches: [...watches] }),
    ...(passedOn === undefined ? {} : { passedOn: { to: passedOn.role, at: toMoment(passedOn.at) } }),
    ...(towards === undefined ? {} : { towards }),
    ...(free === undefined ? {} : { free }),
    urgency: prompt.urgency,
    waitedSeconds: Math.min(86_400, short(prompt.waitedSeconds)),
    raisedAt: toMoment(prompt.raisedAt),
    expiresAt: toMoment(prompt.expiresAt),
  };
}

/** What became of somebody who was not told of at once. */
export function laterLine(
  { at, visit, kind, was, end, waitedSeconds, prompt }: Later,
  names: VisitNames,
): LineOf<'later'> {
  return {
    v: 1,
    at: toMoment(at),
    kind: 'later',
    visit: names.of(visit),
    prompt: kind,
    was,
    became: end,
    waitedSeconds: short(waitedSeconds),
    ...(prompt === undefined ? {} : { id: prompt }),
  };
}

export function dutyLine(
  { watch, role, onDuty, lost, quietSeconds }: DutyPayload,
  at: Seconds,
): LineOf<'duty'> {
  return {
    v: 1,
    at: toMoment(at),
    kind: 'duty',
    watch,
    role,
    onDuty,
    ...(lost === true ? { lost } : {}),
    ...(quietSeconds === undefined ? {} : { quietSeconds }),
  };
}

/** To a millisecond. */
export function latencyLine({ prompt, parts }: PromptTook, at: Seconds): LineOf<'latency'> {
  return {
    v: 1,
    at: toMoment(at),
    kind: 'latency',
    id: prompt,
    parts: Object.fromEntries(
      Object.entries(parts).map(([part, seconds]) => [part, Math.min(86_400, short(seconds))]),
    ),
  };
}

export function healthLine({ at, state, nobodyOnDuty, cameras }: HealthPayload): LineOf<'health'> {
  return {
    v: 1,
    at,
    kind: 'health',
    state,
    ...(nobodyOnDuty === undefined ? {} : { nobodyOnDuty: true as const }),
    cameras: cameras.map((camera) => ({
      id: camera.id,
      state: camera.state,
      ...(camera.blind === undefined ? {} : { blind: camera.blind.map(({ place }) => place) }),
      ...(camera.trouble === undefined ? {} : { trouble: camera.trouble.code }),
    })),
  };
}

/**
 * Where those are who are seen inside now, as dots on the metre floor.
 *
 * A place is kept to `sceneMetres` and no closer. Things that are taken for people, people outside the door, and
 * cameras without floor points have no dots.
 */
export function sceneLine(state: CoreState, names: VisitNames, settings: JournalSettings): LineOf<'scene'> {
  const { at } = state;
  const cell = (metres: number) =>
    Number((Math.round(metres / settings.sceneMetres) * settings.sceneMetres).toFixed(3));
  return {
    v: 1,
    at: toMoment(at),
    kind: 'scene',
    run: names.run,
    people: state.visits.visits
      .filter(
        (visit) =>
          visit.plane === floorPlane &&
          visit.phase === 'inside' &&
          visit.isThing === undefined &&
          isSeen(visit, at),
      )
      .slice(0, mostDots)
      .map(({ id, role, at: { x, y } }) => ({ visit: names.of(id), role, x: cell(x), y: cell(y) })),
  };
}

/** One arrival, and what became of it. */
export function stayLine(stay: Stay, names: VisitNames, at: Seconds): LineOf<'stay'> {
  const { visit, door, arrivedAt, promptedAt, prompt, acceptedAt, metAt, metBy, blindSeconds, ended } = stay;
  const wait = waitOf(stay);
  return {
    v: 1,
    at: toMoment(stay.endedAt ?? at),
    kind: 'stay',
    visit: names.of(visit),
    ...(door === undefined ? {} : { zone: door }),
    arrivedAt: toMoment(arrivedAt),
    ...(promptedAt === undefined ? {} : { promptedAt: toMoment(promptedAt) }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(acceptedAt === undefined ? {} : { acceptedAt: toMoment(acceptedAt) }),
    ...(metAt === undefined ? {} : { metAt: toMoment(metAt) }),
    ...(Number.isFinite(wait) ? { waitedSeconds: short(wait) } : {}),
    ...(metBy === undefined ? {} : { metBy }),
    ...(blindSeconds === undefined ? {} : { blindSeconds: short(blindSeconds) }),
    ...(ended === undefined ? {} : { ended }),
  };
}

/** How the zones are, a line each. */
export function zoneLines({ at, zones }: Pick<LobbyPayload, 'at' | 'zones'>): readonly LineOf<'zone'>[] {
  return zones.map(({ id, blind, people, waiting, longestWaitSeconds, expectedWaitSeconds }) => ({
    v: 1,
    at,
    kind: 'zone',
    zone: id,
    ...(blind === undefined ? {} : { blind }),
    ...(people === undefined ? {} : { people }),
    ...(waiting === undefined ? {} : { waiting }),
    ...(longestWaitSeconds === undefined ? {} : { longestWaitSeconds }),
    ...(expectedWaitSeconds === undefined ? {} : { expectedWaitSeconds }),
  }));
}

export function ackLine({ id, answer, role, watch }: AckPayload, at: Seconds): LineOf<'ack'> {
  return { v: 1, at: toMoment(at), kind: 'ack', id, answer, role, watch };
}

/** A prompt of thresholds on trial: what it would have been. */
export function shadowLine({ at, prompt }: PromptChange): LineOf<'shadow'> {
  return {
    v: 1,
    at: toMoment(at),
    kind: 'shadow',
    id: prompt.id,
    prompt: prompt.kind,
    place: prompt.place,
    people: prompt.people,
    happening: prompt.cause,
    waitedSeconds: Math.min(86_400, short(prompt.waitedSeconds)),
    reason: 'shadow',
  };
}

/** Another profile's day begins, or a day that has none. */
export function profileLine(
  profile: string,
  before: ThresholdSettings,
  after: ThresholdSettings,
  version: number,
  at: Seconds,
): LineOf<'settings'> {
  const valuesOf = (one: ThresholdSettings) =>
    Object.fromEntries(
      Object.entries(one).flatMap(([group, values]) =>
        Object.entries(values).map(([key, value]) => [`${group}.${key}`, value]),
      ),
    );
  const [from, to] = [valuesOf(before), valuesOf(after)];
  const differing = Object.keys(to).filter((path) => from[path] !== to[path]);
  const those = (values: Readonly<Record<string, number>>) =>
    Object.fromEntries(differing.map((path) => [path, values[path]!]));
  return {
    v: 1,
    at: toMoment(at),
    kind: 'settings',
    version,
    why: profile === baseProfile ? 'no profile has this day' : `profile ${profile} begins`,
    profile,
    from: those(from),
    to: those(to),
  };
}

/**
 * A change of thresholds, or of cameras and zones in words, by the role of whoever made it, or as the file's or the
 * bank's: a token, and a bundle's name, stay in the history of the settings.
 */
export function settingsLine(change: SettingsChange): LineOf<'settings'> {
  const { at, version, by, why, changes, profiles, shadow, setup = [] } = change;
  const values = (side: 'from' | 'to') => ({
    ...Object.fromEntries(Object.entries(changes).map(([path, one]) => [path, one[side]])),
    ...(profiles === undefined ? {} : profileValues(profiles[side])),
  });
  return {
    v: 1,
    at,
    kind: 'settings',
    version,
    by: by.kind === 'token' ? by.role : by.kind,
    ...(why === undefined ? {} : { why }),
    ...(shadow === undefined ? {} : { shadow: { how: shadow.how, set: { ...shadow.set } } }),
    from: values('from'),
    to: {
      ...values('to'),
      ...(setup.length === 0 ? {} : { setup: setup.map(({ zh, en }) => ({ zh, en })) }),
    },
  };
}

/** `pension-day.queue.waitSeconds`: what profiles have over the base. */
function profileValues(
  profiles: NonNullable<SettingsChange['profiles']>['from'],
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    profiles.flatMap(({ id, thresholds }) =>
      Object.entries(thresholds).flatMap(([group, values]) =>
        Object.entries(values ?? {}).flatMap(([key, value]) =>
          value === undefined ? [] : [[`${id}.${group}.${key}`, value]],
        ),
      ),
    ),
  );
}
