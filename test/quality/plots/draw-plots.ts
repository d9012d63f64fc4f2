import type { Card } from '../card/card.ts';
import { drawDelays } from './delays.ts';
import { drawEvents } from './events.ts';
import { drawFailures } from './failures.ts';
import { drawLobbies } from './lobbies.ts';
import { drawRecall } from './recall.ts';
import { type Svg, write } from './svg.ts';
import { drawTracking } from './tracking.ts';

/** Each picture by the name of its file, with what draws it from the card, in the order of the page. */
export const plots: Readonly<Record<string, (card: Card) => Svg | undefined>> = {
  'events.svg': drawEvents,
  'delays.svg': drawDelays,
  'lobbies.svg': drawLobbies,
  'failures.svg': drawFailures,
  'recall.svg': drawRecall,
  'tracking.svg': drawTracking,
};

/**
 * The card's pictures: the text of each SVG file by the file's name. The same card gives the same bytes.
 *
 * A picture whose section is not on the card is left out.
 *
 * @throws {Error} if a section is there and has lost a figure that is drawn
 */
export function drawPlots(card: Card): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(plots).flatMap(([file, draw]) => {
      const picture = draw(card);
      return picture === undefined ? [] : [[file, write(picture)]];
    }),
  );
}
