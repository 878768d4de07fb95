import type { RoomDto } from '@webcall/contracts';
import type { RingCallee } from '@webcall/domain';
import type { Texts } from '../../../i18n/en';
import { isolateText } from '../../core/text/isolate-text';

/** @returns the line below a room's name: the running call, or the last thing that happened */
export function roomPreviewText(
  { kind, callSize, lastMessage }: RoomDto,
  selfId: string | undefined,
  t: Texts,
): string {
  if (callSize) return t.common.inCall(callSize);
  if (!lastMessage) return t.home.quiet;
  const { authorId, authorName, text, type, callees } = lastMessage;
  const own = authorId !== null && authorId === selfId;
  switch (type) {
    case 'call':
      return t.home.callEnded;
    case 'ring':
      return ringPreviewText(callees ?? [], own, selfId, t);
    case 'deleted':
      return t.home.messageDeleted;
    case 'text':
      if (own) return `${t.home.yourself}: ${isolateText(text ?? '')}`;
      return kind === 'direct'
        ? (text ?? '')
        : `${isolateText(authorName ?? t.common.deletedUser)}: ${isolateText(text ?? '')}`;
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
