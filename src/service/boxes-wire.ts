import type { PeoplePayload, SensorPayload } from '../contract/boxes.ts';
import { ofEdges, ofTuple, toEdges, toTuple } from '../contract/recording.ts';
import type { Seconds } from '../core/units.ts';
import type { BlindTold, CameraHealth, PeopleSeen } from './run-camera.ts';

/** From what a camera's run tells to what boxes say to each other, and back. Times there are whole milliseconds. */

const toMs = (at: Seconds): number => Math.max(0, Math.round(at * 1000));

/** One look, as the box that looks says it. */
export function toPeople(
  output: PeopleSeen | BlindTold,
  { box, n }: { readonly box: string; readonly n: number },
): PeoplePayload {
  const about = { v: 1, box, n, at: toMs(output.at) } as const;
  if (output.kind === 'blind') return { ...about, blind: output.why };
  const { people, within } = output;
  return { ...about, people: people.map(toTuple), ...(within && { within: within.map(toEdges) }) };
}

/**
 * What a look says, at a moment of our own clock.
 *
 * @param at when it was captured, by our clock
 * @param now when it was heard: what lies between is the way through the other box and the broker
 */
export function ofPeople(
  { people, blind, within }: PeoplePayload,
  at: Seconds,
  now: Seconds,
): PeopleSeen | BlindTold {
  if (blind !== undefined) return { kind: 'blind', at, why: blind };
  const took = { decodeSeconds: 0, detectSeconds: Math.max(0, now - at) };
  const seen = { kind: 'people', at, people: (people ?? []).map(ofTuple), took } as const;
  return within === undefined ? seen : { ...seen, within: within.map(ofEdges) };
}

type CameraState = SensorPayload['cameras'][number];

export function toCameraState(id: string, health: CameraHealth): CameraState {
  const { state, since, framesPerSecond, dropped, detectorErrors, attempts } = health;
  const { retryAt, codec, picture, lastError } = health;
  return {
    id,
    state,
    since: toMs(since),
    framesPerSecond: Number(Math.min(120, framesPerSecond).toFixed(1)),
    dropped,
    detectorErrors,
    attempts,
    ...(retryAt === undefined ? {} : { retryAt: toMs(retryAt) }),
    ...(codec === undefined ? {} : { codec: codec.slice(0, 40) }),
    ...(picture === undefined ? {} : { picture: [picture.width, picture.height] }),
    ...(lastError === undefined ? {} : { lastError: { ...lastError } }),
  };
}

/** @param ahead how far the other box's clock is ahead of ours */
export function ofCameraState(told: CameraState, ahead: Seconds): CameraHealth {
  const { state, since, framesPerSecond, dropped, detectorErrors, attempts } = told;
  const { retryAt, codec, picture, lastError } = told;
  return {
    state,
    since: since / 1000 - ahead,
    framesPerSecond,
    dropped,
    detectorErrors,
    attempts,
    ...(retryAt === undefined ? {} : { retryAt: retryAt / 1000 - ahead }),
    ...(codec === undefined ? {} : { codec }),
    ...(picture === undefined ? {} : { picture: { width: picture[0], height: picture[1] } }),
    ...(lastError === undefined ? {} : { lastError }),
  };
}
