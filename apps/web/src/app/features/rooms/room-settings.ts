import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { Router } from '@angular/router';
import { type ChangeRoomDto, PROTOCOL_LIMITS } from '@webcall/contracts';
import { isVisibleName, type Visibility } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { CallSession } from '../../state/call/call-session';
import { RoomList } from '../../state/rooms/room-list';
import { RoomStore } from '../../state/rooms/room-store';
import { Icon } from '../../ui/display/icon';
import { type ConfirmationQuestion, Dialogs } from '../../ui/feedback/dialog';
import { Toasts } from '../../ui/feedback/toasts';
import { Button } from '../../ui/forms/button';
import { Field } from '../../ui/forms/field';
import { Segmented } from '../../ui/forms/segmented';
import { DoorSetting } from './door-setting';
import { Invitations } from './invitations';
import { Removals } from './removals';
import { RoomQuiet } from './room-quiet';

/** The panel with the settings that the user's role allows, and buttons to leave or delete the room. */
@Component({
  selector: 'wc-room-settings',
  imports: [Button, DoorSetting, Field, Icon, Invitations, Removals, RoomQuiet, Segmented],
  templateUrl: './room-settings.html',
  styleUrl: './room-settings.scss',
})
export class RoomSettings {
  private readonly api = inject(ApiClient);
  private readonly failures = inject(FailureToasts);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly list = inject(RoomList);
  private readonly router = inject(Router);
  private readonly call = inject(CallSession);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly maxName = PROTOCOL_LIMITS.roomName.max;

  protected readonly name = linkedSignal(this.room.name);
  protected readonly nameError = signal('');
  protected readonly renaming = signal(false);
  protected readonly renamed = computed(() => this.name().trim() !== this.room.name());
  protected readonly visibility = computed<Visibility>(() => this.room.room()?.visibility ?? 'private');
  protected readonly visibilities = computed(() => [
    { value: 'public' as const, label: this.t().rooms.visibilityPublic, icon: 'globe' as const },
    { value: 'private' as const, label: this.t().rooms.visibilityPrivate, icon: 'lock' as const },
  ]);

  protected async renameRoom(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.name().trim();
    const isValid = isVisibleName(name);
    this.nameError.set(isValid ? '' : this.t().rooms.nameEmpty);
    if (!isValid || this.renaming()) return;
    this.renaming.set(true);
    if (await this.saveRoomChange({ name })) this.toasts.showToast(this.t().rooms.renamed);
    this.renaming.set(false);
  }

  protected async saveRoomVisibility(visibility: Visibility): Promise<void> {
    if (visibility !== this.visibility()) await this.saveRoomChange({ visibility });
  }

  protected async confirmLeaveRoom(): Promise<void> {
    const t = this.t().rooms;
    const room = this.room.room();
    if (!room) return;
    const text = room.role === 'owner' ? t.leaveText.owner : t.leaveText[room.visibility];
    const question = { title: t.leaveTitle(room.name), text, confirm: t.leaveConfirm };
    await this.confirmAndExitRoom(question, () =>
      this.api.sendRequest('POST /rooms/:roomId/leave', { roomId: room.id }),
    );
  }

  protected async confirmDeleteRoom(): Promise<void> {
    const t = this.t().rooms;
    const room = this.room.room();
    if (!room) return;
    const question = { title: t.deleteTitle(room.name), text: t.deleteText, confirm: t.deleteConfirm };
    await this.confirmAndExitRoom(question, () => this.api.sendRequest('DELETE /rooms/:roomId', { roomId: room.id }));
  }

  private async confirmAndExitRoom(
    question: Omit<ConfirmationQuestion, 'cancel'>,
    action: () => Promise<void>,
  ): Promise<void> {
    if (!(await this.dialogs.askConfirmation({ ...question, cancel: this.t().common.cancel, danger: true }))) return;
    const roomId = this.room.id();
    await this.failures.runWithToast(async () => {
      await action();
      this.leaveCallOfExitedRoom(roomId);
      this.list.removeRoomFromList(roomId);
      await this.router.navigateByUrl('/');
    });
  }

  /** Not before the server has accepted. Its event may come first, which ends the call as a removal by others does. */
  private leaveCallOfExitedRoom(roomId: string): void {
    if (this.call.active()?.roomId === roomId) void this.call.leaveActiveCall();
    if (this.call.ended()?.roomId === roomId) this.call.dismissCallEnd();
  }

  private saveRoomChange(change: ChangeRoomDto): Promise<boolean> {
    return this.failures.runWithToast(() =>
      this.list.storeRoom(() => this.api.sendRequest('PATCH /rooms/:roomId', { roomId: this.room.id(), body: change })),
    );
  }
}
