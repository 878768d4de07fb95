import { booleanAttribute, Component, inject, input, model } from '@angular/core';
import { I18n } from '../core/text/i18n';
import { Field } from '../ui/forms/field';

/** A field for a password: the present one, or a new one with its rules as hint. */
@Component({
  selector: 'wc-password-field',
  imports: [Field],
  template: `
    <wc-field
      type="password"
      [name]="name()"
      [autocomplete]="fresh() ? 'new-password' : 'current-password'"
      [label]="label()"
      [hint]="fresh() ? t().auth.passwordHint : hint()"
      [showText]="t().common.showPassword"
      [hideText]="t().common.hidePassword"
      [error]="error()"
      [(value)]="value"
    />
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class PasswordField {
  protected readonly t = inject(I18n).t;
  readonly value = model('');
  readonly label = input.required<string>();
  readonly name = input('password');
  /** The person makes up a new password. */
  readonly fresh = input(false, { transform: booleanAttribute });
  readonly hint = input('');
  readonly error = input<string | undefined>('');
}
