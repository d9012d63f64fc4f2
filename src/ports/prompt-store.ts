import type { PromptSnapshot } from '../contract/prompt-snapshot.ts';

/** Keeps the newest snapshot of the open prompts over a kill of the service. */
export interface PromptStore {
  /** What the last run left; absent: nothing, or nothing that can be used. */
  readonly left?: PromptSnapshot;
  /** Takes the place of the one before, wholly or not at all. It does not throw. */
  save(snapshot: PromptSnapshot): void;
}
