import { CdkConnectedOverlay, CdkOverlayOrigin, type ConnectedPosition } from '@angular/cdk/overlay';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import {
  afterNextRender,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import type { Reaction } from '@webcall/contracts';
import { type Door, mayModerate } from '@webcall/domain';
import { CallSession } from '../../../state/call/call-session';
import { CallSigns } from '../../../state/call/call-signs';
import { ErrorTexts } from '../../../core/text/errors';
import { isFocusLost, takesKeys } from '../../../core/browser/focus';
import { I18n } from '../../../core/text/i18n';
import { LocalMedia } from '../../../state/media/local-media';
import { RoomList } from '../../../state/rooms/room-list';
import { RoomStore } from '../../../state/rooms/room-store';
import { Moderating } from '../../../flows/moderating';
import { OwnMedia } from '../../../flows/own-media';
import { CallEntry } from '../../../flows/call-entry';
import { Dialogs } from '../../../ui/feedback/dialog';
import { Icon } from '../../../ui/display/icon';
import { Toasts } from '../../../ui/feedback/toasts';
import { Tooltip } from '../../../ui/feedback/tooltip';
import { DeviceDialog } from './device-dialog';
import { FiguresDialog } from './figures-dialog';
import { ReactionPicker } from './reaction-picker';

/** The buttons of the running call, and their keys. */
@Component({
  selector: 'wc-call-controls',
  imports: [CdkConnectedOverlay, CdkMenu, CdkMenuItem, CdkMenuTrigger, CdkOverlayOrigin, Icon, ReactionPicker, Tooltip],
  templateUrl: './call-controls.html',
  styleUrl: './call-controls.scss',
  host: {
    role: 'toolbar',
    '[class.resting]': 'resting()',
    '[attr.aria-label]': 't().call.controls',
    '(document:keydown)': 'onKey($event)',
  },
})
export class CallControls {
  private readonly session = inject(CallSession);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly list = inject(RoomList);
  private readonly errors = inject(ErrorTexts);
  private readonly injector = inject(Injector);
  protected readonly moderating = inject(Moderating);
  protected readonly own = inject(OwnMedia);
  protected readonly signs = inject(CallSigns);
  protected readonly local = inject(LocalMedia);
  protected readonly entry = inject(CallEntry);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  private readonly microphone = viewChild.required<ElementRef<HTMLButtonElement>>('microphone');
  private readonly opener = viewChild<ElementRef<HTMLButtonElement>>('opener');
  private readonly moreButton = viewChild<ElementRef<HTMLButtonElement>>('moreButton');
  /** Nobody needs them at the moment. */
  readonly resting = input(false);
  /** There is no space for every button: some are in the menu. */
  readonly narrow = input(false);
  /** Something of the controls opens (`true`) or closes. */
  readonly menu = output<boolean>();

  /** Above the controls and towards their middle, so that it stays on the stage; below them where that is too low. */
  protected readonly menuPosition: ConnectedPosition[] = [
    { originX: 'end', originY: 'top', overlayX: 'end', overlayY: 'bottom', offsetY: -12 },
    { originX: 'end', originY: 'bottom', overlayX: 'end', overlayY: 'top', offsetY: 12 },
  ];
  /** Above the middle of the controls. */
  protected readonly pickerPosition: ConnectedPosition[] = [
    { originX: 'center', originY: 'top', overlayX: 'center', overlayY: 'bottom', offsetY: -12 },
  ];
  protected readonly picking = signal(false);
  protected readonly moderates = computed(() => this.room.may('call:moderate') && this.room.room()?.kind === 'group');
  /** The others who stand below. */
  protected readonly below = computed(() => {
    const own = this.room.room()?.role;
    const others = this.session.active()?.others() ?? [];
    return own ? others.filter(({ role }) => mayModerate(own, role)) : [];
  });
  protected readonly someHeld = computed(() => this.below().some(({ held }) => held.includes('microphone')));
  protected readonly handsBelow = computed(() => this.below().filter(({ hand }) => hand !== null));
  protected readonly canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  protected readonly sharing = computed(() => this.local.screen() !== null);
  protected readonly chatOpen = computed(() => this.room.panel() === 'chat');
  protected readonly unread = computed(
    () => !this.chatOpen() && (this.list.rooms().find((r) => r.id === this.room.id())?.unread ?? 0) > 0,
  );

  constructor() {
    // The button that led here is gone, and the focus with it.
    afterNextRender(() => {
      if (isFocusLost()) this.microphone().nativeElement.focus();
    });
  }

  protected pick(open = !this.picking()): void {
    if (this.picking() === open) return;
    this.picking.set(open);
    this.menu.emit(open);
    // Whoever closes it goes on where they opened it.
    const back = (): void => {
      if (isFocusLost()) (this.opener() ?? this.moreButton())?.nativeElement.focus();
    };
    if (!open) afterNextRender(back, { injector: this.injector });
  }

  /** The button that opens it closes it too, by itself. */
  protected closeFromOutside({ target }: MouseEvent): void {
    if (!(target instanceof Element && target.closest('[data-picker]'))) this.pick(false);
  }

  protected async react(reaction: Reaction): Promise<void> {
    this.pick(false);
    try {
      await this.signs.react(reaction);
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }

  protected async setDoor(door: Door): Promise<void> {
    const room = await this.moderating.setDoor(this.room.id(), door);
    if (!room) return;
    this.room.room.set(room);
    this.toasts.show(this.t().moderation.doorIs[door]);
  }

  protected leave(): void {
    void this.session.leave();
  }

  protected openDevices(): void {
    void this.dialogs.open(DeviceDialog, null, this.t().devices.lobby);
  }

  protected openFigures(): void {
    void this.dialogs.open(FiguresDialog, this.session.active(), this.t().call.figures);
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || takesKeys(event.target)) return;
    // By place on the keyboard, so that the keys work in every alphabet.
    const action = {
      KeyM: () => this.own.toggle('microphone'),
      KeyV: () => this.own.toggle('camera'),
      KeyS: () => (this.canShare ? this.own.toggleScreen() : undefined),
      KeyH: () => this.own.raiseHand(!this.signs.handIsUp()),
      KeyR: () => this.pick(),
      KeyC: () => this.room.toggle('chat'),
    }[event.code];
    if (!action) return;
    event.preventDefault();
    void action();
  }
}
