import type { Prompt } from '../core/prompts/decide.ts';
import type { PromptKind } from '../core/prompts/kinds.ts';
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

/** Place and what, in one line, in both languages. */
export function sayPrompt(
  prompt: Pick<Prompt, 'kind' | 'people' | 'waitedSeconds'>,
  place: Bilingual,
): { zh: string; en: string } {
  const { people } = prompt;
  switch (prompt.kind) {
    case 'greet':
      return { zh: `${place.zh} · 新到 ${people} 位`, en: `${place.en} · ${people} just in` };
    case 'approach':
      return { zh: `${place.zh} · ${people} 位待引导`, en: `${place.en} · ${people} to help` };
    case 'ask-queue': {
      const longest = asClock(prompt.waitedSeconds);
      return {
        zh: `${place.zh} · 排队 ${people} 位 · 最久 ${longest}`,
        en: `${place.en} · Queue ${people} · Longest ${longest}`,
      };
    }
  }
}

/** What one might say to the customer; shown on the second screen of the watch. */
export const wordsToSay: Readonly<Record<PromptKind, { zh: string; en: string }>> = {
  greet: { zh: '您好，欢迎光临，请问您办理什么业务？', en: 'Good morning, how can I help?' },
  approach: { zh: '您好，请问有什么可以帮您？', en: 'May I help you?' },
  'ask-queue': {
    zh: '请问您办理什么业务？我先帮您看一下资料。',
    en: 'What are you here for? Let me check your papers.',
  },
};
