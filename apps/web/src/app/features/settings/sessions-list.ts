import { Component, inject, signal } from '@angular/core';
import type { SessionDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { PagedList } from '../../core/net/paged-list';
import { SnapshotLoader } from '../../core/net/snapshot-loader';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { Icon } from '../../ui/display/icon';
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
                  {{
                    session.current
                      ? t().settings.thisSession
                      : t().settings.lastUsed(formats.formatDateTime(session.lastUsedAt))
                  }}
                </span>
              </span>
              @if (!session.current) {
                <button
                  wcButton
                  small
                  type="button"
                  [busy]="ending() === session.id"
                  [attr.aria-label]="t().settings.signOutSessionNamed(session.device)"
                  (click)="endOtherSession(session)"
                >
                  {{ t().settings.signOutSession }}
                </button>
              }
            </li>
          }
        </ul>
        <wc-show-more [pages]="pages" />
      </ng-template>
    </wc-load-view>
  `,
  styleUrl: './sessions-list.scss',
})
export class SessionsList {
  private readonly api = inject(ApiClient);
  private readonly toasts = inject(Toasts);
  private readonly failures = inject(FailureToasts);
  protected readonly t = inject(I18n).t;
  protected readonly formats = inject(DateTimeFormats);
  protected readonly ending = signal<string | null>(null);
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

  protected async endOtherSession({ id }: SessionDto): Promise<void> {
    if (this.ending()) return;
    this.ending.set(id);
    await this.failures.runWithToast(async () => {
      await this.api.sendRequest('DELETE /auth/sessions/:sessionId', { sessionId: id });
      this.toasts.showToast(this.t().settings.sessionEnded);
      this.pages.applyListChange((all) => all.filter((session) => session.id !== id));
    }, 'session_not_found');
    this.ending.set(null);
    void this.loader.loadSnapshot();
  }
}
