import type { JournalLine } from '../../src/contract/journal.ts';

/** What one wrist went through. Moments are seconds since 1970. */
export interface WristLog {
  readonly watch: string;
  /** Prompts as they came, by their own message or in the lobby's list. */
  readonly came: readonly (Moment & { readonly by: 'prompt' | 'lobby' })[];
  /** Prompts it took among those its wearer is to see, as soon as the screen is free. */
  readonly takenIn: readonly Moment[];
  /** Prompts its wearer was told of: the screen, and the buzz. */
  readonly shown: readonly Moment[];
}

interface Moment {
  readonly id: string;
  readonly at: number;
  readonly expiresAt: number;
}

export interface Evidence {
  /** Prompts the service said it had raised, on its way past the journal. */
  readonly raised: readonly string[];
  readonly journal: readonly JournalLine[];
  readonly wrists: readonly WristLog[];
}

/** The first four must be 0; the rest says what the run was like. */
export interface Judgement {
  readonly lostFromJournal: number;
  /** Prompts that came by their own message after they had expired. */
  readonly cameLate: number;
  /** Prompts that a wrist took in or showed after they had expired. */
  readonly shownLate: number;
  /** Prompts a wrist took in or showed more than once. */
  readonly shownTwice: number;
  readonly raised: number;
  /** Of those raised: on at least one wrist. */
  readonly shown: number;
  readonly takenIn: number;
  readonly came: number;
  /** Messages of one prompt to one wrist beyond the first, which it kept to itself: sent again, or passed on. */
  readonly cameAgain: number;
  readonly missed: Readonly<Record<string, number>>;
  readonly ended: Readonly<Record<string, number>>;
  /** Killed between the journal and the snapshot: raised and no more is known, or ended once more. */
  readonly withoutEnd: number;
  readonly endedAgain: number;
}

const endings: readonly string[] = ['met', 'skipped', 'withdrawn', 'expired'];

/** Holds what a service said, wrote and showed against each other. */
export function judge({ raised, journal, wrists }: Evidence): Judgement {
  const inJournal = new Set(
    journal.flatMap((line) => (line.kind === 'prompt' && line.change === 'raised' ? [line.id] : [])),
  );
  const came = wrists.flatMap((one) => one.came);
  const takenIn = wrists.flatMap((one) => one.takenIn);
  const shown = wrists.flatMap((one) => one.shown);
  const known = new Set([...raised, ...came.map(({ id }) => id), ...shown.map(({ id }) => id)]);
  const missed: Record<string, number> = {};
  const ended: Record<string, number> = {};
  const over = new Set<string>();
  let endedAgain = 0;
  for (const line of journal) {
    if (line.kind === 'missed') {
      const key = `${line.message} ${line.why}`;
      missed[key] = (missed[key] ?? 0) + 1;
    }
    if (line.kind !== 'state' || !endings.includes(line.phase)) continue;
    if (over.has(line.id)) endedAgain += 1;
    else ended[line.phase] = (ended[line.phase] ?? 0) + 1;
    over.add(line.id);
  }
  const again = (ids: readonly string[]) => ids.length - new Set(ids).size;
  const ownMessages = came.filter(({ by }) => by === 'prompt');
  const isLate = ({ at, expiresAt }: { at: number; expiresAt: number }) => at >= expiresAt;
  return {
    lostFromJournal: [...known].filter((id) => !inJournal.has(id)).length,
    cameLate: ownMessages.filter(isLate).length,
    shownLate: [...takenIn, ...shown].filter(isLate).length,
    shownTwice: wrists.reduce(
      (sum, one) => sum + again(one.shown.map(({ id }) => id)) + again(one.takenIn.map(({ id }) => id)),
      0,
    ),
    raised: inJournal.size,
    shown: new Set(shown.map(({ id }) => id)).size,
    takenIn: new Set(takenIn.map(({ id }) => id)).size,
    came: new Set(came.map(({ id }) => id)).size,
    cameAgain: wrists.reduce(
      (sum, one) => sum + again(one.came.filter(({ by }) => by === 'prompt').map(({ id }) => id)),
      0,
    ),
    missed,
    ended,
    withoutEnd: [...inJournal].filter((id) => !over.has(id)).length,
    endedAgain,
  };
}
