import type { CallHistoryDto } from '@webcall/contracts';

/** @returns what is shown with its newest page asked for once more: what was loaded beneath it stays */
export function withNewest(shown: CallHistoryDto | null, newest: CallHistoryDto): CallHistoryDto {
  const known = new Set(shown?.calls.map(({ callId }) => callId));
  const last = newest.calls.findLast(({ callId }) => known.has(callId));
  // The list is whole, or so much has happened that there is a gap beneath: then the rest is asked for again.
  if (!shown || !last || newest.next === null) return newest;
  const beneath = shown.calls.slice(shown.calls.findIndex(({ callId }) => callId === last.callId) + 1);
  return { calls: [...newest.calls, ...beneath], next: beneath.length > 0 ? shown.next : newest.next };
}
