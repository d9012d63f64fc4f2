import type {
  HealthPayload,
  LobbyPayload,
  PromptPayload,
  PromptStatePayload,
} from '../../../src/contract/topics.ts';

/**
 * Reads what a broker hands over, and gives nothing for what the page could stumble on.
 *
 * The box checks every message against its schema before it leaves; the page checks only what it goes
 * by, since the whole schema library would be a fifth of its weight on a watch.
 */

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 200;
const isMoment = (value: unknown): boolean => isText(value) && !Number.isNaN(Date.parse(value));
const isCount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
/** Absent where one box alone decides. */
const isTerm = (value: unknown): boolean => value === undefined || isCount(value);
/** Absent while no camera sees: the page then shows a dash. */
const isCountOrUnknown = (value: unknown): boolean => value === undefined || isCount(value);
const isBilingual = (value: unknown): boolean => isPlain(value) && isText(value.zh) && isText(value.en);
const isOneOf = (value: unknown, ...list: string[]): boolean => list.includes(value as string);

function isPrompt(value: unknown): value is PromptPayload {
  return (
    isPlain(value) &&
    value.v === 1 &&
    isTerm(value.term) &&
    isText(value.id) &&
    isText(value.kind) &&
    isBilingual(value.placeName) &&
    isBilingual(value.say) &&
    isBilingual(value.words) &&
    isCount(value.waitedSeconds) &&
    isMoment(value.raisedAt) &&
    isMoment(value.expiresAt) &&
    isOneOf(value.urgency, 'now', 'soon', 'when-free') &&
    isOneOf(value.haptic, 'arrival', 'person', 'place', 'call') &&
    (value.to === undefined || Array.isArray(value.to)) &&
    (value.watches === undefined || Array.isArray(value.watches))
  );
}

function isState(value: unknown): value is PromptStatePayload {
  return (
    isPlain(value) &&
    value.v === 1 &&
    isTerm(value.term) &&
    isText(value.id) &&
    isMoment(value.at) &&
    isOneOf(
      value.phase,
      ...['raised', 'delivered', 'seen', 'accepted', 'met', 'skipped', 'withdrawn', 'expired'],
    )
  );
}

function isLobby(value: unknown): value is LobbyPayload {
  return (
    isPlain(value) &&
    value.v === 1 &&
    isTerm(value.term) &&
    isMoment(value.at) &&
    isCountOrUnknown(value.inLobby) &&
    isCountOrUnknown(value.toGreet) &&
    isCountOrUnknown(value.inQueue) &&
    isCountOrUnknown(value.missed) &&
    (value.opensAt === undefined || isText(value.opensAt)) &&
    Array.isArray(value.zones) &&
    value.zones.every((zone) => isPlain(zone) && isBilingual(zone.name)) &&
    Array.isArray(value.open) &&
    value.open.every(
      (held) =>
        isPlain(held) &&
        isPrompt(held.prompt) &&
        isOneOf(held.phase, 'raised', 'delivered', 'seen', 'accepted'),
    )
  );
}

function isHealth(value: unknown): value is HealthPayload {
  return (
    isPlain(value) &&
    value.v === 1 &&
    isTerm(value.term) &&
    isOneOf(value.state, 'starting', 'ok', 'partly-blind', 'blind', 'gone') &&
    Array.isArray(value.cameras) &&
    value.cameras.every(
      (camera) =>
        isPlain(camera) && isText(camera.state) && isMoment(camera.since) && Array.isArray(camera.places),
    )
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const reading =
  <T>(fits: (value: unknown) => value is T) =>
  (text: string): T | undefined => {
    const value = parse(text);
    return fits(value) ? value : undefined;
  };

export const readPrompt = reading(isPrompt);
export const readState = reading(isState);
export const readLobby = reading(isLobby);
export const readHealth = reading(isHealth);
