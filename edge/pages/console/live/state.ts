import type { JournalLine } from '../../../../src/contract/journal.ts';
import type {
  FloorPayload,
  FloorPersonPayload,
  MinutesPayload,
  PlanPayload,
} from '../../../../src/contract/live.ts';
import type { HealthPayload, LobbyPayload } from '../../../../src/contract/topics.ts';
import type { Standing } from '../../../../src/core/floor-view.ts';

/**
 * What the live page knows, and how each thing that comes changes it. Nothing here touches the browser.
 *
 * All moments are milliseconds since 1970; `at` of an event is by this computer's clock.
 */
export interface LiveState {
  readonly now: number;
  /** The box's clock less this computer's, as the least delayed of the last times it told shows it. */
  readonly boxAheadMs: number;
  /** The same by each of the last times it told. */
  readonly aheads: readonly number[];
  readonly link: 'connecting' | 'up' | 'down';
  readonly plan?: PlanPayload;
  readonly minutes?: MinutesPayload;
  readonly lobby?: LobbyPayload;
  readonly health?: HealthPayload;
  /** The last two floors, for moving between them. */
  readonly floor?: FloorPayload;
  readonly before?: FloorPayload;
  /** When the newest floor came. */
  readonly floorCameAt: number;
  /** One floor a second of the last hour, for looking back: at most `mostPast`. */
  readonly past: readonly FloorPayload[];
  /** Lines of the last ten minutes, oldest first. */
  readonly lines: readonly JournalLine[];
  /** The moment the floor is held at; absent: live. */
  readonly heldAt?: number;
  /** The visit that was pointed at. */
  readonly chosen?: string;
  /** The version of the settings in force on the box. */
  readonly settings?: number;
}

export type LiveEvent = { readonly at: number } & (
  | { readonly kind: 'link'; readonly link: LiveState['link'] }
  | { readonly kind: 'plan'; readonly plan: PlanPayload }
  | { readonly kind: 'minutes'; readonly minutes: MinutesPayload }
  | { readonly kind: 'floor'; readonly floor: FloorPayload }
  | { readonly kind: 'lobby'; readonly lobby: LobbyPayload }
  | { readonly kind: 'health'; readonly health: HealthPayload }
  | { readonly kind: 'line'; readonly line: JournalLine }
  | { readonly kind: 'box-time'; readonly now: string; readonly settings?: number }
  | { readonly kind: 'tick' }
  | { readonly kind: 'frozen' | 'gone-live' }
  | { readonly kind: 'stepped'; readonly seconds: number }
  /** To so many seconds before the newest floor. */
  | { readonly kind: 'looked-back'; readonly seconds: number }
  | { readonly kind: 'chosen'; readonly visit: string | undefined }
);

/** The box tells its time each second. */
const mostTimes = 20;
/** One time alone may have been late, though never by so much. */
const enoughTimes = 3;
const mostLateMs = 60_000;
const mostPast = 3_600;
const mostLines = 400;
const recentMs = 600_000;

export function initialLive(at: number): LiveState {
  return { now: at, boxAheadMs: 0, aheads: [], link: 'connecting', floorCameAt: at, past: [], lines: [] };
}

export const boxNow = (state: LiveState): number => state.now + state.boxAheadMs;

/** How far the two clocks are apart, in seconds, once that is known; ahead is more than 0. */
export const clocksApart = (state: LiveState): number =>
  state.aheads.length < enoughTimes && Math.abs(state.boxAheadMs) < mostLateMs ? 0 : state.boxAheadMs / 1000;

/**
 * How old what is drawn is, in seconds: by the box's clock, so that a stream that stands still ages.
 *
 * `fresh` up to a second, `old` up to three, then `stopped`: what is stopped is dimmed and says so.
 */
export function ageOf(state: LiveState): {
  readonly seconds: number;
  readonly look: 'fresh' | 'old' | 'stopped';
} {
  const seconds =
    state.floor === undefined ? 0 : Math.max(0, (boxNow(state) - Date.parse(state.floor.at)) / 1000);
  const look = state.link === 'down' || seconds > 3 ? 'stopped' : seconds > 1 ? 'old' : 'fresh';
  return { seconds, look };
}

/** The floor to draw: of now, or of the moment that is held. */
export function floorShown(state: LiveState): FloorPayload | undefined {
  const { heldAt } = state;
  if (heldAt === undefined) return state.floor;
  return state.past.findLast((one) => Date.parse(one.at) <= heldAt) ?? state.past[0] ?? state.floor;
}

export function stepLive(state: LiveState, event: LiveEvent): LiveState {
  const now = { ...state, now: event.at };
  switch (event.kind) {
    case 'tick':
      return now;
    case 'link':
      return { ...now, link: event.link };
    case 'plan':
      return { ...now, plan: event.plan };
    case 'minutes':
      return { ...now, minutes: event.minutes };
    case 'lobby':
      return { ...now, lobby: event.lobby };
    case 'health':
      return { ...now, health: event.health };
    case 'box-time': {
      // A time that was long on its way, or waited for a busy page, makes the box look behind, and never ahead.
      const aheads = [...now.aheads, Date.parse(event.now) - event.at].slice(-mostTimes);
      const ahead = Math.max(...aheads);
      return {
        ...now,
        link: 'up',
        aheads,
        // Half a second is the way here; a clock is not chased for less.
        boxAheadMs: Math.abs(ahead - now.boxAheadMs) > 500 ? ahead : now.boxAheadMs,
        ...(event.settings === undefined ? {} : { settings: event.settings }),
      };
    }
    case 'floor': {
      const { floor } = event;
      const last = now.past.at(-1);
      const isNewSecond = last === undefined || Date.parse(floor.at) - Date.parse(last.at) >= 1_000;
      return {
        ...now,
        link: 'up',
        floor,
        ...(now.floor === undefined ? {} : { before: now.floor }),
        floorCameAt: event.at,
        past: isNewSecond ? [...now.past, floor].slice(-mostPast) : now.past,
      };
    }
    case 'line': {
      const from = boxNow(now) - recentMs;
      // A link that comes back is told again what it was told.
      const text = JSON.stringify(event.line);
      if (now.lines.some((line) => line.at === event.line.at && JSON.stringify(line) === text)) return now;
      return {
        ...now,
        lines: [...now.lines.filter(({ at }) => Date.parse(at) >= from), event.line].slice(-mostLines),
      };
    }
    case 'frozen':
      return { ...now, heldAt: now.floor === undefined ? boxNow(now) : Date.parse(now.floor.at) };
    case 'gone-live': {
      const { heldAt: _, ...live } = now;
      return live;
    }
    case 'stepped': {
      const from = now.heldAt ?? (now.floor === undefined ? boxNow(now) : Date.parse(now.floor.at));
      const first = now.past[0] === undefined ? from : Date.parse(now.past[0].at);
      const newest = now.floor === undefined ? from : Date.parse(now.floor.at);
      const to = Math.max(first, from + event.seconds * 1000);
      if (to < newest) return { ...now, heldAt: to };
      const { heldAt: _, ...live } = now;
      return live;
    }
    case 'looked-back': {
      const { heldAt: _, ...live } = now;
      if (event.seconds <= 0 || now.floor === undefined) return live;
      return { ...now, heldAt: Date.parse(now.floor.at) - event.seconds * 1000 };
    }
    case 'chosen': {
      const { chosen: _, ...rest } = now;
      return event.visit === undefined ? rest : { ...rest, chosen: event.visit };
    }
  }
}

/** How much contact is owed: marks are told, labelled and gone through in this order. */
const owed: readonly Standing[] = [
  'past-target',
  'looking-around',
  'to-greet',
  'in-queue',
  'not-known',
  'being-served',
  'being-helped',
  'met',
  'staff',
];

/** People in the order of the contact owed to them, who waits longest first. */
export function byOwed(people: readonly FloorPersonPayload[]): readonly FloorPersonPayload[] {
  return [...people].sort(
    (a, b) =>
      owed.indexOf(a.standing) - owed.indexOf(b.standing) ||
      (b.forSeconds ?? 0) - (a.forSeconds ?? 0) ||
      (a.visit < b.visit ? -1 : 1),
  );
}

/** Where somebody is to be drawn between the last two floors: never ahead of the newer one. */
export function between(
  person: FloorPersonPayload,
  before: FloorPayload | undefined,
  share: number,
): { readonly x: number; readonly y: number } {
  const was = before?.people.find(({ visit }) => visit === person.visit);
  if (was === undefined) return person;
  const part = Math.min(1, Math.max(0, share));
  return { x: was.x + (person.x - was.x) * part, y: was.y + (person.y - was.y) * part };
}

/** One row of what was lately noticed and said. */
export interface Row {
  readonly key: string;
  readonly at: string;
  readonly place: string;
  readonly line: Extract<JournalLine, { kind: 'verdict' }>;
  /** What became of the prompt by now. */
  readonly outcome?: Extract<JournalLine, { kind: 'state' }>;
}

/** What was noticed in the last ten minutes and either said or kept quiet; newest first. */
export function rowsOf(lines: readonly JournalLine[]): readonly Row[] {
  const states = new Map<string, Extract<JournalLine, { kind: 'state' }>>();
  for (const line of lines) if (line.kind === 'state') states.set(line.id, line);
  return lines
    .flatMap((line, index): Row[] => {
      if (line.kind !== 'verdict' || line.reason === 'nothing-to-ask') return [];
      const outcome = line.prompt === undefined ? undefined : states.get(line.prompt);
      return [
        {
          key: `${line.at}-${line.happening}-${line.visit ?? index}`,
          at: line.at,
          place: line.zone ?? 'hall',
          line,
          ...(outcome === undefined ? {} : { outcome }),
        },
      ];
    })
    .reverse();
}

/** How often nothing was said, by reason, most often first. */
export function silencesOf(
  lines: readonly JournalLine[],
): readonly (readonly [reason: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    if (line.kind !== 'verdict' || line.reason === undefined || line.reason === 'nothing-to-ask') continue;
    counts.set(line.reason, (counts.get(line.reason) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
