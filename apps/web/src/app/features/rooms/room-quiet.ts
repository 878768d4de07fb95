import { Component, computed, inject } from '@angular/core';
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
  private readonly list = inject(RoomList);
  private readonly failures = inject(FailureToasts);
  private readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly quiet = computed(() => this.room.room()?.doNotDisturb ?? false);

  protected async saveRoomDoNotDisturb(doNotDisturb: boolean): Promise<void> {
    await this.failures.runWithToast(() => this.list.setRoomDoNotDisturb(this.room.id(), doNotDisturb));
  }
}
