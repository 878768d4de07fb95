import { CdkConnectedOverlay, CdkOverlayOrigin } from '@angular/cdk/overlay';
import { Component, computed, inject, input, output, signal } from '@angular/core';
import { Session } from '../../../core/session/session';
import { I18n } from '../../../core/text/i18n';
import { LinkKeeper } from '../../../state/call/link-keeper';
import { Avatar, personHueOf } from '../../../ui/display/avatar';
import { Icon } from '../../../ui/display/icon';
import { MediaTrack } from '../../../ui/display/media-track';
import { PersonButton } from '../../../widgets/person-button';
import { Figures } from '../controls/figures';
import { Reactions } from './reactions';
import { SeatMenu } from './seat-menu';
import type { TileModel } from './stage-tiles';

/** One person or screen on the stage. */
@Component({
  selector: 'wc-tile',
  imports: [
    Avatar,
    CdkConnectedOverlay,
    CdkOverlayOrigin,
    Figures,
    Icon,
    MediaTrack,
    PersonButton,
    Reactions,
    SeatMenu,
  ],
  templateUrl: './tile.html',
  styleUrl: './tile.scss',
  host: {
    '[class]': "'hue-' + hue()",
    '[class.speaking]': 'speaking()',
    '[class.screen]': "tile().kind === 'screen'",
    '[class.small]': 'small()',
    '[class.lifted]': 'lifted()',
    '[attr.data-testid]': "tile().kind === 'screen' ? 'screen' : 'tile'",
    '(dblclick)': 'pinnable() && pin.emit()',
  },
})
export class Tile {
  private readonly user = inject(Session).user;
  private readonly noRelay = inject(LinkKeeper).noRelay;
  protected readonly t = inject(I18n).t;
  readonly tile = input.required<TileModel>();
  readonly speaking = input(false);
  /** The tile is in the strip next to a large one, or the inset over it. */
  readonly small = input(false);
  readonly pinned = input(false);
  /** There are other tiles, beside which this one can be made large. */
  readonly pinnable = input(true);
  /** The name is raised, because the controls would cover it. */
  readonly lifted = input(false);
  readonly pin = output();

  protected readonly figuresShown = signal(false);
  protected readonly hue = computed(() => personHueOf(this.tile().userId));
  protected readonly label = computed(() => {
    const { kind, name, self, userId } = this.tile();
    const t = this.t().call;
    if (kind === 'screen') return self ? t.yourScreen : t.screenOf(name);
    if (self) return t.you;
    return userId === this.user()?.id ? t.youElsewhere : name;
  });
  /** Only owners and moderators have a mark. */
  protected readonly rank = computed(() => {
    const role = this.tile().seat?.role;
    return role === 'owner' || role === 'moderator' ? role : null;
  });
  protected readonly held = computed(() => this.tile().seat?.held ?? []);
  protected readonly trouble = computed(() => {
    const { trouble, name } = this.tile();
    const t = this.t().call.link;
    if (trouble === null) return '';
    if (trouble === 'connecting') return this.noRelay() ? t.noRelay : t.connecting;
    return t[trouble](name);
  });
  protected readonly level = computed(() => {
    const { quality, trouble } = this.tile();
    return trouble === null && quality && quality.level !== 'good' ? quality.level : null;
  });
}
