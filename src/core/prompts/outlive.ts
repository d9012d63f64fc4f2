import type { Happening, HappeningKind, OverReason } from '../behaviours/behaviour.ts';
import { hall } from '../floor/zones.ts';
import type { Seconds } from '../units.ts';
import type { PromptScene } from './decide.ts';
import { isWaiting, type PromptPhase } from './kinds.ts';
import { type EndReason, type Prompt, type PromptChange, without } from './prompt.ts';

const metKinds: readonly HappeningKind[] = ['contacted'];
const goneFromLobby: readonly HappeningKind[] = ['departed'];
const goneFromQueue: readonly HappeningKind[] = ['departed', 'left-queue'];

/** Ends a prompt whose customers were met or left, or whose time is over. */
export function outlive(
  prompt: Prompt,
  scene: PromptScene,
): [Prompt | undefined, (PromptChange | undefined)?] {
  const { happenings } = scene;
  const met = prompt.visits.filter((one) => isTold(happenings, one, metKinds) || scene.metNow?.has(one));
  const goneKinds = prompt.kind === 'ask-queue' ? goneFromQueue : goneFromLobby;
  // Who is being served by now, or has stepped out of the line, is not asked any more.
  const line =
    prompt.kind === 'ask-queue' ? scene.queues.find((one) => one.zone === prompt.place)?.visits : undefined;
  const gone = prompt.visits.filter(
    (one) => isTold(happenings, one, goneKinds) || (line !== undefined && !line.includes(one)),
  );
  const over = happenings.find((one) => one.kind === 'over' && isOver(prompt, one));
  if (over !== undefined) return [undefined, ended(prompt, over, scene.at)];
  let kept: Prompt | undefined = prompt;
  let change: PromptChange | undefined;
  // One member of a queue spoken to is the queue asked.
  if (met.length > 0) {
    const subjects = prompt.kind === 'ask-queue' ? prompt.visits : met;
    [kept, change] = without({ ...prompt, met: [...prompt.met, ...met] }, subjects, scene.at, 'seen-met');
  }
  if (kept !== undefined && gone.length > 0) [kept, change] = without(kept, gone, scene.at, 'left');
  const staff = scene.visits.filter(({ id, role }) => role === 'staff' && prompt.visits.includes(id));
  if (kept !== undefined && staff.length > 0) {
    const ids = staff.map(({ id }) => id);
    [kept, change] = without(kept, ids, scene.at, 'is-staff');
  }
  if (kept !== undefined && hasLapsed(kept, scene.at)) {
    return [
      undefined,
      { at: scene.at, kind: 'state', prompt: { ...kept, phase: 'expired' }, reason: 'too-late' },
    ];
  }
  return [kept, change];
}

const isTold = (happenings: readonly Happening[], visit: string, kinds: readonly HappeningKind[]): boolean =>
  happenings.some((one) => one.visit === visit && kinds.includes(one.kind));

/** Taken, but never seen to be met: after twice its useful time it is nobody's any more. */
export function hasLapsed({ phase, raisedAt, expiresAt }: Prompt, at: Seconds): boolean {
  return at >= (isWaiting(phase) ? expiresAt : expiresAt + (expiresAt - raisedAt));
}

function isOver(prompt: Prompt, over: Happening): boolean {
  if (prompt.cause !== over.of || prompt.place !== (over.zone ?? hall)) return false;
  return over.visit === undefined || prompt.visits.includes(over.visit);
}

/** The end of what lasted: done if staff were there, withdrawn if there is nothing to do any more. */
function ended(prompt: Prompt, over: Happening, at: Seconds): PromptChange {
  const [phase, reason] = endings[over.because ?? 'eased'];
  return { at, kind: 'state', prompt: { ...prompt, phase }, reason };
}

const endings: Record<OverReason, readonly [PromptPhase, EndReason]> = {
  'staff-came': ['met', 'seen-met'],
  'people-left': ['withdrawn', 'left'],
  eased: ['withdrawn', 'over'],
  unheeded: ['expired', 'too-late'],
};
