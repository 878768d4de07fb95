import { Injectable } from '@angular/core';

/** Reads the address bar and loads pages anew; replaced in tests. */
@Injectable({ providedIn: 'root' })
export class BrowserLocation {
  /** @returns path, query and fragment of the page */
  currentAddress(): string {
    return location.pathname + location.search + location.hash;
  }

  reloadDocument(): void {
    location.reload();
  }

  loadAddress(path: string): void {
    location.assign(path);
  }
}
