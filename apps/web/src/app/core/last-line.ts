import type { RoomDto } from '@webcall/contracts';
import type { Texts } from '../../i18n/en';

/** @returns what a room's row says beneath its name: the running call, or the last thing that happened */
export function lastLineOf({ kind, callSize, lastMessage }: RoomDto, selfId: string | undefined, t: Texts): string {
  if (callSize) return t.common.inCall(callSize);
  if (!lastMessage) return t.home.quiet;
  const { authorId, authorName, text, type } = lastMessage;
  const own = authorId !== null && authorId === selfId;
  if (type === 'call') return t.home.callEnded;
  if (type === 'ring') return own ? t.home.callUnanswered : t.home.callMissed;
  if (text === null) return t.home.messageDeleted;
  if (own) return `${t.home.yourself}: ${text}`;
  return kind === 'direct' ? text : `${authorName ?? t.common.deletedUser}: ${text}`;
}
