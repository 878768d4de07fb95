import { computed, DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { Mutex } from '@webcall/base';
import type { CallJoinedDto, RoomChangedEvent, SignalReceivedEvent } from '@webcall/contracts';
import type { MediaState } from '@webcall/domain';
import { Subject } from 'rxjs';
import { keepScreenAwake } from '../../core/browser/wake-lock';
import { ApiError, isApiError } from '../../core/net/api-error';
import { type CommandData, RealtimeClient } from '../../core/net/realtime-client';
import { RetryBackoff } from '../../core/net/retry-backoff';
import { Session } from '../../core/session/session';
import { LocalMedia } from '../media/local-media';
import { MediaPreferences } from '../media/media-preferences';
import { ActiveCall } from './active-call';
import { CallRosters, type RosterUpdate } from './call-rosters';
import { CALL_TRANSPORT_FACTORY } from './call-transport';
import { LinkKeeper } from './link-keeper';
import { ALL_MEDIA_OFF, MediaAnnouncer, SEAT_RETRY_PAUSES } from './media-announcer';
import { type CallEndReason, RejoinPolicy } from './rejoin-policy';
import { SeatStorage, type StoredSeat } from './seat-storage';

/** The call that this tab is in: joins it, comes back after a lost socket or a reload, and leaves it. */
@Injectable({ providedIn: 'root' })
export class CallSession {
  private readonly realtime = inject(RealtimeClient);
  private readonly rosters = inject(CallRosters);
  private readonly local = inject(LocalMedia);
  private readonly seatStorage = inject(SeatStorage);
  private readonly links = inject(LinkKeeper);
  private readonly announcer = inject(MediaAnnouncer);
  private readonly preferences = inject(MediaPreferences);
  private readonly session = inject(Session);
  private readonly rejoinPolicy = inject(RejoinPolicy);
  private readonly createTransport = inject(CALL_TRANSPORT_FACTORY);
  private readonly activeCall = signal<ActiveCall | null>(null);
  private readonly now = signal(performance.now());
  /** One join at a time: a ring may be answered while the seat from before a reload is being resumed. */
  private readonly joinLock = new Mutex();
  private resuming?: Promise<void>;
  private readonly resumeRetry = new RetryBackoff(() => void this.resumeAfterReconnect(), SEAT_RETRY_PAUSES);
  /** Signals that arrive before the answer to `call:join` has been applied. */
  private earlySignals?: [SignalReceivedEvent, () => void][];

  /** The running call, or null. */
  readonly active = this.activeCall.asReadonly();
  /** The room whose call is being joined. */
  readonly joining = signal<string | null>(null);
  /** How long the conversation has lasted, in ms; 0 while nobody else has joined. */
  readonly duration = computed(() => Math.max(0, this.now() - (this.activeCall()?.talkingSince() ?? this.now())));
  /** Whether the connection to the server is interrupted during a call. */
  readonly interrupted = computed(() => this.activeCall() !== null && this.realtime.status() !== 'online');
  /** Set when a call ended from outside, until the next one or `dismissCallEnd`. */
  readonly ended = signal<{ roomId: string; why: CallEndReason } | null>(null);
  /** Whether the browser refuses to play sound before the person has clicked. */
  readonly soundBlocked = signal(false);
  readonly unblockSound = new Subject<void>();

  constructor() {
    const ticking = setInterval(() => this.updateCallClock(), 1000);
    this.links.maintainLinks(this.active);
    const removeSignalHandler = this.realtime.addSignalHandler((event, ack) => this.handleIncomingSignal(event, ack));
    const rosters = this.rosters.updates.subscribe((update) => this.followRoster(update));
    // Resuming the seat brings the whole call too.
    const failures = this.rosters.failures.subscribe(({ roomId, error }) => {
      const activeCall = this.activeCall();
      if (activeCall?.roomId === roomId) void this.handleResumeFailure(activeCall, error);
    });
    const rooms = this.realtime.observeEvents('room:changed').subscribe((event) => this.handleRoomChange(event));
    const again = this.realtime.reconnected.subscribe(() => this.activeCall() && void this.resumeAfterReconnect());
    keepScreenAwake(computed(() => this.activeCall() !== null));
    effect(() => {
      const [activeCall, tracks, state] = [this.activeCall(), this.local.tracks(), this.local.state()];
      if (activeCall) untracked(() => this.publishLocalMedia(activeCall, tracks, state));
    });
    effect(() => {
      const held = this.activeCall()?.self()?.held ?? [];
      // Media that a moderator holds are turned off at the source.
      untracked(() => this.local.holdMediaKinds(held));
    });
    inject(DestroyRef).onDestroy(() => {
      clearInterval(ticking);
      removeSignalHandler();
      rosters.unsubscribe();
      failures.unsubscribe();
      rooms.unsubscribe();
      again.unsubscribe();
    });
    void this.joinLock.runExclusive(() => this.restoreSeat());
  }

  /**
   * Takes a seat in a room's call with the open devices of `LocalMedia`, and leaves any other call once that is sure.
   * @throws ApiError; `already_in_call` when another tab of this device has the seat: ask, and repeat with `takeOver`
   */
  joinRoomCall(roomId: string, takeOver = false): Promise<void> {
    return this.joinLock.runExclusive(() => this.switchToRoomCall(roomId, takeOver));
  }

  private async switchToRoomCall(roomId: string, takeOver: boolean): Promise<void> {
    const former = this.activeCall();
    if (former?.roomId === roomId) return;
    this.ended.set(null);
    this.joining.set(roomId);
    try {
      await this.requestNewSeat(roomId, takeOver || former !== null);
    } finally {
      this.earlySignals = undefined;
      this.joining.set(null);
      this.checkSeatLoss();
    }
  }

  /** Gives up the seat. @param closing whether microphone and camera are closed too */
  async leaveActiveCall(closing = true): Promise<void> {
    if (!this.activeCall()) return;
    this.closeActiveCall(closing);
    await this.sendLeave();
  }

  dismissCallEnd(): void {
    this.ended.set(null);
  }

  private async sendLeave(): Promise<void> {
    try {
      await this.realtime.sendCommand('call:leave', {}, { volatile: true });
    } catch (error) {
      // Without a connection the seat ends with its lease.
      if (!isApiError(error)) throw error;
    }
  }

  private async requestNewSeat(roomId: string, takeOver: boolean): Promise<void> {
    this.earlySignals = [];
    // A shared screen is shared with one call only.
    const media = { ...this.local.state(), ...(this.activeCall() && { screen: false, screenSound: false }) };
    const answer = await this.requestSeat({ roomId, media, takeOver });
    if (this.activeCall()) this.closeActiveCall(false);
    const claimed = this.seatStorage.acquireSeatLock(answer.participantId);
    this.startActiveCall(answer, media);
    await claimed;
  }

  private async requestSeat(wish: CommandData<'call:join'>): Promise<CallJoinedDto> {
    try {
      return await this.realtime.sendCommand('call:join', wish);
    } catch (error) {
      if (isApiError(error, 'offline', 'timeout')) this.undoLateJoin();
      throw error;
    }
  }

  /** A join without an answer may still reach the server, when nobody here expects it any more. */
  private undoLateJoin(): void {
    if (this.activeCall()) void this.resumeAfterReconnect();
    else void this.sendLeave();
  }

  private startActiveCall(answer: CallJoinedDto, announced: MediaState): void {
    const { participantId, resumeKey, roomId } = answer;
    const transport = this.createTransport({
      selfId: participantId,
      iceServers: answer.iceServers,
      relayOnly: this.preferences.relayOnly(),
      connected: () => this.realtime.status() === 'online',
      sendSignal: async (signal) => void (await this.realtime.sendCommand('signal:send', signal, { volatile: true })),
    });
    const activeCall = new ActiveCall(answer, this.rosters.storeOwnCall(answer), transport);
    const { microphone, camera } = this.local.on();
    this.seatStorage.storeSeat({ roomId, participantId, resumeKey, microphone, camera });
    this.announcer.recordAnnouncedMedia(announced);
    // Before anything is turned on: the former call's holds no longer apply, and this call's holds do.
    this.local.holdMediaKinds(activeCall.self()?.held ?? []);
    this.rejoinPolicy.recordLineUp();
    this.now.set(performance.now());
    this.activeCall.set(activeCall);
    const signals = this.earlySignals ?? [];
    this.earlySignals = undefined;
    signals.forEach(([event, ack]) => this.handleIncomingSignal(event, ack));
  }

  private closeActiveCall(closing: boolean, why?: CallEndReason): void {
    const activeCall = this.activeCall();
    this.activeCall.set(null);
    this.announcer.recordAnnouncedMedia(ALL_MEDIA_OFF);
    this.resumeRetry.resetBackoff();
    this.seatStorage.forgetStoredSeat();
    this.soundBlocked.set(false);
    if (activeCall && why) this.ended.set({ roomId: activeCall.roomId, why });
    activeCall?.closeTransport();
    if (closing) this.local.closeLocalMedia();
    else this.local.stopScreenSharing();
  }

  /** After a reload: resumes the same seat with the same devices. */
  private async restoreSeat(): Promise<void> {
    const storedSeat = this.seatStorage.loadStoredSeat();
    if (!storedSeat) return;
    this.joining.set(storedSeat.roomId);
    try {
      if (await this.seatStorage.acquireSeatLock(storedSeat.participantId)) await this.resumeStoredSeat(storedSeat);
      else this.seatStorage.forgetStoredSeat();
    } catch (error) {
      if (!isApiError(error)) throw error;
      // The lease has expired meanwhile: the room page offers to join anew.
      console.warn('the seat in the call could not be resumed', error);
      this.seatStorage.forgetStoredSeat();
    } finally {
      this.earlySignals = undefined;
      this.joining.set(null);
    }
  }

  private async resumeStoredSeat({ roomId, participantId, resumeKey, microphone, camera }: StoredSeat): Promise<void> {
    this.earlySignals = [];
    const answer = await this.realtime.sendCommand(
      'call:resume',
      { roomId, participantId, resumeKey, fresh: true, media: ALL_MEDIA_OFF },
      { patient: true },
    );
    this.startActiveCall(answer, ALL_MEDIA_OFF);
    this.local.storeWantedDevices({ microphone, camera });
    // A muted microphone opens only when it is turned on. Not awaited, because the browser may show a prompt.
    void this.local.openWantedDevices();
  }

  /** After a reconnect: resumes the same seat, or takes a new one if its lease has expired. */
  private resumeAfterReconnect(): Promise<void> {
    this.resuming ??= this.attemptResume().finally(() => (this.resuming = undefined));
    return this.resuming;
  }

  private async attemptResume(): Promise<void> {
    const [activeCall, storedSeat] = [this.activeCall(), this.seatStorage.loadStoredSeat()];
    if (!activeCall || !storedSeat) return;
    const media = this.local.state();
    this.announcer.recordAnnouncedMedia(media);
    try {
      const { roomId, participantId, resumeKey } = storedSeat;
      const answer = await this.realtime.sendCommand(
        'call:resume',
        { roomId, participantId, resumeKey, media },
        { volatile: true },
      );
      if (this.activeCall() !== activeCall) return;
      this.seatStorage.updateStoredSeat({ resumeKey: answer.resumeKey });
      activeCall.updateIceServers(answer);
      this.rosters.storeOwnCall(answer);
      activeCall.notifySocketReconnected();
      this.checkSeatLoss();
    } catch (error) {
      if (this.activeCall() === activeCall) await this.handleResumeFailure(activeCall, error);
    }
  }

  private async handleResumeFailure(activeCall: ActiveCall, error: unknown): Promise<void> {
    if (isApiError(error, 'participant_not_found', 'not_in_call', 'not_found')) return this.rejoinIfAllowed(activeCall);
    if (isApiError(error, 'resume_key_wrong')) return this.closeActiveCall(true, 'moved');
    if (isApiError(error, 'room_not_found', 'forbidden', 'not_contacts')) return this.closeActiveCall(true, 'removed');
    if (!(error instanceof ApiError)) throw error;
    if (error.code !== 'offline') this.resumeRetry.scheduleRetry();
  }

  /** The seat was lost with the connection: takes a new one if the rejoin policy allows it. */
  private async rejoinIfAllowed(activeCall: ActiveCall): Promise<void> {
    const { roomId } = activeCall;
    this.closeActiveCall(false);
    try {
      const why = await this.rejoinPolicy.findRejoinObstacle(activeCall);
      if (why) this.finishWithoutRejoin(roomId, why);
      else await this.joinRoomCall(roomId);
    } catch (error) {
      if (!isApiError(error)) throw error;
      this.finishWithoutRejoin(roomId, this.rejoinPolicy.callEndOfRefusal(error));
    }
  }

  private finishWithoutRejoin(roomId: string, why: CallEndReason): void {
    this.ended.set({ roomId, why });
    this.local.closeLocalMedia();
  }

  private followRoster({ roomId, roster, ...cause }: RosterUpdate): void {
    const activeCall = this.activeCall();
    if (activeCall?.roomId !== roomId) return;
    if (roster?.callId === activeCall.callId) activeCall.followRoster(roster, cause);
    else activeCall.noteLostCall();
    this.checkSeatLoss();
  }

  /** A user who is no longer in the room is no longer in its call, and gets no more events of it. */
  private handleRoomChange({ roomId, change }: RoomChangedEvent): void {
    const isRemoved = change.type === 'member_left' && change.userId === this.session.user()?.id;
    if ((isRemoved || change.type === 'deleted') && this.activeCall()?.roomId === roomId)
      this.closeActiveCall(true, 'removed');
  }

  private handleIncomingSignal(event: SignalReceivedEvent, ack: () => void): void {
    const activeCall = this.activeCall();
    if (activeCall) {
      activeCall.forwardPeerSignal(event);
      ack();
    } else this.earlySignals?.push([event, ack]);
  }

  private checkSeatLoss(): void {
    const activeCall = this.activeCall();
    const why = activeCall?.leaveReason();
    // While another call is being joined, `switchToRoomCall` decides at its end whether this one goes on.
    if (!activeCall || !why || this.joining()) return;
    if (why === 'lost') void this.rejoinIfAllowed(activeCall);
    else this.closeActiveCall(true, why === 'moved' || why === 'removed' ? why : undefined);
  }

  private publishLocalMedia(activeCall: ActiveCall, tracks: ReturnType<LocalMedia['tracks']>, state: MediaState): void {
    activeCall.publishTracks(tracks);
    this.seatStorage.updateStoredSeat({ microphone: state.microphone, camera: state.camera });
    this.announcer.announceMedia(state);
  }

  private updateCallClock(): void {
    if (!this.activeCall()) return;
    this.now.set(performance.now());
    if (this.realtime.status() === 'online') this.rejoinPolicy.recordLineUp();
  }
}
