import type { MessageDto } from '@webcall/contracts';
import type { Texts } from '../../../i18n/en';

/** What became of a call, for one reader. */
export interface EntryWords {
  text: string;
  /** The reader did not answer it. */
  missed: boolean;
  /** There is a call to return. */
  back: boolean;
}

interface Reader {
  selfId: string;
  duration: (ms: number) => string;
}

/** @returns the words of an entry; a call that ended says how long it was and who took part */
export function entryWords({ authorId, authorName, content }: MessageDto, t: Texts, reader: Reader): EntryWords {
  if (content.type === 'call') {
    const people = content.people.map(({ name }) => name).join(', ');
    const parts = [t.chat.callEnded, reader.duration(content.durationMs), people];
    return { text: parts.filter(Boolean).join(' · '), missed: false, back: false };
  }
  if (content.type !== 'ring') return { text: '', missed: false, back: false };
  const caller = authorName ?? t.common.deletedUser;
  const mine = content.callees.find(({ userId }) => userId === reader.selfId);
  if (mine) {
    const declined = mine.status === 'declined';
    return {
      text: declined ? t.chat.youDeclined(caller) : t.chat.missedFrom(caller, mine.times ?? 1),
      missed: !declined,
      back: true,
    };
  }
  const those = (status: string): string =>
    content.callees
      .filter((callee) => callee.status === status)
      .map(({ name }) => name)
      .join(', ');
  const all = content.callees.map(({ name }) => name).join(', ');
  if (authorId !== reader.selfId) return { text: t.chat.calledOthers(caller, all), missed: false, back: false };
  const often = content.callees.find(({ times = 1 }) => times > 1);
  const parts = [
    often?.times && t.chat.calledTimes(often.name, often.times),
    those('missed') && t.chat.noAnswerFrom(those('missed')),
    those('declined') && t.chat.declinedBy(those('declined')),
    !often && those('cancelled') && t.chat.givenUp(those('cancelled')),
  ];
  return { text: parts.filter(Boolean).join(' · '), missed: false, back: false };
}
