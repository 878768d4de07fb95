import type { CallHistoryDto, PastCallDto } from '@webcall/contracts';
import type { Texts } from '../../../i18n/en';
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
    history.part[call.part],
    unanswered ? history.answer[unanswered] : '',
    call.endedAt === null ? history.running : hasDuration ? duration(call.durationMs) : '',
    call.kind === 'group' && call.people.length ? history.withPeople(call.people.join(', ')) : '',
  ];
  const icon = missed ? 'callMissed' : call.part === 'started' ? 'callOut' : 'callIn';
  return { call, icon, missed, words: words.filter(Boolean).join(' · ') };
}

/** @returns the shown list with its newest page replaced; older calls that were loaded stay */
export function mergeNewestCalls(shown: CallHistoryDto | null, newest: CallHistoryDto): CallHistoryDto {
  const known = new Set(shown?.calls.map(({ callId }) => callId));
  const last = newest.calls.findLast(({ callId }) => known.has(callId));
  // The newest page is the whole list, or there is a gap below it: then older calls must be loaded again.
  if (!shown || !last || newest.next === null) return newest;
  const older = shown.calls.slice(shown.calls.findIndex(({ callId }) => callId === last.callId) + 1);
  return { calls: [...newest.calls, ...older], next: older.length > 0 ? shown.next : newest.next };
}
