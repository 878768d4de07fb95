import { computed, signal, type Signal, type WritableSignal } from '@angular/core';
import type { CallJoinedDto, IceServerList, SignalReceivedEvent } from '@webcall/contracts';
import {
  type BarredUser,
  type Knock,
  type LeaveReason,
  MEDIA_KINDS,
  type MediaKind,
  type Participant,
  type Ring,
} from '@webcall/domain';
import type { LinkQuality, LinkRepairKind, LinkState, MediaTransport, TileSizes } from '@webcall/rtc';
import { Subject } from 'rxjs';
import { type CallRoster, hasMissedChanges, leaveReasonOf, raisedHands } from './call-roster';
import type { RosterUpdate } from './call-rosters';

/** The tracks that arrive from a participant. */
export type RemoteTracks = Partial<Record<MediaKind, MediaStreamTrack>>;

type MapById<T> = ReadonlyMap<string, T>;

const NOT_SHOWN: TileSizes = { camera: 0, screen: 0 };

/** Above this level a voice counts as speaking, and for a moment after, so that the highlight does not flicker. */
const VOICE_DETECTION = { level: 0.03, holdMs: 600 };

/** One seat in a call from joining to leaving: the other participants and their media, until `closeTransport`. */
export class ActiveCall {
  readonly roomId: string;
  readonly callId: string;
  readonly selfId: string;
  private readonly roster: WritableSignal<CallRoster>;
  private readonly sentTracks: Partial<Record<MediaKind, MediaStreamTrack | null>> = {};
  private readonly lastHeardAt = new Map<string, number>();
  /** `performance.now()` when a second user came into the call; null before. */
  readonly talkingSince = signal<number | null>(null);
  readonly others: Signal<readonly Participant[]>;
  /** The own seat as the server has it: held media, hand, role. */
  readonly self: Signal<Participant | null>;
  /** The participants whose hand is up, in order. */
  readonly hands: Signal<readonly Participant[]>;
  readonly rings: Signal<readonly Ring[]>;
  readonly knocks: Signal<readonly Knock[]>;
  readonly barred: Signal<readonly BarredUser[]>;
  /** Why the own seat was lost; undefined as long as it exists. */
  readonly leaveReason: Signal<LeaveReason | undefined>;
  readonly remote = signal<MapById<RemoteTracks>>(new Map());
  readonly links = signal<MapById<LinkState>>(new Map());
  readonly qualities = signal<MapById<LinkQuality>>(new Map());
  /** `performance.now()` when the TURN credentials expire; null: they do not expire. */
  readonly iceEndsAt = signal<number | null>(null);
  /** Whether there is a TURN server. */
  readonly hasRelay = signal(false);
  /** Emits on each repair of a link. */
  readonly mended = new Subject<LinkRepairKind>();
  /** The heights at which the others are shown; null until they are known. */
  private shownTileSizes: MapById<TileSizes> | null = null;
  /** Ids of the participants who speak at the moment. */
  readonly speaking = signal<ReadonlySet<string>>(new Set());
  /** The participant who speaks, or spoke last; null when nobody did for a while. */
  readonly speaker = signal<string | null>(null);

  /** @param roster the call since the answer, which may have changed already */
  constructor(
    answer: CallJoinedDto,
    roster: CallRoster,
    private readonly transport: MediaTransport,
  ) {
    this.roomId = answer.roomId;
    this.callId = answer.callId;
    this.selfId = answer.participantId;
    this.roster = signal(roster);
    this.others = computed(() => this.roster().participants.filter(({ id }) => id !== this.selfId), {
      equal: haveSameItems,
    });
    this.self = computed(() => this.roster().participants.find(({ id }) => id === this.selfId) ?? null);
    this.hands = computed(() => raisedHands(this.roster().participants));
    this.rings = computed(() => this.roster().rings);
    this.knocks = computed(() => this.roster().knocks);
    this.barred = computed(() => this.roster().barred);
    this.leaveReason = computed(() => leaveReasonOf(this.roster(), this.selfId));
    this.updateTalkingSince(answer.durationMs);
    this.updateRelayState(answer);
    this.subscribeToTransport();
    // This device is the newcomer to those who were there when it came, and to nobody else.
    transport.handleParticipants(answer.participants);
    if (roster.version > answer.version) transport.handleParticipants(this.others());
  }

  /** Takes a new roster of this call. */
  followRoster(roster: CallRoster, { event, durationMs = 0 }: Pick<RosterUpdate, 'event' | 'durationMs'>): void {
    const before = this.roster();
    this.roster.set(roster);
    if (!event || this.talkingSince() === null) this.updateTalkingSince(durationMs);
    const isNextChange = event && !hasMissedChanges(roster) && roster.version === before.version + 1;
    if (isNextChange) this.transport.handleCallChange(event.change);
    else this.transport.handleParticipants(this.others());
    this.forgetLeavers();
  }

  /** The server says that the call is over, without having said so when it ended. */
  noteLostCall(): void {
    this.roster.update((roster) => ({ ...roster, participants: [] }));
  }

  /** To be called when the same seat goes on on a new socket. */
  notifySocketReconnected(): void {
    this.transport.handleSocketReconnected();
  }

  forwardPeerSignal(signal: SignalReceivedEvent): void {
    this.transport.handleReceivedSignal(signal);
  }

  notifyNetworkChange(): void {
    this.transport.handleNetworkChange();
  }

  /** Sets new credentials for the TURN servers. */
  updateIceServers(ice: IceServerList): void {
    this.updateRelayState(ice);
    this.transport.setIceServers(ice.iceServers);
  }

  /** Sets whether media go through a TURN server only. */
  applyRelayPreference(relayOnly: boolean): void {
    this.transport.setRelayOnly(relayOnly);
  }

  /** Sets the heights of the others on the page, in px: a missing participant need not send a picture. */
  setTileSizes(sizes: MapById<TileSizes>): void {
    this.shownTileSizes = sizes;
    for (const { id } of this.others()) this.transport.setVisibleSizes(id, sizes.get(id) ?? NOT_SHOWN);
  }

  /** Sends these tracks from now on. */
  publishTracks(tracks: Record<MediaKind, MediaStreamTrack | null>): void {
    for (const kind of MEDIA_KINDS) {
      if ((this.sentTracks[kind] ?? null) === tracks[kind]) continue;
      this.sentTracks[kind] = tracks[kind];
      this.transport.setLocalTrack(kind, tracks[kind]);
    }
  }

  closeTransport(): void {
    this.transport.closeTransport();
  }

  private subscribeToTransport(): void {
    this.transport.on('remoteMedia', ({ participantId, kind, track }) =>
      this.remote.update((all) =>
        withEntry(all, participantId, { ...all.get(participantId), [kind]: track ?? undefined }),
      ),
    );
    this.transport.on('linkState', ({ participantId, state }) =>
      this.links.update((all) => withEntry(all, participantId, state)),
    );
    this.transport.on('quality', ({ participantId, quality }) =>
      this.qualities.update((all) => withEntry(all, participantId, quality)),
    );
    this.transport.on('mended', ({ cause }) => this.mended.next(cause));
    this.transport.on('levels', ({ levels }) => this.updateSpeaking(levels));
    this.transport.on('speaker', ({ participantId }) => this.speaker.set(participantId));
    this.transport.on('failure', ({ error }) => console.error('a media link failed and is being repaired', error));
  }

  /** The own microphone is measured on this device, not by the transport. */
  noteOwnVoice(speaking: boolean): void {
    if (speaking) this.lastHeardAt.set(this.selfId, performance.now());
  }

  private updateSpeaking(levels: ReadonlyMap<string, number>): void {
    const now = performance.now();
    for (const [id, level] of levels) if (level > VOICE_DETECTION.level) this.lastHeardAt.set(id, now);
    const speaking = [...this.lastHeardAt].filter(([, at]) => now - at < VOICE_DETECTION.holdMs).map(([id]) => id);
    const before = this.speaking();
    if (speaking.length !== before.size || speaking.some((id) => !before.has(id))) this.speaking.set(new Set(speaking));
  }

  /** @param durationMs how long ago a second user came; 0: just now, or not yet */
  private updateTalkingSince(durationMs: number): void {
    const hasCompany = this.others().some(({ userId }) => userId !== this.self()?.userId);
    if (durationMs > 0 || hasCompany) this.talkingSince.set(performance.now() - durationMs);
  }

  private updateRelayState({ iceServers, iceServersEndInMs }: IceServerList): void {
    this.iceEndsAt.set(iceServersEndInMs === null ? null : performance.now() + iceServersEndInMs);
    this.hasRelay.set(iceServers.some(({ urls }) => urls.some((url) => /^turns?:/.test(url))));
  }

  /** To be called after each change of the participants. */
  private forgetLeavers(): void {
    if (this.shownTileSizes) this.setTileSizes(this.shownTileSizes);
    const present = new Set(this.others().map((p) => p.id));
    removeAbsentEntries(this.remote, present);
    removeAbsentEntries(this.links, present);
    removeAbsentEntries(this.qualities, present);
  }
}

function haveSameItems<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((item, i) => item === others[i]);
}

function withEntry<T>(map: MapById<T>, id: string, value: T): MapById<T> {
  return new Map(map).set(id, value);
}

function removeAbsentEntries<T>(map: WritableSignal<MapById<T>>, present: ReadonlySet<string>): void {
  const entries = [...map()];
  const staying = entries.filter(([id]) => present.has(id));
  if (staying.length < entries.length) map.set(new Map(staying));
}
