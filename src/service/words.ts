import type { WhyNot } from '../core/behaviours/wandering/evidence.ts';
import type { PromptKind } from '../core/prompts/kinds.ts';
import type { Prompt } from '../core/prompts/prompt.ts';
import type { Seconds } from '../core/units.ts';

interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** A duration as staff read it: `3:10`. */
export function asClock(seconds: Seconds): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** The place people are sent to: what the wrist calls it, and whether machines stand there. */
export interface Towards {
  readonly name: Bilingual;
  readonly hasMachines: boolean;
}

/**
 * Place and what, in one line, in both languages. The parts between dots are the lines of the wrist:
 * place, what, and how long or why.
 *
 * @param towards for `divert`: where to
 */
export function sayPrompt(
  prompt: Pick<Prompt, 'kind' | 'people' | 'waitedSeconds' | 'free' | 'places'>,
  place: Bilingual,
  towards?: Towards,
): { zh: string; en: string } {
  const { people } = prompt;
  const time = asClock(prompt.waitedSeconds);
  switch (prompt.kind) {
    case 'greet':
      // Of several places, or of those who came in a while ago, nobody is just in.
      return prompt.places === undefined
        ? { zh: `${place.zh} · 新到 ${people} 位`, en: `${place.en} · ${people} just in` }
        : { zh: `${place.zh} · 待接待 ${people} 位`, en: `${place.en} · ${people} to greet` };
    case 'approach':
      return { zh: `${place.zh} · ${people} 位待引导`, en: `${place.en} · ${people} to help` };
    case 'ask-queue':
      return {
        zh: `${place.zh} · 排队 ${people} 位 · 最久 ${time}`,
        en: `${place.en} · Queue ${people} · Longest ${time}`,
      };
    case 'divert': {
      const free = sayFree(prompt.free ?? 1, towards);
      return {
        zh: `${place.zh} · 排队 ${people} 位 · ${free.zh}`,
        en: `${place.en} · Queue ${people} · ${free.en}`,
      };
    }
    case 'patrol':
      return {
        zh: `${place.zh} · ${people} 位 · 未巡 ${time}`,
        en: `${place.en} · ${people} here · Unvisited ${time}`,
      };
    case 'attend':
      return {
        zh: `${place.zh} · ${people} 位 · 无人接待 ${time}`,
        en: `${place.en} · ${people} here · No staff ${time}`,
      };
    case 'support':
      return {
        zh: `${place.zh} · 在厅 ${people} 位 · 请支援`,
        en: `${place.en} · ${people} in lobby · Please help`,
      };
    case 'see-off':
      return { zh: `${place.zh} · 请送别 · 客户离开`, en: `${place.en} · See off · Leaving` };
    case 'check-machine':
      return {
        zh: `${place.zh} · 请查看设备 · 客户离开快`,
        en: `${place.en} · Check it · Left fast`,
      };
  }
}

/** A space belongs between Chinese and Latin letters, and a branch may call a place VIP in both. */
const afterLatin = /([A-Za-z0-9])([\u3400-\u9fff])/g;

function sayFree(free: number, towards: Towards | undefined): Bilingual {
  const name = towards?.name ?? { zh: '别处', en: 'Elsewhere' };
  const zh = towards?.hasMachines ? `${name.zh}空 ${free} 台` : `${name.zh}有空`;
  return {
    zh: zh.replace(afterLatin, '$1 $2'),
    en: towards?.hasMachines ? `${name.en} ${free} free` : `${name.en} free`,
  };
}

/** What one might say to the customer; shown on the second screen of the watch. */
export const wordsToSay: Readonly<Record<PromptKind, { zh: string; en: string }>> = {
  greet: { zh: '您好，欢迎光临，请问您办理什么业务？', en: 'Good morning, how can I help?' },
  approach: { zh: '您好，请问有什么可以帮您？', en: 'May I help you?' },
  'ask-queue': {
    zh: '请问您办理什么业务？我先帮您看一下资料。',
    en: 'What are you here for? Let me check your papers.',
  },
  divert: { zh: '那边不用等，我带您过去。', en: 'No wait over there, let me show you.' },
  patrol: { zh: '您好，请问办理什么业务？', en: 'Good day, what can I do for you?' },
  attend: { zh: '您好，让您久等了，请问办理什么业务？', en: 'Sorry to keep you waiting. How can I help?' },
  support: { zh: '今天客户较多，我来帮您。', en: 'It is busy today, let me help you.' },
  'see-off': { zh: '请您慢走，欢迎再来。', en: 'Thank you, see you again.' },
  'check-machine': { zh: '设备好用吗？我来帮您看一下。', en: 'Does it work for you? Let me have a look.' },
};

/**
 * Why somebody was taken to be lost, in figures: `18 s in the hall, 9.2 m for 3.1 m, 3 pauses, 2 turns, came up to
 * machines and left, looked around 4 times`. What there was none of is left out.
 *
 * @param figures as `wandering` gives them
 * @param places what the zones they went up to and left are called, in order
 */
export function sayWandering(
  figures: Readonly<Record<string, number>>,
  places: readonly (string | Bilingual)[],
): Bilingual {
  const { forSeconds = 0, metres = 0, apartMetres = 0, pauses = 0, turns = 0, looks = 0 } = figures;
  const [seconds, way, straight] = [forSeconds.toFixed(0), metres.toFixed(1), apartMetres.toFixed(1)];
  const called = (language: 'zh' | 'en') =>
    places.map((one) => (typeof one === 'string' ? one : one[language]));
  const count = (one: number, word: string) => `${one} ${word}${one === 1 ? '' : 's'}`;
  return {
    zh: [
      `在大厅 ${seconds} 秒`,
      `走了 ${way} 米，直线 ${straight} 米`,
      ...(pauses > 0 ? [`停留 ${pauses} 处`] : []),
      ...(turns > 0 ? [`转向 ${turns} 次`] : []),
      ...(places.length > 0 ? [`到过${called('zh').join('、')}又离开`] : []),
      ...(looks > 0 ? [`张望 ${looks} 次`] : []),
    ].join('，'),
    en: [
      `${seconds} s in the hall`,
      `${way} m for ${straight} m`,
      ...(pauses > 0 ? [count(pauses, 'pause')] : []),
      ...(turns > 0 ? [count(turns, 'turn')] : []),
      ...(places.length > 0 ? [`came up to ${called('en').join(' and ')} and left`] : []),
      ...(looks > 0 ? [`looked around ${count(looks, 'time')}`] : []),
    ].join(', '),
  };
}

/** Why somebody in the hall is not taken to be lost; `undefined` in `whyNot` is that they are. */
export const whyNotLost: Readonly<Record<WhyNot, Bilingual>> = {
  'too-short': { zh: '进来不久', en: 'not in the hall for long' },
  'in-zone': { zh: '在办理区域内', en: 'at a place where something is done' },
  'with-staff': { zh: '有员工在旁', en: 'staff are with them' },
  leaving: { zh: '正在离开', en: 'on the way out' },
  'with-companion': { zh: '有同行的人', en: 'waits with or for a companion' },
  settled: { zh: '在原地等候', en: 'waits in one place' },
  pacing: { zh: '在原处来回走动', en: 'walks up and down, on the phone perhaps' },
  'knows-the-way': { zh: '去向明确', en: 'walks as one who knows where to go' },
};

/** For the box's health: whom prompts reach while no watch is on duty. */
export const nobodyOnDuty = {
  zh: '没有人上岗，提示没有人收到。',
  en: 'Nobody on duty: prompts reach no one.',
};
