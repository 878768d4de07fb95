import { inject, Injectable, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { RingDto } from '@webcall/contracts';
import { isApiError } from '../core/net/api-error';
import { CallSession } from '../state/call/call-session';
import { Contacts } from '../state/people/contacts';
import { ErrorTexts } from '../core/text/errors';
import { I18n } from '../core/text/i18n';
import { Knocking } from '../state/call/knocking';
import { type CaptureKind, LocalMedia } from '../state/media/local-media';
import { Rings } from '../state/rings/rings';
import { RoomList } from '../state/rooms/room-list';
import { Dialogs } from '../ui/feedback/dialog';
import { Toasts } from '../ui/feedback/toasts';

/** The way into a call, with all that can stand in it. */
@Injectable({ providedIn: 'root' })
export class CallEntry {
  private readonly session = inject(CallSession);
  private readonly local = inject(LocalMedia);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly errors = inject(ErrorTexts);
  private readonly knocking = inject(Knocking);
  private readonly rings = inject(Rings);
  private readonly rooms = inject(RoomList);
  private readonly contacts = inject(Contacts);
  private readonly router = inject(Router);
  private readonly t = inject(I18n).t;

  /** The room whose page is to open its lobby, because somebody is needed there. */
  readonly lobby = signal<string | null>(null);

  /** Opens the direct room with a contact and calls them there. */
  async callContact(userId: string): Promise<void> {
    const roomId = await this.openRoom(userId);
    if (roomId) await this.call(roomId);
  }

  /** Opens the direct room with a contact. @returns its id, or null when that did not work */
  async openRoom(userId: string): Promise<string | null> {
    try {
      const roomId = await this.contacts.openRoom(userId);
      await this.router.navigate(['/r', roomId]);
      return roomId;
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
      return null;
    }
  }

  /**
   * Goes to the room and into its call; in a direct room that rings the other one. With sound and without picture: there
   * is no lobby in which one would see how the last call was left.
   */
  async call(roomId: string): Promise<void> {
    await this.router.navigate(['/r', roomId]);
    this.local.want({ microphone: true, camera: false });
    if ((await this.joinDirectly(roomId)) === 'device') this.lobby.set(roomId);
  }

  /** Rings members into the room's call, going into it first; without names everybody who is not in it. */
  async ring(roomId: string, userIds?: string[]): Promise<void> {
    if (this.session.active()?.roomId !== roomId) {
      const entered = await this.joinDirectly(roomId);
      if (entered === 'device') this.lobby.set(roomId);
      if (entered !== 'joined') return;
    }
    try {
      await this.rings.start(roomId, userIds);
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }

  /**
   * Answers a ring, moving out of any other call. A device that cannot be opened stays off: nobody is kept waiting for it.
   */
  async answer(ring: RingDto, camera: boolean): Promise<void> {
    try {
      await this.rings.accept(ring);
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
      return;
    }
    void this.router.navigate(['/r', ring.roomId]);
    // What is to be off goes off before, and what is to be on goes on after: neither call gets what is for the other.
    if (!camera) await this.local.set('camera', false);
    if (!(await this.join(ring.roomId, false, false))) return this.letGo();
    // Who hangs up a call to one person ends it: there is nobody to wait for.
    const late = ring.kind === 'direct' && this.session.active()?.others().length === 0;
    if (late) {
      await this.session.leave();
      return this.toasts.show(this.t().errors.ring_not_found, 'bad');
    }
    await Promise.all([this.local.set('microphone', true), camera ? this.local.set('camera', true) : undefined]);
    this.tellProblems();
  }

  /**
   * Joins with what is wanted: sound and picture as the last time.
   * @returns `device` when the person is needed, because a device that is wanted cannot be opened
   */
  async joinDirectly(roomId: string): Promise<'joined' | 'refused' | 'device'> {
    if (this.session.joining()) return 'refused';
    await this.local.openWanted();
    const { microphone, camera } = this.local.wanted();
    if ((microphone && !this.local.microphone()) || (camera && !this.local.camera())) return 'device';
    const joined = await this.join(roomId);
    if (!joined) this.letGo();
    return joined ? 'joined' : 'refused';
  }

  /** Joins with what is open. @returns whether that worked */
  async join(roomId: string, takeOver = false, ring = true): Promise<boolean> {
    try {
      await this.session.join(roomId, takeOver);
      if (ring) void this.ringIfFirst(roomId);
      return true;
    } catch (error) {
      if (isApiError(error, 'already_in_call') && !takeOver) return this.askWhichTab(roomId, ring);
      if (!isApiError(error)) throw error;
      if (error.code === 'knock_first') this.knocking.arrive(roomId);
      else this.toasts.show(this.errors.of(error), 'bad');
      return false;
    }
  }

  /** In a direct room whoever comes first rings the other one. */
  private async ringIfFirst(roomId: string): Promise<void> {
    const direct = this.rooms.rooms().find(({ id }) => id === roomId)?.kind === 'direct';
    if (!direct || this.session.active()?.others().length !== 0) return;
    try {
      await this.rings.start(roomId);
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
      await this.session.leave();
    }
  }

  /** Lets the devices go, unless they are still of use. */
  private letGo(): void {
    if (!this.session.active() && !this.knocking.at()) this.local.close();
  }

  private tellProblems(): void {
    const { problem, fix } = this.t().devices;
    for (const kind of ['microphone', 'camera'] satisfies CaptureKind[]) {
      const reason = this.local.problems()[kind];
      if (reason) this.toasts.show(`${problem[kind][reason]} ${fix[reason]}`, 'bad');
    }
  }

  private async askWhichTab(roomId: string, ring: boolean): Promise<boolean> {
    const t = this.t().call;
    const question = { title: t.otherTabTitle, text: t.otherTabText, confirm: t.useThisTab, cancel: t.keepOtherTab };
    return (await this.dialogs.ask(question)) && this.join(roomId, true, ring);
  }
}
