import { Component, computed, inject, signal } from '@angular/core';
import type { SessionDto, SessionsDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { isApiError } from '../../core/net/api-error';
import { ErrorTexts } from '../../core/text/errors';
import { Formats } from '../../core/text/formats';
import { I18n } from '../../core/text/i18n';
import { Loader } from '../../core/net/loader';
import { Pages } from '../../core/net/pages';
import { ShowMore } from '../../widgets/show-more';
import { Button } from '../../ui/forms/button';
import { ErrorState } from '../../ui/feedback/error-state';
import { Icon } from '../../ui/display/icon';
import { Skeleton } from '../../ui/feedback/skeleton';
import { Toasts } from '../../ui/feedback/toasts';

/** Where the user is signed in. */
@Component({
  selector: 'wc-sessions-list',
  imports: [Button, ErrorState, Icon, ShowMore, Skeleton],
  template: `
    @if (failure(); as why) {
      <wc-error-state
        [title]="t().settings.sessionsError"
        [text]="why"
        [retryText]="t().common.retry"
        (retry)="loader.load()"
      />
    } @else if (pages.items(); as sessions) {
      <ul>
        @for (session of sessions; track session.id) {
          <li>
            <span class="mark"><wc-icon name="device" /></span>
            <span class="words">
              <strong class="truncate">{{ session.device }}</strong>
              <span class="muted small">
                {{
                  session.current
                    ? t().settings.thisSession
                    : t().settings.lastUsed(formats.dateTime(session.lastUsedAt))
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
                (click)="end(session)"
              >
                {{ t().settings.signOutSession }}
              </button>
            }
          </li>
        }
      </ul>
      <wc-show-more [pages]="pages" />
    } @else {
      <wc-skeleton [rows]="2" />
    }
  `,
  styleUrl: './sessions-list.scss',
})
export class SessionsList {
  private readonly api = inject(ApiClient);
  private readonly toasts = inject(Toasts);
  protected readonly t = inject(I18n).t;
  private readonly errors = inject(ErrorTexts);
  protected readonly formats = inject(Formats);
  protected readonly ending = signal<string | null>(null);
  protected readonly pages = new Pages<SessionDto>(
    async (cursor) => {
      const { sessions, next } = await this.api.get<SessionsDto>('/auth/sessions', { cursor });
      return { items: sessions, next };
    },
    ({ id }) => id,
  );
  protected readonly loader = new Loader(() => this.pages.renew());
  protected readonly failure = computed(() =>
    this.loader.state() === 'error' ? this.errors.of(this.loader.error()) : null,
  );

  constructor() {
    void this.loader.load();
  }

  protected async end({ id }: SessionDto): Promise<void> {
    if (this.ending()) return;
    this.ending.set(id);
    try {
      await this.api.delete(`/auth/sessions/${id}`);
      this.toasts.show(this.t().settings.sessionEnded);
      this.pages.change((all) => all.filter((session) => session.id !== id));
    } catch (error) {
      if (!isApiError(error, 'session_not_found')) this.toasts.show(this.errors.of(error), 'bad');
    } finally {
      this.ending.set(null);
      void this.loader.load();
    }
  }
}
