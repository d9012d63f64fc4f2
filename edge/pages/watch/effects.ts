import type { Link } from './link.ts';
import type { Shell } from './shell.ts';
import type { Effect } from './state.ts';
import type { Language } from './words.ts';

/** Does what the state asks for. Whatever this device cannot do is left out without a word. */
export interface Device {
  do(effect: Effect, language: Language): void;
}

/** As loud as a note on the desk: the lobby must not hear the wrist. */
const volume = 0.15;
const pitchHz = 660;

export function openDevice(link: Link, shell: Shell): Device {
  const later = new Set<ReturnType<typeof setTimeout>>();
  let audio: AudioContext | undefined;
  let lock: WakeLockSentinel | undefined;
  let awake = false;

  function sound(pattern: readonly number[]): void {
    audio ??= new AudioContext();
    let at = audio.currentTime;
    pattern.forEach((ms, index) => {
      if (index % 2 === 0) {
        const tone = audio!.createOscillator();
        const gain = audio!.createGain();
        tone.frequency.value = pitchHz;
        gain.gain.value = volume;
        tone.connect(gain).connect(audio!.destination);
        tone.start(at);
        tone.stop(at + ms / 1000);
      }
      at += ms / 1000;
    });
  }

  async function holdScreen(): Promise<void> {
    try {
      lock = await navigator.wakeLock?.request('screen');
    } catch {
      // Only on a page that is looked at and served safely; without it the screen sleeps as it always does.
    }
  }
  document.addEventListener('visibilitychange', () => {
    if (awake && document.visibilityState === 'visible') void holdScreen();
  });

  return {
    do(effect, language) {
      switch (effect.kind) {
        case 'buzz': {
          const timer = setTimeout(() => {
            later.delete(timer);
            if (effect.by === 'sound') sound(effect.pattern);
            else navigator.vibrate?.([...effect.pattern]);
          }, effect.afterMs);
          later.add(timer);
          break;
        }
        case 'hush':
          for (const timer of later) clearTimeout(timer);
          later.clear();
          navigator.vibrate?.(0);
          break;
        case 'receipt':
        case 'send':
          link.send(effect.ack);
          break;
        case 'notify':
          // On a hidden page the system buzzes; where it may not, a sound is all that is left.
          if (!shell.notify(effect.prompt, language, effect.buzz?.pattern) && effect.buzz?.by === 'sound') {
            sound(effect.buzz.pattern);
          }
          break;
        case 'unnotify':
          shell.unnotify(effect.id);
          break;
        case 'to-top':
          scrollTo({ top: 0 });
          break;
        case 'stay-awake':
          awake = effect.awake;
          if (!awake) {
            void lock?.release();
          } else {
            void holdScreen();
            shell.askToNotify();
          }
          break;
      }
    },
  };
}
