import { LiveAnnouncer } from '@angular/cdk/a11y';
import { effect, inject, Injectable, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { CallAskedEvent, CallChangedEvent } from '@webcall/contracts';
import { may } from '@webcall/domain';
import { CallSession } from '../../../state/call/call-session';
import { CallSigns } from '../../../state/call/call-signs';
import { I18n } from '../../../core/text/i18n';
import { type CaptureKind, LocalMedia } from '../../../state/media/local-media';
import { RealtimeClient } from '../../../core/net/realtime-client';
import { Ringer } from '../../../state/rings/ringer';
import { RoomList } from '../../../state/rooms/room-list';
import { Moderating } from '../../../flows/moderating';
import { Dialogs } from '../../../ui/feedback/dialog';
import { Toasts } from '../../../ui/feedback/toasts';

/** Tells of hands, reactions and who waits at the door to screen readers, and asks for what a moderator asks for. */
@Injectable()
export class ModerationNews {
  private readonly session = inject(CallSession);
  private readonly local = inject(LocalMedia);
  private readonly dialogs = inject(Dialogs);
  private readonly ringer = inject(Ringer);
  private readonly announcer = inject(LiveAnnouncer);
  private readonly t = inject(I18n).t;
  private readonly rooms = inject(RoomList);
  private readonly toasts = inject(Toasts);
  private readonly moderating = inject(Moderating);
  private asking = false;
  /** Of the running call; on its end it is needed once more. */
  private selfId = '';

  constructor() {
    const signs = inject(CallSigns);
    this.tellNew(
      () => this.session.active()?.hands() ?? [],
      ({ id }) => id,
      ({ id, name }) => (id === this.session.active()?.selfId ? null : this.t().signs.raised(name)),
    );
    this.tellNew(
      () => this.waiting(),
      ({ id }) => id,
      ({ name }) => this.t().door.knocks(name),
      () => this.ringer.knock(this.session.active()?.roomId ?? ''),
    );
    this.tellNew(
      () => signs.reactions(),
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
      .on('call:changed')
      .pipe(takeUntilDestroyed())
      .subscribe((event) => this.onChanged(event));
    inject(RealtimeClient)
      .on('call:asked')
      .pipe(takeUntilDestroyed())
      .subscribe((event) => void this.onAsked(event));
  }

  /** Who waits at the door of the running call, for those who can let them in. */
  private waiting() {
    const stay = this.session.active();
    const role = stay?.self()?.role;
    return stay && role && may(role, 'call:moderate') ? stay.knocks() : [];
  }

  /** Says each thing once, when it comes, and lets it sound if it is to be heard too. */
  private tellNew<T>(
    all: () => readonly T[],
    key: (item: T) => string,
    say: (item: T) => string | null,
    sound?: () => void,
  ): void {
    let known = new Set<string>();
    effect(() => {
      const now = all();
      const fresh = now.filter((item) => !known.has(key(item)));
      known = new Set(now.map(key));
      const texts = untracked(() => fresh.map(say).filter((text) => text !== null));
      if (texts.length === 0) return;
      void this.announcer.announce(texts.join('. '), 'polite');
      if (sound) untracked(sound);
    });
  }

  private onChanged({ roomId, change }: CallChangedEvent): void {
    if (change.type !== 'left' || change.reason !== 'ended' || change.participantId !== this.selfId) return;
    // In a direct room it is the other one who hung up.
    if (this.rooms.rooms().find(({ id }) => id === roomId)?.kind !== 'group') return;
    if (!this.moderating.wasEndedHere(roomId)) this.toasts.show(this.t().moderation.endedForAll);
  }

  private async onAsked({ roomId, by, kinds }: CallAskedEvent): Promise<void> {
    const kind = (['microphone', 'camera'] as const).find((k) => kinds.includes(k));
    if (!kind || this.asking || this.session.active()?.roomId !== roomId || this.local.on()[kind]) return;
    this.asking = true;
    const agreed = await this.ask(kind, by);
    this.asking = false;
    // The call may have ended while the question was on the screen.
    if (agreed && this.session.active()?.roomId === roomId) await this.local.set(kind, true);
  }

  private ask(kind: CaptureKind, by: string): Promise<boolean> {
    const t = this.t().moderation;
    const [confirm, cancel] = kind === 'microphone' ? [t.unmute, t.stayMuted] : [t.turnOn, t.leaveOff];
    return this.dialogs.ask({ title: t.askedTitle[kind](by), text: t.askedText, confirm, cancel });
  }
}
