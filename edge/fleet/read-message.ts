import {
  type FleetDay,
  type FleetHour,
  type FleetMessage,
  type FleetState,
  fleetMessages,
} from '../../src/contract/fleet.ts';
import type { FleetSettings } from '../../src/contract/fleet-settings.ts';
import type { Seconds } from '../../src/core/units.ts';
import { readSaid } from '../brokers/read-said.ts';

/**
 * Why a message is not taken.
 *
 * - `not-ours`: on a topic that is none of the fleet's
 * - `too-large`, `not-json`, `unfit`: not of the form of the contract
 * - `other-branch`: its payload names another branch than its topic, by which the broker let it in
 * - `retained`: a broker kept it from before; what is told here is told once
 * - `ahead`: it says that it was made later than now, or of an hour or day that is not over
 * - `too-old`: of a month that is not kept any more
 */
export const fleetRefusals = [
  'not-ours',
  'too-large',
  'not-json',
  'unfit',
  'other-branch',
  'retained',
  'ahead',
  'too-old',
] as const;
export type FleetRefusal = (typeof fleetRefusals)[number];

export type Heard =
  | { readonly kind: 'hour'; readonly message: FleetHour }
  | { readonly kind: 'day'; readonly message: FleetDay }
  | { readonly kind: 'state'; readonly message: FleetState }
  | { readonly kind: 'settings'; readonly message: FleetSettings }
  | { readonly kind: 'refused'; readonly why: FleetRefusal };

export interface Packet {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain?: boolean;
}

/** The report of a day with 64 queues and 65 zones takes 12 KB. */
const mostBytes = 32_768;
const topicForm = /^lobby\/v1\/([a-z0-9-]{1,40})\/fleet\/(hour|day|state|settings)$/;
/** Clocks of branches differ from ours; one that is further ahead would keep out what it tells after it was set. */
const mostAheadSeconds: Seconds = 600;
/** A day ends up to 14 hours before it does by UTC; a report is made as late as half an hour after closing. */
const dayAheadSeconds: Seconds = 14 * 3_600;

/**
 * Reads what came for the fleet's store. What costs least is looked at first.
 *
 * @param now by the store's own clock
 * @param oldest what lies before is not kept any more
 */
export function readMessage(
  { topic, payload, retain }: Packet,
  now: Seconds,
  oldest: Seconds = Number.NEGATIVE_INFINITY,
): Heard {
  const refused = (why: FleetRefusal): Heard => ({ kind: 'refused', why });
  const [, branch, name] = topicForm.exec(topic) ?? [];
  if (branch === undefined) return refused('not-ours');
  if (retain === true) return refused('retained');
  if (payload.length > mostBytes) return refused('too-large');
  const kind = name as FleetMessage;
  const read = readSaid<Said>(payload, fleetMessages[kind].schema);
  if (typeof read === 'string') return refused(read);
  const { said } = read;
  if (said.branch !== branch) return refused('other-branch');
  if (secondsOf(said.at) > now + mostAheadSeconds) return refused('ahead');
  const [begins, ends] = spanOf(said);
  if (ends > secondsOf(said.at)) return refused('ahead');
  if (begins < oldest) return refused('too-old');
  return { kind, message: said } as Heard;
}

type Said = FleetHour | FleetDay | FleetState | FleetSettings;

const secondsOf = (moment: string): Seconds => Date.parse(moment) / 1_000;

/** From when until when it speaks of what was. */
function spanOf(said: Said): readonly [begins: Seconds, ends: Seconds] {
  if ('hour' in said) return [secondsOf(said.hour), secondsOf(said.hour) + 3_600];
  // A branch may close as early as it likes: its day is not over before it began.
  if ('report' in said) return [secondsOf(said.report.day), secondsOf(said.report.day) - dayAheadSeconds];
  return [secondsOf(said.at), secondsOf(said.at)];
}
