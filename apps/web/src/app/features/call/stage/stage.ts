import {
  afterRenderEffect,
  Component,
  computed,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { Scope } from '@webcall/base';
import { meterLevel, type TileSizes } from '@webcall/rtc';
import { CallSession } from '../../../state/call/call-session';
import type { CallStay } from '../../../state/call/call-stay';
import { Formats } from '../../../core/text/formats';
import { I18n } from '../../../core/text/i18n';
import { LinkKeeper } from '../../../state/call/link-keeper';
import { LocalMedia } from '../../../state/media/local-media';
import { Rings } from '../../../state/rings/rings';
import { RoomStore } from '../../../state/rooms/room-store';
import { Session } from '../../../core/session/session';
import { Tooltip } from '../../../ui/feedback/tooltip';
import { CallControls } from '../controls/call-controls';
import { clearOf, type Covered, coveredBy, isNameCovered } from './covered';
import { gridLayout, spotlightLayout, type Rect } from './grid-layout';
import { Idle } from './idle';
import { Calling } from '../entrance/calling';
import { Knocks } from '../notices/knocks';
import { Place } from './place';
import { RingChips } from './ring-chips';
import { Tile } from './tile';
import { shownSizes } from './shown-sizes';
import { spotlightOf, tilesOf, type TileModel } from './tiles';

/** The own voice on the meter's scale: louder than breathing and a keyboard. */
const OWN_VOICE = 0.45;

interface Placed {
  tile: TileModel;
  rect: Rect;
  small: boolean;
}

/** The running call: everyone's picture, as large as the window allows, and the controls. */
@Component({
  selector: 'wc-stage',
  imports: [CallControls, Calling, Knocks, Place, RingChips, Tile],
  templateUrl: './stage.html',
  styleUrl: './stage.scss',
  providers: [Idle],
  host: {
    '[class.idle]': 'resting()',
    '[style.--covered.px]': 'covered().height',
    '(pointermove)': 'idle.wake()',
    '(document:pointerdown)': 'byKeyboard = false; idle.wake()',
    '(document:keydown.tab)': 'byKeyboard = true',
    '(document:keydown)': 'idle.wake()',
    '(document:visibilitychange)': 'noteHidden()',
    '(document:keydown.escape)': '$event.defaultPrevented || pinned.set(null)',
  },
})
export class Stage {
  private readonly local = inject(LocalMedia);
  private readonly user = inject(Session).user;
  protected readonly session = inject(CallSession);
  protected readonly noRelay = inject(LinkKeeper).noRelay;
  protected readonly formats = inject(Formats);
  protected readonly idle = inject(Idle);
  private readonly rings = inject(Rings);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  private readonly floor = viewChild.required<ElementRef<HTMLElement>>('floor');
  private readonly controls = viewChild.required(CallControls, { read: ElementRef });
  protected readonly size = signal({ width: 0, height: 0 });
  protected readonly covered = signal<Covered>({ height: 0, side: 0 });
  private readonly hidden = signal(document.hidden);
  /** Whoever moves the focus by keys has to see it, also while they rest. */
  protected byKeyboard = false;

  readonly stay = input.required<CallStay>();
  /** Key of the tile that the person wants large. */
  protected readonly pinned = signal<string | null>(null);

  protected readonly tiles = computed(() => {
    const stay = this.stay();
    const user = this.user();
    const self = {
      id: stay.selfId,
      userId: user?.id ?? '',
      name: user?.username ?? '',
      media: this.local.state(),
      camera: this.local.camera(),
      screen: this.local.screen(),
      seat: stay.self(),
    };
    const [others, remote] = [stay.others(), stay.remote()];
    return tilesOf({ self, others, remote, links: stay.links(), qualities: stay.qualities(), hands: stay.hands() });
  });
  protected readonly spotlight = computed(() => spotlightOf(this.tiles(), this.pinned()));
  protected readonly alone = computed(() => this.stay().others().length === 0);
  /** Whoever is rung is told of instead of being alone. */
  protected readonly ringing = computed(() =>
    this.stay()
      .rings()
      .some(({ status }) => status === 'ringing'),
  );
  /** The other one of a direct room, as long as they are called and not here. */
  protected readonly calling = computed(() => {
    const room = this.room.room();
    if (room?.kind !== 'direct' || !room.peerId || !this.alone()) return null;
    const outgoing = this.rings.outgoing().at(-1) ?? null;
    if (!outgoing && this.rings.starting() !== room.id) return null;
    return { userId: room.peerId, name: room.name, outgoing };
  });
  /** Beside the open list of members, which names them too, they are not shown twice. */
  protected readonly knocks = computed(() =>
    this.room.may('call:moderate') && this.room.panel() !== 'members' ? this.stay().knocks() : [],
  );
  protected readonly placed = computed<Placed[]>(() => {
    const [tiles, large] = [this.tiles(), this.spotlight()];
    const ordered = large ? [large, ...tiles.filter((t) => t.key !== large.key)] : tiles;
    const rects = clearOf(this.covered(), { ...this.size(), gap: 8 }, (stage) =>
      large ? spotlightLayout(ordered.length - 1, stage) : gridLayout(ordered.length, stage),
    );
    const places = new Map(ordered.map((tile, i) => [tile.key, { rect: rects[i], small: !!large && i > 0 }]));
    // In the order of the tiles, not of the places: an element that changes its place moves there.
    return tiles.flatMap((tile) => {
      const place = places.get(tile.key);
      return place?.rect ? [{ tile, rect: place.rect, small: place.small }] : [];
    });
  });
  /** It is not the others: every one of them is out of reach, or the own line is. */
  protected readonly selfTrouble = computed(() => {
    const people = this.tiles().filter((t) => t.kind === 'person' && !t.self);
    const cut = people.filter((t) => t.trouble === 'interrupted' || t.trouble === 'failed').length;
    return cut > 0 && (this.session.interrupted() || (cut === people.length && cut > 1));
  });

  constructor() {
    afterRenderEffect((onCleanup) => {
      const floor = this.floor().nativeElement;
      const controls = this.controls().nativeElement as HTMLElement;
      const measure = (): void => {
        this.size.set({ width: floor.clientWidth, height: floor.clientHeight });
        this.covered.set(coveredBy(controls, floor));
      };
      const resized = new ResizeObserver(measure);
      for (const element of [floor, controls]) resized.observe(element);
      onCleanup(() => resized.disconnect());
    });
    effect(() => {
      const sizes = this.hidden() ? new Map<string, TileSizes>() : shownSizes(this.placed(), devicePixelRatio);
      const stay = this.stay();
      untracked(() => stay.show(sizes));
    });
    inject(DestroyRef).onDestroy(() => this.stay().show(new Map()));
    effect(() => {
      if (this.idle.on()) Tooltip.hideAny();
    });
    effect((onCleanup) => {
      const [track, stay] = [this.local.on().microphone ? this.local.microphone() : null, this.stay()];
      if (!track) return;
      const scope = new Scope();
      meterLevel(track, scope, (level) => stay.hearSelf(level > OWN_VOICE));
      onCleanup(() => scope.close());
    });
  }

  /**
   * The controls fade when nothing moves, except while they are needed: somebody is called, the keyboard is in them, or
   * a panel is open on a small screen, where everything moves there.
   */
  protected resting(): boolean {
    if (!this.idle.on() || this.ringing() || this.calling()) return false;
    const controls = this.controls().nativeElement as HTMLElement;
    if (this.byKeyboard && controls.contains(document.activeElement)) return false;
    return this.room.panel() === null || matchMedia('(min-width: 1024px)').matches;
  }

  protected noteHidden(): void {
    this.hidden.set(document.hidden);
  }

  protected isBehindControls({ rect, small }: Placed): boolean {
    return !small && isNameCovered(rect, this.size(), this.covered());
  }

  protected togglePin(key: string): void {
    this.pinned.update((pinned) => (pinned === key || this.spotlight()?.key === key ? null : key));
  }
}
