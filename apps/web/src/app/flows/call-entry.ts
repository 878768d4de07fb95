import { inject, Injectable, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { RingDto } from '@webcall/contracts';
import { ApiError, isApiError } from '../core/net/api-error';
import { RealtimeClient } from '../core/net/realtime-client';
import { I18n } from '../core/text/i18n';
import { CallSession } from '../state/call/call-session';
import { isKeptOut, Knocking } from '../state/call/knocking';
import { LocalMedia } from '../state/media/local-media';
import { Contacts } from '../state/people/contacts';
import { Rings } from '../state/rings/rings';
import { RoomList } from '../state/rooms/room-list';
import { Dialogs } from '../ui/feedback/dialog';
import { Toasts } from '../ui/feedback/toasts';
import { DeviceProblemToasts } from './device-problem-toasts';
import { FailureToasts } from './failure-toasts';

/** After that nobody expects any more that the call begins which they asked for. */
const WISH_LIFETIME_MS = 10_000;

/** Starts, answers and joins calls, with the devices, doors, other tabs and errors on the way. */
@Injectable({ providedIn: 'root' })
export class CallEntry {
  private readonly realtime = inject(RealtimeClient);
  private readonly session = inject(CallSession);
  private readonly local = inject(LocalMedia);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly failures = inject(FailureToasts);
  private readonly deviceProblems = inject(DeviceProblemToasts);
  private readonly knocking = inject(Knocking);
  private readonly rings = inject(Rings);
  private readonly rooms = inject(RoomList);
  private readonly contacts = inject(Contacts);
  private readonly router = inject(Router);
  private readonly t = inject(I18n).t;

  /** The room whose page should open its lobby, because the person has to see to a device there. */
  readonly lobby = signal<string | null>(null);
  /** The room whose page is opened for its call, so that the page leaves the focus to the call. */
  readonly entering = signal<string | null>(null);

  /** Opens the direct room with another user and calls them there. */
  async callPerson(userId: string): Promise<void> {
    if (!this.hasLineOrToast()) return;
    const askedAt = Date.now();
    const roomId = await this.navigateToDirectRoom(userId);
    if (roomId && Date.now() - askedAt > WISH_LIFETIME_MS)
      this.failures.showFailure(new ApiError('timeout', 'The room was opened too late.'));
    else if (roomId) await this.startOrJoinRoomCall(roomId);
  }

  /** Opens the direct room with another user. @returns its id, or null when that did not work */
  async navigateToDirectRoom(userId: string): Promise<string | null> {
    try {
      const roomId = await this.contacts.openDirectRoom(userId);
      return (await this.openRoomPage(roomId)) ? roomId : null;
    } catch (error) {
      if (isApiError(error, 'contact_not_found')) this.toasts.showToast(this.t().people.contactsFirst, 'bad');
      else this.failures.showFailure(error);
      return null;
    }
  }

  /**
   * Opens the room and joins its call; in a direct room that rings the other user. Without a lobby, so it asks before
   * another call ends, and joins with sound and without picture: the person does not see the devices of the last call.
   */
  async startOrJoinRoomCall(roomId: string): Promise<void> {
    if (!this.hasLineOrToast() || !(await this.confirmEndOfOtherCall(roomId))) return;
    this.entering.set(roomId);
    try {
      if (await this.openRoomPage(roomId)) await this.joinWithDevices(roomId, { camera: false });
    } finally {
      this.entering.set(null);
    }
  }

  /** @returns whether the page is open; when its code could not be loaded, `LostPages` has said so */
  private async openRoomPage(roomId: string): Promise<boolean> {
    await this.router.navigate(['/r', roomId]);
    // The router's answer is the same for a page that failed and for one that is open already.
    return this.router.url.split(/[?#]/)[0] === `/r/${roomId}`;
  }

  /** @returns the name of the room whose call ends for the person when they join the call of this room */
  roomOfOtherCall(roomId: string): string | null {
    const active = this.session.active();
    if (!active || active.roomId === roomId) return null;
    return this.rooms.findRoom(active.roomId)?.name ?? null;
  }

  /** Joins the call of the shown room with sound, and with the camera or without; shows the lobby if one cannot be opened. */
  async joinWithDevices(roomId: string, { camera }: { camera: boolean }): Promise<void> {
    this.local.storeWantedDevices({ microphone: true, camera });
    if ((await this.joinWithWantedDevices(roomId)) === 'device') this.lobby.set(roomId);
  }

  /** Rings members into the room's call, joining it first; without `userIds` everybody who is not in it. */
  async ringRoomMembers(roomId: string, userIds?: string[]): Promise<void> {
    if (this.session.active()?.roomId !== roomId) {
      const entered = await this.joinWithWantedDevices(roomId);
      if (entered === 'device') this.lobby.set(roomId);
      if (entered !== 'joined') return;
    }
    await this.failures.runWithToast(() => this.rings.startOutgoingRing(roomId, userIds));
  }

  /**
   * Answers a ring, leaving any other call. A device that cannot be opened stays off, so that nobody waits for it.
   */
  async answerRing(ring: RingDto, camera: boolean): Promise<void> {
    if (!(await this.failures.runWithToast(() => this.rings.acceptIncomingRing(ring)))) return;
    void this.router.navigate(['/r', ring.roomId]);
    // Devices go off before the join and on after it, so that neither call gets media that are for the other.
    if (!camera) await this.local.setDeviceEnabled('camera', false);
    if (!(await this.joinWithOpenDevices(ring.roomId, false, false))) return this.closeUnusedDevices();
    // The caller has hung up, which ends a call to one person: there is nobody to wait for.
    const hasCallerLeft = ring.kind === 'direct' && this.session.active()?.others().length === 0;
    if (hasCallerLeft) {
      await this.session.leaveActiveCall();
      return this.toasts.showToast(this.t().errors.ring_not_found, 'bad');
    }
    await Promise.all([
      this.local.setDeviceEnabled('microphone', true),
      camera ? this.local.setDeviceEnabled('camera', true) : undefined,
    ]);
    this.deviceProblems.showDeviceProblem('microphone');
    this.deviceProblems.showDeviceProblem('camera');
  }

  /**
   * Joins with the devices that the person wants: sound and picture as the last time.
   * @returns `device` when the person is needed, because a wanted device cannot be opened
   */
  async joinWithWantedDevices(roomId: string): Promise<'joined' | 'refused' | 'device'> {
    if (this.session.joining() || !this.hasLineOrToast()) return 'refused';
    await this.local.openWantedDevices();
    const { microphone, camera } = this.local.wanted();
    if ((microphone && !this.local.microphone()) || (camera && !this.local.camera())) return 'device';
    const joined = await this.joinWithOpenDevices(roomId);
    if (!joined) this.closeUnusedDevices();
    return joined ? 'joined' : 'refused';
  }

  /** Joins with the open devices. @returns whether that worked */
  async joinWithOpenDevices(roomId: string, takeOver = false, ring = true): Promise<boolean> {
    try {
      await this.session.joinRoomCall(roomId, takeOver);
      if (ring) void this.ringPeerIfFirst(roomId);
      return true;
    } catch (error) {
      if (isApiError(error, 'already_in_call') && !takeOver) return this.confirmTakeOver(roomId, ring);
      if (isKeptOut(error)) this.knocking.arriveAtDoor(roomId);
      else this.failures.showFailure(error);
      return false;
    }
  }

  /** In a direct room the first user in the call rings the other one. */
  private async ringPeerIfFirst(roomId: string): Promise<void> {
    const direct = this.rooms.findRoom(roomId)?.kind === 'direct';
    if (!direct || this.session.active()?.others().length !== 0) return;
    if (!(await this.failures.runWithToast(() => this.rings.startOutgoingRing(roomId))))
      await this.session.leaveActiveCall();
  }

  /** Before anything is opened for a call: without a connection it does not begin. */
  private hasLineOrToast(): boolean {
    try {
      this.realtime.requireLine();
      return true;
    } catch (error) {
      this.failures.showFailure(error);
      return false;
    }
  }

  /** Closes the devices, unless a call or a knock still needs them. */
  private closeUnusedDevices(): void {
    if (!this.session.active() && !this.knocking.knockState()) this.local.closeLocalMedia();
  }

  private async confirmEndOfOtherCall(roomId: string): Promise<boolean> {
    const other = this.roomOfOtherCall(roomId);
    if (other === null) return true;
    const { otherCallTitle: title, otherCall, join: confirm } = this.t().call;
    return this.dialogs.askConfirmation({ title, text: otherCall(other), confirm, cancel: this.t().common.cancel });
  }

  private async confirmTakeOver(roomId: string, ring: boolean): Promise<boolean> {
    const t = this.t().call;
    const question = { title: t.otherTabTitle, text: t.otherTabText, confirm: t.useThisTab, cancel: t.keepOtherTab };
    return (await this.dialogs.askConfirmation(question)) && this.joinWithOpenDevices(roomId, true, ring);
  }
}
