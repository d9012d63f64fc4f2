import { noBehaviour } from './behaviours/index.ts';
import { floorPlane } from './floor/zones.ts';
import type { PlanePoint } from './geometry/polygon.ts';
import { eachTime, type Once } from './once.ts';
import { decide, noPrompts } from './prompts/decide.ts';
import type { Answer, PromptKind, Receipt, WearerRole } from './prompts/kinds.ts';
import type { Prompt, PromptChange, Verdict } from './prompts/prompt.ts';
import type { DutySaid } from './prompts/wearers.ts';
import type { CoreSettings } from './step.ts';
import { type Understood, understand } from './understand.ts';
import type { Metres, Seconds } from './units.ts';
import { type VisitChange, visitDefaults } from './visits/follow-visits.ts';
import { type Role, unknownYet, type Visit } from './visits/visit.ts';

/** One dot of a scene that was kept. */
export interface PlayedPerson {
  readonly visit: string;
  readonly role: Role;
  readonly x: Metres;
  readonly y: Metres;
}

/** What was kept of a day, in order of time. */
export type PlayedInput = { readonly at: Seconds } & (
  | { readonly kind: 'scene'; readonly people: readonly PlayedPerson[] }
  | { readonly kind: 'entered' | 'left'; readonly visit: string; readonly zone?: string }
  /** Somebody was met, as it happened: no replay knows how staff would have walked. */
  | { readonly kind: 'contacted'; readonly visit: string }
  /** The stay is over, however it ended. */
  | { readonly kind: 'ended'; readonly visit: string }
  /** Zones that no camera sees from now on. */
  | { readonly kind: 'blind'; readonly zones: readonly string[] }
  | ({ readonly kind: 'duty' } & DutySaid)
  | { readonly kind: 'opening'; readonly isOpen: boolean }
  /** A prompt that was raised then: answers to it are taken to the one that is raised now in its place. */
  | { readonly kind: 'raised'; readonly id: string; readonly prompt: PromptKind; readonly place: string }
  | {
      readonly kind: 'answer';
      readonly id: string;
      readonly answer: Answer | Receipt;
      readonly role: WearerRole;
      readonly watch: string;
    }
  /** Names of visits mean others from here on. */
  | { readonly kind: 'begun' }
);

/** All that is remembered while a day is played back: plain data. */
export interface PlayedState extends Understood {
  readonly at: Seconds;
  readonly visits: readonly Visit[];
  readonly blindZones: readonly string[];
  /** Prompts of then, lately raised, for which one of now is looked for. */
  readonly raised: readonly {
    readonly id: string;
    readonly kind: PromptKind;
    readonly place: string;
    readonly at: Seconds;
  }[];
}

export interface PlayedOutput {
  readonly verdicts: readonly Verdict[];
  readonly changes: readonly PromptChange[];
}

/** Prompts of then and now of one kind and place this near in time are one. */
export const samePromptSeconds: Seconds = 12;
const mostThen = 64;
const quiet: PlayedOutput = { verdicts: [], changes: [] };

/** @param seed names of prompts come from it: the same for the days that are to be compared */
export function beginPlayed(seed = 1): PlayedState {
  return {
    at: Number.NEGATIVE_INFINITY,
    visits: [],
    behaviours: noBehaviour,
    prompts: noPrompts(seed),
    blindZones: [],
    raised: [],
  };
}

/**
 * Plays a day back from what was kept of it, by any settings: where people stood, who came, was met and left, and what
 * wearers said. What follows from it is worked out anew by the code the live service runs.
 *
 *     scenes, arrivals, contacts ▶ visits ▶ notice ▶ decide ▶ what would have been said
 *
 * Known as it happened, and not worked out: who came in and went out, who was met, whose role was what. Heads are not
 * kept, and places are as coarse as the journal keeps them: so a day that is played back by the settings of then comes
 * near to what was, and not all the way. Compare it with another that is played back, never with what was.
 *
 * @param input in order of time; an earlier one is taken as if it came now
 * @param once of this input: what a story beside this one has made of the same is taken over, and need not be worked
 *        out again. Those stories must differ in thresholds and prompts alone. Absent: nothing is
 */
export function playBack(
  state: PlayedState,
  input: PlayedInput,
  settings: Pick<CoreSettings, 'zones' | 'thresholds' | 'prompts'>,
  once: Once = eachTime,
): [PlayedState, PlayedOutput] {
  const at = Math.max(input.at, state.at);
  const now = { ...state, at };
  switch (input.kind) {
    case 'scene':
      return look(now, { people: input.people }, settings, once);
    case 'entered':
    case 'left':
    case 'contacted':
      // Told at its own moment: between two scenes everybody stands where they were last seen.
      return look(now, { people: [], told: input }, settings, once);
    case 'ended': {
      const isLeaving = state.visits.some(({ id, phase }) => id === input.visit && phase === 'left');
      // Whoever left is let go of by the next scene, which has told of it.
      if (isLeaving) return [now, quiet];
      const visits = once('ended', [state.visits], () => state.visits.filter(({ id }) => id !== input.visit));
      return [{ ...now, visits }, quiet];
    }
    case 'blind':
      return [{ ...now, blindZones: input.zones }, quiet];
    case 'begun':
      return [once('begun', [state.prompts], () => ({ ...beginAgain(state.prompts), at })), quiet];
    case 'raised': {
      const { id, prompt: kind, place } = input;
      const raised = once('raised', [state.raised], () =>
        [...state.raised, { id, kind, place, at }].slice(-mostThen),
      );
      return [{ ...now, raised }, quiet];
    }
    case 'duty':
    case 'opening':
    case 'answer': {
      const news =
        input.kind === 'duty'
          ? { duty: input }
          : input.kind === 'opening'
            ? { isOpen: input.isOpen }
            : { answers: answersOf(now, input) };
      const { visits, blindZones, raised } = state;
      const [prompts, verdicts, changes] = once(
        'heard',
        [state.prompts, settings.prompts, visits, raised],
        () =>
          decide(
            state.prompts,
            { at, visits, happenings: [], queues: [], blindZones: new Set(blindZones) },
            news,
            settings.prompts,
          ),
      );
      return [
        { ...now, prompts },
        { verdicts, changes },
      ];
    }
  }
}

/** As at the start; who is on duty, and whether the branch is open, is known on. */
function beginAgain({ seed, wearers, isClosed }: PlayedState['prompts']): PlayedState {
  const begun = beginPlayed(seed);
  return {
    ...begun,
    prompts: { ...begun.prompts, wearers, ...(isClosed === undefined ? {} : { isClosed }) },
  };
}

type AnswerInput = Extract<PlayedInput, { kind: 'answer' }>;

/** The answer, to the prompt of now that stands for the one it was given to; none where there is no such prompt. */
function answersOf({ raised, prompts }: PlayedState, { id, answer, role, watch }: AnswerInput) {
  const was = raised.find((one) => one.id === id);
  const found = was === undefined ? undefined : counterpart(was, prompts.open);
  return found === undefined ? [] : [{ id: found.id, answer, role, watch }];
}

/** The open prompt that says the same as another did: of one kind, at one place, nearest in time. */
export function counterpart(
  was: { readonly kind: PromptKind; readonly place: string; readonly at: Seconds },
  open: readonly Prompt[],
): Prompt | undefined {
  return open
    .filter(
      ({ kind, place, raisedAt }) =>
        kind === was.kind && place === was.place && Math.abs(raisedAt - was.at) <= samePromptSeconds,
    )
    .sort((a, b) => Math.abs(a.raisedAt - was.at) - Math.abs(b.raisedAt - was.at))[0];
}

interface Seen {
  readonly people: readonly PlayedPerson[];
  readonly told?: Extract<PlayedInput, { kind: 'entered' | 'left' | 'contacted' }>;
}

function look(
  state: PlayedState,
  seen: Seen,
  settings: Pick<CoreSettings, 'zones' | 'thresholds' | 'prompts'>,
  once: Once,
): [PlayedState, PlayedOutput] {
  const { at, blindZones } = state;
  const { told } = seen;
  const [visits, visitChanges] = once('visits', [state.visits], () =>
    follow(state.visits, at, seen, settings.zones),
  );
  const [understood, { verdicts, changes }] = understand(
    { behaviours: state.behaviours, prompts: state.prompts },
    {
      at,
      visits,
      visitChanges,
      blindZones: new Set(blindZones),
      contacts: new Set(told?.kind === 'contacted' ? [told.visit] : []),
    },
    settings,
    once,
  );
  const { behaviours, prompts } = understood;
  const { raised } = state;
  return [
    { behaviours, prompts, at, visits, blindZones, raised },
    { verdicts, changes },
  ];
}

/** Where everybody is now, and who came or went. */
function follow(
  before: readonly Visit[],
  at: Seconds,
  { people, told }: Seen,
  zones: CoreSettings['zones'],
): readonly [readonly Visit[], readonly VisitChange[]] {
  const here = new Map(people.map((person) => [person.visit, person]));
  const known = new Set(before.map(({ id }) => id));
  const visits = before
    .map((visit) => {
      const person = here.get(visit.id);
      return person === undefined ? visit : move(visit, person, at);
    })
    .filter(({ phase, seenAt }) => phase !== 'left' && at - seenAt <= visitDefaults.queueMemorySeconds);
  for (const person of people) if (!known.has(person.visit)) visits.push(begin(person, at));
  if (told?.kind === 'entered' && !known.has(told.visit)) {
    // Nobody has seen them stand anywhere yet.
    const door = zones.find((zone) => zone.id === told.zone);
    const where = door?.kind === 'entrance' ? door.door.inside : { x: 0, y: 0 };
    visits.push(begin({ visit: told.visit, role: 'customer', ...where }, at));
  }
  const changes: VisitChange[] = [];
  const next = visits.map((visit): Visit => {
    if (told === undefined || told.kind === 'contacted' || told.visit !== visit.id) return visit;
    const { kind, zone } = told;
    const now: Visit =
      kind === 'entered'
        ? { ...visit, arrivedAt: at, hasMoved: true, ...(zone === undefined ? {} : { door: zone }) }
        : { ...visit, phase: 'left', leftAt: at };
    changes.push({ kind, visit: now, ...(zone === undefined ? {} : { zone }) });
    return now;
  });
  return [next, changes];
}

function begin({ visit, role, x, y }: PlayedPerson, at: Seconds): Visit {
  const where: PlanePoint = { x, y };
  return {
    id: visit,
    plane: floorPlane,
    role,
    phase: 'inside',
    sightings: [],
    at: where,
    velocity: standing,
    unit: 1,
    bornAt: at,
    bornWhere: where,
    seenAt: at,
    seenBy: '',
    ...unknownYet,
    path: [{ at, x, y }],
  };
}

const standing: PlanePoint = { x: 0, y: 0 };

/** As long as the live service keeps a path: it has a point each 0.4 s there. */
const pathSeconds: Seconds = visitDefaults.pathPoints * visitDefaults.pathEverySeconds;

/** Half of a coarse step is the grid's own: who moved by less stands. */
const gridMetres: Metres = 0.26;

function move(visit: Visit, { role, x, y }: PlayedPerson, at: Seconds): Visit {
  const [right, up] = [x - visit.at.x, y - visit.at.y];
  const seconds = at - visit.seenAt;
  const isStill = Math.hypot(right, up) <= gridMetres;
  // Copied once: of everybody, each second of a day.
  const path = visit.path.slice(firstOf(visit.path, at - pathSeconds));
  path.push({ at, x, y });
  // Each field by its name: a copy with some of them written over takes the engine several times as long.
  return {
    id: visit.id,
    plane: visit.plane,
    role,
    phase: visit.phase,
    sightings: visit.sightings,
    at: { x, y },
    velocity: isStill || seconds <= 0 ? standing : { x: right / seconds, y: up / seconds },
    unit: visit.unit,
    bornAt: visit.bornAt,
    bornWhere: visit.bornWhere,
    seenAt: at,
    seenBy: visit.seenBy,
    unwatchedSeconds: visit.unwatchedSeconds,
    foundAt: visit.foundAt,
    arrivedAt: visit.arrivedAt,
    leftAt: visit.leftAt,
    backSince: visit.backSince,
    wasLost: visit.wasLost,
    beside: visit.beside,
    door: visit.door,
    hasMoved: isStill ? visit.hasMoved : true,
    isThing: visit.isThing,
    belief: visit.belief,
    path,
    heads: visit.heads,
  };
}

/** The first point of a path that is not older than a moment. */
function firstOf(path: Visit['path'], since: Seconds): number {
  let first = Math.max(0, path.length - visitDefaults.pathPoints + 1);
  while (first < path.length && path[first]!.at < since) first += 1;
  return first;
}
