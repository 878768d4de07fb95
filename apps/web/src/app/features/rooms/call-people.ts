import { Component, computed, inject } from '@angular/core';
import { canModerateRole, type Participant } from '@webcall/domain';
import { I18n } from '../../core/text/i18n';
import { ModeratorControls } from '../../flows/moderator-controls';
import { raisedHands } from '../../state/call/call-roster';
import { RoomStore } from '../../state/rooms/room-store';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';
import { KnockRow } from '../../widgets/knock-row';
import { PersonButton } from '../../widgets/person-button';

/** People of the running call: raised hands in order, and for moderators knocks and removed users. */
@Component({
  selector: 'wc-call-people',
  imports: [Avatar, Button, KnockRow, PersonButton],
  templateUrl: './call-people.html',
  styleUrl: './call-people.scss',
})
export class CallPeople {
  protected readonly moderating = inject(ModeratorControls);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly hands = computed(() => raisedHands(this.room.participants()));
  protected readonly moderates = computed(() => this.room.canPerformAction('call:moderate'));
  protected readonly lowerableHands = computed(() =>
    this.hands().filter((participant) => this.isModeratedByUser(participant)),
  );

  protected isModeratedByUser({ role }: Participant): boolean {
    const own = this.room.room()?.role;
    return own !== undefined && canModerateRole(own, role);
  }
}
