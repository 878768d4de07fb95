import type { LastMessageDto, RoomChange, RoomDto } from '@webcall/contracts';
import { initialReadersOf, messagePreviewOf } from '@webcall/domain';
import type { PlainMessage } from '../chat/message-intake';

/** A new message by any author. */
export function withPostedMessage(room: RoomDto, message: PlainMessage, userId: string): RoomDto {
  if (message.seq <= room.lastSeq) return room;
  // The author has read the room: the server stores that with the message and sends no further event. What was read on
  // another device may be known before the message itself, which is opened first.
  const read = Math.max(room.readSeq, isAlreadyKnown(room, message, userId) ? message.seq : 0);
  return {
    ...room,
    lastSeq: message.seq,
    readSeq: read,
    unread: Math.max(0, message.seq - read),
    lastMessage: lastMessageOf(message),
    activeAt: message.sentAt,
  };
}

function isAlreadyKnown({ readSeq }: RoomDto, { authorId, content, seq }: PlainMessage, userId: string): boolean {
  const { userIds, onlyIfCaughtUp } = initialReadersOf(content, authorId);
  return userIds.includes(userId) && (!onlyIfCaughtUp || readSeq === seq - 1);
}

/** A message was edited or deleted, which shows only if it is the last one. */
export function withEditedMessage(room: RoomDto, message: PlainMessage): RoomDto {
  if (message.seq !== room.lastSeq || message.revision < room.revision) return room;
  return { ...room, revision: message.revision, lastMessage: lastMessageOf(message) };
}

/** The user has read up to a number, here or on another device. */
export function withReadPosition(room: RoomDto, seq: number): RoomDto {
  if (seq <= room.readSeq) return room;
  return { ...room, readSeq: seq, unread: Math.max(0, room.lastSeq - seq) };
}

/** The room or its other members have changed. @returns undefined if the room is gone for the user */
export function withRoomChange(room: RoomDto, change: RoomChange, userId: string): RoomDto | undefined {
  switch (change.type) {
    case 'updated':
      return {
        ...room,
        // A direct room has the other user's name, which is not the room's.
        name: room.kind === 'direct' ? room.name : change.name,
        visibility: change.visibility,
        door: change.door,
        closed: change.closed,
      };
    case 'deleted':
      return undefined;
    case 'membership':
      return { ...room, doNotDisturb: change.doNotDisturb };
    case 'member_joined':
      return withMemberCount(room, change);
    case 'member_changed':
      if (change.member.userId === userId) return { ...room, role: change.member.role };
      return room.kind === 'direct' ? { ...room, name: change.member.name } : room;
    case 'member_left':
      return change.userId === userId ? undefined : withMemberCount(room, change);
  }
}

/**
 * Events come later than answers that know of them already, and those of several servers in any order. A replica of the
 * release before says neither in its answers nor in its events how often the count has changed.
 */
function withMemberCount(
  room: RoomDto,
  { memberCount, memberChanges }: Partial<Pick<RoomDto, 'memberCount' | 'memberChanges'>>,
): RoomDto {
  const isKnown = memberChanges === undefined || room.memberChanges >= memberChanges;
  return isKnown || memberCount === undefined ? room : { ...room, memberCount, memberChanges };
}

/** Somebody joined or left the room's call. */
export function withCallSize(room: RoomDto, callSize: number): RoomDto {
  return callSize === room.callSize ? room : { ...room, callSize };
}

/** Newest activity first; equal ones by id, so that the order is stable. */
export function compareByActivity(a: RoomDto, b: RoomDto): number {
  return b.activeAt.localeCompare(a.activeAt) || a.id.localeCompare(b.id);
}

function lastMessageOf({ authorId, authorName, content, sentAt }: PlainMessage): LastMessageDto {
  return { authorId, authorName, ...messagePreviewOf(content), sentAt };
}
