import { Component, computed, ElementRef, inject, signal } from '@angular/core';
import type { SessionDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { PagedList } from '../../core/net/paged-list';
import { SnapshotLoader } from '../../core/net/snapshot-loader';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { Icon } from '../../ui/display/icon';
import { Dialogs } from '../../ui/feedback/dialog';
import { Toasts } from '../../ui/feedback/toasts';
import { Button } from '../../ui/forms/button';
import { LoadView } from '../../widgets/load-view';
import { ShowMore } from '../../widgets/show-more';

/** The list of the user's sessions, which can be ended here. */
@Component({
  selector: 'wc-sessions-list',
  imports: [Button, Icon, LoadView, ShowMore],
  template: `
    <wc-load-view
      [loader]="loader"
      [errorTitle]="t().settings.sessionsError"
      [rows]="2"
      (retry)="loader.loadSnapshot()"
    >
      <ng-template>
        <ul>
          @for (session of pages.items(); track session.id) {
            <li>
              <span class="mark"><wc-icon name="device" /></span>
              <span class="words">
                <strong class="truncate">{{ session.device }}</strong>
                <span class="muted small">
                  @if (session.current) {
                    {{ t().settings.thisSession }} · <span class="now">{{ t().settings.activeNow }}</span>
                  } @else if (session.active) {
                    {{ t().settings.activeLately }}
                  } @else {
                    {{ t().settings.lastUsed(formats.formatDateTime(session.lastUsedAt)) }}
                  }
                </span>
              </span>
              @if (!session.current) {
                <button
                  wcButton
                  small
                  type="button"
                  [busy]="ending() === session.id"
                  [attr.aria-label]="t().settings.signOutSessionNamed(session.device)"
                  (click)="endSession(session)"
                >
                  {{ t().settings.signOutSession }}
                </button>
              }
            </li>
          }
        </ul>
        <wc-show-more [pages]="pages" />
        @if (hasOthers()) {
          <button wcButton type="button" [busy]="ending() === 'others'" (click)="endOtherSessions()">
            {{ t().settings.signOutElsewhere }}
          </button>
        }
      </ng-template>
    </wc-load-view>
  `,
  styleUrl: './sessions-list.scss',
})
export class SessionsList {
  private readonly api = inject(ApiClient);
  private readonly toasts = inject(Toasts);
  private readonly dialogs = inject(Dialogs);
  private readonly failures = inject(FailureToasts);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly t = inject(I18n).t;
  protected readonly formats = inject(DateTimeFormats);
  /** The id of the session that is being ended, or `others`. */
  protected readonly ending = signal<string | null>(null);
  protected readonly hasOthers = computed(() => this.pages.items()?.some(({ current }) => !current));
  protected readonly pages = new PagedList<SessionDto>(
    async (cursor) => {
      const { sessions, next } = await this.api.sendRequest('GET /auth/sessions', { query: { cursor } });
      return { items: sessions, next };
    },
    ({ id }) => id,
  );
  protected readonly loader = new SnapshotLoader(() => this.pages.reloadShownPages());

  constructor() {
    void this.loader.loadSnapshot();
  }

  protected async endSession({ id }: SessionDto): Promise<void> {
    if (this.ending()) return;
    this.ending.set(id);
    await this.failures.runWithToast(async () => {
      await this.api.sendRequest('DELETE /auth/sessions/:sessionId', { sessionId: id });
      this.toasts.showToast(this.t().settings.sessionEnded);
      this.focusHeadingInstead();
      this.pages.applyListChange((all) => all.filter((session) => session.id !== id));
    }, 'session_not_found');
    this.ending.set(null);
    void this.loader.loadSnapshot();
  }

  protected async endOtherSessions(): Promise<void> {
    const { signOutElsewhere, signOutElsewhereTitle: title, signOutElsewhereText: text } = this.t().settings;
    const question = { title, text, confirm: signOutElsewhere, cancel: this.t().common.cancel, danger: true };
    if (this.ending() || !(await this.dialogs.askConfirmation(question))) return;
    this.ending.set('others');
    await this.failures.runWithToast(async () => {
      await this.api.sendRequest('DELETE /auth/sessions');
      this.toasts.showToast(this.t().settings.signedOutElsewhere);
      this.focusHeadingInstead();
      this.pages.applyListChange((all) => all.filter(({ current }) => current));
    });
    this.ending.set(null);
    void this.loader.loadSnapshot();
  }

  /** The pressed button is removed, and would lose the focus. */
  private focusHeadingInstead(): void {
    if (!this.host.contains(document.activeElement)) return;
    this.host.closest('section')?.querySelector<HTMLElement>('h2')?.focus();
  }
}
