/**
 * The closed lists a prompt is made of. Nothing outside them can reach a wrist.
 */

/** What a member of staff is asked to do. */
export const promptKinds = [
  'greet',
  'approach',
  'ask-queue',
  'divert',
  'patrol',
  'attend',
  'support',
  'see-off',
  'check-machine',
] as const;
export type PromptKind = (typeof promptKinds)[number];

/** How soon a prompt stops being useful. */
export const urgencies = ['now', 'soon', 'when-free'] as const;
export type Urgency = (typeof urgencies)[number];

/** Families of vibration, told apart by a walking wearer with one motor: not one per kind. */
export const haptics = ['arrival', 'person', 'place', 'call'] as const;
export type Haptic = (typeof haptics)[number];

/**
 * The life of a prompt.
 *
 *     raised ─▶ delivered ─▶ seen ─▶ accepted ─▶ met
 *        │          │          │         └─────▶ withdrawn (the customer left)
 *        ├──────────┴──────────┴─▶ met · withdrawn · skipped
 *        ├──────────┴──────────┴─▶ escalated: to the next role's wrists, where it waits as before
 *        └──────────┴──────────┴─▶ expired (nobody took it in time)
 */
export const promptPhases = [
  'raised',
  'delivered',
  'seen',
  'accepted',
  'met',
  'skipped',
  'withdrawn',
  'expired',
] as const;
export type PromptPhase = (typeof promptPhases)[number];

/** Nobody has taken it yet. */
export const isWaiting = (phase: PromptPhase): boolean =>
  phase === 'raised' || phase === 'delivered' || phase === 'seen';

/** What a wearer can answer. `undo` takes back an `accepted` of their own. */
export const answers = ['accepted', 'met', 'not-needed', 'undo'] as const;
export type Answer = (typeof answers)[number];

/** What a watch says by itself: that a prompt came, and that it was shown while somebody could look. */
export const receipts = ['delivered', 'seen'] as const;
export type Receipt = (typeof receipts)[number];

/** Who wears a watch, in the order in which what nobody takes is passed on. */
export const roles = ['manager', 'deputy', 'branch-head'] as const;
export type WearerRole = (typeof roles)[number];
