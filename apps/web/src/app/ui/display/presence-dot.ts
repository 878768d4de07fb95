import { Component, input } from '@angular/core';

/** A dot on an avatar that shows presence. It needs a visible or hidden text next to it. */
@Component({
  selector: 'wc-presence-dot',
  template: '',
  host: { '[class]': 'presence()', 'aria-hidden': 'true' },
  styles: `
    :host {
      position: absolute;
      right: -2px;
      bottom: -2px;
      width: 10px;
      height: 10px;
      border: 2px solid var(--dot-edge, var(--surface));
      border-radius: 50%;
      background: var(--dot-edge, var(--surface));
      box-sizing: content-box;
    }
    :host(.online) {
      background: var(--good);
    }
    :host(.in_call) {
      background: var(--danger);
    }
    :host(.away) {
      background: radial-gradient(circle, var(--dot-edge, var(--surface)) 3px, var(--warn) 3.5px);
    }
    :host(.unknown) {
      background: var(--muted);
    }
    :host(.offline) {
      display: none;
    }
  `,
})
export class PresenceDot {
  readonly presence = input.required<'online' | 'in_call' | 'away' | 'offline' | 'unknown'>();
}
