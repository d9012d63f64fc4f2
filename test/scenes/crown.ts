import type { Gesture, Looks } from './scene.ts';

/** The height of a bench in a hall; a wheelchair's is within a few centimetres of it. */
export const SEAT_METRES = 0.46;
/** From the seat to the crown, as a share of the height: about the same for everybody, children a little more. */
const SITTING_SHARE = 0.52;

/** True of who sits on a seat, and of who uses a wheelchair whatever else they do. */
export const isSeated = (looks: Pick<Looks, 'aid'>, gesture: Gesture): boolean =>
  gesture === 'sitting' || looks.aid === 'wheelchair';

/** How high above the floor the crown of the head is. The drawing and truth both ask here, so that they agree. */
export function crownMetres(looks: Pick<Looks, 'heightMetres' | 'aid'>, gesture: Gesture): number {
  if (!isSeated(looks, gesture)) return looks.heightMetres;
  return Math.min(looks.heightMetres, SEAT_METRES + SITTING_SHARE * looks.heightMetres);
}
