import {
  base64UrlOf,
  BrokenGroupRefusal,
  type Bytes,
  bytesOfBase64Url,
  type DeviceName,
  type RoomDelivery,
  type RoomStatus,
  type SentCommit,
  type SignedChainItem,
} from '@webcall/encryption';
import { type CallRoute, unlessRefused } from './call-route';

/** The group of a room at the server, over its endpoints, for the device of the session that calls them. */
export class RestRoomDelivery implements RoomDelivery {
  /** Who came in and went out, by versions of the list of members; they are never changed. */
  private readonly changes: { readonly version: number; readonly userId: string; readonly isMember: boolean }[] = [];
  private versionsUpTo = 0;
  /** Of the welcome that was fetched last. */
  private welcomeId: string | null = null;

  constructor(
    private readonly roomId: string,
    private readonly callRoute: CallRoute,
    private readonly devices: Pick<RoomDelivery, 'fetchKeyPackage'>,
  ) {}

  async fetchChain(from: number): Promise<readonly SignedChainItem[]> {
    const found: SignedChainItem[] = [];
    for (;;) {
      const query = { from: from + found.length };
      const chain = this.callRoute('GET /rooms/:roomId/chain', { roomId: this.roomId, query });
      const { items, length } = await unlessRefused(chain, 'room_not_encrypted', { items: [], length: 0 });
      for (const { item, signature } of items) found.push({ item: bytesOf(item), signature: bytesOf(signature) });
      if (items.length === 0 || from + found.length >= length) return found;
    }
  }

  /** The first item begins encryption in the room. */
  async sendChainItem(index: number, { item, signature }: SignedChainItem, groupId: Bytes | null): Promise<boolean> {
    const { roomId } = this;
    const signed = { item: base64UrlOf(item), signature: base64UrlOf(signature) };
    const group = groupId && { groupId: base64UrlOf(groupId) };
    if (index === 0 && group) {
      const begun = this.callRoute('POST /rooms/:roomId/encryption', { roomId, body: { ...signed, ...group } });
      return (await unlessRefused(begun, 'room_encrypted', null)) !== null;
    }
    const body = { ...signed, ...group, index };
    return (await this.callRoute('POST /rooms/:roomId/chain', { roomId, body })).taken;
  }

  async fetchCommits(groupId: Bytes, epoch: number): Promise<readonly Bytes[]> {
    const found: Bytes[] = [];
    for (;;) {
      const query = { from: epoch + found.length };
      const request = { ...this.group(groupId), query };
      const call = this.callRoute('GET /rooms/:roomId/groups/:groupId/commits', request);
      const part = await unlessRefused(call, 'group_not_found', { commits: [], epoch: 0 });
      for (const commit of part.commits) found.push(bytesOf(commit));
      if (part.commits.length === 0 || epoch + found.length >= part.epoch) break;
    }
    // A commit names a version of the list of members, by which it is judged.
    if (found.length > 0) await this.fetchVersions();
    return found;
  }

  async sendCommit(groupId: Bytes, epoch: number, sent: SentCommit): Promise<boolean> {
    const { commit, groupInfo, welcome, rekeyedFor } = sent;
    const body = {
      epoch,
      commit: base64UrlOf(commit),
      groupInfo: base64UrlOf(groupInfo),
      ...(welcome && { welcome: { welcome: base64UrlOf(welcome.welcome), devices: [...welcome.devices] } }),
      ...(rekeyedFor !== null && { rekeyedFor }),
    };
    const request = { ...this.group(groupId), body };
    const sending = this.callRoute('POST /rooms/:roomId/groups/:groupId/commits', request);
    const answer = await unlessRefused(sending, 'group_not_found', null);
    if (!answer) throw new BrokenGroupRefusal('other_group');
    return answer.taken;
  }

  async claimCommit(groupId: Bytes, epoch: number): Promise<number> {
    const request = { ...this.group(groupId), body: { epoch } };
    const claim = this.callRoute('POST /rooms/:roomId/groups/:groupId/claim', request);
    return (await unlessRefused(claim, 'group_not_found', { waitMs: 0 })).waitMs;
  }

  async fetchGroupInfo(groupId: Bytes): Promise<Bytes | null> {
    const info = this.callRoute('GET /rooms/:roomId/groups/:groupId/info', this.group(groupId));
    const { groupInfo } = await unlessRefused(info, 'group_not_found', { groupInfo: null });
    return groupInfo === null ? null : bytesOf(groupInfo);
  }

  async fetchStatus(): Promise<RoomStatus> {
    const { roomId } = this;
    const { memberVersion, rekeyDue, epochMessages } = await this.callRoute('GET /rooms/:roomId/encryption', {
      roomId,
    });
    await this.fetchVersions();
    return { memberVersion, isRekeyDue: rekeyDue, epochMessages };
  }

  async fetchKeyPackage(device: DeviceName): Promise<Bytes | null> {
    return unlessRefused(this.devices.fetchKeyPackage(device), 'device_not_found', null);
  }

  async askForWelcome(groupId: Bytes): Promise<void> {
    await this.callRoute('POST /rooms/:roomId/groups/:groupId/welcome', this.group(groupId));
  }

  async fetchWelcome(groupId: Bytes): Promise<Bytes | null> {
    const { welcome, id } = await this.callRoute('GET /rooms/:roomId/groups/:groupId/welcome', this.group(groupId));
    this.welcomeId = id;
    return welcome === null ? null : bytesOf(welcome);
  }

  async deleteWelcome(groupId: Bytes): Promise<void> {
    if (this.welcomeId === null) return;
    const request = { ...this.group(groupId), welcomeId: this.welcomeId };
    await this.callRoute('DELETE /rooms/:roomId/groups/:groupId/welcome/:welcomeId', request);
  }

  /** @returns whether the server counted the user among the members in that version, as far as this device has asked */
  isMember(userId: string, memberVersion: number): boolean {
    const last = this.changes.findLast((change) => change.userId === userId && change.version <= memberVersion);
    return last?.isMember ?? false;
  }

  private async fetchVersions(): Promise<void> {
    const { roomId } = this;
    for (;;) {
      const query = { after: this.versionsUpTo };
      const answer = await this.callRoute('GET /rooms/:roomId/encryption/members', { roomId, query });
      this.changes.push(...answer.changes.filter(({ version }) => version > this.versionsUpTo));
      this.versionsUpTo = Math.max(this.versionsUpTo, answer.upTo);
      if (answer.upTo >= answer.memberVersion) return;
    }
  }

  private group(groupId: Bytes): { roomId: string; groupId: string } {
    return { roomId: this.roomId, groupId: base64UrlOf(groupId) };
  }
}

function bytesOf(text: string): Bytes {
  const bytes = bytesOfBase64Url(text);
  if (!bytes) throw new Error('The server gave something else than bytes.');
  return bytes;
}
