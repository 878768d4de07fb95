import { computed, signal, type Signal, type WritableSignal } from '@angular/core';
import type { CallChangedEvent, CallJoinedDto, IceServers, SignalReceivedEvent } from '@webcall/contracts';
import { type Barred, type Knock, MEDIA_KINDS, type MediaKind, type Participant, type Ring } from '@webcall/domain';
import type { LinkState, MediaTransport, MendCause, Quality, TileSizes } from '@webcall/rtc';
import { Subject } from 'rxjs';
import { hasMissed, raisedHands, rosterOf, take, type Roster, type Standing } from './call-roster';

/** What arrives of a participant. */
export type RemoteTracks = Partial<Record<MediaKind, MediaStreamTrack>>;

type ById<T> = ReadonlyMap<string, T>;

const UNSEEN: TileSizes = { camera: 0, screen: 0 };

/** Above this a voice counts as speaking; a ring that has lit up stays for a moment, so that it does not flicker. */
const VOICE = { level: 0.03, holdMs: 600 };

/** One seat in a call from joining to leaving: who else is there, and what of them arrives. `close` ends all of it. */
export class CallStay {
  readonly roomId: string;
  readonly callId: string;
  readonly selfId: string;
  private readonly roster;
  private readonly sent: Partial<Record<MediaKind, MediaStreamTrack | null>> = {};
  private readonly heard = new Map<string, number>();
  /** `performance.now()` when a second user came into the call; null before. */
  readonly talkingSince = signal<number | null>(null);
  readonly others: Signal<readonly Participant[]>;
  /** The own seat as the server has it: what is held of it, its hand, its role. */
  readonly self: Signal<Participant | null>;
  /** Those whose hand is up, in order. */
  readonly hands: Signal<readonly Participant[]>;
  readonly rings: Signal<readonly Ring[]>;
  readonly knocks: Signal<readonly Knock[]>;
  readonly barred: Signal<readonly Barred[]>;
  /** Why the own seat is gone. */
  readonly over: Signal<Roster['over']>;
  readonly remote = signal<ById<RemoteTracks>>(new Map());
  readonly links = signal<ById<LinkState>>(new Map());
  readonly qualities = signal<ById<Quality>>(new Map());
  /** `performance.now()` at the end of the TURN credentials; null: they do not end. */
  readonly iceEndsAt = signal<number | null>(null);
  /** Whether there is a TURN server to go through. */
  readonly hasRelay = signal(false);
  /** Each time that a link is kept alive. */
  readonly mended = new Subject<MendCause>();
  /** How tall the others are shown; null: nobody has said so yet. */
  private shown: ById<TileSizes> | null = null;
  /** Ids of those who speak at the moment. */
  readonly speaking = signal<ReadonlySet<string>>(new Set());
  /** The one who speaks, or spoke last; null when nobody did for a while. */
  readonly speaker = signal<string | null>(null);

  constructor(
    answer: CallJoinedDto,
    private readonly transport: MediaTransport,
  ) {
    this.roomId = answer.roomId;
    this.callId = answer.callId;
    this.selfId = answer.participantId;
    this.roster = signal(rosterOf(this.selfId, answer));
    this.others = computed(() => this.roster().others);
    this.self = computed(() => this.roster().self);
    this.hands = computed(() => raisedHands(this.roster()));
    this.rings = computed(() => this.roster().rings);
    this.knocks = computed(() => this.roster().knocks);
    this.barred = computed(() => this.roster().barred);
    this.over = computed(() => this.roster().over);
    this.setDuration(answer.durationMs);
    this.noteIce(answer);
    this.listen();
    transport.handleParticipants(this.others());
  }

  /** @returns whether changes before this one are missing: ask for the whole and hand it to `replace` */
  handleChanged(event: CallChangedEvent): boolean {
    const before = this.roster();
    const after = take(before, event);
    if (after === before) return hasMissed(before);
    this.roster.set(after);
    if (this.talkingSince() === null) this.setDuration(0);
    if (hasMissed(after) || after.version > before.version + 1) this.transport.handleParticipants(after.others);
    else this.transport.handleChange(event.change);
    this.forgetLeavers();
    return hasMissed(after);
  }

  /** The whole, as the server knows it. @returns whether the own seat is among it */
  replace(whole: Standing & { durationMs: number }): boolean {
    const before = this.roster();
    if (whole.callId !== this.callId) return false;
    if (whole.version >= before.version) this.roster.set(rosterOf(this.selfId, whole, before.early));
    this.setDuration(whole.durationMs);
    this.transport.handleParticipants(this.others());
    this.forgetLeavers();
    return whole.participants.some((p) => p.id === this.selfId);
  }

  /** The same seat on a new socket. The answer names only the others. */
  resumed(answer: CallJoinedDto): void {
    this.setIceServers(answer);
    this.replace(answer);
    this.transport.handleReconnected();
  }

  handleSignal(signal: SignalReceivedEvent): void {
    this.transport.handleSignal(signal);
  }

  handleOnline(): void {
    this.transport.handleOnline();
  }

  /** New credentials for the TURN servers. */
  setIceServers(ice: IceServers): void {
    this.noteIce(ice);
    this.transport.setIceServers(ice.iceServers);
  }

  /** Whether media go through a TURN server only. */
  setRelayOnly(relayOnly: boolean): void {
    this.transport.setRelayOnly(relayOnly);
  }

  /** How tall the others are shown, px: who is missing is not seen and need not send a picture. */
  show(sizes: ById<TileSizes>): void {
    this.shown = sizes;
    for (const { id } of this.others()) this.transport.setVisible(id, sizes.get(id) ?? UNSEEN);
  }

  /** Sends these tracks from now on. */
  send(tracks: Record<MediaKind, MediaStreamTrack | null>): void {
    for (const kind of MEDIA_KINDS) {
      if ((this.sent[kind] ?? null) === tracks[kind]) continue;
      this.sent[kind] = tracks[kind];
      this.transport.setTrack(kind, tracks[kind]);
    }
  }

  close(): void {
    this.transport.close();
  }

  private listen(): void {
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
    this.transport.on('levels', ({ levels }) => this.hear(levels));
    this.transport.on('speaker', ({ participantId }) => this.speaker.set(participantId));
    this.transport.on('failure', ({ error }) => console.error('A media link failed and is being repaired', error));
  }

  /** The own microphone is measured on this side: whether one speaks oneself. */
  hearSelf(speaking: boolean): void {
    if (speaking) this.heard.set(this.selfId, performance.now());
  }

  private hear(levels: ReadonlyMap<string, number>): void {
    const now = performance.now();
    for (const [id, level] of levels) if (level > VOICE.level) this.heard.set(id, now);
    const speaking = [...this.heard].filter(([, at]) => now - at < VOICE.holdMs).map(([id]) => id);
    const before = this.speaking();
    if (speaking.length !== before.size || speaking.some((id) => !before.has(id))) this.speaking.set(new Set(speaking));
  }

  /** @param durationMs how long ago a second user came; 0: just now, or not yet */
  private setDuration(durationMs: number): void {
    const company = this.others().some(({ userId }) => userId !== this.self()?.userId);
    if (durationMs > 0 || company) this.talkingSince.set(performance.now() - durationMs);
  }

  private noteIce({ iceServers, iceServersEndInMs }: IceServers): void {
    this.iceEndsAt.set(iceServersEndInMs === null ? null : performance.now() + iceServersEndInMs);
    this.hasRelay.set(iceServers.some(({ urls }) => urls.some((url) => /^turns?:/.test(url))));
  }

  /** After each change of who is there. */
  private forgetLeavers(): void {
    if (this.shown) this.show(this.shown);
    const present = new Set(this.others().map((p) => p.id));
    forget(this.remote, present);
    forget(this.links, present);
    forget(this.qualities, present);
  }
}

function withEntry<T>(map: ById<T>, id: string, value: T): ById<T> {
  return new Map(map).set(id, value);
}

function forget<T>(map: WritableSignal<ById<T>>, present: ReadonlySet<string>): void {
  const entries = [...map()];
  const staying = entries.filter(([id]) => present.has(id));
  if (staying.length < entries.length) map.set(new Map(staying));
}
