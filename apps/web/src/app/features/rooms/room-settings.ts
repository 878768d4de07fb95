import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { Router } from '@angular/router';
import { type ChangeRoomDto, LIMITS, type RoomDto } from '@webcall/contracts';
import { ROOM_NAME_PATTERN, type Visibility } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { CallSession } from '../../state/call/call-session';
import { ErrorTexts } from '../../core/text/errors';
import { I18n } from '../../core/text/i18n';
import { RoomList } from '../../state/rooms/room-list';
import { RoomStore } from '../../state/rooms/room-store';
import { Button } from '../../ui/forms/button';
import { Dialogs, type Question } from '../../ui/feedback/dialog';
import { Field } from '../../ui/forms/field';
import { Icon } from '../../ui/display/icon';
import { Segmented } from '../../ui/forms/segmented';
import { Toasts } from '../../ui/feedback/toasts';
import { DoorSetting } from './door-setting';
import { Invitations } from './invitations';
import { Removals } from './removals';
import { RoomQuiet } from './room-quiet';

/** What the own role allows to change about the room, and the ways out of it. */
@Component({
  selector: 'wc-room-settings',
  imports: [Button, DoorSetting, Field, Icon, Invitations, Removals, RoomQuiet, Segmented],
  templateUrl: './room-settings.html',
  styleUrl: './room-settings.scss',
})
export class RoomSettings {
  private readonly api = inject(ApiClient);
  private readonly errors = inject(ErrorTexts);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly list = inject(RoomList);
  private readonly router = inject(Router);
  private readonly call = inject(CallSession);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly maxName = LIMITS.roomName.max;

  protected readonly name = linkedSignal(() => this.room.room()?.name ?? '');
  protected readonly nameError = signal('');
  protected readonly renaming = signal(false);
  protected readonly renamed = computed(() => this.name().trim() !== (this.room.room()?.name ?? ''));
  protected readonly visibility = computed<Visibility>(() => this.room.room()?.visibility ?? 'private');
  protected readonly visibilities = computed(() => [
    { value: 'public' as const, label: this.t().rooms.visibilityPublic, icon: 'globe' as const },
    { value: 'private' as const, label: this.t().rooms.visibilityPrivate, icon: 'lock' as const },
  ]);

  protected async rename(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.name().trim();
    const fits = ROOM_NAME_PATTERN.test(name);
    this.nameError.set(fits ? '' : this.t().rooms.nameEmpty);
    if (!fits || this.renaming()) return;
    this.renaming.set(true);
    if (await this.change({ name })) this.toasts.show(this.t().rooms.renamed);
    this.renaming.set(false);
  }

  protected async setVisibility(visibility: Visibility): Promise<void> {
    if (visibility !== this.visibility()) await this.change({ visibility });
  }

  protected async leave(): Promise<void> {
    const t = this.t().rooms;
    const room = this.room.room();
    if (!room) return;
    const text = room.role === 'owner' ? t.leaveText.owner : t.leaveText[room.visibility];
    const question = { title: t.leaveTitle(room.name), text, confirm: t.leaveConfirm };
    await this.go(question, () => this.api.post(`/rooms/${room.id}/leave`));
  }

  protected async delete(): Promise<void> {
    const t = this.t().rooms;
    const room = this.room.room();
    if (!room) return;
    const question = { title: t.deleteTitle(room.name), text: t.deleteText, confirm: t.deleteConfirm };
    await this.go(question, () => this.api.delete(`/rooms/${room.id}`));
  }

  private async go(question: Omit<Question, 'cancel'>, action: () => Promise<void>): Promise<void> {
    if (!(await this.dialogs.ask({ ...question, cancel: this.t().common.cancel, danger: true }))) return;
    try {
      if (this.call.active()?.roomId === this.room.id()) await this.call.leave();
      await action();
      this.list.remove(this.room.id());
      await this.router.navigateByUrl('/');
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }

  private async change(change: ChangeRoomDto): Promise<boolean> {
    try {
      const room = await this.api.patch<RoomDto>(`/rooms/${this.room.id()}`, change);
      this.room.room.set(room);
      return true;
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
      return false;
    }
  }
}
