import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import { type Observable, Subject } from 'rxjs';

/** The part of the Network Information API that shows a change from Wi-Fi to mobile; few browsers have it. */
interface NetworkConnection extends EventTarget {
  readonly type?: string;
}

/** Watches this device's network. */
@Injectable({ providedIn: 'root' })
export class NetworkMonitor {
  private readonly change = new Subject<void>();
  private readonly loss = new Subject<void>();
  private readonly hasNetwork = signal(navigator.onLine);

  /** Emits on each change to another network: connections over the former one are cut. */
  readonly changed: Observable<void> = this.change.asObservable();

  /** Emits when the device loses its network. */
  readonly lost: Observable<void> = this.loss.asObservable();

  /** Whether the device is in any network; a server on the device itself can be reached without. */
  readonly online = this.hasNetwork.asReadonly();

  constructor() {
    const { connection } = navigator as { connection?: NetworkConnection };
    let type = connection?.type;
    const emitChange = (): void => this.change.next();
    // The browser also fires the event for each new estimate of the speed.
    const emitIfTypeChanged = (): void => {
      const before = type;
      type = connection?.type;
      if (type !== before && type !== 'none') emitChange();
    };
    const handleOnline = (): void => {
      this.hasNetwork.set(true);
      emitChange();
    };
    const handleOffline = (): void => {
      this.hasNetwork.set(false);
      this.loss.next();
    };
    addEventListener('online', handleOnline);
    addEventListener('offline', handleOffline);
    connection?.addEventListener('change', emitIfTypeChanged);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', handleOnline);
      removeEventListener('offline', handleOffline);
      connection?.removeEventListener('change', emitIfTypeChanged);
    });
  }
}
