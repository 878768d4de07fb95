import { Component, computed, inject } from '@angular/core';
import type { ChangeMembershipDto, RoomDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { ErrorTexts } from '../../core/text/error-texts';
import { I18n } from '../../core/text/i18n';
import { RoomList } from '../../state/rooms/room-list';
import { RoomStore } from '../../state/rooms/room-store';
import { Toasts } from '../../ui/feedback/toasts';
import { Switch } from '../../ui/forms/switch';

/** The switch for "do not disturb" in this room. */
@Component({
  selector: 'wc-room-quiet',
  imports: [Switch],
  template: `
    <wc-switch
      [label]="t().reach.roomQuiet"
      [hint]="t().reach.roomQuietHint"
      [value]="quiet()"
      (valueChange)="saveRoomDoNotDisturb($event)"
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

  /** The change is shown at once and reverted if the server refuses it. */
  protected async saveRoomDoNotDisturb(doNotDisturb: boolean): Promise<void> {
    const before = this.quiet();
    const body: ChangeMembershipDto = { doNotDisturb };
    this.showRoomDoNotDisturb(doNotDisturb);
    try {
      this.list.addOrReplaceRoom(await this.api.patch<RoomDto>(`/rooms/${this.room.id()}/membership`, body));
    } catch (error) {
      this.showRoomDoNotDisturb(before);
      this.toasts.showToast(this.errors.translateError(error), 'bad');
    }
  }

  private showRoomDoNotDisturb(doNotDisturb: boolean): void {
    this.room.room.update((room) => room && { ...room, doNotDisturb });
  }
}
