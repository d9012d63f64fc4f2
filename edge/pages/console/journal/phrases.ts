import type {
  HealthRow,
  JournalRow,
  LifeStep,
  PromptRow,
  QuietRow,
  SettingsRow,
  Story,
  StoryStep,
} from '../../../../src/contract/journal-page.ts';
import { reasonSentence } from '../reasons/words.ts';
import { addressOf } from '../rules/what-if/address.ts';
import {
  duration,
  happeningWords,
  type Language,
  promptWords,
  say as sayFrame,
  type Word,
} from '../words.ts';
import { type JournalWord, say } from './words.ts';

/** What phrases are made with. */
export interface Telling {
  readonly language: Language;
  readonly nameOf: (place: string) => string;
  readonly timeOf: (at: string) => string;
}

const secondsBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;
const role = (by: string, language: Language) => sayFrame(language, by as Word);
/** Chinese says 位 of people; English leaves the number bare. */
const count = (people: number, language: Language) => say(language, 'people', { n: people });

/** What was noticed: `2 just in`, `waited long · 10:00`. */
export function whatOf(row: PromptRow | QuietRow, { language, nameOf }: Telling): string {
  const { happening, people, waitedSeconds, towards } = row;
  const noticed =
    happening === undefined
      ? promptWords[(row as PromptRow).prompt][language]
      : happeningWords[happening][language];
  const isMany = people !== undefined && people > 1;
  const isParty = isMany && (happening ?? (row as PromptRow).prompt) === (happening ? 'arrived' : 'greet');
  return [
    isParty ? (language === 'zh' ? `${noticed} ${people} 位` : `${people} ${noticed}`) : noticed,
    ...(isMany && !isParty ? [count(people, language)] : []),
    ...(waitedSeconds === undefined || waitedSeconds < 1 ? [] : [duration(waitedSeconds)]),
    ...(towards === undefined ? [] : [`→ ${nameOf(towards)}`]),
  ].join(' · ');
}

const ends: readonly LifeStep['step'][] = ['met', 'skipped', 'withdrawn', 'expired'];
export const endOf = (life: readonly LifeStep[]): LifeStep | undefined =>
  life.findLast(({ step }) => ends.includes(step));

const becauseWords: Partial<Record<NonNullable<LifeStep['reason']>, JournalWord>> = {
  left: 'becauseLeft',
  over: 'becauseOver',
  'is-staff': 'becauseStaff',
  merged: 'becauseMerged',
  'too-late': 'becauseLate',
};

/** In a word what became of a prompt. */
export function outcomeOf({ life }: PromptRow, { language }: Telling): string {
  const end = endOf(life);
  if (end?.step === 'withdrawn' || end?.step === 'expired' || end?.step === 'skipped') {
    return say(language, end.step);
  }
  return say(language, life[0]?.step === 'listed' ? 'listed' : 'prompted');
}

/** The life of a prompt in order: `on wrists 2 · 0.6 s · Deputy going · met 0:09`. */
export function lifeInWords({ at: raisedAt, life }: PromptRow, { language }: Telling): string {
  const wrists = life.find(({ step }) => step === 'raised' || step === 'listed')?.wrists;
  const way = life.find(({ afterSeconds }) => afterSeconds !== undefined)?.afterSeconds?.toFixed(1);
  const told = life.flatMap((step): string[] => {
    const text = lifeStepInWords(step, raisedAt, language);
    return text === undefined || step.step === 'delivered' || step.step === 'raised' || step.step === 'listed'
      ? []
      : [text];
  });
  const reached = life.some(({ step }) => step !== 'raised' && step !== 'listed' && step !== 'missed');
  const first =
    wrists !== undefined && way !== undefined
      ? say(language, 'onWristsAfter', { n: wrists, t: way })
      : wrists !== undefined && wrists > 0
        ? say(language, 'onWrists', { n: wrists })
        : way !== undefined
          ? say(language, 'deliveredAfter', { t: way })
          : reached && life.some(({ step }) => step === 'delivered')
            ? say(language, 'delivered')
            : undefined;
  const isOpen =
    endOf(life) === undefined && !life.some(({ step }) => step === 'accepted' || step === 'missed');
  return [...(first === undefined ? [] : [first]), ...told, ...(isOpen ? [say(language, 'open')] : [])].join(
    ' · ',
  );
}

/** One step of a prompt's life; nothing where it says nothing by itself. */
export function lifeStepInWords(step: LifeStep, raisedAt: string, language: Language): string | undefined {
  const { by, reason, people } = step;
  switch (step.step) {
    case 'raised':
      return reason === 'off-duty' ? say(language, 'reopened') : undefined;
    case 'delivered':
      return reason === 'off-duty'
        ? say(language, 'reopened')
        : step.afterSeconds === undefined
          ? say(language, 'delivered')
          : say(language, 'deliveredAfter', { t: step.afterSeconds.toFixed(1) });
    case 'seen':
      return say(language, reason === 'off-duty' ? 'reopened' : 'seen');
    case 'accepted':
      return by === undefined ? undefined : say(language, 'going', { role: role(by, language) });
    case 'met':
      return by === undefined || reason === 'seen-met'
        ? say(language, 'metAfter', { t: duration(secondsBetween(raisedAt, step.at)) })
        : say(language, 'saidMet', { role: role(by, language) });
    case 'skipped':
      return by === undefined
        ? say(language, 'skipped')
        : `${role(by, language)} · ${say(language, 'skipped')}`;
    case 'withdrawn':
    case 'expired': {
      const because = reason === undefined ? undefined : becauseWords[reason];
      return because === undefined ? say(language, step.step) : say(language, because);
    }
    case 'passed-on':
      return by === undefined ? undefined : say(language, 'passedOn', { role: role(by, language) });
    case 'grew':
      return people === undefined ? undefined : say(language, 'grew', { n: people });
    case 'missed':
      return say(language, 'missed');
    default:
      return undefined;
  }
}

/** Why nothing was said, and what came of it: `limit reached: 6 in 10 min → prompted 10:40:44`. */
export function quietInWords(row: QuietRow, { language, timeOf }: Telling): string {
  const because = reasonSentence(language, row.reason);
  if (row.later === undefined) return because;
  const what = say(language, `later-${row.later.became}`);
  const t = timeOf(row.later.at);
  return `${because} → ${language === 'zh' ? `${t} ${what}` : `${what} ${t}`}`;
}

const troubleWords: Readonly<Record<string, JournalWord>> = {
  LOBBY_CAMERA_COVERED: 'covered',
  LOBBY_CAMERA_DARK: 'darkness',
  LOBBY_CAMERA_DEFOCUSED: 'defocused',
  LOBBY_CAMERA_FROZEN: 'frozen',
  LOBBY_CAMERA_MOVED: 'moved',
  LOBBY_CAMERA_SLOW: 'slow',
  LOBBY_CAMERA_SILENT: 'noPicture',
  LOBBY_CAMERA_LOST: 'lost',
};
const stateWords = {
  live: 'live',
  starting: 'starting',
  blind: 'blind',
  quiet: 'noPicture',
  lost: 'lost',
} as const;

/** What changed in the box's health, and why: place, what, outcome, details. */
export function healthInWords(
  row: HealthRow,
  { language, nameOf }: Telling,
): { readonly where: string; readonly what: string; readonly details: string } {
  const box = say(language, 'box');
  const trouble = row.trouble === undefined ? undefined : troubleWords[row.trouble];
  const why =
    trouble === undefined
      ? row.state === undefined
        ? ''
        : say(language, stateWords[row.state])
      : say(language, trouble);
  const lasted = row.forSeconds === undefined ? '' : duration(row.forSeconds);
  switch (row.change) {
    case 'unseen':
      return { where: nameOf(row.place ?? 'hall'), what: say(language, 'unseen'), details: why };
    case 'seen-again':
      return {
        where: nameOf(row.place ?? 'hall'),
        what: say(language, 'seen-again'),
        details: lasted === '' ? '' : say(language, 'seenAfter', { t: lasted }),
      };
    case 'camera':
      return { where: box, what: say(language, 'camera', { t: row.camera ?? '' }), details: why };
    case 'begun':
      return {
        where: box,
        what: say(language, row.why === 'anew' ? 'anew' : 'begun'),
        details: row.version === undefined ? '' : say(language, 'versionIs', { t: row.version }),
      };
    case 'gap':
      return {
        where: box,
        what: say(language, 'gap'),
        details: say(language, 'gapLines', { n: row.lines ?? 0 }),
      };
    default:
      return { where: box, what: say(language, row.change), details: lasted };
  }
}

const valueWith = (value: unknown, mark: string | undefined) =>
  typeof value !== 'number' || mark === undefined || mark === ''
    ? typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
    : mark === '%'
      ? `${value}%`
      : `${value} ${mark}`;

/** `Time before … · 20 → 15 s`. */
export const changesInWords = ({ changes }: SettingsRow, language: Language): string =>
  changes
    .map(({ path, title, mark, from, to }) => {
      const unit = mark?.[language];
      const before =
        from === undefined ? '–' : String(typeof from === 'object' ? JSON.stringify(from) : from);
      return `${title?.[language] ?? path} ${before} → ${valueWith(to ?? '–', unit)}`;
    })
    .join(' · ');

/** By whom and why settings were changed. */
export function whoAndWhy({ by, why }: SettingsRow, language: Language): string {
  const who =
    by === undefined || by === 'file' ? sayFrame(language, 'theFile') : sayFrame(language, by as Word);
  return why === undefined ? who : say(language, 'saidWhy', { who, why });
}

/** An address of the what-if with what was before this change. */
export function putBackAddress({ changes }: SettingsRow): string | undefined {
  const set = changes.flatMap(({ path, title, from }) =>
    title === undefined || typeof from !== 'number' ? [] : [[path, from] as const],
  );
  return set.length === 0 ? undefined : `/what-if${addressOf({ set: Object.fromEntries(set) })}`;
}

/** The day around a story, with the rule that would change it. */
export function whatIfAddress(story: Story, dayOf: (at: string) => string): string {
  const day = dayOf(story.from);
  const rule = story.rules.values.find(({ path }) => path === story.rules.concerned);
  const set = rule === undefined ? {} : { [rule.path]: rule.now };
  return `/what-if${addressOf({ from: day, to: day, set })}`;
}

const figureWords = ['pauses', 'turns', 'looks', 'retreats', 'ahead', 'staff', 'free', 'short'] as const;

/** What something rests on, in words: `pauses 2, turns 3`. */
function figuresInWords(figures: Readonly<Record<string, number>> | undefined, language: Language): string {
  if (figures === undefined) return '';
  const comma = language === 'zh' ? '、' : ', ';
  const said = figureWords.flatMap((name) => {
    const value = figures[name];
    return value === undefined || value === 0 ? [] : [say(language, name, { n: Math.round(value) })];
  });
  if (figures.forSeconds !== undefined)
    said.push(say(language, 'forSeconds', { t: duration(figures.forSeconds) }));
  return said.join(comma);
}

export interface ToldStep {
  readonly look: 'said' | 'quiet' | 'met' | 'plain';
  readonly text: string;
  readonly code?: string;
}

/** A step of a story, in words; nothing where it adds nothing to the one before. */
export function stepInWords(step: StoryStep, { language, nameOf, timeOf }: Telling): ToldStep | undefined {
  switch (step.step) {
    case 'noticed': {
      const { happening, place, waitedSeconds, people } = step;
      const rests = figuresInWords(step.figures, language);
      const text = [
        happeningWords[happening][language],
        ...(place === undefined ? [] : [nameOf(place)]),
        ...(people === undefined || people < 2 ? [] : [count(people, language)]),
        ...(waitedSeconds === undefined || waitedSeconds < 1 ? [] : [duration(waitedSeconds)]),
        ...(rests === '' ? [] : [rests]),
      ].join(' · ');
      if (step.quiet === undefined) return { look: happening === 'contacted' ? 'met' : 'plain', text };
      const reason = reasonSentence(language, step.quiet);
      return {
        look: 'quiet',
        text: `${text} → ${say(language, 'considered', { reason })}`,
        code: step.quiet.code,
      };
    }
    case 'prompt': {
      const what = promptWords[step.prompt][language];
      const { step: name } = step.life;
      if (name === 'raised' && step.life.reason === undefined) {
        const wrists = step.life.wrists;
        const on = wrists === undefined ? '' : ` · ${say(language, 'onWrists', { n: wrists })}`;
        return { look: 'said', text: `${say(language, 'saidPrompt', { what })}${on}` };
      }
      if (name === 'listed') return { look: 'said', text: say(language, 'listedPrompt', { what }) };
      const text = lifeStepInWords(step.life, step.at, language);
      if (text === undefined) return undefined;
      const plain = name === 'met' ? sayFrame(language, 'met') : text;
      const isEnd = name === 'withdrawn' || name === 'expired';
      const end = isEnd ? ` · ${say(language, name)}` : '';
      return {
        look: name === 'met' ? 'met' : 'said',
        text: `${say(language, 'promptOf', { what })} · ${plain}${end}`,
      };
    }
    case 'later': {
      const what = promptWords[step.prompt][language];
      const was = say(language, step.was === 'owed' ? 'owedLater' : 'leftToStaff', { what });
      return { look: 'plain', text: `${was} → ${say(language, `later-${step.became}`)}` };
    }
    case 'ended':
      return {
        look: 'plain',
        text: say(
          language,
          step.how === 'departed' ? 'departed' : step.how === 'lost' ? 'lostSight' : 'notKnown',
        ),
      };
  }
  return { look: 'plain', text: timeOf((step as StoryStep).at) };
}

/** A row's code, for its tooltip: what exports and programs call it. */
export const codeOf = (row: JournalRow): string =>
  row.what === 'quiet'
    ? `${row.happening} · ${row.reason.code}`
    : row.what === 'prompt'
      ? `${row.happening ?? row.prompt} · ${endOf(row.life)?.reason ?? row.life.at(-1)?.step ?? ''}`
      : row.what === 'health'
        ? [row.change, row.trouble].filter(Boolean).join(' · ')
        : row.changes.map(({ path }) => path).join(' · ');
