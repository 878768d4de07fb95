import { Component, computed, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { RemovalDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { PagedList } from '../../core/net/paged-list';
import { RealtimeClient } from '../../core/net/realtime-client';
import { SnapshotLoader } from '../../core/net/snapshot-loader';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { RoomStore } from '../../state/rooms/room-store';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';
import { LoadView } from '../../widgets/load-view';
import { PersonButton } from '../../widgets/person-button';
import { ShowMore } from '../../widgets/show-more';

/** For moderators: the users who were removed from the room and cannot rejoin. Hidden when the list is empty. */
@Component({
  selector: 'wc-removals',
  imports: [Avatar, Button, LoadView, PersonButton, ShowMore],
  template: `
    <wc-load-view
      [loader]="loader"
      [errorTitle]="t().moderation.removalsFailed"
      [rows]="0"
      (retry)="loader.loadSnapshot()"
    >
      <ng-template>
        @if (removals().length) {
          <h3>{{ t().moderation.removedFromRoom }}</h3>
          <p class="muted small">{{ t().moderation.removedFromRoomHint }}</p>
          <ul>
            @for (removal of removals(); track removal.userId) {
              <li>
                <wc-avatar [id]="removal.userId" [name]="removal.name" [size]="36" />
                <span class="names">
                  <span class="truncate">
                    <wc-person [userId]="removal.userId" [name]="removal.name"
                      ><bdi>{{ removal.name }}</bdi></wc-person
                    >
                  </span>
                  <small class="truncate">{{ removalDetailOf(removal) }}</small>
                </span>
                <button
                  wcButton
                  small
                  type="button"
                  [attr.aria-label]="t().moderation.letBackName(removal.name)"
                  (click)="undoMemberRemoval(removal)"
                >
                  {{ t().moderation.letBack }}
                </button>
              </li>
            }
          </ul>
          <wc-show-more [pages]="pages" />
        }
      </ng-template>
    </wc-load-view>
  `,
  host: { '[hidden]': "loader.state() !== 'error' && removals().length === 0" },
  styles: `
    :host {
      display: grid;
      gap: var(--space-8);
    }
    h3 {
      font-size: var(--text-13);
      font-weight: 500;
    }
    li {
      display: flex;
      align-items: center;
      gap: var(--space-12);
      min-height: 52px;
    }
    .names {
      display: grid;
      flex: 1;
      min-width: 0;
      line-height: 1.3;
    }
    small {
      color: var(--muted);
      font-size: var(--text-12);
    }
  `,
})
export class Removals {
  private readonly api = inject(ApiClient);
  private readonly failures = inject(FailureToasts);
  private readonly formats = inject(DateTimeFormats);
  private readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly pages = new PagedList<RemovalDto>(
    async (cursor) => {
      const { removals, next } = await this.api.sendRequest('GET /rooms/:roomId/removals', {
        roomId: this.room.id(),
        query: { cursor },
      });
      return { items: removals, next };
    },
    ({ userId }) => userId,
  );
  protected readonly removals = computed(() => this.pages.items() ?? []);
  protected readonly loader = new SnapshotLoader(() => this.pages.reloadShownPages());

  constructor() {
    void this.loader.loadSnapshot();
    inject(RealtimeClient)
      .observeEvents('room:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ roomId, change }) => {
        const isMembershipChange = change.type === 'member_left' || change.type === 'member_joined';
        if (isMembershipChange && roomId === this.room.id()) void this.loader.loadSnapshot();
      });
  }

  protected removalDetailOf({ removedBy, removedAt }: RemovalDto): string {
    const when = this.formats.formatCompactTime(removedAt);
    return this.t().moderation.removedBy(removedBy ?? this.t().common.deletedUser, when);
  }

  protected async undoMemberRemoval({ userId }: RemovalDto): Promise<void> {
    const removal = { roomId: this.room.id(), userId };
    const undo = (): Promise<void> => this.api.sendRequest('DELETE /rooms/:roomId/removals/:userId', removal);
    // Another moderator may have been faster.
    if (await this.failures.runWithToast(undo, 'removal_not_found')) await this.loader.loadSnapshot();
  }
}
