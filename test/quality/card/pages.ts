import { join } from 'node:path';
import { packageRoot } from '../../../edge/package-root.ts';
import { drawPlots } from '../plots/draw-plots.ts';
import { type Card, toMarkdown } from './card.ts';

/** The page for readers. What stands between its two marks is made from the card. */
export const accuracyPage = join(packageRoot, 'docs', 'accuracy.md');
const opening = '<!-- From here to the end mark: made by `npm run score -- --commit`. -->';
const closing = '<!-- End of what is made. -->';

const pictures = join(packageRoot, 'docs', 'pictures');

/** Every line of the card, for those who change something. */
const cardPage = join(packageRoot, 'test', 'quality', 'scores.md');

/**
 * The pages that are made from the card, and nothing but the card: a test holds that they are.
 *
 * @param accuracy the accuracy page as it is, whose words around the marks are kept
 * @throws {Error} if the page has lost its marks
 */
export function pagesOf(card: Card, accuracy: string): readonly { file: string; text: string }[] {
  const [before, rest] = accuracy.split(opening);
  const after = rest?.split(closing)[1];
  if (before === undefined || after === undefined)
    throw new Error(`Cannot write the accuracy page: it must hold ${opening} and ${closing}`);
  const { 'events-by-lobby': _, ...told } = card;
  return [
    { file: cardPage, text: `# Scorecard\n\nMade by \`npm run score -- --commit\`.\n\n${toMarkdown(card)}` },
    ...Object.entries(drawPlots(card)).map(([name, text]) => ({ file: join(pictures, name), text })),
    { file: accuracyPage, text: `${before}${opening}\n\n${toMarkdown(told)}\n${closing}${after}` },
  ];
}
