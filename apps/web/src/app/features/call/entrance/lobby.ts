import { afterNextRender, Component, computed, DestroyRef, type ElementRef, inject, viewChild } from '@angular/core';
import { I18n } from '../../../core/text/i18n';
import { joinNames } from '../../../core/text/isolate-text';
import { CallEntry } from '../../../flows/call-entry';
import { CallSession } from '../../../state/call/call-session';
import { Knocking } from '../../../state/call/knocking';
import { type CaptureKind, LocalMedia } from '../../../state/media/local-media';
import { RoomStore } from '../../../state/rooms/room-store';
import { Avatar } from '../../../ui/display/avatar';
import { Icon } from '../../../ui/display/icon';
import { IconLabel } from '../../../ui/feedback/tooltip';
import { Button } from '../../../ui/forms/button';
import { DeviceSelects } from '../../../widgets/device-selects';
import { OwnPreview } from './own-preview';

/** The page before a call: a preview of the user, the choice of devices, and the present participants. */
@Component({
  selector: 'wc-lobby',
  imports: [Avatar, Button, DeviceSelects, Icon, IconLabel, OwnPreview],
  templateUrl: './lobby.html',
  styleUrl: './lobby.scss',
})
export class Lobby {
  private readonly session = inject(CallSession);
  private readonly entry = inject(CallEntry);
  private readonly knocking = inject(Knocking);
  private readonly local = inject(LocalMedia);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;

  private readonly title = viewChild.required<ElementRef<HTMLElement>>('title');
  protected readonly joining = computed(() => this.session.joining() !== null);
  protected readonly names = computed(() => joinNames(this.room.participants().map(({ name }) => name)));
  /** Name of the room whose running call ends when the user joins here. */
  protected readonly otherRoom = computed(() => this.entry.roomOfOtherCall(this.room.id()));

  constructor() {
    void this.local.openWantedDevices();
    afterNextRender(() => this.title().nativeElement.focus());
    inject(DestroyRef).onDestroy(() => {
      // Closing the lobby without joining turns the devices off.
      if (!this.session.active() && !this.session.joining() && !this.knocking.knockState())
        this.local.closeLocalMedia();
    });
  }

  protected joinFromLobby(): void {
    void this.entry.joinWithOpenDevices(this.room.id());
  }

  protected handleDeviceGivenUp(kind: CaptureKind): void {
    if (kind === 'microphone') this.joinFromLobby();
  }
}
