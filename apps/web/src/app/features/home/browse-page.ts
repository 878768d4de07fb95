import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { PROTOCOL_LIMITS, type PublicRoomDto, type PublicRoomsDto, type RoomDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ErrorTexts } from '../../core/text/error-texts';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { RoomList } from '../../state/rooms/room-list';
import { Avatar } from '../../ui/display/avatar';
import { Row } from '../../ui/display/row';
import { EmptyState } from '../../ui/feedback/empty-state';
import { ErrorState } from '../../ui/feedback/error-state';
import { Skeleton } from '../../ui/feedback/skeleton';
import { Button } from '../../ui/forms/button';
import { Field } from '../../ui/forms/field';

const ROOM_SEARCH_DEBOUNCE_MS = 250;
const PUBLIC_ROOMS_PAGE_SIZE = 30;

/** The page for searching and joining public rooms. */
@Component({
  selector: 'wc-browse-page',
  imports: [Avatar, Button, EmptyState, ErrorState, Field, RouterLink, Row, Skeleton],
  templateUrl: './browse-page.html',
  styleUrl: './browse-page.scss',
})
export class BrowsePage {
  private readonly api = inject(ApiClient);
  private readonly rooms = inject(RoomList);
  private readonly router = inject(Router);
  private readonly failures = inject(FailureToasts);
  protected readonly t = inject(I18n).t;
  protected readonly errors = inject(ErrorTexts);
  protected readonly limits = PROTOCOL_LIMITS;

  protected readonly query = signal('');
  protected readonly found = signal<readonly PublicRoomDto[] | null>(null);
  protected readonly failure = signal<unknown>(null);
  protected readonly loading = signal(false);
  protected readonly joining = signal<string | null>(null);
  protected readonly hasMore = computed(() => this.next() !== null);
  /** The query of the shown rooms. */
  protected readonly searched = signal('');
  private readonly next = signal<string | null>(null);
  private request = 0;

  constructor() {
    effect((onCleanup) => {
      const isFirstSearch = untracked(() => this.found() === null);
      const query = this.query().trim();
      const timer = setTimeout(() => void this.searchPublicRooms(query), isFirstSearch ? 0 : ROOM_SEARCH_DEBOUNCE_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }

  protected searchPublicRooms(query = this.query().trim()): Promise<void> {
    return this.fetchFoundPage(query, null);
  }

  protected loadMoreFound(): Promise<void> {
    return this.loading() ? Promise.resolve() : this.fetchFoundPage(this.searched(), this.next());
  }

  protected async joinFoundRoom(room: PublicRoomDto): Promise<void> {
    if (this.joining()) return;
    this.joining.set(room.id);
    await this.failures.runWithToast(async () => {
      this.rooms.addOrReplaceRoom(await this.api.post<RoomDto>(`/rooms/${room.id}/join`));
      await this.router.navigate(['/r', room.id]);
    });
    this.joining.set(null);
  }

  /** Only the answer to the newest request counts: they may arrive in another order. */
  private async fetchFoundPage(search: string, cursor: string | null): Promise<void> {
    const request = ++this.request;
    this.loading.set(true);
    try {
      const page = await this.api.get<PublicRoomsDto>('/rooms/public', {
        search,
        cursor,
        limit: PUBLIC_ROOMS_PAGE_SIZE,
      });
      if (request !== this.request) return;
      this.found.update((shown) => (cursor && shown ? [...shown, ...page.rooms] : page.rooms));
      this.next.set(page.next);
      this.searched.set(search);
      this.failure.set(null);
    } catch (error) {
      if (request === this.request) this.failure.set(error);
    } finally {
      if (request === this.request) this.loading.set(false);
    }
  }
}
