import { Component, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { type CreateRoomDto, PROTOCOL_LIMITS } from '@webcall/contracts';
import { isVisibleName, type Visibility } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { createForm } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { RoomList } from '../../state/rooms/room-list';
import { Icon } from '../../ui/display/icon';
import { ConnectedForm } from '../../ui/forms/connected-form';
import { Field } from '../../ui/forms/field';
import { FormFooter } from '../../ui/forms/form-footer';

@Component({
  selector: 'wc-create-room-form',
  imports: [ConnectedForm, Field, FormFooter, Icon],
  template: `
    <form [wcForm]="form">
      <wc-field
        name="name"
        autocomplete="off"
        [label]="t().home.roomName"
        [placeholder]="t().home.roomNameExample"
        [maxLength]="limits.roomName.max"
        [error]="form.errors().name"
        [(value)]="name"
      />
      <fieldset>
        <legend>{{ t().home.visibility }}</legend>
        @for (choice of choices; track choice) {
          <label>
            <input
              type="radio"
              class="behind"
              name="visibility"
              [value]="choice"
              [checked]="visibility() === choice"
              (change)="visibility.set(choice)"
            />
            <span class="choice">
              <wc-icon [name]="choice === 'private' ? 'lock' : 'globe'" />
              <span>
                <strong>{{ choice === 'private' ? t().home.private : t().home.public }}</strong>
                <small>{{ choice === 'private' ? t().home.privateHint : t().home.publicHint }}</small>
              </span>
            </span>
          </label>
        }
      </fieldset>
      <wc-form-footer look="primary" [form]="form" [text]="t().home.create" />
    </form>
  `,
  styleUrl: './create-room-form.scss',
})
export class CreateRoomForm {
  private readonly api = inject(ApiClient);
  private readonly rooms = inject(RoomList);
  private readonly router = inject(Router);
  protected readonly t = inject(I18n).t;
  protected readonly limits = PROTOCOL_LIMITS;
  protected readonly choices: readonly Visibility[] = ['private', 'public'];
  protected readonly name = signal('');
  protected readonly visibility = signal<Visibility>('private');
  protected readonly form = createForm<'name'>({
    check: () => ({ name: isVisibleName(this.name().trim()) ? undefined : (t) => t.home.roomNameMissing }),
    submit: () => this.createAndOpenRoom({ name: this.name().trim(), visibility: this.visibility() }),
    fieldOf: { invalid_input: 'name' },
  });

  private async createAndOpenRoom(room: CreateRoomDto): Promise<void> {
    const created = await this.rooms.storeRoom(() => this.api.sendRequest('POST /rooms', { body: room }));
    await this.router.navigate(['/r', created.id]);
  }
}
