import { inject, Injectable } from '@angular/core';
import type { Door, MediaKind, Participant, Role } from '@webcall/domain';
import { ApiClient } from '../core/net/api-client';
import type { ApiError } from '../core/net/api-error';
import { type CommandData, RealtimeClient } from '../core/net/realtime-client';
import { I18n } from '../core/text/i18n';
import { availableSeatActions, type SeatAction } from '../state/call/seat-actions';
import { RoomList } from '../state/rooms/room-list';
import type { IconName } from '../ui/display/icons';
import { Dialogs } from '../ui/feedback/dialog';
import { Toasts } from '../ui/feedback/toasts';
import { FailureToasts } from './failure-toasts';

/** One entry of a menu about a participant. */
export interface ModeratorAction {
  id: SeatAction;
  label: string;
  icon: IconName;
  danger: boolean;
}

const ACTION_ICONS: Record<SeatAction, IconName> = {
  mute: 'microphoneOff',
  cameraOff: 'cameraOff',
  screenOff: 'screenOff',
  askToUnmute: 'microphone',
  allowMicrophone: 'check',
  allowCamera: 'camera',
  allowScreen: 'screen',
  lowerHand: 'hand',
  removeFromCall: 'hangUp',
};

/** A member whom a moderator can remove from a room. */
type Removable = Pick<Participant, 'userId' | 'name' | 'role'>;

/** Moderator actions in a room and its call. Their results arrive as events; refusals are shown. */
@Injectable({ providedIn: 'root' })
export class ModeratorControls {
  private readonly api = inject(ApiClient);
  private readonly realtime = inject(RealtimeClient);
  private readonly rooms = inject(RoomList);
  private readonly failures = inject(FailureToasts);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly t = inject(I18n).t;
  /** The room whose call is being ended from this page. */
  private endingRoomId: string | null = null;

  /** @returns the menu entries for a participant; none for a participant whom the own role may not moderate */
  listModeratorActions(own: Role | undefined, participant: Participant): ModeratorAction[] {
    const labels = this.t().moderation.actions;
    const ids = own ? availableSeatActions(own, participant) : [];
    return ids.map((id) => ({ id, label: labels[id], icon: ACTION_ICONS[id], danger: id === 'removeFromCall' }));
  }

  async performModeratorAction(action: SeatAction, roomId: string, participant: Participant): Promise<void> {
    const { id: participantId, name } = participant;
    const hold = (...kinds: MediaKind[]): Promise<boolean> =>
      this.sendModerationCommand('call:hold', { roomId, participantId, kinds });
    const allow = (kind: MediaKind, ask = false): Promise<boolean> =>
      this.sendModerationCommand('call:allow', { roomId, participantId, kinds: [kind], ask });
    switch (action) {
      case 'mute':
        return void (await hold('microphone'));
      case 'cameraOff':
        return void (await hold('camera'));
      case 'screenOff':
        return void (await hold('screen'));
      case 'askToUnmute':
        if (await allow('microphone', true)) this.toasts.showToast(this.t().moderation.asked(name));
        return;
      case 'allowMicrophone':
        return void (await allow('microphone'));
      case 'allowCamera':
        return void (await allow('camera'));
      case 'allowScreen':
        return void (await allow('screen'));
      case 'lowerHand':
        return void (await this.lowerParticipantHand(participantId));
      case 'removeFromCall':
        return this.confirmCallRemoval(roomId, participant);
    }
  }

  /** Mutes everybody with a lower role. */
  async muteEveryone(roomId: string): Promise<void> {
    const done = await this.sendModerationCommand('call:hold', { roomId, kinds: ['microphone'] });
    if (done) this.toasts.showToast(this.t().moderation.mutedAll);
  }

  async allowAllMicrophones(roomId: string): Promise<void> {
    await this.sendModerationCommand('call:allow', { roomId, kinds: ['microphone'] });
  }

  async lowerParticipantHand(participantId: string): Promise<void> {
    await this.sendModerationCommand('call:hand', { raised: false, participantId });
  }

  /** Lowers the hands of these participants; the hand of anybody without a lower role stays up. */
  async lowerRaisedHands(participants: readonly Participant[]): Promise<void> {
    await Promise.all(participants.map(({ id }) => this.lowerParticipantHand(id)));
  }

  async answerKnockRequest(roomId: string, admit: boolean, knockId?: string): Promise<void> {
    // Another moderator may have been faster.
    await this.sendModerationCommand('knock:answer', { roomId, admit, knockId }, 'knock_not_found');
  }

  async readmitToCall(roomId: string, userId: string): Promise<void> {
    await this.sendModerationCommand('call:readmit', { roomId, userId }, 'participant_not_found');
  }

  async endCallForEveryone(roomId: string): Promise<void> {
    const t = this.t().moderation;
    const { cancel } = this.t().common;
    const question = { title: t.endTitle, text: t.endText, confirm: t.end, cancel, danger: true };
    if (!(await this.dialogs.askConfirmation(question))) return;
    this.endingRoomId = roomId;
    if (!(await this.sendModerationCommand('call:end', { roomId }))) this.endingRoomId = null;
  }

  /** @returns whether the call that has just ended for everyone was ended here; the first call resets it */
  takeEndedHere(roomId: string): boolean {
    const here = this.endingRoomId === roomId;
    this.endingRoomId = null;
    return here;
  }

  /** @returns whether the change was accepted */
  changeRoomDoor(roomId: string, door: Door): Promise<boolean> {
    return this.failures.runWithToast(() =>
      this.rooms.storeRoom(() => this.api.sendRequest('PATCH /rooms/:roomId', { roomId, body: { door } })),
    );
  }

  async confirmRoomRemoval(roomId: string, { userId, name, role }: Removable): Promise<void> {
    const t = this.t().rooms;
    const text = role === 'guest' ? t.removeGuestText : t.removeText;
    const { cancel } = this.t().common;
    const question = { title: t.removeTitle(name), text, confirm: t.removeConfirm, cancel, danger: true };
    if (await this.dialogs.askConfirmation(question))
      await this.failures.runWithToast(() =>
        this.api.sendRequest('DELETE /rooms/:roomId/members/:userId', { roomId, userId }),
      );
  }

  private async confirmCallRemoval(roomId: string, { id, name, role }: Participant): Promise<void> {
    const t = this.t().moderation;
    const text = role === 'guest' ? t.removeGuestFromCallText : t.removeFromCallText;
    const { cancel } = this.t().common;
    const question = { title: t.removeFromCallTitle(name), text, confirm: t.remove, cancel, danger: true };
    if (await this.dialogs.askConfirmation(question))
      await this.sendModerationCommand('call:remove', { roomId, participantId: id });
  }

  private sendModerationCommand<C extends ModerationCommand>(
    command: C,
    data: CommandData<C>,
    ...settledCodes: ApiError['code'][]
  ): Promise<boolean> {
    return this.failures.runWithToast(() => this.realtime.sendCommand(command, data), ...settledCodes);
  }
}

type ModerationCommand =
  'call:hold' | 'call:allow' | 'call:hand' | 'call:remove' | 'call:readmit' | 'call:end' | 'knock:answer';
