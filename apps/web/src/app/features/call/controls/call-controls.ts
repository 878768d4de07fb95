import { CdkMenu, CdkMenuTrigger } from '@angular/cdk/menu';
import { CdkConnectedOverlay, CdkOverlayOrigin, type ConnectedPosition } from '@angular/cdk/overlay';
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
import { canModerateRole, type Door } from '@webcall/domain';
import { isFocusLost, isKeyboardTarget } from '../../../core/browser/focus';
import { I18n } from '../../../core/text/i18n';
import { CallEntry } from '../../../flows/call-entry';
import { FailureToasts } from '../../../flows/failure-toasts';
import { ModeratorControls } from '../../../flows/moderator-controls';
import { OwnMediaControls } from '../../../flows/own-media-controls';
import { CallReactions } from '../../../state/call/call-reactions';
import { CallSession } from '../../../state/call/call-session';
import { LocalMedia } from '../../../state/media/local-media';
import { RoomStore } from '../../../state/rooms/room-store';
import { Icon } from '../../../ui/display/icon';
import { Dialogs } from '../../../ui/feedback/dialog';
import { Toasts } from '../../../ui/feedback/toasts';
import { IconLabel, Tooltip } from '../../../ui/feedback/tooltip';
import { MenuItem } from '../../../ui/forms/menu-item';
import { DeviceDialog } from './device-dialog';
import { FiguresDialog } from './figures-dialog';
import { ReactionPicker } from './reaction-picker';

/** The toolbar of the running call, with keyboard shortcuts. */
@Component({
  selector: 'wc-call-controls',
  imports: [
    CdkConnectedOverlay,
    CdkMenu,
    CdkMenuTrigger,
    CdkOverlayOrigin,
    Icon,
    IconLabel,
    MenuItem,
    ReactionPicker,
    Tooltip,
  ],
  templateUrl: './call-controls.html',
  styleUrl: './call-controls.scss',
  host: {
    role: 'toolbar',
    '[class.resting]': 'resting()',
    '[attr.aria-label]': 't().call.controls',
    '(document:keydown)': 'handleShortcutKey($event)',
  },
})
export class CallControls {
  private readonly session = inject(CallSession);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly failures = inject(FailureToasts);
  private readonly injector = inject(Injector);
  protected readonly moderating = inject(ModeratorControls);
  protected readonly own = inject(OwnMediaControls);
  protected readonly signs = inject(CallReactions);
  protected readonly local = inject(LocalMedia);
  protected readonly entry = inject(CallEntry);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  /** The first one: the microphone. */
  private readonly deviceSwitch = viewChild.required<ElementRef<HTMLButtonElement>>('deviceSwitch');
  private readonly opener = viewChild<ElementRef<HTMLButtonElement>>('opener');
  private readonly moreButton = viewChild<ElementRef<HTMLButtonElement>>('moreButton');
  /** The controls are not needed at the moment and fade. */
  readonly resting = input(false);
  /** There is no space for every button, so some move into the menu. */
  readonly narrow = input(false);
  /** A menu or the reaction picker opens (`true`) or closes. */
  readonly menu = output<boolean>();

  /** Above the controls and towards their middle, to stay on the stage; below them if there is no space above. */
  protected readonly menuPosition: ConnectedPosition[] = [
    { originX: 'end', originY: 'top', overlayX: 'end', overlayY: 'bottom', offsetY: -12 },
    { originX: 'end', originY: 'bottom', overlayX: 'end', overlayY: 'top', offsetY: 12 },
  ];
  /** Above the middle of the controls. */
  protected readonly pickerPosition: ConnectedPosition[] = [
    { originX: 'center', originY: 'top', overlayX: 'center', overlayY: 'bottom', offsetY: -12 },
  ];
  protected readonly devices = [
    { kind: 'microphone', key: 'M' },
    { kind: 'camera', key: 'V' },
  ] as const;
  protected readonly picking = signal(false);
  protected readonly moderates = computed(
    () => this.room.canPerformAction('call:moderate') && this.room.room()?.kind === 'group',
  );
  /** Other participants whom the user can moderate. */
  protected readonly below = computed(() => {
    const own = this.room.room()?.role;
    const others = this.session.active()?.others() ?? [];
    return own ? others.filter(({ role }) => canModerateRole(own, role)) : [];
  });
  protected readonly someHeld = computed(() => this.below().some(({ held }) => held.includes('microphone')));
  protected readonly handsBelow = computed(() => this.below().filter(({ hand }) => hand !== null));
  protected readonly canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  protected readonly sharing = computed(() => this.local.screen() !== null);
  protected readonly chatOpen = computed(() => this.room.panel() === 'chat');
  protected readonly unread = computed(() => !this.chatOpen() && (this.room.room()?.unread ?? 0) > 0);

  constructor() {
    // The button that led here was removed, and the focus with it.
    afterNextRender(() => {
      if (isFocusLost()) this.deviceSwitch().nativeElement.focus();
    });
  }

  protected toggleReactionPicker(open = !this.picking()): void {
    if (this.picking() === open) return;
    this.picking.set(open);
    this.menu.emit(open);
    // After closing, the focus returns to the button that opens the picker.
    const restoreFocus = (): void => {
      if (isFocusLost()) (this.opener() ?? this.moreButton())?.nativeElement.focus();
    };
    if (!open) afterNextRender(restoreFocus, { injector: this.injector });
  }

  /** A click on the opening button is ignored: that button closes the picker itself. */
  protected closePickerFromOutside({ target }: MouseEvent): void {
    if (!(target instanceof Element && target.closest('[data-picker]'))) this.toggleReactionPicker(false);
  }

  protected async sendPickedReaction(reaction: Reaction): Promise<void> {
    this.toggleReactionPicker(false);
    await this.failures.runWithToast(() => this.signs.sendReaction(reaction));
  }

  protected async saveCallDoor(door: Door): Promise<void> {
    const isChanged = await this.moderating.changeRoomDoor(this.room.id(), door);
    if (isChanged) this.toasts.showToast(this.t().moderation.doorIs[door]);
  }

  protected leaveRunningCall(): void {
    void this.session.leaveActiveCall();
  }

  protected openDeviceDialog(): void {
    void this.dialogs.openDialog(DeviceDialog, null, this.t().devices.lobby);
  }

  protected openFiguresDialog(): void {
    void this.dialogs.openDialog(FiguresDialog, this.session.active(), this.t().call.figures);
  }

  protected handleShortcutKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isKeyboardTarget(event.target)) return;
    // By physical key, so that the shortcuts work with every keyboard layout.
    const action = {
      KeyM: () => this.own.toggleDevice('microphone'),
      KeyV: () => this.own.toggleDevice('camera'),
      KeyS: () => (this.canShare ? this.own.toggleScreenShare() : undefined),
      KeyH: () => this.own.setOwnHandRaised(!this.signs.handIsUp()),
      KeyR: () => this.toggleReactionPicker(),
      KeyC: () => this.room.togglePanel('chat'),
    }[event.code];
    if (!action) return;
    event.preventDefault();
    void action();
  }
}
