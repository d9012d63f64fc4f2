import type { Seconds } from '../units.ts';
import { isWaiting, type PromptPhase } from './kinds.ts';
import type { AnswerGiven, Prompt, PromptChange, Reached } from './prompt.ts';
import { mostWearers } from './wearers.ts';

/**
 * Takes a wearer's answer or a watch's receipt to the prompt it names.
 *
 * First tap takes it. What is answered to a prompt that another has taken changes nothing but `met`, and is told
 * again, so that the watch learns who has it.
 *
 * @returns the prompt, `undefined` once it has ended, and what to tell; an answer that says nothing new tells nothing
 */
export function answer(
  prompt: Prompt,
  given: AnswerGiven,
  at: Seconds,
): [Prompt | undefined, (PromptChange | undefined)?] {
  const mine = prompt.watch === given.watch;
  const told = (phase: PromptPhase): PromptChange => ({
    at,
    kind: 'state',
    prompt: { ...prompt, by: given.role, watch: given.watch, phase },
    reason: 'answered',
  });
  const again: [Prompt, PromptChange] = [prompt, { at, kind: 'state', prompt, reason: 'answered' }];
  const { answer: said } = given;
  if (said === 'delivered' || said === 'seen') return receive(prompt, given, said, at);
  if (prompt.phase === 'accepted' && !mine && said !== 'met') return again;
  switch (said) {
    case 'accepted': {
      const taken = told('accepted');
      // Said again, it was taken when it was taken.
      const next: Prompt = prompt.phase === 'accepted' ? taken.prompt : { ...taken.prompt, takenAt: at };
      return [next, { ...taken, prompt: next }];
    }
    case 'met':
      return [undefined, told('met')];
    case 'not-needed':
      return [undefined, told('skipped')];
    case 'undo': {
      if (prompt.phase !== 'accepted') return again;
      const back = untaken(prompt);
      return [back, { at, kind: 'state', prompt: back, reason: 'answered' }];
    }
  }
}

/** As it was before it was taken. */
export function untaken({ by: _, watch: __, takenAt: ___, ...rest }: Prompt): Prompt {
  const isSeen = rest.reached.some((one) => one.seenAt !== undefined);
  return { ...rest, phase: isSeen ? 'seen' : rest.reached.length > 0 ? 'delivered' : 'raised' };
}

/** Notes that a prompt came to a wrist, or was shown there; each is told of the first wrist alone. */
function receive(
  prompt: Prompt,
  { watch }: AnswerGiven,
  said: 'delivered' | 'seen',
  at: Seconds,
): [Prompt, PromptChange?] {
  const before = prompt.reached.find((one) => one.watch === watch);
  if (said === 'delivered' ? before !== undefined : before?.seenAt !== undefined) return [prompt];
  if (before === undefined && prompt.reached.length >= mostWearers) return [prompt];
  // A receipt may be lost: whoever shows it has it.
  const one: Reached = {
    watch,
    deliveredAt: before?.deliveredAt ?? at,
    ...(said === 'seen' ? { seenAt: at } : {}),
  };
  const reached =
    before === undefined
      ? [...prompt.reached, one]
      : prompt.reached.map((other) => (other.watch === watch ? one : other));
  const isNews = isWaiting(prompt.phase) && prompt.phase !== said && prompt.phase !== 'seen';
  const next: Prompt = { ...prompt, reached, ...(isNews ? { phase: said } : {}) };
  // Whose receipt it was is told in the place of whose answer.
  return isNews ? [next, { at, kind: 'reached', prompt: { ...next, watch } }] : [next];
}
