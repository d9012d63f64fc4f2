import { isWaiting } from '../../../src/core/prompts/kinds.ts';
import type { CoreOutput, CoreState } from '../../../src/core/step.ts';
import type { Seconds } from '../../../src/core/units.ts';

/** What became of somebody who came in, as the wrists have it. */
export type Fate =
  /** A prompt of their own. */
  | 'told'
  /** Became part of a prompt that was on a wrist. */
  | 'merged'
  /** Owed a greeting, or left to staff near them, and told of later. */
  | 'told-later'
  /** Shown on the wrist in silence, for want of allowance. */
  | 'listed'
  /** Seen to be met, without a prompt about them. */
  | 'met'
  /** Joined a queue by themselves before anything was said. */
  | 'queued'
  /** Left before. */
  | 'left'
  /** Turned out to be staff. */
  | 'staff'
  /** None of these, by the reason of the silence. */
  | `silent ${string}`;

export interface WristFigures {
  readonly arrivals: number;
  readonly fates: ReadonlyMap<Fate, number>;
  /** Moments of the buzzes, by wrist; `everybody` where nobody is known. */
  readonly buzzes: ReadonlyMap<string, readonly Seconds[]>;
  readonly kinds: ReadonlyMap<string, number>;
  readonly passedOn: number;
}

/** Follows what the step says, and tells what the wrists bore and what became of who came in. */
export function createWristFigures(from: Seconds = Number.NEGATIVE_INFINITY) {
  const buzzes = new Map<string, Seconds[]>();
  const kinds = new Map<string, number>();
  const had = new Map<string, ReadonlySet<string>>();
  let passedOn = 0;
  const arrived = new Map<string, { at: Seconds; fate?: Fate; reason?: string; isListed?: true }>();

  function buzz(wrist: string, at: Seconds): void {
    const list = buzzes.get(wrist);
    if (list === undefined) buzzes.set(wrist, [at]);
    else list.push(at);
  }
  return {
    see(output: CoreOutput, state: CoreState): void {
      const seenTo = (visit: string | undefined, fate: Fate) => {
        const one = visit === undefined ? undefined : arrived.get(visit);
        if (one !== undefined && one.fate === undefined) one.fate = fate;
      };
      for (const { at, happening, decision } of output.verdicts) {
        const { kind, visit } = happening;
        if (kind === 'arrived' && visit !== undefined && !arrived.has(visit)) {
          const one: { at: Seconds; fate?: Fate; reason?: string } = { at };
          const into = state.prompts.open.find(
            (prompt) => 'prompt' in decision && prompt.id === decision.prompt,
          );
          if (decision.kind === 'prompt') one.fate = 'told';
          else if (
            (decision.reason === 'merged' || decision.reason === 'accepted-elsewhere') &&
            into?.silent === undefined
          )
            one.fate = 'merged';
          else one.reason = decision.reason;
          arrived.set(visit, one);
        }
      }
      for (const { at, kind, prompt } of output.changes) {
        for (const visit of prompt.visits) {
          if (kind === 'raised' || kind === 'grew') seenTo(visit, 'told-later');
          const one = arrived.get(visit);
          if (kind === 'listed' && one !== undefined) one.isListed = true;
        }
        if (kind !== 'raised' && kind !== 'passed-on') continue;
        if (at >= from) {
          if (kind === 'raised') kinds.set(prompt.kind, (kinds.get(prompt.kind) ?? 0) + 1);
          else passedOn += 1;
        }
        const before = had.get(prompt.id) ?? new Set();
        const wrists = prompt.watches ?? (prompt.kind === 'support' ? [] : ['everybody']);
        for (const wrist of wrists) if (!before.has(wrist) && at >= from) buzz(wrist, at);
        had.set(prompt.id, new Set(wrists));
      }
      for (const { happening } of output.verdicts) {
        const { kind, visit } = happening;
        if (kind === 'contacted') seenTo(visit, 'met');
        if (kind === 'queued') seenTo(visit, 'queued');
        if (kind === 'departed') seenTo(visit, 'left');
      }
      for (const visit of state.visits.visits) if (visit.role === 'staff') seenTo(visit.id, 'staff');
      for (const id of had.keys()) {
        if (had.size > 64 && !state.prompts.open.some((one) => one.id === id && isWaiting(one.phase)))
          had.delete(id);
      }
    },
    figures(): WristFigures {
      const fates = new Map<Fate, number>();
      let arrivals = 0;
      for (const { at, fate, reason, isListed } of arrived.values()) {
        if (at < from) continue;
        arrivals += 1;
        const isElse = fate === undefined || fate === 'queued' || fate === 'left';
        const key: Fate = isListed && isElse ? 'listed' : (fate ?? `silent ${reason}`);
        fates.set(key, (fates.get(key) ?? 0) + 1);
      }
      return { arrivals, fates, buzzes, kinds, passedOn };
    },
  };
}

/** Most moments in any stretch of so long. */
export function mostWithin(moments: readonly Seconds[], seconds: Seconds): number {
  let first = 0;
  let most = 0;
  for (const [i, at] of moments.entries()) {
    while (at - moments[first]! >= seconds) first += 1;
    most = Math.max(most, i - first + 1);
  }
  return most;
}
