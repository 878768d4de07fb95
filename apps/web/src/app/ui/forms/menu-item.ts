import { CdkMenuItem } from '@angular/cdk/menu';
import { booleanAttribute, Component, input } from '@angular/core';
import { Icon } from '../display/icon';
import type { IconName } from '../display/icons';

/** An entry of a menu: an icon, and its name inside. It is looked after by the `cdkMenu` around it. */
@Component({
  selector: 'button[wcMenuItem]',
  imports: [Icon],
  hostDirectives: [{ directive: CdkMenuItem, outputs: ['cdkMenuItemTriggered: chosen'] }],
  template: `<wc-icon [name]="icon()" /><ng-content />`,
  host: { class: 'menu-item', '[class.danger]': 'danger()' },
})
export class MenuItem {
  readonly icon = input.required<IconName>({ alias: 'wcMenuItem' });
  readonly danger = input(false, { transform: booleanAttribute });
}
