import type { Metres, Seconds } from '../units.ts';

/** The truth of a clip, as far as scoring reads it. */
export interface Truth {
  readonly people: readonly { readonly id: string; readonly role: 'customer' | 'staff' }[];
  readonly frames: readonly {
    readonly t: Seconds;
    readonly people: readonly { readonly id: string; readonly x: Metres; readonly y: Metres }[];
  }[];
  readonly events: readonly {
    readonly t: Seconds;
    readonly kind: string;
    readonly person: string;
    readonly customer?: string | undefined;
    readonly zone?: string | undefined;
    /** Of a `queue-end`: since when they were served; absent if they were not. */
    readonly servedFrom?: number | undefined;
  }[];
}

/** What was noticed, as far as scoring reads it. */
export interface ScoredEvent {
  readonly t: Seconds;
  readonly kind: string;
  readonly role: string;
  readonly visit?: string | null | undefined;
  readonly zone?: string | null | undefined;
  readonly at: readonly [Metres, Metres] | null;
}

/** One thing that truly happened, and the moments at which noticing it counts. */
interface Expected {
  readonly kind: string;
  readonly person: string;
  readonly t: Seconds;
  readonly from: Seconds;
  readonly until: Seconds;
}

export interface KindScore {
  readonly kind: string;
  readonly expected: number;
  readonly found: number;
  /** What was found and by which event (its index in the events given), in order of the truth. */
  readonly matched: readonly { readonly t: Seconds; readonly person: string; readonly event: number }[];
  readonly missed: readonly { readonly t: Seconds; readonly person: string }[];
  /** Events that match nothing, duplicates among them. */
  readonly false: readonly { readonly t: Seconds; readonly visit: string; readonly duplicateOf?: string }[];
  /** Seconds from the truth to the event, of those found, in order of the truth. */
  readonly delays: readonly Seconds[];
}

/** How far an event may be from the person it means. */
const withinMetres: Metres = 1.5;

const windows: Record<string, { readonly event: string; readonly before: Seconds; readonly after: Seconds }> =
  {
    arrival: { event: 'arrived', before: 1, after: 2 },
    departure: { event: 'departed', before: 1, after: 4 },
    'queue-start': { event: 'queued', before: 2, after: 4 },
    contact: { event: 'contacted', before: 2, after: 6 },
  };

export const scoredKinds = ['arrived', 'departed', 'queued', 'wandering', 'contacted'] as const;

/**
 * Holds what was noticed against what truly happened, one to one, nearest in time first.
 *
 * An event is taken for a person by where it is, so of two who stand within 1.5 m of each other and do the
 * same at the same time it cannot say which was meant.
 *
 * @param afterSeconds the wandering threshold in force; shorter truths of wandering expect nothing
 * @returns one score a kind, in a fixed order. Kinds that no truth exists for are not scored.
 */
export function scoreEvents(
  truth: Truth,
  events: readonly ScoredEvent[],
  afterSeconds: Seconds,
): readonly KindScore[] {
  const expected = expectations(truth, afterSeconds);
  return scoredKinds.map((kind) => {
    const wanted = expected.filter((one) => one.kind === kind);
    const offered = events.flatMap((one, index) => (one.kind === kind ? [{ ...one, index }] : []));
    const pairs = wanted
      .flatMap((want, w) =>
        offered
          .map((event, e) => ({ w, e, gap: Math.abs(event.t - want.t), fits: fits(want, event, truth) }))
          .filter((pair) => pair.fits),
      )
      .sort((a, b) => a.gap - b.gap || a.w - b.w || a.e - b.e);
    const eventOf = new Map<number, number>();
    const used = new Set<number>();
    for (const { w, e } of pairs) {
      if (eventOf.has(w) || used.has(e)) continue;
      eventOf.set(w, e);
      used.add(e);
    }
    return {
      kind,
      expected: wanted.length,
      found: eventOf.size,
      matched: wanted.flatMap(({ t, person }, w) => {
        const e = eventOf.get(w);
        return e === undefined ? [] : [{ t, person, event: offered[e]!.index }];
      }),
      missed: wanted.filter((_, w) => !eventOf.has(w)).map(({ t, person }) => ({ t, person })),
      false: offered.flatMap((event, e) => {
        if (used.has(e)) return [];
        const twin = wanted.find((want, w) => eventOf.has(w) && fits(want, event, truth));
        const base = { t: event.t, visit: event.visit ?? '' };
        return [twin === undefined ? base : { ...base, duplicateOf: twin.person }];
      }),
      delays: wanted.flatMap((want, w) => {
        const e = eventOf.get(w);
        return e === undefined ? [] : [offered[e]!.t - want.t];
      }),
    };
  });
}

function expectations(truth: Truth, afterSeconds: Seconds): readonly Expected[] {
  const staff = new Set(truth.people.filter((one) => one.role === 'staff').map((one) => one.id));
  return truth.events.flatMap((event): Expected[] => {
    if (event.kind === 'wander-start') {
      const end = truth.events.find(
        (one) => one.kind === 'wander-end' && one.person === event.person && one.t >= event.t,
      );
      const last = end?.t ?? truth.frames.at(-1)?.t ?? event.t;
      if (last - event.t < afterSeconds) return [];
      const t = event.t + afterSeconds;
      return [{ kind: 'wandering', person: event.person, t, from: t - 5, until: last + 3 }];
    }
    const window = windows[event.kind];
    if (window === undefined) return [];
    const person = event.kind === 'contact' ? (event.customer ?? event.person) : event.person;
    if (staff.has(person)) return [];
    if (event.kind === 'contact' && metBefore(truth, event, person)) return [];
    const { t } = event;
    return [{ kind: window.event, person, t, from: t - window.before, until: t + window.after }];
  });
}

/** A stay has one first contact; a second member of staff, or a second word, is not another. */
function metBefore(truth: Truth, contact: Truth['events'][number], customer: string): boolean {
  const cameIn = truth.events
    .filter((one) => one.kind === 'arrival' && one.person === customer && one.t <= contact.t)
    .reduce((latest, one) => Math.max(latest, one.t), Number.NEGATIVE_INFINITY);
  const first = truth.events.find(
    (one) => one.kind === 'contact' && (one.customer ?? one.person) === customer && one.t >= cameIn,
  );
  return first !== contact;
}

function fits(want: Expected, event: ScoredEvent, truth: Truth): boolean {
  if (event.t < want.from - 1e-9 || event.t > want.until + 1e-9 || event.role === 'staff') return false;
  if (event.at === null) return true;
  const place = whereAt(truth, want.person, event.t);
  return place !== undefined && Math.hypot(place.x - event.at[0], place.y - event.at[1]) <= withinMetres;
}

/** A person's true position at a moment; the nearest frame within 1.5 s they are in. */
function whereAt(truth: Truth, person: string, t: Seconds): { x: Metres; y: Metres } | undefined {
  let best: { x: Metres; y: Metres } | undefined;
  let gap = 1.5;
  for (const frame of truth.frames) {
    const distance = Math.abs(frame.t - t);
    if (distance > gap) continue;
    const there = frame.people.find((one) => one.id === person);
    if (there === undefined) continue;
    best = there;
    gap = distance;
  }
  return best;
}
