import { effect, type Signal } from '@angular/core';

/** Keeps the screen on while `isNeeded`. A hidden page loses the lock and gets it again when it is shown. */
export function keepScreenAwake(isNeeded: Signal<boolean>): void {
  if (!('wakeLock' in navigator)) return;
  effect((onCleanup) => {
    if (!isNeeded()) return;
    let lock: WakeLockSentinel | undefined;
    let isOver = false;
    const requestLock = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      try {
        lock = await navigator.wakeLock.request('screen');
        if (isOver) await lock.release();
      } catch (error) {
        // The browser may refuse, for example with a nearly empty battery; the call goes on.
        console.warn('the screen could not be kept on during the call', error);
      }
    };
    const onVisibilityChange = (): void => void requestLock();
    document.addEventListener('visibilitychange', onVisibilityChange);
    onVisibilityChange();
    onCleanup(() => {
      isOver = true;
      document.removeEventListener('visibilitychange', onVisibilityChange);
      void lock?.release();
    });
  });
}
