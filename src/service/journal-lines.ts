import type { JournalLine } from '../contract/journal.ts';
import type { DutyPayload, HealthPayload } from '../contract/topics.ts';
import type { Later, PromptChange, Verdict } from '../core/prompts/prompt.ts';
import { ulid } from '../core/prompts/ulid.ts';
import type { Seconds } from '../core/units.ts';
import type { PromptTook } from './latency.ts';
import { toMoment } from './wire.ts';

type LineOf<Kind extends JournalLine['kind']> = Extract<JournalLine, { kind: Kind }>;

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

/** `v12` as the journal calls it. */
export const visitIn = (run: string, visit: string) => `${run}-${visit.slice(1)}`;

/** To a thousandth: more is noise, and bytes. */
const short = (value: number) => Math.round(value * 1000) / 1000;

/** What was noticed and decided, without where anybody stood. */
export function verdictLine({ at, happening, decision }: Verdict, run: string): LineOf<'verdict'> {
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
    ...(visit === undefined ? {} : { visit: visitIn(run, visit) }),
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
  run: string,
): LineOf<'later'> {
  return {
    v: 1,
    at: toMoment(at),
    kind: 'later',
    visit: visitIn(run, visit),
    prompt: kind,
    was,
    end,
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
