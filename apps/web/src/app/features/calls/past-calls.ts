import type { PastCallDto } from '@webcall/contracts';
import type { Texts } from '../../../i18n/en';
import { joinNames } from '../../core/text/isolate-text';
import type { IconName } from '../../ui/display/icons';

/** A past call as one line of the page. */
export interface PastCallLine {
  call: PastCallDto;
  icon: IconName;
  /** The user did not answer the call. */
  missed: boolean;
  /** Result, duration and other participants. */
  words: string;
}

export function toPastCallLine(call: PastCallDto, { history }: Texts, duration: (ms: number) => string): PastCallLine {
  const missed = call.part === 'missed';
  const unanswered = call.part === 'started' && call.answer !== 'accepted' ? call.answer : null;
  const hasDuration = call.people.length > 0 && call.part !== 'missed' && call.part !== 'declined';
  const words = [
    describePart(call, history),
    unanswered ? history.answer[unanswered] : '',
    call.endedAt === null ? history.running : hasDuration ? duration(call.durationMs) : '',
    call.kind === 'group' && call.people.length ? history.withPeople(joinNames(call.people)) : '',
  ];
  const icon = missed ? 'callMissed' : call.part === 'started' ? 'callOut' : 'callIn';
  return { call, icon, missed, words: words.filter(Boolean).join(' · ') };
}

/** Only a ring makes a call incoming or outgoing: others are started and joined by whoever likes. */
function describePart({ part, kind, rung }: PastCallDto, { part: words, unasked }: Texts['history']): string {
  if (part === 'joined' && !rung) return unasked.joined;
  if (part === 'started' && kind === 'group') return unasked.started;
  return words[part];
}
