import { inject, Injectable } from '@angular/core';
import type { Door, MediaKind, Participant, Role } from '@webcall/domain';
import type { RoomDto } from '@webcall/contracts';
import { ApiClient } from '../core/net/api-client';
import { isApiError } from '../core/net/api-error';
import { ErrorTexts } from '../core/text/errors';
import { I18n } from '../core/text/i18n';
import { type CommandData, RealtimeClient } from '../core/net/realtime-client';
import { type SeatAction, seatActions } from '../state/call/seat-actions';
import { Dialogs } from '../ui/feedback/dialog';
import type { IconName } from '../ui/display/icons';
import { Toasts } from '../ui/feedback/toasts';

/** One line of a menu about a participant. */
export interface ModeratorAction {
  id: SeatAction;
  label: string;
  icon: IconName;
  danger: boolean;
}

const ICONS: Record<SeatAction, IconName> = {
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

/** Whom a moderator can take out of a room. */
type Removable = Pick<Participant, 'userId' | 'name' | 'role'>;

/** What moderators do in a room and its call. What comes of it arrives as an event; what is refused is said. */
@Injectable({ providedIn: 'root' })
export class Moderating {
  private readonly api = inject(ApiClient);
  private readonly realtime = inject(RealtimeClient);
  private readonly errors = inject(ErrorTexts);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly t = inject(I18n).t;
  /** The room whose call is ended from here. */
  private ending: string | null = null;

  /** @returns the lines of the menu about a participant; none for whom the own role has no say */
  actionsFor(own: Role | undefined, participant: Participant): ModeratorAction[] {
    const labels = this.t().moderation.actions;
    const ids = own ? seatActions(own, participant) : [];
    return ids.map((id) => ({ id, label: labels[id], icon: ICONS[id], danger: id === 'removeFromCall' }));
  }

  async act(action: SeatAction, roomId: string, participant: Participant): Promise<void> {
    const { id: participantId, name } = participant;
    const hold = (...kinds: MediaKind[]): Promise<boolean> => this.send('call:hold', { roomId, participantId, kinds });
    const allow = (kind: MediaKind, ask = false): Promise<boolean> =>
      this.send('call:allow', { roomId, participantId, kinds: [kind], ask });
    switch (action) {
      case 'mute':
        return void (await hold('microphone'));
      case 'cameraOff':
        return void (await hold('camera'));
      case 'screenOff':
        return void (await hold('screen'));
      case 'askToUnmute':
        if (await allow('microphone', true)) this.toasts.show(this.t().moderation.asked(name));
        return;
      case 'allowMicrophone':
        return void (await allow('microphone'));
      case 'allowCamera':
        return void (await allow('camera'));
      case 'allowScreen':
        return void (await allow('screen'));
      case 'lowerHand':
        return void (await this.lowerHand(participantId));
      case 'removeFromCall':
        return this.removeFromCall(roomId, participant);
    }
  }

  /** Mutes everybody who stands below. */
  async muteAll(roomId: string): Promise<void> {
    const done = await this.send('call:hold', { roomId, kinds: ['microphone'] });
    if (done) this.toasts.show(this.t().moderation.mutedAll);
  }

  async allowAll(roomId: string): Promise<void> {
    await this.send('call:allow', { roomId, kinds: ['microphone'] });
  }

  async lowerHand(participantId: string): Promise<void> {
    await this.send('call:hand', { raised: false, participantId });
  }

  /** Those of people who do not stand below stay up. */
  async lowerHands(participants: readonly Participant[]): Promise<void> {
    await Promise.all(participants.map(({ id }) => this.lowerHand(id)));
  }

  async answerKnock(roomId: string, admit: boolean, knockId?: string): Promise<void> {
    // Another moderator may have been faster.
    await this.send('knock:answer', { roomId, admit, knockId }, ['knock_not_found']);
  }

  async readmit(roomId: string, userId: string): Promise<void> {
    await this.send('call:readmit', { roomId, userId }, ['participant_not_found']);
  }

  async endCall(roomId: string): Promise<void> {
    const t = this.t().moderation;
    const { cancel } = this.t().common;
    const question = { title: t.endTitle, text: t.endText, confirm: t.end, cancel, danger: true };
    if (!(await this.dialogs.ask(question))) return;
    this.ending = roomId;
    if (!(await this.send('call:end', { roomId }))) this.ending = null;
  }

  /** @returns whether the call that has just ended for everyone was ended here; asked once */
  wasEndedHere(roomId: string): boolean {
    const here = this.ending === roomId;
    this.ending = null;
    return here;
  }

  /** @returns the room as it is then, or null when that was refused */
  async setDoor(roomId: string, door: Door): Promise<RoomDto | null> {
    try {
      return await this.api.patch<RoomDto>(`/rooms/${roomId}`, { door });
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
      return null;
    }
  }

  /** Asks first. */
  async removeFromRoom(roomId: string, { userId, name, role }: Removable): Promise<void> {
    const t = this.t().rooms;
    const text = role === 'guest' ? t.removeGuestText : t.removeText;
    const { cancel } = this.t().common;
    const question = { title: t.removeTitle(name), text, confirm: t.removeConfirm, cancel, danger: true };
    if (!(await this.dialogs.ask(question))) return;
    try {
      await this.api.delete(`/rooms/${roomId}/members/${userId}`);
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }

  private async removeFromCall(roomId: string, { id, name, role }: Participant): Promise<void> {
    const t = this.t().moderation;
    const text = role === 'guest' ? t.removeGuestFromCallText : t.removeFromCallText;
    const { cancel } = this.t().common;
    const question = { title: t.removeFromCallTitle(name), text, confirm: t.remove, cancel, danger: true };
    if (await this.dialogs.ask(question)) await this.send('call:remove', { roomId, participantId: id });
  }

  /** @param fine codes that need no words, since what was wanted is so already */
  private async send<C extends Moderation>(
    command: C,
    data: CommandData<C>,
    fine: Parameters<typeof isApiError>[1][] = [],
  ): Promise<boolean> {
    try {
      await this.realtime.send(command, data);
      return true;
    } catch (error) {
      const said = fine.length === 0 || !isApiError(error, ...fine);
      if (said) this.toasts.show(this.errors.of(error), 'bad');
      return false;
    }
  }
}

type Moderation =
  'call:hold' | 'call:allow' | 'call:hand' | 'call:remove' | 'call:readmit' | 'call:end' | 'knock:answer';
