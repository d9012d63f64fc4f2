import type { BoxSays, PageSays } from '../../../src/contract/browser-camera.ts';
import { closeCodes } from '../../../src/contract/browser-camera-limits.ts';
import { type BoxTime, boxTime, type TimeAnswer, withAnswer } from './clock.ts';

/** Why there is no link now. */
export type LinkEnd = keyof typeof closeCodes | 'lost';

export interface LinkTells {
  /** The box is reached; it wants so many frames a second looked at. */
  welcome(framesPerSecond: number): void;
  end(why: LinkEnd): void;
}

export interface Link {
  /** The box's time; nothing while it is not known well enough. */
  readonly time: BoxTime | undefined;
  readonly isUp: boolean;
  /** What cannot be sent now is let go of: nobody wants to know later who was there. */
  say(told: PageSays): void;
  close(): void;
}

const askEveryMs = 2_000;
/** At first, so that it is known soon. */
const askQuicklyMs = 150;
const quickAsks = 6;
const retryMs = 2_000;
/** The box answers within this, or is not there. */
const silentMs = 8_000;
/** A network that takes no more is not handed more. */
const mostUnsentBytes = 8_192;

/** Keeps a socket to the box, and knows its time. Goes on for ever until it is closed, or the box has no use for it. */
export function openLink(address: string, tells: LinkTells, onUp: (link: Link) => void): Link {
  let socket: WebSocket | undefined;
  let answers: readonly TimeAnswer[] = [];
  let heardMs = 0;
  let asked = 0;
  let isClosed = false;
  let ask: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;

  const link: Link = {
    get time() {
      return boxTime(answers);
    },
    get isUp() {
      return socket?.readyState === WebSocket.OPEN;
    },
    say(told) {
      if (socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > mostUnsentBytes) return;
      socket.send(JSON.stringify(told));
    },
    close() {
      isClosed = true;
      clearTimeout(ask);
      clearTimeout(again);
      socket?.close();
    },
  };

  function askTime(of: WebSocket): void {
    if (socket !== of) return;
    if (performance.now() - heardMs > silentMs) {
      of.close();
      return;
    }
    link.say({ kind: 'ping', sent: Math.round(performance.now()) });
    asked += 1;
    ask = setTimeout(() => askTime(of), asked < quickAsks ? askQuicklyMs : askEveryMs);
  }

  function dial(): void {
    const one = new WebSocket(address);
    socket = one;
    one.onopen = () => {
      // The box may be another one, or have been started anew: what was known of its time is forgotten.
      answers = [];
      asked = 0;
      heardMs = performance.now();
      askTime(one);
      onUp(link);
    };
    one.onmessage = ({ data }) => {
      const now = performance.now();
      heardMs = now;
      const says = JSON.parse(String(data)) as BoxSays;
      if (says.kind === 'welcome') tells.welcome(says.framesPerSecond);
      else answers = withAnswer(answers, { sentMs: says.sent, receivedMs: now, at: says.at });
    };
    one.onclose = ({ code }) => {
      if (socket !== one) return;
      socket = undefined;
      clearTimeout(ask);
      if (isClosed) return;
      const why = (Object.keys(closeCodes) as (keyof typeof closeCodes)[]).find(
        (name) => closeCodes[name] === code,
      );
      tells.end(why ?? 'lost');
      // A page that was told to go must not come back by itself and take the place of the other one.
      if (why === 'unpaired' || why === 'replaced' || why === 'gone') return;
      again = setTimeout(dial, retryMs);
    };
  }

  dial();
  return link;
}
