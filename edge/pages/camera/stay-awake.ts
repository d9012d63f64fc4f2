/**
 * Keeps the screen on for as long as the page shows. A browser takes it back whenever the page is hidden; it is asked
 * for again when the page is back.
 *
 * @param tell whether it is kept on now
 */
export async function keepAwake(tell: (isKept: boolean) => void): Promise<void> {
  if (navigator.wakeLock === undefined) return tell(false);
  const ask = async () => {
    if (document.visibilityState !== 'visible') return;
    try {
      const lock = await navigator.wakeLock.request('screen');
      tell(true);
      // Also with the page in front: a battery that runs low.
      lock.addEventListener('release', () => {
        if (document.visibilityState === 'visible') tell(false);
      });
    } catch {
      tell(false);
    }
  };
  document.addEventListener('visibilitychange', () => void ask());
  await ask();
}
