import { computed, DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { CallChangedEvent, CallJoinedDto, RoomChangedEvent, SignalReceivedEvent } from '@webcall/contracts';
import type { MediaState } from '@webcall/domain';
import { Lock } from '@webcall/base';
import { Subject } from 'rxjs';
import { ApiError, isApiError } from '../../core/net/api-error';
import { CallStay } from './call-stay';
import { CALL_TRANSPORT } from './call-transport';
import { LinkKeeper } from './link-keeper';
import { LocalMedia } from '../media/local-media';
import { MediaPreferences } from '../media/media-preferences';
import { RealtimeClient } from '../../core/net/realtime-client';
import { SeatKeeper, type KeptSeat } from './seat-keeper';
import { Session } from '../../core/session/session';
import { keepAwake } from '../../core/browser/wake-lock';
import { type CallEnd, WayBack } from './way-back';

const RETRY_MS = 1000;
const SILENT: MediaState = { microphone: false, camera: false, screen: false, screenSound: false };

/** The call that this tab is in: joining, coming back after a lost socket or a reload, leaving. */
@Injectable({ providedIn: 'root' })
export class CallSession {
  private readonly realtime = inject(RealtimeClient);
  private readonly local = inject(LocalMedia);
  private readonly seat = inject(SeatKeeper);
  private readonly links = inject(LinkKeeper);
  private readonly preferences = inject(MediaPreferences);
  private readonly session = inject(Session);
  private readonly wayBack = inject(WayBack);
  private readonly transportOf = inject(CALL_TRANSPORT);
  private readonly stay = signal<CallStay | null>(null);
  private readonly now = signal(performance.now());
  private told: MediaState = SILENT;
  /** One way in at a time: a ring may be answered while the seat from before a reload is being taken again. */
  private readonly entrance = new Lock();
  private resuming?: Promise<void>;
  private refreshing?: Promise<void>;
  /** What arrives before the answer to `call:join` has been taken in. */
  private backlog?: { changes: CallChangedEvent[]; signals: [SignalReceivedEvent, () => void][] };

  /** The running call, or null. */
  readonly active = this.stay.asReadonly();
  /** The room whose call is being joined. */
  readonly joining = signal<string | null>(null);
  /** How long it has been a conversation, in ms; 0 while nobody else has come. */
  readonly duration = computed(() => Math.max(0, this.now() - (this.stay()?.talkingSince() ?? this.now())));
  /** Whether the own line to the server is interrupted. */
  readonly interrupted = computed(() => this.stay() !== null && this.realtime.status() !== 'online');
  /** Set when a call ended from outside, until the next one or `dismiss`. */
  readonly ended = signal<{ roomId: string; why: CallEnd } | null>(null);
  /** Whether the browser refuses to play sound before the person has clicked. */
  readonly soundBlocked = signal(false);
  readonly unblockSound = new Subject<void>();

  constructor() {
    const ticking = setInterval(() => this.tick(), 1000);
    this.links.follow(this.active);
    const unsignal = this.realtime.onSignal((event, ack) => this.onSignal(event, ack));
    const changes = this.realtime.on('call:changed').subscribe((event) => this.onChanged(event));
    const rooms = this.realtime.on('room:changed').subscribe((event) => this.onRoom(event));
    const again = this.realtime.reconnected.subscribe(() => this.stay() && void this.resume());
    keepAwake(computed(() => this.stay() !== null));
    effect(() => {
      const [stay, tracks, state] = [this.stay(), this.local.tracks(), this.local.state()];
      if (stay) untracked(() => this.publish(stay, tracks, state));
    });
    effect(() => {
      const held = this.stay()?.self()?.held ?? [];
      // What a moderator keeps off is off at the source.
      untracked(() => this.local.hold(held));
    });
    inject(DestroyRef).onDestroy(() => {
      clearInterval(ticking);
      unsignal();
      changes.unsubscribe();
      rooms.unsubscribe();
      again.unsubscribe();
    });
    void this.entrance.run(() => this.restore());
  }

  /**
   * Takes a seat in a room's call with what `LocalMedia` has open, and leaves any other call for it once that is sure.
   * @throws ApiError; `already_in_call` when another tab of this device has the seat: ask, and repeat with `takeOver`
   */
  join(roomId: string, takeOver = false): Promise<void> {
    return this.entrance.run(() => this.enter(roomId, takeOver));
  }

  private async enter(roomId: string, takeOver: boolean): Promise<void> {
    const former = this.stay();
    if (former?.roomId === roomId) return;
    this.ended.set(null);
    this.joining.set(roomId);
    try {
      await this.takeSeat(roomId, takeOver || former !== null);
    } finally {
      this.backlog = undefined;
      this.joining.set(null);
      if (former) this.checkOver(former);
    }
  }

  /** Gives the seat up. @param closing whether microphone and camera are let go too */
  async leave(closing = true): Promise<void> {
    if (!this.stay()) return;
    this.end(closing);
    try {
      await this.realtime.send('call:leave', {}, { volatile: true });
    } catch (error) {
      // Without a connection the seat's lease ends it.
      if (!isApiError(error)) throw error;
    }
  }

  dismiss(): void {
    this.ended.set(null);
  }

  private async takeSeat(roomId: string, takeOver: boolean): Promise<void> {
    this.backlog = { changes: [], signals: [] };
    // What is shared is shared with one call.
    const media = { ...this.local.state(), ...(this.stay() && { screen: false, screenSound: false }) };
    const answer = await this.realtime.send('call:join', { roomId, media, takeOver });
    if (this.stay()) this.end(false);
    const claimed = this.seat.claim(answer.participantId);
    this.begin(answer, media);
    await claimed;
  }

  private begin(answer: CallJoinedDto, told: MediaState): void {
    const { participantId, resumeKey, roomId } = answer;
    const transport = this.transportOf({
      selfId: participantId,
      iceServers: answer.iceServers,
      relayOnly: this.preferences.relayOnly(),
      connected: () => this.realtime.status() === 'online',
      sendSignal: async (signal) => void (await this.realtime.send('signal:send', signal, { volatile: true })),
    });
    const stay = new CallStay(answer, transport);
    const { microphone, camera } = this.local.on();
    this.seat.keep({ roomId, participantId, resumeKey, microphone, camera });
    this.told = told;
    // Before anything is turned on: what the former call held is free, and what this one holds is not.
    this.local.hold(stay.self()?.held ?? []);
    this.wayBack.seen();
    this.now.set(performance.now());
    this.stay.set(stay);
    const { changes, signals } = this.backlog ?? { changes: [], signals: [] };
    this.backlog = undefined;
    changes.forEach((event) => this.onChanged(event));
    signals.forEach(([event, ack]) => this.onSignal(event, ack));
  }

  private end(closing: boolean, why?: CallEnd): void {
    const stay = this.stay();
    this.stay.set(null);
    this.seat.drop();
    this.soundBlocked.set(false);
    if (stay && why) this.ended.set({ roomId: stay.roomId, why });
    stay?.close();
    if (closing) this.local.close();
    else this.local.stopSharing();
  }

  /** After a reload: the same seat, with the same devices. */
  private async restore(): Promise<void> {
    const kept = this.seat.kept();
    if (!kept) return;
    this.joining.set(kept.roomId);
    try {
      if (await this.seat.claim(kept.participantId)) await this.takeSeatAgain(kept);
      else this.seat.drop();
    } catch (error) {
      if (!isApiError(error)) throw error;
      // The lease has ended meanwhile: the room page offers to join anew.
      console.warn('The seat in the call could not be taken again', error);
      this.seat.drop();
    } finally {
      this.backlog = undefined;
      this.joining.set(null);
    }
  }

  private async takeSeatAgain({ roomId, participantId, resumeKey, microphone, camera }: KeptSeat): Promise<void> {
    this.backlog = { changes: [], signals: [] };
    const answer = await this.realtime.send('call:resume', {
      roomId,
      participantId,
      resumeKey,
      fresh: true,
      media: SILENT,
    });
    this.begin(answer, SILENT);
    this.local.want({ microphone, camera });
    // The track stays closed for a muted microphone: it opens when it is turned on. Nobody waits for the browser's prompt.
    void this.local.openWanted();
  }

  /** The socket is up again: the same seat, or if its lease has ended a new one. */
  private resume(): Promise<void> {
    this.resuming ??= this.tryResume().finally(() => (this.resuming = undefined));
    return this.resuming;
  }

  private async tryResume(): Promise<void> {
    const [stay, kept] = [this.stay(), this.seat.kept()];
    if (!stay || !kept) return;
    const media = this.local.state();
    this.told = media;
    try {
      const { roomId, participantId, resumeKey } = kept;
      const answer = await this.realtime.send(
        'call:resume',
        { roomId, participantId, resumeKey, media },
        { volatile: true },
      );
      if (this.stay() !== stay) return;
      this.seat.update({ resumeKey: answer.resumeKey });
      stay.resumed(answer);
      this.checkOver(stay);
    } catch (error) {
      if (this.stay() === stay) await this.onResumeRefused(stay, error);
    }
  }

  private async onResumeRefused(stay: CallStay, error: unknown): Promise<void> {
    if (isApiError(error, 'participant_not_found', 'not_in_call', 'not_found')) return this.comeBack(stay);
    if (isApiError(error, 'resume_key_wrong')) return this.end(true, 'moved');
    if (isApiError(error, 'room_not_found', 'forbidden', 'not_contacts')) return this.end(true, 'removed');
    if (!(error instanceof ApiError)) throw error;
    if (error.code !== 'offline') setTimeout(() => void this.resume(), RETRY_MS);
  }

  /** The seat is gone because the line was for too long: a new one, if there is a way back. */
  private async comeBack(stay: CallStay): Promise<void> {
    const { roomId } = stay;
    this.end(false);
    try {
      const why = await this.wayBack.closed(stay);
      if (why) this.stayOut(roomId, why);
      else await this.join(roomId);
    } catch (error) {
      if (!isApiError(error)) throw error;
      this.stayOut(roomId, this.wayBack.refused(error));
    }
  }

  private stayOut(roomId: string, why: CallEnd): void {
    this.ended.set({ roomId, why });
    this.local.close();
  }

  private onChanged(event: CallChangedEvent): void {
    const stay = this.stay();
    if (event.callId !== stay?.callId) this.backlog?.changes.push(event);
    else {
      if (stay.handleChanged(event)) void this.refresh(stay);
      this.checkOver(stay);
    }
  }

  /** Whoever is out of the room is out of its call, and hears no more of it. */
  private onRoom({ roomId, change }: RoomChangedEvent): void {
    const out = change.type === 'member_left' && change.userId === this.session.user()?.id;
    if ((out || change.type === 'deleted') && this.stay()?.roomId === roomId) this.end(true, 'removed');
  }

  private onSignal(event: SignalReceivedEvent, ack: () => void): void {
    const stay = this.stay();
    if (stay) {
      stay.handleSignal(event);
      ack();
    } else this.backlog?.signals.push([event, ack]);
  }

  /** Some changes were missed: asks for the whole. */
  private refresh(stay: CallStay): Promise<void> {
    this.refreshing ??= this.tryRefresh(stay).finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async tryRefresh(stay: CallStay): Promise<void> {
    try {
      const { call } = await this.realtime.send('call:get', { roomId: stay.roomId }, { volatile: true });
      if (this.stay() !== stay) return;
      if (!call || !stay.replace(call)) await this.comeBack(stay);
    } catch (error) {
      // A resume brings the whole too.
      if (this.stay() === stay) await this.onResumeRefused(stay, error);
    }
  }

  private checkOver(stay: CallStay): void {
    const why = stay.over();
    // On the way into another call, which says at its end whether this one goes on.
    if (!why || this.stay() !== stay || this.joining()) return;
    if (why === 'lost') void this.comeBack(stay);
    else this.end(true, why === 'moved' || why === 'removed' ? why : undefined);
  }

  private publish(stay: CallStay, tracks: ReturnType<LocalMedia['tracks']>, state: MediaState): void {
    stay.send(tracks);
    this.seat.update({ microphone: state.microphone, camera: state.camera });
    if (JSON.stringify(state) === JSON.stringify(this.told)) return;
    this.told = state;
    void this.tell(stay, state);
  }

  /** Others play only what they were told of: it is told again until the server takes it. */
  private async tell(stay: CallStay, state: MediaState): Promise<void> {
    if (this.stay() !== stay || this.told !== state) return;
    try {
      await this.realtime.send('call:update', { media: state }, { volatile: true });
    } catch (error) {
      if (!isApiError(error)) throw error;
      // The resume that follows a lost connection tells it too.
      if (error.code !== 'offline') setTimeout(() => void this.tell(stay, state), RETRY_MS);
    }
  }

  private tick(): void {
    if (!this.stay()) return;
    this.now.set(performance.now());
    if (this.realtime.status() === 'online') this.wayBack.seen();
  }
}
