import { Component, computed, inject } from '@angular/core';
import type { ChangeMembershipDto, RoomDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { RoomList } from '../../state/rooms/room-list';
import { RoomStore } from '../../state/rooms/room-store';
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
  private readonly failures = inject(FailureToasts);
  private readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly quiet = computed(() => this.room.room()?.doNotDisturb ?? false);

  /** The change is shown at once and reverted if the server refuses it. */
  protected async saveRoomDoNotDisturb(doNotDisturb: boolean): Promise<void> {
    const before = this.quiet();
    const body: ChangeMembershipDto = { doNotDisturb };
    this.showRoomDoNotDisturb(doNotDisturb);
    const saved = await this.failures.runWithToast(async () =>
      this.list.addOrReplaceRoom(await this.api.patch<RoomDto>(`/rooms/${this.room.id()}/membership`, body)),
    );
    if (!saved) this.showRoomDoNotDisturb(before);
  }

  private showRoomDoNotDisturb(doNotDisturb: boolean): void {
    this.room.room.update((room) => room && { ...room, doNotDisturb });
  }
}
