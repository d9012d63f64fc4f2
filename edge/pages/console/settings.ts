import { useEffect, useState } from 'preact/hooks';
import type { Language } from './words.ts';

export type Theme = 'light' | 'dark' | 'system';

/** What one person prefers, kept by their browser. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  /** Single keys act; those who dictate or have a tremor switch them off (WCAG 2.1.4). */
  readonly keys: boolean;
}

const name = 'lobby.console';

function read(): Preferences {
  const asked = new URLSearchParams(location.search);
  let kept: Partial<Preferences> = {};
  try {
    kept = JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<Preferences>;
  } catch {
    // Asked for again, then.
  }
  const language = asked.get('lang') ?? kept.language ?? navigator.language;
  const theme = asked.get('theme') ?? kept.theme;
  return {
    language: language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    keys: kept.keys !== false,
  };
}

/** The preferences, applied to the page as they change. */
export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  const [now, set] = useState(read);
  useEffect(() => {
    document.documentElement.lang = now.language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.theme = now.theme;
    try {
      localStorage.setItem(name, JSON.stringify(now));
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  }, [now]);
  return [now, (change) => set((before) => ({ ...before, ...change }))];
}
