/** What the box says, as far as it tells which of several boxes decided it. */
interface Told {
  readonly term?: number | undefined;
}

/**
 * Of several boxes that can decide one does, under a term that only climbs. What a box says that has been followed by
 * another is not believed: it stood still, or was cut off, and does not know yet.
 *
 * @returns whether to believe a message. A box that is alone says no term, and is believed.
 */
export function createTerms(): (told: Told) => boolean {
  let newest = 0;
  return ({ term }) => {
    if (term === undefined) return true;
    if (term < newest) return false;
    newest = term;
    return true;
  };
}
