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

  /** Shows nothing of this document any more, until it is loaded anew. */
  hideDocument(): void {
    document.documentElement.hidden = true;
    // Back, pressed before a new page has arrived, stays in this document.
    addEventListener('popstate', () => this.reloadDocument());
  }

  /** Loads a page in place of this document, which nobody sees again. */
  replaceDocument(path: string): void {
    this.hideDocument();
    location.replace(path);
  }
}
