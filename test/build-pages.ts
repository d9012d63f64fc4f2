import { builtPages } from './e2e/pages.ts';

/** Builds the pages before any test file runs, if they are older than what they are made of. */
export default async function setup(): Promise<void> {
  await builtPages();
}
