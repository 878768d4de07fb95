import { Component, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { PROTOCOL_LIMITS, type PublicRoomDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { PagedList } from '../../core/net/paged-list';
import { QueryLoader } from '../../core/net/query-loader';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { RoomList } from '../../state/rooms/room-list';
import { Avatar } from '../../ui/display/avatar';
import { Row } from '../../ui/display/row';
import { EmptyState } from '../../ui/feedback/empty-state';
import { Button } from '../../ui/forms/button';
import { Field } from '../../ui/forms/field';
import { LoadView } from '../../widgets/load-view';
import { ShowMore } from '../../widgets/show-more';

const PUBLIC_ROOMS_PAGE_SIZE = 30;

/** The page for searching and joining public rooms. */
@Component({
  selector: 'wc-browse-page',
  imports: [Avatar, Button, EmptyState, Field, LoadView, RouterLink, Row, ShowMore],
  templateUrl: './browse-page.html',
  styleUrl: './browse-page.scss',
})
export class BrowsePage {
  private readonly api = inject(ApiClient);
  private readonly rooms = inject(RoomList);
  private readonly router = inject(Router);
  private readonly failures = inject(FailureToasts);
  protected readonly t = inject(I18n).t;
  protected readonly limits = PROTOCOL_LIMITS;

  protected readonly query = signal('');
  protected readonly joining = signal<string | null>(null);
  protected readonly search = new QueryLoader(
    () => this.query().trim(),
    (text) => this.findPublicRooms(text),
  );

  protected async joinFoundRoom(room: PublicRoomDto): Promise<void> {
    if (this.joining()) return;
    this.joining.set(room.id);
    await this.failures.runWithToast(async () => {
      await this.rooms.storeRoom(() => this.api.sendRequest('POST /rooms/:roomId/join', { roomId: room.id }));
      await this.router.navigate(['/r', room.id]);
    });
    this.joining.set(null);
  }

  /** @returns the found rooms with their first page loaded */
  private async findPublicRooms(search: string): Promise<PagedList<PublicRoomDto>> {
    const pages = new PagedList<PublicRoomDto>(
      async (cursor) => {
        const query = { search, cursor, limit: PUBLIC_ROOMS_PAGE_SIZE };
        const { rooms, next } = await this.api.sendRequest('GET /rooms/public', { query });
        return { items: rooms, next };
      },
      ({ id }) => id,
    );
    await pages.reloadShownPages();
    return pages;
  }
}
