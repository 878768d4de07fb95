import { Component, computed, inject } from '@angular/core';
import { mayModerate, type Participant } from '@webcall/domain';
import { raisedHands } from '../../state/call/call-roster';
import { I18n } from '../../core/text/i18n';
import { RoomStore } from '../../state/rooms/room-store';
import { KnockRow } from '../../widgets/knock-row';
import { Moderating } from '../../flows/moderating';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';

/** Of the running call: whose hand is up, in order, and for moderators who waits and who was taken out of it. */
@Component({
  selector: 'wc-call-people',
  imports: [Avatar, Button, KnockRow],
  templateUrl: './call-people.html',
  styleUrl: './call-people.scss',
})
export class CallPeople {
  protected readonly moderating = inject(Moderating);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly hands = computed(() => raisedHands({ self: null, others: this.room.participants() }));
  protected readonly moderates = computed(() => this.room.may('call:moderate'));
  protected readonly below = computed(() => this.hands().filter((participant) => this.isBelow(participant)));

  protected isBelow({ role }: Participant): boolean {
    const own = this.room.room()?.role;
    return own !== undefined && mayModerate(own, role);
  }
}
