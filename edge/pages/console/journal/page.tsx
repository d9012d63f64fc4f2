import type { PageParts } from '../page-parts.ts';
import { say } from '../words.ts';

export function Page({ language }: PageParts) {
  return <p class="empty-page">{say(language, 'notBuilt')}</p>;
}
