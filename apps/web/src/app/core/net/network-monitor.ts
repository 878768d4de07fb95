import { DestroyRef, inject, Injectable } from '@angular/core';
import { type Observable, Subject } from 'rxjs';

/** The part of the Network Information API that shows a change from Wi-Fi to mobile; few browsers have it. */
interface NetworkConnection extends EventTarget {
  readonly type?: string;
}

/** Watches this device's network. */
@Injectable({ providedIn: 'root' })
export class NetworkMonitor {
  private readonly change = new Subject<void>();

  /** Emits on each change to another network: connections over the former one are cut. */
  readonly changed: Observable<void> = this.change.asObservable();

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
    addEventListener('online', emitChange);
    connection?.addEventListener('change', emitIfTypeChanged);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', emitChange);
      connection?.removeEventListener('change', emitIfTypeChanged);
    });
  }
}
