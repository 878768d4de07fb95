import { DOCUMENT, inject, Injectable } from '@angular/core';

/**
 * Adds component styles to the page as adopted style sheets. Angular itself adds inline `<style>` elements, which a
 * Content-Security-Policy without 'unsafe-inline' blocks. The interface is Angular's `SharedStylesHost`, which is not
 * public: the version is pinned, and the end-to-end tests notice a violation of the policy.
 */
@Injectable()
export class AdoptedStylesHost {
  private readonly hosts = new Set<Document | ShadowRoot>([inject(DOCUMENT)]);
  private readonly sheets = new Map<string, { sheet: CSSStyleSheet; uses: number }>();

  addStyles(styles: string[]): void {
    for (const css of styles) {
      const known = this.sheets.get(css);
      if (known) {
        known.uses++;
        continue;
      }
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      this.sheets.set(css, { sheet, uses: 1 });
      for (const host of this.hosts) host.adoptedStyleSheets.push(sheet);
    }
  }

  removeStyles(styles: string[]): void {
    for (const css of styles) {
      const known = this.sheets.get(css);
      if (!known || --known.uses > 0) continue;
      this.sheets.delete(css);
      for (const host of this.hosts) {
        host.adoptedStyleSheets = host.adoptedStyleSheets.filter((sheet) => sheet !== known.sheet);
      }
    }
  }

  addHost(node: Node): void {
    if (!(node instanceof ShadowRoot)) return;
    this.hosts.add(node);
    node.adoptedStyleSheets.push(...[...this.sheets.values()].map(({ sheet }) => sheet));
  }

  removeHost(node: Node): void {
    if (node instanceof ShadowRoot) this.hosts.delete(node);
  }
}
