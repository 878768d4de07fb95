import { Component, computed, inject } from '@angular/core';
import { mayModerate, type Participant } from '@webcall/domain';
import { raisedHands } from '../../core/call-roster';
import { I18n } from '../../core/i18n';
import { RoomStore } from '../../core/room-store';
import { KnockRow } from '../../parts/knock-row';
import { Moderating } from '../../parts/moderating';
import { Avatar } from '../../ui/avatar';
import { Button } from '../../ui/button';

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
