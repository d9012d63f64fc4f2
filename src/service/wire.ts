import type { Branch } from '../contract/branch.ts';
import { hallName } from '../contract/branch.ts';
import type { LobbyPayload, PromptPayload, PromptStatePayload } from '../contract/topics.ts';
import type { PromptState } from '../core/prompts/decide.ts';
import type { Prompt, PromptChange } from '../core/prompts/prompt.ts';
import { isNobodyOnDuty } from '../core/prompts/wearers.ts';
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
  const { towards, free, places, watches, passedOn } = prompt;
  const name = placesName(branch, places ?? [prompt.place]);
  return {
    v: 1,
    id: prompt.id,
    kind: prompt.kind,
    place: prompt.place,
    ...(places === undefined ? {} : { places: [...places] }),
    placeName: name,
    people: prompt.people,
    ...(prompt.to === undefined ? {} : { to: [...prompt.to] }),
    ...(watches === undefined ? {} : { watches: [...watches] }),
    ...(passedOn === undefined ? {} : { passedOn: { to: passedOn.role, at: toMoment(passedOn.at) } }),
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

/** `Door + Hall`: all of them where a greeting is of several places. */
function placesName(branch: Branch, places: readonly string[]): { zh: string; en: string } {
  const names = places.map((place) => placeName(branch, place));
  return { zh: names.map(({ zh }) => zh).join(' + '), en: names.map(({ en }) => en).join(' + ') };
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
    ...(state.prompts.wearers.known
      ? { onDuty: state.prompts.wearers.wearers.filter(({ onDuty }) => onDuty).length }
      : {}),
    ...(isNobodyThere(state.prompts, view.at) ? { nobodyOnDuty: true as const } : {}),
    ...(state.prompts.isClosed === true ? { closed: true as const } : {}),
    zones: view.zones.map((zone) => ({
      id: zone.id,
      kind: branch.zones.find((one) => one.zone.id === zone.id)!.zone.kind,
      name: placeName(branch, zone.id),
      ...(zone.blind ? { blind: true as const } : zoneFigures(zone)),
    })),
    open: state.prompts.open.map((prompt) => ({
      prompt: toPromptPayload(prompt, branch),
      phase: isOpenPhase(prompt.phase) ? prompt.phase : 'raised',
      ...(prompt.by === undefined ? {} : { by: prompt.by }),
      ...(prompt.watch === undefined ? {} : { watch: prompt.watch }),
    })),
  };
}

/** Whether nobody is on duty though the branch is open. */
export const isNobodyThere = ({ wearers, isClosed }: PromptState, at: Seconds): boolean =>
  isClosed !== true && isNobodyOnDuty(wearers, at);

const openPhases = ['raised', 'delivered', 'seen', 'accepted'] as const;
const isOpenPhase = (phase: Prompt['phase']): phase is (typeof openPhases)[number] =>
  (openPhases as readonly string[]).includes(phase);

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
