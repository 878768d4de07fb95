import { NgComponentOutlet } from '@angular/common';
import { Component, effect, inject, input, signal, type Type } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Router } from '@angular/router';
import { RealtimeClient } from '../../core/net/realtime-client';
import { I18n } from '../../core/text/i18n';
import { LostPages } from '../../flows/lost-pages';
import { ErrorState } from '../../ui/feedback/error-state';
import { ROOM_PARTS, type RoomParts } from '../../widgets/room-parts';

/** A place in the room page for a lazily loaded component of another feature. */
@Component({
  selector: 'wc-room-slot',
  imports: [ErrorState, NgComponentOutlet],
  template: `
    @if (type(); as part) {
      <ng-container *ngComponentOutlet="part" />
    } @else if (failed()) {
      <wc-error-state
        [title]="t().rooms.errorTitle"
        [text]="t().errors.offline"
        [retryText]="t().common.retry"
        (retry)="retryRoomPart()"
      />
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class RoomSlot {
  private readonly lostPages = inject(LostPages);
  private readonly router = inject(Router);
  private readonly parts = inject(ROOM_PARTS);
  protected readonly t = inject(I18n).t;
  readonly part = input.required<keyof RoomParts>();
  protected readonly type = signal<Type<unknown> | null>(null);
  protected readonly failed = signal(false);

  constructor() {
    effect(() => void this.loadRoomPart());
    inject(RealtimeClient)
      .reconnected.pipe(takeUntilDestroyed())
      .subscribe(() => this.failed() && void this.loadRoomPart());
  }

  /** Browsers remember a module that failed: then only loading the whole app anew helps. */
  protected async retryRoomPart(): Promise<void> {
    await this.loadRoomPart();
    if (this.failed()) await this.lostPages.handleLostPage(this.router.url);
  }

  private async loadRoomPart(): Promise<void> {
    const part = this.part();
    try {
      const type = await this.parts[part]();
      this.failed.set(false);
      this.type.set(type);
    } catch (error) {
      console.error('a part of the room page could not be loaded', error);
      this.failed.set(true);
    }
  }
}
