import type { JournalLine, JournalSettings } from '../contract/journal.ts';
import type { PrivacyLevel } from '../contract/privacy.ts';
import type { AckPayload, LobbyPayload } from '../contract/topics.ts';
import type { CoreState } from '../core/step.ts';
import type { Seconds } from '../core/units.ts';
import { ackLine, sceneLine, type VisitNames, zoneLines } from './journal-lines.ts';

export interface NoteLobbyOptions {
  readonly settings: JournalSettings;
  /** At `counts` no scene is written. */
  readonly level: () => PrivacyLevel;
  readonly note: (line: JournalLine) => void;
}

/** Takes to the journal how the lobby was, at its own pace: what is decided goes there by itself. */
export interface NoteLobby {
  /** After an observation: where everybody is, and how the zones are, if it is time again. */
  look(state: CoreState, names: VisitNames, glance: () => LobbyPayload): void;
  /** What a watch said of a prompt; the same once more, sent again by its link, is kept once. */
  heard(ack: AckPayload, at: Seconds): void;
}

const zonesEverySeconds = 60;
/** Answers that are known for repeated; a watch sends one again within seconds. */
const mostHeard = 500;

export function createNoteLobby({ settings, level, note }: NoteLobbyOptions): NoteLobby {
  let sceneAt = Number.NEGATIVE_INFINITY;
  let zonesAt = Number.NEGATIVE_INFINITY;
  let wasEmpty = true;
  const heard = new Set<string>();
  /** Also when the clock was set back. A frame that comes a little early counts: 5 frames a second are not exact. */
  const isTime = (at: Seconds, last: Seconds, every: Seconds) => at < last || at - last >= every * 0.98;

  return {
    look(state, names, glance) {
      const { at } = state;
      if (level() !== 'counts' && settings.sceneSeconds > 0 && isTime(at, sceneAt, settings.sceneSeconds)) {
        sceneAt = at;
        const scene = sceneLine(state, names, settings);
        const isEmpty = scene.people.length === 0;
        if (!isEmpty || !wasEmpty) note(scene);
        wasEmpty = isEmpty;
      }
      if (state.prompts.isClosed === true || !isTime(at, zonesAt, zonesEverySeconds)) return;
      zonesAt = at;
      for (const line of zoneLines(glance())) note(line);
    },
    heard(ack, at) {
      const key = `${ack.id} ${ack.watch} ${ack.answer}`;
      if (heard.has(key)) return;
      if (heard.size >= mostHeard) heard.clear();
      heard.add(key);
      note(ackLine(ack, at));
    },
  };
}
