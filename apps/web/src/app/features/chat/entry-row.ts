import { Component, computed, inject, input, output } from '@angular/core';
import { Session } from '../../core/session/session';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { CurrentNames } from '../../state/people/current-names';
import { Icon } from '../../ui/display/icon';
import { describeEntry, type EntryMessage } from './describe-entry';

/** A line between the messages about an ended or unanswered call. */
@Component({
  selector: 'wc-entry',
  imports: [Icon],
  template: `
    <wc-icon [name]="words().missed ? 'callMissed' : 'call'" />
    <span>{{ words().text }}</span>
    <time class="tabular" [attr.datetime]="message().sentAt" [title]="fullTime()">{{ time() }}</time>
    @if (callable() && words().canCallBack) {
      <button type="button" (click)="call.emit()">{{ t().rings.callBack }}</button>
    }
  `,
  host: { '[class.missed]': 'words().missed' },
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: center;
      gap: 2px var(--space-8);
      margin-top: var(--space-8);
      padding: 2px var(--space-16);
      color: var(--muted);
      font-size: var(--text-13);
      text-align: center;
    }
    wc-icon {
      width: 1rem;
      height: 1rem;
    }
    :host(.missed) wc-icon,
    :host(.missed) span {
      color: var(--danger);
    }
    time {
      font-size: var(--text-12);
    }
    button {
      min-height: 32px;
      color: var(--accent);
      font-weight: 500;
    }
    button:hover {
      text-decoration: underline;
      text-underline-offset: 0.15em;
    }
  `,
})
export class EntryRowView {
  private readonly formats = inject(DateTimeFormats);
  private readonly names = inject(CurrentNames);
  private readonly user = inject(Session).user;
  protected readonly t = inject(I18n).t;
  readonly message = input.required<EntryMessage>();
  /** Whether the peer can be called at the moment. */
  readonly callable = input(false);
  readonly call = output();
  protected readonly words = computed(() => {
    const duration = (ms: number): string => this.formats.formatDuration(ms);
    const message = this.names.withNewestNames(this.message());
    return describeEntry(message, this.t(), { selfId: this.user()?.id ?? '', duration });
  });
  protected readonly time = computed(() => this.formats.formatTimeOfDay(this.message().sentAt));
  protected readonly fullTime = computed(() => this.formats.formatDateTime(this.message().sentAt));
}
