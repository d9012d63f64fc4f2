import type { Seconds } from '../core/units.ts';
import type { ErrorCode } from './errors.ts';

// Apart from the schemas: a page has these built into it, and not what checks them.

/** What stands as `source` of a camera that is a page in a browser, paired by a code. */
export const browserSource = 'browser:page';

/** More are not told of one frame: near people are few, and the model finds no more. */
export const mostPeopleOfPage = 8;
/** A message with so many people is some 700 bytes. */
export const mostPageMessageBytes = 2_048;
/** A page that is off by more cannot be told from one that tells the past: half the round trip, at best. */
export const mostClockErrorSeconds: Seconds = 0.25;
/** What was seen longer ago than this comes too late to be of use, or from a clock that is wrong. */
export const mostAgeSeconds: Seconds = 3;
/** Letters of a code: none that is taken for another when it is read off a screen. */
export const codeLetters = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
export const codeLength = 8;

/** Why a page that is connected sees nothing. */
export const pageTroubles = {
  aiming: 'LOBBY_PAGE_AIMING',
  hidden: 'LOBBY_PAGE_HIDDEN',
  'no-camera': 'LOBBY_PAGE_WITHOUT_CAMERA',
  'no-model': 'LOBBY_PAGE_WITHOUT_MODEL',
  'clock-unknown': 'LOBBY_PAGE_CLOCK',
} as const satisfies Record<string, ErrorCode>;
export type PageTrouble = keyof typeof pageTroubles;

/** Why the box ends a connection: codes of the WebSocket, 4000 and up are for applications. */
export const closeCodes = {
  /** The pairing was taken back. */
  unpaired: 4_001,
  /** Another page of the same pairing has come. */
  replaced: 4_002,
  /** Something was said that has no place here, or too much of it. */
  nonsense: 4_003,
  /** What it says is from another time than now. */
  clock: 4_004,
  /** The camera is no longer in the branch file. */
  gone: 4_005,
} as const;

/** A code as it is compared: without what people put in between, and in capitals. */
export function plainCode(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '');
}
