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
import { meterTrackLevel, type TileSizes } from '@webcall/rtc';
import { BrowserStorage } from '../../../core/browser/browser-storage';
import { Session } from '../../../core/session/session';
import { DateTimeFormats } from '../../../core/text/date-time-formats';
import { I18n } from '../../../core/text/i18n';
import type { ActiveCall } from '../../../state/call/active-call';
import { CallSession } from '../../../state/call/call-session';
import { LinkKeeper } from '../../../state/call/link-keeper';
import { LocalMedia } from '../../../state/media/local-media';
import { Rings } from '../../../state/rings/rings';
import { RoomStore } from '../../../state/rooms/room-store';
import { Tooltip } from '../../../ui/feedback/tooltip';
import { CallControls } from '../controls/call-controls';
import { Calling } from '../entrance/calling';
import { Knocks } from '../notices/knocks';
import { type CoveredArea, isNameCovered, layoutClearOfControls, measureCoveredArea } from './covered-area';
import { IdleDetector } from './idle-detector';
import { INSET_CORNERS, type InsetCorner, nearestCornerOf, placeInset } from './inset';
import { InsetDrag } from './inset-drag';
import { InsetMover } from './inset-mover';
import { Place } from './place';
import { RingChips } from './ring-chips';
import { buildStageTiles, insetTileOf, spotlightTileOf, type TileModel } from './stage-tiles';
import { Tile } from './tile';
import { computeGridLayout, computeSpotlightLayout, type TileRect } from './tile-layout';
import { computeTileSizes } from './tile-sizes';

/** Level from which the microphone counts as the own voice: louder than breathing and typing. */
const OWN_VOICE_LEVEL = 0.45;

interface PlacedTile {
  tile: TileModel;
  rect: TileRect;
  /** In the strip next to a large tile, or over it. */
  small: boolean;
  inset: boolean;
}

/** Where the last corner of the inset is stored: it is the same in the next call. */
const INSET_CORNER_KEY = 'insetCorner';

/** The view of the running call: the tiles, as large as the window allows, and the controls. */
@Component({
  selector: 'wc-stage',
  imports: [CallControls, Calling, InsetDrag, InsetMover, Knocks, Place, RingChips, Tile],
  templateUrl: './stage.html',
  styleUrl: './stage.scss',
  providers: [IdleDetector],
  host: {
    '[class.idle]': 'areControlsResting()',
    '[style.--covered.px]': 'covered().height',
    '(pointermove)': 'idle.restartIdleTimer()',
    '(document:pointerdown)': 'byKeyboard = false; idle.restartIdleTimer()',
    '(document:keydown.tab)': 'byKeyboard = true',
    '(document:keydown)': 'idle.restartIdleTimer()',
    '(document:visibilitychange)': 'handleVisibilityChange()',
    '(document:keydown.escape)': '$event.defaultPrevented || pinned.set(null)',
  },
})
export class Stage {
  private readonly local = inject(LocalMedia);
  private readonly storage = inject(BrowserStorage).browser;
  private readonly user = inject(Session).user;
  protected readonly session = inject(CallSession);
  protected readonly noRelay = inject(LinkKeeper).noRelay;
  protected readonly formats = inject(DateTimeFormats);
  protected readonly idle = inject(IdleDetector);
  private readonly rings = inject(Rings);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  private readonly floor = viewChild.required<ElementRef<HTMLElement>>('floor');
  private readonly controls = viewChild.required(CallControls, { read: ElementRef });
  protected readonly size = signal({ width: 0, height: 0 });
  protected readonly covered = signal<CoveredArea>({ height: 0, side: 0 });
  private readonly hidden = signal(document.hidden);
  /** The focus moves by keyboard, so the focused controls must stay visible even when idle. */
  protected byKeyboard = false;

  readonly activeCall = input.required<ActiveCall>();
  /** Key of the tile that the user made large. */
  protected readonly pinned = signal<string | null>(null);

  protected readonly tiles = computed(() => {
    const activeCall = this.activeCall();
    const user = this.user();
    const self = {
      id: activeCall.selfId,
      userId: user?.id ?? '',
      name: user?.username ?? '',
      media: this.local.state(),
      camera: this.local.camera(),
      screen: this.local.screen(),
      seat: activeCall.self(),
    };
    const [others, remote] = [activeCall.others(), activeCall.remote()];
    return buildStageTiles({
      self,
      others,
      remote,
      links: activeCall.links(),
      qualities: activeCall.qualities(),
      hands: activeCall.hands(),
    });
  });
  private readonly inset = computed(() => insetTileOf(this.tiles()));
  protected readonly insetCorner = signal(readInsetCorner(this.storage.readValue(INSET_CORNER_KEY)));
  /** Where the inset is while somebody drags it. */
  protected readonly draggedInset = signal<TileRect | null>(null);
  protected readonly spotlight = computed(() => (this.inset() ? null : spotlightTileOf(this.tiles(), this.pinned())));
  protected readonly alone = computed(() => this.activeCall().others().length === 0);
  /** While somebody is being rung, that is shown instead of the hint that the user is alone. */
  protected readonly ringing = computed(() =>
    this.activeCall()
      .rings()
      .some(({ status }) => status === 'ringing'),
  );
  /** The peer of a direct room while being called and not yet in the call. */
  protected readonly calling = computed(() => {
    const room = this.room.room();
    if (room?.kind !== 'direct' || !room.peerId || !this.alone()) return null;
    const outgoing = this.rings.outgoing().at(-1) ?? null;
    if (!outgoing && this.rings.starting() !== room.id) return null;
    return { userId: room.peerId, name: room.name, outgoing };
  });
  /** Empty while the member list is open, because it shows the knocks too. */
  protected readonly knocks = computed(() =>
    this.room.canPerformAction('call:moderate') && this.room.panel() !== 'members' ? this.activeCall().knocks() : [],
  );
  protected readonly placed = computed<PlacedTile[]>(() => {
    const [tiles, large, inset] = [this.tiles(), this.spotlight(), this.inset()];
    const shared = tiles.filter((tile) => tile !== inset);
    const ordered = large ? [large, ...shared.filter((t) => t.key !== large.key)] : shared;
    const [size, covered] = [this.size(), this.covered()];
    const rects = layoutClearOfControls(covered, { ...size, gap: 8 }, (stage) =>
      large || inset ? computeSpotlightLayout(ordered.length - 1, stage) : computeGridLayout(ordered.length, stage),
    );
    const places = new Map(ordered.map((tile, i) => [tile, { rect: rects[i], small: !!large && i > 0, inset: false }]));
    if (inset) places.set(inset, { rect: placeInset(this.insetCorner(), size, covered), small: true, inset: true });
    // In the order of the tiles, not of the places: so the elements stay and animate to new places.
    return tiles.flatMap((tile) => {
      const place = places.get(tile);
      return place?.rect ? [{ ...place, tile, rect: place.rect }] : [];
    });
  });
  /** The problem is on the user's side: the own line is interrupted, or all other participants are unreachable. */
  protected readonly selfTrouble = computed(() => {
    const people = this.tiles().filter((t) => t.kind === 'person' && !t.self);
    const unreachable = people.filter((t) => t.trouble === 'interrupted' || t.trouble === 'failed').length;
    return unreachable > 0 && (this.session.interrupted() || (unreachable === people.length && unreachable > 1));
  });

  constructor() {
    afterRenderEffect((onCleanup) => {
      const floor = this.floor().nativeElement;
      const controls = this.controls().nativeElement as HTMLElement;
      const measure = (): void => {
        this.size.set({ width: floor.clientWidth, height: floor.clientHeight });
        this.covered.set(measureCoveredArea(controls, floor));
      };
      const resized = new ResizeObserver(measure);
      for (const element of [floor, controls]) resized.observe(element);
      onCleanup(() => resized.disconnect());
    });
    effect(() => {
      const sizes = this.hidden() ? new Map<string, TileSizes>() : computeTileSizes(this.placed(), devicePixelRatio);
      const activeCall = this.activeCall();
      untracked(() => activeCall.setTileSizes(sizes));
    });
    inject(DestroyRef).onDestroy(() => this.activeCall().setTileSizes(new Map()));
    effect(() => {
      if (this.idle.isIdle()) Tooltip.hideCurrentTooltip();
    });
    effect((onCleanup) => {
      const track = this.local.on().microphone ? this.local.microphone() : null;
      const activeCall = this.activeCall();
      if (!track) return;
      const scope = new Scope();
      meterTrackLevel(track, scope, (level) => activeCall.noteOwnVoice(level > OWN_VOICE_LEVEL));
      onCleanup(() => scope.closeScope());
    });
  }

  /**
   * The controls fade when nothing moves, except while somebody is being called, the keyboard focus is in them, or a
   * panel is open on a small screen, where all activity happens in the panel.
   */
  protected areControlsResting(): boolean {
    if (!this.idle.isIdle() || this.ringing() || this.calling()) return false;
    const controls = this.controls().nativeElement as HTMLElement;
    if (this.byKeyboard && controls.contains(document.activeElement)) return false;
    return this.room.panel() === null || matchMedia('(min-width: 1024px)').matches;
  }

  protected handleVisibilityChange(): void {
    this.hidden.set(document.hidden);
  }

  protected isNameBehindControls({ rect, small }: PlacedTile): boolean {
    return !small && isNameCovered(rect, this.size(), this.covered());
  }

  protected moveInsetTo(corner: InsetCorner): void {
    this.insetCorner.set(corner);
    this.storage.storeValue(INSET_CORNER_KEY, corner);
  }

  protected dropInset(): void {
    const dropped = this.draggedInset();
    this.draggedInset.set(null);
    if (dropped) this.moveInsetTo(nearestCornerOf(dropped, this.size()));
  }

  /** A tile that is large by itself would stay so, and with two tiles there is nothing to choose. */
  protected isPinnable({ key }: TileModel): boolean {
    const isLargeByItself = this.spotlight()?.key === key && spotlightTileOf(this.tiles(), null)?.key === key;
    return this.tiles().length > 2 && !isLargeByItself;
  }

  protected togglePinnedTile(key: string): void {
    this.pinned.update((pinned) => (pinned === key || this.spotlight()?.key === key ? null : key));
  }
}

function readInsetCorner(stored: unknown): InsetCorner {
  return INSET_CORNERS.find((corner) => corner === stored) ?? 'bottom-right';
}
