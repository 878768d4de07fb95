import { LiveAnnouncer } from '@angular/cdk/a11y';
import { effect, inject, Injectable, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { CallAskedEvent, CallChangedEvent } from '@webcall/contracts';
import { isActionAllowed } from '@webcall/domain';
import { RealtimeClient } from '../../../core/net/realtime-client';
import { I18n } from '../../../core/text/i18n';
import { ModeratorControls } from '../../../flows/moderator-controls';
import { CallReactions } from '../../../state/call/call-reactions';
import { CallSession } from '../../../state/call/call-session';
import { type CaptureKind, LocalMedia } from '../../../state/media/local-media';
import { Ringer } from '../../../state/rings/ringer';
import { RoomList } from '../../../state/rooms/room-list';
import { Dialogs } from '../../../ui/feedback/dialog';
import { Toasts } from '../../../ui/feedback/toasts';

/** Announces hands, reactions and knocks to screen readers, and shows the device requests of moderators. */
@Injectable()
export class ModerationNotices {
  private readonly session = inject(CallSession);
  private readonly local = inject(LocalMedia);
  private readonly dialogs = inject(Dialogs);
  private readonly ringer = inject(Ringer);
  private readonly announcer = inject(LiveAnnouncer);
  private readonly t = inject(I18n).t;
  private readonly rooms = inject(RoomList);
  private readonly toasts = inject(Toasts);
  private readonly moderating = inject(ModeratorControls);
  private asking = false;
  /** The user's seat in the running call; still needed once after the call has ended. */
  private selfId = '';

  constructor() {
    const callReactions = inject(CallReactions);
    this.announceNewItems(
      () => this.session.active()?.hands() ?? [],
      ({ id }) => id,
      ({ id, name }) => (id === this.session.active()?.selfId ? null : this.t().signs.raised(name)),
    );
    this.announceNewItems(
      () => this.answerableKnocks(),
      ({ id }) => id,
      ({ name }) => this.t().door.knocks(name),
      () => this.ringer.playKnockTone(this.session.active()?.roomId ?? ''),
    );
    this.announceNewItems(
      () => callReactions.reactions(),
      ({ key }) => String(key),
      ({ participantId, reaction }) => {
        const t = this.t().signs;
        const name = this.session
          .active()
          ?.others()
          .find(({ id }) => id === participantId)?.name;
        return name ? t.reacted(name, t.reactions[reaction]) : null;
      },
    );
    effect(() => {
      this.selfId = this.session.active()?.selfId ?? '';
    });
    inject(RealtimeClient)
      .observeEvents('call:changed')
      .pipe(takeUntilDestroyed())
      .subscribe((event) => this.handleCallChanged(event));
    inject(RealtimeClient)
      .observeEvents('call:asked')
      .pipe(takeUntilDestroyed())
      .subscribe((event) => void this.handleDeviceRequest(event));
  }

  /** Knocks at the door of the running call; empty unless the user can admit them. */
  private answerableKnocks() {
    const activeCall = this.session.active();
    const role = activeCall?.self()?.role;
    return activeCall && role && isActionAllowed(role, 'call:moderate') ? activeCall.knocks() : [];
  }

  /** Announces each item once, when it first appears, with an optional sound. */
  private announceNewItems<T>(
    all: () => readonly T[],
    key: (item: T) => string,
    describe: (item: T) => string | null,
    sound?: () => void,
  ): void {
    let known = new Set<string>();
    effect(() => {
      const now = all();
      const fresh = now.filter((item) => !known.has(key(item)));
      known = new Set(now.map(key));
      const texts = untracked(() => fresh.map(describe).filter((text) => text !== null));
      if (texts.length === 0) return;
      void this.announcer.announce(texts.join('. '), 'polite');
      if (sound) untracked(sound);
    });
  }

  private handleCallChanged({ roomId, change }: CallChangedEvent): void {
    if (change.type !== 'left' || change.reason !== 'ended' || change.participantId !== this.selfId) return;
    // In a direct room the peer simply hung up.
    if (this.rooms.findRoom(roomId)?.kind !== 'group') return;
    if (!this.moderating.takeEndedHere(roomId)) this.toasts.showToast(this.t().moderation.endedForAll);
  }

  private async handleDeviceRequest({ roomId, by, kinds }: CallAskedEvent): Promise<void> {
    const kind = (['microphone', 'camera'] as const).find((k) => kinds.includes(k));
    if (!kind || this.asking || this.session.active()?.roomId !== roomId || this.local.on()[kind]) return;
    this.asking = true;
    const agreed = await this.confirmDeviceRequest(kind, by);
    this.asking = false;
    // The call may have ended while the question was on the screen.
    if (agreed && this.session.active()?.roomId === roomId) await this.local.setDeviceEnabled(kind, true);
  }

  private confirmDeviceRequest(kind: CaptureKind, by: string): Promise<boolean> {
    const t = this.t().moderation;
    const [confirm, cancel] = kind === 'microphone' ? [t.unmute, t.stayMuted] : [t.turnOn, t.leaveOff];
    return this.dialogs.askConfirmation({ title: t.askedTitle[kind](by), text: t.askedText, confirm, cancel });
  }
}
