import { Component, inject, Injectable, input, signal } from '@angular/core';
import { Icon } from '../display/icon';

export interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'bad';
}

const TOAST_SHOWN_MS = 6_000;

/** Short messages about the result of an action or an event. */
@Injectable({ providedIn: 'root' })
export class Toasts {
  private readonly list = signal<readonly Toast[]>([]);
  private count = 0;
  readonly shown = this.list.asReadonly();

  showToast(text: string, tone: Toast['tone'] = 'good'): void {
    const toast = { id: ++this.count, text, tone };
    // A repeated text replaces the earlier toast; more than three would hide the page.
    this.list.update((list) => [...list.filter((other) => other.text !== text), toast].slice(-3));
    setTimeout(() => this.dismissToast(toast.id), TOAST_SHOWN_MS);
  }

  dismissToast(id: number): void {
    this.list.update((list) => list.filter((toast) => toast.id !== id));
  }
}

/** Shows the toasts; used once per page. */
@Component({
  selector: 'wc-toasts',
  imports: [Icon],
  template: `
    @for (toast of toasts.shown(); track toast.id) {
      <div class="toast" [class.bad]="toast.tone === 'bad'">
        <wc-icon [name]="toast.tone === 'bad' ? 'alert' : 'check'" />
        <p>{{ toast.text }}</p>
        <button type="button" [attr.aria-label]="closeText()" (click)="toasts.dismissToast(toast.id)">
          <wc-icon name="close" />
        </button>
      </div>
    }
  `,
  host: { role: 'status', 'aria-live': 'polite' },
  styles: `
    :host {
      position: fixed;
      z-index: 200;
      // Above the message field and the controls of a call.
      inset: auto 0 calc(6rem + var(--safe-bottom)) 0;
      display: grid;
      justify-items: center;
      gap: var(--space-8);
      padding: 0 var(--space-16);
      pointer-events: none;
    }
    .toast {
      display: flex;
      align-items: center;
      gap: var(--space-12);
      max-width: 30rem;
      padding: var(--space-4) var(--space-4) var(--space-4) var(--space-16);
      border-radius: var(--radius-card);
      background: var(--raised);
      box-shadow: var(--shadow);
      pointer-events: auto;
      animation: rise var(--calm);
    }
    .toast > wc-icon {
      color: var(--good);
    }
    .toast.bad > wc-icon {
      color: var(--danger);
    }
    p {
      padding: var(--space-8) 0;
    }
    button {
      display: grid;
      flex: none;
      place-items: center;
      width: var(--touch);
      height: var(--touch);
      border-radius: var(--radius-control);
      color: var(--muted);
    }
    button wc-icon {
      width: 1rem;
      height: 1rem;
    }
    @keyframes rise {
      from {
        opacity: 0;
        transform: translateY(8px);
      }
    }
  `,
})
export class ToastOutlet {
  protected readonly toasts = inject(Toasts);
  readonly closeText = input('');
}
