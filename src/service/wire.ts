import type { Branch } from '../contract/branch.ts';
import { hallName } from '../contract/branch.ts';
import type { LobbyPayload, PromptPayload, PromptStatePayload } from '../contract/topics.ts';
import type { Prompt, PromptChange } from '../core/prompts/decide.ts';
import type { CoreState, LobbyView } from '../core/step.ts';
import type { Seconds } from '../core/units.ts';
import { sayPrompt, type Towards, wordsToSay } from './words.ts';

/** A moment as it is written on the wire: UTC, to the millisecond. */
export function toMoment(at: Seconds): string {
  return new Date(Math.round(at * 1000)).toISOString();
}

/** What a place is called in this branch; outside all zones is the hall. */
export function placeName(branch: Branch, place: string): { zh: string; en: string } {
  return { ...(branch.zones.find((one) => one.zone.id === place)?.name ?? hallName) };
}

/** A figure that never moves, taken for a person overnight, has waited longer than the wire can say. */
const mostWaitSeconds: Seconds = 86_400;

/** A prompt as it goes to the wrist: how many and how long, never who. */
export function toPromptPayload(prompt: Prompt, branch: Branch): PromptPayload {
  const name = placeName(branch, prompt.place);
  const { towards, free } = prompt;
  return {
    v: 1,
    id: prompt.id,
    kind: prompt.kind,
    place: prompt.place,
    placeName: name,
    people: prompt.people,
    ...(prompt.to === undefined ? {} : { to: [...prompt.to] }),
    ...(towards === undefined ? {} : { towards }),
    ...(free === undefined ? {} : { free }),
    urgency: prompt.urgency,
    say: sayPrompt(prompt, name, towards === undefined ? undefined : towardsIn(branch, towards)),
    words: wordsToSay[prompt.kind],
    waitedSeconds: Math.min(mostWaitSeconds, Number(prompt.waitedSeconds.toFixed(1))),
    raisedAt: toMoment(prompt.raisedAt),
    expiresAt: toMoment(prompt.expiresAt),
    haptic: prompt.haptic,
  };
}

function towardsIn(branch: Branch, place: string): Towards {
  const kind = branch.zones.find((one) => one.zone.id === place)?.zone.kind;
  return { name: placeName(branch, place), hasMachines: kind === 'service' };
}

export function toPromptState(change: PromptChange): PromptStatePayload {
  const { prompt } = change;
  return {
    v: 1,
    id: prompt.id,
    phase: prompt.phase,
    ...(prompt.by === undefined ? {} : { by: prompt.by }),
    ...(prompt.watch === undefined ? {} : { watch: prompt.watch }),
    ...(change.reason === undefined ? {} : { reason: change.reason }),
    at: toMoment(change.at),
  };
}

export function toLobbyPayload(view: LobbyView, state: CoreState, branch: Branch): LobbyPayload {
  return {
    v: 1,
    at: toMoment(view.at),
    ...(view.blind
      ? {}
      : {
          inLobby: view.inLobby,
          toGreet: view.toGreet,
          inQueue: view.inQueue,
          staffSeen: view.staffSeen,
        }),
    zones: view.zones.map((zone) => ({
      id: zone.id,
      kind: branch.zones.find((one) => one.zone.id === zone.id)!.zone.kind,
      name: placeName(branch, zone.id),
      ...(zone.blind ? { blind: true as const } : zoneFigures(zone)),
    })),
    open: state.prompts.open.map((prompt) => ({
      prompt: toPromptPayload(prompt, branch),
      phase: prompt.phase === 'accepted' ? 'accepted' : 'raised',
      ...(prompt.by === undefined ? {} : { by: prompt.by }),
      ...(prompt.watch === undefined ? {} : { watch: prompt.watch }),
    })),
  };
}

function zoneFigures(zone: LobbyView['zones'][number]) {
  return {
    people: zone.people,
    ...(zone.longestWaitSeconds === undefined
      ? {}
      : { longestWaitSeconds: Math.min(mostWaitSeconds, Math.floor(zone.longestWaitSeconds)) }),
    ...(zone.waiting === undefined ? {} : { waiting: zone.waiting }),
    ...(zone.expectedWaitSeconds === undefined
      ? {}
      : { expectedWaitSeconds: Math.min(mostWaitSeconds, Math.round(zone.expectedWaitSeconds)) }),
    ...toUnvisited(zone.unvisitedSeconds),
  };
}

/** To ten seconds, so that the list is not sent anew each second for this alone. */
function toUnvisited(seconds: Seconds): { unvisitedSeconds?: Seconds } {
  const tens = Math.floor(seconds / 10) * 10;
  return tens === 0 ? {} : { unvisitedSeconds: Math.min(mostWaitSeconds, tens) };
}
