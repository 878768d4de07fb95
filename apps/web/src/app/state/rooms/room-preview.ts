import type { RoomDto } from '@webcall/contracts';
import type { RingCallee } from '@webcall/domain';
import type { Texts } from '../../../i18n/en';

/** The line below a room's name. Author and text are apart, because each has its own direction. */
export interface RoomPreview {
  author?: string;
  text: string;
}

/** @returns the running call, or the last thing that happened */
export function previewRoom(room: RoomDto, selfId: string | undefined, t: Texts): RoomPreview {
  const { kind, callSize, lastMessage } = room;
  if (callSize) return { text: t.common.inCall(callSize) };
  if (!lastMessage) return { text: t.home.quiet };
  const { authorId, authorName, text, type, callees } = lastMessage;
  const own = authorId !== null && authorId === selfId;
  switch (type) {
    case 'call':
      return { text: t.home.callEnded };
    case 'ring':
      return { text: ringPreviewText(callees ?? [], own, selfId, t) };
    case 'deleted':
      return { text: t.home.messageDeleted };
    case 'settings':
      return { text: t.chat.sealedFromHere };
    case 'sealed':
      return { text: t.home.messageSealed };
    case 'text':
      if (!own && kind === 'direct') return { text: text ?? '' };
      return { author: own ? t.home.yourself : (authorName ?? t.common.deletedUser), text: text ?? '' };
  }
}

/** Callees see their own reaction, the caller that of the callees; all others just see an unanswered call. */
function ringPreviewText(
  callees: readonly RingCallee[],
  own: boolean,
  selfId: string | undefined,
  { home: t }: Texts,
): string {
  const self = callees.find(({ userId }) => userId === selfId);
  if (self) return self.status === 'declined' ? t.callYouDeclined : t.callMissed(self.times ?? 1);
  const all = (status: RingCallee['status']): boolean => callees.every((callee) => callee.status === status);
  if (!own || callees.length === 0) return t.callUnanswered;
  return all('declined') ? t.callDeclined : all('cancelled') ? t.callGivenUp : t.callUnanswered;
}
