import { Component, computed, inject } from '@angular/core';
import type { Door } from '@webcall/domain';
import { I18n } from '../../core/text/i18n';
import { ModeratorControls } from '../../flows/moderator-controls';
import { RoomStore } from '../../state/rooms/room-store';
import { Icon } from '../../ui/display/icon';
import { Segmented } from '../../ui/forms/segmented';

/** Shows who may enter the calls of the room, and lets moderators change it. */
@Component({
  selector: 'wc-door-setting',
  imports: [Icon, Segmented],
  template: `
    @if (room.canPerformAction('call:moderate')) {
      <wc-segmented
        [label]="t().door.label"
        [options]="doors()"
        [value]="door()"
        (valueChange)="saveRoomDoor($event)"
      />
      <p class="muted small">{{ t().door.hint[door()] }}</p>
    } @else {
      <p class="fact">
        <wc-icon [name]="door() === 'open' ? 'call' : door() === 'lobby' ? 'door' : 'lock'" />
        <span>
          {{ t().door.fact[door()] }}
          <small>{{ t().door.hint[door()] }}</small>
        </span>
      </p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-8);
    }
    .fact {
      display: flex;
      gap: var(--space-12);
    }
    .fact wc-icon {
      margin-top: 2px;
      color: var(--muted);
    }
    .fact small {
      display: block;
      color: var(--muted);
      font-size: var(--text-13);
    }
  `,
})
export class DoorSetting {
  private readonly moderating = inject(ModeratorControls);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  protected readonly door = computed<Door>(() => this.room.room()?.door ?? 'open');
  protected readonly doors = computed(() => {
    const t = this.t().door;
    return [
      { value: 'open' as const, label: t.open },
      { value: 'lobby' as const, label: t.lobby },
      { value: 'locked' as const, label: t.locked },
    ];
  });

  protected async saveRoomDoor(door: Door): Promise<void> {
    if (door !== this.door()) await this.moderating.changeRoomDoor(this.room.id(), door);
  }
}
