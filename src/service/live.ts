import type { JournalLine } from '../contract/journal.ts';
import type { MinutePayload, MinutesPayload } from '../contract/live.ts';
import type { LobbyPayload } from '../contract/topics.ts';
import type { Seconds } from '../core/units.ts';
import { toMoment } from './wire.ts';

/**
 * What was so lately, for whoever opens the console now: the last ten minutes' lines and the last hour's figures.
 * In memory, bounded, and gone with the process; the journal is what lasts.
 */
export interface Live {
  /** Takes a line as the journal does. */
  note(line: JournalLine): void;
  /** Takes the lobby as the wrists get it. */
  sample(lobby: LobbyPayload): void;
  /** Lines of the last ten minutes, oldest first. */
  recent(): readonly JournalLine[];
  minutes(): MinutesPayload;
  /** Tells of each line from now on. @returns ends it */
  onLine(listener: (line: JournalLine) => void): () => void;
}

const recentMs = 600_000;
const mostLines = 300;
const mostMinutes = 61;
const minuteMs = 60_000;
/** What the page shows: not who has which watch, nor how far off staff were in the journal's other lines. */
const shown: readonly JournalLine['kind'][] = ['verdict', 'prompt', 'state', 'health', 'begun', 'missed'];

interface Minute {
  readonly at: number;
  arrived: number;
  prompts: number;
  met: number;
  silences: number;
  readonly zones: Map<string, number>;
  readonly blind: Set<string>;
}

/**
 * @param now the box's clock
 * @param dayOf names the day of a moment by the branch's own calendar: doors are counted from its midnight
 */
export function createLive(now: () => Seconds, dayOf: (at: Seconds) => string): Live {
  let lines: JournalLine[] = [];
  let minutes: Minute[] = [];
  let doors = { day: '', counts: new Map<string, { in: number; out: number }>() };
  const listeners = new Set<(line: JournalLine) => void>();

  function current(): Minute {
    const at = Math.floor((now() * 1000) / minuteMs) * minuteMs;
    const last = minutes.at(-1);
    // A clock that was set back begins the hour anew: bars of another time are not those of the last hour.
    if (last !== undefined && at < last.at) minutes = [];
    if (last?.at === at) return last;
    const begun: Minute = {
      at,
      arrived: 0,
      prompts: 0,
      met: 0,
      silences: 0,
      zones: new Map(),
      blind: new Set(),
    };
    minutes = [...minutes.filter((one) => one.at > at - mostMinutes * minuteMs), begun].slice(-mostMinutes);
    return begun;
  }

  function countDoor(zone: string | undefined, way: 'in' | 'out'): void {
    const day = dayOf(now());
    if (day !== doors.day) doors = { day, counts: new Map() };
    if (zone === undefined) return;
    const before = doors.counts.get(zone) ?? { in: 0, out: 0 };
    doors.counts.set(zone, { ...before, [way]: before[way] + 1 });
  }

  return {
    note(line) {
      if (!shown.includes(line.kind)) return;
      const minute = current();
      if (line.kind === 'verdict') {
        const isGuest = line.role !== 'staff';
        if (line.happening === 'arrived' && isGuest) {
          minute.arrived += 1;
          countDoor(line.zone, 'in');
        }
        if (line.happening === 'departed' && isGuest) countDoor(line.zone, 'out');
        if (line.happening === 'contacted') minute.met += 1;
        if (line.decision === 'silence' && line.reason !== 'nothing-to-ask') minute.silences += 1;
      }
      if (line.kind === 'prompt' && line.change === 'raised') minute.prompts += 1;
      lines = [...lines, line].slice(-mostLines);
      for (const listener of listeners) listener(line);
    },
    sample({ zones }) {
      const minute = current();
      for (const { id, people, blind } of zones) {
        if (blind) minute.blind.add(id);
        if (people !== undefined) minute.zones.set(id, Math.max(people, minute.zones.get(id) ?? 0));
      }
    },
    recent() {
      const from = now() * 1000 - recentMs;
      return lines.filter(({ at }) => Date.parse(at) >= from);
    },
    minutes() {
      current();
      return {
        v: 1,
        minutes: minutes.map(
          ({ at, zones, blind, ...counts }): MinutePayload => ({
            at: toMoment(at / 1000),
            ...counts,
            zones: Object.fromEntries(zones),
            blind: [...blind].sort(),
          }),
        ),
        doors: doors.day === dayOf(now()) ? Object.fromEntries(doors.counts) : {},
      };
    },
    onLine(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
