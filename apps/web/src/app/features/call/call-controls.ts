import type { ConnectedPosition } from '@angular/cdk/overlay';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { afterNextRender, Component, computed, type ElementRef, inject, output, viewChild } from '@angular/core';
import { MediaError } from '@webcall/rtc';
import { CallSession } from '../../core/call-session';
import { isFocusLost } from '../../core/focus';
import { I18n } from '../../core/i18n';
import { type CaptureKind, LocalMedia } from '../../core/local-media';
import { RoomList } from '../../core/room-list';
import { RoomStore } from '../../core/room-store';
import { Dialogs } from '../../ui/dialog';
import { Icon } from '../../ui/icon';
import { Toasts } from '../../ui/toasts';
import { Tooltip } from '../../ui/tooltip';
import { DeviceDialog } from './device-dialog';
import { FiguresDialog } from './figures-dialog';

/** The buttons of the running call, and their keys. */
@Component({
  selector: 'wc-call-controls',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon, Tooltip],
  templateUrl: './call-controls.html',
  styleUrl: './call-controls.scss',
  host: { role: 'toolbar', '[attr.aria-label]': 't().call.controls', '(document:keydown)': 'onKey($event)' },
})
export class CallControls {
  private readonly session = inject(CallSession);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly list = inject(RoomList);
  protected readonly local = inject(LocalMedia);
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;
  private readonly microphone = viewChild.required<ElementRef<HTMLButtonElement>>('microphone');
  /** Something of the controls opens (`true`) or closes. */
  readonly menu = output<boolean>();

  /** Above the controls and towards their middle, so that it stays on the stage. */
  protected readonly menuPosition: ConnectedPosition[] = [
    { originX: 'end', originY: 'top', overlayX: 'end', overlayY: 'bottom', offsetY: -12 },
  ];
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

  protected async toggle(kind: CaptureKind): Promise<void> {
    await this.local.set(kind, !this.local.on()[kind]);
    const reason = this.local.problems()[kind];
    const { problem, fix } = this.t().devices;
    if (reason) this.toasts.show(`${problem[kind][reason]} ${fix[reason]}`, 'bad');
  }

  protected async share(): Promise<void> {
    if (this.sharing()) return this.local.stopSharing();
    try {
      await this.local.share();
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      // Whoever closes the browser's picker has changed their mind.
      if (error.reason !== 'denied') this.toasts.show(this.t().devices.shareFailed, 'bad');
    }
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
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isElsewhere(event.target)) return;
    // By place on the keyboard, so that the keys work in every alphabet.
    const action = {
      KeyM: () => this.toggle('microphone'),
      KeyV: () => this.toggle('camera'),
      KeyS: () => (this.canShare ? this.share() : undefined),
      KeyC: () => this.room.toggle('chat'),
    }[event.code];
    if (!action) return;
    event.preventDefault();
    void action();
  }
}

/** Somebody writes, or a dialog or menu is open. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [role=dialog], [role=menu]') !== null;
}
