import { DestroyRef, inject, Injectable } from '@angular/core';
import { type Observable, Subject } from 'rxjs';

/** As much of the Network Information API as tells a change from Wi-Fi to a mobile network; few browsers have it. */
interface Connection extends EventTarget {
  readonly type?: string;
}

/** This device's own network. */
@Injectable({ providedIn: 'root' })
export class Network {
  private readonly change = new Subject<void>();

  /** Each time there is another network than before: what went over the former one is cut. */
  readonly changed: Observable<void> = this.change.asObservable();

  constructor() {
    const { connection } = navigator as { connection?: Connection };
    let type = connection?.type;
    const tell = (): void => this.change.next();
    // The event comes with each new estimate of the speed, too.
    const compare = (): void => {
      const before = type;
      type = connection?.type;
      if (type !== before && type !== 'none') tell();
    };
    addEventListener('online', tell);
    connection?.addEventListener('change', compare);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', tell);
      connection?.removeEventListener('change', compare);
    });
  }
}
