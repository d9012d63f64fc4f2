import type { PagePerson } from '../../../src/contract/browser-camera.ts';
import type { Size } from '../../../src/core/units.ts';

/** What is seen while the tablet is being mounted. */
export interface Seen {
  /** Brightness, 0 to 255. */
  readonly mean: number;
  readonly people: readonly PagePerson[];
  readonly picture: Size;
  /** How far the tablet is turned from level; absent: it does not say. */
  readonly rollDegrees?: number;
}

/** What to do about how it stands; `good`: nothing. */
export type Advice = 'dark' | 'tilted' | 'nobody' | 'far' | 'near' | 'feet' | 'good';

/** Of the picture's height: smaller, and the model loses them; larger, and they are past before they are counted. */
export const leastHeight = 0.35;
export const mostHeight = 0.95;
/** Where the feet of somebody at the door should be, of the picture's height from above. */
export const feetBand = { from: 0.5, to: 0.95 } as const;
const leastMean = 40;
/** Floor points undo a tilt; the model finds people who stand upright in the picture. */
const mostRoll = 8;

/** The first thing amiss with how it stands, while somebody stands at the door. */
export function adviceOf({ mean, people, picture, rollDegrees = 0 }: Seen): Advice {
  if (mean < leastMean) return 'dark';
  if (Math.abs(rollDegrees) > mostRoll) return 'tilted';
  const tallest = [...people].sort((a, b) => b.bottom - b.top - (a.bottom - a.top))[0];
  if (tallest === undefined) return 'nobody';
  const height = (tallest.bottom - tallest.top) / picture.height;
  if (height < leastHeight) return 'far';
  if (tallest.bottomOffPx !== undefined || tallest.bottom > feetBand.to * picture.height) {
    return height > mostHeight ? 'near' : 'feet';
  }
  if (height > mostHeight) return 'near';
  return tallest.bottom < feetBand.from * picture.height ? 'feet' : 'good';
}
