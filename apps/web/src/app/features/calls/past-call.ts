import type { PastCallDto } from '@webcall/contracts';
import type { Texts } from '../../../i18n/en';
import type { IconName } from '../../ui/display/icons';

/** A past call as a line of the page. */
export interface PastCall {
  call: PastCallDto;
  icon: IconName;
  /** It came to nothing, and the user was to answer. */
  missed: boolean;
  /** What became of it, how long it lasted, with whom. */
  words: string;
}

/** @returns the line of a call */
export function pastCallOf(call: PastCallDto, { history }: Texts, duration: (ms: number) => string): PastCall {
  const missed = call.part === 'missed';
  const unanswered = call.part === 'started' && call.answer !== 'accepted' ? call.answer : null;
  const lasted = call.people.length > 0 && call.part !== 'missed' && call.part !== 'declined';
  const words = [
    history.part[call.part],
    unanswered ? history.answer[unanswered] : '',
    call.endedAt === null ? history.running : lasted ? duration(call.durationMs) : '',
    call.kind === 'group' && call.people.length ? history.withPeople(call.people.join(', ')) : '',
  ];
  const icon = missed ? 'callMissed' : call.part === 'started' ? 'callOut' : 'callIn';
  return { call, icon, missed, words: words.filter(Boolean).join(' · ') };
}
