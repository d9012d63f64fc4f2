import type { PageCamera, PagePerson } from '../../../src/contract/browser-camera.ts';
import type { PageTrouble } from '../../../src/contract/browser-camera-limits.ts';
import type { BlindReason } from '../../../src/core/sight/watch.ts';
import type { Size } from '../../../src/core/units.ts';
import type { LinkEnd } from './link.ts';
import { blindWords, type Language, say, type words } from './words.ts';

/** What the page knows. */
export interface CameraState {
  readonly language: Language;
  /** `asking` until the box has said; `unpaired`: a code is asked for; `paired`: it is a camera. */
  readonly pairing: 'insecure' | 'asking' | 'unpaired' | 'paired';
  /** Why a code was not taken, in the page's language. */
  readonly refusal?: string;
  readonly isPairing: boolean;
  readonly camera?: PageCamera;
  /** The tablet's own camera. */
  readonly picture: 'none' | 'seen' | 'denied' | 'absent';
  /** What finds people in it. */
  readonly model: 'none' | 'ready' | 'missing' | 'cannot-run';
  readonly link: 'up' | LinkEnd;
  readonly isTimeKnown: boolean;
  readonly isHidden: boolean;
  readonly isAiming: boolean;
  /** Whether the browser keeps the screen on. */
  readonly isKeptAwake: boolean;
  /** Nothing has been looked at for some seconds. */
  readonly isStalled: boolean;
  readonly blind?: BlindReason;
  /** Of the last look. */
  readonly people: readonly PagePerson[];
  readonly size?: Size;
  readonly mean: number;
  readonly rollDegrees?: number;
  readonly framesPerSecond?: number;
  /** Spots that were touched while aiming, in pixels of the camera's picture. */
  readonly touched: readonly { readonly x: number; readonly y: number }[];
  readonly isUnpairing: boolean;
}

export const firstState = (language: Language, isSecure: boolean): CameraState => ({
  language,
  pairing: isSecure ? 'asking' : 'insecure',
  isPairing: false,
  picture: 'none',
  model: 'none',
  link: 'lost',
  isTimeKnown: false,
  isHidden: false,
  isAiming: false,
  isKeptAwake: true,
  isStalled: false,
  people: [],
  mean: 255,
  touched: [],
  isUnpairing: false,
});

/** Why the box is told of nobody, for its health; nothing where it is told of all. */
export function troubleOf(state: CameraState): PageTrouble | undefined {
  if (state.picture === 'denied' || state.picture === 'absent') return 'no-camera';
  if (state.model === 'missing' || state.model === 'cannot-run') return 'no-model';
  if (state.isHidden) return 'hidden';
  if (state.isAiming) return 'aiming';
  return undefined;
}

/** What stands large on the page, what to do about it, and whether that is well. */
export function headline(state: CameraState): {
  readonly key: string;
  readonly large: string;
  readonly small: string;
  readonly isWell: boolean;
} {
  const { language } = state;
  const told = (key: keyof (typeof words)['zh'], help: keyof (typeof words)['zh'], isWell = false) => ({
    key,
    large: say(language, key),
    small: say(language, help),
    isWell,
  });
  if (state.picture === 'denied') return told('denied', 'deniedHelp');
  if (state.picture === 'absent') return told('noCamera', 'noCameraHelp');
  if (state.model === 'missing') return told('noModel', 'noModelHelp');
  if (state.model === 'cannot-run') return told('cannotRun', 'cannotRunHelp');
  if (state.link === 'replaced') return told('replaced', 'replacedHelp');
  if (state.link === 'gone') return told('gone', 'goneHelp');
  if (state.picture === 'none' || state.model === 'none') return told('starting', 'startingHelp');
  if (state.link === 'clock') return told('clock', 'clockHelp');
  if (state.link !== 'up') return told('offline', 'offlineHelp');
  if (!state.isTimeKnown) return told('clock', 'clockHelp');
  const blind = state.isStalled ? 'frozen' : state.blind;
  if (blind !== undefined) {
    const [large, small] = blindWords[blind][language];
    return { key: blind, large, small, isWell: false };
  }
  return told('counting', 'countingHelp', true);
}
