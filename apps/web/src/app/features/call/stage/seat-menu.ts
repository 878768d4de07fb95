import { CdkMenu, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject, input } from '@angular/core';
import { canRemoveMemberOfRole, type Participant } from '@webcall/domain';
import { I18n } from '../../../core/text/i18n';
import { ModeratorControls } from '../../../flows/moderator-controls';
import { RoomStore } from '../../../state/rooms/room-store';
import { Icon } from '../../../ui/display/icon';
import { MenuItem } from '../../../ui/forms/menu-item';

/** The menu of moderator actions on a tile. */
@Component({
  selector: 'wc-seat-menu',
  imports: [CdkMenu, CdkMenuTrigger, Icon, MenuItem],
  template: `
    @if (actions().length) {
      <button type="button" [attr.aria-label]="t().rooms.actionsFor(participant().name)" [cdkMenuTriggerFor]="menu">
        <wc-icon name="more" />
      </button>
      <ng-template #menu>
        <div class="menu" cdkMenu>
          @for (action of actions(); track action.id) {
            <button
              [wcMenuItem]="action.icon"
              [danger]="action.danger"
              (chosen)="moderating.performModeratorAction(action.id, room.id(), participant())"
            >
              {{ action.label }}
            </button>
          }
          @if (removable()) {
            <button wcMenuItem="door" danger (chosen)="removeSeatedPerson()">
              {{ t().moderation.actions.removeFromRoom }}
            </button>
          }
        </div>
      </ng-template>
    }
  `,
  styles: `
    @use '../../../../styles/tokens';
    @use './tile-button';

    :host {
      display: contents;
    }
    button:not(.menu-item) {
      @include tile-button.tile-button;
    }
    // The menu is an overlay outside the stage, but keeps its dark colours.
    .menu {
      @include tokens.stage;
    }
  `,
})
export class SeatMenu {
  protected readonly moderating = inject(ModeratorControls);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  readonly participant = input.required<Participant>();

  protected readonly actions = computed(() =>
    this.moderating.listModeratorActions(this.room.room()?.role, this.participant()),
  );
  protected readonly removable = computed(() => {
    const room = this.room.room();
    return room?.kind === 'group' && canRemoveMemberOfRole(room.role, this.participant().role);
  });

  protected removeSeatedPerson(): void {
    void this.moderating.confirmRoomRemoval(this.room.id(), this.participant());
  }
}
