import type {
  AckPayload,
  HealthPayload,
  LobbyPayload,
  PromptPayload,
  PromptStatePayload,
} from '../../../src/contract/topics.ts';
import type { Answer, Haptic, Receipt, Urgency, WearerRole } from '../../../src/core/prompts/kinds.ts';
import { families, patternOf, touches } from './patterns.ts';
import type { Language } from './words.ts';

/**
 * What the watch page knows, and how each thing that happens changes it. Nothing here touches the
 * device: what is to be done comes back as a list of effects, and somebody else does it.
 *
 *     (state, event) → [state, effects]           state → the one screen to show
 *
 * All moments are milliseconds since 1970 by the device's clock, unless their name says box.
 */

export interface Held {
  readonly prompt: PromptPayload;
  readonly phase: 'raised' | 'accepted';
  readonly by?: WearerRole | undefined;
  readonly watch?: string | undefined;
  /** Has this wrist been told? It is told once, whatever becomes of the prompt. */
  readonly told: boolean;
  /** Known from the lobby's list alone: it is shown, and not felt. The box counts what it lets a wrist feel. */
  readonly silent?: true;
  /** Has it been shown while somebody could look? */
  readonly seen?: true;
  /** When this wrist's own `Going` was confirmed. */
  readonly mineSince?: number;
  /** When the phase began, by the box: what an older message says of it is not believed. */
  readonly phaseSinceBox: number;
  /** Since when the lobby's list leaves it out. */
  readonly unlistedSince?: number;
}

/** A tap the box has not confirmed yet. */
export interface Pending {
  readonly id: string;
  readonly answer: Answer;
  readonly since: number;
  readonly failed: boolean;
}

export type Outcome =
  | 'met'
  | 'skipped'
  | 'skipped-by'
  | 'left'
  | 'merged'
  | 'over'
  | 'withdrawn'
  | 'expired'
  | 'taken-by';

export interface Notice {
  readonly outcome: Outcome;
  readonly by?: WearerRole | undefined;
  readonly place: PromptPayload['placeName'];
  readonly afterSeconds: number;
  readonly until: number;
}

export interface Past {
  readonly id: string;
  readonly say: PromptPayload['say'];
  readonly outcome: Outcome;
  readonly by?: WearerRole | undefined;
  readonly at: number;
}

export type Duty =
  | { readonly phase: 'off' }
  /** Asking whether the first buzz was felt. */
  | { readonly phase: 'asking'; readonly since: number }
  | { readonly phase: 'advising' }
  | { readonly phase: 'on' }
  /** Asking whether duty is to end: a tap in a pocket must not. */
  | { readonly phase: 'leaving'; readonly since: number };

export interface WatchState {
  readonly language: Language;
  readonly role: WearerRole;
  /** This wrist's own name for itself: random, says nothing about the wearer. */
  readonly watch: string;
  readonly duty: Duty;
  /** How this device can make itself felt. */
  readonly buzz: 'vibration' | 'sound';
  /** A browser lets a page buzz only after somebody has touched it. */
  readonly touchedAt?: number;
  readonly now: number;
  /** The page lies behind another, or the screen is off. */
  readonly isHidden?: true;
  /** Whether the system shows this page's notifications, which alone can buzz while the page is hidden. */
  readonly mayNotify?: boolean;
  /** Quiet is asked for until then. */
  readonly quietUntil?: number;
  /** The box's clock less the device's own. */
  readonly boxAheadMs: number;
  readonly link: { readonly phase: 'connecting' | 'up' | 'down'; readonly since: number };
  readonly places: Readonly<Record<string, PromptPayload['placeName']>>;
  readonly lobby?: LobbyPayload;
  /** When the box was last heard: it tells of the lobby every ten seconds, whatever happens. */
  readonly heardAt?: number;
  /** What the box had missed in all when the link was lost; the difference is what this wrist missed. */
  readonly missedBefore?: number;
  /** How many prompts ended untaken while this wrist was away; until it is touched. */
  readonly missed?: number;
  readonly health?: HealthPayload;
  /** When the box was first heard to be gone. */
  readonly goneSince?: number;
  readonly open: Readonly<Record<string, Held>>;
  /** Prompts that have ended; they cannot come back however late a message is. At most 50. */
  readonly ended: readonly string[];
  readonly pending?: Pending;
  readonly notice?: Notice;
  /** Newest first; at most five. */
  readonly past: readonly Past[];
  /** When the last vibration will be over. */
  readonly buzzEndsAt: number;
  /** The outage that has been told on the wrist already. */
  readonly outageTold: boolean;
}

type What =
  | {
      readonly kind:
        | 'tick'
        | 'touched'
        | 'link-up'
        | 'link-down'
        | 'duty-began'
        | 'leave-asked'
        | 'stayed'
        | 'duty-ended';
    }
  | {
      readonly kind: 'branch';
      readonly places: readonly { readonly id: string; readonly name: PromptPayload['placeName'] }[];
      readonly boxAt: number;
      readonly askedAt: number;
    }
  | { readonly kind: 'visibility'; readonly isHidden: boolean }
  | { readonly kind: 'may-notify'; readonly allowed: boolean }
  | { readonly kind: 'quiet'; readonly seconds: number }
  | { readonly kind: 'prompt'; readonly prompt: PromptPayload }
  | { readonly kind: 'prompt-state'; readonly state: PromptStatePayload }
  | { readonly kind: 'lobby'; readonly lobby: LobbyPayload }
  | { readonly kind: 'health'; readonly health: HealthPayload }
  | { readonly kind: 'answered'; readonly id: string; readonly answer: Answer }
  | { readonly kind: 'felt'; readonly felt: boolean }
  | { readonly kind: 'advice-read' }
  | { readonly kind: 'language'; readonly language: Language }
  /** Who wears it; asked before duty, not in the midst of it. */
  | { readonly kind: 'role'; readonly role: WearerRole }
  | { readonly kind: 'try'; readonly haptic: Haptic };

export type WatchEvent = What & { readonly at: number };

export type Effect =
  | {
      readonly kind: 'buzz';
      readonly by: WatchState['buzz'];
      readonly pattern: readonly number[];
      readonly afterMs: number;
    }
  | { readonly kind: 'hush' }
  | { readonly kind: 'send'; readonly ack: AckPayload }
  /** What the watch says by itself: nobody waits for an answer to it. */
  | { readonly kind: 'receipt'; readonly ack: AckPayload }
  /** `buzz` is for a page nobody looks at: browsers let the notification alone buzz then. */
  | {
      readonly kind: 'notify';
      readonly prompt: PromptPayload;
      readonly buzz?: { readonly pattern: readonly number[]; readonly by: WatchState['buzz'] };
    }
  /** The first screen comes into view, wherever the wearer had scrolled to. */
  | { readonly kind: 'to-top' }
  | { readonly kind: 'unnotify'; readonly id: string }
  | { readonly kind: 'stay-awake'; readonly awake: boolean };

/** The one screen there is at any moment. */
export type Screen =
  | { readonly kind: 'start' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'advising' }
  /** `others` on duty; absent while it is not known. */
  | { readonly kind: 'leaving'; readonly others?: number }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'no-link'; readonly reason: 'link' | 'box'; readonly seconds: number }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'prompt'; readonly held: Held; readonly seconds: number; readonly pending?: Pending }
  | { readonly kind: 'going'; readonly held: Held; readonly seconds: number; readonly pending?: Pending }
  | {
      readonly kind: 'unseen';
      readonly places: readonly PromptPayload['placeName'][];
      readonly all: boolean;
      readonly seconds: number;
    }
  | { readonly kind: 'idle'; readonly lobby?: LobbyPayload; readonly dimmed: boolean };

const noticeMs = 2_000;
const pendingMs = 2_000;
const connectingMs = 2_000;
const askingMs = 10_000;
const dimAfterMs = 30_000;
const outageMs = 60_000;
/** The box tells of the lobby every ten seconds: after three silences what is known of it is not now. */
const staleMs = 30_000;
const leavingMs = 10_000;
/** The list and the message that says why a prompt ended may overtake each other; the reason is worth this wait. */
const unlistedMs = 1_000;
/** A vibration asked for while another runs waits until that is over, and this long after it. */
const betweenBuzzesMs = 400;
/** The second half of a double tap on Going must not land on the Met that takes its place. */
const doubleTapMs = 500;
const maxEnded = 50;
const maxPast = 5;
const maxOpen = 32;

const byUrgency: Record<Urgency, number> = { now: 0, soon: 1, 'when-free': 2 };

export function initialState(given: {
  readonly language: Language;
  readonly role: WearerRole;
  readonly watch: string;
  readonly canVibrate: boolean;
  readonly onDuty: boolean;
  readonly at: number;
}): WatchState {
  return {
    language: given.language,
    role: given.role,
    watch: given.watch,
    duty: { phase: given.onDuty ? 'on' : 'off' },
    buzz: given.canVibrate ? 'vibration' : 'sound',
    now: given.at,
    boxAheadMs: 0,
    link: { phase: 'connecting', since: given.at },
    places: {},
    open: {},
    ended: [],
    past: [],
    buzzEndsAt: 0,
    outageTold: false,
  };
}

export function boxNow(state: WatchState): number {
  return state.now + state.boxAheadMs;
}

function isMine(state: WatchState, held: Pick<Held, 'by' | 'watch'>): boolean {
  return held.by === state.role && (held.watch === undefined || held.watch === state.watch);
}

/** Seconds the customer has waited by now: what the box had counted, and the time since. */
function waited(state: WatchState, prompt: PromptPayload): number {
  return Math.max(0, prompt.waitedSeconds + (boxNow(state) - Date.parse(prompt.raisedAt)) / 1000);
}

/**
 * The prompt to show: the most urgent; of those, one nobody has taken before one this wearer is going
 * to; of those, the one that ends first. One that another wearer took is not shown.
 */
export function shownPrompt(state: WatchState): Held | undefined {
  const rank = ({ prompt, phase }: Held) => [
    byUrgency[prompt.urgency],
    phase === 'raised' ? 0 : 1,
    Date.parse(prompt.expiresAt),
  ];
  return Object.values(state.open)
    .filter((held) => held.phase === 'raised' || isMine(state, held))
    .sort((one, other) => {
      const left = rank(one);
      const right = rank(other);
      for (let index = 0; index < left.length; index += 1) {
        if (left[index] !== right[index]) return left[index]! - right[index]!;
      }
      return one.prompt.id < other.prompt.id ? -1 : 1;
    })[0];
}

/** Places that no camera sees: named by one that is not live, and by none that is. */
function unseenScreen(state: WatchState): Extract<Screen, { kind: 'unseen' }> | undefined {
  const cameras = state.health?.cameras ?? [];
  const blind = cameras.filter(({ state: now }) => now === 'blind' || now === 'quiet' || now === 'lost');
  if (blind.length === 0) return undefined;
  const seen = new Set(cameras.filter((camera) => camera.state === 'live').flatMap(({ places }) => places));
  const missing = [...new Set(blind.flatMap(({ places }) => places))].filter((place) => !seen.has(place));
  const all = state.health?.state === 'blind' || blind.length === cameras.length;
  if (missing.length === 0 && !all) return undefined;
  const since = Math.min(...blind.map((camera) => Date.parse(camera.since)));
  return {
    kind: 'unseen',
    places: missing.map((place) => state.places[place] ?? { zh: place, en: place }),
    all,
    seconds: Math.max(0, (boxNow(state) - since) / 1000),
  };
}

function outage(state: WatchState): { readonly reason: 'link' | 'box'; readonly since: number } | undefined {
  if (state.link.phase === 'down') return { reason: 'link', since: state.link.since };
  if (state.link.phase === 'connecting' && state.now - state.link.since >= connectingMs) {
    return { reason: 'link', since: state.link.since };
  }
  if (state.goneSince !== undefined) return { reason: 'box', since: state.goneSince };
  const heardAt = Math.max(state.heardAt ?? 0, state.link.since);
  return state.link.phase === 'up' && state.now - heardAt >= staleMs
    ? { reason: 'box', since: heardAt }
    : undefined;
}

/** What to show, of all that is known: a state of the whole page, then the prompt, then the lobby. */
export function screenOf(state: WatchState): Screen {
  switch (state.duty.phase) {
    case 'off':
      return { kind: 'start' };
    case 'asking':
      return { kind: 'asking' };
    case 'advising':
      return { kind: 'advising' };
    case 'leaving': {
      const onDuty = state.lobby?.onDuty;
      return { kind: 'leaving', ...(onDuty === undefined ? {} : { others: Math.max(0, onDuty - 1) }) };
    }
    case 'on':
      break;
  }
  const away = outage(state);
  if (away !== undefined) {
    return { kind: 'no-link', reason: away.reason, seconds: (state.now - away.since) / 1000 };
  }
  if (state.link.phase === 'connecting') return { kind: 'connecting' };
  if (state.notice !== undefined) return { kind: 'notice', notice: state.notice };
  const held = shownPrompt(state);
  if (held !== undefined) {
    return {
      kind: held.phase === 'raised' ? 'prompt' : 'going',
      held,
      seconds: waited(state, held.prompt),
      ...(state.pending?.id === held.prompt.id ? { pending: state.pending } : {}),
    };
  }
  const unseen = unseenScreen(state);
  if (unseen !== undefined) return unseen;
  return {
    kind: 'idle',
    ...(state.lobby === undefined ? {} : { lobby: state.lobby }),
    dimmed: state.now - (state.touchedAt ?? state.link.since) >= dimAfterMs,
  };
}

type Changed = [WatchState, readonly Effect[]];

function without<K extends keyof WatchState>(state: WatchState, key: K): Omit<WatchState, K> {
  const { [key]: _, ...rest } = state;
  return rest;
}

function buzz(state: WatchState, pattern: readonly number[]): Changed {
  if (state.touchedAt === undefined) return [state, []];
  const afterMs = state.now < state.buzzEndsAt ? state.buzzEndsAt + betweenBuzzesMs - state.now : 0;
  const length = pattern.reduce((sum, part) => sum + part, 0);
  return [
    { ...state, buzzEndsAt: state.now + afterMs + length },
    [{ kind: 'buzz', by: state.buzz, pattern, afterMs }],
  ];
}

function hush(state: WatchState): Changed {
  return state.now < state.buzzEndsAt
    ? [{ ...state, buzzEndsAt: state.now }, [{ kind: 'hush' }]]
    : [state, []];
}

/** Does one change after another, and gathers what is to be done. */
function inTurn(state: WatchState, ...changes: ((state: WatchState) => Changed)[]): Changed {
  const effects: Effect[] = [];
  let current = state;
  for (const change of changes) {
    const [next, more] = change(current);
    current = next;
    effects.push(...more);
  }
  return [current, effects];
}

function isExpired(state: WatchState, held: Pick<Held, 'prompt' | 'phase'>): boolean {
  return held.phase === 'raised' && Date.parse(held.prompt.expiresAt) <= boxNow(state);
}

/** Tells the box what became of a prompt here; a watch that is off duty tells nothing. */
function receipt(state: WatchState, id: string, answer: Receipt): readonly Effect[] {
  const { role, watch, duty } = state;
  return duty.phase === 'off' ? [] : [{ kind: 'receipt', ack: { v: 1, id, answer, role, watch } }];
}

/** Whether a prompt is for this wrist: for its role, and for this watch where it is known who is on duty. */
const isForMe = (state: WatchState, { to, watches }: PromptPayload): boolean =>
  (to === undefined || to.includes(state.role)) && (watches === undefined || watches.includes(state.watch));

/**
 * Takes a prompt in; one that is over or for others changes nothing, and one that is known comes again when it has
 * grown or gone to further wrists: what it says is new, and it is not told anew.
 *
 * @param isNews it came by itself; what is first read from the lobby's list is shown in silence
 */
function hold(
  state: WatchState,
  held: Omit<Held, 'told' | 'silent' | 'phaseSinceBox'>,
  isNews: boolean,
): Changed {
  const { id } = held.prompt;
  if (!isForMe(state, held.prompt)) return [state, []];
  const known = state.open[id];
  if (known !== undefined) {
    const { silent, ...rest } = known;
    const next: Held = { ...(isNews || silent === undefined ? rest : known), prompt: held.prompt };
    return [{ ...state, open: { ...state.open, [id]: next } }, []];
  }
  if (state.ended.includes(id) || isExpired(state, held)) return [state, []];
  if (Object.keys(state.open).length >= maxOpen) return [state, []];
  const phaseSinceBox = Date.parse(held.prompt.raisedAt);
  const taken: Held = { ...held, phaseSinceBox, told: false, ...(isNews ? {} : { silent: true }) };
  const arrived = { ...state, open: { ...state.open, [id]: taken } };
  const got = receipt(state, id, 'delivered');
  // What has just been read may go: a new prompt is worth more than two seconds of the last one's end.
  return [held.phase === 'raised' ? without(arrived, 'notice') : arrived, got];
}

/** A prompt is over: it leaves the wrist, in silence, and says for two seconds why if it was being shown. */
function end(state: WatchState, id: string, outcome: Outcome, by?: WearerRole): Changed {
  const held = state.open[id];
  if (held === undefined) return [{ ...state, ended: [id, ...state.ended].slice(0, maxEnded) }, []];
  const { [id]: _, ...open } = state.open;
  const shown = screenOf(state);
  const wasShown = (shown.kind === 'prompt' || shown.kind === 'going') && shown.held.prompt.id === id;
  const asked = state.pending?.id === id ? state.pending.answer : undefined;
  const mine = (asked === 'met' && outcome === 'met') || (asked === 'not-needed' && outcome === 'skipped');
  const past: Past = { id, say: held.prompt.say, outcome, by, at: state.now };
  const after: WatchState = {
    ...(asked === undefined ? state : without(state, 'pending')),
    open,
    ended: [id, ...state.ended].slice(0, maxEnded),
    past: [past, ...state.past].slice(0, maxPast),
  };
  const told: WatchState =
    wasShown && outcome !== 'expired'
      ? {
          ...after,
          notice: {
            outcome,
            by,
            place: held.prompt.placeName,
            afterSeconds: waited(state, held.prompt),
            until: state.now + noticeMs,
          },
        }
      : after;
  return inTurn(
    told,
    (now) => (wasShown ? hush(now) : [now, []]),
    (now) => (held.told ? [now, [{ kind: 'unnotify', id }]] : [now, []]),
    (now) => (asked === undefined ? [now, []] : buzz(now, mine ? touches.tick : touches.refused)),
  );
}

/** What the box says became of a prompt, by a state message or by the lobby's list. */
function follow(
  state: WatchState,
  id: string,
  phase: PromptStatePayload['phase'],
  said: Pick<PromptStatePayload, 'by' | 'watch' | 'reason' | 'at'>,
): Changed {
  const held = state.open[id];
  const mine = isMine(state, said);
  switch (phase) {
    case 'met':
      return end(state, id, 'met', said.by);
    case 'skipped':
      return end(state, id, mine ? 'skipped' : 'skipped-by', said.by);
    case 'expired':
      return end(state, id, 'expired');
    case 'withdrawn': {
      const outcome = { left: 'left', 'seen-met': 'met', merged: 'merged', over: 'over' } as const;
      const { reason } = said;
      return end(
        state,
        id,
        reason !== undefined && reason in outcome ? outcome[reason as keyof typeof outcome] : 'withdrawn',
      );
    }
    // That it has reached a wrist is no news to one.
    case 'delivered':
    case 'seen':
      return [state, []];
    case 'raised':
    case 'accepted': {
      if (held === undefined || (held.phase === phase && held.by === said.by && held.watch === said.watch)) {
        return [state, []];
      }
      const at = Date.parse(said.at);
      if (at < held.phaseSinceBox) return [state, []];
      const shown = screenOf(state);
      const wasShown = shown.kind === 'prompt' && shown.held.prompt.id === id;
      const asked = state.pending?.id === id ? state.pending.answer : undefined;
      const granted = phase === 'accepted' ? asked === 'accepted' && mine : asked === 'undo';
      const next: Held = {
        prompt: held.prompt,
        told: held.told,
        ...(held.silent === undefined ? {} : { silent: true as const }),
        ...(held.seen === undefined ? {} : { seen: held.seen }),
        phase,
        phaseSinceBox: at,
        ...(phase === 'accepted' ? { by: said.by, watch: said.watch } : {}),
        ...(phase === 'accepted' && mine ? { mineSince: state.now } : {}),
      };
      const settled: WatchState = {
        ...(asked === undefined ? state : without(state, 'pending')),
        open: { ...state.open, [id]: next },
      };
      const taken = phase === 'accepted' && !mine;
      const told: WatchState =
        taken && wasShown
          ? {
              ...settled,
              notice: {
                outcome: 'taken-by',
                by: said.by,
                place: held.prompt.placeName,
                afterSeconds: waited(state, held.prompt),
                until: state.now + noticeMs,
              },
            }
          : settled;
      return inTurn(
        told,
        (now) => (taken && wasShown ? hush(now) : [now, []]),
        (now) => (taken && held.told ? [now, [{ kind: 'unnotify', id }]] : [now, []]),
        (now) => (asked === undefined ? [now, []] : buzz(now, granted ? touches.tick : touches.refused)),
      );
    }
  }
}

/**
 * The lobby's list of open prompts is what a wrist that has been away goes by. A prompt the list does
 * not name is over, unless it was raised after the list was made.
 */
function reconcile(state: WatchState, lobby: LobbyPayload): Changed {
  const listed = new Set(lobby.open.map(({ prompt }) => prompt.id));
  const open = Object.fromEntries(
    Object.entries(state.open).map(([id, held]): [string, Held] => {
      const { unlistedSince, ...rest } = held;
      const missing = !listed.has(id) && Date.parse(held.prompt.raisedAt) < Date.parse(lobby.at);
      return [id, missing ? { ...rest, unlistedSince: unlistedSince ?? state.now } : rest];
    }),
  );
  return inTurn(
    { ...state, lobby, open },
    ...lobby.open.flatMap(({ prompt, phase: now, by, watch }) => {
      const phase = now === 'accepted' ? 'accepted' : 'raised';
      return [
        (now: WatchState) => hold(now, { prompt, phase, by, watch }, false),
        (now: WatchState) => follow(now, prompt.id, phase, { by, watch, at: lobby.at }),
      ];
    }),
  );
}

/** What ended untaken while this wrist was away. A box that began anew counts from nothing. */
function countMissed(state: WatchState, { missed = 0 }: LobbyPayload): WatchState {
  const { missedBefore, ...rest } = state;
  if (missedBefore === undefined) return state;
  const more = missed >= missedBefore ? missed - missedBefore : missed;
  return more === 0 ? rest : { ...rest, missed: (state.missed ?? 0) + more };
}

function answer(state: WatchState, id: string, given: Answer): Changed {
  const held = state.open[id];
  if (held === undefined || (state.pending !== undefined && !state.pending.failed)) return [state, []];
  if (held.mineSince !== undefined && state.now - held.mineSince < doubleTapMs) return [state, []];
  const ack: AckPayload = { v: 1, id, answer: given, role: state.role, watch: state.watch };
  return [
    { ...state, pending: { id, answer: given, since: state.now, failed: false } },
    [{ kind: 'send', ack }],
  ];
}

/** What time alone changes. */
function pass(state: WatchState): Changed {
  const { notice, pending, duty } = state;
  let next = state;
  if (notice !== undefined && state.now >= notice.until) next = without(next, 'notice');
  if (next.quietUntil !== undefined && state.now >= next.quietUntil) next = without(next, 'quietUntil');
  if (pending !== undefined && !pending.failed && state.now - pending.since >= pendingMs) {
    next = { ...next, pending: { ...pending, failed: true } };
  }
  const isAnswered =
    (duty.phase === 'asking' && state.now - duty.since >= askingMs) ||
    (duty.phase === 'leaving' && state.now - duty.since >= leavingMs);
  if (isAnswered) next = { ...next, duty: { phase: 'on' } };
  const late = Object.values(next.open).filter((held) => isExpired(next, held));
  const unlisted = Object.values(next.open).filter(
    ({ unlistedSince }) => unlistedSince !== undefined && state.now - unlistedSince >= unlistedMs,
  );
  return inTurn(
    next,
    ...unlisted.map(
      ({ prompt }) =>
        (now: WatchState) =>
          end(now, prompt.id, 'withdrawn'),
    ),
    ...late.map(
      ({ prompt }) =>
        (now: WatchState) =>
          end(now, prompt.id, 'expired'),
    ),
  );
}

/** An outage of a minute is told once on the wrist; the next one is told again. */
function tellOutage(state: WatchState): Changed {
  const screen = screenOf(state);
  if (screen.kind !== 'no-link' && screen.kind !== 'unseen') {
    return [state.outageTold && screen.kind === 'idle' ? { ...state, outageTold: false } : state, []];
  }
  if (state.outageTold || screen.seconds * 1000 < outageMs) return [state, []];
  return buzz({ ...state, outageTold: true }, families.place);
}

/** The box is told that a prompt was seen: shown, on a page somebody can look at. */
function tellSeen(state: WatchState): Changed {
  const screen = screenOf(state);
  if (screen.kind !== 'prompt' || state.isHidden === true || screen.held.seen === true) return [state, []];
  const { prompt } = screen.held;
  const seen = { ...state, open: { ...state.open, [prompt.id]: { ...screen.held, seen: true as const } } };
  return [seen, receipt(state, prompt.id, 'seen')];
}

/** A prompt buzzes when it is first shown, once. So nothing buzzes that cannot be read. */
function tellPrompt(state: WatchState): Changed {
  const screen = screenOf(state);
  if (screen.kind !== 'prompt' || screen.held.told || screen.held.silent) return [state, []];
  const { prompt } = screen.held;
  const told = { ...state, open: { ...state.open, [prompt.id]: { ...screen.held, told: true } } };
  const pattern = patternOf(prompt);
  // A page that is not looked at may not buzz; its notification may, and only one of the two does.
  if (state.isHidden === true) {
    const buzz = { pattern, by: state.buzz };
    return [told, [{ kind: 'notify', prompt, buzz }, { kind: 'to-top' }]];
  }
  const [next, effects] = buzz(told, pattern);
  return [next, [...effects, { kind: 'notify', prompt }, { kind: 'to-top' }]];
}

/**
 * The box read its clock somewhere between question and answer. If its reading lies between the two by
 * this device's clock, the clocks agree as far as can be known; if not, half-way is the best guess.
 */
function aheadBy(boxAt: number, askedAt: number, answeredAt: number): number {
  return boxAt >= askedAt && boxAt <= answeredAt ? 0 : boxAt - (askedAt + answeredAt) / 2;
}

function happen(state: WatchState, event: WatchEvent): Changed {
  switch (event.kind) {
    case 'tick':
      return [state, []];
    case 'touched':
      return hush({ ...without(state, 'missed'), touchedAt: event.at });
    case 'link-up':
      return [{ ...state, link: { phase: 'up', since: event.at } }, []];
    case 'link-down': {
      if (state.link.phase !== 'up') return [state, []];
      const { pending, lobby } = state;
      const lost: WatchState = {
        ...state,
        link: { phase: 'down', since: event.at },
        ...(lobby === undefined ? {} : { missedBefore: lobby.missed ?? 0 }),
      };
      return hush(pending === undefined ? lost : { ...lost, pending: { ...pending, failed: true } });
    }
    case 'branch':
      return [
        {
          ...state,
          places: Object.fromEntries(event.places.map(({ id, name }) => [id, name])),
          boxAheadMs: aheadBy(event.boxAt, event.askedAt, event.at),
        },
        [],
      ];
    case 'prompt':
      return hold(state, { prompt: event.prompt, phase: 'raised' }, true);
    case 'prompt-state':
      return follow(state, event.state.id, event.state.phase, event.state);
    case 'lobby':
      return reconcile(countMissed(state, event.lobby), event.lobby);
    case 'health': {
      const heard: WatchState = { ...state, health: event.health };
      if (event.health.state !== 'gone') return [without(heard, 'goneSince'), []];
      return [{ ...heard, goneSince: state.goneSince ?? event.at }, []];
    }
    case 'answered':
      return inTurn(state, hush, (now) => answer(now, event.id, event.answer));
    case 'duty-began':
      return inTurn(
        { ...state, touchedAt: event.at, duty: { phase: 'asking', since: event.at } },
        (now) => buzz(now, families.arrival),
        (now) => [now, [{ kind: 'stay-awake', awake: true }]],
      );
    case 'felt':
      return event.felt
        ? [{ ...state, duty: { phase: 'on' } }, []]
        : [{ ...state, duty: { phase: 'advising' }, buzz: 'sound' }, []];
    case 'advice-read':
      return [{ ...state, duty: { phase: 'on' } }, []];
    case 'leave-asked':
      return [{ ...state, duty: { phase: 'leaving', since: event.at } }, []];
    case 'stayed':
      return [{ ...state, duty: { phase: 'on' } }, []];
    case 'duty-ended':
      return inTurn({ ...without(state, 'missed'), duty: { phase: 'off' } }, hush, (now) => [
        now,
        [{ kind: 'stay-awake', awake: false }],
      ]);
    case 'language':
      return [{ ...state, language: event.language }, []];
    case 'role':
      return [state.duty.phase === 'off' ? { ...state, role: event.role } : state, []];
    case 'visibility': {
      const { isHidden: _, ...rest } = state;
      return [event.isHidden ? { ...rest, isHidden: true } : rest, []];
    }
    case 'may-notify':
      return [{ ...state, mayNotify: event.allowed }, []];
    case 'quiet':
      return [
        event.seconds === 0
          ? without(state, 'quietUntil')
          : { ...state, quietUntil: event.at + 1000 * event.seconds },
        [],
      ];
    case 'try':
      return buzz({ ...state, touchedAt: event.at }, families[event.haptic]);
  }
}

const fromBox: readonly WatchEvent['kind'][] = ['prompt', 'prompt-state', 'lobby', 'health'];

/** What is so after an event, and what is to be done about it. */
export function step(state: WatchState, event: WatchEvent): Changed {
  const heard = fromBox.includes(event.kind) ? { heardAt: event.at } : {};
  return inTurn(
    { ...state, now: event.at, ...heard },
    pass,
    (now) => happen(now, event),
    pass,
    tellPrompt,
    tellSeen,
    tellOutage,
  );
}

/**
 * When the page has to look again although nothing happens, in milliseconds from now: at the next full second where
 * seconds are counted, else when something ends by itself. A wrist that nobody looks at is woken once a minute.
 *
 *     0:03 ──1 s──▶ 0:04        idle ──── 30 s ────▶ dimmed ──── next full minute ────▶ 10:43
 *
 * @returns 50 to 60,000
 */
export function nextLookAfter(state: WatchState): number {
  const screen = screenOf(state);
  const { now, duty, notice, pending } = state;
  const shownSeconds =
    screen.kind === 'prompt' ||
    screen.kind === 'going' ||
    screen.kind === 'unseen' ||
    screen.kind === 'no-link'
      ? screen.seconds
      : screen.kind === 'idle' && !screen.dimmed && state.quietUntil !== undefined
        ? (now - state.quietUntil) / 1000
        : undefined;
  const ends = [
    60_000 - (boxNow(state) % 60_000),
    ...(shownSeconds === undefined || state.isHidden === true
      ? []
      : [1_000 * (Math.floor(shownSeconds) + 1 - shownSeconds)]),
    ...(notice === undefined ? [] : [notice.until - now]),
    ...(pending === undefined || pending.failed ? [] : [pending.since + pendingMs - now]),
    ...(duty.phase === 'asking' ? [duty.since + askingMs - now] : []),
    ...(duty.phase === 'leaving' ? [duty.since + leavingMs - now] : []),
    ...(state.quietUntil === undefined ? [] : [state.quietUntil - now]),
    ...(state.link.phase === 'connecting' ? [state.link.since + connectingMs - now] : []),
    ...(screen.kind === 'idle' && !screen.dimmed
      ? [(state.touchedAt ?? state.link.since) + dimAfterMs - now]
      : []),
    ...(state.link.phase === 'up' && screen.kind !== 'no-link'
      ? [Math.max(state.heardAt ?? 0, state.link.since) + staleMs - now]
      : []),
    ...((screen.kind === 'no-link' || screen.kind === 'unseen') && !state.outageTold
      ? [outageMs - 1_000 * screen.seconds]
      : []),
    ...Object.values(state.open).flatMap((held) => [
      ...(held.phase === 'raised' ? [Date.parse(held.prompt.expiresAt) - boxNow(state)] : []),
      ...(held.unlistedSince === undefined ? [] : [held.unlistedSince + unlistedMs - now]),
    ]),
  ];
  return Math.min(60_000, Math.max(50, Math.ceil(Math.min(...ends))));
}
