import { Component, computed, inject } from '@angular/core';
import type { ChangeMembershipDto, RoomDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ErrorTexts } from '../../core/text/errors';
import { I18n } from '../../core/text/i18n';
import { RoomList } from '../../state/rooms/room-list';
import { RoomStore } from '../../state/rooms/room-store';
import { Switch } from '../../ui/forms/switch';
import { Toasts } from '../../ui/feedback/toasts';

/** Whether calls in this room ring for the user. */
@Component({
  selector: 'wc-room-quiet',
  imports: [Switch],
  template: `
    <wc-switch
      [label]="t().reach.roomQuiet"
      [hint]="t().reach.roomQuietHint"
      [value]="quiet()"
      (valueChange)="set($event)"
    />
  `,
})
export class RoomQuiet {
  private readonly api = inject(ApiClient);
  private readonly list = inject(RoomList);
  private readonly toasts = inject(Toasts);
  private readonly errors = inject(ErrorTexts);
  private readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly quiet = computed(() => this.room.room()?.doNotDisturb ?? false);

  /** Shown at once, and taken back when the server refuses. */
  protected async set(doNotDisturb: boolean): Promise<void> {
    const before = this.quiet();
    const body: ChangeMembershipDto = { doNotDisturb };
    this.show(doNotDisturb);
    try {
      this.list.put(await this.api.patch<RoomDto>(`/rooms/${this.room.id()}/membership`, body));
    } catch (error) {
      this.show(before);
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }

  private show(doNotDisturb: boolean): void {
    this.room.room.update((room) => room && { ...room, doNotDisturb });
  }
}
