import type { Session } from './api.ts';
import type { PageName } from './frame.tsx';
import type { LiveState } from './live/state.ts';
import type { Language } from './words.ts';

/** What the frame gives to each of its pages. */
export interface PageParts {
  /** The lobby as it is: plan, time zone, health, the box's clock, the version of the settings. */
  readonly live: LiveState;
  readonly language: Language;
  readonly session: Session;
  /** Single keys act; they are switched off by whoever dictates. */
  readonly keys: boolean;
  /** Path and query after the host, read anew when the page is gone to or back to. */
  readonly address: string;
  /** Goes to a page, or further within one: `go('journal', '/01J…')`. */
  readonly go: (to: PageName, rest?: string) => void;
}
