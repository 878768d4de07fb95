import { computed, DestroyRef, effect, inject, Injectable, untracked } from '@angular/core';
import type { ActiveCall } from '../call/active-call';
import { CallSession } from '../call/call-session';
import { TonePlayer } from '../media/tone-player';
import { Contacts } from '../people/contacts';
import { ReachabilitySettings } from '../people/reachability-settings';
import { RoomList } from '../rooms/room-list';
import { selectCallTone } from './call-tone';
import { Rings } from './rings';

/** With several tabs open only one rings. */
const LOCK = 'webcall-ringer';
const UNBLOCKING_EVENTS = ['pointerdown', 'keydown'] as const;

/** Plays the tones for the current rings, knocks and ends of calls. */
@Injectable({ providedIn: 'root' })
export class Ringer {
  private readonly player = inject(TonePlayer);
  private readonly call = inject(CallSession);
  private readonly rings = inject(Rings);
  private readonly contacts = inject(Contacts);
  private readonly reach = inject(ReachabilitySettings);
  private readonly rooms = inject(RoomList);
  private release: (() => void) | null = null;
  private readonly tone = computed(() => {
    const activeCall = this.call.active();
    return selectCallTone({
      incoming: this.rings.incoming(),
      outgoing: this.rings.outgoing(),
      inCall: activeCall !== null,
      alone: activeCall?.others().length === 0,
      ringtoneOf: ({ callerId }) => this.contacts.findContact(callerId)?.ringtone ?? this.reach.settings().ringtone,
    });
  });

  /** Whether the browser blocks sound although a tone should play. */
  readonly blocked = computed(() => this.player.blocked() && this.tone() !== null);

  constructor() {
    effect((onCleanup) => {
      const tone = this.tone();
      if (tone === null) return;
      const ended = new AbortController();
      untracked(() => void this.playUnderTabLock(ended.signal, () => this.player.playTone(tone, true)));
      onCleanup(() => {
        ended.abort();
        this.release?.();
        this.player.stopCurrentTone();
      });
    });
    effect(() => {
      const outcome = this.rings.outcome();
      if (outcome) untracked(() => void this.player.playTone(outcome.phase === 'declined' ? 'busy' : 'ended', false));
    });
    this.watchCallEnds();
    const onTouch = (): void => this.resumeBlockedTone();
    for (const event of UNBLOCKING_EVENTS) addEventListener(event, onTouch, { capture: true });
    inject(DestroyRef).onDestroy(() => {
      for (const event of UNBLOCKING_EVENTS) removeEventListener(event, onTouch, { capture: true });
    });
  }

  /** To be called when the person has clicked: the browser allows sound from now on. */
  resumeBlockedTone(): void {
    const tone = this.tone();
    if (this.blocked() && tone) void this.player.playTone(tone, true);
  }

  /** For somebody who waits at the door of the room's call: plays once, softly, and not during another tone. */
  playKnockTone(roomId: string): void {
    if (this.tone() !== null || this.reach.settings().doNotDisturb || this.rooms.findRoom(roomId)?.doNotDisturb) return;
    void this.player.playTone('knock', false);
  }

  /** Plays a tone when the other user has ended a direct call. */
  private watchCallEnds(): void {
    let before: ActiveCall | null = null;
    effect(() => {
      const activeCall = this.call.active();
      const endedCall = activeCall ? null : before;
      before = activeCall;
      if (!endedCall) return;
      untracked(() => {
        const direct = this.rooms.findRoom(endedCall.roomId)?.kind === 'direct';
        if (direct && endedCall.leaveReason() === 'ended') void this.player.playTone('ended', false);
      });
    });
  }

  private async playUnderTabLock(signal: AbortSignal, play: () => Promise<void>): Promise<void> {
    if (!navigator.locks) return play();
    try {
      await navigator.locks.request(LOCK, { signal }, async () => {
        const released = new Promise<void>((done) => (this.release = done));
        await play();
        // A tab whose sound is blocked leaves the tone to another tab.
        if (!this.player.blocked()) await released;
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
