import { Injectable } from '@angular/core';

/** The address bar, for what must load the page anew; replaced in tests. */
@Injectable({ providedIn: 'root' })
export class PageLoader {
  /** @returns path, query and fragment of the page. */
  here(): string {
    return location.pathname + location.search + location.hash;
  }

  reload(): void {
    location.reload();
  }

  load(path: string): void {
    location.assign(path);
  }
}
