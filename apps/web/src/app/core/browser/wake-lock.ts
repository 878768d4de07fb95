import { effect, type Signal } from '@angular/core';

/** Keeps the screen on while `wanted`. A hidden page loses the lock and gets it again when it is shown. */
export function keepAwake(wanted: Signal<boolean>): void {
  if (!('wakeLock' in navigator)) return;
  effect((onCleanup) => {
    if (!wanted()) return;
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      try {
        lock = await navigator.wakeLock.request('screen');
        if (over) await lock.release();
      } catch (error) {
        // A nearly empty battery is a reason to refuse; the call goes on.
        console.warn('The screen may go dark during the call', error);
      }
    };
    const asked = (): void => void ask();
    document.addEventListener('visibilitychange', asked);
    asked();
    onCleanup(() => {
      over = true;
      document.removeEventListener('visibilitychange', asked);
      void lock?.release();
    });
  });
}
