import type { PromptPayload } from '../../../src/contract/topics.ts';
import type { Answer } from '../../../src/core/prompts/kinds.ts';
import { type Language, say } from './words.ts';

/**
 * What the page is outside of itself: an installed app that opens without the box, and notifications of the
 * system, which reach the watches that mirror a phone.
 */
export interface Shell {
  /** Asks the wearer, once, whether notifications may be shown; needs a tap to have just been made. */
  askToNotify(): void;
  /** Shows a prompt as a notification with two answers on it; says whether it may. */
  notify(prompt: PromptPayload, language: Language, buzz: readonly number[] | undefined): boolean;
  unnotify(id: string): void;
}

/** What the service worker and the page say to each other. */
export interface AnswerTapped {
  readonly kind: 'answered';
  readonly id: string;
  readonly answer: Answer;
}

const isAnswerTapped = (said: unknown): said is AnswerTapped =>
  typeof said === 'object' &&
  said !== null &&
  (said as AnswerTapped).kind === 'answered' &&
  typeof (said as AnswerTapped).id === 'string' &&
  ['accepted', 'met'].includes((said as AnswerTapped).answer);

/** What browsers know of notifications, and the language's own library does not yet. */
interface ShownNotification extends NotificationOptions {
  readonly actions: readonly { readonly action: Answer; readonly title: string }[];
  readonly vibrate?: readonly number[];
  readonly requireInteraction: boolean;
}

/**
 * Installs the service worker, and speaks to it. A browser has service workers only where the page came safely: by
 * https, or from this machine. Elsewhere the page is as good, and cannot be installed.
 *
 * @param onAnswer told of a tap on a notification
 * @param onMayNotify told whether notifications are shown, once it is known
 */
export function openShell(
  onAnswer: (tapped: AnswerTapped) => void,
  onMayNotify: (allowed: boolean) => void,
): Shell {
  const { serviceWorker } = navigator;
  const installed = serviceWorker?.register('/watch-worker.js', { scope: '/' }).catch(() => undefined);
  serviceWorker?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isAnswerTapped(data)) onAnswer(data);
  });
  /** Notifications with answers on them come from the service worker alone. */
  const can = serviceWorker !== undefined && 'Notification' in globalThis;
  const may = () => can && Notification.permission === 'granted';
  /** Prompts whose notification is to be there: one may be closed before the browser has shown it. */
  const wanted = new Set<string>();

  return {
    askToNotify() {
      if (!can || Notification.permission !== 'default') onMayNotify(may());
      else
        void Notification.requestPermission()
          .catch(() => undefined)
          .then(() => onMayNotify(may()));
    },
    notify({ id, say: text, words }, language, buzz) {
      if (!may()) return false;
      wanted.add(id);
      const options: ShownNotification = {
        tag: id,
        body: words[language],
        lang: language === 'zh' ? 'zh-CN' : 'en',
        icon: '/icon-192.png',
        badge: '/badge-96.png',
        requireInteraction: true,
        actions: [
          { action: 'accepted', title: say(language, 'going') },
          { action: 'met', title: say(language, 'met') },
        ],
        // Either the page buzzes or the notification does, never both.
        ...(buzz === undefined ? { silent: true } : { vibrate: buzz }),
      };
      void installed
        ?.then(() => serviceWorker.ready)
        .then((registration) => registration.showNotification(text[language], options as NotificationOptions))
        .then(() => (wanted.has(id) ? undefined : close(id)))
        .catch(() => undefined);
      return true;
    },
    unnotify(id) {
      if (wanted.delete(id)) void close(id);
    },
  };

  async function close(tag: string): Promise<void> {
    const registration = await serviceWorker?.getRegistration('/').catch(() => undefined);
    for (const one of (await registration?.getNotifications({ tag })) ?? []) one.close();
  }
}
