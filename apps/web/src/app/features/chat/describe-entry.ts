import { type EntryContent, isEntryContent, type RingCallee } from '@webcall/domain';
import type { Texts } from '../../../i18n/en';
import { joinNames } from '../../core/text/isolate-text';
import type { PlainMessage } from '../../state/chat/message-intake';

/** The description of a call entry for one reader. */
export interface EntryDescription {
  text: string;
  /** The reader did not answer it. */
  missed: boolean;
  /** The reader can call back. */
  canCallBack: boolean;
}

interface EntryReader {
  selfId: string;
  duration: (ms: number) => string;
}

/** A message that the server wrote. */
export type EntryMessage = PlainMessage & { content: EntryContent };

/** @returns whether the server wrote the message */
export function isEntryMessage(message: PlainMessage): message is EntryMessage {
  return isEntryContent(message.content);
}

/** Describes an entry: an ended call with duration and participants, a ring with the answers of its callees, a setting. */
export function describeEntry(
  { authorId, authorName, content }: EntryMessage,
  t: Texts,
  reader: EntryReader,
): EntryDescription {
  switch (content.type) {
    case 'call': {
      const people = joinNames(content.people.map(({ name }) => name));
      const parts = [t.chat.callEnded, reader.duration(content.durationMs), people];
      return { text: parts.filter(Boolean).join(' · '), missed: false, canCallBack: false };
    }
    case 'settings':
      return { text: t.chat.sealedFromHere, missed: false, canCallBack: false };
    case 'ring':
      return describeRing(content.callees, { authorId, caller: authorName ?? t.common.deletedUser }, t, reader);
  }
}

function describeRing(
  callees: readonly RingCallee[],
  { authorId, caller }: { authorId: string | null; caller: string },
  t: Texts,
  reader: EntryReader,
): EntryDescription {
  const ownAnswer = callees.find(({ userId }) => userId === reader.selfId);
  if (ownAnswer) {
    const declined = ownAnswer.status === 'declined';
    return {
      text: declined ? t.chat.youDeclined(caller) : t.chat.missedFrom(caller, ownAnswer.times ?? 1),
      missed: !declined,
      canCallBack: true,
    };
  }
  const namesWithStatus = (status: string): string =>
    joinNames(callees.filter((callee) => callee.status === status).map(({ name }) => name));
  const all = joinNames(callees.map(({ name }) => name));
  if (authorId !== reader.selfId) return { text: t.chat.calledOthers(caller, all), missed: false, canCallBack: false };
  const repeated = callees.find(({ times = 1 }) => times > 1);
  const parts = [
    repeated?.times && t.chat.calledTimes(repeated.name, repeated.times),
    namesWithStatus('missed') && t.chat.noAnswerFrom(namesWithStatus('missed')),
    namesWithStatus('declined') && t.chat.declinedBy(namesWithStatus('declined')),
    !repeated && namesWithStatus('cancelled') && t.chat.givenUp(namesWithStatus('cancelled')),
  ];
  return { text: parts.filter(Boolean).join(' · '), missed: false, canCallBack: false };
}
