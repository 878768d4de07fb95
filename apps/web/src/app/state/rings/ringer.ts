import { computed, DestroyRef, effect, inject, Injectable, untracked } from '@angular/core';
import { CallSession } from '../call/call-session';
import type { CallStay } from '../call/call-stay';
import { Contacts } from '../people/contacts';
import { Reach } from '../people/reach';
import { Rings } from './rings';
import { RoomList } from '../rooms/room-list';
import { TonePlayer } from '../media/tone-player';
import { wantedTone } from './wanted-tone';

/** With several tabs open only one rings. */
const LOCK = 'webcall-ringer';
const TOUCHES = ['pointerdown', 'keydown'] as const;

/** Lets the page sound by where the rings stand. */
@Injectable({ providedIn: 'root' })
export class Ringer {
  private readonly player = inject(TonePlayer);
  private readonly call = inject(CallSession);
  private readonly rings = inject(Rings);
  private readonly contacts = inject(Contacts);
  private readonly reach = inject(Reach);
  private readonly rooms = inject(RoomList);
  private release: (() => void) | null = null;
  private readonly tone = computed(() => {
    const stay = this.call.active();
    return wantedTone({
      incoming: this.rings.incoming(),
      outgoing: this.rings.outgoing(),
      inCall: stay !== null,
      alone: stay?.others().length === 0,
      ringtoneOf: ({ callerId }) => this.contacts.contact(callerId)?.ringtone ?? this.reach.settings().ringtone,
    });
  });

  /** Whether the browser keeps the page silent although it should sound. */
  readonly blocked = computed(() => this.player.blocked() && this.tone() !== null);

  constructor() {
    effect((onCleanup) => {
      const tone = this.tone();
      if (tone === null) return;
      const over = new AbortController();
      untracked(() => void this.inTurn(over.signal, () => this.player.play(tone, true)));
      onCleanup(() => {
        over.abort();
        this.release?.();
        this.player.stop();
      });
    });
    effect(() => {
      const outcome = this.rings.outcome();
      if (outcome) untracked(() => void this.player.play(outcome.phase === 'declined' ? 'busy' : 'ended', false));
    });
    this.soundTheEnd();
    const touched = (): void => this.unblock();
    for (const touch of TOUCHES) addEventListener(touch, touched, { capture: true });
    inject(DestroyRef).onDestroy(() => {
      for (const touch of TOUCHES) removeEventListener(touch, touched, { capture: true });
    });
  }

  /** The person has clicked: the browser allows sound from now on. */
  unblock(): void {
    const tone = this.tone();
    if (this.blocked() && tone) void this.player.play(tone, true);
  }

  /** Somebody waits at the door of the room's call: sounds once, softly, and not into what rings. */
  knock(roomId: string): void {
    const room = this.rooms.rooms().find(({ id }) => id === roomId);
    if (this.tone() !== null || this.reach.settings().doNotDisturb || room?.doNotDisturb) return;
    void this.player.play('knock', false);
  }

  /** Somebody ended the call with the user. */
  private soundTheEnd(): void {
    let before: CallStay | null = null;
    effect(() => {
      const stay = this.call.active();
      const gone = stay ? null : before;
      before = stay;
      if (!gone) return;
      untracked(() => {
        const direct = this.rooms.rooms().find(({ id }) => id === gone.roomId)?.kind === 'direct';
        if (direct && gone.over() === 'ended') void this.player.play('ended', false);
      });
    });
  }

  private async inTurn(over: AbortSignal, play: () => Promise<void>): Promise<void> {
    if (!navigator.locks) return play();
    try {
      await navigator.locks.request(LOCK, { signal: over }, async () => {
        const released = new Promise<void>((done) => (this.release = done));
        await play();
        // A tab that may not sound leaves it to another one.
        if (!this.player.blocked()) await released;
      });
    } catch (error) {
      if (!over.aborted) throw error;
    }
  }
}
